//! One mounted instance, with everything that its routes need. Each route carries it along instead of using managed state, so a site may
//! mount the module twice.

use std::sync::Arc;
use std::time::Duration;

use muticket_core::{Error, Helpdesk, HostError, Language, User, Visitor};
use rocket::Request;

use crate::assets::Assets;
use crate::csrf::Tokens;
use crate::form::pace::Pace;
use crate::frontend::download::BrokenFiles;
use crate::host::Host;
use crate::limiter::Limiter;
use crate::links::Links;
use crate::origin::Origin;
use crate::page::Layout;
use crate::pictures::Pictures;
use crate::places::Places;
use crate::report::with_causes;
use crate::view::{Tongue, View};

/// One mounted instance.
pub(crate) struct Site {
    pub(crate) helpdesk: Helpdesk,
    pub(crate) host: Arc<dyn Host>,
    /// How long the host may take to identify the visitor.
    pub(crate) host_time_limit: Duration,
    /// What is known about the host's layout.
    pub(crate) layout: Layout,
    pub(crate) links: Links,
    /// The origin of `public_url`; `None` if the host has not set it.
    pub(crate) origin: Option<Origin>,
    /// The URL of the site from outside; `None` if the host has not set it.
    pub(crate) public_url: Option<String>,
    pub(crate) tokens: Tokens,
    pub(crate) limiter: Limiter,
    pub(crate) places: Places,
    pub(crate) pace: Pace,
    pub(crate) files: BrokenFiles,
    pub(crate) view: Arc<View>,
    pub(crate) assets: Arc<Assets>,
    pub(crate) pictures: Pictures,
    /// The `Content-Security-Policy` of the module's pages.
    pub(crate) content_security_policy: String,
    /// The name of the cookie for this instance's notices.
    pub(crate) flash_cookie: String,
}

/// The instance to which a request belongs; `None` if it is not a request for the module.
struct Belongs(Option<Arc<Site>>);

impl Site {
    /// Assigns the request to this instance. A route, or the page for missing pages, does this before anything else.
    pub(crate) fn take(self: &Arc<Self>, request: &Request<'_>) {
        request.local_cache(|| Belongs(Some(self.clone())));
    }

    /// The whole URL of a page of the module, for printing. It is only the path if the host has not set `public_url`, because the host name
    /// is never taken from a request (P-16).
    pub(crate) fn public_address(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_deref().unwrap_or_default().trim_end_matches('/'))
    }

    /// The instance that answers this request.
    pub(crate) fn of<'r>(request: &'r Request<'_>) -> &'r Arc<Site> {
        Self::answering(request).expect("a route of the module is mounted by the module only, which takes its requests")
    }

    /// The instance that answers this request; `None` if the host answers it.
    pub(crate) fn answering<'r>(request: &'r Request<'_>) -> Option<&'r Arc<Site>> {
        request.local_cache(|| Belongs(None)).0.as_ref()
    }
}

/// The visitor and their language, found out once for each request.
#[derive(Debug, Clone)]
pub(crate) struct Asker {
    pub(crate) visitor: Visitor,
    pub(crate) language: Language,
    /// The language with a region, which decides the format of dates and numbers.
    pub(crate) locale: Language,
}

impl Asker {
    /// Asks the host on the first call. A failure is remembered too, so that the error page does not ask again.
    pub(crate) async fn of<'r>(request: &'r Request<'_>) -> Result<&'r Asker, Error> {
        let known: &Option<Asker> = request
            .local_cache_async(async {
                let site = Site::of(request);
                match visitor(site, request).await {
                    Ok(visitor) => {
                        let Tongue { words: language, locale } = site.view.language(wish(&visitor), accepted(request).as_deref());
                        Some(Asker { visitor, language, locale })
                    }
                    Err(error) => {
                        let said = with_causes(&*error);
                        let said = said.strip_prefix("the host did not answer: ").unwrap_or(&said);
                        request.local_cache(|| Unanswered(said.to_owned()));
                        None
                    }
                }
            })
            .await;
        // The error is logged once, with the answer.
        known.as_ref().ok_or_else(|| HostError::because("`Host::visitor`", Unanswered::of(request)).into())
    }

    /// The result of an earlier [`Asker::of`]; `None` if there is none.
    pub(crate) fn known<'r>(request: &'r Request<'_>) -> Option<&'r Asker> {
        request.local_cache(|| None::<Asker>).as_ref()
    }

    /// The user; `None` for a guest.
    pub(crate) fn user(&self) -> Option<&User> {
        match &self.visitor {
            Visitor::Guest => None,
            Visitor::User(user) => Some(user),
        }
    }
}

fn wish(visitor: &Visitor) -> Option<&Language> {
    match visitor {
        Visitor::Guest => None,
        Visitor::User(user) => user.language.as_ref(),
    }
}

/// The languages that the browser accepts. A browser may split the header into several.
fn accepted(request: &Request<'_>) -> Option<String> {
    let headers: Vec<&str> = request.headers().get("Accept-Language").collect();
    (!headers.is_empty()).then(|| headers.join(","))
}

/// Asks the host who the request is from.
async fn visitor(site: &Site, request: &Request<'_>) -> Result<Visitor, HostError> {
    let answer = tokio::time::timeout(site.host_time_limit, site.host.visitor(request)).await;
    let limit = site.host_time_limit.as_secs_f32();
    answer.unwrap_or_else(|_| Err(HostError::new(format!("it took longer than the time limit of {limit} s"))))
}

/// The reason why the host could not identify the visitor.
#[derive(Default)]
struct Unanswered(String);

impl Unanswered {
    fn of(request: &Request<'_>) -> String {
        request.local_cache(Self::default).0.clone()
    }
}

/// The language of a page: the visitor's, or their browser's if the visitor is not known.
pub(crate) fn language_of(request: &Request<'_>) -> Tongue {
    match Asker::known(request) {
        Some(asker) => Tongue { words: asker.language.clone(), locale: asker.locale.clone() },
        None => Site::of(request).view.language(None, accepted(request).as_deref()),
    }
}
