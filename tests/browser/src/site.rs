//! A site of the examples, in this process and on its own port. Its database and uploads are in a temporary folder.

use std::io::Cursor;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use muticket_core::{Helpdesk, Visitor};
use muticket_demo::{Options, Person};
use rocket::fairing::AdHoc;
use rocket::figment::Figment;
use rocket::{Build, Request, Response, Rocket};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::Notify;

use crate::axum_site::{self, Theme};
use crate::wire;

const POLICY: &str = "Content-Security-Policy";

/// The web framework of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framework {
    /// Rocket.
    Rocket,
    /// axum.
    Axum,
}

/// The site. It stops when it is dropped.
pub struct Site {
    address: SocketAddr,
    helpdesk: Option<Helpdesk>,
    stop: Box<dyn Fn() + Send + Sync>,
    /// `None` if the site does not keep it.
    last_page: Option<Arc<Mutex<String>>>,
    runtime: Runtime,
    folder: TempDir,
}

/// The demo with few tickets, whose numbers the tests know.
fn few() -> Options {
    Options { few: true, ..Options::default() }
}

impl Site {
    /// The demo with its tickets.
    pub fn new() -> Self {
        Self::with(few())
    }

    /// The empty demo, in this framework. In Rocket it has a mail server that does not answer, in axum it sends no letters.
    pub fn bare(framework: Framework) -> Self {
        let options = Options { empty: true, ..Options::default() };
        match framework {
            // Port 9 discards what it receives, if anything listens there at all.
            Framework::Rocket => Self::with(Options { smtp: Some("smtp://127.0.0.1:9".to_owned()), ..options }),
            Framework::Axum => Self::in_axum(options, Theme::Plain),
        }
    }

    /// The tool library of Mill Lane, which has its own theme and users. It has no supporters yet.
    pub fn library() -> Self {
        Self::serve(async |settings, folder| existing_site::site(folder).await.expect("the library opens").configure(settings))
    }

    /// The demo with its tickets, in this framework. The site in axum has nothing of the shop but its login.
    pub fn demo(framework: Framework) -> Self {
        match framework {
            Framework::Rocket => Self::new(),
            Framework::Axum => Self::in_axum(few(), Theme::Plain),
        }
    }

    /// The empty demo in axum, with the theme of the tool library.
    pub fn themed_in_axum() -> Self {
        Self::in_axum(Options { empty: true, ..Options::default() }, Theme::Library)
    }

    fn in_axum(options: Options, theme: Theme) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let runtime = Runtime::new().expect("there is room for threads");
        let stop = Arc::new(Notify::new());
        let stopped = stop.clone();
        let (address, helpdesk) = runtime.block_on(async {
            // The demo as a site of Rocket is built for its helpdesk alone.
            let options = Options { database: database(folder.path()), ..options };
            let demo = muticket_demo::site_with(muticket_demo::settings(), &options).await.expect("the demo is set up");
            let helpdesk = demo.state::<Helpdesk>().expect("the demo has one").clone();
            let (router, worker) = axum_site::site(helpdesk.clone(), theme).await;
            let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("there is a free port");
            let address = listener.local_addr().expect("it has an address");
            let served = axum::serve(listener, router).with_graceful_shutdown(async move { stopped.notified().await });
            tokio::spawn(async move {
                served.await.expect("axum serves until it is stopped");
                worker.stop().await;
            });
            (address, helpdesk)
        });
        let stop = Box::new(move || stop.notify_one());
        Self { address, helpdesk: Some(helpdesk), stop, last_page: None, runtime, folder }
    }

    fn with(options: Options) -> Self {
        Self::serve(async |settings, folder| {
            let options = Options { database: database(folder), ..options };
            muticket_demo::site_with(settings, &options).await.expect("the demo is set up")
        })
    }

    fn serve(build: impl AsyncFnOnce(Figment, &Path) -> Rocket<Build>) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let address = free_address();
        let settings = muticket_demo::settings()
            .merge(("address", address.ip()))
            .merge(("port", address.port()))
            .merge(("log_level", "off"))
            .merge(("shutdown.ctrlc", false));
        let runtime = Runtime::new().expect("there is room for threads");
        let last_page = Arc::new(Mutex::new(String::new()));
        let kept = last_page.clone();
        let site = runtime.block_on(async {
            let site = build(settings, folder.path()).await;
            let site = site.attach(AdHoc::on_response("Last page", move |request, response| {
                Box::pin(keep(kept.clone(), request, response))
            }));
            site.ignite().await.expect("the site's settings are right")
        });
        let helpdesk = site.state().cloned();
        let shutdown = site.shutdown();
        runtime.spawn(site.launch());
        while TcpStream::connect(address).is_err() {
            std::thread::yield_now();
        }
        let stop = Box::new(move || shutdown.clone().notify());
        Self { address, helpdesk, stop, last_page: Some(last_page), runtime, folder }
    }

    /// The site's address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The helpdesk of the demo, to act without its pages.
    ///
    /// # Panics
    /// If this is another site, which does not expose it.
    pub fn helpdesk(&self) -> &Helpdesk {
        self.helpdesk.as_ref().expect("the demo has one")
    }

    /// The database of the demo.
    pub(crate) fn database(&self) -> String {
        database(self.folder.path())
    }

    /// The last page that was sent, byte for byte.
    ///
    /// # Panics
    /// If it is a site in axum, which does not keep it.
    pub fn last_page(&self) -> String {
        self.last_page.as_ref().expect("a site in Rocket").lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs `work` in the site's own runtime.
    pub fn wait_for<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Sends an empty form as this person. Returns the status of the answer.
    ///
    /// # Panics
    /// If the site does not answer.
    pub fn send_nothing(&self, person: &str, path: &str) -> u16 {
        let (cookie, origin) = (muticket_demo::COOKIE, self.url());
        let headers =
            format!("Cookie: {cookie}={person}\r\nOrigin: {origin}\r\nContent-Type: application/x-www-form-urlencoded\r\n");
        wire::exchange(self.address, "POST", path, &headers, b"").expect("the site answers").status
    }
}

impl Default for Site {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Site").field(&self.address).finish()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        (self.stop)();
    }
}

/// A person of the demo, as MuTicket sees them.
///
/// # Panics
/// If the demo has no such person.
pub fn visitor(person: &str) -> Visitor {
    Visitor::User(Person::find(person).expect("the demo has this person").user())
}

/// Keeps the last page shown in the window itself; frames and parts of a page are left out.
async fn keep(last_page: Arc<Mutex<String>>, request: &Request<'_>, response: &mut Response<'_>) {
    let is_page = response.content_type().is_some_and(|kind| kind.is_html());
    if is_page && request.headers().get_one("Sec-Fetch-Dest") == Some("document") {
        let text = response.body_mut().to_string().await.expect("a page is text");
        last_page.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&text);
        let length = text.len();
        response.set_sized_body(length, Cursor::new(text));
        // Sends the page in one piece: layout shifts between pieces come from the network, and differ each time.
        response.set_max_chunk_size(length.max(1));
        // In a sandbox, which the letters of the demo use, no script can wait for anything, not even a test's.
        let policy = response.headers().get_one(POLICY).and_then(|policy| policy.split_once("sandbox"));
        if let Some(open) = policy.map(|(open, _)| open.to_owned()) {
            response.set_raw_header(POLICY, open);
        }
    }
}

fn database(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("demo.sqlite").display())
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
    listener.local_addr().expect("it has an address")
}
