//! Names of languages.

use std::fmt;

/// A language, as a tag of BCP 47 like `de` or `en-GB`; kept in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);

impl Language {
    /// Reads a tag: 2 to 35 letters, digits and hyphens that begin with a letter. `None` for anything else.
    pub fn parse(tag: &str) -> Option<Self> {
        let tag = tag.replace('_', "-").to_ascii_lowercase();
        let parts_fit =
            tag.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
        let fits = (2..=35).contains(&tag.len()) && tag.starts_with(|c: char| c.is_ascii_alphabetic()) && parts_fit;
        fits.then_some(Self(tag))
    }

    /// English.
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// German.
    pub fn german() -> Self {
        Self("de".to_owned())
    }

    /// The tag, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language without its region or script: `de` for `de-at`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tags_are_languages() {
        assert_eq!(Language::parse("de_AT").unwrap().as_str(), "de-at");
        assert_eq!(Language::parse("de-AT").unwrap().primary(), "de");
        for text in ["", "d", "../x", "de/..", "12", "de--at", "de\r\n", "ü"] {
            assert_eq!(Language::parse(text), None, "{text:?}");
        }
    }
}
