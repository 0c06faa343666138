//! What went wrong with a letter, on the page of the mail.

use muticket_core::mail::Diagnosis;
use serde::Serialize;

/// What went wrong.
#[derive(Debug, Serialize)]
pub(super) struct LetterProblem {
    /// The key of its sentence is `backend-mail-trouble-WORD`.
    pub(super) word: &'static str,
    pub(super) may_have_arrived: bool,
    /// The unchanged message of the mail server or of a library.
    pub(super) words: String,
}

impl LetterProblem {
    pub(super) fn of(kept: &str) -> Self {
        let Diagnosis { trouble, may_have_arrived, words, .. } = Diagnosis::of(kept);
        Self { word: trouble.as_str(), may_have_arrived, words: words.to_owned() }
    }
}
