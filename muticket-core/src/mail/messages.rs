//! Translated messages (D-12), for letters and for pages.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use unic_langid::LanguageIdentifier;

use crate::language::Language;
use crate::mail::render_error::RenderError;

type Bundle = FluentBundle<FluentResource>;

/// Messages by language, in Fluent's format. [`Translator`](crate::mail::Translator) says them to one reader.
///
/// The crate `fluent-langneg` is not used to choose a language: it ignores how much a browser wants each one, and which it refuses.
///
/// No invisible isolation marks are put around arguments.
pub struct Messages {
    bundles: BTreeMap<Language, Bundle>,
    fallback: Language,
}

impl Messages {
    /// Creates an empty set. A language that is missing is replaced by the fallback, and a message missing there by English.
    pub fn empty(fallback: Language) -> Self {
        Self { bundles: BTreeMap::new(), fallback }
    }

    /// The messages of letters that come with this crate, in English and German.
    pub(crate) fn of_letters(fallback: Language) -> Result<Self, RenderError> {
        let mut messages = Self::empty(fallback);
        messages.add(&Language::english(), include_str!("../../locales/en/mail.ftl"))?;
        messages.add(&Language::german(), include_str!("../../locales/de/mail.ftl"))?;
        Ok(messages)
    }

    /// The keys of the messages in a source, each with the names of its variables. What cannot be parsed is left out.
    pub fn keys(source: &str) -> impl Iterator<Item = (&str, BTreeSet<&str>)> {
        let resource = fluent_syntax::parser::parse(source).unwrap_or_else(|(readable, _)| readable);
        resource.body.into_iter().filter_map(|entry| {
            let Entry::Message(message) = entry else { return None };
            let mut variables = BTreeSet::new();
            in_pattern(&message.value?, &mut variables);
            Some((message.id.name, variables))
        })
    }

    /// Adds messages to a language. Existing messages with the same key are replaced.
    ///
    /// # Errors
    /// [`RenderError::Messages`] if the source cannot be parsed.
    pub fn add(&mut self, language: &Language, source: &str) -> Result<(), RenderError> {
        let broken = |what: String| RenderError::Messages { language: language.clone(), what };
        let resource = FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| {
            broken(errors.first().map_or_else(String::new, |error| at_line(source, error.pos.start, error)))
        })?;
        let bundle = match self.bundles.entry(language.clone()) {
            std::collections::btree_map::Entry::Occupied(there) => there.into_mut(),
            std::collections::btree_map::Entry::Vacant(free) => {
                let tag: LanguageIdentifier = language.as_str().parse().map_err(|_| broken("not a language".to_owned()))?;
                let mut bundle = Bundle::new_concurrent(vec![tag]);
                // Invisible marks around arguments confuse mail programs and show up in subjects.
                bundle.set_use_isolating(false);
                free.insert(bundle)
            }
        };
        bundle.add_resource_overriding(resource);
        Ok(())
    }

    /// The available languages.
    pub fn languages(&self) -> impl Iterator<Item = &Language> {
        self.bundles.keys()
    }

    /// Finds the available language closest to `wish`: the same, otherwise one with the same primary tag, otherwise likewise
    /// for the fallback.
    pub fn closest(&self, wish: Option<&Language>) -> Language {
        wish.and_then(|wish| self.close_to(wish))
            .or_else(|| self.close_to(&self.fallback))
            .cloned()
            .unwrap_or_else(Language::english)
    }

    fn close_to(&self, wish: &Language) -> Option<&Language> {
        let primary = || self.languages().find(|tag| tag.as_str() == wish.primary());
        let akin = || self.languages().find(|tag| tag.primary() == wish.primary());
        self.languages().find(|tag| *tag == wish).or_else(primary).or_else(akin)
    }

    /// Formats one message.
    ///
    /// # Errors
    /// [`RenderError::Messages`] if the key is unknown or an argument is missing.
    pub fn say(&self, language: &Language, key: &str, args: &FluentArgs<'_>) -> Result<String, RenderError> {
        let english = Language::english();
        let wishes = [language, &self.fallback, &english];
        let found = wishes.into_iter().find_map(|wish| {
            let bundle = self.bundles.get(wish)?;
            Some((bundle, bundle.get_message(key)?.value()?))
        });
        let Some((bundle, pattern)) = found else {
            return Err(RenderError::Messages { language: language.clone(), what: format!("there is no message {key}") });
        };
        let mut errors = Vec::new();
        let sentence = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
        match errors.first() {
            Some(error) => Err(RenderError::Messages { language: language.clone(), what: format!("{key}: {error}") }),
            None => Ok(sentence),
        }
    }
}

impl std::fmt::Debug for Messages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Messages").field("languages", &self.bundles.keys()).finish_non_exhaustive()
    }
}

/// Collects the variables of a pattern.
fn in_pattern<'s>(pattern: &Pattern<&'s str>, found: &mut BTreeSet<&'s str>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            in_expression(expression, found);
        }
    }
}

fn in_expression<'s>(expression: &Expression<&'s str>, found: &mut BTreeSet<&'s str>) {
    match expression {
        Expression::Inline(inline) => in_inline(inline, found),
        Expression::Select { selector, variants } => {
            in_inline(selector, found);
            variants.iter().for_each(|variant| in_pattern(&variant.value, found));
        }
    }
}

fn in_inline<'s>(inline: &InlineExpression<&'s str>, found: &mut BTreeSet<&'s str>) {
    match inline {
        InlineExpression::VariableReference { id } => drop(found.insert(id.name)),
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|argument| in_inline(argument, found));
        }
        InlineExpression::Placeable { expression } => in_expression(expression, found),
        // Literals, and references to other messages and terms, which have variables of their own.
        _ => {}
    }
}

/// The error message with its line number.
fn at_line(source: &str, position: usize, what: &dyn std::fmt::Display) -> String {
    let line = source.bytes().take(position).filter(|byte| *byte == b'\n').count() + 1;
    format!("line {line}: {what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_source_is_named_by_its_line() {
        let error = Messages::empty(Language::english()).add(&Language::english(), "a = A\nb = B\n\nc C\n").unwrap_err();
        assert!(error.to_string().starts_with("invalid messages for language en: line 4: "), "{error}");
    }

    #[test]
    fn a_source_has_keys_and_variables() {
        let source = "# a $comment = x\nfirst = A for $5\n    more = of it\nbroken\nsecond =\n    { $n ->\n        [one] { $n_text } day\n       \
                      *[other] { NUMBER($days) } { {$unit} }\n    }\n-term = { $none }\n";
        let found: Vec<_> = Messages::keys(source).collect();
        assert_eq!(found, [("first", BTreeSet::new()), ("second", BTreeSet::from(["days", "n", "n_text", "unit"]))]);
    }
}
