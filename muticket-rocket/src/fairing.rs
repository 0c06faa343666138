//! The fairing: launches the module, mounts its routes, and runs its worker.

use std::sync::Arc;

use muticket_core::Helpdesk;
use muticket_core::causes::with_causes;
use muticket_web::{Configure, Module, Worker};
use rocket::fairing::{self, Fairing, Info, Kind};
use rocket::{Build, Orbit, Request, Response, Rocket};
use tokio::sync::{Mutex, oneshot};
use tokio::task::JoinHandle;

use crate::host::Host;
use crate::neighbours::{self, Site};
use crate::response::protect;
use crate::routes::{Mounted, mount};

/// MuTicket as a Rocket fairing. A site may attach it several times, at different bases. [`Configure`] has the settings.
///
/// A site with a wrong set-up does not launch. The log says what to fix.
pub struct MuTicket {
    module: Module,
    host: Arc<dyn Host>,
    work: Mutex<WorkerState>,
}

/// The worker, from the launch to the stop of the site.
#[derive(Default)]
enum WorkerState {
    /// The site is not launched, or has stopped.
    #[default]
    Idle,
    Ready(Box<Worker>),
    Running {
        stop: oneshot::Sender<()>,
        task: JoinHandle<()>,
    },
}

impl MuTicket {
    /// Creates the module for a helpdesk and a host, at `/support`.
    pub fn new(helpdesk: Helpdesk, host: impl Host) -> Self {
        Self { module: Module::new(helpdesk), host: Arc::new(host), work: Mutex::default() }
    }

    /// Checks the whole set-up.
    async fn launch(&self, rocket: &Rocket<Build>) -> Result<(Mounted, Worker), Box<dyn std::error::Error + Send + Sync>> {
        neighbours::check(rocket, self.module.base())?;
        let site = Site::of(rocket);
        let (instance, worker) = self.module.launch(&self.host.sign_in("/"), &|path| site.answers(path)).await?;
        Ok((Mounted { instance, host: self.host.clone() }, worker))
    }
}

impl Configure for MuTicket {
    fn module(&mut self) -> &mut Module {
        &mut self.module
    }
}

#[rocket::async_trait]
impl Fairing for MuTicket {
    fn info(&self) -> Info {
        Info { name: "MuTicket", kind: Kind::Ignite | Kind::Liftoff | Kind::Response | Kind::Shutdown }
    }

    async fn on_ignite(&self, rocket: Rocket<Build>) -> fairing::Result {
        match self.launch(&rocket).await {
            Ok((mounted, worker)) => {
                *self.work.lock().await = WorkerState::Ready(Box::new(worker));
                Ok(mount(rocket, self.module.base(), &mounted))
            }
            Err(error) => {
                tracing::error!("MuTicket at {} cannot be launched: {}", self.module.base(), with_causes(&*error));
                Err(rocket)
            }
        }
    }

    async fn on_liftoff(&self, _: &Rocket<Orbit>) {
        let mut work = self.work.lock().await;
        if let WorkerState::Ready(worker) = std::mem::take(&mut *work) {
            let (stop, stopped) = oneshot::channel();
            let task = tokio::spawn(worker.run(async {
                // A fairing that is dropped without a shutdown stops the worker, too.
                let _ = stopped.await;
            }));
            *work = WorkerState::Running { stop, task };
        }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        protect(request, response);
    }

    async fn on_shutdown(&self, _: &Rocket<Orbit>) {
        if let WorkerState::Running { stop, task } = std::mem::take(&mut *self.work.lock().await) {
            let _ = stop.send(());
            if let Err(error) = task.await {
                tracing::error!(cause = %with_causes(&error), "MuTicket: the worker has panicked");
            }
        }
    }
}
