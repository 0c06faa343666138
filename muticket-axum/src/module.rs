//! The module before its launch.

use std::sync::Arc;

use axum::Router;
use muticket_core::Helpdesk;
use muticket_web::{Configure, Module, SetupError};

use crate::host::Host;
use crate::router::{Mounted, router};
use crate::under_way::UnderWay;
use crate::worker::RunningWorker;

/// MuTicket for an axum site, before its launch. [`Configure`] has the settings.
pub struct MuTicket {
    module: Module,
    host: Arc<dyn Host>,
}

impl MuTicket {
    /// Creates the module for a helpdesk and a host, at `/support`.
    pub fn new(helpdesk: Helpdesk, host: impl Host) -> Self {
        Self { module: Module::new(helpdesk), host: Arc::new(host) }
    }

    /// Checks the whole set-up, and starts the worker, which sends emails beside the requests.
    ///
    /// Add the router to the site's own with [`Router::merge`]. It answers everything below the base, with every method, and nothing
    /// else. A site with several modules merges their routers, each with its own base. `merge` panics if two modules have one base, or
    /// if the site has a route at exactly one of the module's paths, such as `/` when the base is `/`. A route of the site below the
    /// base that is more specific answers in place of the module. [`Router::nest`] removes a part of the path: set that part with
    /// [`path_prefix`](Configure::path_prefix).
    ///
    /// At the base `/`, the router has only the addresses of the module and what is below `/tickets`, `/attachments` and `/backend`.
    ///
    /// It must be called inside a Tokio runtime with timers.
    ///
    /// # Errors
    /// [`SetupError`] says what the host has to fix. The site must not start then.
    pub async fn launch<S>(self) -> Result<(Router<S>, RunningWorker), SetupError>
    where
        S: Clone + Send + Sync + 'static,
    {
        // A router does not show its routes, so no page for signing in is known to be below the base.
        let (instance, worker) = self.module.launch(&self.host.sign_in("/"), &|_| false).await?;
        let base = self.module.base().to_owned();
        let under_way = UnderWay::default();
        let mounted = Mounted { instance, host: self.host, under_way: under_way.clone() };
        Ok((router(&base, &mounted), RunningWorker::start(base, worker, under_way)))
    }
}

impl Configure for MuTicket {
    fn module(&mut self) -> &mut Module {
        &mut self.module
    }
}
