//! The tool library of Mill Lane: an existing site with its own users, sessions and layout. Only `support.rs` was added for MuTicket;
//! `README.md` explains it step by step.

mod host;
mod layout;
mod login;
mod session;
mod support;
mod users;

use std::error::Error;
use std::path::Path;

use rocket::{Build, Rocket};

use crate::users::Users;

/// Builds the site with its files in `folder`.
///
/// # Errors
/// A file in the folder cannot be used.
pub async fn site(folder: &Path) -> Result<Rocket<Build>, Box<dyn Error + Send + Sync>> {
    let users = Users::open(&folder.join("library.sqlite"))?;
    let routes = rocket::routes![layout::home, layout::style, login::form, login::sign_in, login::sign_out];
    Ok(rocket::build().manage(users.clone()).mount("/", routes).attach(support::support(users, folder).await?))
}
