//! The door of the backend, and the layout of its pages.

use muticket_core::Error;
use muticket_core::backend::Backend;
use serde::Serialize;

use crate::address::Address;
use crate::backend::section::Section;
use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::page::Template;
use crate::response::Response;

/// An administrator's request.
pub(crate) struct Admin<'c> {
    pub(crate) context: &'c Context<'c>,
    pub(crate) backend: Backend,
}

/// The model of the layout, with the model of the page inside.
#[derive(Debug, Serialize)]
pub(super) struct BackendPage<M> {
    pub(super) nav: Vec<NavItem>,
    /// Whether a supporter is present. If not, every page shows a warning.
    pub(super) support_active: bool,
    pub(super) supporters_link: String,
    /// The held letters; `None` if there are none. Every page mentions them.
    pub(super) held: Option<HeldLetters>,
    #[serde(flatten)]
    pub(super) model: M,
}

/// Letters for which an administrator has to decide.
#[derive(Debug, Serialize)]
pub(super) struct HeldLetters {
    pub(super) letters: u64,
    pub(super) release_action: String,
    pub(super) discard_action: String,
}

#[derive(Debug, Serialize)]
pub(super) struct NavItem {
    /// `supporters`, `statistics`, `settings`, `categories`, `labels`, `saved-answers`, `tickets` or `mail`.
    word: &'static str,
    icon: &'static str,
    link: String,
    current: bool,
}

impl NavItem {
    /// The entry that leads to the section at `link`.
    pub(super) fn new(section: Section, link: String, current: Section) -> Self {
        Self { word: section.as_str(), icon: section.icon(), link, current: section == current }
    }
}

impl<'r> Context<'r> {
    /// The door of the backend.
    pub(crate) async fn admin(&self) -> Result<Admin<'_>, Error> {
        Ok(Admin { backend: self.shared.helpdesk.backend(&self.visitor().await?.visitor)?, context: self })
    }
}

impl Admin<'_> {
    /// The response with a page of the backend.
    pub(super) async fn page(&self, section: Section, template: Template, model: impl Serialize) -> Result<Response, Failure> {
        let links = self.context.links();
        let there = |each: &&Section| **each != Section::Categories || self.backend.keeps_categories();
        let item = |each: &Section| NavItem::new(*each, links.to(each.address()), section);
        let alerts = self.backend.alerts().await?;
        let held = || HeldLetters {
            letters: alerts.held_letters,
            release_action: links.to(Address::ReleaseLetters),
            discard_action: links.to(Address::DiscardLetters),
        };
        let model = BackendPage {
            nav: Section::ALL.iter().filter(there).map(item).collect(),
            support_active: alerts.support_active,
            supporters_link: links.to(Address::Supporters),
            held: (alerts.held_letters > 0).then(held),
            model,
        };
        self.context.page(template, model)
    }

    /// The URL of an address.
    pub(super) fn to(&self, address: Address<'_>) -> String {
        self.context.links().to(address)
    }

    /// A redirect to a section, with a message.
    pub(super) fn done(&self, section: Section, flash: Flash) -> Response {
        self.context.done(&self.to(section.address()), flash)
    }

    /// A sentence, for a title.
    pub(super) fn say(&self, key: &str) -> String {
        self.context.say(key)
    }
}
