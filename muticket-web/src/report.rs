//! Makes texts from outside safe for the log: each is one line of limited length, without characters that control a terminal (P-17).

pub(crate) use muticket_core::causes::with_causes;
pub(crate) use muticket_core::log_line::part_of_a_line;

/// The most characters of a URL that are logged.
pub(crate) const ADDRESS: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    /// P-17
    #[test]
    fn an_error_is_told_with_its_causes() {
        let source = std::io::Error::other("no\nroom\u{2028}\u{202e}");
        let error = muticket_core::HostError::because("users", source);
        assert_eq!(with_causes(&*error), "the host did not answer: users: no\\u{a}room\\u{2028}\\u{202e}");
        let long = muticket_core::HostError::because("users", std::io::Error::other("x".repeat(9000)));
        assert_eq!(with_causes(&*long).chars().count(), 2001);
    }
}
