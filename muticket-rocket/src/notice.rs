//! The notice on the next page about the action that led to it. A short-lived cookie carries one of these words and nothing else.

use rocket::Request;
use rocket::http::{Cookie, SameSite};
use rocket::request::{FromRequest, Outcome};

use crate::site::Site;

macro_rules! notices {
    ($($name:ident = $text:literal),+ $(,)?) => {
        /// The action that was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Notice { $($name),+ }

        impl Notice {
            /// All notices.
            pub(crate) const ALL: &[Self] = &[$(Self::$name),+];

            /// The word in the cookie, and in the key of the sentence: `notice-WORD`.
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// Parses the cookie; `None` for an unknown word.
            pub(crate) fn from_word(word: &str) -> Option<Self> {
                match word { $($text => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

notices! {
    Opened = "opened",
    Replied = "replied",
    Answered = "answered",
    Rated = "rated",
    Closed = "closed",
    Reopened = "reopened",
    QueueEnd = "queue-end",
    NoneWaits = "none-waits",
    SettingsSaved = "settings-saved",
    SupporterAdded = "supporter-added",
    SupporterSaved = "supporter-saved",
    SupporterRemoved = "supporter-removed",
    CategoryAdded = "category-added",
    CategorySaved = "category-saved",
    CategoryRemoved = "category-removed",
    CategoriesSorted = "categories-sorted",
    TicketDeleted = "ticket-deleted",
    LetterRetried = "letter-retried",
    LettersReleased = "letters-released",
    LettersDiscarded = "letters-discarded",
}

/// The notice for the requested page; `None` if no action led to it.
pub(crate) struct Told(pub(crate) Option<Notice>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Told {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        let cookie = request.cookies().get(&Site::of(request).flash_cookie);
        Outcome::Success(Self(cookie.and_then(|cookie| Notice::from_word(cookie.value()))))
    }
}

/// The cookie that carries a notice to the next page below `base`.
pub(crate) fn cookie(name: &str, base: &str, value: &'static str) -> Cookie<'static> {
    let path = if base.is_empty() { "/".to_owned() } else { base.to_owned() };
    Cookie::build((name.to_owned(), value))
        .path(path)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(rocket::time::Duration::minutes(1))
        .build()
}
