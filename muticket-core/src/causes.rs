//! Errors in logs: one line with all causes.

use crate::log_line::part_of_a_line;

/// Implements `Debug` of an error as its `Display` with all causes, because a `main` that returns it prints `Debug`.
macro_rules! debug_says_the_sentence {
    ($error:ty) => {
        impl std::fmt::Debug for $error {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::causes::with_causes(self))
            }
        }
    };
}
pub(crate) use debug_says_the_sentence;

/// An error with all its causes, as a [part of a line](part_of_a_line) of at most 2000 characters: for logs, and for `Debug` of the errors
/// that a `main` returns.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    const MAX: usize = 2000;
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        // Some errors repeat their causes.
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    part_of_a_line(&text, MAX)
}
