//! A private Dovecot in a temporary folder: a real IMAP server. It stops when this program ends, however it ends.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The server. Every user has the password [`PASSWORD`](Self::PASSWORD). Its certificate is for `localhost`, signed by
/// [`SmtpServer::AUTHORITY`](crate::SmtpServer::AUTHORITY).
#[derive(Debug)]
pub struct Dovecot {
    folder: tempfile::TempDir,
    /// Without encryption, and with STARTTLS.
    port: u16,
    /// With TLS from the first byte.
    tls_port: u16,
    shell: Child,
}

/// Runs the server below a shell that waits for the end of its input, and then stops it and deletes the folder.
const SUPERVISOR: &str = r#"
"$@" >>server.log 2>&1 &
server=$!
read -r _
kill $server 2>/dev/null
wait $server
rm -rf "$PWD"
"#;

impl Dovecot {
    /// The password of every user.
    pub const PASSWORD: &str = "sesame";

    /// Starts it. If it is not installed, this is reported once and gives `None`, or panics if `MUTICKET_REQUIRE` names `dovecot`.
    ///
    /// # Panics
    /// If it is installed and does not start.
    pub fn start() -> Option<Self> {
        let Some(program) = program() else {
            crate::missing("dovecot", "Dovecot", "Install dovecot-imapd");
            return None;
        };
        // Another program may take a port before the server does.
        let started = (0..3).find_map(|_| Self::started(&program));
        Some(started.expect("the installed Dovecot starts"))
    }

    fn started(program: &Path) -> Option<Self> {
        let folder = tempfile::Builder::new().prefix("muticket-dovecot-").tempdir().expect("there is room for a folder");
        let (port, tls_port) = (free_port(), free_port());
        std::fs::write(folder.path().join("dovecot.conf"), configuration(folder.path(), port, tls_port)).expect("it is written");
        if is_root() {
            let nobody = std::os::unix::fs::chown(folder.path().join("."), Some(65_534), None);
            nobody.expect("root gives folders away");
        }
        let mut shell = Command::new("sh");
        shell.args(["-c", SUPERVISOR, "sh"]).arg(program).args(["-F", "-c", "dovecot.conf"]);
        shell.current_dir(folder.path()).process_group(0);
        let spawned = shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let dovecot = Self { folder, port, tls_port, shell: spawned.expect("there is a shell") };
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            let greeting = TcpStream::connect(("127.0.0.1", port)).map(|stream| {
                let mut line = String::new();
                drop(stream.set_read_timeout(Some(Duration::from_secs(5))));
                drop(BufReader::new(stream).read_line(&mut line));
                line
            });
            if greeting.is_ok_and(|line| line.starts_with("* OK")) {
                return Some(dovecot);
            }
            pause();
        }
        None
    }

    /// The port without encryption at first.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The port with TLS from the first byte.
    pub fn tls_port(&self) -> u16 {
        self.tls_port
    }

    /// What the server has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Signs in as this user and gives these commands, one after the other. Returns what the server said.
    ///
    /// # Panics
    /// If the server refuses one of them.
    pub fn tell(&self, user: &str, commands: &[&str]) -> String {
        let login = format!("LOGIN {user} {}", Self::PASSWORD);
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it runs");
        let limit = stream.set_read_timeout(Some(Duration::from_secs(20)));
        limit.expect("a time limit");
        let mut lines = BufReader::new(stream.try_clone().expect("one socket, two ends"));
        let mut said = String::new();
        for command in [login.as_str()].iter().chain(commands) {
            stream.write_all(format!("t {command}\r\n").as_bytes()).expect("it listens");
            loop {
                let mut line = String::new();
                lines.read_line(&mut line).expect("it answers");
                said.push_str(&line);
                if let Some(answer) = line.strip_prefix("t ") {
                    assert!(answer.starts_with("OK"), "{command}: {answer}{}", self.log());
                    break;
                }
                assert!(!line.is_empty(), "{command}: {}", self.log());
            }
        }
        said
    }

    /// Puts a letter into a folder of this user.
    ///
    /// # Panics
    /// If the server does not take it.
    pub fn append(&self, user: &str, folder: &str, letter: &[u8]) {
        let text = String::from_utf8_lossy(letter);
        self.tell(user, &[&format!("APPEND {folder} {{{}+}}\r\n{text}", text.len())]);
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        drop(self.shell.wait());
    }
}

fn program() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = crate::require::environment("PATH").iter().flat_map(std::env::split_paths).collect();
    folders.push("/usr/sbin".into());
    folders.into_iter().map(|folder| folder.join("dovecot")).find(|file| file.is_file())
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// The name or number that `id` says.
fn id(of: &str) -> String {
    let said = Command::new("id").arg(of).output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&said).trim().to_owned()
}

/// Root does not run it, because Dovecot refuses to read mail as root.
fn configuration(folder: &Path, port: u16, tls_port: u16) -> String {
    let [user, group, uid, gid] = match is_root() {
        true => ["nobody", "nogroup", "65534", "65534"].map(str::to_owned),
        false => ["-un", "-gn", "-u", "-g"].map(id),
    };
    let (folder, password) = (folder.display(), Dovecot::PASSWORD);
    let certificates = Path::new(env!("CARGO_MANIFEST_DIR")).join("certificates");
    let certificates = certificates.display();
    format!(
        "protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = yes
ssl_cert = <{certificates}/server.pem
ssl_key = <{certificates}/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"
    )
}

#[expect(clippy::disallowed_methods, reason = "a server that starts says nothing when it is ready")]
fn pause() {
    std::thread::sleep(Duration::from_millis(50));
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
    listener.local_addr().expect("it has an address").port()
}
