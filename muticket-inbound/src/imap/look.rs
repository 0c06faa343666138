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
use crate::imap::taken::{Counts, Refusal, Taken, Tried};

/// If the server numbers its letters anew, those are looked at again that came so long before the last look. The helpdesk knows those
/// that it has.
const AGAIN: TimeDelta = TimeDelta::days(2);

/// The most letters behind one that was not taken in that a look fetches in vain. While the store for files is away, it takes none of them.
const IN_VAIN: usize = 10;

/// Reads one mailbox.
pub(super) struct Reader<'r> {
    helpdesk: &'r Helpdesk,
    mailbox: &'r ImapMailbox,
    /// Locked while a letter is handed over.
    handing_over: &'r Mutex<()>,
    /// The number of the letter that turned out to be larger than the server had said, and its size.
    too_long: Option<(u32, u64)>,
    /// The letter that the server gave out in a way that makes no sense.
    withheld: Option<Tried>,
    /// The first letter that the server did not give out, or that the helpdesk did not store.
    refused: Option<Tried>,
    /// Letters between that one and this number have been tried since.
    beyond: u32,
    /// The UIDVALIDITY under which these numbers mean those letters.
    numbered: Option<u32>,
    /// Says which letter was left out last, as it is stored.
    left_out: Option<String>,
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
        Self {
            helpdesk,
            mailbox,
            handing_over,
            too_long: None,
            withheld: None,
            refused: None,
            beyond: 0,
            numbered: None,
            left_out: None,
        }
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
        if self.numbered != Some(uid_validity) {
            // What was tried under these numbers were other letters.
            (self.too_long, self.withheld, self.refused, self.beyond) = (None, None, None, 0);
            self.numbered = Some(uid_validity);
        }
        let mut next_uid = match self.begin(&state, uid_validity) {
            None => session.last_uid().await?.map_or(1, |last| last.saturating_add(1)),
            Some(begin) => self.read_on(session, &mut state, uid_validity, begin).await?,
        };
        if let Some(place) = state.place.filter(|place| place.uid_validity == uid_validity) {
            next_uid = next_uid.max(place.next_uid);
        }
        state.place = Some(MailboxPlace { uid_validity, next_uid });
        (state.checked_at, state.problem) = (Some(now), None);
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
                let taken = self.take(session, letter).await?;
                if let Taken::Refused(refusal) = taken {
                    return Err(self.go_past(session, letter.uid, since, refusal).await);
                }
                next_uid = letter.uid.saturating_add(1);
                if notes_each {
                    state.place = Some(MailboxPlace { uid_validity, next_uid });
                    self.note(state).await?;
                }
                self.mark(session, letter.uid, &taken).await?;
            }
            if is_last {
                return Ok(next_uid);
            }
        }
    }

    /// Takes in letters behind one that the server did not give out or the helpdesk did not store, so that it does not stop them (M-02).
    /// If one of them is stored, the helpdesk works, and its refusal counts. The place in the mailbox stays before the refused letter.
    /// Returns the problem.
    async fn go_past(&mut self, session: &mut Session, uid: u32, since: Option<DateTime<Utc>>, refusal: Refusal) -> Problem {
        if self.refused.as_ref().is_none_or(|known| known.uid != uid) {
            self.beyond = uid.saturating_add(1);
        }
        let is_one_stored = self.take_others(session, since).await;
        let counts = refusal.counts.is_try(is_one_stored);
        self.refused = Some(Tried::again(self.refused.take(), uid, counts, &refusal.problem));
        refusal.problem.about(uid)
    }

    /// Takes in letters that were not tried since one was refused. Returns whether the helpdesk stored one.
    async fn take_others(&mut self, session: &mut Session, since: Option<DateTime<Utc>>) -> bool {
        let (mut is_one_stored, mut in_vain) = (false, 0);
        let Ok(others) = session.list(self.beyond, since).await else { return false };
        for letter in others {
            // What ends this is met again, because the next look begins with the same letter.
            let Ok(taken) = self.take(session, letter).await else { break };
            self.beyond = letter.uid.saturating_add(1);
            is_one_stored |= matches!(taken, Taken::Stored);
            in_vain += usize::from(matches!(taken, Taken::Refused(_)));
            if in_vain == IN_VAIN || self.mark(session, letter.uid, &taken).await.is_err() {
                break;
            }
        }
        is_one_stored
    }

    /// Marks a letter as read that was taken in.
    async fn mark(&self, session: &mut Session, uid: u32, taken: &Taken) -> Result<(), Problem> {
        match taken {
            Taken::Stored | Taken::Known if self.mailbox.marks_seen => session.mark_seen(uid).await,
            Taken::Stored | Taken::Known | Taken::Absent | Taken::Refused(_) => Ok(()),
        }
    }

    /// Takes in one letter.
    async fn take(&mut self, session: &mut Session, letter: Listed) -> Result<Taken, Problem> {
        if self.leaves_out(letter.uid) {
            return Ok(Taken::Absent);
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
            Ok(Asked::Gone) => Ok(Taken::Absent),
            Ok(Asked::Refused(words)) => {
                let problem = Problem::new(MailboxTrouble::Refused, words);
                Ok(Taken::Refused(Refusal { problem, counts: Counts::Always }))
            }
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

    /// Counts how often the server's answer with a letter made no sense. That ends the look, because nobody knows where the next answer
    /// begins. The letter is asked for again later, because it may be the server's mood.
    fn is_withheld(&mut self, uid: u32, problem: Problem) -> Problem {
        self.withheld = Some(Tried::again(self.withheld.take(), uid, true, &problem));
        problem.about(uid)
    }

    /// Whether a letter was tried often enough. Then it is left out, and the administrator is told.
    fn leaves_out(&mut self, uid: u32) -> bool {
        let is_enough = |tried: &mut Tried| tried.uid == uid && tried.is_enough();
        let tried = self.withheld.take_if(is_enough).or_else(|| self.refused.take_if(is_enough));
        let Some(Tried { words, .. }) = tried else { return false };
        tracing::error!(mailbox.name = self.mailbox.name(), "MuTicket: the letter with the UID {uid} was left out: {words}");
        self.left_out = Some(MailboxTrouble::left_out(uid, self.helpdesk.now().date_naive(), &words));
        true
    }

    async fn hand_over(&self, raw: Bytes) -> Result<Taken, Problem> {
        let busy = self.handing_over.lock().await;
        match self.helpdesk.receive(raw.clone(), &envelope(&raw)).await {
            Err(ReceiveError::TooLarge { .. }) => {
                drop(busy);
                self.hand_over_header(header(&raw), raw.len() as u64).await
            }
            received => Taken::of(received),
        }
    }

    async fn hand_over_header(&self, header: &[u8], size: u64) -> Result<Taken, Problem> {
        let _busy = self.handing_over.lock().await;
        Taken::of(self.helpdesk.receive_too_large(header, size, &envelope(header)).await)
    }

    /// What is noted about the mailbox.
    pub(super) async fn state(&self) -> Result<MailboxState, Problem> {
        let name = self.mailbox.name();
        let known = self.helpdesk.mailbox_state(&name).await.map_err(|error| Problem::not_stored(&error))?;
        Ok(known.unwrap_or_else(|| MailboxState::new(name)))
    }

    /// Notes how far the mailbox was read, and which letter was left out last.
    pub(super) async fn note(&self, state: &MailboxState) -> Result<(), Problem> {
        let lines: Vec<&str> = [&state.problem, &self.left_out].into_iter().flatten().map(String::as_str).collect();
        let problem = (!lines.is_empty()).then(|| lines.join("\n"));
        self.helpdesk
            .note_mailbox_state(&MailboxState { problem, ..state.clone() })
            .await
            .map_err(|error| Problem::not_stored(&error))
    }
}
