//! The site of the Dovecote choir: an axum site with its own users, sessions and layout. Only `support.rs` and `host.rs` were added for
//! MuTicket; `README.md` explains them.

mod host;
mod layout;
mod login;
mod support;
mod users;

use std::error::Error;
use std::path::Path;

use axum::Router;
use axum::routing::{get, post};
use muticket_axum::RunningWorker;

use crate::users::Users;

/// Builds the site with its files in `folder`. The worker has to be stopped when the site has stopped.
///
/// # Errors
/// A file in the folder cannot be used, or MuTicket is set up in a wrong way.
pub async fn site(folder: &Path) -> Result<(Router, RunningWorker), Box<dyn Error + Send + Sync>> {
    let users = Users::open(&folder.join("choir.sqlite"))?;
    let (help, worker) = support::support(users.clone(), folder).await?.launch().await?;
    let own = Router::new()
        .route("/", get(login::home))
        .route("/login", get(login::form).post(login::sign_in))
        .route("/logout", post(login::sign_out))
        .with_state(users);
    Ok((own.merge(help), worker))
}
