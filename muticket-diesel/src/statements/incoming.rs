//! Letters that came in.

mod deletion;
mod of_ticket;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::min;
use diesel::prelude::*;
use muticket_core::blob::{BlobKey, Digest};
use muticket_core::id::{IncomingId, MessageNumber, TicketNumber, UserId};
use muticket_core::incoming::{Check, Envelope, Incoming, Verdict, VerdictGroup};
use muticket_core::storage::{Counts, IncomingStore, StorageError};

use super::damages::{StoredRow, read_or_log};
use super::values::{Column, MaybeInvalid, column_of, column_of_size};
use super::{Db, DieselUnit, Key, VALUES, dialect, insert};
use crate::fragment::{Counted, CountedEach, WithLimit, WithOffset, WithSuffix};
use crate::schema::incoming;

const TABLE: &str = "muticket_incoming";

#[derive(Queryable, Selectable)]
#[diesel(table_name = incoming, check_for_backend(Db))]
struct IncomingRow {
    id: MaybeInvalid<Key>,
    received_at: MaybeInvalid<NaiveDateTime>,
    blob_key: MaybeInvalid<String>,
    size: i64,
    sha256: MaybeInvalid<String>,
    envelope_from: Option<MaybeInvalid<String>>,
    envelope_to: MaybeInvalid<String>,
    attempts: i64,
    claims: i64,
    due_at: Option<MaybeInvalid<NaiveDateTime>>,
    verdict: MaybeInvalid<String>,
    problem: Option<MaybeInvalid<String>>,
    sender: Option<MaybeInvalid<String>>,
    subject: Option<MaybeInvalid<String>>,
    message_id: Option<MaybeInvalid<String>>,
    checked: Option<MaybeInvalid<String>>,
    exempt: MaybeInvalid<bool>,
    writer: Option<MaybeInvalid<String>>,
    told_at: Option<MaybeInvalid<NaiveDateTime>>,
    ticket: Option<i64>,
    message: Option<i64>,
    new_part: Option<i64>,
}

impl StoredRow for IncomingRow {
    type Value = Incoming;
    const TABLE: &'static str = TABLE;

    fn numbers(&self) -> [Option<i64>; 2] {
        [self.ticket, self.message]
    }

    fn read(self) -> Result<Incoming, StorageError> {
        let column = |name| Column(TABLE, name);
        let text = |name, text: Option<MaybeInvalid<String>>| text.map(|text| column(name).string(text)).transpose();
        let id = IncomingId(self.key()?.0);
        let blob = (
            column("blob_key").parsed(&self.blob_key, BlobKey::from_stored)?,
            column("size").size(self.size)?,
            column("sha256").parsed(&self.sha256, Digest::from_stored)?,
        );
        let received_at = column("received_at").instant(&self.received_at)?;
        let envelope =
            Envelope { from: text("envelope_from", self.envelope_from)?, to: column("envelope_to").string(self.envelope_to)? };
        Ok(Incoming {
            attempts: column("attempts").count(self.attempts)?,
            claims: column("claims").count(self.claims)?,
            due_at: self.due_at.as_ref().map(|due| column("due_at").instant(due)).transpose()?,
            verdict: column("verdict").word(&self.verdict)?,
            problem: text("problem", self.problem)?,
            sender: text("sender", self.sender)?,
            subject: text("subject", self.subject)?,
            message_id: text("message_id", self.message_id)?,
            checked: self.checked.as_ref().map(|word| column("checked").word(word)).transpose()?,
            is_exempt: column("exempt").valid(&self.exempt)?,
            writer: text("writer", self.writer)?.map(UserId::new),
            told_at: self.told_at.as_ref().map(|told| column("told_at").instant(told)).transpose()?,
            ticket: self.ticket.map(|number| column("ticket").ticket(number)).transpose()?,
            message: self.message.map(|number| column("message").message(number)).transpose()?,
            new_part: self.new_part.map(|count| column("new_part").count(count)).transpose()?,
            ..Incoming::new(id, blob, envelope, received_at, received_at)
        })
    }
}

impl IncomingRow {
    /// Whether it has a place in a list.
    fn is_placed(&self) -> bool {
        self.key().is_ok() && Column(TABLE, "received_at").instant(&self.received_at).is_ok()
    }

    fn key(&self) -> Result<Key, StorageError> {
        Column(TABLE, "id").valid(&self.id)
    }
}

/// The columns that change with what becomes of a letter.
#[derive(AsChangeset, Insertable)]
#[diesel(table_name = incoming, treat_none_as_null = true)]
struct OutcomeColumns<'a> {
    attempts: i64,
    due_at: Option<NaiveDateTime>,
    verdict: &'static str,
    problem: Option<&'a str>,
    sender: Option<&'a str>,
    subject: Option<&'a str>,
    message_id: Option<&'a str>,
    checked: Option<&'static str>,
    exempt: bool,
    writer: Option<&'a str>,
    told_at: Option<NaiveDateTime>,
    ticket: Option<i64>,
    message: Option<i64>,
    new_part: Option<i64>,
}

impl<'a> OutcomeColumns<'a> {
    fn of(letter: &'a Incoming) -> Self {
        Self {
            attempts: letter.attempts.into(),
            due_at: letter.due_at.map(column_of),
            verdict: letter.verdict.as_str(),
            problem: letter.problem.as_deref(),
            sender: letter.sender.as_deref(),
            subject: letter.subject.as_deref(),
            message_id: letter.message_id.as_deref(),
            checked: letter.checked.map(Check::as_str),
            exempt: letter.is_exempt,
            writer: letter.writer.as_ref().map(UserId::as_str),
            told_at: letter.told_at.map(column_of),
            ticket: letter.ticket.map(TicketNumber::get),
            message: letter.message.map(|message| message.get().into()),
            new_part: letter.new_part.map(i64::from),
        }
    }
}

impl IncomingStore for DieselUnit<'_> {
    fn insert(&mut self, letter: &Incoming) -> Result<(), StorageError> {
        let OutcomeColumns { attempts, due_at, verdict, problem, sender, subject, .. } = OutcomeColumns::of(letter);
        let OutcomeColumns { message_id, checked, exempt, writer, told_at, .. } = OutcomeColumns::of(letter);
        let OutcomeColumns { ticket, message, new_part, .. } = OutcomeColumns::of(letter);
        let new = diesel::insert_into(incoming::table).values((
            incoming::id.eq(Key(letter.id.0)),
            incoming::received_at.eq(column_of(letter.received_at)),
            incoming::blob_key.eq(letter.key.as_str()),
            incoming::size.eq(column_of_size(letter.size)?),
            incoming::sha256.eq(letter.digest.to_string()),
            incoming::envelope_from.eq(letter.envelope.from.as_deref()),
            incoming::envelope_to.eq(letter.envelope.to.as_str()),
            incoming::attempts.eq(attempts),
            incoming::claims.eq(i64::from(letter.claims)),
            incoming::due_at.eq(due_at),
            incoming::verdict.eq(verdict),
            incoming::problem.eq(problem),
            incoming::sender.eq(sender),
            incoming::subject.eq(subject),
            incoming::message_id.eq(message_id),
            incoming::checked.eq(checked),
            incoming::exempt.eq(exempt),
            incoming::writer.eq(writer),
            incoming::told_at.eq(told_at),
            incoming::ticket.eq(ticket),
            incoming::message.eq(message),
            incoming::new_part.eq(new_part),
        ));
        self.try_to_change(TABLE, |conn| insert(conn, new))?;
        Ok(())
    }

    fn find(&mut self, id: IncomingId) -> Result<Option<Incoming>, StorageError> {
        let query = incoming::table.find(Key(id.0)).select(IncomingRow::as_select());
        self.run(TABLE, |conn| query.get_result(conn).optional())?.map(read_or_log).transpose()
    }

    fn find_by_digest(&mut self, digest: &Digest) -> Result<Option<Incoming>, StorageError> {
        let query = incoming::table.filter(incoming::sha256.eq(digest.to_string())).select(IncomingRow::as_select());
        self.run(TABLE, |conn| query.get_result(conn).optional())?.map(read_or_log).transpose()
    }

    fn claim(&mut self, now: DateTime<Utc>, until: DateTime<Utc>, limit: u32) -> Result<Vec<Incoming>, StorageError> {
        let due = incoming::table
            .filter(incoming::due_at.le(column_of(now)))
            .order((incoming::due_at, incoming::id))
            .select(IncomingRow::as_select());
        let rows: Vec<IncomingRow> =
            self.change(TABLE, |conn| WithSuffix(WithLimit(due, limit), dialect::SKIP_LOCKED).load(conn))?;
        let mut letters = Vec::with_capacity(rows.len());
        for row in rows {
            // A letter without a readable identifier cannot be claimed.
            let Some(id) = self.ok_or_note(TABLE, row.key()) else { continue };
            match row.read() {
                Ok(letter) => letters.push(letter),
                // It cannot be worked on, and does not block the others (M-02).
                Err(error) => {
                    let problem = error.to_string();
                    let park = diesel::update(incoming::table.find(id)).set((
                        incoming::verdict.eq(Verdict::Parked.as_str()),
                        incoming::due_at.eq(None::<NaiveDateTime>),
                        incoming::problem.eq(Some(problem)),
                    ));
                    self.change(TABLE, |conn| park.execute(conn))?;
                }
            }
        }
        let ids: Vec<Key> = letters.iter().map(|letter| Key(letter.id.0)).collect();
        for ids in ids.chunks(VALUES) {
            let claim = diesel::update(incoming::table.filter(incoming::id.eq_any(ids))).set((
                incoming::attempts.eq(incoming::attempts + 1),
                incoming::claims.eq(incoming::claims + 1),
                incoming::due_at.eq(Some(column_of(until))),
            ));
            self.change(TABLE, |conn| claim.execute(conn))?;
        }
        for letter in &mut letters {
            letter.attempts = letter.attempts.saturating_add(1);
            letter.claims = letter.claims.saturating_add(1);
            letter.due_at = Some(until);
        }
        Ok(letters)
    }

    fn claim_one(&mut self, id: IncomingId, claims: u32, until: DateTime<Utc>) -> Result<bool, StorageError> {
        let letter = incoming::id.eq(Key(id.0)).and(incoming::claims.eq(i64::from(claims)));
        let claim = diesel::update(incoming::table.filter(letter))
            .set((incoming::claims.eq(incoming::claims + 1), incoming::due_at.eq(Some(column_of(until)))));
        Ok(self.change(TABLE, |conn| claim.execute(conn))? > 0)
    }

    fn settle(&mut self, letter: &Incoming) -> Result<bool, StorageError> {
        let claimed = incoming::id.eq(Key(letter.id.0)).and(incoming::claims.eq(i64::from(letter.claims)));
        // MariaDB and MySQL do not count rows that an update leaves as they are.
        let query = incoming::table.filter(claimed).select(incoming::claims);
        let is_claimed = self.change(TABLE, |conn| WithSuffix(query, dialect::LOCKED).load::<i64>(conn))?;
        if is_claimed.is_empty() {
            return Ok(false);
        }
        let settle = diesel::update(incoming::table.find(Key(letter.id.0))).set(OutcomeColumns::of(letter));
        self.try_to_refer(TABLE, |conn| settle.execute(conn))?;
        Ok(true)
    }

    fn bring_forward(&mut self, verdict: Verdict, due: DateTime<Utc>) -> Result<(), StorageError> {
        let due = column_of(due);
        let later = incoming::verdict.eq(verdict.as_str()).and(incoming::due_at.gt(due));
        let bring = diesel::update(incoming::table.filter(later)).set(incoming::due_at.eq(Some(due)));
        self.change(TABLE, |conn| bring.execute(conn))?;
        Ok(())
    }

    fn next_due(&mut self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let query = incoming::table.filter(incoming::due_at.is_not_null()).select(min(incoming::due_at));
        let due: Option<MaybeInvalid<NaiveDateTime>> = self.run(TABLE, |conn| query.get_result(conn))?;
        // A date that cannot be read counts as due at once: the letter is then parked.
        Ok(due.map(|due| due.instant().unwrap_or(DateTime::UNIX_EPOCH)))
    }

    fn list_recent(
        &mut self,
        group: VerdictGroup,
        before: Option<(DateTime<Utc>, IncomingId)>,
        limit: u32,
    ) -> Result<Vec<Incoming>, StorageError> {
        let mut recent = Vec::new();
        // One statement for each verdict: the index then has the rows in their order.
        for verdict in group.verdicts() {
            let of_verdict = || {
                let mut query = incoming::table
                    .filter(incoming::verdict.eq(verdict.as_str()))
                    .order((incoming::received_at.desc(), incoming::id.desc()))
                    .select(IncomingRow::as_select())
                    .into_boxed();
                if let Some((at, id)) = before {
                    let older = incoming::received_at.lt(column_of(at)).or(incoming::id.lt(Key(id.0)));
                    // The first condition is redundant, but lets an index be used.
                    query = query.filter(incoming::received_at.le(column_of(at))).filter(older);
                }
                query
            };
            let load =
                |unit: &mut Self, skip| unit.run(TABLE, |conn| WithOffset(WithLimit(of_verdict(), limit), skip).load(conn));
            let rows = self.placed(limit, IncomingRow::is_placed, load)?;
            recent.extend(self.readable(rows));
        }
        recent.sort_unstable_by_key(|letter| std::cmp::Reverse((letter.received_at, letter.id)));
        recent.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(recent)
    }

    fn count(&mut self) -> Result<Vec<u32>, StorageError> {
        let groups = (0_i64..).zip(VerdictGroup::ALL);
        let verdicts = groups.flat_map(|(place, group)| group.verdicts().map(move |verdict| (place, verdict)));
        let count = |(place, verdict): (i64, Verdict)| {
            let of_verdict = incoming::table.filter(incoming::verdict.eq(verdict.as_str())).select(incoming::id);
            (place, Counted(WithLimit(of_verdict, Counts::MANY)))
        };
        let statement = CountedEach(verdicts.map(count).collect());
        let rows: Vec<(i64, i64)> = self.run(TABLE, |conn| statement.load(conn))?;
        let mut counts = vec![0_u32; VerdictGroup::ALL.len()];
        for (place, number) in rows {
            let number = Column(TABLE, "count").count(number)?;
            if let Some(count) = usize::try_from(place).ok().and_then(|place| counts.get_mut(place)) {
                *count = count.saturating_add(number).min(Counts::MANY);
            }
        }
        Ok(counts)
    }

    fn taken(
        &mut self,
        writer: &UserId,
        ticket: Option<TicketNumber>,
        (since, until): (DateTime<Utc>, DateTime<Utc>),
        most: u32,
    ) -> Result<u32, StorageError> {
        let came = incoming::received_at.gt(column_of(since)).and(incoming::received_at.le(column_of(until)));
        let of_writer = incoming::table.filter(incoming::writer.eq(writer.as_str()).and(came)).select(incoming::claims);
        let taken: Vec<i64> = match ticket {
            Some(ticket) => {
                let replies = of_writer.filter(incoming::ticket.eq(ticket.get()).and(incoming::message.is_not_null()));
                self.run(TABLE, |conn| WithLimit(replies, most).load(conn))?
            }
            None => {
                let opened = of_writer.filter(incoming::message.eq(i64::from(MessageNumber::FIRST.get())));
                self.run(TABLE, |conn| WithLimit(opened, most).load(conn))?
            }
        };
        Ok(u32::try_from(taken.len()).unwrap_or(most))
    }

    fn told(&mut self, writer: &UserId, since: DateTime<Utc>, most: u32) -> Result<u32, StorageError> {
        let told = incoming::writer.eq(writer.as_str()).and(incoming::told_at.gt(column_of(since)));
        let query = incoming::table.filter(told).select(incoming::claims);
        let told: Vec<i64> = self.run(TABLE, |conn| WithLimit(query, most).load(conn))?;
        Ok(u32::try_from(told.len()).unwrap_or(most))
    }

    fn told_supporters(&mut self, ticket: TicketNumber, since: DateTime<Utc>) -> Result<bool, StorageError> {
        let told = incoming::writer.is_null().and(incoming::told_at.gt(column_of(since)));
        let query = incoming::table.filter(told.and(incoming::ticket.eq(ticket.get()))).select(incoming::claims);
        let told: Vec<i64> = self.run(TABLE, |conn| WithLimit(query, 1).load(conn))?;
        Ok(!told.is_empty())
    }

    fn list_messages(
        &mut self,
        ticket: TicketNumber,
        first: MessageNumber,
        last: MessageNumber,
    ) -> Result<Vec<Incoming>, StorageError> {
        self.letters_of_messages(ticket, first, last)
    }

    fn list_of_ticket(&mut self, ticket: TicketNumber, verdict: Verdict, limit: u32) -> Result<Vec<Incoming>, StorageError> {
        self.letters_of_ticket(ticket, verdict, limit)
    }

    fn keys(&mut self, ticket: TicketNumber) -> Result<Vec<BlobKey>, StorageError> {
        self.keys_of_letters(ticket)
    }

    fn delete_useless(&mut self, before: DateTime<Utc>, limit: u32) -> Result<Vec<BlobKey>, StorageError> {
        self.delete_useless_letters(before, limit)
    }

    fn delete_unknown(&mut self, before: DateTime<Utc>, limit: u32) -> Result<Vec<BlobKey>, StorageError> {
        self.delete_unknown_letters(before, limit)
    }
}
