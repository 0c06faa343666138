//! A check of who sent a letter, by what the domain of the sender publishes: signatures (DKIM, RFC 6376) and what it asks for (DMARC,
//! RFC 9989).
//!
//! ```
//! use std::sync::Arc;
//!
//! use muticket_core::MailIn;
//! use muticket_inbound::auth::DomainCheck;
//!
//! # fn rules() -> Result<MailIn, Box<dyn std::error::Error>> {
//! let rules = MailIn::new("support+{token}@example.org")?.with_sender_check(Arc::new(DomainCheck::new()?));
//! # Ok(rules)
//! # }
//! ```
//!
//! | the letter | what is found |
//! | --- | --- |
//! | has a valid signature of the domain in `From`, or of one that its DMARC record accepts for it | [`Check::Passed`] |
//! | has none, and the domain asks to quarantine or to reject such letters | [`Check::Failed`] |
//! | has several senders, or more than 10 signatures | [`Check::Failed`] |
//! | has none, and the domain asks for nothing | [`Check::Unknown`] |
//!
//! SPF (RFC 7208) is not checked: it needs the address of the server that sent the letter, and no way in knows it. So a letter of a
//! domain that rejects others, and that confirms its own by SPF alone, counts as forged. Such a site needs a
//! [relay](muticket_core::MailIn::with_relay) that checks SPF.

mod domain;
mod header;
mod judge;

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use async_trait::async_trait;
use mail_auth::MessageAuthenticator;
use mail_auth::hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts};
use mail_auth::hickory_resolver::system_conf::read_system_conf;
use muticket_core::mailroom::{Check, CheckError, LetterToCheck, SenderCheck};
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::auth::header::{look, with_signed_line_ends};
use crate::auth::judge::judge;

/// Checks the sender of a letter by asking the domain name system. It needs a Tokio runtime. Answers are kept as long as the domain
/// allows.
#[derive(Clone)]
pub struct DomainCheck {
    names: MessageAuthenticator,
    limit: Duration,
}

/// The name servers of the machine cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("no name server can be asked")]
pub struct NoNameServers(#[source] Box<dyn Error + Send + Sync>);

impl DomainCheck {
    /// The most signatures of a letter. One with more is hostile.
    pub const MOST_SIGNATURES: usize = 10;

    /// Asks the name servers that the machine is set up with, such as in `/etc/resolv.conf`.
    ///
    /// # Errors
    /// [`NoNameServers`].
    pub fn new() -> Result<Self, NoNameServers> {
        let (config, options) = read_system_conf().map_err(|error| NoNameServers(error.into()))?;
        Self::asking(config, options)
    }

    /// Asks these name servers, which resolve all names (RFC 1034, 5.3.1).
    ///
    /// # Errors
    /// [`NoNameServers`].
    pub fn with_name_servers(servers: &[SocketAddr]) -> Result<Self, NoNameServers> {
        let servers = servers.iter().map(|server| {
            let mut ways = [ConnectionConfig::udp(), ConnectionConfig::tcp()];
            ways.iter_mut().for_each(|way| way.port = server.port());
            NameServerConfig::new(server.ip(), true, ways.into())
        });
        Self::asking(ResolverConfig::from_parts(None, Vec::new(), servers.collect()), ResolverOpts::default())
    }

    fn asking(config: ResolverConfig, mut options: ResolverOpts) -> Result<Self, NoNameServers> {
        if config.name_servers().is_empty() {
            return Err(NoNameServers("none is named".into()));
        }
        // Two tries fit into the limit of a check.
        (options.timeout, options.attempts, options.cache_size) = (Duration::from_secs(3), 2, 2048);
        let names = MessageAuthenticator::new(config, options).map_err(|error| NoNameServers(error.into()))?;
        Ok(Self { names, limit: Duration::from_secs(10) })
    }

    /// Sets how long the name servers have for all answers about a letter. After that, the letter waits and is tried again. Default:
    /// 10 seconds.
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }
}

#[async_trait]
impl SenderCheck for DomainCheck {
    async fn check(&self, letter: LetterToCheck<'_>) -> Result<Check, CheckError> {
        let header = look(letter.raw);
        if header.senders != 1 || header.signatures > Self::MOST_SIGNATURES {
            return Ok(Check::Failed);
        }
        let signatures_count = header.is_plain && header.signatures > 0;
        let signed = signatures_count.then(|| with_signed_line_ends(letter.raw));
        let (names, sender, limit) = (self.names.clone(), letter.sender.clone(), self.limit);
        let runtime =
            Handle::try_current().map_err(|error| CheckError::because("there is no runtime to ask name servers with", error))?;
        // The digest of a large letter takes long, and a fault of the parser must not end more than this check.
        let task =
            tokio::task::spawn_blocking(move || runtime.block_on(timeout(limit, judge(&names, signed.as_deref(), &sender))));
        match task.await {
            Ok(Ok(found)) => found,
            Ok(Err(_)) => Err(CheckError::new("the name servers did not answer in time")),
            Err(error) if error.is_panic() => Ok(Check::Unknown),
            Err(error) => Err(CheckError::because("the check was stopped", error)),
        }
    }
}

impl std::fmt::Debug for DomainCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DomainCheck").field("limit", &self.limit).finish_non_exhaustive()
    }
}
