//! Looks at a mailbox again and again, until it is told to stop.

use std::pin::pin;
use std::time::Duration;

use muticket_core::Helpdesk;
use muticket_core::mailbox::{MailboxState, MailboxTrouble};
use tokio::sync::Mutex;
use tokio::time::sleep;

use crate::imap::look::Reader;
use crate::imap::mailbox::ImapMailbox;
use crate::imap::problem::Problem;
use crate::imap::session::Session;

/// How long IDLE lasts. Servers and routers end connections that are silent for longer.
const IDLE: Duration = Duration::from_secs(9 * 60);

/// The pause after the first problem, unless the mailbox is looked at more often.
const FIRST_PAUSE: Duration = Duration::from_secs(5);

/// The longest pause after problems.
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

/// The shortest pause after a letter that the server told of. A server may tell of something all the time.
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);

/// How long a letter that is being handed over has to be stored, when it is time to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// Fetches letters from the mailbox and hands them to the helpdesk, until `stop` completes (M-08). Spawn it beside the site. It needs a
/// Tokio runtime with timers and with input and output.
///
/// It ends in no other way. After a problem it tries again, first after 5 seconds, and with pauses that grow up to 5 minutes. The problem
/// stands on the page *Email* of the backend and in the log. When it stops, a letter that is being stored is finished, for 10 seconds at
/// most. What was not finished is fetched again later, and counts once.
///
/// The helpdesk needs [`mail_in`](muticket_core::helpdesk::Builder::mail_in) and [`blobs`](muticket_core::helpdesk::Builder::blobs).
pub async fn run(helpdesk: Helpdesk, mailbox: ImapMailbox, stop: impl Future<Output = ()> + Send) {
    let handing_over = Mutex::new(());
    let mut work = pin!(work(Reader::new(&helpdesk, &mailbox, &handing_over), &mailbox));
    tokio::select! {
        () = stop => {}
        () = &mut work => {}
    }
    tokio::select! {
        biased;
        _ = handing_over.lock() => {}
        () = work => {}
        () = sleep(PATIENCE) => {
            tracing::warn!(mailbox.name = mailbox.name(), "MuTicket: the stop of the site cut off a letter; it will be fetched again");
        }
    }
}

async fn work(mut reader: Reader<'_>, mailbox: &ImapMailbox) {
    let mut session: Option<Session> = None;
    let mut pause = None;
    let mut told = None;
    loop {
        let is_used = session.is_some();
        match reader.look(&mut session).await {
            Ok(()) => {
                if told.take().is_some() {
                    tracing::info!(mailbox.name = mailbox.name(), "MuTicket: the mailbox is read again");
                }
                pause = None;
                wait(&mut session, mailbox).await;
            }
            Err(problem) => {
                session = None;
                // A server or a router may end a connection on which nothing happened. That is no problem.
                if is_used && matches!(problem.trouble, MailboxTrouble::Unreachable | MailboxTrouble::NoAnswer) {
                    continue;
                }
                note(&reader, &problem, &mut told, mailbox).await;
                let next = pause.map_or(FIRST_PAUSE.min(mailbox.every), |last: Duration| last * 2).min(LONGEST_PAUSE);
                pause = Some(next);
                sleep(next).await;
            }
        }
    }
}

/// Stores the problem, and logs it if it is another one than before.
async fn note(reader: &Reader<'_>, problem: &Problem, told: &mut Option<Problem>, mailbox: &ImapMailbox) {
    if told.as_ref() != Some(problem) {
        let (trouble, words) = (problem.trouble.as_str(), &problem.words);
        tracing::warn!(mailbox.name = mailbox.name(), trouble, "MuTicket: the mailbox cannot be read at the moment: {words}");
        *told = Some(problem.clone());
    }
    if let Ok(state) = reader.state().await {
        // If it cannot be stored, the database is away, which other parts of the site report.
        let _ = reader.note(&MailboxState { problem: Some(problem.stored()), ..state }).await;
    }
}

/// Waits until it is time to look again. A connection that breaks meanwhile is dropped.
async fn wait(session: &mut Option<Session>, mailbox: &ImapMailbox) {
    let idles = mailbox.idles && session.as_ref().is_some_and(|session| session.can("IDLE"));
    let told = match session {
        Some(session) if idles => session.idle(IDLE).await,
        _ => Ok(false),
    };
    match told {
        Ok(true) => sleep(SHORTEST_PAUSE).await,
        Ok(false) => sleep(mailbox.every).await,
        Err(_) => {
            *session = None;
            sleep(SHORTEST_PAUSE.max(mailbox.every.min(FIRST_PAUSE))).await;
        }
    }
}
