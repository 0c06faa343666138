//! How long things may take, and how much there may be of them.

use std::time::Duration;

/// The connections that are open at the same time.
pub(crate) const CONNECTIONS: usize = 8;
/// The letters that are in memory at the same time.
pub(crate) const LETTERS: usize = 4;
/// The recipients of a letter (RFC 5321, 4.5.3.1.8).
pub(crate) const RECIPIENTS: usize = 100;
/// The octets of a command with its line end.
pub(crate) const LINE: usize = 4096;
/// The commands with a mistake in one connection.
pub(crate) const MISTAKES: usize = 20;

/// Time limits. Tests have shorter ones.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// For the next command, and for the client to read an answer (RFC 5321, 4.5.3.2.7).
    pub(crate) command: Duration,
    /// For the next piece of a letter (RFC 5321, 4.5.3.2.5).
    pub(crate) piece: Duration,
    /// For a whole letter.
    pub(crate) letter: Duration,
    /// How long a letter waits for a place in memory.
    pub(crate) place: Duration,
    /// For the helpdesk to store a letter. A client waits ten minutes for the answer (RFC 5321, 4.5.3.2.6).
    pub(crate) storing: Duration,
    /// For a letter that is being taken in when the site stops.
    pub(crate) stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            command: Duration::from_secs(5 * 60),
            piece: Duration::from_secs(3 * 60),
            letter: Duration::from_secs(15 * 60),
            place: Duration::from_secs(60),
            storing: Duration::from_secs(5 * 60),
            stop: Duration::from_secs(10),
        }
    }
}
