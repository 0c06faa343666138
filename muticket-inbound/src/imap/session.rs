//! The commands.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use muticket_core::mailbox::MailboxTrouble;
use tokio::time::{Instant, timeout};

use crate::imap::problem::Problem;
use crate::imap::reply::{Answer, Fetched, abilities};
use crate::imap::wire::{Response, Wire};

/// The most letters that are listed at once. A mailbox with more is read in several rounds.
pub(super) const LISTED: usize = 10_000;

/// How long a list may take, with any number of responses.
const LIST: Duration = Duration::from_secs(600);

/// The most bytes that are asked for of the header of a letter that is too large.
const HEADER: usize = 64 * 1024;

/// A connection on which commands are sent.
pub(super) struct Session {
    wire: Wire,
    last_tag: u32,
    /// What the server can, in upper case.
    pub(super) abilities: Vec<String>,
    /// The number of letters in the mailbox.
    exists: u32,
    /// Whether the server told of a new letter since the last look.
    has_news: bool,
}

/// The mailbox that was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Selected {
    /// `None` if the server gives its letters no lasting numbers.
    pub(super) uid_validity: Option<u32>,
}

/// A letter in the mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) uid: u32,
    /// As the server says.
    pub(super) size: u64,
}

/// What came of asking for a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    Given(Vec<u8>),
    /// It was deleted or moved meanwhile.
    Gone,
    /// The server does not give it out.
    Refused(String),
}

impl Session {
    pub(super) fn new(wire: Wire) -> Self {
        Self { wire, last_tag: 0, abilities: Vec::new(), exists: 0, has_news: false }
    }

    pub(super) fn into_wire(self) -> Wire {
        self.wire
    }

    pub(super) fn can(&self, ability: &str) -> bool {
        self.abilities.iter().any(|known| known == ability)
    }

    /// Waits for the greeting, and returns its text.
    pub(super) async fn greeting(&mut self) -> Result<String, Problem> {
        let greeting = self.wire.response(0).await?;
        if let Some(words) = greeting.data("BYE") {
            return Err(Problem::new(MailboxTrouble::Unreachable, words));
        }
        greeting.data("OK").ok_or_else(|| Problem::nonsense("the server did not greet"))
    }

    pub(super) async fn learn_abilities(&mut self) -> Result<(), Problem> {
        let mut known = Vec::new();
        let read = |response: Response| {
            known.extend(response.data("CAPABILITY").iter().flat_map(|list| abilities(list)));
            Ok(())
        };
        self.run("CAPABILITY", 0, self.wire.step, read).await?;
        self.abilities = known;
        Ok(())
    }

    /// Sends a command whose data is of no interest.
    pub(super) async fn command(&mut self, command: &str) -> Result<Answer, Problem> {
        self.run(command, 0, self.wire.step, |_| Ok(())).await
    }

    /// Signs in by a mechanism with one step, whose proof is in base 64.
    pub(super) async fn authenticate(&mut self, mechanism: &str, proof: &str) -> Result<Answer, Problem> {
        let tag = self.next_tag();
        // RFC 4959
        let mut is_sent = self.can("SASL-IR");
        let proof_at_once = if is_sent { format!(" {proof}") } else { String::new() };
        self.wire.send(&format!("{tag} AUTHENTICATE {mechanism}{proof_at_once}")).await?;
        let until = Instant::now() + self.wire.step;
        while Instant::now() < until {
            let response = self.response(0).await?;
            if response.wants_more() {
                // After the proof, the server says why it refuses it, and waits for an empty line (XOAUTH2).
                self.wire.send(if is_sent { "" } else { proof }).await?;
                is_sent = true;
            } else if let Some(answer) = response.answer(&tag)? {
                return Ok(answer);
            }
        }
        Err(Problem::no_answer())
    }

    /// Opens the folder, with the right to change it or without.
    pub(super) async fn select(&mut self, folder: &str, changes: bool) -> Result<Selected, Problem> {
        let mut selected = Selected { uid_validity: None };
        let mut exists = 0;
        let read = |response: Response| {
            exists = response.count("EXISTS").unwrap_or(exists);
            selected.uid_validity = response.code("UIDVALIDITY").or(selected.uid_validity);
            Ok(())
        };
        let command = format!("{} {}", if changes { "SELECT" } else { "EXAMINE" }, quoted(folder));
        let answer = self.run(&command, 0, self.wire.step, read).await?;
        (self.exists, self.has_news) = (exists, false);
        match answer {
            Answer::Done(_) => Ok(selected),
            Answer::Refused(words) => Err(Problem::new(MailboxTrouble::Folder, words)),
        }
    }

    /// The number of the last letter; `None` if there is no letter.
    pub(super) async fn last_uid(&mut self) -> Result<Option<u32>, Problem> {
        if self.exists == 0 {
            return Ok(None);
        }
        let mut last = None;
        let read = |response: Response| {
            last = last.max(response.fetched()?.and_then(|fetched| fetched.uid));
            Ok(())
        };
        match self.run("UID FETCH * (UID)", 0, self.wire.step, read).await? {
            Answer::Done(_) if last.is_some() => Ok(last),
            Answer::Done(_) => Err(Problem::nonsense("the server does not number its letters")),
            Answer::Refused(words) => Err(Problem::new(MailboxTrouble::Refused, words)),
        }
    }

    /// Lists the letters with this number or a higher one that came at this time or later, lowest first, at most [`LISTED`].
    pub(super) async fn list(&mut self, from: u32, since: Option<DateTime<Utc>>) -> Result<Vec<Listed>, Problem> {
        if self.exists == 0 {
            return Ok(Vec::new());
        }
        let mut found = BTreeMap::new();
        let read = |response: Response| {
            let Some(Fetched { uid: Some(uid), size, came_at, .. }) = response.fetched()? else { return Ok(()) };
            // `n:*` names the last letter, too, if all have lower numbers. A letter without a readable date may be new.
            let is_old = since.zip(came_at).is_some_and(|(since, came_at)| came_at < since);
            // A response without both tells of changed flags.
            let is_asked_for = size.is_some() || came_at.is_some();
            if is_asked_for && uid >= from && !is_old {
                found.insert(uid, size.unwrap_or_default());
                if found.len() > LISTED {
                    found.pop_last();
                }
            }
            Ok(())
        };
        let command = format!("UID FETCH {from}:* (UID RFC822.SIZE INTERNALDATE)");
        match self.run(&command, 0, LIST, read).await? {
            Answer::Done(_) => Ok(found.into_iter().map(|(uid, size)| Listed { uid, size }).collect()),
            Answer::Refused(words) => Err(Problem::new(MailboxTrouble::Refused, words)),
        }
    }

    /// Fetches a letter of at most this many bytes.
    pub(super) async fn letter(&mut self, uid: u32, most: usize) -> Result<Asked, Problem> {
        self.ask(uid, "BODY.PEEK[]", most).await
    }

    /// Fetches the beginning of the header of a letter.
    pub(super) async fn header(&mut self, uid: u32) -> Result<Asked, Problem> {
        self.ask(uid, &format!("BODY.PEEK[HEADER]<0.{HEADER}>"), HEADER).await
    }

    async fn ask(&mut self, uid: u32, part: &str, most: usize) -> Result<Asked, Problem> {
        let mut given = None;
        let read = |response: Response| {
            let Some(Fetched { uid: of, bytes: Some(bytes), .. }) = response.fetched()? else { return Ok(()) };
            if of != Some(uid) {
                return Err(Problem::nonsense(format!("the server gave another letter than {uid}")));
            }
            given = Some(bytes);
            Ok(())
        };
        let answer = self.run(&format!("UID FETCH {uid} (UID {part})"), most, self.wire.step, read).await?;
        Ok(match (answer, given) {
            (Answer::Done(_), Some(bytes)) => Asked::Given(bytes),
            (Answer::Done(_), None) => Asked::Gone,
            (Answer::Refused(words), _) => Asked::Refused(words),
        })
    }

    /// Marks a letter as read. A refusal does not matter.
    pub(super) async fn mark_seen(&mut self, uid: u32) -> Result<(), Problem> {
        self.command(&format!("UID STORE {uid} +FLAGS.SILENT (\\Seen)")).await.map(drop)
    }

    /// Waits for a new letter, at most as long. Returns `false` at once if the server refuses to tell.
    pub(super) async fn idle(&mut self, most: Duration) -> Result<bool, Problem> {
        let (until, step) = (Instant::now() + most, self.wire.step);
        let tag = self.next_tag();
        self.wire.send(&format!("{tag} IDLE")).await?;
        loop {
            let response = self.response(0).await?;
            if response.wants_more() {
                break;
            }
            if let Some(answer) = response.answer(&tag)? {
                return match answer {
                    Answer::Refused(_) => Ok(false),
                    Answer::Done(_) => Err(Problem::nonsense("the server ended IDLE by itself")),
                };
            }
        }
        while !self.has_news && Instant::now() < until && self.wire.speaks(until).await? {
            if self.response(0).await?.answer(&tag)?.is_some() {
                // Some servers end it when they get tired of it.
                return Ok(true);
            }
        }
        self.wire.send("DONE").await?;
        let ends = async {
            while self.response(0).await?.answer(&tag)?.is_none() {}
            Ok(true)
        };
        timeout(step, ends).await.map_err(|_| Problem::no_answer())?
    }

    /// Sends a command and reads until its answer. Literals have at most `room` bytes together. `limit` is for all responses without
    /// literals; those with literals take the time that their size needs.
    async fn run(
        &mut self,
        command: &str,
        room: usize,
        limit: Duration,
        mut read: impl FnMut(Response) -> Result<(), Problem>,
    ) -> Result<Answer, Problem> {
        let tag = self.next_tag();
        self.wire.send(&format!("{tag} {command}")).await?;
        let (mut room, mut spent) = (room, Duration::ZERO);
        loop {
            let begun = Instant::now();
            let response = self.response(room).await?;
            if let Some(answer) = response.answer(&tag)? {
                return Ok(answer);
            }
            let read_by_size: usize = response.literals.iter().map(Vec::len).sum();
            room = room.saturating_sub(read_by_size);
            read(response)?;
            if read_by_size == 0 {
                spent += begun.elapsed();
            }
            // A server that goes on telling other things must not hold the command up for ever.
            if spent > limit {
                return Err(Problem::no_answer());
            }
        }
    }

    /// The next response. What the server tells without being asked is noted.
    async fn response(&mut self, room: usize) -> Result<Response, Problem> {
        let response = self.wire.response(room).await?;
        if let Some(count) = response.count("EXISTS") {
            (self.exists, self.has_news) = (count, true);
        }
        if let Some(words) = response.data("BYE") {
            return Err(Problem::new(MailboxTrouble::Unreachable, words));
        }
        Ok(response)
    }

    fn next_tag(&mut self) -> String {
        self.last_tag = self.last_tag.wrapping_add(1);
        format!("a{}", self.last_tag)
    }
}

/// The text in quotes. It has no control characters.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
