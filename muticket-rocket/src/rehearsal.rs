//! If the host has its own files, renders every page once at launch with example data. A mistake in the files shows then, not when a
//! visitor requests the page.
//!
//! The example is in memory: a customer, a supporter, an administrator and two tickets. The routes themselves render the pages.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use muticket_core::backend::{CategoryNames, NewSettings, SupporterEdit};
use muticket_core::blob::MemoryBlobs;
use muticket_core::notice::LetterState;
use muticket_core::rating::Score;
use muticket_core::storage::Unit;
use muticket_core::{
    AccessLevel, Directory, Error, Group, GroupId, Helpdesk, HostError, Language, MemoryStorage, NewMessage, NewTicket,
    StorageError, SupporterId, TicketNumber, User, UserId, Visitor,
};
use rocket::Request;

use crate::error::{Failure, Kept};
use crate::host::Host;
use crate::notice::Notice;
use crate::page::{Rendered, error_content};
use crate::setup::SetupError;
use crate::site::{Asker, Site};
use crate::view::Tongue;
use crate::{backend, frontend};

const GROUP: &str = "example-group";

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

#[rocket::async_trait]
impl Host for Cast {
    async fn visitor(&self, _: &Request<'_>) -> Result<Visitor, HostError> {
        Ok(Visitor::Guest)
    }

    fn sign_in(&self, _: &str) -> String {
        "/".to_owned()
    }
}

/// An empty helpdesk for the example.
pub(crate) fn empty_helpdesk() -> Helpdesk {
    Helpdesk::builder(Arc::new(MemoryStorage::new()), Arc::new(Cast)).blobs(Arc::new(MemoryBlobs::default())).build()
}

/// Renders every page of the site, whose helpdesk must be the empty one above: first with everything on, then with ratings off and no
/// supporter present. Returns the number of pages.
pub(crate) async fn rehearse(site: &Arc<Site>) -> Result<usize, SetupError> {
    let cast = furnish(&site.helpdesk).await.map_err(SetupError::Helpdesk)?;
    let mut count = act(site, &cast).await?;
    turn_off(&site.helpdesk, cast.0).await.map_err(SetupError::Helpdesk)?;
    count += act(site, &cast).await?;
    Ok(count)
}

/// Renders every page in the current state.
async fn act(site: &Arc<Site>, (supporter, tickets): &(SupporterId, [TicketNumber; 2])) -> Result<usize, SetupError> {
    let languages: Vec<Language> = site.view.languages().cloned().collect();
    let mut count = 0;
    for language in &languages {
        for (at, user) in Cast::all().into_iter().enumerate() {
            let asker = Asker { visitor: Visitor::User(user), language: language.clone(), locale: language.clone() };
            let mut pages = Vec::new();
            let made = match at {
                2 => backend::all_pages(site, &asker, (*supporter, tickets[0]), &mut pages).await,
                _ => frontend::all_pages(site, &asker, tickets, &mut pages).await,
            };
            made.map_err(|failure: Failure| SetupError::Helpdesk(failure.into_error()))?;
            count += pages.len();
            for notice in Notice::ALL {
                // All pages show a notice in the same way, so one page is enough.
                if let Some(page) = pages.first() {
                    look_at(site, &asker, language, page.clone(), Some(*notice))?;
                }
            }
            for page in pages {
                look_at(site, &asker, language, page, None)?;
            }
        }
        let kept = [Kept { field: "body", text: "An example.".to_owned() }];
        for (status, word, kept) in [(404, "not-found", &[][..]), (401, "sign-in", &kept), (503, "unavailable", &kept)] {
            error_content(site, None, &spoken(language), (status, word), Some("/".to_owned()), kept)
                .map_err(wrong("error", language))?;
        }
    }
    Ok(count)
}

fn look_at(site: &Site, asker: &Asker, language: &Language, page: Rendered, notice: Option<Notice>) -> Result<(), SetupError> {
    let name = page.name();
    let html = page.content(site, Some(asker), &spoken(language), notice).map_err(wrong(name, language))?;
    if every_form_has_its_token(&html) { Ok(()) } else { Err(SetupError::Token(name)) }
}

fn spoken(language: &Language) -> Tongue {
    Tongue { words: language.clone(), locale: language.clone() }
}

fn wrong(page: &'static str, language: &Language) -> impl FnOnce(minijinja::Error) -> SetupError {
    let language = language.clone();
    move |source| SetupError::Page { page, language, source }
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
async fn furnish(helpdesk: &Helpdesk) -> Result<(SupporterId, [TicketNumber; 2]), Error> {
    let [customer, supporter, admin] = Cast::all().map(Visitor::User);
    let backend = helpdesk.backend(&admin)?;
    let group = Some(GroupId::new(GROUP));
    let settings = NewSettings { supporter_group: group, ratings: true, image_limit: Some(1024 * 1024), ..Default::default() };
    backend.update_settings(settings).await?;
    let category = backend.add_category(&CategoryNames(vec![(Language::english(), "Example".to_owned())])).await?.id;
    let edit = SupporterEdit { present: true, categories: [category.clone()].into() };
    let record = backend.add_supporter(Some(UserId::new("example-supporter")), edit).await?;
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
            portal.rate(number, answer.number, score).await?;
        }
        portal.reply(number, text("A reply.")).await?;
        tickets.push(number);
    }
    helpdesk.desk(&supporter).await?.close(tickets[1], None).await?;
    Ok((record.id, [tickets[0], tickets[1]]))
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
