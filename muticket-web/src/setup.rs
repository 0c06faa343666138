//! Mistakes in the set-up of the module by the host. Each error says what to fix.

use std::path::{Path, PathBuf};

use http::Method;
use muticket_core::blob::BlobError;
use muticket_core::clock::ClockIsWrong;
use muticket_core::courier::BaseUrl;
use muticket_core::mail::RenderError;
use muticket_core::ownership::AddressError;
use muticket_core::site_address::SiteAddress;
use muticket_core::{Helpdesk, Language, MailIn};

use crate::address::{Address, segments};
use crate::view::ViewError;

/// Why the site cannot be launched. Its text, with those of its sources, says what to fix.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct SetupError(#[from] Mistake);

/// What is wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Mistake {
    #[error("{0:?} cannot be a base: give `at` a path like /support, of letters, digits and -._~ between the slashes")]
    Base(String),
    #[error("the host's `sign_in` returned {0:?}: let it return a path that begins with a single /, or an https:// address")]
    SignIn(String),
    #[error("emails need the public address of the site: add `.public_url(\"https://example.org\")`")]
    PublicUrlMissing,
    #[error("{0:?} cannot be the public address: give `public_url` one like https://example.org")]
    PublicUrl(String),
    #[error("{0:?} cannot be the sender of emails: give `mail` one like Support <support@example.org>")]
    From(String),
    #[error("letters that come in are kept as files: give the helpdesk a store with `blobs`")]
    MailInWithoutFiles,
    #[error("the key for letters that come in has {0} characters: give `with_key` at least {least}", least = MailIn::SHORTEST_KEY)]
    MailKey(usize),
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
    #[error(
        "the database belongs to the MuTicket at {stored}, and this one is at {here}: give each its own database, or, if this site has moved, add `.moved_from(\"{stored}\")`"
    )]
    OtherSite { stored: SiteAddress, here: SiteAddress },
    #[error(
        "{0:?} cannot be where a site was: give `moved_from` the earlier address of the pages, like https://example.org/support, or the earlier base, like /support"
    )]
    MovedFrom(String),
    #[error(
        "the host's `sign_in` leads to {0}, which is a page of MuTicket, so a visitor who is not signed in would be redirected in a loop: return the address of the site's own login"
    )]
    SignInBelow(String),
    #[error("{0:?} cannot be a header: give `content_security_policy` one line")]
    ContentSecurityPolicy(String),
    #[error("the folder of overrides {0} does not exist: create it, or leave out `overrides`")]
    Overrides(PathBuf),
}

impl From<AddressError> for Mistake {
    fn from(error: AddressError) -> Self {
        match error {
            AddressError::OtherSite { stored, here } => Self::OtherSite { stored, here },
            AddressError::Storage(error) => Self::Helpdesk(error.into()),
            other => Self::Address(other),
        }
    }
}

pub(crate) fn check_base(base: &str) -> Result<(), Mistake> {
    let rest = base.strip_prefix('/').ok_or_else(|| Mistake::Base(base.to_owned()))?;
    let rest = rest.strip_suffix('/').filter(|rest| !rest.is_empty()).unwrap_or(rest);
    let fits = |segment: &str| !segment.is_empty() && segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
    if rest.is_empty() || rest.split('/').all(fits) { Ok(()) } else { Err(Mistake::Base(base.to_owned())) }
}

/// Checks the address that the host's `sign_in` returns.
pub(crate) fn check_sign_in(address: &str) -> Result<(), Mistake> {
    let path = address.starts_with('/') && !address[1..].starts_with(['/', '\\']);
    let harmless = !address.chars().any(|c| c.is_control() || c.is_whitespace());
    if harmless && (path || address.starts_with("https://")) { Ok(()) } else { Err(Mistake::SignIn(address.to_owned())) }
}

/// Checks that this address is not a page of the module. A guest would be redirected in a loop.
pub(crate) fn check_sign_in_is_elsewhere(
    address: &str,
    prefix: &str,
    base: &str,
    is_of_site: &dyn Fn(&str) -> bool,
) -> Result<(), Mistake> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    // The host returns the path as the browser sees it, including the prefix that a proxy removes.
    let path = path.strip_prefix(prefix.trim_end_matches('/')).filter(|rest| rest.starts_with('/')).unwrap_or(path);
    let is_below = match base.trim_end_matches('/') {
        "" => Address::read(&segments(path).iter().map(AsRef::as_ref).collect::<Vec<_>>())
            .is_some_and(|address| address.answers(&Method::GET)),
        base => path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
    };
    if is_below && !is_of_site(path) { Err(Mistake::SignInBelow(path.to_owned())) } else { Ok(()) }
}

pub(crate) fn check_overrides(folder: Option<&Path>) -> Result<(), Mistake> {
    match folder {
        Some(folder) if !folder.is_dir() => Err(Mistake::Overrides(folder.to_owned())),
        _ => Ok(()),
    }
}

/// The address of the pages from outside.
pub(crate) fn address(public_url: &str, prefix: &str, base: &str) -> Result<BaseUrl, Mistake> {
    let site = public_url.trim_end_matches('/');
    let host = site.find("://").map_or(0, |at| at + 3);
    let path = site[host..].find('/').map_or("", |at| &site[host + at..]);
    let prefix = prefix.trim_end_matches('/');
    let prefix = if path.ends_with(prefix) { "" } else { prefix };
    let address = format!("{site}{prefix}{}", base.trim_end_matches('/'));
    address.parse().map_err(|_| Mistake::PublicUrl(public_url.to_owned()))
}

/// Checks that letters can come in, if they are to.
pub(crate) fn check_mail_in(helpdesk: &Helpdesk) -> Result<(), Mistake> {
    let Some(rules) = helpdesk.mail_in() else { return Ok(()) };
    if helpdesk.blobs().is_none() {
        return Err(Mistake::MailInWithoutFiles);
    }
    match rules.key_length() {
        Some(length) if length < MailIn::SHORTEST_KEY => Err(Mistake::MailKey(length)),
        _ => Ok(()),
    }
}

/// Checks that the database belongs to the site at this address, and notes the address there the first time.
pub(crate) async fn check_address(helpdesk: &Helpdesk, here: SiteAddress, moved_from: &[String]) -> Result<(), Mistake> {
    let earlier = moved_from.iter().map(|text| text.parse().map_err(|_| Mistake::MovedFrom(text.clone())));
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
