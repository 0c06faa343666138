//! A row in every table, a change of every table, and a snapshot of all of them.

use muticket_core::blob::BlobKey;
use muticket_core::category::Category;
use muticket_core::history::{Change, HistoryEntry};
use muticket_core::id::{
    CategoryId, GroupId, LabelId, LetterId, MessageNumber, NoteFileId, NoteNumber, SupporterId, TicketNumber, UserId,
};
use muticket_core::incoming::{Incoming, Verdict};
use muticket_core::label::{Label, LabelColour};
use muticket_core::language::Language;
use muticket_core::mailbox::MailboxState;
use muticket_core::note::{Note, NoteFile};
use muticket_core::notification::{LetterState, OutboxEntry};
use muticket_core::open_page::OpenPage;
use muticket_core::rating::Rating;
use muticket_core::saved_answer::{ListedAnswer, SavedAnswer};
use muticket_core::saved_view::{FirstView, SavedView};
use muticket_core::sender::AssignedSender;
use muticket_core::settings::Settings;
use muticket_core::site_address::SiteAddress;
use muticket_core::storage::{AnsweredTicket, OutboxCounts, StorageError, StoredCategory, Unit};
use muticket_core::supporter::Supporter;
use muticket_core::ticket::{Attachment, Message, Ticket};
use muticket_core::undeliverable::Undeliverable;
use muticket_core::viewer::Side;

use crate::Shared;
use crate::figures::firsts;
use crate::material::{
    answer, assigned, at, attachment, entry, first, incoming, incoming_id, key, label, letter, mailbox, message, new_ticket,
    note, note_file, open_page, place, rating, read, saved, saved_id, saved_view, uuid, view_id, with, write,
};
use crate::undeliverable::undeliverable;
use crate::{note_files, notes};

pub(crate) fn supporter(number: u128, user: &str, categories: &[&str]) -> Supporter {
    Supporter {
        id: SupporterId(uuid(number)),
        user: UserId::new(user),
        present: true,
        categories: categories.iter().copied().map(CategoryId::new).collect(),
    }
}

pub(crate) fn category(id: &str, names: &[(&str, &str)]) -> StoredCategory {
    let names = names.iter().map(|(language, name)| (Language::parse(language).unwrap(), (*name).to_owned())).collect();
    StoredCategory { category: Category { id: CategoryId::new(id), names }, retired: false }
}

/// The content of all tables, for one ticket and the rest.
#[derive(Debug, PartialEq)]
pub(crate) struct Picture {
    pub(crate) ticket: Option<Ticket>,
    pub(crate) messages: Vec<Message>,
    pub(crate) files: Vec<Attachment>,
    pub(crate) notes: Vec<Note>,
    pub(crate) note_files: Vec<NoteFile>,
    pub(crate) open_pages: Vec<OpenPage>,
    pub(crate) ratings: Vec<Rating>,
    pub(crate) first_answers: Vec<AnsweredTicket>,
    pub(crate) history: Vec<HistoryEntry>,
    pub(crate) marks: Vec<(TicketNumber, MessageNumber)>,
    pub(crate) supporters: Vec<Supporter>,
    pub(crate) settings: (Settings, u64),
    pub(crate) categories: Vec<StoredCategory>,
    pub(crate) order: Vec<CategoryId>,
    pub(crate) labels: Vec<Label>,
    pub(crate) labels_on_ticket: Vec<(TicketNumber, LabelId)>,
    pub(crate) saved: (Vec<ListedAnswer>, Option<SavedAnswer>),
    pub(crate) views: (Vec<SavedView>, Option<FirstView>),
    pub(crate) letters: (Vec<OutboxEntry>, OutboxCounts),
    pub(crate) incoming: Vec<Option<Incoming>>,
    pub(crate) undeliverable: Vec<Undeliverable>,
    pub(crate) mailboxes: Vec<MailboxState>,
    pub(crate) senders: Vec<AssignedSender>,
    pub(crate) orphans: Vec<BlobKey>,
    pub(crate) secrets: Vec<Option<[u8; 32]>>,
    pub(crate) site: Option<SiteAddress>,
}

impl Picture {
    /// The parts that differ from the other snapshot.
    pub(crate) fn differences(&self, other: &Self) -> Vec<&'static str> {
        let differences = [
            ("ticket", self.ticket != other.ticket),
            ("messages", self.messages != other.messages),
            ("files", self.files != other.files),
            ("notes", self.notes != other.notes),
            ("files of notes", self.note_files != other.note_files),
            ("open pages", self.open_pages != other.open_pages),
            ("ratings", self.ratings != other.ratings),
            ("first answers", self.first_answers != other.first_answers),
            ("history", self.history != other.history),
            ("marks", self.marks != other.marks),
            ("supporters", self.supporters != other.supporters),
            ("settings", self.settings != other.settings),
            ("categories", self.categories != other.categories),
            ("order of categories", self.order != other.order),
            ("labels", self.labels != other.labels),
            ("labels on the ticket", self.labels_on_ticket != other.labels_on_ticket),
            ("saved answers", self.saved != other.saved),
            ("saved views", self.views != other.views),
            ("letters", self.letters != other.letters),
            ("letters that came in", self.incoming != other.incoming),
            ("undeliverable", self.undeliverable != other.undeliverable),
            ("mailboxes", self.mailboxes != other.mailboxes),
            ("assigned addresses", self.senders != other.senders),
            ("orphans", self.orphans != other.orphans),
            ("secrets", self.secrets != other.secrets),
            ("site", self.site != other.site),
        ];
        differences.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }

    /// The number of parts.
    pub(crate) const PARTS: usize = 26;
}

/// Reads everything inside a unit.
pub(crate) fn look(unit: &mut dyn Unit, ticket: TicketNumber) -> Result<Picture, StorageError> {
    Ok(Picture {
        ticket: unit.tickets().find(ticket)?,
        messages: unit.messages().list(ticket, None, 100)?,
        files: unit.attachments().list(ticket)?,
        notes: notes::all(unit, ticket)?,
        note_files: note_files::all(unit, ticket)?,
        open_pages: unit.open_pages().list(ticket, at(0))?,
        ratings: unit.ratings().list(ticket)?,
        first_answers: unit.first_answers().list(&firsts())?,
        history: unit.histories().list(ticket, Side::Desk, None)?,
        marks: unit.marks().list(&UserId::new("anna"), &[ticket])?,
        supporters: unit.supporters().list()?,
        settings: (unit.settings().find()?, unit.settings().revision()?),
        categories: unit.categories().list()?,
        order: unit.categories().order()?,
        labels: unit.labels().list()?,
        labels_on_ticket: unit.labels().of(&[ticket])?,
        saved: (unit.saved_answers().list(Some(&UserId::new("sara")))?, unit.saved_answers().find(saved_id(1))?),
        views: (unit.saved_views().list(&UserId::new("sara"))?, unit.saved_views().first(&UserId::new("sara"))?),
        letters: (unit.outbox().list_unsent(100)?, unit.outbox().count()?),
        incoming: (1..=4).map(|number| unit.incoming().find(incoming_id(number))).collect::<Result<_, _>>()?,
        undeliverable: unit.undeliverable().list(0, at(0), 100)?,
        mailboxes: unit.mailboxes().list()?,
        senders: unit.senders().list(9)?,
        orphans: unit.orphans().due(at(99), 100)?,
        secrets: ["old", "new"].into_iter().map(|name| unit.secrets().find(name)).collect::<Result<_, _>>()?,
        site: unit.site_address().find()?,
    })
}

/// Reads everything that was committed.
pub(crate) async fn seen(storage: &Shared, ticket: TicketNumber) -> Picture {
    read(storage, move |unit| look(unit, ticket)).await
}

/// Stores a row in every table, and returns the ticket they belong to.
pub(crate) async fn filled(storage: &Shared) -> TicketNumber {
    write(storage, |unit| {
        let ticket = unit.tickets().insert(&new_ticket("anna"))?.number;
        unit.messages().insert(&message(ticket, 1))?;
        unit.messages().insert(&answer(ticket, 2, "sara"))?;
        unit.messages().insert(&answer(ticket, 3, "sara"))?;
        unit.attachments().insert(&[attachment(ticket, 1, 1)])?;
        unit.notes().insert(&note(ticket, 1, 1))?;
        unit.notes().insert_files(&[note_file(ticket, 1, 1)])?;
        unit.open_pages().report(&open_page(ticket, "sara", 1))?;
        unit.ratings().insert(&rating(ticket, 2, 5, at(1)))?;
        unit.histories().insert(&entry(ticket, 1, Change::Opened))?;
        unit.marks().mark(&UserId::new("anna"), ticket, place(1))?;
        unit.supporters().insert(&supporter(1, "sara", &["b"]))?;
        unit.supporters().insert(&supporter(2, "tom", &[]))?;
        let group = Some(GroupId::new("7"));
        unit.settings().update(&Settings { supporter_group: group, ..Settings::default() })?;
        unit.categories().insert(&category("b", &[("en", "Bills")]))?;
        unit.labels().insert(&label(1, "VIP"))?;
        unit.labels().insert(&label(2, "Refund"))?;
        unit.labels().insert(&label(3, "Old"))?;
        unit.labels().put_on(ticket, LabelId(uuid(1)))?;
        unit.saved_answers().insert(&saved(1))?;
        unit.saved_answers().insert(&saved(2))?;
        unit.saved_views().insert(&saved_view(1))?;
        unit.saved_views().insert(&saved_view(2))?;
        unit.outbox().insert(&[letter(ticket, 1, at(10)), letter(ticket, 2, at(20))])?;
        unit.incoming().insert(&incoming(1, at(10)))?;
        unit.incoming().insert(&with(incoming(2, at(11)), |letter| letter.ticket = Some(ticket)))?;
        unit.incoming().insert(&with(incoming(3, at(0)), |letter| {
            (letter.verdict, letter.due_at) = (Verdict::Automatic, None);
        }))?;
        unit.undeliverable().update(&undeliverable("anna", 1, 3))?;
        unit.undeliverable().update(&undeliverable("ben", 1, 9))?;
        unit.undeliverable().update(&undeliverable("tom", 1, 9))?;
        unit.mailboxes().update(&mailbox("a", 1))?;
        unit.senders().update(&assigned("a@x.example", "anna", 1))?;
        unit.senders().update(&assigned("b@x.example", "ben", 1))?;
        unit.orphans().insert(&[key(1001), key(1002), key(1003)], at(10))?;
        unit.secrets().insert("old", &[1; 32])?;
        Ok(ticket)
    })
    .await
}

/// Changes every table, by inserts, updates and deletions.
pub(crate) fn change_everything(unit: &mut dyn Unit, number: TicketNumber) -> Result<(), StorageError> {
    let ticket = unit.tickets().find(number)?.unwrap();
    let version = ticket.version + 1;
    unit.tickets().update(&with(ticket, |ticket| {
        ticket.answers = 9;
        ticket.version = version;
    }))?;
    unit.messages().insert(&message(number, 4))?;
    unit.attachments().insert(&[attachment(number, 1, 2)])?;
    unit.notes().insert_files(&[note_file(number, 1, 4)])?;
    unit.notes().insert(&note(number, 2, 1))?;
    unit.notes().insert_files(&[note_file(number, 2, 2), note_file(number, 2, 3)])?;
    unit.notes().delete_files(&[NoteFileId(uuid(3))])?;
    assert!(unit.notes().delete(number, NoteNumber::FIRST)?);
    unit.open_pages().report(&open_page(number, "tom", 9))?;
    unit.open_pages().delete_before(at(5))?;
    assert!(unit.ratings().update(&rating(number, 2, 1, at(2)))?);
    unit.ratings().insert(&rating(number, 3, 4, at(2)))?;
    unit.first_answers().insert(&first(number, 2, 60))?;
    unit.histories().insert(&entry(number, 2, Change::Replied(place(4))))?;
    unit.marks().mark(&UserId::new("anna"), number, place(4))?;
    unit.supporters().insert(&supporter(3, "zoe", &["b"]))?;
    assert!(unit.supporters().update(&Supporter { present: false, ..supporter(1, "sara", &["c"]) })?);
    assert!(unit.supporters().delete(SupporterId(uuid(2)))?);
    unit.settings().update(&Settings { ratings: false, image_limit: Some(5), ..Settings::default() })?;
    unit.categories().insert(&category("c", &[("en", "Cables")]))?;
    assert!(unit.categories().update(&StoredCategory { retired: true, ..category("b", &[("de", "Rechnungen")]) })?);
    unit.categories().arrange(&[CategoryId::new("c"), CategoryId::new("b")])?;
    unit.labels().insert(&label(5, "New"))?;
    assert!(unit.labels().update(&Label { colour: LabelColour::Blue, ..label(1, "V. I. P.") })?);
    assert!(unit.labels().delete(LabelId(uuid(3)))?);
    unit.labels().put_on(number, LabelId(uuid(2)))?;
    assert!(unit.labels().take_off(number, LabelId(uuid(1)))?);
    unit.saved_answers().insert(&saved(3))?;
    assert!(unit.saved_answers().update(&with(saved(1), |answer| answer.title = "Goodbye".to_owned()))?);
    assert!(unit.saved_answers().delete(saved_id(2))?);
    unit.saved_answers().count_use(saved_id(1), &UserId::new("sara"))?;
    unit.saved_views().insert(&saved_view(3))?;
    assert!(unit.saved_views().update(&with(saved_view(1), |view| view.filter.priority = None))?);
    assert!(unit.saved_views().delete(view_id(2))?);
    unit.saved_views().set_first(&UserId::new("sara"), Some(FirstView::Saved(view_id(1))))?;
    unit.outbox().insert(&[letter(number, 3, at(30))])?;
    assert_eq!(unit.outbox().claim(at(10), at(99), 1)?.len(), 1);
    assert!(unit.outbox().settle(LetterId(uuid(1)), 1, &LetterState::Sent { at: at(11) })?);
    unit.incoming().insert(&incoming(4, at(30)))?;
    assert_eq!(unit.incoming().claim(at(10), at(99), 1)?.len(), 1);
    let settled = with(incoming(2, at(11)), |letter| (letter.verdict, letter.due_at) = (Verdict::NotConfirmed, None));
    assert!(unit.incoming().settle(&settled)?);
    unit.incoming().delete_useless(at(5), 9)?;
    unit.undeliverable().delete_before(at(5))?;
    assert!(unit.undeliverable().delete(&UserId::new("ben"))?);
    unit.undeliverable().update(&undeliverable("tom", 2, 10))?;
    unit.undeliverable().update(&undeliverable("uwe", 1, 10))?;
    unit.mailboxes().update(&mailbox("a", 2))?;
    unit.mailboxes().update(&mailbox("b", 1))?;
    unit.senders().update(&assigned("a@x.example", "ben", 2))?;
    unit.senders().update(&assigned("c@x.example", "anna", 2))?;
    assert!(unit.senders().delete("b@x.example")?);
    unit.orphans().insert(&[key(1004)], at(10))?;
    assert!(unit.orphans().adopt(&key(1001), at(0))?);
    unit.orphans().delete(&[key(1002)])?;
    unit.secrets().insert("new", &[2; 32])?;
    unit.site_address().replace(None, &SiteAddress::new("/support", None))
}
