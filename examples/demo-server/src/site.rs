//! The site, put together: the shop's pages, and MuTicket below `/support`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use muticket_core::blob::{Blobs, ObjectBlobs};
use muticket_core::clock::{self, ClockIsWrong};
use muticket_core::mail::SmtpSetupError;
use muticket_core::{Helpdesk, Storage, SystemClock};
use muticket_diesel::{ConnectError, DieselStorage};
use muticket_rocket::MuTicket;
use rocket::config::{Config, Ident, LogLevel};
use rocket::figment::providers::{Env, Format, Toml};
use rocket::figment::{Figment, Profile};
use rocket::shield::{NoSniff, Shield};
use rocket::{Build, Rocket};

use crate::host::KontorNord;
use crate::mailbox::Mailbox;
use crate::options::Options;
use crate::people::People;
use crate::store::{FreshError, Places};
use crate::{login, mailbox, pages, seed};

/// Who letters come from.
const FROM: &str = "Kontor Nord Support <support@kontor-nord.example>";

/// Why there is no site. Says what to mend.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Rocket's settings.
    #[error("cannot read Rocket's settings (Rocket.toml and variables ROCKET_..): {0}")]
    Config(Box<rocket::figment::Error>),
    /// The machine's clock.
    #[error(transparent)]
    Clock(#[from] ClockIsWrong),
    /// `--fresh`.
    #[error(transparent)]
    Fresh(#[from] FreshError),
    /// The database.
    #[error("cannot use the database; choose another one with `--database URL`")]
    Database(#[source] ConnectError),
    /// The folder for attachments.
    #[error("the uploads folder {} cannot be written: make it writable, or choose another one with `--uploads DIR` ({cause})", folder.display())]
    Uploads {
        /// Which.
        folder: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// The mail server.
    #[error("cannot use the mail server given by `--smtp`")]
    Smtp(#[source] SmtpSetupError),
    /// The first tickets.
    #[error("cannot create the demo tickets; `--empty` starts without them")]
    Seed(#[source] muticket_core::Error),
}

/// Rocket's own settings, which are quieter here: what happens is on the pages.
pub fn settings() -> Figment {
    let quiet = Config { log_level: LogLevel::Critical, ident: Ident::none(), ..Config::default() };
    Figment::from(quiet)
        .merge(Toml::file(Env::var_or("ROCKET_CONFIG", "Rocket.toml")).nested())
        .merge(Env::prefixed("ROCKET_").ignore(&["PROFILE"]).global())
        .select(Profile::from_env_or("ROCKET_PROFILE", Config::DEFAULT_PROFILE))
}

/// The site with Rocket's own settings.
///
/// # Errors
/// [`SetupError`].
pub async fn site(options: &Options) -> Result<Rocket<Build>, SetupError> {
    site_with(settings(), options).await
}

/// The site with given settings.
///
/// # Errors
/// [`SetupError`].
pub async fn site_with(figment: Figment, options: &Options) -> Result<Rocket<Build>, SetupError> {
    let config = Config::try_from(&figment).map_err(|error| SetupError::Config(Box::new(error)))?;
    clock::check(&SystemClock)?;
    let places = Places::of(options);
    let claim = options.claim.map(|seconds| Duration::from_secs(seconds.into()));
    let (mailbox, mailer) = Mailbox::new(options.smtp.as_deref(), claim).map_err(SetupError::Smtp)?;
    if options.fresh {
        places.clear()?;
    }

    let storage: Arc<dyn Storage> = Arc::new(DieselStorage::connect(&options.database).await.map_err(SetupError::Database)?);
    let blobs: Arc<dyn Blobs> = Arc::new(uploads(places.uploads).await?);
    if !options.empty {
        seed::fill_if_new(&storage, &blobs).await.map_err(SetupError::Seed)?;
    }
    let helpdesk = Helpdesk::builder(storage, Arc::new(People)).blobs(blobs).build();
    let public_url = options.public_url.clone().unwrap_or_else(|| own_address(&config));
    let support =
        MuTicket::new(helpdesk.clone(), KontorNord).mail(mailer, FROM).public_url(public_url.clone()).site_name("Kontor Nord");
    let support = match claim {
        Some(claim) => support.letter_claim(claim),
        None => support,
    };

    let routes = rocket::routes![
        pages::home,
        pages::style,
        pages::icon,
        login::choose,
        login::sign_in,
        login::leave,
        login::sign_out,
        mailbox::overview,
        mailbox::letter
    ];
    Ok(rocket::custom(figment)
        // All pages here forbid sniffing themselves; Rocket would warn of the second header at each of them.
        .attach(Shield::default().disable::<NoSniff>())
        .manage(helpdesk)
        .manage(mailbox)
        .manage(login::PublicUrl(public_url))
        .mount("/", routes)
        .register("/", rocket::catchers![pages::error])
        .attach(support))
}

/// The folder for attachments, if files can be written there.
async fn uploads(folder: PathBuf) -> Result<ObjectBlobs, SetupError> {
    let opened = match ObjectBlobs::folder(&folder) {
        Ok(blobs) => blobs.check().await.map(|()| blobs),
        Err(error) => Err(error),
    };
    opened.map_err(|error| SetupError::Uploads { folder, cause: root(&error) })
}

/// The first cause, which is what the system said.
fn root(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), root)
}

/// The address that Rocket will listen at, as one types it into a browser on the same machine.
fn own_address(config: &Config) -> String {
    let address = match config.address {
        address if address.is_unspecified() => "127.0.0.1".to_owned(),
        std::net::IpAddr::V4(address) => address.to_string(),
        std::net::IpAddr::V6(address) => format!("[{address}]"),
    };
    format!("http://{address}:{}", config.port)
}
