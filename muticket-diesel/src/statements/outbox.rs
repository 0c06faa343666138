//! Letters to send.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{count_star, min};
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};
use muticket_core::id::{IncomingId, LetterId, TicketNumber, UserId};
use muticket_core::notification::{About, LetterState, OutboxEntry};
use muticket_core::storage::{OutboxCounts, OutboxStore, Pulse, StorageError};

use super::damages::{StoredRow, read_or_log};
use super::rows::NewRows;
use super::values::{Column, MaybeInvalid, column_of, column_of_size};
use super::{Db, DieselUnit, Key, VALUES, dialect};
use crate::dialect::UuidColumn;
use crate::fragment::{WithLimit, WithSuffix};
use crate::schema::{outbox, pulse};

const TABLE: &str = "muticket_outbox";

const PULSE: &str = "muticket_pulse";

/// The table's only row, which the migration inserts. Its beat is 0 until a courier writes one.
const PULSE_ID: i64 = 1;

const WAITING: &str = "waiting";
const CLAIMED: &str = "claimed";
const HELD: &str = "held";
const SENT: &str = "sent";
const DROPPED: &str = "dropped";
const FAILED: &str = "failed";

#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox, check_for_backend(Db))]
struct LetterRow {
    id: MaybeInvalid<Key>,
    notification: MaybeInvalid<String>,
    ticket: Option<i64>,
    message: Option<i64>,
    recipient: MaybeInvalid<String>,
    created_at: MaybeInvalid<NaiveDateTime>,
    attempts: i64,
    claims: i64,
    state: MaybeInvalid<String>,
    due_at: Option<MaybeInvalid<NaiveDateTime>>,
    ended_at: Option<MaybeInvalid<NaiveDateTime>>,
    detail: Option<MaybeInvalid<String>>,
    version: Option<i64>,
    note: Option<i64>,
    incoming: Option<MaybeInvalid<Key>>,
}

impl StoredRow for LetterRow {
    type Value = OutboxEntry;
    const TABLE: &'static str = TABLE;

    fn numbers(&self) -> [Option<i64>; 2] {
        [self.ticket, self.message]
    }

    fn read(self) -> Result<OutboxEntry, StorageError> {
        let column = |name| Column(TABLE, name);
        Ok(OutboxEntry {
            id: LetterId(self.key()?.0),
            notification: column("notice").word(&self.notification)?,
            ticket: self.place("ticket", self.ticket)?.map(|number| column("ticket").ticket(number)).transpose()?,
            message: self.place("message", self.message)?.map(|number| column("message").message(number)).transpose()?,
            about: match (self.version, self.note, &self.incoming) {
                (None, None, None) => About::Message,
                (Some(version), None, None) => About::Change(column("version").count(version)?),
                (_, Some(note), None) => About::Note(column("note").note(note)?),
                (_, _, Some(letter)) => About::Letter(IncomingId(column("incoming").valid(letter)?.0)),
            },
            created_at: column("created_at").instant(&self.created_at)?,
            attempts: column("attempts").count(self.attempts)?,
            claims: column("claims").count(self.claims)?,
            state: self.state()?,
            recipient: UserId::new(column("recipient").string(self.recipient)?),
        })
    }
}

impl LetterRow {
    /// The number in a column. Only a letter that answers a letter may have none.
    fn place(&self, name: &'static str, number: Option<i64>) -> Result<Option<i64>, StorageError> {
        match number {
            None if self.incoming.is_none() => Column(TABLE, name).read(None, self.key()?.0).map(Some),
            number => Ok(number),
        }
    }

    fn key(&self) -> Result<Key, StorageError> {
        Column(TABLE, "id").valid(&self.id)
    }

    fn state(&self) -> Result<LetterState, StorageError> {
        let Key(id) = self.key()?;
        let instant = |name, instant: &Option<MaybeInvalid<NaiveDateTime>>| {
            let column = Column(TABLE, name);
            column.instant(column.read(instant.as_ref(), id)?)
        };
        let due = || instant("due_at", &self.due_at);
        let ended = || instant("ended_at", &self.ended_at);
        let detail = Column(TABLE, "detail");
        let problem = || self.detail.as_ref().map(|text| detail.text(text).map(str::to_owned));
        match Column(TABLE, "state").text(&self.state)? {
            WAITING => Ok(LetterState::Waiting { not_before: due()?, problem: problem().transpose()? }),
            CLAIMED => Ok(LetterState::Claimed { until: due()? }),
            HELD => Ok(LetterState::Held),
            SENT => Ok(LetterState::Sent { at: ended()? }),
            DROPPED => {
                let reason = detail.word(detail.read(self.detail.as_ref(), id)?)?;
                Ok(LetterState::Dropped { at: ended()?, reason })
            }
            FAILED => Ok(LetterState::Failed { at: ended()?, problem: detail.read(problem(), id)?? }),
            other => Err(Column(TABLE, "state").corrupt(other)),
        }
    }
}

/// The columns that change with the state.
#[derive(AsChangeset)]
#[diesel(table_name = outbox, treat_none_as_null = true)]
struct StateColumns<'a> {
    state: &'static str,
    due_at: Option<NaiveDateTime>,
    ended_at: Option<NaiveDateTime>,
    detail: Option<&'a str>,
}

impl<'a> StateColumns<'a> {
    fn of(state: &'a LetterState) -> Self {
        let due = |state, at: &DateTime<Utc>, detail| Self { state, due_at: Some(column_of(*at)), ended_at: None, detail };
        let ended = |state, at: &DateTime<Utc>, detail| Self { state, due_at: None, ended_at: Some(column_of(*at)), detail };
        match state {
            LetterState::Waiting { not_before, problem } => due(WAITING, not_before, problem.as_deref()),
            LetterState::Claimed { until } => due(CLAIMED, until, None),
            LetterState::Held => Self { state: HELD, due_at: None, ended_at: None, detail: None },
            LetterState::Sent { at } => ended(SENT, at, None),
            LetterState::Dropped { at, reason } => ended(DROPPED, at, Some(reason.as_str())),
            LetterState::Failed { at, problem } => ended(FAILED, at, Some(problem)),
        }
    }
}

/// The table and columns of a new letter.
const NEW_LETTER: &str = "muticket_outbox (id, notice, ticket, message, recipient, created_at, attempts, claims, state, due_at, \
                          ended_at, detail, version, note, incoming)";

/// The values of a new letter.
fn columns_of(letter: &OutboxEntry) -> impl QueryFragment<Db> + '_ {
    let StateColumns { state, due_at, ended_at, detail } = StateColumns::of(&letter.state);
    let (version, note, incoming) = match letter.about {
        About::Message => (None, None, None),
        About::Change(version) => (Some(i64::from(version)), None, None),
        About::Note(number) => (None, Some(i64::from(number.get())), None),
        About::Letter(id) => (None, None, Some(Key(id.0))),
    };
    (
        Key(letter.id.0).into_sql::<UuidColumn>(),
        letter.notification.as_str().into_sql::<Text>(),
        letter.ticket.map(TicketNumber::get).into_sql::<Nullable<BigInt>>(),
        letter.message.map(|message| i64::from(message.get())).into_sql::<Nullable<BigInt>>(),
        letter.recipient.as_str().into_sql::<Text>(),
        column_of(letter.created_at).into_sql::<Timestamp>(),
        i64::from(letter.attempts).into_sql::<BigInt>(),
        i64::from(letter.claims).into_sql::<BigInt>(),
        state.into_sql::<Text>(),
        due_at.into_sql::<Nullable<Timestamp>>(),
        ended_at.into_sql::<Nullable<Timestamp>>(),
        detail.into_sql::<Nullable<Text>>(),
        version.into_sql::<Nullable<BigInt>>(),
        note.into_sql::<Nullable<BigInt>>(),
        incoming.into_sql::<Nullable<UuidColumn>>(),
    )
}

impl OutboxStore for DieselUnit<'_> {
    fn insert(&mut self, entries: &[OutboxEntry]) -> Result<(), StorageError> {
        let letters: Vec<_> = entries.iter().map(columns_of).collect();
        self.change(TABLE, |conn| NewRows::insert(conn, NEW_LETTER, &letters))
    }

    fn claim(&mut self, now: DateTime<Utc>, until: DateTime<Utc>, limit: u32) -> Result<Vec<OutboxEntry>, StorageError> {
        // Only waiting and claimed letters have a `due_at`.
        let due = outbox::table
            .filter(outbox::due_at.le(column_of(now)))
            .order((outbox::due_at, outbox::id))
            .select(LetterRow::as_select());
        let rows: Vec<LetterRow> =
            self.change(TABLE, |conn| WithSuffix(WithLimit(due, limit), dialect::SKIP_LOCKED).load(conn))?;
        let mut letters = Vec::with_capacity(rows.len());
        for row in rows {
            // A letter without a readable identifier cannot be claimed.
            let Some(id) = self.ok_or_note(TABLE, row.key()) else { continue };
            match row.read() {
                Ok(letter) => letters.push(letter),
                // The letter is not sent, and does not block the others (P-23).
                Err(error) => {
                    let parked = LetterState::Failed { at: now, problem: error.to_string() };
                    let park = diesel::update(outbox::table.filter(outbox::id.eq(id))).set(StateColumns::of(&parked));
                    self.change(TABLE, |conn| park.execute(conn))?;
                }
            }
        }

        let claimed = LetterState::Claimed { until };
        let ids: Vec<Key> = letters.iter().map(|letter| Key(letter.id.0)).collect();
        for ids in ids.chunks(VALUES) {
            let claim = diesel::update(outbox::table.filter(outbox::id.eq_any(ids))).set((
                outbox::attempts.eq(outbox::attempts + 1),
                outbox::claims.eq(outbox::claims + 1),
                StateColumns::of(&claimed),
            ));
            self.change(TABLE, |conn| claim.execute(conn))?;
        }
        for letter in &mut letters {
            letter.attempts = letter.attempts.saturating_add(1);
            letter.claims = letter.claims.saturating_add(1);
        }
        Ok(letters)
    }

    fn settle(&mut self, id: LetterId, claims: u32, state: &LetterState) -> Result<bool, StorageError> {
        let claim = outbox::id.eq(Key(id.0)).and(outbox::claims.eq(i64::from(claims))).and(outbox::state.eq(CLAIMED));
        let settle = diesel::update(outbox::table.filter(claim)).set(StateColumns::of(state));
        Ok(self.change(TABLE, |conn| settle.execute(conn))? > 0)
    }

    fn put_back(&mut self, id: LetterId, claims: u32, state: &LetterState) -> Result<bool, StorageError> {
        let claim = outbox::id.eq(Key(id.0)).and(outbox::claims.eq(i64::from(claims))).and(outbox::state.eq(CLAIMED));
        let put_back = diesel::update(outbox::table.filter(claim.and(outbox::attempts.gt(0))))
            .set((outbox::attempts.eq(outbox::attempts - 1), StateColumns::of(state)));
        Ok(self.change(TABLE, |conn| put_back.execute(conn))? > 0)
    }

    fn find(&mut self, id: LetterId) -> Result<Option<OutboxEntry>, StorageError> {
        let query = outbox::table.find(Key(id.0)).select(LetterRow::as_select());
        self.run(TABLE, |conn| query.get_result(conn).optional())?.map(read_or_log).transpose()
    }

    fn came_back(&mut self, id: LetterId, at: DateTime<Utc>, problem: &str) -> Result<bool, StorageError> {
        let failed = LetterState::Failed { at, problem: problem.to_owned() };
        let left = outbox::table.filter(outbox::id.eq(Key(id.0)).and(outbox::state.eq_any([SENT, CLAIMED])));
        let fail = diesel::update(left).set(StateColumns::of(&failed));
        Ok(self.change(TABLE, |conn| fail.execute(conn))? > 0)
    }

    fn bring_forward(&mut self, latest: DateTime<Utc>, due: DateTime<Utc>) -> Result<u64, StorageError> {
        let ahead = outbox::table.filter(outbox::due_at.gt(column_of(latest)));
        let bring = diesel::update(ahead).set(outbox::due_at.eq(Some(column_of(due))));
        let brought = self.change(TABLE, |conn| bring.execute(conn))?;
        Ok(u64::try_from(brought).unwrap_or(u64::MAX))
    }

    fn hold(&mut self) -> Result<u64, StorageError> {
        let open = outbox::table.filter(outbox::state.eq_any([WAITING, CLAIMED]));
        let hold = diesel::update(open).set((outbox::state.eq(HELD), outbox::due_at.eq(None::<NaiveDateTime>)));
        let held = self.change(TABLE, |conn| hold.execute(conn))?;
        Ok(u64::try_from(held).unwrap_or(u64::MAX))
    }

    fn end_hold(&mut self, state: &LetterState) -> Result<u64, StorageError> {
        let end = diesel::update(outbox::table.filter(outbox::state.eq(HELD))).set(StateColumns::of(state));
        let ended = self.change(TABLE, |conn| end.execute(conn))?;
        Ok(u64::try_from(ended).unwrap_or(u64::MAX))
    }

    fn held(&mut self) -> Result<u64, StorageError> {
        let query = outbox::table.filter(outbox::state.eq(HELD)).select(count_star());
        let held: i64 = self.run(TABLE, |conn| query.get_result(conn))?;
        Column(TABLE, "count").size(held)
    }

    fn pulse(&mut self) -> Result<Option<Pulse>, StorageError> {
        let query = pulse::table.find(PULSE_ID).select((pulse::beat, pulse::written_at, pulse::stopped));
        let (beat, at, stopped): (i64, MaybeInvalid<NaiveDateTime>, bool) = self.run(PULSE, |conn| query.get_result(conn))?;
        let read = Column(PULSE, "beat").size(beat).and_then(|beat| Ok((beat, Column(PULSE, "written_at").instant(&at)?)));
        // The value is replaced in any case.
        let read = self.ok_or_note(PULSE, read).filter(|(beat, _)| *beat > 0);
        Ok(read.map(|(beat, at)| Pulse { beat, at, stopped }))
    }

    fn set_pulse(&mut self, new: &Pulse) -> Result<(), StorageError> {
        let values =
            (pulse::beat.eq(column_of_size(new.beat)?), pulse::written_at.eq(column_of(new.at)), pulse::stopped.eq(new.stopped));
        let update = diesel::update(pulse::table.find(PULSE_ID)).set(values);
        self.change(PULSE, |conn| update.execute(conn))?;
        Ok(())
    }

    fn retry(&mut self, id: LetterId, now: DateTime<Utc>) -> Result<bool, StorageError> {
        // The error stays in `detail`.
        let failed = outbox::table.filter(outbox::id.eq(Key(id.0)).and(outbox::state.eq(FAILED)));
        let retry = diesel::update(failed).set((
            outbox::attempts.eq(0),
            outbox::state.eq(WAITING),
            outbox::due_at.eq(Some(column_of(now))),
            outbox::ended_at.eq(None::<NaiveDateTime>),
        ));
        Ok(self.change(TABLE, |conn| retry.execute(conn))? > 0)
    }

    fn next_due(&mut self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let query = outbox::table.filter(outbox::due_at.is_not_null()).select(min(outbox::due_at));
        let due: Option<MaybeInvalid<NaiveDateTime>> = self.run(TABLE, |conn| query.get_result(conn))?;
        // A date that cannot be read counts as due at once: the courier that claims the letter marks it as failed.
        Ok(due.map(|due| due.instant().unwrap_or(DateTime::UNIX_EPOCH)))
    }

    fn list_unsent(&mut self, limit: u32) -> Result<Vec<OutboxEntry>, StorageError> {
        let mut letters = Vec::new();
        let mut room = limit;
        for state in [FAILED, HELD, WAITING, CLAIMED, DROPPED] {
            let query = outbox::table
                .filter(outbox::state.eq(state))
                .order((outbox::created_at.desc(), outbox::id.desc()))
                .select(LetterRow::as_select());
            let rows: Vec<LetterRow> = self.run(TABLE, |conn| WithLimit(query, room).load(conn))?;
            room -= u32::try_from(rows.len()).unwrap_or(room);
            letters.extend(self.readable(rows));
        }
        Ok(letters)
    }

    fn count(&mut self) -> Result<OutboxCounts, StorageError> {
        let query = outbox::table.group_by(outbox::state).select((outbox::state, count_star()));
        let counted: Vec<(MaybeInvalid<String>, i64)> = self.run(TABLE, |conn| query.load(conn))?;
        let mut counts = OutboxCounts::default();
        for (state, letters) in counted {
            let state = Column(TABLE, "state").text(&state);
            let Some(state) = self.ok_or_note(TABLE, state) else { continue };
            let count = match state {
                WAITING | CLAIMED => &mut counts.waiting,
                SENT => &mut counts.sent,
                DROPPED => &mut counts.dropped,
                FAILED => &mut counts.failed,
                HELD => &mut counts.held,
                other => {
                    self.ok_or_note::<()>(TABLE, Err(Column(TABLE, "state").corrupt(other)));
                    continue;
                }
            };
            *count = count.saturating_add(Column(TABLE, "count").size(letters)?);
        }
        Ok(counts)
    }

    fn delete_ended(&mut self, before: DateTime<Utc>) -> Result<u64, StorageError> {
        let old = outbox::table.filter(outbox::ended_at.lt(column_of(before)).and(outbox::state.ne(FAILED)));
        let deleted = self.change(TABLE, |conn| diesel::delete(old).execute(conn))?;
        Ok(u64::try_from(deleted).unwrap_or(u64::MAX))
    }
}
