//! The module itself: one fairing that mounts the pages, checks that the site is set up, and runs the courier.

use std::path::PathBuf;
use std::sync::Arc;

use muticket_core::mail::{Mailbox, Mailer};
use muticket_core::{Helpdesk, Language};
use rocket::fairing::{self, Fairing, Info, Kind};
use rocket::route::{Handler, Outcome};
use rocket::{Build, Catcher, Data, Orbit, Request, Rocket, Route};

use crate::assets::Assets;
use crate::csrf::Tokens;
use crate::error::{Failure, Stash};
use crate::host::Host;
use crate::links::Links;
use crate::site::Site;
use crate::view::View;

/// MuTicket, ready to be attached to a Rocket site.
///
/// A site may attach it several times, at different bases.
pub struct MuTicket {
    helpdesk: Helpdesk,
    host: Arc<dyn Host>,
    base: String,
    public_url: Option<String>,
    site_name: String,
    language: Language,
    overrides: Option<PathBuf>,
    content_security_policy: String,
    mail: Option<(Arc<dyn Mailer>, Mailbox)>,
    post: tokio::sync::Mutex<Option<crate::post::Post>>,
}
