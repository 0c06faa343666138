//! The server.

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel_async::AsyncPgConnection;
use rustls_platform_verifier::Verifier;
use tokio_postgres::NoTls;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::{Conn, dialect};
use crate::connection::BlockingExecutor;
use crate::connection::postgres::TimedConnection;
use crate::database::address::{OPENING, ServerAddress, Tls};
use crate::error::ConnectError;

/// The errors of a server that accepts no connection at the moment: it starts or stops, or has too many connections.
const NOT_NOW: &[SqlState] =
    &[SqlState::CANNOT_CONNECT_NOW, SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN, SqlState::TOO_MANY_CONNECTIONS];

/// The server's address and connection settings.
pub(super) struct Server {
    config: tokio_postgres::Config,
    tls: Option<MakeRustlsConnect>,
    pub(super) shown: String,
    answer: Duration,
}

impl Server {
    pub(super) fn at(address: ServerAddress) -> Result<Self, ConnectError> {
        let ServerAddress { url, shown, tls, answer, .. } = address;
        let wrong = |what: String| ConnectError::WrongAddress { address: shown.clone(), what };
        let mut config: tokio_postgres::Config = url.parse().map_err(|error: tokio_postgres::Error| wrong(cause(&error)))?;
        config.application_name("muticket").connect_timeout(OPENING).tcp_user_timeout(OPENING * 2);
        config.ssl_mode(if tls.is_some() { SslMode::Require } else { SslMode::Disable });
        let tls = tls.map(|tls| connector(&tls).map_err(wrong)).transpose()?;
        Ok(Self { config, tls, shown, answer })
    }

    pub(super) fn open(&self) -> Result<Conn, ConnectError> {
        let opening = async {
            match &self.tls {
                None => {
                    let (client, connection) = self.config.connect(NoTls).await?;
                    Ok::<_, tokio_postgres::Error>(AsyncPgConnection::try_from_client_and_connection(client, connection).await)
                }
                Some(tls) => {
                    let (client, connection) = self.config.connect(tls.clone()).await?;
                    Ok(AsyncPgConnection::try_from_client_and_connection(client, connection).await)
                }
            }
        };
        let executor = BlockingExecutor::own().map_err(|error| ConnectError::Failed(error.into()))?;
        let opened = executor.wait(OPENING * 2, opening);
        let unreachable = |cause| ConnectError::Unreachable { server: self.shown.clone(), cause };
        let conn = match opened.map_err(|error| unreachable(error.into()))? {
            Ok(conn) => conn.map_err(|error| ConnectError::Failed(error.into()))?,
            // The server answered with a refusal.
            Err(error) if error.as_db_error().is_some() => {
                let said = error.as_db_error().map(ToString::to_string).unwrap_or_default();
                return Err(match error.code().is_some_and(|code| NOT_NOW.contains(code)) {
                    true => unreachable(error.into()),
                    false => ConnectError::Denied { server: self.shown.clone(), said },
                });
            }
            Err(error) => return Err(unreachable(error.into())),
        };
        let mut conn = TimedConnection::ready(Box::new(Box::new(conn)), &executor, self.answer);
        let settings = dialect::settings(self.answer);
        conn.batch_execute(&settings).map_err(|error| ConnectError::of_server(&self.shown, dialect::classify(error)))?;
        // A server that is too old does not know this setting. It is refused a moment later.
        drop(conn.batch_execute(dialect::ENGLISH));
        Ok(conn)
    }
}

/// The actual cause. The error itself only says that something failed.
fn cause(error: &tokio_postgres::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

/// TLS with this crate's own choice of cryptography. A process-wide default would be the host's choice, and a missing one panics.
fn connector(tls: &Tls) -> Result<MakeRustlsConnect, String> {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let config = match &tls.roots {
        Some(file) => {
            let unreadable = |error: &dyn std::fmt::Display| format!("sslrootcert {} cannot be read: {error}", file.display());
            let mut roots = RootCertStore::empty();
            for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unreadable(&error))? {
                let certificate = certificate.map_err(|error| unreadable(&error))?;
                roots.add(certificate).map_err(|error| unreadable(&error))?;
            }
            config.with_root_certificates(roots)
        }
        None => {
            let verifier = Verifier::new(provider).map_err(|error| error.to_string())?;
            config.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
        }
    };
    Ok(MakeRustlsConnect::new(config.with_no_client_auth()))
}
