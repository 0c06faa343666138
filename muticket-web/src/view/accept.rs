//! `Accept-Language`: which languages a browser asks for, how much, and which it does not want (RFC 9110, 12.5.4).
//!
//! The parser of `fluent-langneg` reads neither of the last two.

use muticket_core::Language;

/// Browsers send shorter headers. A longer one is ignored.
const MOST_BYTES: usize = 1000;

/// What a browser accepts.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Accepted {
    /// The accepted languages, most wanted first.
    wanted: Vec<AcceptedLanguage>,
    /// The languages that the browser refuses.
    unwanted: Vec<AcceptedLanguage>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
enum AcceptedLanguage {
    /// The language and its regional variants.
    Tag(Language),
    /// Any language that no other entry names.
    Any,
}

impl Accepted {
    /// Parses the header. Entries that cannot be parsed are left out.
    pub(crate) fn read(header: Option<&str>) -> Self {
        let header = header.filter(|header| header.len() <= MOST_BYTES).unwrap_or_default();
        let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
        for entry in header.split(',') {
            let mut parts = entry.split(';').map(str::trim);
            let range = match parts.next().unwrap_or_default() {
                "*" => AcceptedLanguage::Any,
                tag => match Language::parse(tag) {
                    Some(language) => AcceptedLanguage::Tag(language),
                    None => continue,
                },
            };
            match parts.find_map(quality).unwrap_or(Some(MOST)) {
                Some(0) => unwanted.push(range),
                Some(quality) => wanted.push((quality, range)),
                None => {}
            }
        }
        // The sort is stable: entries of equal quality keep their order.
        wanted.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
        Self { wanted: wanted.into_iter().map(|(_, range)| range).collect(), unwanted }
    }

    /// The available language that the browser wants most; `closest` maps a wanted tag to the nearest available language. If none is
    /// wanted, the default, unless the browser refuses it and accepts another one.
    pub(crate) fn choose(
        &self,
        languages: &[&Language],
        default: &Language,
        closest: impl Fn(&Language) -> Language,
    ) -> Language {
        // The default comes first among equally good languages.
        let by_default = || std::iter::once(default).chain(languages.iter().copied());
        let found = self.wanted.iter().find_map(|range| match range {
            AcceptedLanguage::Tag(wish) => languages.iter().any(|known| known.primary() == wish.primary()).then(|| closest(wish)),
            AcceptedLanguage::Any => by_default().find(|known| !self.names(known)).cloned(),
        });
        found.or_else(|| by_default().find(|known| !self.refuses(known)).cloned()).unwrap_or_else(|| default.clone())
    }

    /// The first accepted tag of the language that names a region.
    pub(crate) fn region_of(&self, language: &Language) -> Option<&Language> {
        self.wanted.iter().find_map(|range| match range {
            AcceptedLanguage::Tag(tag) if tag.primary() == language.primary() && tag.region().is_some() => Some(tag),
            _ => None,
        })
    }

    /// The language that the browser wants most, whether it is available or not.
    pub(crate) fn first(&self) -> Option<&Language> {
        self.wanted.iter().find_map(|range| match range {
            AcceptedLanguage::Tag(tag) => Some(tag),
            AcceptedLanguage::Any => None,
        })
    }

    /// Whether an entry accepts or refuses the language.
    fn names(&self, language: &Language) -> bool {
        let about = |range: &AcceptedLanguage| matches!(range, AcceptedLanguage::Tag(tag) if tag.primary() == language.primary());
        self.wanted.iter().chain(&self.unwanted).any(about)
    }

    fn refuses(&self, language: &Language) -> bool {
        self.unwanted.iter().any(|range| match range {
            AcceptedLanguage::Tag(tag) => language.is_within(tag),
            AcceptedLanguage::Any => !self.names(language),
        })
    }
}

/// A quality of 1, in thousandths.
const MOST: u32 = 1000;

/// The quality in thousandths. `None` if the parameter is not a quality; `Some(None)` if its value cannot be read.
fn quality(parameter: &str) -> Option<Option<u32>> {
    let (name, value) = parameter.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let value: Option<f64> = value.trim().parse().ok().filter(|value: &f64| value.is_finite() && *value >= 0.0);
    // A small quality above 0 must not be rounded to 0, which means "refused".
    Some(value.map(|value| if value == 0.0 { 0 } else { ((value.min(1.0) * f64::from(MOST)).round() as u32).max(1) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(header: &str, default: &str) -> String {
        let parse = |tag: &str| Language::parse(tag).unwrap();
        let known = [parse("de"), parse("en"), parse("fr")];
        let closest = |wish: &Language| known.iter().find(|known| known.primary() == wish.primary()).unwrap().clone();
        let known: Vec<&Language> = known.iter().collect();
        Accepted::read(Some(header)).choose(&known, &parse(default), closest).as_str().to_owned()
    }

    /// D-12
    #[test]
    fn the_most_wanted_language_that_there_is() {
        let cases = [
            ("de", "de"),
            ("de-AT, en;q=0.9", "de"),
            ("ja, fr;q=0.8, de;q=0.7", "fr"),
            ("en;q=0.5, de;q=0.6", "de"),
            ("en;q=0.5,de;q=0.5", "en"),
            ("de;q=.8,en;q=0.7", "de"),
            ("EN-us;Q=0.9, De;q=1.000", "de"),
            ("de; q=0.4 , fr ;q = 0.5", "fr"),
            ("de;level=1;q=0.2, fr;q=0.3", "fr"),
            // Refused languages.
            ("de;q=0", "en"),
            ("de;q=0.0, en;q=0.000", "fr"),
            ("de;q=0, *", "en"),
            ("en;q=0, *", "de"),
            ("en;q=0", "de"),
            ("en;q=0, de;q=0, fr;q=0", "en"),
            ("*;q=0", "en"),
            ("*;q=0, fr;q=0.1", "fr"),
            ("ja, *;q=0", "en"),
            ("de-AT;q=0, de", "de"),
            ("de-AT, de;q=0", "de"),
            ("en-US;q=0", "en"),
            // Languages that are not named.
            ("*", "en"),
            ("*, de;q=0.5", "en"),
            ("en;q=0.1, *;q=0.5", "de"),
            ("ja, *;q=0.5, de;q=0.1, en;q=0.1", "fr"),
            // Entries that cannot be read.
            ("", "en"),
            (";;;q=", "en"),
            ("de;q=NaN", "en"),
            ("de;q=-1", "en"),
            ("de;q=x, fr;q=0.1", "fr"),
            ("de;q=99999999999", "de"),
            ("../de, fr", "fr"),
        ];
        for (header, language) in cases {
            assert_eq!(chosen(header, "en"), language, "{header:?}");
        }
        assert_eq!([chosen("ja", "fr"), chosen("fr;q=0", "fr"), chosen("*", "fr")], ["fr", "de", "fr"]);
        assert_eq!(chosen(&"de,".repeat(1000), "en"), "en");
    }

    #[test]
    fn the_region_is_that_of_the_language() {
        let region = |header: &str, language: &str| {
            let accepted = Accepted::read(Some(header));
            let language = Language::parse(language).unwrap();
            accepted.region_of(&language).and_then(Language::region).map(str::to_owned)
        };
        assert_eq!(region("en-GB, en;q=0.9", "en").as_deref(), Some("gb"));
        assert_eq!(region("en, en-GB;q=0.9, en-US;q=0.8", "en").as_deref(), Some("gb"));
        assert_eq!(region("de-AT, en", "en"), None);
        assert_eq!(region("en-GB;q=0, en", "en"), None);
        assert_eq!(region("zh-Hant-TW", "zh").as_deref(), Some("tw"));
        assert_eq!(region("es-419", "es").as_deref(), Some("419"));
    }
}
