//! Mistakes in the set-up of the module by the host. Each error says what to fix.

use std::path::{Path, PathBuf};

use muticket_core::blob::BlobError;
use muticket_core::clock::ClockIsWrong;
use muticket_core::courier::BaseUrl;
use muticket_core::mail::RenderError;
use muticket_core::ownership::AddressError;
use muticket_core::site_address::SiteAddress;
use muticket_core::{Helpdesk, Language};

use crate::host::Host;
use crate::view::ViewError;

/// The reason why the site does not launch.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetupError {
    #[error("{0:?} cannot be a base: give `at` a path like /support, of letters, digits and -._~ between the slashes")]
    Base(String),
    #[error("the host's `sign_in` gave {0:?}: let it return a path that begins with a single /, or an https:// address")]
    SignIn(String),
    #[error("emails need the public address of the site: add `.public_url(\"https://example.org\")`")]
    PublicUrlMissing,
    #[error("{0:?} cannot be the public address: give `public_url` one like https://example.org")]
    PublicUrl(String),
    #[error("{0:?} cannot be the sender of emails: give `mail` one like Support <support@example.org>")]
    From(String),
    #[error(transparent)]
    Clock(#[from] ClockIsWrong),
    #[error("attachments cannot be stored")]
    Blobs(#[source] BlobError),
    #[error("the database cannot be used")]
    Helpdesk(#[source] muticket_core::Error),
    #[error(transparent)]
    Address(AddressError),
    #[error("the templates or texts of emails are invalid")]
    Letters(#[source] RenderError),
    #[error(transparent)]
    View(#[from] ViewError),
    #[error("the file {0} cannot be read")]
    File(PathBuf, #[source] std::io::Error),
    #[error("the texts in {0} are invalid")]
    Sentences(PathBuf, #[source] RenderError),
    #[error("the page {page} cannot be shown in {language} with the templates in the folder of overrides")]
    Page { page: &'static str, language: Language, source: minijinja::Error },
    #[error(
        "on the page {0}, a form lacks its token, so nothing can be sent with it: write `<input type=\"hidden\" name=\"token\" value=\"{{{{ frame.token }}}}\">` into each form with method=\"post\" of your template"
    )]
    Token(&'static str),
    #[error("another MuTicket is at {0} already: give each one its own base with `at`")]
    Twice(String),
    #[error(
        "the MuTicket at {here} and the one at {there} share one storage, so each would show and send what belongs to the other: give each its own database"
    )]
    SharedStorage { here: String, there: String },
    #[error(
        "the database belongs to the MuTicket at {stored}, and this one is at {here}: give each its own database, or, if this site has moved, add `.moved_from(\"{stored}\")`"
    )]
    OtherSite { stored: SiteAddress, here: SiteAddress },
    #[error(
        "{0:?} cannot be where a site was: give `moved_from` the earlier address of the pages, like https://example.org/support, or the earlier base, like /support"
    )]
    MovedFrom(String),
    #[error("{ours} of MuTicket would also be answered by the site's own route {theirs}: move one of them, MuTicket with `at`")]
    Collision { ours: String, theirs: String },
    #[error(
        "the host's `sign_in` leads to {0}, which is a page of MuTicket, so who is not signed in would be sent in a circle: return the address of the site's own login"
    )]
    SignInBelow(String),
    #[error("the folder of overrides {0} does not exist: create it, or leave out `overrides`")]
    Overrides(PathBuf),
}

impl From<AddressError> for SetupError {
    fn from(error: AddressError) -> Self {
        match error {
            AddressError::OtherSite { stored, here } => Self::OtherSite { stored, here },
            AddressError::Storage(error) => Self::Helpdesk(error.into()),
            other => Self::Address(other),
        }
    }
}

pub(crate) fn check_base(base: &str) -> Result<(), SetupError> {
    let rest = base.strip_prefix('/').ok_or_else(|| SetupError::Base(base.to_owned()))?;
    let rest = rest.strip_suffix('/').filter(|rest| !rest.is_empty()).unwrap_or(rest);
    let fits = |segment: &str| !segment.is_empty() && segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
    if rest.is_empty() || rest.split('/').all(fits) { Ok(()) } else { Err(SetupError::Base(base.to_owned())) }
}

pub(crate) fn check_sign_in(host: &dyn Host) -> Result<(), SetupError> {
    let address = host.sign_in("/");
    let path = address.starts_with('/') && !address[1..].starts_with(['/', '\\']);
    let harmless = !address.chars().any(|c| c.is_control() || c.is_whitespace());
    if harmless && (path || address.starts_with("https://")) { Ok(()) } else { Err(SetupError::SignIn(address)) }
}

pub(crate) fn check_overrides(folder: Option<&Path>) -> Result<(), SetupError> {
    match folder {
        Some(folder) if !folder.is_dir() => Err(SetupError::Overrides(folder.to_owned())),
        _ => Ok(()),
    }
}

/// The address of the pages from outside.
pub(crate) fn address(public_url: &str, prefix: &str, base: &str) -> Result<BaseUrl, SetupError> {
    let site = public_url.trim_end_matches('/');
    let host = site.find("://").map_or(0, |at| at + 3);
    let path = site[host..].find('/').map_or("", |at| &site[host + at..]);
    let prefix = prefix.trim_end_matches('/');
    let prefix = if path.ends_with(prefix) { "" } else { prefix };
    let address = format!("{site}{prefix}{}", base.trim_end_matches('/'));
    address.parse().map_err(|_| SetupError::PublicUrl(public_url.to_owned()))
}

/// Checks that the database belongs to the site at this address, and notes the address there the first time.
pub(crate) async fn check_address(helpdesk: &Helpdesk, here: SiteAddress, moved_from: &[String]) -> Result<(), SetupError> {
    let earlier = moved_from.iter().map(|text| text.parse().map_err(|_| SetupError::MovedFrom(text.clone())));
    Ok(helpdesk.check_address(here, earlier.collect::<Result<_, _>>()?).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_a_plain_path() {
        for base in ["/", "/support", "/support/", "/a/b-c_d.e~f"] {
            assert!(check_base(base).is_ok(), "{base}");
        }
        for base in ["", "support", "//", "/a//b", "/a b", "/<id>", "/ä", "/a?b", "/a#b", "/a%20b"] {
            assert!(check_base(base).is_err(), "{base}");
        }
    }
}
