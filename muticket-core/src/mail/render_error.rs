//! The error of templates and messages.

use crate::causes::debug_says_the_sentence;
use crate::language::Language;

/// A template or a message supplied by the host is invalid.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The messages of a language cannot be parsed, or a message is missing or lacks an argument.
    #[error("invalid messages for language {language}: {what}")]
    Messages {
        /// The language.
        language: Language,
        /// The problem.
        what: String,
    },
    /// A template cannot be parsed or rendered.
    #[error("cannot render template {name}")]
    Template {
        /// The name of the template.
        name: String,
        /// The cause.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

debug_says_the_sentence!(RenderError);
