//! A private database server in a temporary folder. It stops when this program ends, however it ends.

mod programs;
mod standby;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::{Duration, Instant};

use self::programs::{as_other_user, certificate, in_memory, other_user, program, us};
use super::server::{self, Server, rows, run};

/// A server that a test may stop and start again.
#[derive(Debug)]
pub struct PrivateServer {
    server: Server,
    folder: tempfile::TempDir,
    port: u16,
    url: String,
    /// Whether the server writes every commit to the disk before it confirms it.
    durable: bool,
    /// Whether it offers TLS.
    tls: bool,
    /// Further arguments to start it with.
    more: Vec<String>,
    running: Option<Supervised>,
}

/// The shell that supervises a running server, and its output.
#[derive(Debug)]
struct Supervised {
    shell: Child,
    said: BufReader<ChildStdout>,
}

impl Supervised {
    /// Sends the shell a word, and waits for its answer: a line, or the end of its output.
    fn tell(&mut self, word: &str) -> std::io::Result<()> {
        if let Some(stdin) = &mut self.shell.stdin {
            stdin.write_all(format!("{word}\n").as_bytes())?;
        }
        self.said.read_line(&mut String::new()).map(|_| ())
    }
}

/// Runs a server below a shell that waits for the end of its input. When this program ends, even by a kill, the input closes and the shell
/// stops the server and deletes the folder. The words `keep` and `cut` stop the server but keep the folder, to start it again. The shell
/// has its own process group, because an interrupt at the terminal must reach this program only; the shell then stops the server.
const SUPERVISOR: &str = r#"
gently=$1; shift
"$@" >>server.log 2>&1 &
server=$!
echo started
all() { kill "$1" $server $children 2>/dev/null; }
# The processes below the server outlive it for a while, and are found as long as it is there and makes no new ones.
stall() { kill -STOP $server; children=$(cat /proc/$server/task/$server/children); all -STOP; } 2>/dev/null
cut() {
    stall; all -KILL; wait $server
    for _ in $(seq 50); do kill -0 $children || return 0; sleep 0.02; done
} 2>/dev/null
end() {
    all -CONT; kill $gently $server 2>/dev/null
    for _ in $(seq "$1"); do kill -0 $server 2>/dev/null || return; sleep 0.1; done
    cut
}
while read -r word; do
    case $word in
        stall) stall; echo stalled ;;
        continue) all -CONT; echo continued ;;
        cut) cut; exit ;;
        keep) end 50; exit ;;
    esac
done
end 20
rm -rf "$PWD"
"#;

impl PrivateServer {
    /// Creates and starts a server. If its programs are not installed, this is reported once and gives `None`, or panics if
    /// `MUTICKET_REQUIRE` names it. The server is fast, and loses commits in a power cut.
    ///
    /// # Panics
    /// If it is installed and does not start.
    pub fn start(server: Server) -> Option<Self> {
        Self::made(server, false, false, &[])
    }

    /// Like [`start`](Self::start), but writes every commit to the disk, for measurements.
    ///
    /// # Panics
    /// If it is installed and does not start.
    pub fn start_durable(server: Server) -> Option<Self> {
        Self::made(server, true, false, &[])
    }

    /// Like [`start`](Self::start), with further arguments.
    ///
    /// # Panics
    /// If it is installed and does not start.
    pub fn start_with(server: Server, arguments: &[&str]) -> Option<Self> {
        Self::made(server, false, false, &arguments.iter().map(|&argument| argument.to_owned()).collect::<Vec<_>>())
    }

    /// Like [`start`](Self::start), with TLS. The certificate is for `localhost`, signed by [`authority`](Self::authority).
    ///
    /// # Panics
    /// If it is installed and does not start.
    pub fn start_with_tls(server: Server) -> Option<Self> {
        Self::made(server, false, true, &[])
    }

    /// The file of the authority that signed the certificates of the servers with TLS.
    pub fn authority() -> PathBuf {
        certificate("authority.pem")
    }

    fn made(server: Server, durable: bool, tls: bool, more: &[String]) -> Option<Self> {
        let program = match server {
            Server::Postgres => program("postgres"),
            Server::Mysql => program("mariadbd").or_else(|| program("mysqld")),
        };
        let Some(program) = program else {
            server::missing(server);
            return None;
        };
        let made = Self::nowhere(server, durable, tls, more);
        made.make(&program).expect("the installed server can make a database");
        Some(made.started(&program))
    }

    /// A server with an empty folder.
    fn nowhere(server: Server, durable: bool, tls: bool, more: &[String]) -> Self {
        let mut folder = tempfile::Builder::new();
        folder.prefix("muticket-server-");
        let folder = match in_memory() {
            Some(memory) if !durable => folder.tempdir_in(memory),
            _ => folder.tempdir(),
        };
        let folder = folder.expect("there is room for a folder");
        Self { server, folder, port: 0, url: String::new(), durable, tls, more: more.to_owned(), running: None }
    }

    /// Starts the server for the first time.
    fn started(mut self, program: &Path) -> Self {
        // Another program may take the port before the server does.
        let started = (0..3).any(|_| {
            self.port = free_port();
            self.url = match self.server {
                Server::Postgres => format!("postgres://postgres@127.0.0.1:{}/postgres", self.port),
                Server::Mysql => format!("mysql://root@127.0.0.1:{}/mysql?prefer_socket=false", self.port),
            };
            self.try_again(program)
        });
        assert!(started, "the installed server does not start; it said:\n{}", self.log());
        self
    }

    /// The server's address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs statements as the server's owner.
    ///
    /// # Panics
    /// If they fail.
    pub fn execute(&self, statements: &str) {
        run(self.server, &self.url, statements).unwrap_or_else(|error| panic!("{statements}: {error}"));
    }

    /// The first column of a query's rows, as text.
    ///
    /// # Panics
    /// If it fails.
    pub fn query(&self, query: &str) -> Vec<String> {
        rows(self.server, &self.url, query).unwrap_or_else(|error| panic!("{query}: {error}"))
    }

    /// Stops the server, as at a restart of its machine.
    pub fn stop(&mut self) {
        self.end("keep");
    }

    /// Kills the server, as a power cut does.
    pub fn kill(&mut self) {
        self.end("cut");
    }

    fn end(&mut self, word: &str) {
        if let Some(mut running) = self.running.take() {
            // If the shell has ended already, it has stopped the server.
            drop(running.tell(word));
            drop(running.shell.wait());
        }
    }

    /// Suspends the server: it keeps its connections, accepts new ones, and does not answer.
    ///
    /// # Panics
    /// If the server is not running.
    pub fn stall(&mut self) {
        self.running.as_mut().expect("it runs").tell("stall").expect("the shell over it runs");
    }

    /// Resumes the server.
    ///
    /// # Panics
    /// If the server is not running.
    pub fn go_on(&mut self) {
        self.running.as_mut().expect("it runs").tell("continue").expect("the shell over it runs");
    }

    /// Starts the server again, with all its data.
    ///
    /// # Panics
    /// If the server does not start.
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

    /// Creates a folder that PostgreSQL may write.
    fn make_data_folder(&self) -> std::io::Result<()> {
        std::fs::set_permissions(self.folder.path(), std::fs::Permissions::from_mode(0o755))?;
        let data = self.data();
        std::fs::create_dir(&data)?;
        std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o700))?;
        chown(&data, other_user(), None)
    }

    /// Creates the first database.
    fn make(&self, program: &Path) -> std::io::Result<()> {
        let data = self.data();
        let mut command = match self.server {
            Server::Postgres => {
                self.make_data_folder()?;
                let mut command = as_other_user(&program.with_file_name("initdb"));
                command.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
                command
            }
            Server::Mysql => {
                let install = self::program("mariadb-install-db");
                let mut command = Command::new(install.as_deref().unwrap_or(program));
                match install {
                    // Ignores the settings of the machine's own server.
                    Some(_) => command.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]),
                    None => command.args(["--no-defaults", "--initialize-insecure"]),
                };
                command.arg(format!("--datadir={}", data.display())).args(us());
                // A server that starts deletes the temporary tables it finds, even those of another server that is starting.
                command.env("TMPDIR", self.folder.path());
                command
            }
        };
        let output = command.current_dir(self.folder.path()).stdin(Stdio::null()).output()?;
        if self.tls && self.server == Server::Postgres {
            // PostgreSQL accepts a key only if nobody else can read it.
            for name in ["server.pem", "server.key"] {
                let copy = data.join(name);
                std::fs::copy(certificate(name), &copy)?;
                std::fs::set_permissions(&copy, std::fs::Permissions::from_mode(0o600))?;
                chown(&copy, other_user(), None)?;
            }
        }
        said_yes(output)
    }

    /// Starts the server and waits until it answers.
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
                    // Inside the folder, so that a killed server leaves nothing behind elsewhere.
                    "dynamic_shared_memory_type=mmap",
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
                    .arg(format!("--port={port}"))
                    .arg(format!("--tmpdir={}", self.folder.path().display()));
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
        server.args(&self.more);
        let gently = match self.server {
            Server::Postgres => "-INT",
            Server::Mysql => "-TERM",
        };
        let mut shell = Command::new("sh");
        shell.args(["-c", SUPERVISOR, "sh", gently]).arg(server.get_program()).args(server.get_args());
        shell.current_dir(self.folder.path()).process_group(0);
        let spawned = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut shell = spawned.expect("there is a shell");
        let mut said = BufReader::new(shell.stdout.take().expect("it was asked for"));
        drop(said.read_line(&mut String::new()));
        self.running = Some(Supervised { shell, said });
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
        // The folder is deleted too, so nothing needs a clean shutdown.
        self.kill();
    }
}

/// Checks how a program ended. The error holds its output.
fn said_yes(output: Output) -> std::io::Result<()> {
    match output.status.success() {
        true => Ok(()),
        false => Err(std::io::Error::other(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())),
    }
}

#[expect(clippy::disallowed_methods, reason = "a server that starts says nothing when it is ready")]
fn pause() {
    std::thread::sleep(Duration::from_millis(50));
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
    listener.local_addr().expect("it has an address").port()
}
