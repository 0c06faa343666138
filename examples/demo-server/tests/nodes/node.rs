//! One node of the site: the demo server as a separate process.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rocket::tokio::time::sleep;

use crate::client::Browser;

/// How many seconds a claim on letters lasts here: the shortest allowed time.
const CLAIM: &str = "10";

/// The key with which letters come in.
pub(crate) const MAIL_KEY: &str = "the key of the mail server";

/// Waits for the end of its input, then kills the node. The input ends when the test program ends, even if that is killed.
const WATCH: &str = "read -r _; kill -KILL $1 2>/dev/null";

/// The process of a node. Dropping it kills the process.
pub(crate) struct Node {
    process: Child,
    watch: Child,
    log: PathBuf,
    pub(crate) address: SocketAddr,
}

impl Node {
    /// Starts an empty node with its tickets at `url`, its files in `folder`, and its own log there.
    pub(crate) fn start(name: &str, address: SocketAddr, url: &str, smtp: &str, folder: &Path) -> Self {
        Self::start_with(&["--empty"], name, address, url, smtp, folder)
    }

    /// Starts an empty node that takes in letters.
    pub(crate) fn start_receiving(name: &str, address: SocketAddr, url: &str, smtp: &str, folder: &Path) -> Self {
        Self::start_with(&["--empty", "--mail-key", MAIL_KEY], name, address, url, smtp, folder)
    }

    /// Starts a node with the demo tickets.
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
        // In its own process group: an interrupt at the terminal is meant for the tests.
        let watch = Command::new("sh")
            .args(["-c", WATCH, "sh", &process.id().to_string()])
            .stdin(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        Self { process, watch, log: path, address }
    }

    /// Waits until the node serves its home page.
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

    /// Kills the node like a power cut: it cannot finish anything.
    pub(crate) fn kill(&mut self) {
        // Stop the watch first. Otherwise it could later kill another process that gets the same id.
        self.watch.kill().unwrap();
        self.watch.wait().unwrap();
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Both may have ended already.
        let _ = self.watch.kill();
        let _ = self.watch.wait();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Addresses on which no program listens at the moment.
pub(crate) fn free_addresses<const N: usize>() -> [SocketAddr; N] {
    let listeners = [(); N].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap())
}
