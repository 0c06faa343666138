//! Assembles the site: the shop's pages, and MuTicket below `/support`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use muticket_core::blob::{Blobs, ObjectBlobs};
use muticket_core::clock::{self, ClockIsWrong};
use muticket_core::mail::NotAPattern;
use muticket_core::{Helpdesk, MailIn, Storage, StorageError, SystemClock};
use muticket_diesel::{ConnectError, DieselStorage};
use muticket_rocket::{Configure, MuTicket};
use rocket::config::{Config, Ident, LogLevel};
use rocket::figment::providers::{Env, Format, Toml};
use rocket::figment::{Figment, Profile};
use rocket::shield::{NoSniff, Shield};
use rocket::{Build, Rocket};

use crate::host::KontorNord;
use crate::mailbox::{MailServerError, Mailbox};
use crate::options::Options;
use crate::orders::Orders;
use crate::people::People;
use crate::store::{FreshError, Places};
use crate::ways_in::{WayInError, ways_in};
use crate::{login, mailbox, pages, reply, seed};

/// The sender of letters.
const FROM: &str = "Kontor Nord Support <support@kontor-nord.example>";

/// Why the site cannot start, and what to fix.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Rocket's settings cannot be read.
    #[error("cannot read Rocket's settings (Rocket.toml and variables ROCKET_..): {0}")]
    Config(Box<rocket::figment::Error>),
    /// The machine's clock is wrong.
    #[error(transparent)]
    Clock(#[from] ClockIsWrong),
    /// `--fresh` did not delete the data.
    #[error(transparent)]
    Fresh(#[from] FreshError),
    /// The database cannot be used.
    #[error("cannot use the database; choose another one with `--database URL`")]
    Database(#[source] ConnectError),
    /// The folder for attachments cannot be written.
    #[error("the uploads folder {} cannot be written: make it writable, or choose another one with `--uploads DIR` ({cause})", folder.display())]
    Uploads {
        /// The folder.
        folder: PathBuf,
        /// The error of the operating system.
        cause: String,
    },
    /// The pattern of addresses for replies is wrong.
    #[error("emails cannot come in")]
    MailIn(#[source] NotAPattern),
    /// The mail server cannot be used.
    #[error("cannot use the mail server given by `--smtp`")]
    Smtp(#[source] MailServerError),
    /// A way in for emails cannot be used.
    #[error(transparent)]
    WayIn(#[from] WayInError),
    /// The demo tickets cannot be created.
    #[error("cannot create the demo tickets; `--empty` starts without them")]
    Seed(#[source] muticket_core::Error),
}

/// Rocket's own settings, with less logging: the pages show what happens.
pub fn settings() -> Figment {
    let quiet = Config { log_level: LogLevel::Critical, ident: Ident::none(), ..Config::default() };
    Figment::from(quiet)
        .merge(Toml::file(Env::var_or("ROCKET_CONFIG", "Rocket.toml")).nested())
        .merge(Env::prefixed("ROCKET_").ignore(&["PROFILE"]).global())
        .select(Profile::from_env_or("ROCKET_PROFILE", Config::DEFAULT_PROFILE))
}

/// Builds the site with Rocket's own settings.
///
/// # Errors
/// [`SetupError`].
pub async fn site(options: &Options) -> Result<Rocket<Build>, SetupError> {
    site_with(settings(), options).await
}

/// How emails come in: replies to the addresses of the shop, and those whose sender its mail server has confirmed. They come from the
/// mailbox page, and in the ways that the options ask for. `None` with `--smtp` alone, because then nobody can reply.
async fn mail_in(options: &Options, storage: &Arc<dyn Storage>) -> Result<Option<MailIn>, SetupError> {
    let comes_in = options.mail_key.is_some() || options.imap.is_some() || options.lmtp.is_some();
    if options.smtp.is_some() && !comes_in {
        return Ok(None);
    }
    let rules = MailIn::new("support+{token}@kontor-nord.example").map_err(SetupError::MailIn)?.with_relay(reply::RELAY);
    let categories = storage.run_read(|unit| unit.categories().list()).await;
    let categories = categories.map_err(|error: StorageError| SetupError::Seed(error.into()))?;
    let rules = match categories.into_iter().next() {
        Some(first) => rules.with_category(first.category.id),
        None => rules,
    };
    Ok(Some(match &options.mail_key {
        Some(key) => rules.with_key(key),
        None => rules,
    }))
}

/// Builds the site with the given settings.
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
        seed::fill_if_new(&storage, &blobs, options.few).await.map_err(SetupError::Seed)?;
    }
    let mail_in = mail_in(options, &storage).await?;
    let helpdesk = Helpdesk::builder(storage, Arc::new(People)).blobs(blobs).customer_facts(Arc::new(Orders));
    let helpdesk = match mail_in {
        Some(rules) => helpdesk.mail_in(rules),
        None => helpdesk,
    };
    let helpdesk = helpdesk.build();
    let ways_in = ways_in(options, helpdesk.clone()).await?;
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
        mailbox::letter,
        reply::reply,
        reply::new,
        reply::sent
    ];
    Ok(rocket::custom(figment)
        // All pages here set `X-Content-Type-Options` themselves; Rocket would warn about a duplicate header on each of them.
        .attach(Shield::default().disable::<NoSniff>())
        .manage(helpdesk)
        .manage(mailbox)
        .manage(login::PublicUrl(public_url))
        .mount("/", routes)
        .register("/", rocket::catchers![pages::error])
        .attach(ways_in)
        .attach(support))
}

/// Opens the folder for attachments and checks that files can be written there.
async fn uploads(folder: PathBuf) -> Result<ObjectBlobs, SetupError> {
    let opened = match ObjectBlobs::folder(&folder) {
        Ok(blobs) => blobs.check().await.map(|()| blobs),
        Err(error) => Err(error),
    };
    opened.map_err(|error| SetupError::Uploads { folder, cause: root(&error) })
}

/// The innermost cause, which is the error of the operating system.
fn root(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), root)
}

/// The address on which Rocket will listen, as typed into a browser on the same machine.
fn own_address(config: &Config) -> String {
    let address = match config.address {
        address if address.is_unspecified() => "127.0.0.1".to_owned(),
        std::net::IpAddr::V4(address) => address.to_string(),
        std::net::IpAddr::V6(address) => format!("[{address}]"),
    };
    format!("http://{address}:{}", config.port)
}
