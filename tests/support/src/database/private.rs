//! A server of our own in a temporary folder. It stops when this program ends, however it ends.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{Server, rows, run};
use crate::require::environment;

/// A server that a test may stop and start again.
#[derive(Debug)]
pub struct PrivateServer {
    server: Server,
    folder: tempfile::TempDir,
    port: u16,
    url: String,
    /// Whether every commit is on the disk before the server says so.
    durable: bool,
    /// Whether it speaks TLS.
    tls: bool,
    running: Option<Child>,
}

/// Starts a server below a shell that waits for the end of its input: the end of this program closes it, also after a kill.
/// Then nobody needs the folder any more; a line that says `keep` comes from who will start the server again.
const SUPERVISOR: &str = r#"
"$@" >>server.log 2>&1 &
server=$!
echo started
read -r word
kill -INT $server 2>/dev/null || kill -TERM $server
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 $server 2>/dev/null || break; sleep 0.2; done
kill -KILL $server 2>/dev/null
[ "$word" = keep ] || rm -rf "$PWD"
"#;

impl PrivateServer {
    /// Makes a server and starts it; `None` if its programs are not installed. It is quick, and forgets what it was told in a power cut.
    ///
    /// # Panics
    /// If it is installed and does not start.
    pub fn start(server: Server) -> Option<Self> {
        Self::made(server, false, false)
    }

    /// The same with every commit on the disk, for measurements.
    ///
    /// # Panics
    /// If it is installed and does not start.
    pub fn start_durable(server: Server) -> Option<Self> {
        Self::made(server, true, false)
    }

    /// One that speaks TLS, with the certificate of [`authority`](Self::authority) for `localhost`.
    ///
    /// # Panics
    /// If it is installed and does not start.
    pub fn start_with_tls(server: Server) -> Option<Self> {
        Self::made(server, false, true)
    }

    /// A file with the certificate that vouches for the servers with TLS.
    pub fn authority() -> PathBuf {
        certificate("authority.pem")
    }

    fn made(server: Server, durable: bool, tls: bool) -> Option<Self> {
        let program = match server {
            Server::Postgres => program("postgres")?,
            Server::Mysql => program("mariadbd").or_else(|| program("mysqld"))?,
        };
        let folder = tempfile::Builder::new().prefix("muticket-server-").tempdir().expect("there is room for a folder");
        let mut made = Self { server, folder, port: 0, url: String::new(), durable, tls, running: None };
        made.make(&program).expect("the installed server can make a database");
        // Somebody else may take the port between our look and the server's start.
        let started = (0..3).any(|_| {
            made.port = free_port();
            made.url = match server {
                Server::Postgres => format!("postgres://postgres@127.0.0.1:{}/postgres", made.port),
                Server::Mysql => format!("mysql://root@127.0.0.1:{}/mysql?prefer_socket=false", made.port),
            };
            made.try_again(&program)
        });
        assert!(started, "the installed server does not start; it said:\n{}", made.log());
        Some(made)
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs statements as its owner.
    ///
    /// # Panics
    /// If they fail.
    pub fn execute(&self, statements: &str) {
        run(self.server, &self.url, statements).unwrap_or_else(|error| panic!("{statements}: {error}"));
    }

    /// The first column of the rows of a query, as text.
    ///
    /// # Panics
    /// If it fails.
    pub fn query(&self, query: &str) -> Vec<String> {
        rows(self.server, &self.url, query).unwrap_or_else(|error| panic!("{query}: {error}"))
    }

    /// Stops it, as at a restart of its machine.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.running.take() {
            if let Some(mut stdin) = child.stdin.take() {
                drop(stdin.write_all(b"keep\n"));
            }
            drop(child.wait());
        }
    }

    /// Starts it again, with everything that was in it.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start_again(&mut self) {
        let program = match self.server {
            Server::Postgres => program("postgres"),
            Server::Mysql => program("mariadbd").or_else(|| program("mysqld")),
        };
        assert!(self.try_again(&program.expect("it was there before")), "the server does not start again: {}", self.log());
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default()
    }

    /// Makes the first database.
    fn make(&self, program: &Path) -> std::io::Result<()> {
        let data = self.data();
        let mut command = match self.server {
            Server::Postgres => {
                std::fs::set_permissions(self.folder.path(), std::fs::Permissions::from_mode(0o755))?;
                std::fs::create_dir(&data)?;
                if let Some(user) = other_user() {
                    chown(&data, Some(user), None)?;
                }
                let mut command = as_other_user(&program.with_file_name("initdb"));
                command.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
                command
            }
            Server::Mysql => {
                let install = self::program("mariadb-install-db");
                let mut command = Command::new(install.as_deref().unwrap_or(program));
                match install {
                    Some(_) => command.args(["--auth-root-authentication-method=normal", "--skip-test-db"]),
                    None => command.arg("--initialize-insecure"),
                };
                command.arg(format!("--datadir={}", data.display())).args(us());
                command
            }
        };
        let output = command.current_dir(self.folder.path()).stdin(Stdio::null()).output()?;
        if self.tls && self.server == Server::Postgres {
            // It takes a key only if nobody else can read it.
            for name in ["server.pem", "server.key"] {
                let copy = data.join(name);
                std::fs::copy(certificate(name), &copy)?;
                std::fs::set_permissions(&copy, std::fs::Permissions::from_mode(0o600))?;
                chown(&copy, other_user(), None)?;
            }
        }
        match output.status.success() {
            true => Ok(()),
            false => Err(std::io::Error::other(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())),
        }
    }

    /// Starts it, and waits until it answers.
    fn try_again(&mut self, program: &Path) -> bool {
        let (data, port) = (self.data(), self.port);
        let mut server = match self.server {
            Server::Postgres => {
                let mut command = as_other_user(program);
                command.arg("-D").arg(&data).arg("-p").arg(port.to_string());
                for setting in [
                    "listen_addresses=127.0.0.1",
                    "unix_socket_directories=",
                    if self.durable { "fsync=on" } else { "fsync=off" },
                    "max_connections=300",
                    "shared_buffers=64MB",
                ] {
                    command.args(["-c", setting]);
                }
                if self.tls {
                    command.args(["-c", "ssl=on"]);
                    command.arg("-c").arg(format!("ssl_cert_file={}", data.join("server.pem").display()));
                    command.arg("-c").arg(format!("ssl_key_file={}", data.join("server.key").display()));
                }
                command
            }
            Server::Mysql => {
                let mut command = Command::new(program);
                command
                    .arg("--no-defaults")
                    .args(us())
                    .arg(format!("--datadir={}", data.display()))
                    .arg(format!("--port={port}"));
                command.arg(format!("--socket={}", self.folder.path().join("socket").display()));
                command.arg(format!("--pid-file={}", self.folder.path().join("pid").display()));
                command.args(["--bind-address=127.0.0.1", "--max-connections=300"]);
                command.arg(format!("--innodb-flush-log-at-trx-commit={}", u8::from(self.durable)));
                command.args(["--skip-log-bin", "--innodb-buffer-pool-size=64M"]);
                if self.tls {
                    command.arg(format!("--ssl-ca={}", Self::authority().display()));
                    command.arg(format!("--ssl-cert={}", certificate("server.pem").display()));
                    command.arg(format!("--ssl-key={}", certificate("server.key").display()));
                }
                command
            }
        };
        let mut shell = Command::new("sh");
        shell.args(["-c", SUPERVISOR, "sh"]).arg(server.get_program()).args(server.get_args()).current_dir(self.folder.path());
        server = shell;
        let spawned = server.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = spawned.expect("there is a shell");
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            drop(BufReader::new(out).read_line(&mut line));
        }
        self.running = Some(child);
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(30) {
            if run(self.server, &self.url, "SELECT 1").is_ok() {
                return true;
            }
            pause();
        }
        self.stop();
        false
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A file beside the sources of this crate.
fn certificate(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("certificates").join(name)
}

/// An installed program: PostgreSQL's are in a folder for each version, the newest last.
fn program(name: &str) -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin")).collect();
    versions.sort();
    versions.reverse();
    versions.extend(environment("PATH").iter().flat_map(std::env::split_paths));
    versions.push("/usr/sbin".into());
    versions.into_iter().map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// PostgreSQL refuses to run as root: then it runs as the user `nobody`, who owns its data.
fn other_user() -> Option<u32> {
    const NOBODY: u32 = 65_534;
    let root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    root.then_some(NOBODY)
}

fn as_other_user(program: &Path) -> Command {
    let Some(user) = other_user() else { return Command::new(program) };
    let mut command = Command::new("setpriv");
    command.args([format!("--reuid={user}"), format!("--regid={user}"), "--clear-groups".to_owned()]).arg(program);
    command
}

/// MariaDB wants to be told if it shall run as root.
fn us() -> Option<&'static str> {
    other_user().map(|_| "--user=root")
}

#[expect(clippy::disallowed_methods, reason = "a server that starts says nothing when it is ready")]
fn pause() {
    std::thread::sleep(Duration::from_millis(50));
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
    listener.local_addr().expect("it has an address").port()
}
