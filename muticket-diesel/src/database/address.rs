//! Addresses of database servers. MuTicket reads the parameters `sslmode`, `sslrootcert`, `connections`, `timeout` and `replica` itself.

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::error::{ConnectError, masked};

/// How long opening a connection may take.
pub(crate) const OPENING: Duration = Duration::from_secs(5);

/// How long the server may take to answer a statement, unless the address sets `timeout`. Statements take milliseconds, and outside a
/// host's transaction no lock is waited for longer than two seconds. A server that exceeds this time hangs.
pub(crate) const ANSWER: Duration = Duration::from_secs(30);

/// How long a migration may take, or the wait for another process that migrates: minutes for large tables. In a host's transaction it is
/// the limit for every statement, because the host may set long waits for locks, and giving up early breaks its transaction.
pub(crate) const CHANGE: Duration = Duration::from_secs(600);

/// The maximum number of connections, unless the address sets `connections`.
const CONNECTIONS: usize = 10;

/// The address of a database server.
pub(crate) struct ServerAddress {
    /// The address without MuTicket's own parameters, as the driver reads it.
    pub(super) url: String,
    /// The address without its password, for messages to people.
    pub(super) shown: String,
    /// The TLS settings; `None` if the address does not ask for TLS.
    pub(super) tls: Option<Tls>,
    /// The maximum number of connections.
    pub(crate) connections: usize,
    /// How long the server may take to answer a statement.
    pub(super) answer: Duration,
    /// Whether the server is a read replica, on which MuTicket must not write.
    pub(crate) replica: bool,
}

/// TLS to the server. The certificate is always verified, including its name.
pub(super) struct Tls {
    /// A file of certificates to trust instead of the system's.
    pub(super) roots: Option<PathBuf>,
}

impl ServerAddress {
    pub(crate) fn parse(address: &str) -> Result<Self, ConnectError> {
        let shown = masked(address);
        let wrong = |what: String| ConnectError::WrongAddress { address: masked(address), what };
        let mut url = Url::parse(address).map_err(|error| wrong(error.to_string()))?;
        if url.path().trim_start_matches('/').is_empty() {
            return Err(wrong("the name of the database is missing, as in `/tickets` at its end".to_owned()));
        }
        let mut secured = false;
        let mut roots = None;
        let mut connections = CONNECTIONS;
        let mut answer = ANSWER;
        let mut replica = false;
        let mut rest = Vec::new();
        for (name, value) in url.query_pairs() {
            match name.as_ref() {
                "sslmode" => match value.as_ref() {
                    "disable" => secured = false,
                    "require" | "verify-ca" | "verify-full" => secured = true,
                    other => return Err(wrong(format!("sslmode is `disable` or `require`, not `{other}`"))),
                },
                "sslrootcert" => roots = Some(PathBuf::from(value.as_ref())),
                "connections" => {
                    let number = value.parse().ok().filter(|number| (1..=1000).contains(number));
                    connections =
                        number.ok_or_else(|| wrong(format!("connections is a number from 1 to 1000, not `{value}`")))?;
                }
                "timeout" => {
                    let seconds = value.parse().ok().filter(|seconds| (1..=3600).contains(seconds));
                    let seconds =
                        seconds.ok_or_else(|| wrong(format!("timeout is a number of seconds from 1 to 3600, not `{value}`")))?;
                    answer = Duration::from_secs(seconds);
                }
                "replica" => {
                    replica = value.parse().map_err(|_| wrong(format!("replica is `true` or `false`, not `{value}`")))?;
                }
                // MariaDB's driver has its own parameters for TLS. MuTicket's settings override them, so they would be accepted and have
                // no effect.
                "require_ssl" | "verify_ca" | "verify_identity" | "built_in_roots" => {
                    return Err(wrong(format!(
                        "`{name}` is not taken: TLS is asked for by sslmode=require and sslrootcert=PATH"
                    )));
                }
                _ => rest.push(format!("{}={}", encoded(&name), encoded(&value))),
            }
        }
        if roots.is_some() && !secured {
            return Err(wrong("sslrootcert needs sslmode=require".to_owned()));
        }
        url.set_query(Some(&rest.join("&")).filter(|rest| !rest.is_empty()).map(String::as_str));
        Ok(Self { url: url.into(), shown, tls: secured.then_some(Tls { roots }), connections, answer, replica })
    }
}

/// Percent-encodes a name or a value of a query. The crate `url` brings the encoding of forms, whose only difference is `+` for a space. It
/// becomes `%20`, because not every driver decodes `+` as a space.
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::ServerAddress;

    #[test]
    fn what_is_ours_is_taken_out() {
        let address =
            "postgres://desk:s%20c@db.example/tickets?sslmode=require&options=-csearch_path%3Da&connections=3&timeout=7";
        let address = ServerAddress::parse(address).unwrap();
        assert_eq!(address.url, "postgres://desk:s%20c@db.example/tickets?options=-csearch_path%3Da");
        assert_eq!((address.connections, address.answer.as_secs()), (3, 7));
        assert!(address.tls.is_some());
        assert!(!address.shown.contains("s%20c"));
    }

    #[test]
    fn a_wrong_address_says_what_is_wrong_and_no_password() {
        for (address, what) in [
            ("postgres://desk:s3cret@db.example", "name of the database"),
            ("mysql://desk:s3cret@db.example/tickets?sslmode=prefer", "not `prefer`"),
            ("mysql://desk:s3cret@db.example/tickets?connections=0", "not `0`"),
            ("mysql://desk:s3cret@db.example/tickets?timeout=0", "not `0`"),
            ("postgres://desk:s3cret@db.example/tickets?replica=yes", "not `yes`"),
            ("postgres://desk:s3cret@db.example/tickets?sslrootcert=ca.pem", "needs sslmode"),
            ("mysql://desk:s3cret@db.example/tickets?require_ssl=true", "sslmode=require"),
            ("mysql://desk:s3cret@db.example/tickets?sslmode=require&verify_ca=false", "`verify_ca` is not taken"),
            ("mysql://desk:s3cret@db.example/tickets?verify_identity=true", "`verify_identity` is not taken"),
            ("mysql://desk:s3cret@db.example/tickets?built_in_roots=false", "`built_in_roots` is not taken"),
            ("postgres://desk:s3cret@db.example:port/tickets", "port"),
        ] {
            let said = ServerAddress::parse(address).err().unwrap().to_string();
            assert!(said.contains(what), "{said}");
            assert!(!said.contains("s3cret"), "{said}");
        }
    }
}
