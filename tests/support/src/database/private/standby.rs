//! A PostgreSQL server that follows another one, as a read replica does.

use std::process::Stdio;

use super::programs::{as_other_user, program};
use super::{PrivateServer, said_yes};
use crate::database::server::Server;

impl PrivateServer {
    /// Starts a PostgreSQL server that follows this one. It shows what it has received, and accepts no writes.
    ///
    /// # Panics
    /// If this one is not PostgreSQL, or cannot be copied.
    pub fn standby(&self) -> Self {
        assert_eq!(self.server, Server::Postgres, "others are not followed here");
        let postgres = program("postgres").expect("this one was started with it");
        let standby = Self::nowhere(self.server, self.durable, self.tls, &self.more);
        standby.copy(self).expect("a running server can be copied");
        standby.started(&postgres)
    }

    fn copy(&self, primary: &Self) -> std::io::Result<()> {
        self.make_data_folder()?;
        let copier = program("pg_basebackup").ok_or_else(|| std::io::Error::other("pg_basebackup is not installed"))?;
        let mut command = as_other_user(&copier);
        command.args(["--host=127.0.0.1", "--username=postgres", "--checkpoint=fast", "--no-sync", "--write-recovery-conf"]);
        command.arg(format!("--port={}", primary.port)).arg(format!("--pgdata={}", self.data().display()));
        said_yes(command.current_dir(self.folder.path()).stdin(Stdio::null()).output()?)
    }
}
