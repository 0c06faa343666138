//! Ways in for emails besides the pages: a mailbox, and the mail server of this machine.

use muticket_core::Helpdesk;
use rocket::fairing::AdHoc;

use crate::options::Options;

/// Why a way in cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WayInError {
    /// The address of the mailbox is wrong.
    #[cfg(feature = "inbound")]
    #[error("cannot use the mailbox given by `--imap`")]
    Mailbox(#[source] muticket_inbound::imap::ImapSetupError),
    /// The address for the mail server cannot be used.
    #[cfg(feature = "inbound")]
    #[error("cannot listen at the address given by `--lmtp`")]
    Listener(#[source] muticket_inbound::lmtp::BindError),
    /// The demo was built without its feature `inbound`.
    #[cfg(not(feature = "inbound"))]
    #[error("this build of the demo has no `--imap` and no `--lmtp`; build it with `--features inbound`")]
    NotBuilt,
}

/// Runs the ways in that the options ask for, from the launch of the site until it stops.
#[cfg(feature = "inbound")]
pub(crate) async fn ways_in(options: &Options, helpdesk: Helpdesk) -> Result<AdHoc, WayInError> {
    use muticket_inbound::{imap, lmtp};

    let mailbox = options.imap.as_deref().map(imap::ImapMailbox::new).transpose().map_err(WayInError::Mailbox)?;
    let listener = match &options.lmtp {
        Some(address) => Some(lmtp::Listener::bind(address).await.map_err(WayInError::Listener)?),
        None => None,
    };
    Ok(AdHoc::on_liftoff("Emails that come in", move |rocket| {
        Box::pin(async move {
            if let Some(mailbox) = mailbox {
                rocket::tokio::spawn(imap::run(helpdesk.clone(), mailbox, rocket.shutdown()));
            }
            if let Some(listener) = listener {
                rocket::tokio::spawn(listener.run(helpdesk, rocket.shutdown()));
            }
        })
    }))
}

/// Says that this build has no ways in, if the options ask for one.
#[cfg(not(feature = "inbound"))]
#[expect(clippy::unused_async, reason = "with the feature it listens")]
pub(crate) async fn ways_in(options: &Options, _helpdesk: Helpdesk) -> Result<AdHoc, WayInError> {
    if options.imap.is_some() || options.lmtp.is_some() {
        return Err(WayInError::NotBuilt);
    }
    Ok(AdHoc::on_liftoff("Emails that come in", |_| Box::pin(async {})))
}
