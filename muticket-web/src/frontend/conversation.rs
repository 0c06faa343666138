//! The page of a ticket. It is also shown after a text could not be sent, with the text still in its form.

use http::StatusCode;
use muticket_core::conversation::{Abilities, Conversation, MessagePage, ShownMessage};
use muticket_core::frontend::Frontend;
use muticket_core::history::Change;
use muticket_core::names::isolated;
use muticket_core::ticket::{Attachment, MediaType, Waiting};
use muticket_core::viewer::Side;
use muticket_core::{Error, MessageNumber, TicketNumber, UserId};
use serde::Serialize;

use crate::context::Context;
use crate::error::{ErrorPage, Failure};
use crate::form_errors::FormErrors;
use crate::frontend::desk_panel::{DeskPanel, NoteModel, TypedNote};
use crate::frontend::event::{Event, event};
use crate::links::Links;
use crate::list::List;
use crate::page::{Template, person};
use crate::response::Response;

/// The model of the page.
#[derive(Debug, Serialize)]
struct ConversationPage {
    number: i64,
    link: String,
    /// The whole URL, for printing; only the path if the host has not set its public URL.
    printed: String,
    /// The link back to the list from which the page was opened.
    back: String,
    /// The list from which the page was opened. The forms send it along.
    list: List,
    /// The link to the form for a new ticket that follows this one.
    follow_up: String,
    subject: String,
    /// `new`, `supporter`, `customer` or `closed`.
    status: &'static str,
    open: bool,
    customer: Option<String>,
    /// Whether the visitor is the customer of this ticket. The page addresses the customer directly.
    own: bool,
    category: Option<String>,
    opened_at: i64,
    follows: Option<FollowsLink>,
    items: Vec<ConversationItem>,
    /// The numbers of the messages on this page that are damaged.
    damaged: Vec<u32>,
    /// The range of messages that the page shows; `None` if it shows all of them.
    range: Option<PageRange>,
    first: String,
    earlier: Option<String>,
    later: Option<String>,
    newest: String,
    /// The first message of the page; `None` on the newest page.
    from: Option<u32>,
    /// The answer that was rated last; `None` if it is not on this page. The page thanks for the rating beside its stars.
    rated: Option<u32>,
    /// Whether the ticket has messages that the visitor has not read.
    unread: bool,
    /// The first unread message, above which the page puts a mark; `None` if there is nothing unread or the whole ticket is.
    new_from: Option<UnreadMark>,
    /// The link to the next waiting ticket, for supporters.
    next: Option<String>,
    support_active: bool,
    can: Controls,
    /// `None` on the customer's side.
    desk: Option<DeskPanel>,
    draft: Draft,
    /// The newest message that the page shows. Forms send it along, so that nobody answers or closes over unseen messages.
    seen: u32,
    max_attachments: usize,
    attachment_bytes: u64,
    image_bytes: Option<u64>,
}

/// The first and last message of the page, and how many the ticket has.
#[derive(Debug, Serialize)]
struct PageRange {
    first: u32,
    last: u32,
    all: u32,
}

/// Which controls the page shows.
#[derive(Debug, Serialize)]
struct Controls {
    reply: bool,
    answer: bool,
    close: bool,
    reopen: bool,
    follow_up: bool,
}

impl From<Abilities> for Controls {
    fn from(can: Abilities) -> Self {
        let Abilities { reply, answer, close, reopen, follow_up, .. } = can;
        Self { reply, answer, close, reopen, follow_up }
    }
}

/// Where the unread messages begin.
#[derive(Debug, Serialize)]
struct UnreadMark {
    message: u32,
    link: String,
}

#[derive(Debug, Serialize)]
struct FollowsLink {
    number: i64,
    link: String,
}

/// A message, or something that happened between messages.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum ConversationItem {
    Message(MessageModel),
    Event(Event),
    Note(NoteModel),
    /// How many events are left out here.
    Omitted {
        n: usize,
    },
}

#[derive(Debug, Serialize)]
struct MessageModel {
    number: u32,
    link: String,
    author: Option<String>,
    /// `customer` or `supporter`.
    role: &'static str,
    mine: bool,
    body: String,
    /// `None` if `body` is complete. A very long message is cut, and this leads to the whole of it.
    whole: Option<WholeLink>,
    written_at: i64,
    files: Vec<FileModel>,
    stars: Option<u8>,
    /// The URL that takes the rating; `None` if the visitor cannot rate this answer.
    rate: Option<String>,
}

/// The link to the complete message.
#[derive(Debug, Serialize)]
struct WholeLink {
    link: String,
    /// The number of characters of the complete message.
    length: usize,
}

#[derive(Debug, Serialize)]
struct FileModel {
    name: String,
    link: String,
    size: u64,
    /// The versions to show; `None` if the file is not a picture.
    picture: Option<PictureModel>,
}

#[derive(Debug, Serialize)]
struct PictureModel {
    small: String,
    large: String,
}

/// The content of the form: empty, or a text that could not be sent, and why.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Draft {
    pub(crate) body: String,
    pub(crate) problems: FormErrors,
    /// An error that belongs to no field.
    pub(crate) failure: Option<ErrorPage>,
    /// Whether files were chosen. The visitor has to choose them again.
    pub(crate) files_again: bool,
    /// Others who wrote in the meantime; `None` if there is no conflict.
    pub(crate) conflict: Option<OthersWrote>,
    /// The list from which the page was opened.
    #[serde(skip)]
    pub(crate) list: List,
    /// Whether another ticket waits. Only set when the supporter has just finished this one.
    pub(crate) next_waits: bool,
    /// The form of a note that is shown again.
    #[serde(skip)]
    pub(crate) note: Option<TypedNote>,
    /// The change that another person made first; `None` if nobody did.
    pub(crate) overtaken: Option<Event>,
}

/// Others who wrote on the ticket while the visitor still had an older page open.
#[derive(Debug, Serialize)]
pub(crate) struct OthersWrote {
    /// Their names, each once, in the order in which they wrote. `None` stands for a user whom the host no longer knows.
    pub(crate) names: Vec<Option<String>>,
    /// Whether the visitor was writing a text; otherwise they were closing the ticket.
    pub(crate) writes: bool,
}

/// Loads the ticket with the newest page of its messages, as the visitor sees it.
pub(crate) async fn load(context: &Context<'_>, number: TicketNumber) -> Result<Conversation, Error> {
    let visitor = context.signed_in().await?;
    Ok(context.shared.helpdesk.show(visitor, number, None).await?.1)
}

/// The page of a ticket.
pub(crate) fn page(
    context: &Context<'_>,
    doors: &Frontend,
    status: StatusCode,
    conversation: &Conversation,
    draft: Draft,
) -> Result<Response, Failure> {
    let title = format!("#{} {}", conversation.ticket.number, isolated(conversation.ticket.subject.as_str()));
    let reader = &doors.portal.user().id;
    context.page(Template::new("conversation", title).with_status(status), model(context, reader, conversation, draft))
}

/// The model for its reader.
fn model(context: &Context<'_>, reader: &UserId, conversation: &Conversation, draft: Draft) -> ConversationPage {
    let (links, helpdesk) = (context.links(), &context.shared.helpdesk);
    let ticket = &conversation.ticket;
    let list = draft.list.clone();
    let page = |page: MessagePage| list.on(links.page(ticket.number, page));
    let limits = helpdesk.limits();
    ConversationPage {
        number: ticket.number.get(),
        link: links.ticket(ticket.number),
        printed: context.shared.public_address(&links.ticket(ticket.number)),
        back: list.back(links),
        follow_up: list.on(links.follow_up(ticket.number)),
        subject: ticket.subject.as_str().to_owned(),
        status: ticket.waiting().map_or("closed", Waiting::as_str),
        open: conversation.is_open(),
        customer: name(conversation, &ticket.customer),
        own: conversation.side == Side::Customer,
        category: conversation.category.as_ref().map(|category| category.name(context.language()).to_owned()),
        opened_at: ticket.opened_at.timestamp_micros(),
        follows: ticket.follows.map(|number| FollowsLink { number: number.get(), link: links.ticket(number) }),
        items: items(context, reader, conversation, &list, draft.note.as_ref()),
        damaged: conversation.damaged.iter().map(|number| number.get()).collect(),
        range: range(conversation),
        first: page(MessagePage::From(MessageNumber::FIRST)),
        earlier: conversation.earlier().map(page),
        later: conversation.later().map(page),
        newest: match conversation.later() {
            None => here(ticket.last_message),
            Some(_) => list.on(links.message(ticket.number, ticket.last_message)),
        },
        from: conversation.later().and_then(|_| conversation.messages.first()).map(|shown| shown.message.number.get()),
        rated: rated(conversation),
        unread: conversation.unread.is_some(),
        new_from: new_from(links, conversation, &list),
        next: (conversation.side == Side::Desk).then(|| list.on(links.next_ticket(Some(conversation.place())))),
        support_active: conversation.support_active,
        can: conversation.can.into(),
        desk: conversation
            .desk
            .as_ref()
            .map(|desk| DeskPanel::of(conversation, desk, reader, context.language(), draft.note.as_ref())),
        draft,
        seen: conversation.messages.last().map_or(ticket.last_message, |shown| shown.message.number).get(),
        max_attachments: if helpdesk.blobs().is_some() { limits.attachments } else { 0 },
        attachment_bytes: limits.attachment_bytes,
        image_bytes: conversation.image_limit.map(|limit| limit.min(limits.attachment_bytes)),
        list,
    }
}

/// The answer that was rated last; `None` if the page does not show it.
fn rated(conversation: &Conversation) -> Option<u32> {
    let last = conversation.history.iter().rev().find_map(|entry| match entry.change {
        Change::Rated(message, _) => Some(message),
        _ => None,
    })?;
    conversation.messages.iter().any(|shown| shown.message.number == last && shown.can_rate).then(|| last.get())
}

fn range(conversation: &Conversation) -> Option<PageRange> {
    conversation.earlier().or(conversation.later())?;
    let (first, last) = (conversation.messages.first()?, conversation.messages.last()?);
    Some(PageRange {
        first: first.message.number.get(),
        last: last.message.number.get(),
        all: conversation.ticket.last_message.get(),
    })
}

/// A link to a message on the same page. It is only a fragment: if the page is the response to a form and holds a text that could not be
/// sent, a link with a path would leave the page and lose the text.
fn here(message: MessageNumber) -> String {
    format!("#message-{message}")
}

/// The first unread message, which may be on an earlier page.
fn new_from(links: &Links, conversation: &Conversation, list: &List) -> Option<UnreadMark> {
    let (number, message) = (conversation.ticket.number, conversation.unread?);
    let shown = conversation.messages.iter().any(|shown| shown.message.number == message);
    let link = match shown {
        true => here(message),
        false => list.on(links.older_message(number, message)),
    };
    (message > MessageNumber::FIRST).then(|| UnreadMark { message: message.get(), link })
}

/// The most events on a page. A ticket that a program closes and reopens all day still loads fast (P-19).
const MOST_EVENTS: usize = 60;

/// Messages and events in the order in which they happened, taken from the history.
fn items(
    context: &Context<'_>,
    reader: &UserId,
    conversation: &Conversation,
    list: &List,
    typed: Option<&TypedNote>,
) -> Vec<ConversationItem> {
    let links = context.links();
    let note = |number| {
        let desk = conversation.desk.as_ref()?;
        let note = desk.notes.iter().find(|note| note.number == number)?;
        Some(ConversationItem::Note(NoteModel::of(links, conversation, desk, note, reader, typed)))
    };
    let shown = |number: MessageNumber| conversation.messages.iter().find(|shown| shown.message.number == number);
    let mut items = Vec::new();
    let mut events = Vec::new();
    for entry in &conversation.history {
        match entry.change {
            Change::Opened => {
                items.extend(shown(MessageNumber::FIRST).map(|shown| message(links, reader, conversation, shown, list)));
                continue;
            }
            Change::Replied(number) | Change::Answered(number) => {
                items.extend(shown(number).map(|shown| message(links, reader, conversation, shown, list)));
                continue;
            }
            Change::Noted(number) => {
                items.extend(note(number));
                continue;
            }
            _ => {}
        }
        // Events before the first message of this page belong to an earlier page.
        if !items.is_empty()
            && let Some(event) = event(conversation, entry, context.language())
        {
            events.push(items.len());
            items.push(ConversationItem::Event(event));
        }
    }
    if let Some(omitted @ 1..) = events.len().checked_sub(MOST_EVENTS) {
        // Drop the oldest events, and replace the first of them with their number.
        let first = events[0];
        let gone: std::collections::HashSet<usize> = events[1..omitted].iter().copied().collect();
        let mut place = 0;
        items.retain(|_| {
            place += 1;
            !gone.contains(&(place - 1))
        });
        items[first] = ConversationItem::Omitted { n: omitted };
    }
    items
}

fn message(links: &Links, reader: &UserId, conversation: &Conversation, shown: &ShownMessage, list: &List) -> ConversationItem {
    let message = &shown.message;
    ConversationItem::Message(MessageModel {
        number: message.number.get(),
        link: list.on(match conversation.earlier().or(conversation.later()) {
            None => links.message(message.ticket, message.number),
            Some(_) => links.older_message(message.ticket, message.number),
        }),
        author: name(conversation, &message.author),
        role: message.role.as_str(),
        mine: message.author == *reader,
        body: message.body.as_str().to_owned(),
        whole: shown
            .folded
            .map(|length| WholeLink { link: list.on(links.whole_message(message.ticket, message.number)), length }),
        written_at: message.written_at.timestamp_micros(),
        files: shown.attachments.iter().map(|file| file_model(links, file)).collect(),
        stars: shown.score.filter(|_| conversation.ratings).map(|score| score.stars()),
        rate: shown.can_rate.then(|| links.rating(message.ticket, message.number)),
    })
}

fn file_model(links: &Links, file: &Attachment) -> FileModel {
    FileModel {
        name: file.name.as_str().to_owned(),
        link: links.attachment(file.id, file.name.as_str()),
        size: file.size,
        picture: (file.media_type != MediaType::Other)
            .then(|| PictureModel { small: links.small_picture(file.id), large: links.large_picture(file.id) }),
    }
}

pub(crate) fn name(conversation: &Conversation, id: &UserId) -> Option<String> {
    person(&conversation.names, id)
}
