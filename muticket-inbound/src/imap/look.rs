//! One look at a mailbox: what is new in it is handed over, and how far that came is noted.

use chrono::{DateTime, TimeDelta, Utc};
use muticket_core::bytes::Bytes;
use muticket_core::mailbox::{MailboxPlace, MailboxState, MailboxTrouble};
use muticket_core::mailroom::ReceiveError;
use muticket_core::{Helpdesk, MailIn};
use tokio::sync::Mutex;

use crate::imap::envelope::{envelope, header};
use crate::imap::login::connect;
use crate::imap::mailbox::{ImapMailbox, Start};
use crate::imap::problem::Problem;
use crate::imap::session::{Asked, LISTED, Listed, Session};

/// If the server numbers its letters anew, those are looked at again that came so long before the last look. The helpdesk knows those
/// that it has.
const AGAIN: TimeDelta = TimeDelta::days(2);

/// How often a letter is asked for that the server does not give out, before it is left out. With the pauses in between, these are more
/// than 20 minutes.
const TRIES: u32 = 10;

/// Reads one mailbox.
pub(super) struct Reader<'r> {
    helpdesk: &'r Helpdesk,
    mailbox: &'r ImapMailbox,
    /// Locked while a letter is handed over.
    handing_over: &'r Mutex<()>,
    /// The number of the letter that turned out to be larger than the server had said, and its size.
    too_long: Option<(u32, u64)>,
    withheld: Option<Withheld>,
    /// Says which letter was left out last, as it is stored.
    left_out: Option<String>,
}

/// A letter that the server does not give out.
struct Withheld {
    uid: u32,
    times: u32,
    words: String,
}

/// Where a look begins.
struct Begin {
    next_uid: u32,
    /// Letters that came before are left out.
    since: Option<DateTime<Utc>>,
    /// Whether the place is noted after each letter, or only at the end.
    notes_each: bool,
}

impl<'r> Reader<'r> {
    pub(super) fn new(helpdesk: &'r Helpdesk, mailbox: &'r ImapMailbox, handing_over: &'r Mutex<()>) -> Self {
        Self { helpdesk, mailbox, handing_over, too_long: None, withheld: None, left_out: None }
    }

    /// Takes in what is new. Connects first if that is needed.
    ///
    /// # Errors
    /// The problem that ended the look. How far it came is noted.
    pub(super) async fn look(&mut self, session: &mut Option<Session>) -> Result<(), Problem> {
        let mut state = self.state().await?;
        let session = match session {
            Some(session) => session,
            none => none.insert(connect(self.mailbox).await?),
        };
        let now = self.helpdesk.now();
        let selected = session.select(&self.mailbox.address.encoded_folder(), self.mailbox.marks_seen).await?;
        let lasting = || Problem::nonsense("the server gives its letters no lasting numbers");
        let uid_validity = selected.uid_validity.ok_or_else(lasting)?;
        let mut next_uid = match self.begin(&state, uid_validity) {
            None => session.last_uid().await?.map_or(1, |last| last.saturating_add(1)),
            Some(begin) => self.read_on(session, &mut state, uid_validity, begin).await?,
        };
        if let Some(place) = state.place.filter(|place| place.uid_validity == uid_validity) {
            next_uid = next_uid.max(place.next_uid);
        }
        state.place = Some(MailboxPlace { uid_validity, next_uid });
        (state.checked_at, state.problem) = (Some(now), self.left_out.clone());
        self.note(&state).await
    }

    /// Where to begin; `None` if what is there is skipped.
    fn begin(&self, state: &MailboxState, uid_validity: u32) -> Option<Begin> {
        match (state.place, state.checked_at) {
            (Some(place), _) if place.uid_validity == uid_validity => {
                Some(Begin { next_uid: place.next_uid, since: None, notes_each: true })
            }
            // The server numbers its letters anew. Nothing is noted before all is read: in the middle, nobody could tell which letters
            // were there before.
            (Some(_), Some(checked_at)) => Some(Begin { next_uid: 1, since: Some(checked_at - AGAIN), notes_each: false }),
            _ => match self.mailbox.start {
                Start::All => Some(Begin { next_uid: 1, since: None, notes_each: true }),
                Start::Now => None,
            },
        }
    }

    /// Takes in all letters from there on, in rounds, and returns the number after the last one.
    async fn read_on(
        &mut self,
        session: &mut Session,
        state: &mut MailboxState,
        uid_validity: u32,
        begin: Begin,
    ) -> Result<u32, Problem> {
        let Begin { mut next_uid, since, notes_each } = begin;
        loop {
            let listed = session.list(next_uid, since).await?;
            let is_last = listed.len() < LISTED;
            for letter in listed {
                self.take(session, letter).await?;
                next_uid = letter.uid.saturating_add(1);
                if notes_each {
                    state.place = Some(MailboxPlace { uid_validity, next_uid });
                    self.note(state).await?;
                }
                if self.mailbox.marks_seen {
                    session.mark_seen(letter.uid).await?;
                }
            }
            if is_last {
                return Ok(next_uid);
            }
        }
    }

    /// Takes in one letter.
    async fn take(&mut self, session: &mut Session, letter: Listed) -> Result<(), Problem> {
        if let Some(Withheld { words, .. }) = self.withheld.take_if(|one| one.uid == letter.uid && one.times >= TRIES) {
            let words = format!("letter {} was left out: {words}", letter.uid);
            tracing::error!(mailbox.name = self.mailbox.name(), "MuTicket: {words}");
            self.left_out = Some(MailboxTrouble::Refused.with(&words));
            return Ok(());
        }
        let most = self.helpdesk.mail_in().map_or(0, MailIn::max_bytes);
        let announced = self.too_long.filter(|(uid, _)| *uid == letter.uid).map(|(_, size)| size);
        let size = announced.unwrap_or(letter.size);
        let is_too_large = size > most;
        let asked = if is_too_large {
            session.header(letter.uid).await
        } else {
            session.letter(letter.uid, usize::try_from(most).unwrap_or(usize::MAX)).await
        };
        match asked {
            Ok(Asked::Given(bytes)) if is_too_large => self.hand_over_header(&bytes, size).await,
            Ok(Asked::Given(bytes)) => self.hand_over(bytes.into()).await,
            Ok(Asked::Gone) => Ok(()),
            Ok(Asked::Refused(words)) => Err(self.is_withheld(letter.uid, Problem::new(MailboxTrouble::Refused, words))),
            Err(problem) if problem.trouble == MailboxTrouble::Nonsense => {
                match problem.announced {
                    Some(size) if !is_too_large => self.too_long = Some((letter.uid, size)),
                    _ => {}
                }
                Err(self.is_withheld(letter.uid, problem))
            }
            Err(problem) => Err(problem),
        }
    }

    /// Counts how often a letter was not given out. It is asked for again later, because it may be the server's mood.
    fn is_withheld(&mut self, uid: u32, problem: Problem) -> Problem {
        let times = self.withheld.as_ref().filter(|one| one.uid == uid).map_or(1, |one| one.times + 1);
        self.withheld = Some(Withheld { uid, times, words: problem.words.clone() });
        Problem { words: format!("letter {uid}: {}", problem.words), ..problem }
    }

    async fn hand_over(&self, raw: Bytes) -> Result<(), Problem> {
        let busy = self.handing_over.lock().await;
        match self.helpdesk.receive(raw.clone(), &envelope(&raw)).await {
            Ok(_) => Ok(()),
            Err(ReceiveError::TooLarge { .. }) => {
                drop(busy);
                self.hand_over_header(header(&raw), raw.len() as u64).await
            }
            Err(error) => Err(Problem::not_stored(&error)),
        }
    }

    async fn hand_over_header(&self, header: &[u8], size: u64) -> Result<(), Problem> {
        let _busy = self.handing_over.lock().await;
        let received = self.helpdesk.receive_too_large(header, size, &envelope(header)).await;
        received.map(drop).map_err(|error| Problem::not_stored(&error))
    }

    /// What is noted about the mailbox.
    pub(super) async fn state(&self) -> Result<MailboxState, Problem> {
        let name = self.mailbox.name();
        let known = self.helpdesk.mailbox_state(&name).await.map_err(|error| Problem::not_stored(&error))?;
        Ok(known.unwrap_or_else(|| MailboxState::new(name)))
    }

    pub(super) async fn note(&self, state: &MailboxState) -> Result<(), Problem> {
        self.helpdesk.note_mailbox_state(state).await.map_err(|error| Problem::not_stored(&error))
    }
}
