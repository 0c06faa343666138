//! The functions that templates can call: `t`, `person`, `time`, `exact`, `day`, `number`, `size`, `plain`, `month`, `month_short`.
//!
//! They read `language` and the optional `locale` from the model of the page. The time functions also read `zone` and `now`.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, Value};
use muticket_core::mail::Messages;
use muticket_core::names::isolated;
use muticket_core::ticket::{Piece, pieces};
use muticket_core::{Language, TimeZone};

use crate::view::formats::{Ago, AllFormats, Formats};
use crate::view::months;

/// Sentences and formats, for the functions that templates call.
pub(crate) struct Words {
    pub(crate) messages: Messages,
    pub(crate) formats: AllFormats,
}

/// Registers the functions with the templates.
pub(crate) fn add(templates: &mut Environment<'static>, words: &Arc<Words>) {
    let with = words.clone();
    templates
        .add_function("t", move |state: &State<'_, '_>, key: Cow<'_, str>, values: Kwargs| with.sentence(state, &key, &values));
    let with = words.clone();
    templates.add_function("person", move |state: &State<'_, '_>, name: Option<Cow<'_, str>>| with.person(state, name));
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
    templates.add_function("month", |state: &State<'_, '_>, month: Cow<'_, str>| months::with_year(&locale(state), &month));
    templates.add_function("month_short", |state: &State<'_, '_>, month: Cow<'_, str>| months::short(&locale(state), &month));
}

impl Words {
    /// A sentence. Numbers are passed to it as numbers, so that it can choose its plural, and also formatted for the language.
    fn sentence(&self, state: &State<'_, '_>, key: &str, values: &Kwargs) -> Result<String, Error> {
        let (language, formats) = self.formats(state)?;
        let mut args = FluentArgs::new();
        for name in values.args() {
            let value: Value = values.get(name)?;
            let value: FluentValue<'_> = match value.kind() {
                ValueKind::Number => {
                    let number = f64::try_from(value).unwrap_or_default();
                    // The sentence selects its plural by `n` and shows `n_text`.
                    args.set(format!("{name}_text"), formats.number(number, 0));
                    number.into()
                }
                ValueKind::Undefined | ValueKind::None => String::new().into(),
                _ => isolated(&value.to_string()).into_owned().into(),
            };
            args.set(name.to_owned(), value);
        }
        self.say(&language, key, &args)
    }

    /// The name of a person. An empty name is shown as "no name", and a missing person as a former user.
    fn person(&self, state: &State<'_, '_>, name: Option<Cow<'_, str>>) -> Result<String, Error> {
        let key = match name {
            Some(name) if !name.is_empty() => return Ok(name.into_owned()),
            Some(_) => "no-name",
            None => "former-user",
        };
        self.say(&self.formats(state)?.0, key, &FluentArgs::new())
    }

    /// A number of bytes with its unit, joined by a no-break space.
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

    /// A `<time>` element that says how long ago something was, with the exact time for people who want to know. Only the exact time is
    /// printed, because a relative time is soon wrong on paper.
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

    /// The language of the sentences, and the formats of `locale`, which is the language with a region.
    fn formats(&self, state: &State<'_, '_>) -> Result<(Language, Arc<Formats>), Error> {
        let language = tag(state, "language").unwrap_or_else(Language::english);
        let formats = self.formats.of(&tag(state, "locale").unwrap_or_else(|| language.clone()));
        Ok((language, formats))
    }
}

fn tag(state: &State<'_, '_>, name: &str) -> Option<Language> {
    Language::parse(state.lookup(name)?.as_str()?)
}

/// The language in whose format months are written.
fn locale(state: &State<'_, '_>) -> Language {
    tag(state, "locale").or_else(|| tag(state, "language")).unwrap_or_else(Language::english)
}

/// The visitor's time zone; UTC if the host does not say it.
fn zone(state: &State<'_, '_>) -> TimeZone {
    state.lookup("zone").and_then(|name| TimeZone::parse(name.as_str()?)).unwrap_or(TimeZone::UTC)
}

fn instant(micros: i64) -> Result<DateTime<Utc>, Error> {
    DateTime::from_timestamp_micros(micros).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "no such instant"))
}

/// Typed text as HTML: escaped, with its line breaks, and with `https://` and `http://` addresses as links.
pub(crate) fn plain(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => escape(text, &mut html),
            Piece::Link(link) => {
                html.push_str("<a href=\"");
                escape(link, &mut html);
                html.push_str("\" rel=\"noopener noreferrer nofollow ugc\">");
                escape(link, &mut html);
                html.push_str("</a>");
            }
        }
    }
    html
}

fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape(text, &mut html);
    html
}

/// Escapes the text and appends it to `html`. It copies the longest possible pieces, so a large ticket is copied only once.
fn escape(text: &str, html: &mut String) {
    let mut rest = text;
    while let Some(place) = rest.find(['&', '<', '>', '"', '\'']) {
        html.push_str(&rest[..place]);
        html.push_str(match rest.as_bytes()[place] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[place + 1..];
    }
    html.push_str(rest);
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
