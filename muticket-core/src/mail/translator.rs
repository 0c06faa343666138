//! Sentences and numbers in one language, for letters and for pages.

use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentValue};
use icu_decimal::input::Decimal;
use icu_decimal::{DecimalFormatter, DecimalFormatterPreferences};
use icu_locale_core::Locale;
use minijinja::value::{Kwargs, Object, Value, ValueKind};
use minijinja::{Error, ErrorKind};

use crate::language::Language;
use crate::mail::messages::Messages;
use crate::mail::render_error::RenderError;
use crate::names::isolated;

/// Numbers as a language and its region write them.
#[derive(Debug)]
pub struct Numbers(DecimalFormatter);

impl Numbers {
    /// The numbers of a language. An unknown language writes them like English.
    pub fn of(language: &Language) -> Self {
        let build = |locale: Locale| DecimalFormatter::try_new(DecimalFormatterPreferences::from(&locale), Default::default());
        let found = build(language.locale()).or_else(|_| build(Locale::UNKNOWN));
        Self(found.expect("the formats of the root locale are compiled in"))
    }

    /// A number with `digits` decimal places.
    pub fn write(&self, number: f64, digits: u8) -> String {
        let text = format!("{number:.*}", usize::from(digits));
        text.parse::<Decimal>().map_or(text, |decimal| self.0.format(&decimal).to_string())
    }
}

/// Says sentences to one reader. It is made once for a letter or a page. Templates find it under the name `translator`.
#[derive(Debug)]
pub struct Translator {
    messages: Arc<Messages>,
    language: Language,
    numbers: Arc<Numbers>,
}

impl Object for Translator {}

impl Translator {
    /// A translator into a language, which writes numbers in the given way.
    pub fn new(messages: Arc<Messages>, language: Language, numbers: Arc<Numbers>) -> Self {
        Self { messages, language, numbers }
    }

    /// A sentence with values that are ready to be shown.
    ///
    /// # Errors
    /// [`RenderError::Messages`] if the key is unknown or a value is missing.
    pub fn say(&self, key: &str, values: &FluentArgs<'_>) -> Result<String, RenderError> {
        self.messages.say(&self.language, key, values)
    }

    /// The template function `t("key", name=value)`. A text that could change the direction of the sentence is
    /// [`isolated`]. A number `n` is passed as `n`, by which the sentence chooses its plural, and as `n_text`, which it shows.
    ///
    /// # Errors
    /// The key is unknown, or a value is missing or undefined.
    pub fn sentence(&self, key: &str, values: &Kwargs) -> Result<String, Error> {
        let mut args = FluentArgs::new();
        for name in values.args() {
            let value: Value = values.get(name)?;
            let value: FluentValue<'_> = match value.kind() {
                ValueKind::Undefined => {
                    return Err(Error::new(ErrorKind::UndefinedError, format!("{name} of the sentence {key}")));
                }
                ValueKind::None => String::new().into(),
                ValueKind::Number => {
                    let number = f64::try_from(value)?;
                    args.set(format!("{name}_text"), self.numbers.write(number, 0));
                    number.into()
                }
                _ => isolated(&value.to_string()).into_owned().into(),
            };
            args.set(name.to_owned(), value);
        }
        self.say(key, &args).map_err(|error| Error::new(ErrorKind::InvalidOperation, "a sentence is missing").with_source(error))
    }
}
