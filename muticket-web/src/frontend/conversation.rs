//! The page of a ticket. It is also shown after a text could not be sent, with the text still in its form.

use http::StatusCode;
use muticket_core::conversation::{Abilities, Conversation, MessagePage};
use muticket_core::frontend::Frontend;
use muticket_core::history::Change;
use muticket_core::names::isolated;
use muticket_core::ticket::Waiting;
use muticket_core::viewer::Side;
use muticket_core::{Error, MessageNumber, TicketNumber, UserId};
use serde::Serialize;

use crate::context::Context;
use crate::desk::presence::ColleagueModel;
use crate::error::{ErrorPage, Failure};
use crate::form_errors::FormErrors;
use crate::frontend::desk_panel::{DeskPanel, TypedAtDesk};
use crate::frontend::event::Event;
use crate::frontend::thread::{Shown, Thread};
use crate::links::Links;
use crate::list::List;
use crate::page::{Template, person};
use crate::response::Response;
use crate::saved_form::SavedDraft;

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
    #[serde(flatten)]
    thread: Thread,
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
    /// The other supporters who have the ticket open; empty on the customer's side.
    colleagues: Vec<ColleagueModel>,
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

/// The content of the form: empty, or a text that could not be sent, and why.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Draft {
    pub(crate) body: String,
    pub(crate) problems: FormErrors,
    /// An error that belongs to no field.
    pub(crate) failure: Option<ErrorPage>,
    /// Whether files were chosen. The visitor has to choose them again.
    pub(crate) files_again: bool,
    /// How the ids of the inputs begin in the form of the note that is shown again; `None` if it is another form.
    pub(crate) note_form: Option<String>,
    /// Others who wrote in the meantime; `None` if there is no conflict.
    pub(crate) conflict: Option<OthersWrote>,
    /// The list from which the page was opened.
    #[serde(skip)]
    pub(crate) list: List,
    /// Whether the page opens at its first unread or newest message, so that older ones are folded.
    #[serde(skip)]
    pub(crate) folds: bool,
    /// Whether another ticket waits. Only set when the supporter has just finished this one.
    pub(crate) next_waits: bool,
    /// The forms for supporters that are shown again.
    #[serde(skip)]
    pub(crate) desk: TypedAtDesk,
    /// The change that another person made first; `None` if nobody did.
    pub(crate) overtaken: Option<Event>,
    /// The saved answers in the text.
    #[serde(skip)]
    pub(crate) saved: SavedDraft,
    /// The newest message that the visitor had seen before the page came back; `None` for the newest one of the page.
    #[serde(skip)]
    pub(crate) seen: Option<MessageNumber>,
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
    let newest_shown = conversation.messages.last().map_or(ticket.last_message, |shown| shown.message.number);
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
        thread: Thread::of(
            context,
            reader,
            conversation,
            &Shown { list: &list, note: draft.desk.note.as_ref(), folds: draft.folds },
        ),
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
        next: (conversation.side == Side::Desk).then(|| list.on(links.next_ticket(Some(conversation.place_in(&list.filter()))))),
        support_active: conversation.support_active,
        can: conversation.can.into(),
        desk: conversation
            .desk
            .as_ref()
            .map(|desk| DeskPanel::of(links, conversation, desk, (reader, context.language()), (&draft.desk, &draft.saved))),
        colleagues: conversation.desk.as_ref().map(|desk| ColleagueModel::all(&desk.colleagues)).unwrap_or_default(),
        seen: draft.seen.map_or(newest_shown, |seen| seen.min(newest_shown)).get(),
        draft,
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

pub(crate) fn name(conversation: &Conversation, id: &UserId) -> Option<String> {
    person(&conversation.names, id)
}
