//! The site's own users and sessions, in its own database. MuTicket never sees these tables.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use base16ct::lower::encode_string;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use sha2::{Digest, Sha256};
use tokio::task::spawn_blocking;

pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

diesel::table! {
    users (id) {
        id -> BigInt,
        login -> Text,
        name -> Text,
        mail -> Text,
        language -> Text,
        is_staff -> Bool,
        is_admin -> Bool,
        password -> Text,
    }
}

diesel::table! {
    sessions (token) {
        token -> Text,
        user_id -> BigInt,
    }
}

diesel::joinable!(sessions -> users (user_id));
diesel::allow_tables_to_appear_in_same_query!(users, sessions);

// `AUTOINCREMENT` makes sure that the id of a deleted user is never given to another one, who could then read the old user's tickets.
const TABLES: &str = "PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 2000;
    CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY AUTOINCREMENT, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL, mail TEXT NOT NULL, language TEXT NOT NULL,
        is_staff BOOLEAN NOT NULL, is_admin BOOLEAN NOT NULL, password TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS sessions (token TEXT NOT NULL PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users);";

/// One user, without their password hash.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
pub(crate) struct Person {
    /// The id by which MuTicket knows them. A login name can pass to another person.
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) mail: String,
    pub(crate) language: String,
    pub(crate) is_staff: bool,
    pub(crate) is_admin: bool,
}

/// The users of the first start: login, name, language, staff, admin, password. The login page shows them, because this is an example.
pub(crate) const FIRST: [(&str, &str, &str, bool, bool, &str); 3] = [
    ("mia", "Mia Bauer", "de", false, false, "sing-the-alto"),
    ("oskar", "Oskar Lund", "en", true, false, "print-the-scores"),
    ("edith", "Edith Clarke", "en", true, true, "lead-the-choir"),
];

/// All users. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Users {
    database: Arc<Mutex<SqliteConnection>>,
}

impl Users {
    /// Opens the database, and creates the first users if there are none.
    pub(crate) fn open(file: &Path) -> Result<Self, Failure> {
        let mut database = SqliteConnection::establish(&file.to_string_lossy())?;
        database.batch_execute(TABLES)?;
        if users::table.count().get_result::<i64>(&mut database)? == 0 {
            for (login, name, language, staff, admin, password) in FIRST {
                let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|error| error.to_string())?;
                let row = (
                    users::login.eq(login),
                    users::name.eq(name),
                    users::mail.eq(format!("{login}@dovecote.example")),
                    users::language.eq(language),
                    users::is_staff.eq(staff),
                    users::is_admin.eq(admin),
                    users::password.eq(hash.to_string()),
                );
                diesel::insert_into(users::table).values(row).execute(&mut database)?;
            }
        }
        Ok(Self { database: Arc::new(Mutex::new(database)) })
    }

    /// Checks a password and begins a session. Returns its secret, or `None` if the login or the password is wrong.
    pub(crate) async fn sign_in(&self, login: &str, password: &str) -> Result<Option<String>, Failure> {
        let (login, password) = (login.to_owned(), password.to_owned());
        self.run(move |database| {
            let found = users::table.filter(users::login.eq(&login)).select((users::id, users::password));
            let Some((id, hash)) = found.get_result::<(i64, String)>(database).optional()? else {
                // Do as much work as for a wrong password, so that the response time does not tell which logins exist.
                let _ = Argon2::default().hash_password(password.as_bytes());
                return Ok(None);
            };
            if !is_right(&password, &hash) {
                return Ok(None);
            }
            let mut secret = [0; 32];
            getrandom::fill(&mut secret)?;
            let secret = encode_string(&secret);
            // The table holds only the hash: a reader of the table cannot take over a session.
            let row = (sessions::token.eq(hashed(&secret)), sessions::user_id.eq(id));
            diesel::insert_into(sessions::table).values(row).execute(database)?;
            Ok(Some(secret))
        })
        .await
    }

    /// The user of this session.
    pub(crate) async fn signed_in(&self, secret: &str) -> Result<Option<Person>, Failure> {
        let token = hashed(secret);
        self.run(move |database| {
            let found = sessions::table.find(token).inner_join(users::table).select(Person::as_select()).get_result(database);
            Ok(found.optional()?)
        })
        .await
    }

    /// Ends a session.
    pub(crate) async fn sign_out(&self, secret: &str) -> Result<(), Failure> {
        let token = hashed(secret);
        self.run(move |database| {
            diesel::delete(sessions::table.find(token)).execute(database)?;
            Ok(())
        })
        .await
    }

    /// The users with these ids.
    pub(crate) async fn find(&self, ids: Vec<i64>) -> Result<Vec<Person>, Failure> {
        self.run(move |database| Ok(users::table.filter(users::id.eq_any(ids)).select(Person::as_select()).load(database)?)).await
    }

    /// All users who work here.
    pub(crate) async fn staff(&self) -> Result<Vec<Person>, Failure> {
        self.run(|database| {
            Ok(users::table.filter(users::is_staff).order(users::name).select(Person::as_select()).load(database)?)
        })
        .await
    }

    /// Runs `work` on a thread that may block.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut SqliteConnection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let database = self.database.clone();
        spawn_blocking(move || work(&mut database.lock().unwrap_or_else(PoisonError::into_inner))).await?
    }
}

fn is_right(password: &str, hash: &str) -> bool {
    let parsed = PasswordHash::new(hash);
    parsed.is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

fn hashed(secret: &str) -> String {
    encode_string(&Sha256::digest(secret))
}
