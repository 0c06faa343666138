//! The launch of the module: checks the whole set-up, and builds what requests share.

use std::sync::Arc;

use http::HeaderValue;
use muticket_core::courier::{BaseUrl, Courier, CourierConfig};
use muticket_core::mail::{Letters, Mailbox, Messages};
use muticket_core::{Helpdesk, SiteAddress};
use tokio::sync::Semaphore;

use crate::assets::Assets;
use crate::broken_files::BrokenFiles;
use crate::csrf::Tokens;
use crate::flash::FlashCookie;
use crate::form::pace::Pace;
use crate::layout::Layout;
use crate::limiter::Limiter;
use crate::mail_door;
use crate::module::Module;
use crate::origin::Origin;
use crate::overrides::{self, Catalogue};
use crate::pictures::Pictures;
use crate::places::Places;
use crate::rehearsal;
use crate::respond::Instance;
use crate::setup::{self, Mistake, SetupError};
use crate::shared::Shared;
use crate::view::Renderer;
use crate::worker::Worker;

impl Module {
    /// Checks the whole set-up, and prepares the module to answer requests.
    ///
    /// `sign_in` is the address that the host returns for signing in, with the way back `/`. `is_of_site` says whether the site itself
    /// answers a GET at a path, so that the module does not get the request.
    ///
    /// # Errors
    /// [`SetupError`] says what the host has to fix. The site must not start then.
    pub async fn launch(
        &self,
        sign_in: &str,
        is_of_site: &(dyn Fn(&str) -> bool + Send + Sync),
    ) -> Result<(Instance, Worker), SetupError> {
        let (shared, courier) = self.check(sign_in, is_of_site).await?;
        Ok((Instance::new(shared), Worker::new(self.helpdesk.clone(), courier)))
    }

    async fn check(
        &self,
        sign_in: &str,
        is_of_site: &(dyn Fn(&str) -> bool + Send + Sync),
    ) -> Result<(Shared, Option<Courier>), Mistake> {
        setup::check_base(&self.base)?;
        if !self.prefix.is_empty() {
            setup::check_base(&self.prefix)?;
        }
        let address = self.address()?;
        setup::check_sign_in(sign_in)?;
        setup::check_sign_in_is_elsewhere(sign_in, &self.prefix, &self.base, is_of_site)?;
        muticket_core::clock::check(&**self.helpdesk.clock())?;
        let overrides = self.overrides.as_deref();
        setup::check_overrides(overrides)?;
        if let Some(blobs) = self.helpdesk.blobs() {
            blobs.check().await.map_err(Mistake::Blobs)?;
        }
        setup::check_mail_in(&self.helpdesk)?;
        let courier = self.courier(address.as_ref())?;
        let view = Arc::new(Renderer::new(overrides, self.language.clone())?);
        let assets = Arc::new(Assets::new(overrides).map_err(|(path, error)| Mistake::File(path, error))?);
        if let Some(folder) = overrides {
            let strays = overrides::strays(folder, &Renderer::replaceable());
            for stray in strays.map_err(|(path, error)| Mistake::File(path, error))? {
                tracing::warn!("MuTicket at {}: in the folder of overrides, {stray}", self.base);
            }
            let example = self.shared(rehearsal::empty_helpdesk(), view.clone(), assets.clone()).await?;
            rehearsal::rehearse(&example).await?;
        }
        self.helpdesk.limit_host(self.host_time_limit, tokio::time::sleep);
        self.helpdesk.on_host_trouble(|trouble| tracing::warn!("MuTicket: {trouble}"));
        let shared = self.shared(self.helpdesk.clone(), view, assets).await?;
        // The last check, because it leaves a note.
        let here = SiteAddress::new(&self.base, address.as_ref().map(BaseUrl::as_str));
        setup::check_address(&self.helpdesk, here, &self.moved_from).await?;
        Ok((shared, courier))
    }

    async fn shared(&self, helpdesk: Helpdesk, view: Arc<Renderer>, assets: Arc<Assets>) -> Result<Shared, Mistake> {
        let links = self.links();
        if helpdesk.blobs().is_some() {
            helpdesk.prepare_seal().await.map_err(Mistake::Helpdesk)?;
        }
        let policy = &self.content_security_policy;
        Ok(Shared {
            flash: FlashCookie::new(links.base()),
            links,
            base: self.base.trim_end_matches('/').to_owned(),
            origin: self.address()?.and_then(|address| Origin::of_url(address.as_str())),
            public_url: self.public_url.clone(),
            site_name: self.name_of_site(),
            tokens: Tokens::new(helpdesk.secret("forms").await.map_err(Mistake::Helpdesk)?),
            limiter: Limiter::new(self.forms_per_minute),
            places: Places::new(self.forms_at_once.0, self.forms_at_once.1),
            letters_at_once: Semaphore::new(mail_door::AT_ONCE),
            pace: Pace::new(self.form_patience),
            broken_files: Arc::new(BrokenFiles::default()),
            view,
            assets,
            pictures: Pictures::new(),
            content_security_policy: HeaderValue::try_from(policy).map_err(|_| Mistake::ContentSecurityPolicy(policy.clone()))?,
            host_time_limit: self.host_time_limit,
            layout: Layout::default(),
            helpdesk,
        })
    }

    /// The name of the site: what the host has set, or the domain from which its letters come.
    fn name_of_site(&self) -> Option<String> {
        let domain = || {
            let (_, from) = self.mail.as_ref()?;
            Some(from.parse::<Mailbox>().ok()?.address().domain().to_owned())
        };
        self.site_name.clone().or_else(domain)
    }

    /// The letters with the changes by the host's code, and then those by its files.
    fn wanted_letters(&self) -> Result<Letters, Mistake> {
        let folder = self.overrides.as_deref();
        let unread = |(path, error)| Mistake::File(path, error);
        let mut letters = self.letters.clone().with_default_language(self.language.clone());
        for file in overrides::sentences(folder, Catalogue::Letters).map_err(unread)? {
            // Parse each file separately first, so that an error names the file.
            let read = Messages::empty(file.language.clone()).add(&file.language, &file.text);
            read.map_err(|error| Mistake::Sentences(file.path, error))?;
            letters = letters.with_messages(file.language, file.text);
        }
        for (name, source) in overrides::letter_templates(folder).map_err(unread)? {
            letters = letters.with_template(name, source);
        }
        letters.build().map_err(Mistake::Letters)
    }

    /// The URL of the pages from outside; `None` if the host has not set it.
    fn address(&self) -> Result<Option<BaseUrl>, Mistake> {
        self.public_url.as_deref().map(|url| setup::address(url, &self.prefix, &self.base)).transpose()
    }

    fn courier(&self, address: Option<&BaseUrl>) -> Result<Option<Courier>, Mistake> {
        let Some((mailer, from)) = &self.mail else { return Ok(None) };
        let from: Mailbox = from.parse().map_err(|_| Mistake::From(from.clone()))?;
        let base_url = address.ok_or(Mistake::PublicUrlMissing)?.clone();
        let site_name = self.name_of_site().unwrap_or_default();
        let letters = self.wanted_letters()?;
        let helpdesk = &self.helpdesk;
        let config = CourierConfig { from, base_url, site_name };
        let courier = Courier::new(helpdesk.storage().clone(), helpdesk.directory().clone(), mailer.clone(), letters, config)
            .with_clock(helpdesk.clock().clone());
        let courier = match self.claim {
            Some(claim) => courier.with_claim(claim),
            None => courier,
        };
        let courier = match helpdesk.mail_in() {
            Some(rules) => courier.with_mail_in(rules),
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
