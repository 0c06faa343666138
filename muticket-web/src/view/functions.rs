//! The functions that templates can call: `t`, `person`, `time`, `when`, `exact`, `day`, `number`, `size`, `plain`, `month`, `month_short`.
//!
//! All but `plain` ask the translator of the page, which is made once for it.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::value::{Kwargs, Object};
use minijinja::{Environment, Error, ErrorKind, HtmlEscape, State, Value};
use muticket_core::TimeZone;
use muticket_core::mail::Translator;
use muticket_core::ticket::{Piece, pieces};

use crate::view::formats::{Ago, Formats};

/// Writes everything on a page for one reader: in a language, in the formats of a region, and by the clock of a time zone.
#[derive(Debug)]
pub(crate) struct PageTranslator {
    pub(super) sentences: Translator,
    pub(super) formats: Arc<Formats>,
    pub(super) zone: TimeZone,
    /// The time at which the page is made.
    pub(super) now: DateTime<Utc>,
}

impl Object for PageTranslator {}

/// Registers the functions with the templates.
pub(crate) fn add(templates: &mut Environment<'static>) {
    templates.add_function("t", |state: &State<'_, '_>, key: Cow<'_, str>, values: Kwargs| {
        of(state)?.sentences.sentence(&key, &values)
    });
    templates.add_function("person", |state: &State<'_, '_>, name: Option<Cow<'_, str>>| of(state)?.person(name));
    templates.add_function("time", |state: &State<'_, '_>, micros: i64| of(state)?.time(instant(micros)?));
    templates.add_function("when", |state: &State<'_, '_>, micros: i64| of(state)?.when(instant(micros)?));
    // In the time zone of that name, else in the reader's.
    templates.add_function("exact", |state: &State<'_, '_>, micros: i64, zone: Option<Cow<'_, str>>| {
        let (translator, zone) = (of(state)?, zone.and_then(|name| TimeZone::parse(&name)));
        Ok::<_, Error>(translator.formats.exact(instant(micros)?, zone.unwrap_or(translator.zone)))
    });
    templates.add_function("day", |state: &State<'_, '_>, micros: i64| Ok::<_, Error>(of(state)?.day(instant(micros)?)));
    templates.add_function("number", |state: &State<'_, '_>, number: f64, digits: Option<u8>| {
        Ok::<_, Error>(of(state)?.formats.numbers.write(number, digits.unwrap_or(0)))
    });
    templates.add_function("size", |state: &State<'_, '_>, bytes: u64| of(state)?.size(bytes));
    templates.add_function("plain", |text: Cow<'_, str>| Value::from_safe_string(plain(&text)));
    templates.add_function("month", |state: &State<'_, '_>, month: Cow<'_, str>| {
        Ok::<_, Error>(of(state)?.formats.months.with_year(&month))
    });
    templates.add_function("month_short", |state: &State<'_, '_>, month: Cow<'_, str>| {
        Ok::<_, Error>(of(state)?.formats.months.short(&month))
    });
}

/// The translator of the page that is rendered.
fn of(state: &State<'_, '_>) -> Result<Arc<PageTranslator>, Error> {
    let translator = state.lookup("translator").and_then(|value| value.downcast_object());
    translator
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "an imported macro cannot write sentences, dates and numbers"))
}

impl PageTranslator {
    /// The name of a person. An empty name is shown as "no name", and a missing person as a former user.
    fn person(&self, name: Option<Cow<'_, str>>) -> Result<String, Error> {
        let key = match name {
            Some(name) if !name.is_empty() => return Ok(name.into_owned()),
            Some(_) => "no-name",
            None => "former-user",
        };
        self.say(key, &FluentArgs::new())
    }

    /// A number of bytes with its unit, joined by a no-break space.
    fn size(&self, bytes: u64) -> Result<String, Error> {
        let (number, unit) = self.formats.size(bytes);
        Ok(format!("{number}\u{a0}{}", self.count(unit, bytes as f64)?))
    }

    fn exact(&self, then: DateTime<Utc>) -> String {
        self.formats.exact(then, self.zone)
    }

    fn day(&self, then: DateTime<Utc>) -> String {
        self.formats.day(then, self.zone)
    }

    /// A `<time>` element that says how long ago something was, as [`time`](Self::time) does, but after a day the weekday and the time, and
    /// after a week the date and the time.
    fn when(&self, then: DateTime<Utc>) -> Result<Value, Error> {
        let text = match Ago::between(then, self.now, self.zone) {
            Ago::Now | Ago::Minutes(_) | Ago::Hours(_) => return self.time(then),
            Ago::Days(_) => self.formats.weekday(then, self.zone),
            Ago::Date => self.formats.minute(then, self.zone),
        };
        Ok(self.element("", then, &text))
    }

    /// A `<time>` element that says how long ago something was, with the exact time for people who want to know. Only the exact time is
    /// printed, because a relative time is soon wrong on paper.
    fn time(&self, then: DateTime<Utc>) -> Result<Value, Error> {
        let text = match Ago::between(then, self.now, self.zone) {
            Ago::Now => self.count("time-now", 0)?,
            Ago::Minutes(count) => self.count("time-minutes", count)?,
            Ago::Hours(count) => self.count("time-hours", count)?,
            Ago::Days(count) => self.count("time-days", count)?,
            Ago::Date => self.day(then),
        };
        Ok(self.element(" data-relative", then, &text))
    }

    fn element(&self, attribute: &str, then: DateTime<Utc>, text: &str) -> Value {
        Value::from_safe_string(format!(
            "<time datetime=\"{}\"{attribute} title=\"{}\"><span>{}</span></time>",
            then.format("%Y-%m-%dT%H:%M:%SZ"),
            HtmlEscape(&self.exact(then)),
            HtmlEscape(text)
        ))
    }

    /// A sentence that counts.
    fn count<'a>(&self, key: &str, n: impl Into<FluentValue<'a>>) -> Result<String, Error> {
        let mut args = FluentArgs::new();
        args.set("n", n);
        self.say(key, &args)
    }

    fn say(&self, key: &str, args: &FluentArgs<'_>) -> Result<String, Error> {
        let missing = |error| Error::new(ErrorKind::InvalidOperation, "a sentence is missing").with_source(error);
        self.sentences.say(key, args).map_err(missing)
    }
}

fn instant(micros: i64) -> Result<DateTime<Utc>, Error> {
    DateTime::from_timestamp_micros(micros).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "no such instant"))
}

/// Typed text as HTML: escaped, with its line breaks, and with `https://` and `http://` addresses as links.
pub(crate) fn plain(text: &str) -> String {
    let piece = |piece| match piece {
        Piece::Text(text) => HtmlEscape(text).to_string(),
        Piece::Link(link) => {
            let link = HtmlEscape(link);
            format!("<a href=\"{link}\" rel=\"noopener noreferrer nofollow ugc\">{link}</a>")
        }
    };
    pieces(text).map(piece).collect()
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
            assert_eq!(plain(typed).replace("&#x2f;", "/"), html, "{typed}");
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
