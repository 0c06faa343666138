//! What templates can call: `t`, `time`, `exact`, `day`, `number`, `size`, `plain`, `month`, `month_short`.
//!
//! They read `language`, and those about time also `zone` and `now`, from the model of the page.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, Value};
use muticket_core::ticket::{Piece, pieces};
use muticket_core::{Language, TimeZone};

use crate::view::Words;
use crate::view::formats::{Ago, Formats};
use crate::view::months;

/// Makes the functions known to the templates.
pub(crate) fn add(templates: &mut Environment<'static>, words: &Arc<Words>) {
    let with = words.clone();
    templates
        .add_function("t", move |state: &State<'_, '_>, key: Cow<'_, str>, values: Kwargs| with.sentence(state, &key, &values));
    let with = words.clone();
    templates.add_function("time", move |state: &State<'_, '_>, micros: i64| with.time(state, micros));
    let with = words.clone();
    templates.add_function("exact", move |state: &State<'_, '_>, micros: i64| {
        Ok::<_, Error>(with.formats(state)?.1.exact(instant(micros)?, zone(state)))
    });
    let with = words.clone();
    templates.add_function("day", move |state: &State<'_, '_>, micros: i64| {
        Ok::<_, Error>(with.formats(state)?.1.day(instant(micros)?, zone(state)))
    });
    let with = words.clone();
    templates.add_function("number", move |state: &State<'_, '_>, number: f64, digits: Option<u8>| {
        Ok::<_, Error>(with.formats(state)?.1.number(number, digits.unwrap_or(0)))
    });
    let with = words.clone();
    templates.add_function("size", move |state: &State<'_, '_>, bytes: u64| with.size(state, bytes));
    templates.add_function("plain", |text: Cow<'_, str>| Value::from_safe_string(plain(&text)));
    let with = words.clone();
    templates.add_function("month", move |state: &State<'_, '_>, month: Cow<'_, str>| {
        Ok::<_, Error>(months::with_year(&with.formats(state)?.0, &month))
    });
    let with = words.clone();
    templates.add_function("month_short", move |state: &State<'_, '_>, month: Cow<'_, str>| {
        Ok::<_, Error>(months::short(&with.formats(state)?.0, &month))
    });
}

impl Words {
    /// A sentence. Numbers are given to the sentence as numbers, so that it can choose its plural, and written in the language's way.
    fn sentence(&self, state: &State<'_, '_>, key: &str, values: &Kwargs) -> Result<String, Error> {
        let (language, formats) = self.formats(state)?;
        let mut args = FluentArgs::new();
        for name in values.args() {
            let value: Value = values.get(name)?;
            let value: FluentValue<'_> = match value.kind() {
                ValueKind::Number => {
                    let number = f64::try_from(value).unwrap_or_default();
                    // The sentence chooses by `n`, and shows `n_text`.
                    args.set(format!("{name}_text"), formats.number(number, 0));
                    number.into()
                }
                ValueKind::Undefined | ValueKind::None => String::new().into(),
                _ => isolated(value.to_string()).into(),
            };
            args.set(name.to_owned(), value);
        }
        self.say(&language, key, &args)
    }

    /// A number of bytes with its unit, which do not part at the end of a line.
    fn size(&self, state: &State<'_, '_>, bytes: u64) -> Result<String, Error> {
        let (language, formats) = self.formats(state)?;
        let (number, unit) = formats.size(bytes);
        let mut args = FluentArgs::new();
        args.set("n", bytes as f64);
        Ok(format!("{number}\u{a0}{}", self.say(&language, unit, &args)?))
    }

    fn say(&self, language: &Language, key: &str, args: &FluentArgs<'_>) -> Result<String, Error> {
        let missing = |error| Error::new(ErrorKind::InvalidOperation, "a sentence is missing").with_source(error);
        self.messages.say(language, key, args).map_err(missing)
    }

    /// `<time>` with how long ago it was, and the exact instant for people who want to know. On paper only that is printed: how long ago it was
    /// is over soon.
    fn time(&self, state: &State<'_, '_>, micros: i64) -> Result<Value, Error> {
        let ((language, formats), zone) = (self.formats(state)?, zone(state));
        let then = instant(micros)?;
        let now = state.lookup("now").and_then(|now| i64::try_from(now).ok()).map_or(Ok(then), instant)?;
        let say = |key: &str, count: i64| {
            let mut args = FluentArgs::new();
            args.set("n", count);
            self.messages.say(&language, key, &args).unwrap_or_else(|_| formats.exact(then, zone))
        };
        let text = match Ago::between(then, now, zone) {
            Ago::Now => say("time-now", 0),
            Ago::Minutes(count) => say("time-minutes", count),
            Ago::Hours(count) => say("time-hours", count),
            Ago::Days(count) => say("time-days", count),
            Ago::Date => formats.day(then, zone),
        };
        let machine = then.format("%Y-%m-%dT%H:%M:%SZ");
        let exact = formats.exact(then, zone);
        Ok(Value::from_safe_string(format!(
            "<time datetime=\"{machine}\" data-relative title=\"{}\"><span>{}</span></time>",
            escaped(&exact),
            escaped(&text)
        )))
    }

    fn formats(&self, state: &State<'_, '_>) -> Result<(Language, &Formats), Error> {
        let tag = state.lookup("language").map(|value| value.to_string());
        let language = tag.and_then(|tag| Language::parse(&tag)).unwrap_or_else(Language::english);
        let formats = self.formats.get(&language).or_else(|| self.formats.values().next());
        let formats = formats.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "there are no languages"))?;
        Ok((language, formats))
    }
}

/// The visitor's time zone, if the host says it.
fn zone(state: &State<'_, '_>) -> TimeZone {
    state.lookup("zone").and_then(|name| TimeZone::parse(name.as_str()?)).unwrap_or(TimeZone::UTC)
}

/// What is put into a sentence. A name that is written from right to left keeps its order to itself: without the marks around it, it
/// would turn the words and numbers beside it around.
fn isolated(text: String) -> String {
    let turns = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    if text.contains(turns) { format!("\u{2068}{text}\u{2069}") } else { text }
}

fn instant(micros: i64) -> Result<DateTime<Utc>, Error> {
    DateTime::from_timestamp_micros(micros).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "no such instant"))
}

/// What people typed, as HTML: escaped, with its line breaks, and with links where it says `https://` or `http://`.
pub(crate) fn plain(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => html.push_str(&escaped(text)),
            Piece::Link(link) => {
                let link = escaped(link);
                html.push_str("<a href=\"");
                html.push_str(&link);
                html.push_str("\" rel=\"noopener noreferrer nofollow ugc\">");
                html.push_str(&link);
                html.push_str("</a>");
            }
        }
    }
    html
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_was_typed_becomes_markup() {
        let html = plain("<script>alert('1')</script> \"><img src=x onerror=alert(1)> & javascript:alert(1)");
        assert!(!html.contains("<s") && !html.contains("<i") && !html.contains("<a"), "{html}");
    }

    #[test]
    fn only_what_is_written_from_right_to_left_is_set_apart() {
        assert_eq!(isolated("Ünder 😀 <i>".to_owned()), "Ünder 😀 <i>");
        assert_eq!(isolated("שרה".to_owned()), "\u{2068}שרה\u{2069}");
        assert_eq!(isolated("Sara (سارة) 7".to_owned()), "\u{2068}Sara (سارة) 7\u{2069}");
    }

    #[test]
    fn addresses_become_links_and_take_no_punctuation_along() {
        let link = |to: &str| format!("<a href=\"{to}\" rel=\"noopener noreferrer nofollow ugc\">{to}</a>");
        let cases = [
            ("See https://a.example/x.", format!("See {}.", link("https://a.example/x"))),
            ("(http://a.example/b_(c))", format!("({})", link("http://a.example/b_(c)"))),
            ("https://a.example/?a=1&b=\"><b>", format!("{}&quot;&gt;&lt;b&gt;", link("https://a.example/?a=1&amp;b="))),
            ("xhttps://a.example http:// https://)", "xhttps://a.example http:// https://)".to_owned()),
        ];
        for (typed, html) in cases {
            assert_eq!(plain(typed), html, "{typed}");
        }
    }

    #[test]
    fn a_text_of_nothing_but_links_takes_linear_time() {
        let text = "https://a.example/".repeat(1_100);
        assert!(plain(&text).len() > text.len());
        assert!(plain(&"http".repeat(5_000)).len() == 20_000);
        assert!(plain(&format!("https://a/{}", ")".repeat(19_000))).len() > 19_000);
    }
}
