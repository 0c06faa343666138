//! Where the listener listens: a port of this machine, or a socket file.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The listener cannot listen there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// The text is no address.
    #[error("letters can be handed over at a port such as 127.0.0.1:2424, or at a socket file such as /run/site/lmtp")]
    Address,
    /// Other machines could reach the address, and the listener does not ask who they are.
    #[error("{0} can be reached from other machines; use 127.0.0.1, [::1] or a socket file")]
    NotLocal(SocketAddr),
    /// The operating system refused it.
    #[error("{place} cannot be used")]
    System {
        /// The address.
        place: String,
        /// The reason.
        #[source]
        source: io::Error,
    },
}

/// A place to listen.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A port.
    Port(SocketAddr),
    /// A socket file.
    File(PathBuf),
}

impl Place {
    pub(crate) fn parse(text: &str) -> Result<Self, BindError> {
        if text.starts_with('/') {
            return Ok(Self::File(PathBuf::from(text)));
        }
        let port = text.strip_prefix("localhost:").and_then(|port| port.parse().ok());
        let address = port.map(|port: u16| SocketAddr::from(([127, 0, 0, 1], port)));
        let address = address.or_else(|| text.parse().ok()).ok_or(BindError::Address)?;
        if address.ip().is_loopback() { Ok(Self::Port(address)) } else { Err(BindError::NotLocal(address)) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_this_machine_is_listened_to() {
        let port = |text: &str| Place::Port(text.parse().unwrap());
        for (text, place) in [
            ("127.0.0.1:2424", port("127.0.0.1:2424")),
            ("127.3.2.1:0", port("127.3.2.1:0")),
            ("[::1]:24", port("[::1]:24")),
            ("localhost:2424", port("127.0.0.1:2424")),
            ("/run/site/lmtp", Place::File("/run/site/lmtp".into())),
        ] {
            assert_eq!(Place::parse(text).unwrap(), place);
        }
        for text in ["0.0.0.0:24", "[::]:24", "192.168.0.1:24", "[::ffff:10.0.0.1]:24", "8.8.8.8:24"] {
            assert!(matches!(Place::parse(text), Err(BindError::NotLocal(_))), "{text}");
        }
        for text in ["", "localhost", "127.0.0.1", "127.0.0.1:99999", "localhost:-1", "mail.example:24", "run/lmtp", "24"] {
            assert!(matches!(Place::parse(text), Err(BindError::Address)), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_opens_a_port_to_others(text in "[0-9a-f.:\\[\\]localhost]{0,20}", ip in any::<std::net::IpAddr>(), port in any::<u16>()) {
            for text in [text, SocketAddr::new(ip, port).to_string()] {
                if let Ok(Place::Port(address)) = Place::parse(&text) {
                    prop_assert!(address.ip().is_loopback());
                }
            }
        }
    }
}
