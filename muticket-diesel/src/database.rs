//! One module per database, with its connections and its own compilation of the statements.
//!
//! The statements are written once, over the alias `Conn`. Diesel checks them against one database at a time, so they are compiled once
//! per database. A type that covers several databases (`MultiConnection`) can neither insert several rows in one statement nor read back a
//! generated number.

#[cfg(feature = "_server")]
pub(crate) mod address;
#[cfg(test)]
mod lists;
#[cfg(all(test, feature = "_server"))]
mod looked;
#[cfg(feature = "mysql")]
pub(crate) mod mysql;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;

/// The migrations of all databases, by name and in order. Each database has a folder of them. Some have a step in Rust that runs after
/// their statements.
macro_rules! migrations {
    ($folder:literal) => {
        migrations! { $folder:
            "0001_tables",
            "0002_words_and_marks" then statements::words::fill,
            "0003_first_answers",
            "0004_digests",
            "0005_picture_settings",
            "0006_held_letters",
            "0007_words_anew" then statements::words::fill,
            "0009_site_clock",
            "0010_site_address",
            "0011_category_order",
            "0012_team",
            "0013_open_pages",
            "0014_labels",
            "0015_saved_answers",
            "0016_list",
            "0017_note_files",
            "0018_saved_views",
            "0019_customer_priority",
            "0020_saved_labels",
            "0021_incoming",
            "0022_answered_letters",
            "0023_undeliverable",
            "0024_mailboxes",
            "0025_senders",
            "0026_checked_letters",
            "0027_letters_of_tickets",
            "0030_customer_letters"
        }
    };
    ($folder:literal: $($version:literal $(then $then:path)?),+) => {
        &[$(Migration {
            version: $version,
            up: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $folder, "/", $version, "/up.sql")),
            then: migrations!(@then $($then)?),
            down: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $folder, "/", $version, "/down.sql")),
        }),+]
    };
    (@then) => { None };
    (@then $then:path) => { Some($then) };
}
use migrations;
