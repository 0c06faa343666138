//! Versions and error messages of the servers.

use std::time::Duration;

use diesel::result::{DatabaseErrorKind, Error};
use muticket_core::storage::{StorageError, StorageFault};

use super::{mysql, postgres};

fn said(words: &str) -> Error {
    Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(words.to_owned()))
}

#[test]
fn servers_that_are_too_old_are_known_by_their_versions() {
    assert_eq!(postgres::is_too_old(140_013).as_deref(), Some("PostgreSQL 14"));
    assert_eq!(postgres::is_too_old(150_000), None);
    for (version, old) in [
        ("10.6.18-MariaDB-log", Some("MariaDB 10.6.18")),
        ("5.5.5-10.11.6-MariaDB", Some("MariaDB 5.5.5")),
        ("10.11.0-MariaDB", None),
        ("10.11.6-MariaDB-0+deb12u1", None),
        ("11.4.2-MariaDB", None),
        ("5.7.44", Some("MySQL 5.7.44")),
        ("8.0.16", Some("MySQL 8.0.16")),
        ("8.0.17", None),
        ("8.4.0-0ubuntu0.24.04.1", None),
        ("nonsense", Some("MySQL 0.0.0")),
    ] {
        assert_eq!(mysql::is_too_old(version).as_deref(), old, "{version}");
    }
}

#[cfg(feature = "sqlite")]
#[test]
fn a_sqlite_that_is_too_old_is_known_by_its_version() {
    for (version, old) in [
        ("3.34.1", true),
        ("3.8.11.1", true),
        ("2.99.0", true),
        ("nonsense", true),
        ("3.35.0", false),
        ("3.40.1", false),
        ("3.100.0", false),
        ("4.0.0", false),
    ] {
        assert_eq!(super::sqlite::is_too_old(version).is_some(), old, "{version}");
    }
    let error = crate::ConnectError::SqliteTooOld("3.34.1".to_owned());
    assert!(format!("{error:?}").contains("(3.34.1)") && error.to_string().contains("cargo update -p libsqlite3-sys"), "{error}");
}

/// What SQLite can be built without, and what MuTicket needs of it.
#[cfg(feature = "sqlite")]
#[test]
fn a_sqlite_that_was_built_without_what_is_needed_is_known_by_its_options() {
    for (options, hinders) in [
        (&[][..], None),
        (&["COMPILER=gcc-14.2.0", "ENABLE_FTS5", "THREADSAFE=1", "DEFAULT_FOREIGN_KEYS"], None),
        (&["THREADSAFE=2", "OMIT_FOREIGN_KEYS_OF_ANOTHER", "OMIT_AUTOVACUUM"], None),
        (&["ENABLE_FTS5", "THREADSAFE=0"], Some("THREADSAFE=0")),
        (&["OMIT_FOREIGN_KEY"], Some("OMIT_FOREIGN_KEY")),
        (&["OMIT_TRIGGER"], Some("OMIT_TRIGGER")),
        (&["OMIT_WAL"], Some("OMIT_WAL")),
    ] {
        assert_eq!(super::sqlite::hindering(options.iter().copied()), hinders, "{options:?}");
    }
    let error = crate::ConnectError::SqliteLacks("OMIT_WAL").to_string();
    assert!(error.contains("SQLITE_OMIT_WAL") && error.contains("remove it from LIBSQLITE3_FLAGS"), "{error}");
    // The one of this program has all of it, and it does tell.
    let mut conn = diesel::Connection::establish(":memory:").unwrap();
    assert!(super::sqlite::unfit(&mut conn).unwrap().is_none());
}

/// Also for the smallest and the largest value that an address may set.
#[test]
fn postgresql_ends_a_statement_before_nobody_waits_for_it() {
    for (seconds, milliseconds) in [(1, 900), (2, 1_800), (30, 29_000), (3600, 3_599_000)] {
        let settings = postgres::settings(Duration::from_secs(seconds));
        assert!(settings.contains(&format!("statement_timeout = {milliseconds};")), "{settings}");
    }
}

/// After a failed commit only what was certainly rolled back may be run again.
#[test]
fn a_commit_is_lost_only_if_the_server_says_so() {
    for lost in ["Deadlock found when trying to get lock; try restarting transaction", "Lock wait timeout exceeded"] {
        assert!(mysql::is_rolled_back(&said(lost)), "{lost}");
    }
    for unknown in ["WSREP has not yet prepared node for application use", "Too many connections", "Input/output error", ""] {
        assert!(!mysql::is_rolled_back(&said(unknown)), "{unknown}");
        assert!(!mysql::classify(said(unknown)).is_retryable(), "{unknown}");
    }
    // A failed statement is retried with its unit, which is rolled back. No server is known to report this for a commit.
    let stale = "Record has changed since last read in table 'muticket_ticket'";
    assert!(mysql::classify(said(stale)).is_retryable() && !mysql::is_rolled_back(&said(stale)));

    assert!(postgres::is_rolled_back(&said("deadlock detected")));
    let raced = Error::DatabaseError(DatabaseErrorKind::SerializationFailure, Box::new(String::new()));
    assert!(postgres::is_rolled_back(&raced));
    for unknown in ["terminating connection due to administrator command", "connection closed", "sorry, too many clients already"]
    {
        assert!(!postgres::is_rolled_back(&said(unknown)), "{unknown}");
        assert!(!postgres::classify(said(unknown)).is_retryable(), "{unknown}");
    }
}

#[test]
fn what_is_gone_and_what_is_refused_is_told_apart() {
    let kind = |error| match error {
        StorageError::Failed { kind, .. } => Some(kind),
        _ => None,
    };
    assert_eq!(kind(mysql::classify(said("CREATE command denied to user 'desk'@'localhost'"))), Some(StorageFault::NotWritable));
    assert_eq!(kind(mysql::classify(said("WSREP has not yet prepared node"))), Some(StorageFault::Connection));
    assert_eq!(kind(postgres::classify(said("permission denied for schema public"))), Some(StorageFault::NotWritable));
    assert_eq!(kind(postgres::classify(said("the database system is starting up"))), Some(StorageFault::Connection));
}

/// Errors of a full disk: 53100 of PostgreSQL; 1114, 1021, 1030 and 3 of MariaDB and MySQL. All but the first two contain the operating
/// system's message.
#[test]
fn a_full_disk_refuses_what_is_written() {
    let is_refused = |error| matches!(error, StorageError::Failed { kind: StorageFault::NotWritable, .. });
    for words in [
        "could not extend file \"base/16384/16456\": No space left on device",
        "could not extend file \"base/16384/16456\": wrote only 4096 of 8192 bytes at block 17",
        "could not write to file \"base/pgsql_tmp/pgsql_tmp4711.0\": No space left on device",
        "could not write to file \"base/pgsql_tmp/pgsql_tmp4711.0\": Disk quota exceeded",
    ] {
        assert!(is_refused(postgres::classify(said(words))), "{words}");
    }
    for words in [
        "The table 'muticket_ticket' is full",
        "Disk full (/var/lib/mysql/#sql-1); waiting for someone to free some space...",
        "Disk full (/var/lib/mysql/#sql-1); waiting for someone to free some space... (errno: 28 \"No space left on device\")",
        "Got error 28 \"No space left on device\" from storage engine InnoDB",
        "Error writing file '/tmp/MLfd=24' (errno: 122 \"Disk quota exceeded\")",
    ] {
        assert!(is_refused(mysql::classify(said(words))), "{words}");
    }
}

/// P-33: MySQL's errors for a statement that an interrupted launch has already carried out. Anything else is an error.
#[test]
fn a_change_that_was_made_already_is_known_by_the_words_of_mysql() {
    for (words, done) in [
        ("Duplicate column name 'sha256'", true),
        ("Duplicate key name 'muticket_first_answer_author'", true),
        ("Can't DROP 'time_zone'; check that column/key exists", true),
        ("Duplicate entry '1' for key 'PRIMARY'", false),
        ("ALTER command denied to user 'desk'@'localhost' for table 'muticket_settings'", false),
        ("Lock wait timeout exceeded; try restarting transaction", false),
    ] {
        assert_eq!(mysql::is_done_already(&said(words)), done, "{words}");
        assert!(!postgres::is_done_already(&said(words)), "{words}");
    }
}
