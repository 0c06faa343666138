//! The module: a fairing that mounts the pages, checks the set-up of the site, and runs the courier.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use muticket_core::courier::{BaseUrl, Courier, CourierConfig};
use muticket_core::mail::{Letters, LettersBuilder, Mailbox, Mailer, Messages};
use muticket_core::{Helpdesk, Language, SiteAddress};
use rocket::fairing::{self, Fairing, Info, Kind};
use rocket::{Build, Orbit, Request, Response, Rocket};

use crate::assets::Assets;
use crate::csrf::Tokens;
use crate::form::pace::Pace;
use crate::frontend::download::BrokenFiles;
use crate::host::Host;
use crate::limiter::Limiter;
use crate::links::Links;
use crate::origin::Origin;
use crate::overrides::{self, Part};
use crate::page::Layout;
use crate::pictures::Pictures;
use crate::places::Places;
use crate::post::Post;
use crate::rehearsal;
use crate::setup::{self, SetupError};
use crate::site::Site;
use crate::surroundings::{self, Neighbours};
use crate::view::View;
use crate::{mounted, report};

/// MuTicket as a Rocket fairing. A site may attach it several times, at different bases.
///
/// A site with a wrong set-up does not launch. The log says what to fix.
pub struct MuTicket {
    helpdesk: Helpdesk,
    host: Arc<dyn Host>,
    base: String,
    prefix: String,
    public_url: Option<String>,
    moved_from: Vec<String>,
    site_name: Option<String>,
    language: Language,
    overrides: Option<PathBuf>,
    content_security_policy: String,
    forms_per_minute: u32,
    forms_at_once: (usize, usize),
    form_patience: Duration,
    host_time_limit: Duration,
    mail: Option<(Arc<dyn Mailer>, String)>,
    claim: Option<TimeDelta>,
    hold_after: Option<TimeDelta>,
    letters: LettersBuilder,
    post: tokio::sync::Mutex<Option<Post>>,
}

impl MuTicket {
    /// The default base.
    pub const BASE: &str = "/support";

    /// The default for [`forms_per_minute`](Self::forms_per_minute).
    pub const FORMS_PER_MINUTE: u32 = 60;

    /// The defaults for [`forms_at_once`](Self::forms_at_once).
    pub const FORMS_AT_ONCE: (usize, usize) = (8, 128);

    /// The default for [`form_patience`](Self::form_patience).
    pub const FORM_PATIENCE: Duration = Duration::from_secs(20);

    /// The default for [`host_time_limit`](Self::host_time_limit).
    pub const HOST_TIME_LIMIT: Duration = Duration::from_secs(10);

    /// Allows nothing inline and nothing from other sites.
    const CONTENT_SECURITY_POLICY: &str =
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'";

    /// Creates the module for a helpdesk and a host, at `/support`.
    pub fn new(helpdesk: Helpdesk, host: impl Host) -> Self {
        Self {
            helpdesk,
            host: Arc::new(host),
            base: Self::BASE.to_owned(),
            prefix: String::new(),
            public_url: None,
            moved_from: Vec::new(),
            site_name: None,
            language: Language::english(),
            overrides: None,
            content_security_policy: Self::CONTENT_SECURITY_POLICY.to_owned(),
            forms_per_minute: Self::FORMS_PER_MINUTE,
            forms_at_once: Self::FORMS_AT_ONCE,
            form_patience: Self::FORM_PATIENCE,
            host_time_limit: Self::HOST_TIME_LIMIT,
            mail: None,
            claim: None,
            hold_after: None,
            letters: Letters::builder(),
            post: tokio::sync::Mutex::new(None),
        }
    }

    /// Mounts the pages below another base than `/support`. A base is a path that begins with `/`.
    #[must_use]
    pub fn at(mut self, base: impl Into<String>) -> Self {
        self.base = base.into();
        self
    }

    /// Sets the part of the path that a proxy in front of the site removes; empty by default. With `/shop`, the browser sees the overview
    /// at `/shop/support/tickets`, while Rocket sees `/support/tickets`. Every URL that leaves the module has this prefix: on pages, in
    /// letters, and in the way back that [`Host::sign_in`] receives.
    #[must_use]
    pub fn behind(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Sets the URL of the site from outside, such as `https://example.org`. Letters need it for their links, which are never made from
    /// what a request says (P-16). Also set it behind a proxy that speaks TLS: forms are accepted only from pages of this origin (P-08).
    /// The prefix of [`behind`](Self::behind) may be at its end or be left out.
    #[must_use]
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// Where the site was before it moved: the earlier address of the pages, as in `https://old.example.org/support`, or the earlier base if
    /// there was no [`public_url`](Self::public_url). A database belongs to the site that was launched over it first, and a site at
    /// another address does not launch over it, so that two sites do not show and mail each other's tickets by mistake. With this, the
    /// database moves with the site. It may stay set, and be set several times.
    #[must_use]
    pub fn moved_from(mut self, address: impl Into<String>) -> Self {
        self.moved_from.push(address.into());
        self
    }

    /// Sends letters with `mailer`, from an address such as `Support <support@example.org>`. Without it, no letters are sent; they wait in
    /// the outbox.
    #[must_use]
    pub fn mail(mut self, mailer: Arc<dyn Mailer>, from: impl Into<String>) -> Self {
        self.mail = Some((mailer, from.into()));
        self
    }

    /// Sets how long a node's claim on letters lasts; five minutes by default. If a node dies, the other nodes take over its letters after
    /// this time. See [`Courier::with_claim`] for what a short claim requires of the mailer and the clocks.
    #[must_use]
    pub fn letter_claim(mut self, claim: Duration) -> Self {
        self.claim = Some(TimeDelta::from_std(claim).unwrap_or(TimeDelta::days(1)));
        self
    }

    /// Sets how long a site that was not stopped cleanly may have been gone; four hours by default. If it was gone for longer, its database
    /// may be a restored backup, so its letters are held until an administrator decides. See [`Courier::with_hold_after`].
    #[must_use]
    pub fn hold_letters_after(mut self, time: Duration) -> Self {
        self.hold_after = Some(TimeDelta::from_std(time).unwrap_or(TimeDelta::MAX));
        self
    }

    /// Sets letters with other texts or another look than the module's own. See [`Letters::builder`].
    #[must_use]
    pub fn letters(mut self, letters: LettersBuilder) -> Self {
        self.letters = letters;
        self
    }

    /// Sets the name of the site in letters. Without it, letters use the domain of the public URL.
    #[must_use]
    pub fn site_name(mut self, name: impl Into<String>) -> Self {
        self.site_name = Some(name.into());
        self
    }

    /// Sets the default language, for visitors who chose none and whose browser accepts none of the available ones. English by default.
    #[must_use]
    pub fn language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// Sets a folder with files that replace the module's own files of the same name: `templates/NAME.html`, `templates/mail/NAME.html` and
    /// `.txt`, `assets/muticket.css`, `assets/muticket.js`, `assets/icons.svg`, and sentences in `locales/LANGUAGE/*.ftl`. The sentences of
    /// letters are in `mail.ftl`. A further folder in `locales` adds a language. The files are read once, at launch.
    #[must_use]
    pub fn overrides(mut self, folder: impl Into<PathBuf>) -> Self {
        self.overrides = Some(folder.into());
        self
    }

    /// Sets another `Content-Security-Policy` for the module's pages, for a host whose layout needs more than the strict default. It
    /// applies only to these pages, and only if the host has not set the header itself.
    #[must_use]
    pub fn content_security_policy(mut self, policy: impl Into<String>) -> Self {
        self.content_security_policy = policy.into();
        self
    }

    /// Sets how many forms one visitor may send in a minute. More are answered with 429, and the page shows the typed text again. Each node
    /// of a site counts separately.
    #[must_use]
    pub fn forms_per_minute(mut self, most: u32) -> Self {
        self.forms_per_minute = most;
        self
    }

    /// Sets how many forms of one visitor, and how many in all, are read at the same time; 8 and 128 by default. More are answered with 429
    /// and 503, and the page shows the typed text again. Reading a form lasts from its first byte to its last, files included. Each form
    /// needs about 100 KiB of memory meanwhile, and 5 MiB more if files go to a store other than a folder. Each node of a site counts
    /// separately.
    #[must_use]
    pub fn forms_at_once(mut self, per_visitor: usize, in_all: usize) -> Self {
        self.forms_at_once = (per_visitor, in_all);
        self
    }

    /// Sets how long a form may send nothing; 20 seconds by default. In each span of this length at least 1 KiB per second has to arrive,
    /// and the total waiting for one form may be 180 spans. A slower form is answered with 408, and the page shows the text that had
    /// arrived.
    #[must_use]
    pub fn form_patience(mut self, patience: Duration) -> Self {
        self.form_patience = patience;
        self
    }

    /// How long the host may take for one question: [`Host::visitor`], each of [`Directory`](muticket_core::Directory), and the categories
    /// if it keeps them. Ten seconds by default. A question that takes longer is given up: its future is dropped, and the visitor reads
    /// "not available just now".
    #[must_use]
    pub fn host_time_limit(mut self, limit: Duration) -> Self {
        self.host_time_limit = limit;
        self
    }

    /// Checks the whole set-up and builds the instance for the routes.
    async fn set_up(&self) -> Result<(Site, Option<Courier>), SetupError> {
        setup::check_base(&self.base)?;
        if !self.prefix.is_empty() {
            setup::check_base(&self.prefix)?;
        }
        let address = self.address()?;
        setup::check_sign_in(&*self.host)?;
        muticket_core::clock::check(&**self.helpdesk.clock())?;
        let overrides = self.overrides.as_deref();
        setup::check_overrides(overrides)?;
        if let Some(blobs) = self.helpdesk.blobs() {
            blobs.check().await.map_err(SetupError::Blobs)?;
        }
        let courier = self.courier(address.as_ref())?;
        let view = Arc::new(View::new(overrides, self.language.clone())?);
        let assets = Arc::new(Assets::new(overrides).map_err(|(path, error)| SetupError::File(path, error))?);
        if let Some(folder) = overrides {
            let strays = overrides::strays(folder, &View::replaceable());
            for stray in strays.map_err(|(path, error)| SetupError::File(path, error))? {
                tracing::warn!("MuTicket at {}: in the folder of overrides, {stray}", self.base);
            }
            let example = self.site(rehearsal::empty_helpdesk(), Arc::new(rehearsal::Cast), view.clone(), assets.clone()).await?;
            rehearsal::rehearse(&Arc::new(example)).await?;
        }
        self.helpdesk.limit_host(self.host_time_limit, tokio::time::sleep);
        self.helpdesk.on_host_trouble(|trouble| tracing::warn!("MuTicket: {trouble}"));
        let site = self.site(self.helpdesk.clone(), self.host.clone(), view, assets).await?;
        // The last check, because it leaves a note.
        let here = SiteAddress::new(&self.base, address.as_ref().map(BaseUrl::as_str));
        setup::check_address(&self.helpdesk, here, &self.moved_from).await?;
        Ok((site, courier))
    }

    /// Builds the instance that every route carries.
    async fn site(
        &self,
        helpdesk: Helpdesk,
        host: Arc<dyn Host>,
        view: Arc<View>,
        assets: Arc<Assets>,
    ) -> Result<Site, SetupError> {
        let links = Links::behind(self.prefix.trim_end_matches('/'), self.base.trim_end_matches('/'));
        if helpdesk.blobs().is_some() {
            helpdesk.prepare_beside().await.map_err(SetupError::Helpdesk)?;
        }
        Ok(Site {
            flash_cookie: format!("muticket-notice{}", links.base().replace('/', "-")),
            links,
            origin: self.address()?.and_then(|address| Origin::of_url(address.as_str())),
            public_url: self.public_url.clone(),
            tokens: Tokens::new(helpdesk.secret("forms").await.map_err(SetupError::Helpdesk)?),
            limiter: Limiter::new(self.forms_per_minute),
            places: Places::new(self.forms_at_once.0, self.forms_at_once.1),
            pace: Pace::new(self.form_patience),
            files: BrokenFiles::default(),
            view,
            assets,
            pictures: Pictures::new(),
            content_security_policy: self.content_security_policy.clone(),
            host_time_limit: self.host_time_limit,
            layout: Layout::default(),
            helpdesk,
            host,
        })
    }

    /// The letters with the changes by the host's code, and then those by its files.
    fn wanted_letters(&self) -> Result<Letters, SetupError> {
        let folder = self.overrides.as_deref();
        let unread = |(path, error)| SetupError::File(path, error);
        let mut letters = self.letters.clone().with_default_language(self.language.clone());
        for file in overrides::sentences(folder, Part::Letters).map_err(unread)? {
            // Parse each file separately first, so that an error names the file.
            let read = Messages::empty(file.language.clone()).add(&file.language, &file.text);
            read.map_err(|error| SetupError::Sentences(file.path, error))?;
            letters = letters.with_messages(file.language, file.text);
        }
        for (name, source) in overrides::letter_templates(folder).map_err(unread)? {
            letters = letters.with_template(name, source);
        }
        letters.build().map_err(SetupError::Letters)
    }

    /// The URL of the pages from outside; `None` if the host has not set it.
    fn address(&self) -> Result<Option<BaseUrl>, SetupError> {
        self.public_url.as_deref().map(|url| setup::address(url, &self.prefix, &self.base)).transpose()
    }

    fn courier(&self, address: Option<&BaseUrl>) -> Result<Option<Courier>, SetupError> {
        let Some((mailer, from)) = &self.mail else { return Ok(None) };
        let from: Mailbox = from.parse().map_err(|_| SetupError::From(from.clone()))?;
        let base_url = address.ok_or(SetupError::PublicUrlMissing)?.clone();
        let site_name = self.site_name.clone().unwrap_or_else(|| from.address().domain().to_owned());
        let letters = self.wanted_letters()?;
        let helpdesk = &self.helpdesk;
        let config = CourierConfig { from, base_url, site_name };
        let courier = Courier::new(helpdesk.storage().clone(), helpdesk.directory().clone(), mailer.clone(), letters, config)
            .with_clock(helpdesk.clock().clone());
        let courier = match self.claim {
            Some(claim) => courier.with_claim(claim),
            None => courier,
        };
        let courier = match self.hold_after {
            Some(time) => courier.with_hold_after(time),
            None => courier,
        };
        let courier = match helpdesk.blobs() {
            Some(blobs) => courier.with_blobs(blobs.clone()),
            None => courier,
        };
        Ok(Some(match helpdesk.category_source() {
            Some(source) => courier.with_categories(source.clone()),
            None => courier,
        }))
    }
}

#[rocket::async_trait]
impl Fairing for MuTicket {
    fn info(&self) -> Info {
        Info { name: "MuTicket", kind: Kind::Ignite | Kind::Liftoff | Kind::Response | Kind::Shutdown }
    }

    async fn on_ignite(&self, rocket: Rocket<Build>) -> fairing::Result {
        let (rocket, joined) = Neighbours::join(rocket, &self.base, self.helpdesk.storage());
        let set_up = match joined.and_then(|()| surroundings::check(&rocket, &self.base, &self.prefix, &*self.host)) {
            Ok(()) => self.set_up().await,
            Err(error) => Err(error),
        };
        match set_up {
            Ok((site, courier)) => {
                *self.post.lock().await = Some(Post::new(self.helpdesk.clone(), courier));
                Ok(mounted::mount(rocket, &self.base, Arc::new(site)))
            }
            Err(error) => {
                tracing::error!("MuTicket at {} cannot be launched: {}", self.base, report::with_causes(&error));
                Err(rocket)
            }
        }
    }

    async fn on_liftoff(&self, _: &Rocket<Orbit>) {
        if let Some(post) = &mut *self.post.lock().await {
            post.start();
        }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        mounted::protect(request, response);
    }

    async fn on_shutdown(&self, _: &Rocket<Orbit>) {
        if let Some(post) = self.post.lock().await.take() {
            post.stop().await;
        }
    }
}
