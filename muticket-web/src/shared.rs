//! What all requests of one launched module share.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use muticket_core::Helpdesk;
use tokio::sync::Semaphore;

use crate::assets::Assets;
use crate::broken_files::BrokenFiles;
use crate::csrf::Tokens;
use crate::flash::FlashCookie;
use crate::form::pace::Pace;
use crate::layout::Layout;
use crate::limiter::Limiter;
use crate::links::Links;
use crate::origin::Origin;
use crate::pictures::Pictures;
use crate::places::Places;
use crate::view::Renderer;

/// One launched module.
pub(crate) struct Shared {
    pub(crate) helpdesk: Helpdesk,
    /// How long the host may take to identify the visitor.
    pub(crate) host_time_limit: Duration,
    /// What is known about the host's layout.
    pub(crate) layout: Layout,
    pub(crate) links: Links,
    /// The base as the framework sees it, without a slash at its end; empty at the root.
    pub(crate) base: String,
    /// The origin of `public_url`; `None` if the host has not set it.
    pub(crate) origin: Option<Origin>,
    /// The URL of the site from outside; `None` if the host has not set it.
    pub(crate) public_url: Option<String>,
    /// The name of the site, as letters have it; `None` if the host has set none and sends no letters.
    pub(crate) site_name: Option<String>,
    pub(crate) tokens: Tokens,
    pub(crate) limiter: Limiter,
    pub(crate) places: Places,
    /// The places for letters that are being taken in.
    pub(crate) letters_at_once: Semaphore,
    pub(crate) pace: Pace,
    pub(crate) broken_files: Arc<BrokenFiles>,
    pub(crate) view: Arc<Renderer>,
    pub(crate) assets: Arc<Assets>,
    pub(crate) pictures: Pictures,
    /// The `Content-Security-Policy` of the module's pages.
    pub(crate) content_security_policy: HeaderValue,
    pub(crate) flash: FlashCookie,
}

impl Shared {
    /// The whole URL of a page of the module, for printing. It is only the path if the host has not set `public_url`, because the host name
    /// is never taken from a request (P-16).
    pub(crate) fn public_address(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_deref().unwrap_or_default().trim_end_matches('/'))
    }
}
