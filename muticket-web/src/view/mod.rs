//! Renders a page's model to HTML with templates, sentences and formats. The host can replace every template and every sentence, one at a
//! time.
//!
//! Templates contain no sentences and no rules. They only show their model.

mod accept;
mod formats;
mod functions;
mod months;
#[cfg(test)]
mod sentences;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, Value};
use muticket_core::mail::{Letters, Messages, RenderError, Translator};
use muticket_core::{Language, TimeZone};

use crate::assets::Assets;
use crate::overrides::{self, Catalogue, Replaceable};
use crate::view::accept::Accepted;
use crate::view::formats::AllFormats;
use crate::view::functions::PageTranslator;

macro_rules! embedded {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../", $folder, "/", $name)))),+]
    };
}

/// The built-in templates.
const TEMPLATES: &[(&str, &str)] = embedded!["templates":
    "page.html",
    "macros.html",
    "notice.html",
    "top.html",
    "refused.html",
    "field-problems.html",
    "field-files.html",
    "keys.html",
    "list-field.html",
    "event.html",
    "desk/filters.html",
    "desk/several.html",
    "desk/state.html",
    "desk/several-bar.html",
    "desk/several-undo.html",
    "desk/customer.html",
    "desk/history.html",
    "desk/letters.html",
    "desk/panel.html",
    "desk/presence.html",
    "desk/property-fields.html",
    "desk/news.html",
    "files.html",
    "desk/note.html",
    "desk/note-fields.html",
    "desk/note-form.html",
    "desk/saved.html",
    "desk/saved-used.html",
    "desk/saved-answers.html",
    "desk/saved-answer.html",
    "desk/saved-delete.html",
    "desk/view-name.html",
    "desk/view-remove.html",
    "desk/view-rows.html",
    "desk/view-save.html",
    "desk/view-tab.html",
    "desk/view-tabs.html",
    "desk/views.html",
    "saved/action.html",
    "saved/rows.html",
    "saved/fields.html",
    "saved/question.html",
    "overview.html",
    "conversation.html",
    "new-ticket.html",
    "error.html",
    "problem.html",
    "backend/layout.html",
    "backend/settings.html",
    "backend/supporters.html",
    "backend/supporter_new.html",
    "backend/supporter_edit.html",
    "backend/supporter_fields.html",
    "backend/statistics.html",
    "backend/open_tickets.html",
    "backend/bars.html",
    "backend/columns.html",
    "backend/waits.html",
    "backend/answers.html",
    "backend/answer_rows.html",
    "backend/ratings_off.html",
    "backend/categories.html",
    "backend/category_names.html",
    "backend/labels.html",
    "backend/label_fields.html",
    "backend/label_remove.html",
    "backend/saved_answers.html",
    "backend/saved_answer.html",
    "backend/saved_delete.html",
    "backend/tickets.html",
    "backend/ticket_delete.html",
    "backend/mail-back.html",
    "backend/mail-directions.html",
    "backend/mail-received.html",
    "backend/mail-senders.html",
    "backend/mail-take.html",
    "backend/mailboxes.html",
    "backend/mail.html",
];

/// The built-in sentences, by language and file.
const LOCALES: [(&str, &[(&str, &str)]); 2] = [
    ("de", embedded!["locales/de": "web.ftl", "problems.ftl", "backend.ftl"]),
    ("en", embedded!["locales/en": "web.ftl", "problems.ftl", "backend.ftl"]),
];

/// Renders pages.
pub(crate) struct Renderer {
    templates: Environment<'static>,
    messages: Arc<Messages>,
    formats: AllFormats,
}

/// The language of a page, and the region whose formats it uses for dates, times and numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageLanguage {
    /// The language of the sentences.
    pub(crate) words: Language,
    /// The language with a region, such as `en-gb`, if the visitor or their browser names one.
    pub(crate) locale: Language,
}

/// The signs in a table that a spreadsheet reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TableSigns {
    /// The separator between two cells.
    pub(crate) separator: char,
    /// The decimal sign.
    pub(crate) decimal: char,
}

/// The host's files are wrong: a template or a sentence cannot be parsed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ViewError {
    #[error("the file {0} cannot be read")]
    File(PathBuf, #[source] std::io::Error),
    #[error("the template {0} is invalid")]
    Template(String, #[source] minijinja::Error),
    #[error("the texts in {0} are invalid")]
    Sentences(PathBuf, #[source] RenderError),
}

impl Renderer {
    /// Reads the module's own files, and then those in the host's folder of overrides: `templates/NAME.html` and `locales/LANGUAGE/*.ftl`.
    pub(crate) fn new(overrides: Option<&Path>, default_language: Language) -> Result<Self, ViewError> {
        let mut messages = Messages::empty(default_language);
        for (tag, files) in LOCALES {
            let language = Language::parse(tag).expect("our own locales are named by tags");
            for (_, source) in files {
                messages.add(&language, source).map_err(|error| ViewError::Sentences(PathBuf::from(tag), error))?;
            }
        }
        for file in overrides::sentences(overrides, Catalogue::Pages).map_err(|(path, error)| ViewError::File(path, error))? {
            messages.add(&file.language, &file.text).map_err(|error| ViewError::Sentences(file.path, error))?;
        }

        let mut templates = Environment::new();
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        templates.set_syntax(syntax.expect("the delimiters are the usual ones"));
        functions::add(&mut templates);
        for (name, source) in TEMPLATES {
            let source = match overrides.map(|folder| folder.join("templates").join(name)) {
                Some(path) if path.exists() => std::fs::read_to_string(&path).map_err(|error| ViewError::File(path, error))?,
                _ => (*source).to_owned(),
            };
            templates.add_template_owned(*name, source).map_err(|error| ViewError::Template((*name).to_owned(), error))?;
        }
        Ok(Self { templates, messages: Arc::new(messages), formats: AllFormats::default() })
    }

    /// Everything that a host can replace.
    pub(crate) fn replaceable() -> Replaceable {
        let pages = TEMPLATES.iter().map(|(name, _)| format!("templates/{name}"));
        let letters = Letters::template_names().map(|name| format!("templates/mail/{name}"));
        let assets = Assets::NAMES.map(|name| format!("assets/{name}"));
        let sources = LOCALES.iter().flat_map(|(_, files)| files.iter());
        let sentences = overrides::said(sources.map(|(_, source)| *source));
        Replaceable { files: pages.chain(letters).chain(assets).collect(), sentences }
    }

    /// The language for a visitor: the chosen one if a similar one is available, or else the first available one that their browser
    /// accepts, or else the default (D-12).
    pub(crate) fn language(&self, chosen: Option<&Language>, accept: Option<&str>) -> PageLanguage {
        let messages = &self.messages;
        let accepted = Accepted::read(accept);
        let like = |wish: &&Language| messages.languages().any(|language| language.primary() == wish.primary());
        let words = match chosen.filter(like) {
            Some(chosen) => messages.closest(Some(chosen)),
            None => {
                let languages: Vec<&Language> = messages.languages().collect();
                accepted.choose(&languages, &messages.closest(None), |wish| messages.closest(Some(wish)))
            }
        };
        let own = chosen.filter(|chosen| chosen.primary() == words.primary() && chosen.region().is_some());
        let custom = own.or_else(|| accepted.region_of(&words)).and_then(Language::region).map(str::to_owned);
        // Visitors whose language is not available read another one. Their dates and numbers stay those of their region.
        let wish = || chosen.or_else(|| accepted.first()).filter(|wish| wish.primary() != words.primary());
        let region = custom.or_else(|| formats::region_of(wish()?));
        let locale = region.and_then(|region| words.in_region(&region)).unwrap_or_else(|| words.clone());
        PageLanguage { words, locale }
    }

    /// The signs for numbers in tables that programs read: the decimal sign of the language and region, and the separator that spreadsheets
    /// expect with it.
    pub(crate) fn table_signs(&self, locale: &Language) -> TableSigns {
        let comma = self.formats.of(locale).numbers.write(1.5, 1).contains([',', '\u{66b}']);
        // In Switzerland and Liechtenstein numbers have a decimal point, but lists use semicolons.
        let semicolon = comma || matches!(locale.region(), Some("ch" | "li"));
        TableSigns { separator: if semicolon { ';' } else { ',' }, decimal: if comma { ',' } else { '.' } }
    }

    /// The available languages.
    pub(crate) fn languages(&self) -> impl Iterator<Item = &Language> {
        self.messages.languages()
    }

    /// A sentence, for use outside a template.
    pub(crate) fn say(&self, language: &Language, key: &str) -> String {
        let args = fluent_bundle::FluentArgs::new();
        self.messages.say(language, key, &args).unwrap_or_else(|_| key.to_owned())
    }

    /// The translator of a page, as its model has it under the name `translator`. Without a time zone it shows UTC.
    pub(crate) fn translator(&self, language: &PageLanguage, zone: Option<TimeZone>, now: DateTime<Utc>) -> Value {
        let formats = self.formats.of(&language.locale);
        let sentences = Translator::new(self.messages.clone(), language.words.clone(), formats.numbers.clone());
        Value::from_object(PageTranslator { sentences, formats, zone: zone.unwrap_or(TimeZone::UTC), now })
    }

    /// Renders a template.
    pub(crate) fn render(&self, template: &str, model: Value) -> Result<String, minijinja::Error> {
        self.templates.get_template(template)?.render(model)
    }
}
