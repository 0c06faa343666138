//! Whether a user may open a ticket now (R-15, R-22, D-05).

use crate::access::{SiteAction, allows_on_site};
use crate::error::Error;
use crate::refusal::{Denial, Refusal};
use crate::settings::Settings;
use crate::supporter::Staff;
use crate::user::User;
use crate::viewer::Viewer;

/// Checks whether the user may open a ticket with these settings and this staff.
///
/// # Errors
/// [`Error::Denied`] below level *Add*, and for supporters unless the settings allow it; [`Refusal::SupportOff`] if no
/// supporter is present.
pub(crate) fn may_open(user: &User, settings: &Settings, staff: &Staff) -> Result<(), Error> {
    allows_on_site(Viewer::customer(user), SiteAction::Open).obey()?;
    if staff.contains(&user.id) && !settings.supporters_open {
        return Err(Denial::SupportersDoNotOpen.into());
    }
    if !staff.support_is_active() {
        return Err(Refusal::SupportOff.into());
    }
    Ok(())
}
