//! The visitors of a site, and what they do.

use muticket_browser::{Chromium, Script, Session, Site, Wishes, visitor};
use muticket_core::{MessageNumber, NewMessage, NewTicket, TicketNumber};
use serde_json::{Value, json};

/// Sends a form without the browser's own validation.
const SEND: &str = "const form = document.querySelector(arguments[0]);
    for (const [name, value] of Object.entries(arguments[1])) form.elements[name].value = value;
    HTMLFormElement.prototype.submit.call(form);";

const LINKS: &str = "return [...new Set([...document.querySelectorAll(arguments[0])].map((link) => link.getAttribute('href')))];";

/// The visitors of a site.
pub(crate) struct Guests<'a> {
    pub(crate) site: &'a Site,
    pub(crate) page: Session,
    pub(crate) customer: &'static str,
    pub(crate) supporter: &'static str,
}

impl<'a> Guests<'a> {
    pub(crate) fn new(chromium: &'static Chromium, site: &'a Site, language: &'static str) -> Self {
        let page = chromium.visit(site, Wishes { language, script: Script::On });
        let (customer, supporter) = if language == "de" { ("anna", "sara") } else { ("ben", "tom") };
        Self { site, page, customer, supporter }
    }

    /// The addresses of the matching links, each once.
    pub(crate) fn links(&self, css: &str) -> Vec<String> {
        let links = self.page.run(LINKS, &[json!(css)]);
        links.as_array().into_iter().flatten().filter_map(|link| link.as_str().map(str::to_owned)).collect()
    }

    /// Fills in a form of the open page, and sends it.
    pub(crate) fn sends(&self, form: &str, fields: Value) {
        self.page.run(SEND, &[json!(form), fields]);
        self.page.until("the next page", || (self.page.run("return document.readyState", &[]) == "complete").then_some(()));
    }

    pub(crate) fn opens(&self, subject: &str, body: &str) -> TicketNumber {
        let portal = self.site.helpdesk().portal(&visitor(self.customer)).unwrap();
        self.site.wait_for(async {
            let categories = portal.opening(None).await.unwrap().categories;
            // The supporter's category. Letters to them are in their language too.
            let category = if self.supporter == "sara" { categories.first() } else { categories.last() };
            let category = category.map(|category| category.id.clone());
            let new = NewTicket { subject: subject.to_owned(), body: body.to_owned(), category, ..Default::default() };
            portal.open(new).await.unwrap().number
        })
    }

    pub(crate) fn replies(&self, ticket: TicketNumber, body: &str) {
        let portal = self.site.helpdesk().portal(&visitor(self.customer)).unwrap();
        self.site.wait_for(portal.reply(ticket, message(body))).unwrap();
    }

    pub(crate) fn answers(&self, ticket: TicketNumber, body: &str) -> MessageNumber {
        let person = visitor(self.supporter);
        self.site.wait_for(async {
            let desk = self.site.helpdesk().desk(&person).await.unwrap();
            desk.answer(ticket, message(body)).await.unwrap().number
        })
    }
}

fn message(body: &str) -> NewMessage {
    NewMessage { body: body.to_owned(), ..Default::default() }
}
