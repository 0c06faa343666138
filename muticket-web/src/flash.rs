//! The message on the next page about the action that led to it. A short-lived cookie carries one of these words and nothing else.
//!
//! Outside of the code it is called a notice: in the template `notice.html`, the class `notice`, the keys `notice-WORD` and the name of the
//! cookie. Sites use these names, so they do not change.

use http::HeaderMap;
use http::header::COOKIE;
use strum::VariantArray;

/// The action that was done. The key of its sentence is `notice-WORD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub(crate) enum Flash {
    Opened,
    Replied,
    Answered,
    AnsweredAndClosed,
    Rated,
    Closed,
    Reopened,
    Taken,
    Assigned,
    Released,
    Prioritized,
    Categorized,
    Labelled,
    Noted,
    NoteSaved,
    NoteDeleted,
    SavedAnswerAdded,
    SavedAnswerSaved,
    SavedAnswerDeleted,
    ViewSaved,
    ViewRenamed,
    ViewReplaced,
    ViewShared,
    ViewUnshared,
    ViewDeleted,
    FirstViewChosen,
    QueueEnd,
    NoneWaits,
    SeveralAssigned,
    SeveralPrioritized,
    SeveralCategorized,
    SeveralLabelled,
    SeveralUnlabelled,
    SeveralClosed,
    SeveralReopened,
    SettingsSaved,
    SupporterAdded,
    SupporterSaved,
    SupporterRemoved,
    CategoryAdded,
    CategorySaved,
    CategoryRemoved,
    CategoriesSorted,
    LabelAdded,
    LabelSaved,
    LabelRemoved,
    TicketDeleted,
    LetterRetried,
    LettersReleased,
    LettersDiscarded,
    LettersResumed,
    IncomingOpened,
    IncomingRepeated,
    IncomingDiscarded,
    SenderAssigned,
    SenderForgotten,
}

impl Flash {
    /// All values.
    pub(crate) const ALL: &[Self] = Self::VARIANTS;

    /// Its word.
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The cookie of one mounted module.
pub(crate) struct FlashCookie {
    name: String,
    path: String,
}

impl FlashCookie {
    /// How many seconds the cookie lives.
    const LIFETIME: u32 = 60;

    /// The cookie for the pages below `base`. Its name contains the base, so that two modules of one site do not share it.
    pub(crate) fn new(base: &str) -> Self {
        let path = if base.is_empty() { "/".to_owned() } else { base.to_owned() };
        Self { name: format!("muticket-notice{}", base.replace('/', "-")), path }
    }

    /// The value of the cookie in the headers of a request; `None` if it is not there. Only the words of [`Flash`] mean something.
    pub(crate) fn find<'r>(&self, headers: &'r HeaderMap) -> Option<&'r str> {
        let pairs = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok()).flat_map(|header| header.split(';'));
        pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == self.name).map(|(_, value)| value)
    }

    /// The message in the headers of a request.
    pub(crate) fn read(&self, headers: &HeaderMap) -> Option<Flash> {
        self.find(headers)?.parse().ok()
    }

    /// The value of `Set-Cookie` that carries the message to the next page.
    pub(crate) fn set(&self, flash: Flash) -> String {
        self.with(flash.as_str(), Self::LIFETIME)
    }

    /// The value of `Set-Cookie` that removes the cookie.
    pub(crate) fn remove(&self) -> String {
        self.with("", 0)
    }

    fn with(&self, value: &str, seconds: u32) -> String {
        format!("{}={value}; HttpOnly; SameSite=Lax; Path={}; Max-Age={seconds}", self.name, self.path)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn cookies(values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (COOKIE, HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_message_comes_back_from_its_cookie() {
        let cookie = FlashCookie::new("/shop/help");
        assert_eq!(
            cookie.set(Flash::Closed),
            "muticket-notice-shop-help=closed; HttpOnly; SameSite=Lax; Path=/shop/help; Max-Age=60"
        );
        assert!(FlashCookie::new("").remove().ends_with("Path=/; Max-Age=0"));
        let read = |values: &[&'static str]| cookie.read(&cookies(values));
        assert_eq!(read(&["session=1; muticket-notice-shop-help=closed"]), Some(Flash::Closed));
        assert_eq!(read(&["session=1", "muticket-notice-shop-help=rated;a=b"]), Some(Flash::Rated));
        for other in ["muticket-notice-shop-help=", "muticket-notice-shop-help=<b>", "muticket-notice=closed", "closed", ""] {
            assert_eq!(read(&[other]), None, "{other}");
        }
    }
}
