//! The addresses of the module, one in each line. Only this file makes and reads them. They are a public contract: hosts link to them, and
//! scripts use them.

mod form_page;

use std::borrow::Cow;
use std::fmt;

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// A part of a path between two slashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment {
    /// A fixed word.
    Word(&'static str),
    /// Any text. This is its name.
    Value(&'static str),
}

/// An address with one of its methods.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Endpoint {
    /// GET or POST. Where GET is answered, HEAD is too.
    pub method: Method,
    /// The path below the base. It is empty for the base itself.
    pub path: &'static [Segment],
}

macro_rules! addresses {
    ($($(#[$doc:meta])* $name:ident $(($($value:ident),+))?: $($method:ident)+ = [$($segment:tt),*];)+) => {
        /// An address below the base. The values in it are texts from outside, or will be read as such.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Address<'a> {
            $($(#[$doc])* $name $(($(#[doc = stringify!($value)] &'a str),+))?,)+
        }

        impl<'a> Address<'a> {
            /// Finds the address with these segments; `None` if no address has them.
            pub(crate) fn read(segments: &[&'a str]) -> Option<Self> {
                match *segments {
                    $([$($segment),*] => Some(Self::$name $(($($value),+))?),)+
                    _ => None,
                }
            }

            /// The segments of the address.
            fn segments(self) -> Vec<&'a str> {
                match self {
                    $(Self::$name $(($($value),+))? => vec![$($segment),*],)+
                }
            }

            /// The methods that the address answers, except for HEAD.
            pub(crate) fn methods(self) -> &'static [Method] {
                match self {
                    $(Self::$name { .. } => &[$(Method::$method),+],)+
                }
            }
        }

        impl Endpoint {
            /// All endpoints of the module.
            pub fn all() -> impl Iterator<Item = Self> {
                let all: &'static [(&'static [Method], &'static [Segment])] =
                    &[$((&[$(Method::$method),+], &[$(segment!($segment)),*]),)+];
                all.iter().flat_map(|(methods, path)| methods.iter().map(|method| Self { method: method.clone(), path }))
            }
        }
    };
}

macro_rules! segment {
    ($word:literal) => {
        Segment::Word($word)
    };
    ($value:ident) => {
        Segment::Value(stringify!($value))
    };
}

// An address comes before a more general one that has the same form.
addresses! {
    /// Leads to the overview.
    Home: GET = [];
    /// The overview. Its form opens a ticket.
    Tickets: GET POST = ["tickets"];
    /// The form for a new ticket. A text that could not be sent on a closed ticket is posted to it.
    NewTicket: GET POST = ["tickets", "new"];
    /// Does the same with several tickets.
    Actions: POST = ["tickets", "actions"];
    /// Tells how many tickets of a list have news.
    News: GET = ["tickets", "news"];
    /// Leads to the next waiting ticket.
    NextTicket: GET = ["tickets", "next"];
    /// A ticket.
    Ticket(number): GET = ["tickets", number];
    /// Takes a reply or an answer.
    Messages(number): POST = ["tickets", number, "messages"];
    /// Marks messages as read.
    Seen(number): POST = ["tickets", number, "seen"];
    /// Closes a ticket.
    Close(number): POST = ["tickets", number, "close"];
    /// Reopens a ticket.
    Reopen(number): POST = ["tickets", number, "reopen"];
    /// Changes the assignee of a ticket.
    Assignee(number): POST = ["tickets", number, "assignee"];
    /// Changes the priority of a ticket.
    Priority(number): POST = ["tickets", number, "priority"];
    /// Changes the category of a ticket.
    TicketCategory(number): POST = ["tickets", number, "category"];
    /// Takes the report that a supporter has the page of a ticket open.
    Presence(number): POST = ["tickets", number, "presence"];
    /// Changes the labels of a ticket.
    TicketLabels(number): POST = ["tickets", number, "labels"];
    /// Fills in a saved answer for the text of an answer.
    InsertSaved(number): POST = ["tickets", number, "saved-answers"];
    /// Takes a note.
    Notes(number): POST = ["tickets", number, "notes"];
    /// Leads to a note within its ticket. Takes a new text of it.
    Note(number, note): GET POST = ["tickets", number, "notes", note];
    /// Deletes a note.
    RemoveNote(number, note): POST = ["tickets", number, "notes", note, "remove"];
    /// A letter that came in for a ticket.
    Letter(number, id): GET = ["tickets", number, "letters", id];
    /// The text of a letter that came in for a ticket.
    LetterText(number, id): GET = ["tickets", number, "letters", id, "text"];
    /// A file of a note.
    NoteFile(number, note, id): GET = ["tickets", number, "notes", note, "files", id];
    /// The small version of a picture of a note.
    SmallNotePicture(number, note, id): GET = ["tickets", number, "notes", note, "files", id, "small"];
    /// The large version of a picture of a note.
    LargeNotePicture(number, note, id): GET = ["tickets", number, "notes", note, "files", id, "large"];
    /// Leads to a message within its ticket.
    Message(number, message): GET = ["tickets", number, "messages", message];
    /// Takes the rating of an answer.
    Rating(number, message): POST = ["tickets", number, "messages", message, "rating"];
    /// A file. The id selects it; the name is there for people. The segment `file` keeps names apart from other addresses (P-12).
    Attachment(id, name): GET = ["attachments", id, "file", name];
    /// The small version of a picture, beside its file.
    Thumbnail(id): GET = ["attachments", id, "thumbnail"];
    /// The earlier address of a file, to which hosts may still link.
    AttachmentByName(id, name): GET = ["attachments", id, name];
    /// The small version of a picture.
    SmallPicture(id): GET = ["pictures", id, "small"];
    /// The large version of a picture.
    LargePicture(id): GET = ["pictures", id, "large"];
    /// A file of the module's own assets.
    Asset(file): GET = ["assets", file];
    /// Takes a letter from a mail server.
    MailDoor: POST = ["mail"];
    /// The saved answers of a supporter. Its form adds one.
    SavedAnswers: GET POST = ["saved-answers"];
    /// The form for a new saved answer.
    NewSavedAnswer: GET = ["saved-answers", "new"];
    /// A saved answer. Takes its changes.
    SavedAnswer(id): GET POST = ["saved-answers", id];
    /// Asks before a saved answer is deleted, and deletes it.
    DeleteSavedAnswer(id): GET POST = ["saved-answers", id, "delete"];
    /// The saved views of a supporter. Its form saves a list.
    Views: GET POST = ["views"];
    /// Chooses the view that opens first.
    FirstView: POST = ["views", "first"];
    /// Renames a saved view.
    View(id): POST = ["views", id];
    /// Replaces what a saved view holds.
    ViewFilter(id): POST = ["views", id, "filter"];
    /// Shares a saved view with all supporters.
    ShareView(id): POST = ["views", id, "share"];
    /// Takes a shared view back.
    UnshareView(id): POST = ["views", id, "unshare"];
    /// Asks before a saved view is deleted, and deletes it.
    RemoveView(id): GET POST = ["views", id, "remove"];
    /// Leads to the first section of the backend.
    Backend: GET = ["backend"];
    /// The team. Its form adds a supporter.
    Supporters: GET POST = ["backend", "supporters"];
    /// The form for a new supporter.
    NewSupporter: GET = ["backend", "supporters", "new"];
    /// A supporter's statistics. Takes changes of presence and categories.
    Supporter(id): GET POST = ["backend", "supporters", id];
    /// The form for a supporter.
    EditSupporter(id): GET = ["backend", "supporters", id, "edit"];
    /// Removes a supporter.
    RemoveSupporter(id): POST = ["backend", "supporters", id, "remove"];
    /// The answers behind a supporter's figures.
    SupporterAnswers(id): GET = ["backend", "supporters", id, "answers"];
    /// These answers as a table.
    AnswersTable(id): GET = ["backend", "supporters", id, "answers.csv"];
    /// The number of answers for each number of stars, as a table.
    DistributionTable(id): GET = ["backend", "supporters", id, "distribution.csv"];
    /// How long customers waited for a first answer, as a table.
    FirstAnswersTable(id): GET = ["backend", "supporters", id, "first-answers.csv"];
    /// The figures of each month, as a table.
    MonthsTable(id): GET = ["backend", "supporters", id, "months.csv"];
    /// The numbers of open tickets.
    Statistics: GET = ["backend", "statistics"];
    /// The number of open tickets of each supporter, as a table.
    AssigneesTable: GET = ["backend", "statistics", "assignees.csv"];
    /// The number of open tickets with each label, as a table.
    LabelsTable: GET = ["backend", "statistics", "labels.csv"];
    /// The number of open tickets of each priority, as a table.
    PrioritiesTable: GET = ["backend", "statistics", "priorities.csv"];
    /// The settings.
    Settings: GET POST = ["backend", "settings"];
    /// The categories. Its form adds one.
    Categories: GET POST = ["backend", "categories"];
    /// Renames a category.
    Category(id): POST = ["backend", "categories", id];
    /// Removes a category.
    RemoveCategory(id): POST = ["backend", "categories", id, "remove"];
    /// Moves a category one place up.
    CategoryUp(id): POST = ["backend", "categories", id, "up"];
    /// Moves a category one place down.
    CategoryDown(id): POST = ["backend", "categories", id, "down"];
    /// Sorts the categories by name.
    CategoryOrder: POST = ["backend", "category-order"];
    /// The labels. Its form adds one.
    Labels: GET POST = ["backend", "labels"];
    /// Changes name and colour of a label.
    Label(id): POST = ["backend", "labels", id];
    /// Asks before a label is removed, and removes it.
    RemoveLabel(id): GET POST = ["backend", "labels", id, "remove"];
    /// The saved answers that all supporters share. Its form adds one.
    SharedAnswers: GET POST = ["backend", "saved-answers"];
    /// The form for a new shared saved answer.
    NewSharedAnswer: GET = ["backend", "saved-answers", "new"];
    /// A shared saved answer. Takes its changes.
    SharedAnswer(id): GET POST = ["backend", "saved-answers", id];
    /// Asks before a shared saved answer is deleted, and deletes it.
    DeleteSharedAnswer(id): GET POST = ["backend", "saved-answers", id, "delete"];
    /// All tickets, to delete one.
    AllTickets: GET = ["backend", "tickets"];
    /// Asks before a ticket is deleted, and deletes it.
    DeleteTicket(number): GET POST = ["backend", "tickets", number, "delete"];
    /// The state of the mail.
    Mail: GET = ["backend", "mail"];
    /// The letters that came in.
    ReceivedMail: GET = ["backend", "mail", "received"];
    /// The addresses that are assigned to users.
    Senders: GET = ["backend", "mail", "senders"];
    /// Takes the assignment of an address back.
    ForgetSender: POST = ["backend", "mail", "senders", "forget"];
    /// Sends a failed letter again.
    RetryLetter(id): POST = ["backend", "mail", id, "retry"];
    /// Sends all held letters.
    ReleaseLetters: POST = ["backend", "mail", "release"];
    /// Discards all held letters.
    DiscardLetters: POST = ["backend", "mail", "discard"];
    /// Sends letters again to a person whose letters came back.
    ResumeLetters: POST = ["backend", "mail", "resume"];
    /// A letter that came in, as it came.
    IncomingOriginal(id): GET = ["backend", "mail", id, "original"];
    /// Opens a ticket with a held letter that came in.
    TakeIncoming(id): POST = ["backend", "mail", id, "take"];
    /// Lets a held letter that came in be worked on again.
    RepeatIncoming(id): POST = ["backend", "mail", id, "again"];
    /// Discards a held letter that came in.
    DiscardIncoming(id): POST = ["backend", "mail", id, "discard"];
}

impl Address<'_> {
    /// Whether the address answers the method.
    pub(crate) fn answers(self, method: &Method) -> bool {
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        self.methods().contains(method)
    }

    /// The methods that the address answers, for the header `Allow`.
    pub(crate) fn allowed(self) -> String {
        let mut methods: Vec<&str> = self.methods().iter().map(Method::as_str).collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.sort_unstable();
        methods.join(", ")
    }
}

/// The path below the base: empty for the base itself.
impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.segments().into_iter().try_for_each(|segment| write!(f, "/{}", encoded(segment)))
    }
}

/// The method and the path below the base, with the names of the values in brackets: `GET /tickets/<number>`.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, if self.path.is_empty() { "/" } else { "" })?;
        self.path.iter().try_for_each(|segment| match segment {
            Segment::Word(word) => write!(f, "/{word}"),
            Segment::Value(name) => write!(f, "/<{name}>"),
        })
    }
}

/// The decoded segments of a path. Empty ones do not count. Bytes that are not UTF-8 become replacement characters.
pub(crate) fn segments(path: &str) -> Vec<Cow<'_, str>> {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    segments.map(|segment| percent_decode_str(segment).decode_utf8_lossy()).collect()
}

/// Everything except letters, digits and `-._~` (RFC 3986).
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn encoded(text: &str) -> impl fmt::Display {
    utf8_percent_encode(text, &RESERVED)
}

/// Percent-encodes everything except letters, digits and `-._~` as UTF-8 bytes (RFC 3986). A host uses it for the way back in its
/// [`sign_in`](crate::RequestHost::sign_in).
pub fn percent_encoded(text: &str) -> String {
    encoded(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_was_written() {
        let mut read = 0;
        for endpoint in Endpoint::all() {
            let segment = |segment: &Segment| match segment {
                Segment::Word(word) => *word,
                Segment::Value(_) => "ä/7?",
            };
            let asked: Vec<&str> = endpoint.path.iter().map(segment).collect();
            let address = Address::read(&asked).unwrap();
            assert!(address.answers(&endpoint.method), "{endpoint}");
            let path = address.to_string();
            assert!(path.is_ascii() && !path.contains('?'), "{path}");
            assert_eq!(segments(&path), asked, "{endpoint}");
            read += 1;
        }
        assert!(read > 45, "{read}");
    }

    #[test]
    fn an_address_knows_its_methods() {
        let allowed = |path: &[&'static str]| Address::read(path).map(Address::allowed);
        assert_eq!(allowed(&["tickets"]).as_deref(), Some("GET, HEAD, POST"));
        assert_eq!(allowed(&["tickets", "7", "close"]).as_deref(), Some("POST"));
        assert_eq!(allowed(&["nowhere"]), None);
        assert!(Address::Tickets.answers(&Method::HEAD) && !Address::Close("7").answers(&Method::HEAD));
        assert!(!Address::Tickets.answers(&Method::DELETE));
    }

    #[test]
    fn empty_segments_do_not_count() {
        for path in ["/support/tickets", "//support//tickets/", "/%73upport/tickets"] {
            assert_eq!(segments(path), ["support", "tickets"], "{path}");
        }
        assert_eq!(segments("/a%2Fb/%FF"), ["a/b", "\u{fffd}"]);
    }

    #[test]
    fn a_name_cannot_leave_its_place_in_an_address() {
        assert_eq!(percent_encoded("a/b?c#d ä\r\n"), "a%2Fb%3Fc%23d%20%C3%A4%0D%0A");
    }
}
