//! DRAFT of the signatures; the bodies move here from `muticket-rocket`.

/// The pages for one helpdesk, not launched yet.
pub struct Module { /* .. */ }

/// The settings. `Module` has them, and so has everything that holds one, such as an adapter's own builder.
pub trait Configure: Sized {
    /// The module to set up.
    fn module(&mut self) -> &mut Module;
    fn at(mut self, base: impl Into<String>) -> Self { .. }
    fn behind(mut self, prefix: impl Into<String>) -> Self { .. }
    fn public_url(mut self, url: impl Into<String>) -> Self { .. }
    fn moved_from(mut self, address: impl Into<String>) -> Self { .. }
    fn mail(mut self, mailer: Arc<dyn Mailer>, from: impl Into<String>) -> Self { .. }
    fn letter_claim(mut self, claim: Duration) -> Self { .. }
    fn hold_letters_after(mut self, time: Duration) -> Self { .. }
    fn letters(mut self, letters: LettersBuilder) -> Self { .. }
    fn site_name(mut self, name: impl Into<String>) -> Self { .. }
    fn language(mut self, language: Language) -> Self { .. }
    fn overrides(mut self, folder: impl Into<PathBuf>) -> Self { .. }
    fn content_security_policy(mut self, policy: impl Into<String>) -> Self { .. }
    fn forms_per_minute(mut self, most: u32) -> Self { .. }
    fn forms_at_once(mut self, per_visitor: usize, in_all: usize) -> Self { .. }
    fn form_patience(mut self, patience: Duration) -> Self { .. }
    fn host_time_limit(mut self, limit: Duration) -> Self { .. }
}

impl Module {
    pub const BASE: &str = "/support";
    pub const FORMS_PER_MINUTE: u32 = 60;
    pub const FORMS_AT_ONCE: (usize, usize) = (8, 128);
    pub const FORM_PATIENCE: Duration = Duration::from_secs(20);
    pub const HOST_TIME_LIMIT: Duration = Duration::from_secs(10);

    pub fn new(helpdesk: Helpdesk) -> Self { .. }

    /// The base at which the pages are, as it was set: `/support`, or `/` for the root.
    pub fn base(&self) -> &str { .. }

    /// Checks the whole set-up. `sign_in` is what the host's `sign_in` returns for the way back `/`. `is_of_site` says whether the site
    /// itself answers a GET at a path.
    pub async fn launch(&self, sign_in: &str, is_of_site: &(dyn Fn(&str) -> bool + Sync)) -> Result<(Instance, Worker), SetupError> { .. }
}

/// The module after its launch: `Clone`, `Send`, `Sync`, `'static`.
impl Instance {
    pub async fn respond(&self, request: Request<'_>, host: &dyn RequestHost) -> Response { .. }
    pub async fn respond_error(&self, status: StatusCode, head: Head<'_>, host: &dyn RequestHost) -> Response { .. }
}

/// `Send`, `'static`. Dropping the future stops it at once, as a crash would.
impl Worker {
    pub async fn run(self, stop: impl Future<Output = ()> + Send) { .. }
}

/// `Display`, `Error`, `Debug`. `muticket_core::error::with_causes` writes it in one line.
pub struct SetupError(..);

/// `address.rs`
pub struct Endpoint { pub method: Method /* GET or POST; HEAD is answered wherever GET is */, pub path: &'static [Segment] }
impl Endpoint { pub fn all() -> impl Iterator<Item = Endpoint> }
pub enum Segment { Word(&'static str), Value(&'static str) /* the name of the parameter */ }

/// `origin.rs`
pub fn is_same_origin(head: &Head<'_>, public_url: Option<&str>) -> bool { .. }
/// Percent-encodes everything except letters, digits and `-._~`.
pub fn percent_encoded(text: &str) -> String { .. }
