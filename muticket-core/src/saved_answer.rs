//! Saved answers: texts that supporters insert into their answers (T-08), and what happens when such an answer is sent (T-09).
//! Values and rules only.

use std::collections::BTreeSet;
use std::fmt;

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::id::{CategoryId, LabelId, SavedAnswerId, UserId};
use crate::language::Language;
use crate::ticket::{Body, Priority};

/// A saved answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SavedAnswer {
    /// Its id.
    pub id: SavedAnswerId,
    /// The supporter to whom it belongs. No one else sees it. `None`: all supporters share it, and administrators manage it.
    pub owner: Option<UserId>,
    /// The title by which supporters choose it: 1 to 80 characters, one line.
    pub title: String,
    /// The texts, one for each language. There is at least one. The first is the fallback for languages without a text.
    pub texts: Vec<(Language, Body)>,
    /// The categories of tickets for which it is offered. Empty: for all tickets.
    pub categories: BTreeSet<CategoryId>,
    /// What happens when the answer is sent.
    pub actions: Actions,
}

impl SavedAnswer {
    /// The text in the language. If it is missing, the text in a language with the same primary tag, otherwise the first text.
    /// `None` only if there is no text.
    pub fn text(&self, language: &Language) -> Option<&str> {
        let exact = self.texts.iter().find(|(tag, _)| tag == language);
        let close = || self.texts.iter().find(|(tag, _)| tag.primary() == language.primary());
        let text = exact.or_else(close).or_else(|| self.texts.first());
        text.map(|(_, text)| text.as_str())
    }

    /// Whether the supporter may read and use it: it is shared, or their own.
    pub fn is_for(&self, user: &UserId) -> bool {
        self.owner.as_ref().is_none_or(|owner| owner == user)
    }
}

/// A saved answer in a list, without its texts, which may be long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedAnswer {
    /// Its id.
    pub id: SavedAnswerId,
    /// See [`SavedAnswer::owner`].
    pub owner: Option<UserId>,
    /// Its title.
    pub title: String,
    /// See [`SavedAnswer::categories`].
    pub categories: BTreeSet<CategoryId>,
    /// What happens when the answer is sent.
    pub actions: Actions,
    /// How many answers the supporter for whom the list was made has sent with it.
    pub uses: u32,
}

impl ListedAnswer {
    /// Whether it is offered on a ticket of this category.
    pub fn fits(&self, category: Option<&CategoryId>) -> bool {
        self.categories.is_empty() || category.is_some_and(|category| self.categories.contains(category))
    }
}

/// What happens to a ticket when an answer to it is sent (T-09). The default is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Actions {
    /// The ticket is closed.
    pub close: bool,
    /// The ticket is assigned.
    pub assign: Option<Assign>,
    /// The priority is changed.
    pub priority: Option<Priority>,
    /// The category is changed.
    pub category: Option<CategoryId>,
    /// These labels are put on, beside those that the ticket has; at most
    /// [`Label::MAX_ON_TICKET`](crate::label::Label::MAX_ON_TICKET).
    pub labels: BTreeSet<LabelId>,
}

/// To whom an answer assigns its ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Assign {
    /// The supporter who sends the answer.
    Sender,
    /// This supporter.
    To(UserId),
}

impl Actions {
    /// Whether nothing happens.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// These actions, and the others. Where both change the same property, the others win. The labels of both are put on.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.labels.extend(others.labels);
        Self {
            close: self.close || others.close,
            assign: others.assign.or(self.assign),
            priority: others.priority.or(self.priority),
            category: others.category.or(self.category),
            labels: self.labels,
        }
    }
}

/// What a text names instead of saying it. It stands in double braces: `{{customer}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Placeholder {
    /// The name of the ticket's customer.
    Customer,
    /// The name of the supporter who writes the answer.
    Supporter,
    /// The number of the ticket, without a sign before it.
    Number,
    /// The subject of the ticket.
    Subject,
    /// The ticket's category, in the customer's language.
    Category,
    /// The name of the site.
    Site,
    /// The public URL of the ticket.
    Link,
}

impl Placeholder {
    /// All placeholders.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The word between the braces.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses the word between the braces, in any case.
    fn parse(word: &str) -> Option<Self> {
        word.to_ascii_lowercase().parse().ok()
    }
}

/// Writes the placeholder as it stands in a text.
impl fmt::Display for Placeholder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{{{}}}}}", self.as_str())
    }
}

/// A part of a text in which the placeholders were replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text.
    Text(String),
    /// A placeholder without a value.
    Gap(Placeholder),
}

/// Replaces the placeholders of a text by their values. A value is never read again, so a placeholder in it stays as it is.
pub fn fill(text: &str, value: impl Fn(Placeholder) -> Option<String>) -> Vec<Part> {
    let (mut parts, mut said, mut from) = (Vec::new(), String::new(), 0);
    for (at, word) in words(text) {
        let Some(placeholder) = Placeholder::parse(word) else { continue };
        said.push_str(&text[from..at.start]);
        from = at.end;
        match value(placeholder) {
            Some(value) => said.push_str(&value),
            None => parts.extend([Part::Text(std::mem::take(&mut said)), Part::Gap(placeholder)]),
        }
    }
    said.push_str(&text[from..]);
    parts.push(Part::Text(said));
    parts.retain(|part| *part != Part::Text(String::new()));
    parts
}

/// The first word in double braces that is no placeholder. Texts with one are refused, because the customer would read it.
pub(crate) fn unknown_placeholder(text: &str) -> Option<&str> {
    words(text).map(|(_, word)| word).find(|word| Placeholder::parse(word).is_none())
}

/// The most characters between the brackets of a gap, and between the braces of a placeholder.
const MOST: usize = 80;

/// The words in double braces, with their places. Braces around anything else than one word are ordinary text, so an answer may
/// contain code: `{a: 1}`, `{{ user.name }}`.
fn words(text: &str) -> impl Iterator<Item = (std::ops::Range<usize>, &str)> {
    text.match_indices("{{").filter_map(|(start, _)| {
        let (inside, _) = near(&text[start + 2..]).split_once("}}")?;
        let word = inside.trim_matches(' ');
        let is_word = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
        is_word.then(|| (start..start + inside.len() + 4, word))
    })
}

/// A gap in a text: something that its author has to fill in before the answer can be sent. The word says what is missing.
pub fn gap(word: &str) -> String {
    format!("[[{word}?]]")
}

/// Whether the text has a [`gap`]. Two brackets around anything else are ordinary text.
pub fn has_gap(text: &str) -> bool {
    text.match_indices("[[").any(|(start, _)| {
        let Some((inside, _)) = near(&text[start + 2..]).split_once("?]]") else { return false };
        let word = inside.trim_start_matches('[');
        !word.is_empty() && !word.starts_with(char::is_whitespace) && !word.contains(['[', ']', '\n'])
    })
}

/// The beginning of a text, as far as a gap or a placeholder can reach.
fn near(text: &str) -> &str {
    text.char_indices().nth(MOST + 3).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> String {
        let value = |placeholder| match placeholder {
            Placeholder::Customer => Some("Anna".to_owned()),
            Placeholder::Subject => Some("{{customer}} {{x}}".to_owned()),
            _ => None,
        };
        let part = |part| match part {
            Part::Text(text) => text,
            Part::Gap(placeholder) => gap(placeholder.as_str()),
        };
        fill(text, value).into_iter().map(part).collect()
    }

    /// T-08
    #[test]
    fn placeholders_are_replaced_and_everything_else_stays() {
        for (text, expected) in [
            ("Hello {{customer}},", "Hello Anna,"),
            ("{{ Customer }}{{CUSTOMER}}", "AnnaAnna"),
            ("{{subject}}", "{{customer}} {{x}}"),
            ("of {{category}}!", "of [[category?]]!"),
            ("{customer} {{}} {{ }} {{a b}} {{user.name}} {{", "{customer} {{}} {{ }} {{a b}} {{user.name}} {{"),
            ("{{custo\nmer}} }} {{customer", "{{custo\nmer}} }} {{customer"),
            ("<script>{{customer}}</script> שלום {{customer}}", "<script>Anna</script> שלום Anna"),
            ("", ""),
        ] {
            assert_eq!(filled(text), expected, "{text}");
        }
        assert_eq!(fill("a {{link}}", |_| None), [Part::Text("a ".to_owned()), Part::Gap(Placeholder::Link)]);
    }

    #[test]
    fn every_placeholder_is_read_as_it_is_written() {
        for placeholder in Placeholder::ALL {
            let value = |asked: Placeholder| (asked == *placeholder).then(|| "x".to_owned());
            assert_eq!(fill(&placeholder.to_string(), value), [Part::Text("x".to_owned())]);
        }
    }

    /// T-08
    #[test]
    fn a_word_that_is_no_placeholder_is_found() {
        assert_eq!(unknown_placeholder("Dear {{customer}}, {{ custmer }} {{other}}"), Some("custmer"));
        assert_eq!(unknown_placeholder("{{Kunde_1}}"), Some("Kunde_1"));
        for text in ["{{customer}} {{link}}", "{customer}", "{{a b}}", "{{ frame.token }}", "{{}}", "{{{{", "a {{ b\n }}"] {
            assert_eq!(unknown_placeholder(text), None, "{text}");
        }
    }

    /// T-08
    #[test]
    fn a_gap_is_recognised_in_any_language_and_code_is_not() {
        for word in ["category", "Kategorie", "Ihr Termin", "分类", "קטגוריה", "a{{b}}"] {
            assert!(has_gap(&format!("On {}, please.", gap(word))), "{word}");
        }
        assert!(has_gap("[[[date?]]]") && has_gap("[[ [[date?]]") && has_gap(&gap(&"ä".repeat(80))));
        for text in
            ["if [[ -f a? ]]; then", "[[page]]", "[[?]]", "[[ date?]]", "[[a\nb?]]", "[[a]b?]]", "[date?]", "date?]]", "[["]
        {
            assert!(!has_gap(text), "{text}");
        }
    }

    #[test]
    fn a_text_of_nothing_but_brackets_takes_linear_time() {
        assert!(!has_gap(&"[[".repeat(10_000)));
        assert_eq!(unknown_placeholder(&"{{".repeat(10_000)), None);
    }

    #[test]
    fn a_text_is_read_in_the_closest_language() {
        let text = |tag: &str, text: &str| (Language::parse(tag).unwrap(), Body::parse(text).unwrap());
        let answer = SavedAnswer {
            id: SavedAnswerId(uuid::Uuid::nil()),
            owner: None,
            title: "Hello".to_owned(),
            texts: vec![text("en", "Hello"), text("de", "Hallo")],
            categories: BTreeSet::new(),
            actions: Actions::default(),
        };
        let said = |tag| answer.text(&Language::parse(tag).unwrap()).unwrap();
        assert_eq!((said("de"), said("de-at"), said("fr")), ("Hallo", "Hallo", "Hello"));
    }

    /// T-09
    #[test]
    fn of_two_actions_on_one_property_the_later_one_wins() {
        let label = |number| LabelId(uuid::Uuid::from_u128(number));
        let labels = |numbers: &[u128]| numbers.iter().map(|number| label(*number)).collect();
        let close = Actions { close: true, priority: Some(Priority::High), labels: labels(&[1, 2]), ..Actions::default() };
        let low = Some(Priority::Low);
        let assign = Actions { assign: Some(Assign::Sender), priority: low, labels: labels(&[2, 3]), ..Actions::default() };
        let both = close.and(assign);
        let expected =
            Actions { close: true, assign: Some(Assign::Sender), priority: low, category: None, labels: labels(&[1, 2, 3]) };
        assert_eq!(both, expected);
        assert!(!both.is_empty() && Actions::default().is_empty());
    }
}
