//! What the mailroom makes of a letter, in a form for people.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use muticket_core::MailIn;
use muticket_core::mailroom::{NotRead, Reading, Writer, read};

/// The site that the letters of the corpus are written to.
///
/// # Panics
/// Never: the pattern is one.
pub fn rules() -> MailIn {
    MailIn::new("support+{token}@example.org")
        .expect("a pattern")
        .with_own_address("support@example.org".parse().expect("an address"))
}

/// What the mailroom makes of a letter: a few lines about it, the new part and the quoted part.
pub fn outcome(raw: &[u8]) -> String {
    match read(raw, &rules()) {
        Ok(reading) => described(&reading),
        Err(NotRead::TooLarge) => "not read: too large\n".to_owned(),
        Err(_) => "not read: too many parts\n".to_owned(),
    }
}

fn described(reading: &Reading) -> String {
    let writer = match reading.writer {
        Writer::Person => "a person",
        Writer::Program => "a program",
        Writer::Server => "a server",
        _ => "the site",
    };
    let files: Vec<_> = reading.files.iter().map(|file| format!("{:?} of {} bytes", file.name, file.size)).collect();
    let files = if files.is_empty() { "none".to_owned() } else { files.join(", ") };
    let (new, quoted) = parts(reading);
    let mut text = format!("from: {}\n", reading.sender.as_deref().unwrap_or("nobody"));
    // Writing to a string cannot fail.
    let _ = write!(text, "subject: {}\nwriter: {writer}\nfiles: {files}\n==== new\n{new}\n", reading.subject);
    if !quoted.is_empty() {
        let _ = write!(text, "==== quoted\n{quoted}\n");
    }
    text
}

/// The new part and the quoted part of a text.
pub fn parts(reading: &Reading) -> (String, String) {
    let length = reading.new_part.unwrap_or(usize::MAX);
    let new: String = reading.text.chars().take(length).collect();
    let quoted: String = reading.text.chars().skip(length).collect();
    (new.trim_end().to_owned(), quoted.trim().to_owned())
}

/// The files below a folder, or the file itself, in the order of their names.
///
/// # Errors
/// A folder cannot be read.
pub fn files_below(place: &Path) -> io::Result<Vec<PathBuf>> {
    if !fs::symlink_metadata(place)?.is_dir() {
        return Ok(vec![place.to_owned()]);
    }
    let mut inner = fs::read_dir(place)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    inner.sort();
    let mut files = Vec::new();
    for path in inner {
        files.extend(files_below(&path)?);
    }
    Ok(files)
}

/// The letters of a file: one, or those of a mailbox in the form of Unix, where each begins with a line `From `.
pub fn letters_of(raw: &[u8]) -> Vec<Vec<u8>> {
    if !raw.starts_with(b"From ") {
        return vec![raw.to_vec()];
    }
    let (mut letters, mut is_empty) = (Vec::new(), true);
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        if is_empty && line.starts_with(b"From ") {
            letters.push(Vec::new());
            continue;
        }
        is_empty = line.trim_ascii().is_empty();
        if let Some(letter) = letters.last_mut() {
            // A line of the text that begins so was protected.
            letter.extend_from_slice(if line.starts_with(b">From ") { &line[1..] } else { line });
        }
    }
    letters
}
