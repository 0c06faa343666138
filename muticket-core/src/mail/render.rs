//! Renders the text of a letter from a notification.
//!
//! Templates define the layout, messages the sentences; templates contain no sentences. Text from users is escaped by the
//! engine on output and never parsed as a template or a message.

use std::sync::Arc;

use fluent_bundle::FluentArgs;
use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior, context};

use crate::characters::{is_blank, within_line};
use crate::language::Language;
use crate::mail::messages::Messages;
use crate::mail::quote::html;
use crate::mail::render_error::RenderError;
use crate::mail::sample;
use crate::mail::topic::Topic;
use crate::mail::translator::{Numbers, Translator};
use crate::mail::words::cut;
use crate::mail::wrap::wrap;
use crate::names::{isolated, readable};
use crate::notification::Notification;
use crate::ticket::Body;

macro_rules! embedded {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../../templates/mail/", $name)))),+]
    };
}

/// The built-in templates. Those of a notification fill the blocks of the layout.
const TEMPLATES: [(&str, &str); 26] = embedded![
    "layout.html",
    "layout.txt",
    "ticket-opened.html",
    "ticket-opened.txt",
    "customer-replied.html",
    "customer-replied.txt",
    "supporter-answered.html",
    "supporter-answered.txt",
    "ticket-assigned.html",
    "ticket-assigned.txt",
    "category-changed.html",
    "category-changed.txt",
    "mentioned.html",
    "mentioned.txt",
    "letter-waits.html",
    "letter-waits.txt",
    "letter-refused.html",
    "letter-refused.txt",
    "answer-on-page.html",
    "answer-on-page.txt",
    "letter-not-confirmed.html",
    "letter-not-confirmed.txt",
    "ticket-received.html",
    "ticket-received.txt",
    "ticket-closed.html",
    "ticket-closed.txt",
];

/// The text of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterText {
    /// One line, at most 200 characters.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
}

/// Renders letters with templates and messages, built-in or supplied by the host.
pub struct Letters {
    environment: Environment<'static>,
    messages: Arc<Messages>,
}

impl std::fmt::Debug for Letters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letters").field("messages", &self.messages).finish_non_exhaustive()
    }
}

/// Collects the host's templates and messages.
#[derive(Debug, Clone)]
pub struct LettersBuilder {
    fallback: Language,
    templates: Vec<(String, String)>,
    messages: Vec<(Language, String)>,
}

impl LettersBuilder {
    /// Sets the language for recipients who have chosen none, or one without messages. Default: English.
    #[must_use]
    pub fn with_default_language(mut self, language: Language) -> Self {
        self.fallback = language;
        self
    }

    /// Replaces a template by its name in `templates/mail/`, or adds one that the host's own templates include.
    #[must_use]
    pub fn with_template(mut self, name: impl Into<String>, source: impl Into<String>) -> Self {
        self.templates.push((name.into(), source.into()));
        self
    }

    /// Adds messages in Fluent's format: a new language, or single messages of an existing one (D-12). Messages missing in a
    /// new language are shown in the default language.
    #[must_use]
    pub fn with_messages(mut self, language: Language, source: impl Into<String>) -> Self {
        self.messages.push((language, source.into()));
        self
    }

    /// Builds everything, and renders every letter once in every language, so that mistakes show at launch.
    ///
    /// # Errors
    /// [`RenderError`] names the invalid template or message.
    pub fn build(self) -> Result<Letters, RenderError> {
        let mut messages = Messages::of_letters(self.fallback)?;
        for (language, source) in &self.messages {
            messages.add(language, source)?;
        }
        let mut environment = environment();
        let own = TEMPLATES.map(|(name, source)| (name.to_owned(), source.to_owned()));
        for (name, source) in own.into_iter().chain(self.templates) {
            let template = name.clone();
            environment
                .add_template_owned(name, source)
                .map_err(|source| RenderError::Template { name: template, source: source.into() })?;
        }
        let letters = Letters { environment, messages: Arc::new(messages) };
        letters.rehearse()?;
        Ok(letters)
    }
}

impl Letters {
    /// The longest subject, in characters.
    pub const MAX_SUBJECT: usize = 200;
    /// The longest quotation of a message, in characters.
    pub const MAX_QUOTE: usize = 4000;
    /// The length of the excerpt that lists of letters show beside the subject, in characters.
    pub const MAX_EXCERPT: usize = 100;

    /// The names of the templates that can be replaced.
    pub fn template_names() -> impl Iterator<Item = &'static str> {
        TEMPLATES.into_iter().map(|(name, _)| name)
    }

    /// The keys of the messages that can be replaced.
    pub fn message_keys() -> impl Iterator<Item = &'static str> {
        Messages::keys(include_str!("../../locales/en/mail.ftl")).map(|(key, _)| key)
    }

    /// Starts with the built-in templates and messages.
    pub fn builder() -> LettersBuilder {
        LettersBuilder { fallback: Language::english(), templates: Vec::new(), messages: Vec::new() }
    }

    /// Renders a letter in the recipient's language.
    ///
    /// # Errors
    /// A template or a message supplied by the host is invalid.
    pub fn write(&self, topic: &Topic<'_>) -> Result<LetterText, RenderError> {
        self.write_in(&self.messages.closest(topic.recipient.language.as_ref()), topic)
    }

    fn write_in(&self, language: &Language, topic: &Topic<'_>) -> Result<LetterText, RenderError> {
        let kind = topic.notification.as_str();
        let translator = Translator::new(self.messages.clone(), language.clone(), Arc::new(Numbers::of(language)));
        let of_letter = topic.answers.map(|letter| within_line(letter.subject)).filter(|subject| !is_blank(subject));
        let of_ticket = topic.ticket.map(|ticket| ticket.subject.as_str());
        let mut args = FluentArgs::new();
        let subject = match (topic.answers, topic.ticket) {
            (None, Some(ticket)) => {
                args.set("number", ticket.number.to_string());
                args.set("subject", ticket.subject.as_str());
                translator.say("subject", &args)?
            }
            _ => match &of_letter {
                // The answer to a letter has its subject, so that mail programs show both together.
                Some(subject) => answered(subject),
                None => answered(&translator.say("incoming-no-subject", &args)?),
            },
        };

        let author = match topic.author {
            None => translator.say("former-user", &FluentArgs::new())?,
            Some(name) => match readable(name) {
                Some(name) => isolated(&name).into_owned(),
                None => translator.say("no-name", &FluentArgs::new())?,
            },
        };
        let body = topic.body.map_or("", Body::as_str);
        let quote: String = body.chars().take(Self::MAX_QUOTE).collect();
        let files = topic.received.map(|received| received.files).unwrap_or_default();
        let follows = topic.closed.map(|closed| match closed.may_follow {
            true if topic.can_reply => "by-reply",
            true => "on-page",
            false => "not",
        });
        let context = context! {
            language => language.as_str(),
            site => within_line(topic.site),
            name => readable(&topic.recipient.name).map(|name| isolated(&name).into_owned()).unwrap_or_default(),
            author,
            sender => topic.sender.and_then(readable).map(|sender| isolated(&sender).into_owned()),
            number => topic.ticket.map(|ticket| ticket.number.get()),
            subject => of_ticket.or(of_letter.as_deref()).unwrap_or_default(),
            why => topic.answers.map(|letter| letter.why.as_str()),
            category => topic.category.map(|category| within_line(category.name(language))),
            lines => topic.body.map(|_| quote.trim_end().split('\n').map(str::to_owned).collect::<Vec<_>>()).unwrap_or_default(),
            quote => Value::from_safe_string(html(quote.trim_end(), quote.len() < body.len())),
            shortened => quote.len() < body.len(),
            files => files.iter().map(|name| isolated(&within_line(name)).into_owned()).collect::<Vec<_>>(),
            closing => if topic.received.is_some_and(|received| received.tells_of_closing) { "told" } else { "untold" },
            closed => topic.closed.map(|closed| context! { follows, may_rate => closed.may_rate }),
            excerpt => cut(&within_line(&quote), Self::MAX_EXCERPT),
            link => link(topic.link),
            can_reply => topic.can_reply,
            to_supporter => topic.notification.is_for_supporters(),
            translator => Value::from_object(translator),
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
            for &notification in Notification::ALL {
                for topic in sample.topics(notification) {
                    self.write_in(language, &topic)?;
                }
            }
        }
        Ok(())
    }
}

/// The subject of an answer. Marks of replies are not repeated.
fn answered(subject: &str) -> String {
    let lower = subject.trim_start().to_lowercase();
    let is_marked = ["re:", "aw:"].iter().any(|mark| lower.starts_with(mark));
    if is_marked { subject.trim_start().to_owned() } else { format!("Re: {subject}") }
}

/// Leaves a link unescaped if it needs no escaping, so that both parts of the letter show the same text. The engine would
/// escape each slash.
fn link(link: &str) -> Value {
    let harmless = link.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"'&`\\".contains(&b));
    if harmless { Value::from_safe_string(link.to_owned()) } else { Value::from(within_line(link)) }
}

/// Converts leading spaces, which HTML would drop, to no-break spaces.
fn indented(line: &str) -> String {
    let words = line.trim_start_matches([' ', '\t']);
    let indentation = line[..line.len() - words.len()].replace('\t', "    ").replace(' ', "\u{a0}");
    indentation + words
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| if name.ends_with(".txt") { AutoEscape::None } else { AutoEscape::Html });
    environment.add_filter("indented", |line: &str| indented(line));
    environment.add_filter("wrapped", |text: &str, first: Option<&str>, next: Option<&str>| {
        let first = first.unwrap_or_default();
        wrap(text, first, next.unwrap_or(first))
    });
    environment.add_function("t", |state: &State<'_, '_>, key: &str, values: Kwargs| {
        let translator = state.lookup("translator").and_then(|value| value.downcast_object::<Translator>());
        let missing = || Error::new(ErrorKind::InvalidOperation, "an imported macro cannot say sentences");
        translator.ok_or_else(missing)?.sentence(key, &values)
    });
    environment
}
