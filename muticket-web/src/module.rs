//! The module before its launch, and what a host sets up.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
#[cfg(doc)]
use muticket_core::courier::Courier;
use muticket_core::mail::{Letters, LettersBuilder, Mailer};
use muticket_core::{Helpdesk, Language};

use crate::links::Links;

/// The pages for one helpdesk, before their launch. [`Configure`] has the settings.
pub struct Module {
    pub(crate) helpdesk: Helpdesk,
    pub(crate) base: String,
    pub(crate) prefix: String,
    pub(crate) public_url: Option<String>,
    pub(crate) moved_from: Vec<String>,
    pub(crate) site_name: Option<String>,
    pub(crate) language: Language,
    pub(crate) overrides: Option<PathBuf>,
    pub(crate) content_security_policy: String,
    pub(crate) forms_per_minute: u32,
    pub(crate) forms_at_once: (usize, usize),
    pub(crate) form_patience: Duration,
    pub(crate) host_time_limit: Duration,
    pub(crate) mail: Option<(Arc<dyn Mailer>, String)>,
    pub(crate) claim: Option<TimeDelta>,
    pub(crate) hold_after: Option<TimeDelta>,
    pub(crate) letters: LettersBuilder,
}

impl Module {
    /// The default base.
    pub const BASE: &str = "/support";

    /// The default for [`forms_per_minute`](Configure::forms_per_minute).
    pub const FORMS_PER_MINUTE: u32 = 60;

    /// The defaults for [`forms_at_once`](Configure::forms_at_once).
    pub const FORMS_AT_ONCE: (usize, usize) = (8, 128);

    /// The default for [`form_patience`](Configure::form_patience).
    pub const FORM_PATIENCE: Duration = Duration::from_secs(20);

    /// The default for [`host_time_limit`](Configure::host_time_limit).
    pub const HOST_TIME_LIMIT: Duration = Duration::from_secs(10);

    /// Allows nothing inline and nothing from other sites.
    const CONTENT_SECURITY_POLICY: &str =
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'";

    /// Creates the module for a helpdesk, at `/support`.
    pub fn new(helpdesk: Helpdesk) -> Self {
        Self {
            helpdesk,
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
        }
    }

    /// The base, as it was set.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The part of the path that a proxy in front of the site removes, as it was set.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Makes URLs of the module's pages, for links on the site's own pages.
    pub fn links(&self) -> Links {
        Links::with_prefix(self.prefix.trim_end_matches('/'), self.base.trim_end_matches('/'))
    }
}

/// What a host sets up. [`Module`] has these methods, and so has everything that holds one, such as an adapter's fairing or router.
pub trait Configure: Sized {
    /// The module to set up.
    fn module(&mut self) -> &mut Module;

    /// Mounts the pages below another base than `/support`. A base is a path that begins with `/`.
    #[must_use]
    fn at(mut self, base: impl Into<String>) -> Self {
        self.module().base = base.into();
        self
    }

    /// Sets the part of the path that a proxy in front of the site removes; empty by default. With `/shop`, the browser sees the overview
    /// at `/shop/support/tickets`, while the framework sees `/support/tickets`. Every URL that leaves the module has this prefix:
    /// on pages, in letters, and in the way back that `Host::sign_in` receives.
    #[must_use]
    fn path_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.module().prefix = prefix.into();
        self
    }

    /// Sets the URL of the site from outside, such as `https://example.org`. Letters need it for their links, which are never made from
    /// what a request says (P-16). Also set it behind a proxy that speaks TLS: forms are accepted only from pages of this origin (P-08).
    /// The prefix of [`path_prefix`](Self::path_prefix) may be at its end or be left out.
    #[must_use]
    fn public_url(mut self, url: impl Into<String>) -> Self {
        self.module().public_url = Some(url.into());
        self
    }

    /// Names the address of the pages before the site moved, such as `https://old.example.org/support`, or the earlier base if there was
    /// no [`public_url`](Self::public_url). A database belongs to the site that first launched with it. A site at another address does not
    /// launch with it, so that two sites do not show and mail each other's tickets by mistake. With this setting, the database moves with
    /// the site. It may stay set, and may be set several times.
    #[must_use]
    fn moved_from(mut self, address: impl Into<String>) -> Self {
        self.module().moved_from.push(address.into());
        self
    }

    /// Sends letters with `mailer`, from an address such as `Support <support@example.org>`. Without it, no letters are sent; they wait in
    /// the outbox.
    #[must_use]
    fn mail(mut self, mailer: Arc<dyn Mailer>, from: impl Into<String>) -> Self {
        self.module().mail = Some((mailer, from.into()));
        self
    }

    /// Sets how long a node's claim on letters lasts; five minutes by default. If a node dies, the other nodes take over its letters after
    /// this time. See [`Courier::with_claim`] for what a short claim requires of the mailer and the clocks.
    #[must_use]
    fn letter_claim(mut self, claim: Duration) -> Self {
        self.module().claim = Some(TimeDelta::from_std(claim).unwrap_or(TimeDelta::days(1)));
        self
    }

    /// Sets how long a site that was not stopped cleanly may have been gone; four hours by default. If it was gone for longer, its database
    /// may be a restored backup, so its letters are held until an administrator decides. See [`Courier::with_hold_after`].
    #[must_use]
    fn hold_letters_after(mut self, time: Duration) -> Self {
        self.module().hold_after = Some(TimeDelta::from_std(time).unwrap_or(TimeDelta::MAX));
        self
    }

    /// Sets letters with other texts or another look than the module's own. See [`Letters::builder`].
    #[must_use]
    fn letters(mut self, letters: LettersBuilder) -> Self {
        self.module().letters = letters;
        self
    }

    /// Sets the name of the site in letters. Without it, letters use the domain of the public URL.
    #[must_use]
    fn site_name(mut self, name: impl Into<String>) -> Self {
        self.module().site_name = Some(name.into());
        self
    }

    /// Sets the default language, for visitors who chose none and whose browser accepts none of the available ones. English by default.
    #[must_use]
    fn language(mut self, language: Language) -> Self {
        self.module().language = language;
        self
    }

    /// Sets a folder with files that replace the module's own files of the same name: `templates/NAME.html`, `templates/mail/NAME.html` and
    /// `.txt`, `assets/muticket.css`, `assets/muticket.js`, `assets/muticket-desk.js`, `assets/icons.svg`, and sentences in
    /// `locales/LANGUAGE/*.ftl`. The sentences of letters are in `mail.ftl`. A further folder in `locales` adds a language. The files are
    /// read once, at launch.
    #[must_use]
    fn overrides(mut self, folder: impl Into<PathBuf>) -> Self {
        self.module().overrides = Some(folder.into());
        self
    }

    /// Sets another `Content-Security-Policy` for the module's pages, for a host whose layout needs more than the strict default. It
    /// applies only to these pages, and only if the host has not set the header itself.
    #[must_use]
    fn content_security_policy(mut self, policy: impl Into<String>) -> Self {
        self.module().content_security_policy = policy.into();
        self
    }

    /// Sets how many forms one visitor may send in a minute. More are answered with 429, and the page shows the typed text again. Each node
    /// of a site counts separately.
    #[must_use]
    fn forms_per_minute(mut self, most: u32) -> Self {
        self.module().forms_per_minute = most;
        self
    }

    /// Sets how many forms of one visitor, and how many in all, are read at the same time; 8 and 128 by default. More are answered with 429
    /// and 503, and the page shows the typed text again. Reading a form lasts from its first byte to its last, files included. Each form
    /// needs about 100 KiB of memory meanwhile, and 5 MiB more if files go to a store other than a folder. Each node of a site counts
    /// separately.
    #[must_use]
    fn forms_at_once(mut self, per_visitor: usize, in_all: usize) -> Self {
        self.module().forms_at_once = (per_visitor, in_all);
        self
    }

    /// Sets how long a form may send nothing; 20 seconds by default. In each span of this length at least 1 KiB per second has to arrive,
    /// and the total waiting for one form may be 180 spans. A slower form is answered with 408, and the page shows the text that had
    /// arrived.
    #[must_use]
    fn form_patience(mut self, patience: Duration) -> Self {
        self.module().form_patience = patience;
        self
    }

    /// Sets how long the host may take for one question: `Host::visitor`, each function of [`Directory`](muticket_core::Directory), and
    /// the categories if the host supplies them. Ten seconds by default. If a question takes longer, its future is dropped, and the
    /// visitor reads "not available just now".
    #[must_use]
    fn host_time_limit(mut self, limit: Duration) -> Self {
        self.module().host_time_limit = limit;
        self
    }
}

impl Configure for Module {
    fn module(&mut self) -> &mut Module {
        self
    }
}
