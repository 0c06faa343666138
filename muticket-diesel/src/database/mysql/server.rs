//! The server: MariaDB or MySQL.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel_async::AsyncMysqlConnection;
use diesel_async::async_connection_wrapper::BlockOn;
use mysql_async::{Opts, OptsBuilder, SslOpts};

use super::{Conn, dialect};
use crate::connection::BlockingExecutor;
use crate::connection::mysql::TimedConnection;
use crate::database::address::{OPENING, ServerAddress};
use crate::error::ConnectError;

/// The server's address and connection settings.
pub(super) struct Server {
    opts: Opts,
    pub(super) shown: String,
    answer: Duration,
}

impl Server {
    pub(super) fn at(address: ServerAddress) -> Result<Self, ConnectError> {
        let ServerAddress { url, shown, tls, answer, .. } = address;
        let wrong = |what: String| ConnectError::WrongAddress { address: shown.clone(), what };
        // The driver knows one scheme for both servers.
        let url = url.replacen("mariadb:", "mysql:", 1);
        let opts = Opts::from_url(&url).map_err(|error| wrong(error.to_string()))?;
        let tls = tls.map(|tls| match tls.roots {
            Some(file) => SslOpts::default().with_root_certs(vec![file.into()]).with_disable_built_in_roots(true),
            None => SslOpts::default(),
        });
        // With `client_found_rows` an update that changes nothing still reports its row. Diesel itself caches prepared statements.
        let opts = OptsBuilder::from_opts(opts).ssl_opts(tls).stmt_cache_size(0).client_found_rows(true).prefer_socket(false);
        Ok(Self { opts: opts.into(), shown, answer })
    }

    pub(super) fn open(&self) -> Result<Conn, ConnectError> {
        let opening = mysql_async::Conn::new(self.opts.clone());
        let executor = BlockingExecutor::own().map_err(|error| ConnectError::Failed(error.into()))?;
        let opened = executor.wait(OPENING, opening);
        let unreachable = |cause| ConnectError::Unreachable { server: self.shown.clone(), cause };
        let conn = match opened.map_err(|error| unreachable(error.into()))? {
            Ok(conn) => conn,
            // The server answered with a refusal: no such user, password or database, or not allowed.
            Err(mysql_async::Error::Server(error)) if matches!(error.code, 1044 | 1045 | 1049 | 1698) => {
                return Err(ConnectError::Denied { server: self.shown.clone(), said: error.message });
            }
            Err(error) => return Err(unreachable(error.into())),
        };
        let conn = executor.block_on(AsyncMysqlConnection::try_from(conn));
        let conn = conn.map_err(|error| ConnectError::Failed(error.into()))?;
        let mut conn = TimedConnection::ready(Box::new(Box::new(conn)), &executor, self.answer);
        conn.batch_execute(dialect::SETTINGS).map_err(|error| ConnectError::of_server(&self.shown, dialect::classify(error)))?;
        Ok(conn)
    }
}
