//! A unit whose calls fail on command: one line for each method of the storage.

use chrono::{DateTime, Utc};
use muticket_core::blob::{BlobKey, Digest};
use muticket_core::figures::{FirstAnswer, Period, WaitTally};
use muticket_core::history::HistoryEntry;
use muticket_core::incoming::{Incoming, Verdict, VerdictGroup};
use muticket_core::label::Label;
use muticket_core::mailbox::MailboxState;
use muticket_core::note::{Note, NoteFile};
use muticket_core::notification::{LetterState, OutboxEntry};
use muticket_core::open_page::OpenPage;
use muticket_core::rating::{Rating, Tally};
use muticket_core::saved_answer::{ListedAnswer, SavedAnswer};
use muticket_core::saved_view::{FirstView, SavedView};
use muticket_core::sender::AssignedSender;
use muticket_core::storage::{
    AnsweredTicket, AttachmentStore, CategoryStore, Damage, DamageStore, FirstAnswerQuery, FirstAnswerStore, HistoryStore,
    IncomingStore, LabelStore, MailboxStore, MarkStore, MessageStore, NoteStore, OpenPageStore, OrphanStore, OutboxCounts,
    OutboxStore, OverviewQuery, OverviewStore, Pulse, RatedAnswer, RatedQuery, RatingStore, SavedAnswerStore, SavedViewStore,
    SecretStore, SenderStore, SettingsStore, SiteAddressStore, StorageError, StoredCategory, SupporterStore, TicketStore,
    UndeliverableStore, Unit, View,
};
use muticket_core::supporter::Supporter;
use muticket_core::ticket::{Attachment, Message, Ticket, UnnumberedTicket};
use muticket_core::undeliverable::Undeliverable;
use muticket_core::viewer::Side;
use muticket_core::{
    AttachmentId, CategoryId, IncomingId, LabelId, LetterId, MessageNumber, Nonce, NoteFileId, NoteNumber, SavedAnswerId,
    SavedViewId, Settings, SiteAddress, SupporterId, TicketNumber, UserId,
};

use super::plan::Plan;

/// A unit of the storage inside.
pub(super) struct FaultyUnit<'a> {
    pub(super) unit: &'a mut dyn Unit,
    pub(super) plan: &'a Plan,
}

/// Passes every call on, unless the plan says otherwise.
macro_rules! faulty {
    ($($port:ident: $part:ident { $(fn $call:ident($($arg:ident: $of:ty),*) -> $out:ty;)+ })+) => {
        $(impl $port for FaultyUnit<'_> {$(
            fn $call(&mut self, $($arg: $of),*) -> Result<$out, StorageError> {
                let name = concat!(stringify!($part), ".", stringify!($call));
                self.plan.check(name, format_args!("{:?}", ($(&$arg,)*)))?;
                self.unit.$part().$call($($arg),*)
            }
        )+})+
    };
}

faulty! {
    TicketStore: tickets {
        fn insert(ticket: &UnnumberedTicket) -> Ticket;
        fn find(number: TicketNumber) -> Option<Ticket>;
        fn find_unlocked(number: TicketNumber) -> Option<Ticket>;
        fn find_customer(number: TicketNumber) -> Option<UserId>;
        fn list_customers(numbers: &[TicketNumber]) -> Vec<(TicketNumber, UserId)>;
        fn update(ticket: &Ticket) -> ();
        fn delete(number: TicketNumber) -> bool;
    }
    MessageStore: messages {
        fn insert(message: &Message) -> ();
        fn find(ticket: TicketNumber, number: MessageNumber) -> Option<Message>;
        fn find_by_nonce(nonce: Nonce) -> Option<Message>;
        fn list(ticket: TicketNumber, after: Option<MessageNumber>, limit: u32) -> Vec<Message>;
        fn beginnings(places: &[(TicketNumber, MessageNumber)]) -> Vec<(TicketNumber, String)>;
    }
    AttachmentStore: attachments {
        fn insert(attachments: &[Attachment]) -> ();
        fn find(id: AttachmentId) -> Option<Attachment>;
        fn list(ticket: TicketNumber) -> Vec<Attachment>;
        fn keys(ticket: TicketNumber) -> Vec<BlobKey>;
        fn without_digest(after: Option<AttachmentId>, limit: u32) -> Vec<Attachment>;
        fn set_digest(id: AttachmentId, digest: &Digest) -> bool;
    }
    NoteStore: notes {
        fn insert(note: &Note) -> ();
        fn update(note: &Note) -> bool;
        fn delete(ticket: TicketNumber, number: NoteNumber) -> bool;
        fn find(ticket: TicketNumber, number: NoteNumber) -> Option<Note>;
        fn find_by_nonce(nonce: Nonce) -> Option<Note>;
        fn list(ticket: TicketNumber, first: MessageNumber, last: MessageNumber) -> Vec<Note>;
        fn insert_files(files: &[NoteFile]) -> ();
        fn delete_files(ids: &[NoteFileId]) -> ();
        fn find_file(id: NoteFileId) -> Option<NoteFile>;
        fn list_files(ticket: TicketNumber, first: NoteNumber, last: NoteNumber) -> Vec<NoteFile>;
        fn file_keys(ticket: TicketNumber, note: Option<NoteNumber>) -> Vec<BlobKey>;
    }
    OpenPageStore: open_pages {
        fn report(page: &OpenPage) -> ();
        fn list(ticket: TicketNumber, since: DateTime<Utc>) -> Vec<OpenPage>;
        fn delete_before(time: DateTime<Utc>) -> ();
    }
    LabelStore: labels {
        fn insert(label: &Label) -> ();
        fn update(label: &Label) -> bool;
        fn delete(id: LabelId) -> bool;
        fn list() -> Vec<Label>;
        fn list_to_change() -> Vec<Label>;
        fn put_on(ticket: TicketNumber, label: LabelId) -> ();
        fn take_off(ticket: TicketNumber, label: LabelId) -> bool;
        fn of(tickets: &[TicketNumber]) -> Vec<(TicketNumber, LabelId)>;
        fn count(labels: &[LabelId]) -> Vec<u32>;
    }
    RatingStore: ratings {
        fn insert(rating: &Rating) -> ();
        fn update(rating: &Rating) -> bool;
        fn find(ticket: TicketNumber, message: MessageNumber) -> Option<Rating>;
        fn list(ticket: TicketNumber) -> Vec<Rating>;
        fn tally(author: &UserId) -> Tally;
        fn last_active(author: &UserId, until: DateTime<Utc>) -> Option<DateTime<Utc>>;
        fn tally_periods(author: &UserId, periods: &[Period]) -> Vec<Tally>;
        fn given_by(customer: &UserId) -> [u64; 5];
        fn list_by_author(query: &RatedQuery) -> Vec<RatedAnswer>;
    }
    FirstAnswerStore: first_answers {
        fn insert(first: &FirstAnswer) -> ();
        fn tally(author: &UserId, until: DateTime<Utc>) -> WaitTally;
        fn list(query: &FirstAnswerQuery) -> Vec<AnsweredTicket>;
    }
    HistoryStore: histories {
        fn insert(entry: &HistoryEntry) -> ();
        fn list(ticket: TicketNumber, side: Side, after: Option<u32>) -> Vec<HistoryEntry>;
    }
    MarkStore: marks {
        fn mark(user: &UserId, ticket: TicketNumber, message: MessageNumber) -> ();
        fn list(user: &UserId, tickets: &[TicketNumber]) -> Vec<(TicketNumber, MessageNumber)>;
    }
    OverviewStore: overviews {
        fn list(query: &OverviewQuery) -> Vec<Ticket>;
        fn count(views: &[View]) -> Vec<u32>;
        fn assignees() -> Vec<UserId>;
    }
    SupporterStore: supporters {
        fn insert(supporter: &Supporter) -> ();
        fn update(supporter: &Supporter) -> bool;
        fn delete(id: SupporterId) -> bool;
        fn find(id: SupporterId) -> Option<Supporter>;
        fn list() -> Vec<Supporter>;
    }
    SettingsStore: settings {
        fn find() -> Settings;
        fn update(settings: &Settings) -> ();
        fn revision() -> u64;
    }
    CategoryStore: categories {
        fn insert(category: &StoredCategory) -> ();
        fn update(category: &StoredCategory) -> bool;
        fn find(id: &CategoryId) -> Option<StoredCategory>;
        fn list() -> Vec<StoredCategory>;
        fn order() -> Vec<CategoryId>;
        fn arrange(order: &[CategoryId]) -> ();
    }
    SavedAnswerStore: saved_answers {
        fn insert(answer: &SavedAnswer) -> ();
        fn update(answer: &SavedAnswer) -> bool;
        fn delete(id: SavedAnswerId) -> bool;
        fn find(id: SavedAnswerId) -> Option<SavedAnswer>;
        fn list(user: Option<&UserId>) -> Vec<ListedAnswer>;
        fn count_use(id: SavedAnswerId, user: &UserId) -> ();
    }
    SavedViewStore: saved_views {
        fn insert(view: &SavedView) -> ();
        fn update(view: &SavedView) -> bool;
        fn delete(id: SavedViewId) -> bool;
        fn find(id: SavedViewId) -> Option<SavedView>;
        fn list(user: &UserId) -> Vec<SavedView>;
        fn first(user: &UserId) -> Option<FirstView>;
        fn set_first(user: &UserId, first: Option<FirstView>) -> ();
    }
    IncomingStore: incoming {
        fn insert(letter: &Incoming) -> ();
        fn find(id: IncomingId) -> Option<Incoming>;
        fn find_by_digest(digest: &Digest) -> Option<Incoming>;
        fn claim(now: DateTime<Utc>, until: DateTime<Utc>, limit: u32) -> Vec<Incoming>;
        fn claim_one(id: IncomingId, claims: u32, until: DateTime<Utc>) -> bool;
        fn settle(letter: &Incoming) -> bool;
        fn bring_forward(verdict: Verdict, due: DateTime<Utc>) -> ();
        fn next_due() -> Option<DateTime<Utc>>;
        fn list_recent(group: VerdictGroup, before: Option<(DateTime<Utc>, IncomingId)>, limit: u32) -> Vec<Incoming>;
        fn count() -> Vec<u32>;
        fn taken(writer: &UserId, ticket: Option<TicketNumber>, came: (DateTime<Utc>, DateTime<Utc>), most: u32) -> u32;
        fn told(writer: &UserId, since: DateTime<Utc>, most: u32) -> u32;
        fn told_supporters(ticket: TicketNumber, since: DateTime<Utc>) -> bool;
        fn list_messages(ticket: TicketNumber, first: MessageNumber, last: MessageNumber) -> Vec<Incoming>;
        fn list_of_ticket(ticket: TicketNumber, verdict: Verdict, limit: u32) -> Vec<Incoming>;
        fn keys(ticket: TicketNumber) -> Vec<BlobKey>;
        fn delete_useless(before: DateTime<Utc>, limit: u32) -> Vec<BlobKey>;
        fn delete_unknown(before: DateTime<Utc>, limit: u32) -> Vec<BlobKey>;
    }
    MailboxStore: mailboxes {
        fn find(name: &str) -> Option<MailboxState>;
        fn update(mailbox: &MailboxState) -> ();
        fn list() -> Vec<MailboxState>;
    }
    SenderStore: senders {
        fn update(sender: &AssignedSender) -> ();
        fn find(address: &str) -> Option<AssignedSender>;
        fn list(limit: u32) -> Vec<AssignedSender>;
        fn delete(address: &str) -> bool;
    }
    OutboxStore: outbox {
        fn insert(entries: &[OutboxEntry]) -> ();
        fn claim(now: DateTime<Utc>, until: DateTime<Utc>, limit: u32) -> Vec<OutboxEntry>;
        fn settle(id: LetterId, claims: u32, state: &LetterState) -> bool;
        fn put_back(id: LetterId, claims: u32, state: &LetterState) -> bool;
        fn find(id: LetterId) -> Option<OutboxEntry>;
        fn came_back(id: LetterId, at: DateTime<Utc>, problem: &str) -> bool;
        fn bring_forward(latest: DateTime<Utc>, due: DateTime<Utc>) -> u64;
        fn hold() -> u64;
        fn end_hold(state: &LetterState) -> u64;
        fn held() -> u64;
        fn pulse() -> Option<Pulse>;
        fn set_pulse(pulse: &Pulse) -> ();
        fn retry(id: LetterId, now: DateTime<Utc>) -> bool;
        fn next_due() -> Option<DateTime<Utc>>;
        fn list_unsent(limit: u32) -> Vec<OutboxEntry>;
        fn count() -> OutboxCounts;
        fn delete_ended(before: DateTime<Utc>) -> u64;
    }
    UndeliverableStore: undeliverable {
        fn update(undeliverable: &Undeliverable) -> ();
        fn find(user: &UserId) -> Option<Undeliverable>;
        fn of(users: &[UserId]) -> Vec<Undeliverable>;
        fn list(reports: u32, after: DateTime<Utc>, limit: u32) -> Vec<Undeliverable>;
        fn delete(user: &UserId) -> bool;
        fn delete_before(time: DateTime<Utc>) -> ();
    }
    OrphanStore: orphans {
        fn insert(keys: &[BlobKey], due: DateTime<Utc>) -> ();
        fn adopt(key: &BlobKey, now: DateTime<Utc>) -> bool;
        fn due(now: DateTime<Utc>, limit: u32) -> Vec<BlobKey>;
        fn delete(keys: &[BlobKey]) -> ();
    }
    SecretStore: secrets {
        fn find(name: &str) -> Option<[u8; 32]>;
        fn insert(name: &str, secret: &[u8; 32]) -> ();
    }
    SiteAddressStore: site_address {
        fn find() -> Option<SiteAddress>;
        fn replace(from: Option<&SiteAddress>, to: &SiteAddress) -> ();
    }
}

/// It asks no database, so it cannot fail.
impl DamageStore for FaultyUnit<'_> {
    fn take_damages(&mut self) -> Vec<Damage> {
        self.unit.damages().take_damages()
    }
}
