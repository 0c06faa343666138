//! From a notice to the text of a letter.
//!
//! Templates say where things stand, messages say them: no sentence stands in a template. Everything from users is text; it is escaped by
//! the engine where it is written, and never parsed as a template or a message.

use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, State, UndefinedBehavior, context};

use crate::access::User;
use crate::category::Category;
use crate::characters::within_line;
use crate::error::debug_says_the_sentence;
use crate::language::Language;
use crate::mail::messages::Messages;
use crate::mail::quote::html;
use crate::mail::sample;
use crate::mail::words::cut;
use crate::mail::wrap::wrap;
use crate::names::{isolated, readable};
use crate::notice::Notice;
use crate::ticket::{Message, Ticket};

macro_rules! embedded {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../../templates/mail/", $name)))),+]
    };
}

/// The templates that come with the crate. Those of a notice fill the blocks of the layout.
const TEMPLATES: [(&str, &str); 8] = embedded![
    "layout.html",
    "layout.txt",
    "ticket-opened.html",
    "ticket-opened.txt",
    "customer-replied.html",
    "customer-replied.txt",
    "supporter-answered.html",
    "supporter-answered.txt",
];

/// What a letter is about, with everything that it names.
#[derive(Debug, Clone, Copy)]
pub struct Topic<'a> {
    /// The reason.
    pub notice: Notice,
    /// The ticket.
    pub ticket: &'a Ticket,
    /// The message that is quoted.
    pub message: &'a Message,
    /// The name of who wrote the message; blank if they have none, `None` if the host no longer knows them.
    pub author: Option<&'a str>,
    /// Who gets the letter.
    pub recipient: &'a User,
    /// The ticket's category, if it has one.
    pub category: Option<&'a Category>,
    /// Where the message is to be read.
    pub link: &'a str,
    /// The name of the site.
    pub site: &'a str,
}

/// The text of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterText {
    /// One line, at most 200 characters.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// As HTML.
    pub html: String,
}

/// A template or a message of the host is wrong.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The messages of a language cannot be read, or one is missing or needs what it is not given.
    #[error("invalid messages for language {language}: {what}")]
    Messages {
        /// The language.
        language: Language,
        /// What is wrong.
        what: String,
    },
    /// A template cannot be read or rendered.
    #[error("cannot render template {name}")]
    Template {
        /// Its name.
        name: String,
        /// What is wrong.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

debug_says_the_sentence!(RenderError);

/// Writes letters: templates and messages, those of the crate or the host's own.
pub struct Letters {
    environment: Environment<'static>,
    messages: Arc<Messages>,
}

impl std::fmt::Debug for Letters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letters").field("languages", &self.messages.languages().collect::<Vec<_>>()).finish_non_exhaustive()
    }
}

/// Collects what the host wants to be different.
#[derive(Debug, Clone)]
pub struct LettersBuilder {
    fallback: Language,
    templates: Vec<(String, String)>,
    messages: Vec<(Language, String)>,
}

impl LettersBuilder {
    /// The language for who has chosen none, or one there are no messages for. English unless set.
    #[must_use]
    pub fn with_default_language(mut self, language: Language) -> Self {
        self.fallback = language;
        self
    }

    /// Replaces a template, by the name it has in `templates/mail/`, or adds one that the host's own templates include.
    #[must_use]
    pub fn with_template(mut self, name: impl Into<String>, source: impl Into<String>) -> Self {
        self.templates.push((name.into(), source.into()));
        self
    }

    /// Adds messages in the format of Fluent: a new language, or single messages of one there is (D-12). What a new language does not
    /// say is said in the default language.
    #[must_use]
    pub fn with_messages(mut self, language: Language, source: impl Into<String>) -> Self {
        self.messages.push((language, source.into()));
        self
    }

    /// Puts everything together, and writes every letter once in every language, so that a mistake shows at launch.
    ///
    /// # Errors
    /// [`RenderError`] names the template or the message that is wrong.
    pub fn build(self) -> Result<Letters, RenderError> {
        let mut messages = Messages::of_letters(self.fallback)?;
        for (language, source) in &self.messages {
            messages.add(language, source)?;
        }
        let messages = Arc::new(messages);
        let mut environment = environment(messages.clone());
        let own = TEMPLATES.map(|(name, source)| (name.to_owned(), source.to_owned()));
        for (name, source) in own.into_iter().chain(self.templates) {
            let template = name.clone();
            environment
                .add_template_owned(name, source)
                .map_err(|source| RenderError::Template { name: template, source: source.into() })?;
        }
        let letters = Letters { environment, messages };
        letters.rehearse()?;
        Ok(letters)
    }
}

impl Letters {
    /// The most characters of a subject.
    pub const MAX_SUBJECT: usize = 200;
    /// The most characters of a message that are quoted.
    pub const MAX_QUOTE: usize = 4000;
    /// The most characters of a message that stand beside the subject in a list of letters.
    pub const MAX_EXCERPT: usize = 100;

    /// The templates that can be replaced, by their names.
    pub fn template_names() -> impl Iterator<Item = &'static str> {
        TEMPLATES.into_iter().map(|(name, _)| name)
    }

    /// The keys of the messages that can be replaced.
    pub fn message_keys() -> impl Iterator<Item = &'static str> {
        Messages::keys(include_str!("../../locales/en/mail.ftl"))
    }

    /// Begins with the templates and messages of the crate.
    pub fn builder() -> LettersBuilder {
        LettersBuilder { fallback: Language::english(), templates: Vec::new(), messages: Vec::new() }
    }

    /// Writes a letter in the recipient's language.
    ///
    /// # Errors
    /// A template or a message of the host is wrong.
    pub fn write(&self, topic: &Topic<'_>) -> Result<LetterText, RenderError> {
        self.write_in(&self.messages.closest(topic.recipient.language.as_ref()), topic)
    }

    fn write_in(&self, language: &Language, topic: &Topic<'_>) -> Result<LetterText, RenderError> {
        let kind = topic.notice.as_str();
        let mut args = FluentArgs::new();
        args.set("number", topic.ticket.number.to_string());
        args.set("subject", topic.ticket.subject.as_str());
        let subject = self.messages.say(language, "subject", &args)?;

        let author = match topic.author {
            None => self.messages.say(language, "former-user", &FluentArgs::new())?,
            Some(name) => match readable(name) {
                Some(name) => isolated(&name).into_owned(),
                None => self.messages.say(language, "no-name", &FluentArgs::new())?,
            },
        };
        let body = topic.message.body.as_str();
        let quote: String = body.chars().take(Self::MAX_QUOTE).collect();
        let context = context! {
            language => language.as_str(),
            site => within_line(topic.site),
            name => readable(&topic.recipient.name).map(|name| isolated(&name).into_owned()).unwrap_or_default(),
            author,
            number => topic.ticket.number.get(),
            subject => topic.ticket.subject.as_str(),
            category => topic.category.map(|category| within_line(category.name(language))),
            lines => quote.trim_end().split('\n').map(str::to_owned).collect::<Vec<_>>(),
            quote => Value::from_safe_string(html(quote.trim_end(), quote.len() < body.len())),
            shortened => quote.len() < body.len(),
            excerpt => cut(&within_line(&quote), Self::MAX_EXCERPT),
            link => link(topic.link),
        };
        Ok(LetterText {
            subject: cut(&within_line(&subject), Self::MAX_SUBJECT),
            text: self.fill(&format!("{kind}.txt"), &context)?,
            html: self.fill(&format!("{kind}.html"), &context)?,
        })
    }

    fn fill(&self, name: &str, context: &Value) -> Result<String, RenderError> {
        let filled = self.environment.get_template(name).and_then(|template| template.render(context));
        filled.map_err(|source| RenderError::Template { name: name.to_owned(), source: source.into() })
    }

    fn rehearse(&self) -> Result<(), RenderError> {
        let sample = sample::Sample::new();
        for language in self.messages.languages() {
            for notice in Notice::ALL {
                self.write_in(language, &sample.topic(notice))?;
                self.write_in(language, &sample.bare_topic(notice))?;
            }
        }
        Ok(())
    }
}

/// A link in which nothing needs escaping is left alone, so that it reads the same in both forms of the letter: the engine would write
/// each slash as a character reference.
fn link(link: &str) -> Value {
    let harmless = link.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"'&`\\".contains(&b));
    if harmless { Value::from_safe_string(link.to_owned()) } else { Value::from(within_line(link)) }
}

/// The blanks at the beginning of a line, which HTML would drop, as ones that stay.
fn indented(line: &str) -> String {
    let words = line.trim_start_matches([' ', '\t']);
    let indentation = line[..line.len() - words.len()].replace('\t', "    ").replace(' ', "\u{a0}");
    indentation + words
}

fn environment(messages: Arc<Messages>) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| if name.ends_with(".txt") { AutoEscape::None } else { AutoEscape::Html });
    environment.add_filter("indented", |line: &str| indented(line));
    environment.add_filter("wrapped", |text: &str, first: Option<&str>, next: Option<&str>| {
        let first = first.unwrap_or_default();
        wrap(text, first, next.unwrap_or(first))
    });
    environment.add_function("t", move |state: &State<'_, '_>, key: &str, args: Kwargs| say(&messages, state, key, &args));
    environment
}

/// `t("key", name=value)` in a template. Its value is text like any other: it is escaped with what was put into it.
fn say(messages: &Messages, state: &State<'_, '_>, key: &str, args: &Kwargs) -> Result<String, minijinja::Error> {
    let tag = state.lookup("language").and_then(|value| Language::parse(value.as_str()?)).unwrap_or_else(Language::english);
    let mut fluent = FluentArgs::new();
    for name in args.args() {
        let value: Value = args.get(name)?;
        if value.is_undefined() {
            return Err(minijinja::Error::new(ErrorKind::UndefinedError, format!("{name} of message {key}")));
        }
        let value = match i64::try_from(value.clone()) {
            Ok(number) if value.is_number() => FluentValue::from(number),
            _ => FluentValue::from(value.to_string()),
        };
        fluent.set(name.to_owned(), value);
    }
    messages.say(&tag, key, &fluent).map_err(|error| minijinja::Error::new(ErrorKind::InvalidOperation, error.to_string()))
}
