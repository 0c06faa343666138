//! Checks for templates and translations, of pages and of letters: every sentence that a template asks for exists, every sentence is used,
//! all languages fill in the same values, and no template contains text of its own.

use std::collections::{BTreeMap, BTreeSet};

use muticket_core::mail::Messages;

/// The sentences of one language by name, with the values that are filled in.
#[derive(Debug, Clone, Default)]
pub struct Sentences<'s>(BTreeMap<&'s str, BTreeSet<&'s str>>);

impl<'s> Sentences<'s> {
    /// Reads text in Fluent's format.
    ///
    /// # Panics
    /// If a sentence occurs twice.
    pub fn read(sources: impl IntoIterator<Item = &'s str>) -> Self {
        let mut sentences = BTreeMap::new();
        for (name, values) in sources.into_iter().flat_map(Messages::keys) {
            assert_eq!(sentences.insert(name, values), None, "{name} is there a second time");
        }
        Self(sentences)
    }

    /// The names of the sentences.
    pub fn names(&self) -> BTreeSet<&'s str> {
        self.0.keys().copied().collect()
    }

    /// The values that are filled into a sentence. `$n_text` is `$n` formatted for the language, and counts as the same.
    pub fn values(&self, name: &str) -> BTreeSet<&'s str> {
        self.0.get(name).into_iter().flatten().map(|value| value.strip_suffix("_text").unwrap_or(value)).collect()
    }

    /// The sentences that show a number without choosing a plural form by it.
    pub fn without_plural(&self) -> BTreeSet<&'s str> {
        let forgets = |values: &BTreeSet<&str>| {
            values.iter().filter_map(|value| value.strip_suffix("_text")).any(|number| !values.contains(number))
        };
        self.0.iter().filter(|(_, values)| forgets(values)).map(|(name, _)| *name).collect()
    }
}

/// The names of the sentences that a template asks for by `t(..)`. In a composed name a `*` stands for the unknown part, as in `status-*`.
/// A name chosen from two counts as both.
pub fn asked_for(template: &str) -> BTreeSet<String> {
    let calls =
        template.match_indices("t(").filter(|(at, _)| !template[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
    let mut names = BTreeSet::new();
    for (at, call) in calls {
        let argument = first_argument(&template[at + call.len()..]);
        let ways = argument.split(" else ").map(|way| way.split(" if ").next().unwrap_or_default());
        names.extend(ways.map(|way| {
            let parts = way.split('~').map(str::trim);
            let parts: String =
                parts.map(|part| part.strip_prefix('"').and_then(|part| part.strip_suffix('"')).unwrap_or("*")).collect();
            parts.replace("**", "*")
        }));
    }
    names
}

/// The text before the first comma or closing parenthesis that is not inside another pair.
fn first_argument(text: &str) -> &str {
    let mut depth = 0;
    let end = text.find(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth < 0 || (depth == 0 && c == ',')
    });
    &text[..end.unwrap_or(text.len())]
}

/// The text that a template itself contains: between tags, and in attributes that people read or hear.
pub fn said_by(template: &str) -> Vec<String> {
    let mut text = template.to_owned();
    for (open, close) in [("{#", "#}"), ("{{", "}}"), ("{%", "%}"), ("<style", "</style>"), ("<!--", "-->")] {
        blank(&mut text, open, close);
    }
    let mut said: Vec<_> =
        text.split('<').skip(1).filter_map(|tag| tag.split_once('>')).flat_map(|(tag, _)| heard(tag)).collect();
    blank(&mut text, "<", ">");
    said.extend(text.split_whitespace().map(str::to_owned));
    // The rest may contain character references, which are not words.
    said.retain(|word| !(word.starts_with('&') && word.ends_with(';')) && word.chars().any(char::is_alphabetic));
    said
}

/// The values of a tag's attributes that are read out or shown.
fn heard(tag: &str) -> Vec<String> {
    // Only the script reads these: two are selectors, one is an address.
    const SILENT: [&str; 3] = ["data-to", "data-near", "data-tickets"];
    let is_heard = |name: &str| {
        (name.starts_with("data-") && !SILENT.contains(&name))
            || ["title", "alt", "placeholder", "label", "aria-label", "aria-description", "aria-roledescription"].contains(&name)
    };
    let attributes = tag.split("=\"").zip(tag.split("=\"").skip(1));
    let attributes = attributes.map(|(before, after)| (before.rsplit([' ', '"', '\n']).next().unwrap_or_default(), after));
    let values = attributes.filter(|(name, _)| is_heard(name)).map(|(_, after)| after.split('"').next().unwrap_or_default());
    values.filter(|value| !value.trim().is_empty()).map(str::to_owned).collect()
}

fn blank(text: &mut String, open: &str, close: &str) {
    while let Some(start) = text.find(open) {
        let end = text[start..].find(close).map_or(text.len(), |end| start + end + close.len());
        text.replace_range(start..end, " ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_template_asks_for() {
        let template = r#"{{ t("a") }} {{ t("b-" ~ row.state ~ own, n=t("c")) }} {{ t("d" if x else "e") }} {{ t(problem.key) }}
            {{ t("f-" ~ what ~ "-title") }} {{ t("g-" ~ stars if stars else "h") }} {{ just("i") }}"#;
        let expected = ["*", "a", "b-*", "c", "d", "e", "f-*-title", "g-*", "h"];
        assert_eq!(asked_for(template).iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_a_template_says_by_itself() {
        let fine = r##"{# Words. #}<p class="a b" title="{{ t("x") }}">{{ t("y") }} &#847;&nbsp; · <!-- in passing --></p>
            <style>p { color: red }</style><a data-max="{{ max }}" href="https://example.org/">#{{ number }}:</a>"##;
        assert_eq!(said_by(fine), [""; 0]);
        for wrong in [
            "<p>Please wait</p>",
            "<p title=\"Please wait\">",
            "<img class=\"a\" alt=\"{{ x }} Please wait\">",
            "<input placeholder=\"Please wait\">",
            "<form data-confirm=\"Please wait\">",
            "{{ t(\"a\") }}: Please wait",
        ] {
            assert!(said_by(wrong).concat().contains("wait"), "{wrong}");
        }
    }

    #[test]
    fn a_number_wants_its_plural() {
        let source = "a = { $n ->\n    [one] one\n   *[other] { $n_text } things\n}\nb = { $n_text } things\nc = { $name }\n";
        let sentences = Sentences::read([source]);
        assert_eq!(sentences.without_plural(), BTreeSet::from(["b"]));
        assert_eq!((sentences.values("a"), sentences.values("c")), (BTreeSet::from(["n"]), BTreeSet::from(["name"])));
    }
}
