//! The module itself: one fairing that mounts the pages, checks that the site is set up, and runs the courier.

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

/// MuTicket, to be attached to a Rocket site. A site may attach it several times, at different bases.
///
/// A site that is not set up rightly does not launch; what to mend is in the log.
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
    /// The base unless another one is set.
    pub const BASE: &str = "/support";

    /// How many forms one visitor may send in a minute unless another number is set.
    pub const FORMS_PER_MINUTE: u32 = 60;

    /// How many forms of one visitor, and how many in all, are read at the same time unless other numbers are set.
    pub const FORMS_AT_ONCE: (usize, usize) = (8, 128);

    /// How long a form may stand still on its way unless another time is set.
    pub const FORM_PATIENCE: Duration = Duration::from_secs(20);

    /// How long the host may take to answer a question unless another time is set.
    pub const HOST_TIME_LIMIT: Duration = Duration::from_secs(10);

    /// Nothing inline, nothing from elsewhere.
    const CONTENT_SECURITY_POLICY: &str =
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'";

    /// The module over a helpdesk, inside a host, at `/support`.
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

    /// Mounts the pages below another base than `/support`: a path that begins with `/`.
    #[must_use]
    pub fn at(mut self, base: impl Into<String>) -> Self {
        self.base = base.into();
        self
    }

    /// What a proxy in front takes away from the path: with `/shop`, the browser's address of the overview is
    /// `/shop/support/tickets` while Rocket sees `/support/tickets`. Empty by default. Every address that leaves the module has it: those
    /// on pages and in letters, and the way back that [`Host::sign_in`] is given.
    #[must_use]
    pub fn behind(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Where the site is reached from outside, as in `https://example.org`. Needed for letters, whose links are never made from what a
    /// request says of itself (P-16). Set it behind a proxy that speaks TLS, too: a form is taken only from a page of this address (P-08).
    /// What [`behind`](Self::behind) names may stand at its end or be left out.
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

    /// Sends letters with the mailer, from an address like `Support <support@example.org>`. Without it, nobody is mailed; what was to be
    /// sent waits in the outbox.
    #[must_use]
    pub fn mail(mut self, mailer: Arc<dyn Mailer>, from: impl Into<String>) -> Self {
        self.mail = Some((mailer, from.into()));
        self
    }

    /// How long a node's claim on letters holds, five minutes unless set: a node that dies leaves the letters it had taken up to the others
    /// after this time. See [`Courier::with_claim`] for what a short one asks of the mailer and of the clocks.
    #[must_use]
    pub fn letter_claim(mut self, claim: Duration) -> Self {
        self.claim = Some(TimeDelta::from_std(claim).unwrap_or(TimeDelta::days(1)));
        self
    }

    /// How long a site may have been gone that was cut off and not stopped, four hours unless set. If it was gone for longer, its database
    /// may be a backup, so letters in it are held until an administrator decides. See [`Courier::with_hold_after`].
    #[must_use]
    pub fn hold_letters_after(mut self, time: Duration) -> Self {
        self.hold_after = Some(TimeDelta::from_std(time).unwrap_or(TimeDelta::MAX));
        self
    }

    /// Letters in other words or another look than the module's own. See [`Letters::builder`].
    #[must_use]
    pub fn letters(mut self, letters: LettersBuilder) -> Self {
        self.letters = letters;
        self
    }

    /// What the site is called, in letters. Without it, the domain of the public address is used.
    #[must_use]
    pub fn site_name(mut self, name: impl Into<String>) -> Self {
        self.site_name = Some(name.into());
        self
    }

    /// The language for who has chosen none and whose browser speaks none that there is. English by default.
    #[must_use]
    pub fn language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// A folder with the host's own files in place of the module's, each by its name: `templates/NAME.html`, `templates/mail/NAME.html` and
    /// `.txt`, `assets/muticket.css`, `assets/muticket.js`, `assets/icons.svg`, and sentences in `locales/LANGUAGE/*.ftl`, those of letters
    /// in `mail.ftl`, where a further language is a further folder. Read once, at launch.
    #[must_use]
    pub fn overrides(mut self, folder: impl Into<PathBuf>) -> Self {
        self.overrides = Some(folder.into());
        self
    }

    /// Another `Content-Security-Policy` for the module's pages than the strict one, for a host whose layout needs more. It is set on
    /// these pages only, and not where the host has set one.
    #[must_use]
    pub fn content_security_policy(mut self, policy: impl Into<String>) -> Self {
        self.content_security_policy = policy.into();
        self
    }

    /// How many forms one visitor may send in a minute; more are answered with 429, and what he typed is shown again. Counted by each
    /// node of a site for itself.
    #[must_use]
    pub fn forms_per_minute(mut self, most: u32) -> Self {
        self.forms_per_minute = most;
        self
    }

    /// How many forms of one visitor, and how many in all, are read at the same time, 8 and 128 unless set. More are answered with 429
    /// and 503, and what was typed is shown again. A form is being read from its first byte to its last, files included; each needs some
    /// 100 KiB of memory meanwhile, and 5 MiB more if the files go to another store than a folder. Counted by each node of a site for
    /// itself.
    #[must_use]
    pub fn forms_at_once(mut self, per_visitor: usize, in_all: usize) -> Self {
        self.forms_at_once = (per_visitor, in_all);
        self
    }

    /// How long a form may stand still on its way, 20 seconds unless set. In each such span at least 1 KiB a second has to come, and all
    /// the waiting for one form may take 180 of them. A slower form is answered with 408, and what had come of the text is shown again.
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

    /// Checks the whole set-up, and makes what every route carries.
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

    /// What every route carries.
    async fn site(
        &self,
        helpdesk: Helpdesk,
        host: Arc<dyn Host>,
        view: Arc<View>,
        assets: Arc<Assets>,
    ) -> Result<Site, SetupError> {
        let links = Links::behind(self.prefix.trim_end_matches('/'), self.base.trim_end_matches('/'));
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

    /// Letters as the host's code wants them, and then as the files in its folder do.
    fn wanted_letters(&self) -> Result<Letters, SetupError> {
        let folder = self.overrides.as_deref();
        let unread = |(path, error)| SetupError::File(path, error);
        let mut letters = self.letters.clone().with_default_language(self.language.clone());
        for file in overrides::sentences(folder, Part::Letters).map_err(unread)? {
            // Read once more by itself, so that the file is named.
            let read = Messages::empty(file.language.clone()).add(&file.language, &file.text);
            read.map_err(|error| SetupError::Sentences(file.path, error))?;
            letters = letters.with_messages(file.language, file.text);
        }
        for (name, source) in overrides::letter_templates(folder).map_err(unread)? {
            letters = letters.with_template(name, source);
        }
        letters.build().map_err(SetupError::Letters)
    }

    /// The address of the pages from outside, if the host says where the site is.
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
