//! chromedriver, started once per test program. It ends with the program, however that ends, together with every Chromium.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};

use serde_json::{Value, json};

/// How many browsers run at once, so that a small machine can bear it.
const AT_ONCE: usize = 2;

/// Starts chromedriver below a shell that waits for the end of its input. When this program ends, even by a kill, the input closes. All
/// browsers are in the shell's process group.
const SUPERVISOR: &str = r#"
trap '' TERM
(trap - TERM; exec "$@" 2>&1) &
read -r _
kill -TERM 0
for _ in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$PWD" 2>/dev/null && break; sleep 0.2; done
kill -KILL 0
"#;

/// A chromedriver that opens browsers.
#[derive(Debug)]
pub struct Chromium {
    driver: SocketAddr,
    folder: PathBuf,
    started: AtomicU32,
    running: Mutex<usize>,
    one_ended: Condvar,
    /// Its input stays open as long as this program runs.
    _supervisor: Child,
}

/// How a visitor's browser is set up.
#[derive(Debug, Clone, Copy)]
pub struct Wishes {
    /// The visitor's preferred language.
    pub language: &'static str,
    /// Whether pages may run scripts.
    pub script: Script,
}

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// The browser's default.
    On,
    /// Switched off by the visitor.
    Off,
}

impl Chromium {
    /// The installed Chromium. If there is none, this is reported once and gives `None`, or panics if `MUTICKET_REQUIRE` names `chromium`.
    ///
    /// # Panics
    /// If it is installed and does not start.
    pub fn installed() -> Option<&'static Self> {
        static FOUND: OnceLock<Option<Chromium>> = OnceLock::new();
        let find = || match (program("chromium"), program("chromedriver")) {
            (Some(_), Some(driver)) => Some(Self::start(&driver)),
            _ => {
                let remedy = "Install Debian's chromium and chromium-driver";
                muticket_test_support::missing("chromium", "chromium with its chromedriver", remedy);
                None
            }
        };
        FOUND.get_or_init(find).as_ref()
    }

    fn start(driver: &Path) -> Self {
        let folder = tempfile::Builder::new().prefix("muticket-chromium-").tempdir().expect("there is room for a folder").keep();
        let mut shell = Command::new("sh");
        shell.args(["-c", SUPERVISOR, "sh"]).arg(driver).arg("--port=0").current_dir(&folder).env("TMPDIR", &folder);
        // A Ctrl-C in the terminal reaches this program only. Its end stops the shell.
        shell.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut supervisor = shell.spawn().expect("there is a shell");
        let mut said = String::new();
        let lines = BufReader::new(supervisor.stdout.take().expect("it was asked for")).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            said += &line;
            line.split_once("successfully on port ").and_then(|(_, port)| port.trim_end_matches('.').parse().ok())
        });
        let port: u16 = port.unwrap_or_else(|| panic!("the installed chromedriver does not start; it said: {said}"));
        Self {
            driver: (Ipv4Addr::LOCALHOST, port).into(),
            folder,
            started: AtomicU32::new(0),
            running: Mutex::new(0),
            one_ended: Condvar::new(),
            _supervisor: supervisor,
        }
    }

    /// The address of chromedriver.
    pub(crate) fn driver(&self) -> SocketAddr {
        self.driver
    }

    /// Waits while too many browsers are open. Every call needs one of [`ended`](Self::ended).
    pub(crate) fn begins(&self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        while *running >= AT_ONCE {
            running = self.one_ended.wait(running).unwrap_or_else(PoisonError::into_inner);
        }
        *running += 1;
    }

    /// How chromedriver starts a browser, with a new profile.
    pub(crate) fn options(&self, wishes: Wishes) -> Value {
        let profile = self.folder.join(format!("profile-{}", self.started.fetch_add(1, Ordering::Relaxed)));
        let profile = format!("--user-data-dir={}", profile.display());
        let language = format!("--accept-lang={}", wishes.language);
        // It runs as root on build machines, and connects to this machine only.
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // As on a phone, where a scroll bar takes no room from the page.
            "--hide-scrollbars",
            "--window-size=1440,900",
            &language,
            &profile,
        ];
        json!({
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        })
    }

    /// Called when a browser was closed.
    pub(crate) fn ended(&self) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.one_ended.notify_one();
    }
}

/// An installed program.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
