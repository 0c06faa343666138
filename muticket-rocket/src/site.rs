//! One mounted instance: everything that its routes need, carried along by each of them. There is no managed state, so that a site
//! may mount the module twice.

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

/// One instance.
pub(crate) struct Site {
    pub(crate) helpdesk: Helpdesk,
    pub(crate) host: Arc<dyn Host>,
    /// How long the host may take to say who asks.
    pub(crate) host_time_limit: Duration,
    /// What was noticed of the host's layout.
    pub(crate) layout: Layout,
    pub(crate) links: Links,
    /// Where the site is reached from outside, if the host says so.
    pub(crate) origin: Option<Origin>,
    /// Where the site is reached from outside, if the host has said it.
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
    /// The name of the instance's notice cookie.
    pub(crate) flash_cookie: String,
}

/// Which instance a request belongs to, if it is one of the module's.
struct Belongs(Option<Arc<Site>>);

impl Site {
    /// Takes the request for this instance. Its route, or its page for what is missing, does so before anything else.
    pub(crate) fn take(self: &Arc<Self>, request: &Request<'_>) {
        request.local_cache(|| Belongs(Some(self.clone())));
    }

    /// The whole address of a page of ours, for paper. Only its path if the host has not said where the site is: that is never taken from a
    /// request (P-16).
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

/// Who asks, in which language, and when: known once a request.
#[derive(Debug, Clone)]
pub(crate) struct Asker {
    pub(crate) visitor: Visitor,
    pub(crate) language: Language,
    /// The language with a region, by whose custom dates and numbers are written.
    pub(crate) locale: Language,
}

impl Asker {
    /// Asks the host, the first time. A failing host is remembered too, so that the error page does not ask again.
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
        // Logged with the answer, once.
        known.as_ref().ok_or_else(|| HostError::because("`Host::visitor`", Unanswered::of(request)).into())
    }

    /// What was found out before, if it was.
    pub(crate) fn known<'r>(request: &'r Request<'_>) -> Option<&'r Asker> {
        request.local_cache(|| None::<Asker>).as_ref()
    }

    /// The user, if it is one.
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

/// What the browser accepts: a browser may send the header in parts.
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

/// Why the host could not say who asks.
#[derive(Default)]
struct Unanswered(String);

impl Unanswered {
    fn of(request: &Request<'_>) -> String {
        request.local_cache(Self::default).0.clone()
    }
}

/// The language of a page: the asker's if they are known, else their browser's.
pub(crate) fn language_of(request: &Request<'_>) -> Tongue {
    match Asker::known(request) {
        Some(asker) => Tongue { words: asker.language.clone(), locale: asker.locale.clone() },
        None => Site::of(request).view.language(None, accepted(request).as_deref()),
    }
}
