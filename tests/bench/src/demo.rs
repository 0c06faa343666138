//! The demo as a process: how fast it starts, and how much memory it holds when idle.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::figure::Figure;

const STARTS: usize = 7;

pub(crate) fn figures() -> Vec<Figure> {
    let binary = std::env::current_exe().expect("this program has a path").with_file_name("muticket-demo");
    assert!(binary.exists(), "build it first: cargo build --profile optimized -p muticket-demo");
    let folder = tempfile::tempdir().expect("a folder");
    let mut starts = Vec::new();
    let mut memory = 0.0;
    // The first start creates the database and fills it.
    for start in 0..=STARTS {
        let begun = Instant::now();
        let mut demo = Demo::start(&binary, folder.path().to_owned());
        demo.wait_for_answer(begun);
        let took = begun.elapsed().as_secs_f64() * 1000.0;
        if start == 0 {
            println!("the demo's very first start, with its data made: {took:.0} ms");
        } else {
            starts.push(took);
        }
        if start == STARTS {
            std::thread::park_timeout(Duration::from_secs(2));
            memory = demo.resident_mb();
        }
    }
    starts.sort_by(f64::total_cmp);
    vec![
        Figure { name: "start of the demo, to the first answer".into(), value: starts[STARTS / 2], bound: 200.0, unit: "ms" },
        Figure { name: "memory of the idle demo".into(), value: memory, bound: 30.0, unit: "MB" },
    ]
}

struct Demo {
    process: Child,
    port: u16,
}

impl Demo {
    fn start(binary: &PathBuf, folder: PathBuf) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let process = Command::new(binary)
            .current_dir(folder)
            .env("ROCKET_PORT", port.to_string())
            .env("ROCKET_LOG_LEVEL", "off")
            .stdout(Stdio::null())
            .spawn()
            .expect("the demo starts");
        Self { process, port }
    }

    fn wait_for_answer(&mut self, begun: Instant) {
        while begun.elapsed() < Duration::from_secs(30) {
            if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
                let asked = stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                let mut answer = Vec::new();
                if asked.is_ok() && stream.read_to_end(&mut answer).is_ok() && answer.starts_with(b"HTTP/1.1 200") {
                    return;
                }
            }
            std::thread::park_timeout(Duration::from_millis(1));
        }
        panic!("the demo does not answer");
    }

    fn resident_mb(&self) -> f64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("this measurement needs Linux");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("Linux says so");
        let kilobytes: f64 = line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number");
        kilobytes / 1024.0
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Nothing can be lost: every commit is on the disk.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
