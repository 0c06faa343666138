//! Language tags.
//!
//! A tag is kept as text: names of categories are stored under it, and a tag that a library does not know, such as `zh-cmn-hans`, comes
//! back as it was stored. [`Language::locale`] is the form in which the ICU4X crates take it; `fluent-bundle` takes a third one.

use std::fmt;

use icu_locale_core::Locale;

/// A language as a BCP 47 tag, like `de` or `en-GB`. Stored in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);

impl Language {
    /// Parses a tag of 2 to 35 letters, digits and hyphens that begins with a letter. Returns `None` for anything else.
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

    /// The tag as the ICU4X crates take it; unknown if they cannot read it.
    pub fn locale(&self) -> Locale {
        Locale::try_from_str(&self.0).unwrap_or(Locale::UNKNOWN)
    }

    /// The region, such as `at` in `de-at` or `419` in `es-419`; `None` without a region.
    pub fn region(&self) -> Option<&str> {
        let parts = self.0.split('-').skip(1).take_while(|part| part.len() > 1);
        let is_region = |part: &&str| match part.len() {
            2 => part.bytes().all(|b| b.is_ascii_alphabetic()),
            3 => part.bytes().all(|b| b.is_ascii_digit()),
            _ => false,
        };
        parts.take(3).find(is_region)
    }

    /// The same language in another region: `en-gb` for `en` or `en-us` with the region `gb`.
    pub fn in_region(&self, region: &str) -> Option<Self> {
        let script = self.0.split('-').nth(1).filter(|part| part.len() == 4);
        let parts = [Some(self.primary()), script, Some(region)];
        Self::parse(&parts.into_iter().flatten().collect::<Vec<_>>().join("-"))
    }

    /// Whether this language equals `other` or is a more specific form of it: `de-at` is within `de`.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.strip_prefix(&other.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }

    /// The primary tag without script and region: `de` for `de-at`.
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
    fn a_region_is_a_part_of_a_tag() {
        let language = |tag: &str| Language::parse(tag).unwrap();
        for (tag, region) in [
            ("de", None),
            ("de-AT", Some("at")),
            ("es-419", Some("419")),
            ("zh-Hant-TW", Some("tw")),
            ("zh-cmn-Hans-CN", Some("cn")),
            ("sl-rozaj", None),
            ("en-u-ca-gregory", None),
            ("en-x-gb", None),
        ] {
            assert_eq!(language(tag).region(), region, "{tag}");
        }
        assert_eq!(language("en-us").in_region("gb"), Some(language("en-gb")));
        assert_eq!(language("zh-hant").in_region("hk"), Some(language("zh-hant-hk")));
        assert!(language("de-at").is_within(&language("de")) && !language("den").is_within(&language("de")));
    }

    #[test]
    fn only_tags_are_languages() {
        assert_eq!(Language::parse("de_AT").unwrap().as_str(), "de-at");
        assert_eq!(Language::parse("de-AT").unwrap().primary(), "de");
        for text in ["", "d", "../x", "de/..", "12", "de--at", "de\r\n", "ü"] {
            assert_eq!(Language::parse(text), None, "{text:?}");
        }
    }
}
