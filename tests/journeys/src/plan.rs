//! How a world is built.

use std::sync::Arc;
use std::time::Duration;

use muticket_core::MailIn;
use muticket_core::mail::Mailer;
use muticket_test_support::database::TestDatabase;
use muticket_web::{Configure as _, Module};

use crate::mount::Settings;

/// The web framework of a site, with MuTicket's module for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adapter {
    /// Rocket, with `muticket-rocket`.
    Rocket,
    /// axum, with `muticket-axum`.
    Axum,
}

/// How a world is built. Its site is one of Rocket, unless [`over`](Self::over) says otherwise.
pub struct Plan {
    pub(crate) adapter: Adapter,
    pub(crate) place: Place,
    pub(crate) categories: bool,
    pub(crate) categories_of_the_host: bool,
    pub(crate) attachment_bytes: Option<u64>,
    pub(crate) mail_in: Option<MailIn>,
    mailer: Option<Arc<dyn Mailer>>,
    forms_per_minute: u32,
    forms_at_once: (usize, usize),
    form_patience: Duration,
}

/// Where a world stores its data.
pub(crate) enum Place {
    Memory,
    Sqlite,
    Server(TestDatabase),
}

impl Plan {
    /// A world in memory.
    pub fn memory() -> Self {
        Self {
            adapter: Adapter::Rocket,
            place: Place::Memory,
            categories: true,
            categories_of_the_host: false,
            attachment_bytes: None,
            mail_in: None,
            mailer: None,
            forms_per_minute: 100_000,
            forms_at_once: Module::FORMS_AT_ONCE,
            form_patience: Module::FORM_PATIENCE,
        }
    }

    /// A world on SQLite and a folder.
    pub fn sqlite() -> Self {
        Self { place: Place::Sqlite, ..Self::memory() }
    }

    /// A world on a schema of a database server.
    pub fn server(database: TestDatabase) -> Self {
        Self { place: Place::Server(database), ..Self::memory() }
    }

    /// Sets the web framework of the site.
    #[must_use]
    pub fn over(mut self, adapter: Adapter) -> Self {
        self.adapter = adapter;
        self
    }

    /// Without categories.
    #[must_use]
    pub fn without_categories(mut self) -> Self {
        self.categories = false;
        self
    }

    /// With one category, which the host supplies.
    #[must_use]
    pub fn with_categories_of_the_host(self) -> Self {
        Self { categories_of_the_host: true, ..self.without_categories() }
    }

    /// The module itself sends the letters, with this mailer.
    #[must_use]
    pub fn sending(mut self, mailer: Arc<dyn Mailer>) -> Self {
        self.mailer = Some(mailer);
        self
    }

    /// Letters come in, by these rules.
    #[must_use]
    pub fn receiving(mut self, rules: MailIn) -> Self {
        self.mail_in = Some(rules);
        self
    }

    /// Sets the maximum size of a file.
    #[must_use]
    pub fn files_of(mut self, bytes: u64) -> Self {
        self.attachment_bytes = Some(bytes);
        self
    }

    /// Sets how many forms of one visitor, and how many in all, are read at the same time.
    #[must_use]
    pub fn forms_at_once(mut self, per_visitor: usize, in_all: usize) -> Self {
        self.forms_at_once = (per_visitor, in_all);
        self
    }

    /// Sets how long a form may stand still.
    #[must_use]
    pub fn form_patience(mut self, patience: Duration) -> Self {
        self.form_patience = patience;
        self
    }

    /// Sets how many forms a visitor may send per minute.
    #[must_use]
    pub fn forms_per_minute(mut self, most: u32) -> Self {
        self.forms_per_minute = most;
        self
    }

    /// Sets up the module.
    pub(crate) fn set_up(&self, settings: Settings<'_>) {
        let settings = settings
            .public_url("https://example.org")
            .forms_per_minute(self.forms_per_minute)
            .forms_at_once(self.forms_at_once.0, self.forms_at_once.1)
            .form_patience(self.form_patience);
        if let Some(mailer) = &self.mailer {
            let _ = settings.mail(mailer.clone(), "Support <support@example.org>");
        }
    }
}
