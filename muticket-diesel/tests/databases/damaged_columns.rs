//! Whatever a column of whatever table holds, everything that lists, counts and looks for work goes on (P-28, P-33).
//!
//! On SQLite, whose columns keep anything.

use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use muticket_core::blob::Digest;
use muticket_core::category::Category;
use muticket_core::figures::Period;
use muticket_core::id::{
    CategoryId, GroupId, IncomingId, LabelId, MessageNumber, NoteNumber, SavedAnswerId, SavedViewId, SupporterId, TicketNumber,
    UserId,
};
use muticket_core::incoming::{Check, Envelope, Incoming, Verdict, VerdictGroup};
use muticket_core::label::{Label, LabelColour, LabelName};
use muticket_core::language::Language;
use muticket_core::mailbox::{MailboxPlace, MailboxState, MailboxTrouble};
use muticket_core::overview::{AssigneeFilter, NamedView};
use muticket_core::saved_answer::{Actions, Assign, SavedAnswer};
use muticket_core::saved_view::{FirstView, SavedView, ViewFilter, ViewName};
use muticket_core::search::Search;
use muticket_core::sender::AssignedSender;
use muticket_core::settings::Settings;
use muticket_core::site_address::SiteAddress;
use muticket_core::storage::{
    Assigned, FirstAnswerQuery, Order, OverviewQuery, Pulse, RatedQuery, Reach, SortKey, StateFilter, Storage, StorageError,
    StorageFault, StoredCategory, Unit, View, WaitingFilter,
};
use muticket_core::supporter::Supporter;
use muticket_core::ticket::{Body, Priority, Waiting};
use muticket_core::undeliverable::Undeliverable;
use muticket_core::viewer::Side;
use muticket_diesel::DieselStorage;
use uuid::Uuid;

use crate::sample::{answered, key, now};

fn sara() -> UserId {
    UserId::new("sara")
}

/// A row in every table.
fn fill(unit: &mut dyn Unit) -> Result<(), StorageError> {
    for number in 1..=3_u8 {
        answered(unit)?;
        let id = Uuid::from_u128(number.into());
        let categories = [CategoryId::new(number.to_string())].into();
        let user = UserId::new(number.to_string());
        unit.supporters().insert(&Supporter { id: SupporterId(id), user, present: true, categories })?;
        let names = vec![(Language::english(), "Bills".to_owned())];
        unit.categories()
            .insert(&StoredCategory { category: Category { id: CategoryId::new(number.to_string()), names }, retired: false })?;
        unit.orphans().insert(&[key(100 + u128::from(number))], now())?;
        let name = LabelName::parse(&number.to_string()).unwrap();
        unit.labels().insert(&Label { id: LabelId(id), name, colour: LabelColour::Red })?;
        unit.labels().put_on(TicketNumber::new(number.into()).unwrap(), LabelId(id))?;
        unit.incoming().insert(&letter(number))?;
        unit.undeliverable().update(&undeliverable(number))?;
        unit.mailboxes().update(&mailbox(number))?;
        unit.senders().update(&AssignedSender { address: format!("{number}@x.example"), user: sara(), assigned_at: now() })?;
        let answer = saved_answer(number);
        unit.saved_answers().insert(&answer)?;
        unit.saved_answers().count_use(answer.id, &sara())?;
        unit.saved_views().insert(&saved_view(number))?;
        let first = [FirstView::Ready(NamedView::Mine), FirstView::Saved(SavedViewId(id))][usize::from(number % 2)];
        unit.saved_views().set_first(&[sara(), UserId::new("tom")][usize::from(number % 2)], Some(first))?;
    }
    unit.categories().arrange(&[CategoryId::new("2"), CategoryId::new("1")])?;
    unit.settings().update(&Settings {
        image_limit: Some(5),
        supporter_group: Some(GroupId::new("7")),
        ..Settings::default()
    })?;
    unit.outbox().set_pulse(&Pulse { beat: 7, at: now(), stopped: false })?;
    unit.site_address().replace(None, &SiteAddress::new("/support", Some("https://example.org/support")))
}

/// A letter that came in. The second one is held, and the third one is of no use.
fn letter(number: u8) -> Incoming {
    let blob = (key(200 + u128::from(number)), 5, Digest::of(&[number]));
    let envelope = Envelope { from: Some("anna@x.example".to_owned()), to: "support@x.example".to_owned() };
    let mut letter = Incoming::new(IncomingId(Uuid::from_u128(number.into())), blob, envelope, now(), now());
    letter.verdict = [Verdict::Waiting, Verdict::Parked, Verdict::Automatic][usize::from(number - 1)];
    letter.problem = Some("the host failed".to_owned());
    (letter.message_id, letter.writer) = (Some("a@mail.example".to_owned()), Some(UserId::new("anna")));
    (letter.told_at, letter.checked) = (Some(now()), Some(Check::Passed));
    (letter.sender, letter.subject) = (Some("anna@x.example".to_owned()), Some("Hello".to_owned()));
    (letter.ticket, letter.message, letter.new_part) = (TicketNumber::new(number.into()), MessageNumber::new(1), Some(3));
    letter
}

fn undeliverable(number: u8) -> Undeliverable {
    let before = Undeliverable::after(None, &UserId::new(number.to_string()), "anna@x.example", "550 no such user", now());
    Undeliverable { reports: 3, ..before }
}

fn mailbox(number: u8) -> MailboxState {
    let place = Some(MailboxPlace { uid_validity: 7, next_uid: number.into() });
    let problem = Some(MailboxTrouble::Login.with("no"));
    MailboxState { place, checked_at: Some(now()), problem, ..MailboxState::new(number.to_string()) }
}

fn saved_answer(number: u8) -> SavedAnswer {
    SavedAnswer {
        id: SavedAnswerId(Uuid::from_u128(number.into())),
        owner: (number == 2).then(sara),
        title: "Hello".to_owned(),
        texts: vec![(Language::english(), Body::parse("Hello").unwrap()), (Language::german(), Body::parse("Hallo").unwrap())],
        categories: [CategoryId::new("1")].into(),
        actions: Actions { priority: Some(Priority::High), assign: Some(Assign::To(sara())), ..Actions::default() },
    }
}

fn saved_view(number: u8) -> SavedView {
    let filter = ViewFilter {
        view: Some(NamedView::Nobody),
        waiting: Some(Waiting::New),
        category: Some(CategoryId::new("1")),
        customer: Some(UserId::new("anna")),
        assignee: Some(AssigneeFilter::User(sara())),
        priority: Some(Priority::High),
        label: Some(LabelId(Uuid::from_u128(1))),
        search: Search::parse("printer"),
        ..ViewFilter::default()
    };
    let name = ViewName::parse("Bills").unwrap();
    SavedView { id: SavedViewId(Uuid::from_u128(number.into())), owner: (number == 2).then(sara), name, filter }
}

/// All that pages of lists, the statistics and the courier ask.
fn everything(unit: &mut dyn Unit) -> Result<(), StorageError> {
    let numbers: Vec<_> = (1..=3).filter_map(TicketNumber::new).collect();
    for (sort, order) in
        [(SortKey::Activity, Order::Descending), (SortKey::Activity, Order::Ascending), (SortKey::Number, Order::Ascending)]
    {
        for (state, search) in [(StateFilter::All, None), (StateFilter::Open, Search::parse("printer"))] {
            let view = View { state, search, ..View::of(Reach::All) };
            unit.overviews().list(&OverviewQuery { view, sort, order, after: None, limit: 2 })?;
        }
    }
    unit.overviews().count(&[View { search: Search::parse("printer"), ..View::of(Reach::Own(UserId::new("anna"))) }])?;
    let waiting = View { waiting: WaitingFilter::ForSupporters, except: Some(sara()), ..View::of(Reach::All) };
    for sort in [SortKey::Activity, SortKey::ToDo] {
        let (view, order) = (waiting.clone(), Order::Ascending);
        unit.overviews().list(&OverviewQuery { view, sort, order, after: None, limit: 1 })?;
    }
    for assigned in [Assigned::To(sara()), Assigned::ToNobodyBut([UserId::new("vera")].into())] {
        let view = View { assigned, priority: None, ..View::of(Reach::All) };
        for sort in [SortKey::ToDo, SortKey::Number] {
            let (view, order) = (view.clone(), Order::Descending);
            unit.overviews().list(&OverviewQuery { view, sort, order, after: None, limit: 2 })?;
        }
        unit.overviews().count(&[view])?;
    }
    unit.overviews().assignees()?;
    for number in &numbers {
        alone(unit.tickets().find_customer(*number))?;
        unit.messages().list(*number, None, 20)?;
        unit.messages().beginnings(&[(*number, MessageNumber::FIRST)])?;
        unit.attachments().list(*number)?;
        unit.notes().list_files(*number, NoteNumber::FIRST, NoteNumber::FIRST)?;
        unit.notes().file_keys(*number, None)?;
        unit.ratings().list(*number)?;
        for letter in unit.incoming().list_messages(*number, MessageNumber::FIRST, MessageNumber::FIRST)? {
            alone(unit.incoming().find(letter.id))?;
            alone(unit.incoming().find_by_digest(&letter.digest))?;
            unit.incoming().list_of_ticket(*number, letter.verdict, 20)?;
        }
        unit.incoming().keys(*number)?;
        unit.histories().list(*number, Side::Desk, None)?;
    }
    unit.tickets().list_customers(&numbers)?;
    unit.marks().list(&sara(), &numbers)?;
    let labels: Vec<_> = unit.labels().list()?.into_iter().map(|label| label.id).collect();
    unit.labels().of(&numbers)?;
    unit.labels().count(&labels)?;
    unit.attachments().without_digest(None, 20)?;
    let period = Period { begins: now() - TimeDelta::days(1), ends: now() + TimeDelta::days(1) };
    unit.ratings().tally(&sara())?;
    unit.ratings().tally_periods(&sara(), &[period])?;
    unit.ratings().last_active(&sara(), now() + TimeDelta::days(400))?;
    unit.ratings().list_by_author(&RatedQuery { author: sara(), score: None, period: None, after: None, limit: 2 })?;
    unit.first_answers().tally(&sara(), now())?;
    unit.first_answers().list(&FirstAnswerQuery { author: sara(), wait: None, after: None, limit: 2 })?;
    for supporter in unit.supporters().list()? {
        unit.supporters().find(supporter.id)?;
    }
    unit.settings().find()?;
    unit.settings().revision()?;
    for kept in unit.categories().list()? {
        unit.categories().find(&kept.category.id)?;
    }
    unit.categories().order()?;
    for listed in unit.saved_answers().list(Some(&sara()))? {
        alone(unit.saved_answers().find(listed.id))?;
    }
    for view in unit.saved_views().list(&sara())? {
        alone(unit.saved_views().find(view.id))?;
    }
    for user in [sara(), UserId::new("tom")] {
        unit.saved_views().first(&user)?;
    }
    unit.incoming().taken(&UserId::new("anna"), TicketNumber::new(1), (now() - TimeDelta::days(1), now()), 20)?;
    unit.incoming().told(&UserId::new("anna"), now() - TimeDelta::days(1), 20)?;
    for number in (1..=3).filter_map(TicketNumber::new) {
        unit.incoming().told_supporters(number, now() - TimeDelta::days(1))?;
    }
    unit.mailboxes().list()?;
    for group in VerdictGroup::ALL {
        unit.incoming().list_recent(*group, None, 20)?;
    }
    unit.incoming().count()?;
    for sender in unit.senders().list(20)? {
        alone(unit.senders().find(&sender.address))?;
    }
    unit.incoming().next_due()?;
    let users: Vec<_> = (1..=3).map(|number| UserId::new(number.to_string())).collect();
    unit.undeliverable().of(&users)?;
    unit.undeliverable().list(3, now() - TimeDelta::days(1), 20)?;
    for user in &users {
        unit.undeliverable().find(user)?;
    }
    for letter in unit.outbox().list_unsent(20)? {
        alone(unit.outbox().find(letter.id))?;
    }
    unit.outbox().count()?;
    unit.outbox().held()?;
    unit.outbox().pulse()?;
    unit.outbox().next_due()?;
    unit.outbox().list_unsent(20)?;
    unit.orphans().due(now() + TimeDelta::days(1), 20)?;
    alone(unit.site_address().find())
}

/// The answer of a method that reads a single row. It may say that the row is damaged.
fn alone<T>(answer: Result<T, StorageError>) -> Result<(), StorageError> {
    match answer {
        Ok(_) | Err(StorageError::Corrupt { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// What is said when everything went well, and shall not stay.
const ENOUGH: &str = "this was only a test";

/// What the courier and the sweep do. It is taken back.
fn work(unit: &mut dyn Unit) -> Result<(), StorageError> {
    unit.outbox().claim(now() + TimeDelta::days(1), now() + TimeDelta::days(2), 20)?;
    unit.incoming().claim(now() + TimeDelta::days(1), now() + TimeDelta::days(2), 20)?;
    unit.incoming().bring_forward(Verdict::Waiting, now())?;
    unit.incoming().delete_useless(now() + TimeDelta::days(1), 20)?;
    unit.incoming().delete_unknown(now() + TimeDelta::days(1), 20)?;
    unit.undeliverable().delete_before(now() + TimeDelta::days(1))?;
    unit.outbox().bring_forward(now(), now())?;
    unit.outbox().hold()?;
    unit.orphans().due(now() + TimeDelta::days(1), 20)?;
    for number in (1..=3).filter_map(TicketNumber::new) {
        unit.tickets().delete(number)?;
    }
    Err(StorageError::fault(StorageFault::Other, ENOUGH))
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    of: String,
    #[diesel(sql_type = Text)]
    name: String,
    /// The columns by which a row is found.
    #[diesel(sql_type = Text)]
    key: String,
}

#[tokio::test]
async fn no_damaged_column_takes_anything_down() {
    const VALUES: [&str; 8] = [
        "'odd'",
        "''",
        "-1",
        "'2026-13-99 08:99:00'",
        "x'00'",
        "9223372036854775807",
        // Text that is not UTF-8.
        "CAST(x'ff41' AS TEXT)",
        "x'41c3'",
    ];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tickets.db").to_str().unwrap().to_owned();
    let storage = DieselStorage::connect(&format!("sqlite:{file}")).await.unwrap();
    let storage: &dyn Storage = &storage;
    storage.run_write(fill).await.unwrap();
    storage.run_read(everything).await.unwrap();
    let mut conn = SqliteConnection::establish(&file).unwrap();
    conn.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF").unwrap();
    // Not what a row is found by, and not the migrations.
    let columns: Vec<Column> = diesel::sql_query(
        "SELECT t.name AS of, c.name AS name, \
         (SELECT group_concat(k.name, ', ') FROM pragma_table_info(t.name) k WHERE k.pk > 0) AS key FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' \
         AND t.name LIKE 'muticket_%' AND t.name NOT IN ('muticket_migration', 'muticket_secret') AND NOT (c.pk = 1 AND c.type = 'INTEGER')",
    )
    .load(&mut conn)
    .unwrap();
    assert!(columns.len() > 60, "{}", columns.len());
    let mut tried = 0;
    for Column { of, name, key } in columns {
        conn.batch_execute(&format!("CREATE TEMP TABLE kept AS SELECT * FROM {of}")).unwrap();
        for value in VALUES {
            let damage = format!("UPDATE {of} SET {name} = {value} WHERE ({key}) = (SELECT {key} FROM {of} LIMIT 1)");
            if conn.batch_execute(&damage).is_err() {
                // The database itself does not keep it there.
                continue;
            }
            tried += 1;
            if let Err(error) = storage.run_read(everything).await {
                panic!("{damage}: {error}");
            }
            let ended: Result<(), StorageError> = storage.run_write(work).await;
            let Err(StorageError::Failed { cause, .. }) = &ended else { panic!("{damage}: {ended:?}") };
            assert_eq!(cause.to_string(), ENOUGH, "{damage}");
            conn.batch_execute(&format!("DELETE FROM {of}; INSERT INTO {of} SELECT * FROM kept")).unwrap();
        }
        conn.batch_execute("DROP TABLE kept").unwrap();
    }
    assert!(tried > 300, "{tried}");
    storage.run_read(everything).await.unwrap();
}
