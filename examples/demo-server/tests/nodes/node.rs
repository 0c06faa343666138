//! One node of the site: the demo server as a process of its own.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rocket::tokio::time::sleep;

use crate::client::Browser;

/// How long a claim on letters holds here: the shortest there is.
const CLAIM: &str = "10";

/// Waits for the end of its input, which comes when this program ends, also by a kill; then nobody needs the node any more.
const WATCH: &str = "read -r _; kill -KILL $1 2>/dev/null";

/// The process. It is killed when it is dropped.
pub(crate) struct Node {
    process: Child,
    watch: Child,
    log: PathBuf,
    pub(crate) address: SocketAddr,
}

impl Node {
    /// Starts a node that keeps its tickets at the URL, its files in the folder, and has a log of its own there. It begins empty.
    pub(crate) fn start(name: &str, address: SocketAddr, url: &str, smtp: &str, folder: &Path) -> Self {
        Self::start_with(&["--empty"], name, address, url, smtp, folder)
    }

    /// The same with the tickets of the demo.
    pub(crate) fn start_filled(name: &str, address: SocketAddr, url: &str, smtp: &str, folder: &Path) -> Self {
        Self::start_with(&[], name, address, url, smtp, folder)
    }

    fn start_with(options: &[&str], name: &str, address: SocketAddr, url: &str, smtp: &str, folder: &Path) -> Self {
        let path = folder.join(name);
        let log = File::options().append(true).create(true).open(&path).unwrap();
        let process = Command::new(env!("CARGO_BIN_EXE_muticket-demo"))
            .args(options)
            .args(["--database", url, "--smtp", smtp, "--claim", CLAIM, "--public-url", "https://shop.example"])
            .arg("--uploads")
            .arg(folder.join("uploads"))
            .env("ROCKET_ADDRESS", address.ip().to_string())
            .env("ROCKET_PORT", address.port().to_string())
            .env("ROCKET_CLI_COLORS", "false")
            .env_remove("ROCKET_CONFIG")
            .current_dir(folder)
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        // In a group of its own: who interrupts the tests at a terminal means the tests.
        let watch = Command::new("sh")
            .args(["-c", WATCH, "sh", &process.id().to_string()])
            .stdin(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        Self { process, watch, log: path, address }
    }

    /// Waits until it shows its home page.
    pub(crate) async fn is_up(&mut self) {
        let begun = Instant::now();
        while Browser::default().get(self.address, "/").await.is_err() {
            let ended = self.process.try_wait().unwrap();
            assert!(ended.is_none(), "the node ended: {}", self.log());
            assert!(begun.elapsed() < Duration::from_secs(60), "the node does not answer");
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// What it wrote to its log.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Ends it as a power cut would: it gets no chance to finish anything.
    pub(crate) fn kill(&mut self) {
        // The watch first, so that it never kills who gets the number of the process next.
        self.watch.kill().unwrap();
        self.watch.wait().unwrap();
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // They may have ended already.
        let _ = self.watch.kill();
        let _ = self.watch.wait();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Addresses that nobody listens at just now.
pub(crate) fn free_addresses<const N: usize>() -> [SocketAddr; N] {
    let listeners = [(); N].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap())
}
