//! If the host has its own files, renders every page once at launch with example data. A mistake in the files shows then, not when a
//! visitor requests the page.
//!
//! The example is in memory: a customer, a supporter, an administrator and two tickets. The routes themselves render the pages.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream;
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue, Method};
use muticket_core::backend::{CategoryNames, LabelEdit, NewSettings, SupporterEdit};
use muticket_core::blob::MemoryBlobs;
use muticket_core::desk::{NewNote, NewValue};
use muticket_core::notification::LetterState;
use muticket_core::overview::{DeskFilter, Filter};
use muticket_core::rating::Score;
use muticket_core::storage::Unit;
use muticket_core::ticket::{Message, Priority};
use muticket_core::{
    AccessLevel, Conflict, Directory, Error, Group, GroupId, Helpdesk, HostError, LabelId, Language, MemoryStorage,
    MessageNumber, NewMessage, NewSavedAnswer, NewTicket, Refusal, StorageError, SupporterId, TicketNumber, User, UserId,
    Visitor,
};

use crate::address::Address;
use crate::context::{Context, CurrentVisitor};
use crate::error::{ErrorPage, Failure, TypedText};
use crate::flash::Flash;
use crate::frontend::conversation::load;
use crate::frontend::refused::{Typed, show_again};
use crate::host::{Page, RequestHost};
use crate::request::Head;
use crate::respond::route;
use crate::response::Response;
use crate::saved_form::{SavedDraft, actions_of};
use crate::setup::Mistake;
use crate::shared::Shared;
use crate::view::PageLanguage;
use crate::{backend, desk as desk_pages, form_errors, portal};

const GROUP: &str = "example-group";

/// What the pages of the example are about.
struct Examples {
    supporter: SupporterId,
    tickets: [TicketNumber; 2],
    label: LabelId,
}

/// The people of the example.
pub(crate) struct Cast;

impl Cast {
    fn all() -> [User; 3] {
        let customer = User { level: AccessLevel::Add, ..User::new("example-customer", "Example Customer") };
        let supporter = User { groups: vec![GroupId::new(GROUP)], ..User::new("example-supporter", "Example Supporter") };
        let admin = User { level: AccessLevel::Admin, ..User::new("example-admin", "Example Admin") };
        [customer, supporter, admin]
    }
}

#[async_trait]
impl Directory for Cast {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        Ok(Self::all().into_iter().filter(|user| ids.contains(&user.id)).collect())
    }

    async fn members(&self, group: &GroupId) -> Result<Vec<User>, HostError> {
        Ok(Self::all().into_iter().filter(|user| user.is_in(group)).collect())
    }

    async fn groups(&self) -> Result<Vec<Group>, HostError> {
        Ok(vec![Group { id: GroupId::new(GROUP), name: "Example".to_owned() }])
    }
}

#[async_trait]
impl RequestHost for Cast {
    async fn visitor(&self) -> Result<Visitor, HostError> {
        Ok(Visitor::Guest)
    }

    fn sign_in(&self, _: &str) -> String {
        "/".to_owned()
    }

    fn page(&self, _: Page<'_>) -> Option<String> {
        None
    }
}

/// An empty helpdesk for the example.
pub(crate) fn empty_helpdesk() -> Helpdesk {
    Helpdesk::builder(Arc::new(MemoryStorage::new()), Arc::new(Cast)).blobs(Arc::new(MemoryBlobs::default())).build()
}

/// Renders every page of the module, whose helpdesk must be the empty one above: first with everything on, then with ratings off and no
/// supporter present.
pub(crate) async fn rehearse(shared: &Shared) -> Result<(), Mistake> {
    let examples = furnish(&shared.helpdesk).await.map_err(Mistake::Helpdesk)?;
    act(shared, &examples).await?;
    turn_off(&shared.helpdesk, examples.supporter).await.map_err(Mistake::Helpdesk)?;
    act(shared, &examples).await
}

/// Renders every page in the current state.
async fn act(shared: &Shared, examples: &Examples) -> Result<(), Mistake> {
    let languages: Vec<Language> = shared.view.languages().cloned().collect();
    for language in &languages {
        for user in Cast::all() {
            let is_admin = user.level == AccessLevel::Admin;
            let page_language = PageLanguage { words: language.clone(), locale: language.clone() };
            let person = Person { shared, visitor: CurrentVisitor { visitor: Visitor::User(user), page_language } };
            match is_admin {
                true => person.reads_the_backend(examples).await?,
                false => person.reads_the_frontend(&examples.tickets).await?,
            }
            person.reads_errors()?;
        }
    }
    Ok(())
}

/// The query of a page that was opened from a list.
const FROM_A_LIST: Option<&str> = Some("list=state%3Dall");

/// Somebody who reads pages.
struct Person<'s> {
    shared: &'s Shared,
    visitor: CurrentVisitor,
}

impl Person<'_> {
    async fn reads_the_backend(&self, examples: &Examples) -> Result<(), Mistake> {
        let (id, number) = (&*examples.supporter.to_string(), &*examples.tickets[0].to_string());
        for flash in Flash::ALL {
            // All pages show a message in the same way, so one page is enough.
            self.opens(Address::Supporters, None, Some(*flash)).await?;
        }
        for address in [
            Address::Supporters,
            Address::NewSupporter,
            Address::EditSupporter(id),
            Address::Supporter(id),
            Address::SupporterAnswers(id),
            Address::Statistics,
            Address::Settings,
            Address::Categories,
            Address::Labels,
            Address::RemoveLabel(&examples.label.to_string()),
            Address::SharedAnswers,
            Address::NewSharedAnswer,
            Address::AllTickets,
            Address::DeleteTicket(number),
            Address::Mail,
        ] {
            self.opens(address, FROM_A_LIST, None).await?;
        }
        let backend = self.shared.helpdesk.backend(&self.visitor.visitor).map_err(Mistake::Helpdesk)?;
        for answer in backend.saved_answers().await.map_err(Mistake::Helpdesk)?.0 {
            let id = answer.id.to_string();
            self.opens(Address::SharedAnswer(&id), None, None).await?;
            self.opens(Address::DeleteSharedAnswer(&id), None, None).await?;
        }
        let headers = HeaderMap::new();
        let context = || self.context(None, &headers);
        self.looks_at(backend::supporters::refused(&context()).await)?;
        self.looks_at(backend::supporter::refused(&context(), id).await)?;
        self.looks_at(backend::settings::refused(&context()).await)?;
        self.looks_at(backend::labels::refused(&context()).await)?;
        self.looks_at(backend::categories::refused(&context()).await)
    }

    async fn reads_the_frontend(&self, tickets: &[TicketNumber]) -> Result<(), Mistake> {
        for flash in Flash::ALL {
            self.opens(Address::Tickets, None, Some(*flash)).await?;
        }
        for query in
            [None, Some("state=all"), Some("state=closed&q=nothing-is-called-so"), Some("view=waiting"), Some("view=mine&at=1")]
        {
            self.opens(Address::Tickets, query, None).await?;
        }
        may_be_refused(self.opens(Address::NewTicket, FROM_A_LIST, None).await)?;
        if let Ok(desk) = self.shared.helpdesk.desk(&self.visitor.visitor).await {
            for view in desk.views().await.map_err(Mistake::Helpdesk)?.own {
                let id = view.id.to_string();
                self.opens(Address::RemoveView(&id), None, None).await?;
                self.opens(Address::Tickets, Some(&format!("view={id}&priority=")), None).await?;
            }
            let headers = HeaderMap::new();
            self.looks_at(desk_pages::views::refused(&self.context(None, &headers)).await)?;
            for (address, query) in [
                (Address::SavedAnswers, None),
                (Address::NewSavedAnswer, None),
                (Address::Views, None),
                (Address::News, Some("since=0")),
            ] {
                self.opens(address, query, None).await?;
            }
            for answer in desk.saved_answers().await.map_err(Mistake::Helpdesk)? {
                let id = answer.id.to_string();
                self.opens(Address::SavedAnswer(&id), None, None).await?;
                may_be_refused(self.opens(Address::DeleteSavedAnswer(&id), None, None).await)?;
            }
        }
        for number in tickets {
            may_be_refused(self.opens(Address::Ticket(&number.to_string()), FROM_A_LIST, None).await)?;
            let follows = format!("follows={number}&list=state%3Dall");
            may_be_refused(self.opens(Address::NewTicket, Some(&follows), None).await)?;
        }
        self.is_refused(tickets).await
    }

    /// The pages as they are shown again when a form is refused, or when another person was faster.
    async fn is_refused(&self, tickets: &[TicketNumber]) -> Result<(), Mistake> {
        let errors = |since: Vec<Message>| {
            [
                Error::Invalid(form_errors::examples()),
                Error::Conflict(Conflict { seen: MessageNumber::FIRST, since }),
                Error::Refused(Refusal::TicketClosed),
                Error::Refused(Refusal::SameAgain),
                Error::Refused(Refusal::SupportOff),
            ]
        };
        let headers = HeaderMap::new();
        let context = self.context(None, &headers);
        let doors = context.doors().await.map_err(Mistake::Helpdesk)?;
        for number in tickets {
            let Ok(conversation) = load(&context, *number).await else { continue };
            for error in errors(conversation.messages.into_iter().map(|shown| shown.message).collect()) {
                let offered = actions_of(["close", "assign:example-supporter", "priority:high", "category:example"]);
                let saved = SavedDraft { offered, ..SavedDraft::default() };
                let typed = Typed { body: "An example.".to_owned(), files: true, saved, ..Typed::default() };
                may_be_refused(self.looks_at(show_again(&context, doors, *number, error, typed).await))?;
            }
        }
        for error in errors(Vec::new()) {
            may_be_refused(self.looks_at(portal::open::refused(&context, &error).await))?;
        }
        Ok(())
    }

    fn reads_errors(&self) -> Result<(), Mistake> {
        let headers = HeaderMap::new();
        let context =
            Context::new(self.shared, Head::new(&Method::GET, "/", &headers), &Cast).with_language(self.page_language().clone());
        let typed = [TypedText { field: "body", text: "An example.".to_owned() }];
        for page in ErrorPage::ALL {
            let shown = context.error_page((page.status(), *page), Some("/".to_owned()), &typed);
            self.looks_at(shown.map_err(|cause| Failure::template("error", cause)))?;
        }
        Ok(())
    }

    /// Opens a page, perhaps after an action.
    async fn opens(&self, address: Address<'_>, query: Option<&str>, flash: Option<Flash>) -> Result<(), Mistake> {
        let cookie = flash.and_then(|flash| HeaderValue::try_from(self.shared.flash.set(flash)).ok());
        let headers = cookie.map(|cookie| (COOKIE, cookie)).into_iter().collect();
        self.looks_at(route(&self.context(query, &headers), address, Box::pin(stream::empty())).await)
    }

    fn context<'c>(&'c self, query: Option<&'c str>, headers: &'c HeaderMap) -> Context<'c> {
        let head = Head { query, ..Head::new(&Method::GET, "/", headers) };
        Context::new(self.shared, head, &Cast).with_visitor(self.visitor.clone())
    }

    fn page_language(&self) -> &PageLanguage {
        &self.visitor.page_language
    }

    /// Checks that a page could be rendered, and that each of its forms can be sent.
    fn looks_at(&self, page: Result<Response, Failure>) -> Result<(), Mistake> {
        let response = page.map_err(|failure| match failure.into_cause() {
            Ok((page, source)) => Mistake::Page { page, language: self.page_language().words.clone(), source },
            Err(error) => Mistake::Helpdesk(error),
        })?;
        match (response.template, response.body.whole()) {
            (Some(page), Some(html)) if !every_form_has_its_token(&String::from_utf8_lossy(html)) => Err(Mistake::Token(page)),
            _ => Ok(()),
        }
    }
}

/// Accepts that this person may not see the page.
fn may_be_refused(looked: Result<(), Mistake>) -> Result<(), Mistake> {
    match looked {
        Err(Mistake::Helpdesk(Error::Denied(_) | Error::NotFound | Error::Refused(_))) => Ok(()),
        looked => looked,
    }
}

/// Whether each form that posts contains the token.
fn every_form_has_its_token(html: &str) -> bool {
    let forms = html.split("<form").skip(1).map(|rest| rest.split("</form").next().unwrap_or(rest));
    let sends = |form: &&str| {
        let tag = form.split('>').next().unwrap_or_default().to_ascii_lowercase().replace(['"', '\''], "");
        tag.contains("method=post")
    };
    forms
        .filter(sends)
        .all(|form| form.contains("name=\"token\"") || form.contains("name='token'") || form.contains("name=token"))
}

/// Creates two tickets with everything that pages can show.
async fn furnish(helpdesk: &Helpdesk) -> Result<Examples, Error> {
    let [customer, supporter, admin] = Cast::all().map(Visitor::User);
    let backend = helpdesk.backend(&admin)?;
    let group = Some(GroupId::new(GROUP));
    let settings = NewSettings {
        supporter_group: group,
        ratings: true,
        image_limit: Some(1024 * 1024),
        customers_prioritize: true,
        ..Default::default()
    };
    backend.update_settings(settings).await?;
    let category = backend.add_category(&CategoryNames(vec![(Language::english(), "Example".to_owned())])).await?.id;
    let edit = SupporterEdit { present: true, categories: [category.clone()].into() };
    let record = backend.add_supporter(Some(UserId::new("example-supporter")), edit).await?;
    let saved = NewSavedAnswer {
        title: "Example".to_owned(),
        texts: vec![(Language::english(), "An example.".to_owned())],
        categories: [category.clone()].into(),
        actions: actions_of(["close", "take", "priority:high"]),
    };
    backend.add_saved_answer(saved.clone()).await?;
    let desk = helpdesk.desk(&supporter).await?;
    desk.add_saved_answer(saved).await?;
    let high = DeskFilter { priority: Some(Priority::High), ..DeskFilter::default() };
    desk.save_view("Example", &Filter { desk: high, ..Filter::default() }).await?;
    let portal = helpdesk.portal(&customer)?;
    let mut tickets = Vec::new();
    for subject in ["Example", "Another example"] {
        let file = portal.attach("example.txt", &mut Some(Bytes::from_static(b"example"))).await?;
        let (subject, body) = (subject.to_owned(), "An example.".to_owned());
        let new = NewTicket { subject, body, category: Some(category.clone()), attachments: vec![file], ..Default::default() };
        let number = portal.open(new).await?.number;
        let text = |body: &str| NewMessage { body: body.to_owned(), ..Default::default() };
        let answer = helpdesk.desk(&supporter).await?.answer(number, text("An answer.")).await?;
        if let Some(score) = Score::new(4) {
            portal.rate(number, answer.number, Some(score)).await?;
        }
        portal.reply(number, text("A reply.")).await?;
        tickets.push(number);
    }
    let label = backend.add_label(&LabelEdit { name: "Example".to_owned(), ..LabelEdit::default() }).await?.id;
    let desk = helpdesk.desk(&supporter).await?;
    desk.set(tickets[0], NewValue::Labels([label].into()), None).await?;
    let file = desk.attach("example.txt", &mut Some(Bytes::from_static(b"example"))).await?;
    desk.note(tickets[0], NewNote { body: "A note.".to_owned(), attachments: vec![file], ..NewNote::default() }).await?;
    desk.close(tickets[1], None).await?;
    Ok(Examples { supporter: record.id, tickets: [tickets[0], tickets[1]], label })
}

/// Ratings are off and no supporter is present. One letter could not be sent, and others are held.
async fn turn_off(helpdesk: &Helpdesk, supporter: SupporterId) -> Result<(), Error> {
    let [_, _, admin] = Cast::all().map(Visitor::User);
    let backend = helpdesk.backend(&admin)?;
    let group = Some(GroupId::new(GROUP));
    backend.update_settings(NewSettings { supporter_group: group, ratings: false, ..Default::default() }).await?;
    backend.edit_supporter(supporter, SupporterEdit::default()).await?;
    let now = helpdesk.now();
    let storage = helpdesk.storage();
    let work = move |unit: &mut dyn Unit| {
        for letter in unit.outbox().claim(now, now, 1)? {
            let failed = LetterState::Failed { at: now, problem: "550 an example".to_owned() };
            unit.outbox().settle(letter.id, letter.claims, &failed)?;
        }
        unit.outbox().hold().map(drop)
    };
    storage.run_write(work).await.map_err(|error: StorageError| error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_sends_needs_its_token() {
        let token = "<input type=\"hidden\" name=\"token\" value=\"x\">";
        let fine = [
            String::new(),
            "<form action=\"/x\"><input name=\"q\"></form>".to_owned(),
            format!("<form method=\"post\">{token}</form><form METHOD='POST'>{token}</form>"),
        ];
        for html in fine {
            assert!(every_form_has_its_token(&html), "{html}");
        }
        for html in [
            "<form method=\"post\"></form>".to_owned(),
            format!("<form method=post></form>{token}"),
            format!("<form method='post'>{token}</form><form class=\"a\" method=\"POST\"><button></form>"),
        ] {
            assert!(!every_form_has_its_token(&html), "{html}");
        }
    }
}
