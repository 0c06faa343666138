//! One request: what it asks, who it is from, and the doors that are open for it. Each is found out once.

use std::sync::OnceLock;

use http::header::ACCEPT_LANGUAGE;
use muticket_core::desk::Desk;
use muticket_core::frontend::Frontend;
use muticket_core::portal::Portal;
use muticket_core::{Error, HostError, Language, User, Visitor};
use tokio::sync::OnceCell;

use crate::flash::Flash;
use crate::host::RequestHost;
use crate::links::Links;
use crate::query::Query;
use crate::report::with_causes;
use crate::request::Head;
use crate::shared::Shared;
use crate::view::PageLanguage;

/// One request. A handler reaches tickets only through a door, and gets a door only from here. So no handler can forget a check.
pub(crate) struct Context<'r> {
    pub(crate) shared: &'r Shared,
    pub(crate) head: Head<'r>,
    pub(crate) host: &'r dyn RequestHost,
    visitor: OnceCell<Result<CurrentVisitor, Unanswered>>,
    /// The language of a page for a visitor who is not known.
    page_language: OnceLock<PageLanguage>,
    doors: OnceCell<Frontend>,
}

/// The visitor and their language.
#[derive(Debug, Clone)]
pub(crate) struct CurrentVisitor {
    pub(crate) visitor: Visitor,
    pub(crate) page_language: PageLanguage,
}

/// Why the host could not identify the visitor.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
struct Unanswered(String);

impl CurrentVisitor {
    /// The user; `None` for a guest.
    pub(crate) fn user(&self) -> Option<&User> {
        match &self.visitor {
            Visitor::Guest => None,
            Visitor::User(user) => Some(user),
        }
    }
}

impl<'r> Context<'r> {
    pub(crate) fn new(shared: &'r Shared, head: Head<'r>, host: &'r dyn RequestHost) -> Self {
        Self { shared, head, host, visitor: OnceCell::new(), page_language: OnceLock::new(), doors: OnceCell::new() }
    }

    /// The same request from a visitor who is already known.
    pub(crate) fn with_visitor(self, visitor: CurrentVisitor) -> Self {
        Self { visitor: OnceCell::new_with(Some(Ok(visitor))), ..self }
    }

    /// The same request from an unknown visitor whose browser asks for this language.
    pub(crate) fn with_language(self, language: PageLanguage) -> Self {
        Self { page_language: OnceLock::from(language), ..self }
    }

    /// The visitor. Asks the host on the first call. A failure is remembered too, so that the error page does not ask again.
    pub(crate) async fn visitor(&self) -> Result<&CurrentVisitor, Error> {
        let answer = self.visitor.get_or_init(|| async {
            let visitor = self.ask().await.map_err(|error| {
                let said = with_causes(&*error);
                Unanswered(said.strip_prefix("the host did not answer: ").unwrap_or(&said).to_owned())
            })?;
            let wish = match &visitor {
                Visitor::Guest => None,
                Visitor::User(user) => user.language.as_ref(),
            };
            let page_language = self.shared.view.language(wish, self.accepted_languages().as_deref());
            Ok(CurrentVisitor { visitor, page_language })
        });
        // The error is logged once, with the response.
        answer.await.as_ref().map_err(|reason| HostError::because("`Host::visitor`", reason.clone()).into())
    }

    async fn ask(&self) -> Result<Visitor, HostError> {
        let limit = self.shared.host_time_limit;
        let late = |_| HostError::new(format!("it took longer than the time limit of {} s", limit.as_secs_f32()));
        tokio::time::timeout(limit, self.host.visitor()).await.map_err(late)?
    }

    /// The result of an earlier call of [`visitor`](Self::visitor); `None` without one.
    pub(crate) fn known_visitor(&self) -> Option<&CurrentVisitor> {
        self.visitor.get()?.as_ref().ok()
    }

    /// The visitor, unless they are a guest, who always has to sign in first.
    pub(crate) async fn signed_in(&self) -> Result<&Visitor, Error> {
        let current = self.visitor().await?;
        current.user().map(|_| &current.visitor).ok_or(Error::SignIn)
    }

    /// The language of the page: the visitor's, or their browser's if the visitor is not known.
    pub(crate) fn page_language(&self) -> &PageLanguage {
        match self.known_visitor() {
            Some(current) => &current.page_language,
            None => self.page_language.get_or_init(|| self.shared.view.language(None, self.accepted_languages().as_deref())),
        }
    }

    /// The language of the page's sentences.
    pub(crate) fn language(&self) -> &Language {
        &self.page_language().words
    }

    /// The languages that the browser accepts. A browser may split the header into several.
    fn accepted_languages(&self) -> Option<String> {
        let headers = self.head.headers.get_all(ACCEPT_LANGUAGE).iter();
        let headers: Vec<&str> = headers.filter_map(|header| header.to_str().ok()).collect();
        (!headers.is_empty()).then(|| headers.join(","))
    }

    /// The doors of the frontend: the portal, and for a supporter also the desk. They are opened on the first call.
    pub(crate) async fn doors(&self) -> Result<&Frontend, Error> {
        self.doors.get_or_try_init(|| async { self.shared.helpdesk.enter(&self.visitor().await?.visitor).await }).await
    }

    /// Keeps doors that were opened together with a page.
    pub(crate) async fn keep_doors(&self, doors: Frontend) -> &Frontend {
        self.doors.get_or_init(|| async { doors }).await
    }

    /// The customers' door alone, unless all doors are open already. It reads nothing.
    pub(crate) async fn portal(&self) -> Result<Portal, Error> {
        match self.doors.get() {
            Some(doors) => Ok(doors.portal.clone()),
            None => self.shared.helpdesk.portal(&self.visitor().await?.visitor),
        }
    }

    /// The desk. Fails with [`Error::NotFound`] unless the visitor is a supporter.
    pub(crate) async fn desk(&self) -> Result<&Desk, Error> {
        self.doors().await?.desk.as_ref().ok_or(Error::NotFound)
    }

    /// Whether the doors are open and the visitor is a supporter.
    pub(crate) fn is_supporter(&self) -> bool {
        self.doors.get().is_some_and(|doors| doors.desk.is_some())
    }

    /// URLs of the module.
    pub(crate) fn links(&self) -> &'r Links {
        &self.shared.links
    }

    /// The query of the request.
    pub(crate) fn query(&self) -> Query<'r> {
        Query::new(self.head.query)
    }

    /// The message for the requested page; `None` if no action led to it.
    pub(crate) fn flash(&self) -> Option<Flash> {
        self.shared.flash.read(self.head.headers)
    }

    /// A sentence, for a title.
    pub(crate) fn say(&self, key: &str) -> String {
        self.shared.view.say(self.language(), key)
    }
}
