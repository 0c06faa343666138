//! Reads all letters below some folders, as the mailroom would, and prints what became of them.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, io, panic};

use muticket_core::mailroom::{NotRead, Writer, read};
use muticket_corpus::{files_below, letters_of, outcome, parts, rules};

const USAGE: &str = "usage: muticket-corpus [--all] [--sample NUMBER SEED] FOLDER...

Reads every .eml, .box and .mbox file below the folders, with --all every file, and prints a table. With --sample it also prints the
outcomes of that many letters, chosen by the seed.";

/// The faults of parsers. The mailroom catches them, so a letter does not show them.
static PANICS: AtomicUsize = AtomicUsize::new(0);

struct Wish {
    all: bool,
    sample: usize,
    seed: u64,
    folders: Vec<PathBuf>,
}

fn wish() -> Option<Wish> {
    let mut wish = Wish { all: false, sample: 0, seed: 1, folders: Vec::new() };
    let mut words = env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--all" => wish.all = true,
            "--sample" => (wish.sample, wish.seed) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?),
            word if word.starts_with('-') => return None,
            folder => wish.folders.push(folder.into()),
        }
    }
    (!wish.folders.is_empty()).then_some(wish)
}

#[derive(Default)]
struct Table {
    letters: usize,
    quoted: usize,
    whole: usize,
    empty: usize,
    with_files: usize,
    persons: usize,
    programs: usize,
    servers: usize,
    too_many_parts: usize,
    too_large: usize,
    nobody: usize,
    time: Duration,
    slowest: (Duration, String),
}

impl Table {
    fn add(&mut self, name: &str, raw: &[u8]) {
        let start = Instant::now();
        let reading = read(raw, &rules());
        let time = start.elapsed();
        self.letters += 1;
        self.time += time;
        if time > self.slowest.0 {
            self.slowest = (time, format!("{name}, {} bytes", raw.len()));
        }
        let reading = match reading {
            Ok(reading) => reading,
            Err(NotRead::TooLarge) => return self.too_large += 1,
            Err(_) => return self.too_many_parts += 1,
        };
        let (new, quoted) = parts(&reading);
        match (new.is_empty(), quoted.is_empty()) {
            (true, _) => self.empty += 1,
            (_, true) => self.whole += 1,
            (_, false) => self.quoted += 1,
        }
        self.with_files += usize::from(!reading.files.is_empty());
        self.nobody += usize::from(reading.sender.is_none());
        match reading.writer {
            Writer::Person => self.persons += 1,
            Writer::Program => self.programs += 1,
            Writer::Server => self.servers += 1,
            _ => {}
        }
    }

    fn print(&self) {
        let rows = [
            ("letters", self.letters),
            ("  with a new and a quoted part", self.quoted),
            ("  all shown", self.whole),
            ("  nothing to read and no file", self.empty),
            ("  refused: too many parts", self.too_many_parts),
            ("  refused: too large", self.too_large),
            ("written by a person", self.persons),
            ("written by a program", self.programs),
            ("written by a server", self.servers),
            ("with files", self.with_files),
            ("without one sender", self.nobody),
            ("panics", PANICS.load(Ordering::Relaxed)),
        ];
        for (name, count) in rows {
            println!("{name:32} {count:7}");
        }
        println!("{:32} {:7.1} ms", "all together", self.time.as_secs_f64() * 1000.0);
        println!("{:32} {:7.1} ms ({})", "slowest", self.slowest.0.as_secs_f64() * 1000.0, self.slowest.1);
    }
}

fn run(wish: &Wish) -> io::Result<()> {
    let mut letters = Vec::new();
    for folder in &wish.folders {
        for path in files_below(folder)? {
            let is_letter = path.extension().is_some_and(|ending| ["eml", "box", "mbox"].iter().any(|known| ending == *known));
            if wish.all || is_letter {
                let several = letters_of(&fs::read(&path)?);
                letters.extend((1..).zip(several).map(|(number, raw)| (format!("{} ({number})", path.display()), raw)));
            }
        }
    }
    let mut table = Table::default();
    for (name, raw) in &letters {
        table.add(name, raw);
    }
    let mut random = wish.seed;
    for _ in 0..wish.sample.min(letters.len()) {
        // The numbers of a linear congruential generator, whose upper bits are good enough to choose letters.
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let index = usize::try_from(random >> 33).unwrap_or_default() % letters.len();
        let (name, raw) = letters.swap_remove(index);
        println!("######## {name}\n{}", outcome(&raw));
    }
    table.print();
    Ok(())
}

fn main() -> ExitCode {
    let Some(wish) = wish() else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        usual(info);
    }));
    match run(&wish) {
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
        Ok(()) if PANICS.load(Ordering::Relaxed) > 0 => ExitCode::FAILURE,
        Ok(()) => ExitCode::SUCCESS,
    }
}
