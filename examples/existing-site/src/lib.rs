//! The tool library of Mill Lane: a site that was there before, with users, sessions and a layout of its own. `support.rs` is all that
//! was added for MuTicket; `README.md` walks through it.

mod host;
mod layout;
mod login;
mod support;
mod users;

use std::error::Error;
use std::path::Path;

use rocket::{Build, Rocket};

use crate::users::Users;

/// The site, with its files in the folder.
///
/// # Errors
/// A file cannot be used.
pub async fn site(folder: &Path) -> Result<Rocket<Build>, Box<dyn Error + Send + Sync>> {
    let users = Users::open(&folder.join("library.sqlite"))?;
    let routes = rocket::routes![layout::home, layout::style, login::form, login::sign_in, login::sign_out];
    Ok(rocket::build().manage(users.clone()).mount("/", routes).attach(support::support(users, folder).await?))
}
