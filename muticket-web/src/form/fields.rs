//! The texts of a form.

use percent_encoding::percent_decode_str;

use crate::error::{Failure, TypedText};
use crate::form::parts::FormPart;

/// The most bytes for all texts of a form together.
pub(super) const MAX_TEXT: usize = 512 * 1024;
/// The most texts in a form.
const MAX_FIELDS: usize = 300;
/// The name of the file input.
pub(super) const ATTACHMENT: &str = "attachment";
/// The names that a form may have more than once.
const MANY: [&str; 10] = [ATTACHMENT, "category", "mention", "remove", "label", "saved", "offered", "action", "number", "newest"];

/// The texts of a form, in the order they arrived.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first text of that name; empty without one.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text)
    }

    /// All texts of that name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// All texts whose names begin with `start`, each with the rest of its name.
    pub(crate) fn beginning_with<'a>(&'a self, start: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(name, text)| Some((name.strip_prefix(start)?, text.as_str())))
    }

    /// The text of that name as a value; `None` if it is missing, empty or cannot be parsed.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.text(name).parse().ok()
    }

    /// Whether the checkbox of that name is ticked.
    pub(crate) fn is_ticked(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// Whether a text that a form has only once came twice, so that nobody can tell which one is meant (P-19).
    pub(super) fn is_ambiguous(&self) -> bool {
        let once = self.0.iter().map(|(name, _)| name.as_str()).filter(|name| !MANY.contains(name));
        let mut names: Vec<&str> = once.collect();
        names.sort_unstable();
        names.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// Reads a text of at most `max` bytes and returns its length. If the text breaks off, the part that arrived is kept.
    pub(super) async fn receive(&mut self, name: String, part: &mut FormPart<'_>, max: usize) -> Result<usize, Failure> {
        let mut bytes = Vec::new();
        let end = loop {
            match part.piece().await {
                Ok(Some(piece)) if bytes.len() + piece.len() > max => break Err(Failure::too_large()),
                Ok(Some(piece)) => bytes.extend_from_slice(&piece),
                Ok(None) => break Ok(bytes.len()),
                Err(_) => break Err(Failure::bad_request()),
            }
        };
        let whole = std::str::from_utf8(&bytes).is_ok();
        self.0.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        if whole { end } else { end.and(Err(Failure::bad_request())) }
    }

    /// The texts that a person typed. An error page shows them again, so that they are not lost.
    pub(crate) fn typed(&self) -> Vec<TypedText> {
        let label = |name: &str| match name {
            "subject" => Some("subject"),
            "body" => Some("body"),
            "name" => Some("label-name"),
            "title" => Some("title"),
            "view_name" => Some("view-name"),
            // There is one for each language.
            _ if name.starts_with("name_") => Some("category-name"),
            _ => name.starts_with("text_").then_some("saved-text"),
        };
        let typed = self.0.iter().filter(|(_, text)| !text.trim().is_empty());
        typed.filter_map(|(name, text)| Some(TypedText { field: label(name)?, text: text.clone() })).collect()
    }

    /// Whether a form may have one more text.
    pub(super) fn has_room(&self) -> bool {
        self.0.len() < MAX_FIELDS
    }

    /// Reads `name=text&...`: spaces are pluses, and special characters are percent-encoded. `form_urlencoded` would replace bytes that are
    /// not UTF-8. Here they refuse the form.
    pub(super) fn decode(&mut self, body: &str) -> Result<(), Failure> {
        for pair in body.split('&').filter(|pair| !pair.is_empty()) {
            if !self.has_room() {
                return Err(Failure::too_large());
            }
            let (name, text) = pair.split_once('=').unwrap_or((pair, ""));
            self.0.push((decoded(name)?, decoded(text)?));
        }
        Ok(())
    }
}

/// Decodes a name or a text.
fn decoded(text: &str) -> Result<String, Failure> {
    let text = text.replace('+', " ");
    Ok(percent_decode_str(&text).decode_utf8().map_err(|_| Failure::bad_request())?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_it_was_typed() {
        let mut fields = Fields::default();
        fields.decode("subject=Dr%C3%BCcker+%26+Co&category=a%2Bb&&category=c&empty=&ticked").unwrap();
        assert_eq!(fields.text("subject"), "Drücker & Co");
        assert_eq!(fields.all("category").collect::<Vec<_>>(), ["a+b", "c"]);
        assert!(fields.is_ticked("empty") && fields.is_ticked("ticked") && !fields.is_ticked("missing"));
        assert_eq!(fields.beginning_with("cat").next(), Some(("egory", "a+b")));
    }

    /// P-19
    #[test]
    fn a_text_that_comes_twice_is_ambiguous() {
        for (form, is_ambiguous) in [
            ("subject=a&body=b", false),
            ("category=a&category=b&attachment=a&attachment=b", false),
            ("body=a&subject=b&body=c", true),
            ("body=a&body=a", true),
            ("token=a&token=b", true),
            ("body=a&Body=b", false),
        ] {
            let mut fields = Fields::default();
            fields.decode(form).unwrap();
            assert_eq!(fields.is_ambiguous(), is_ambiguous, "{form}");
        }
    }

    #[test]
    fn what_is_no_text_is_no_form() {
        let reads = |form: &str| Fields::default().decode(form).is_ok();
        assert!(!reads("subject=%FF"));
        assert!(reads(&"a&".repeat(MAX_FIELDS)) && !reads(&"a&".repeat(MAX_FIELDS + 1)));
    }
}
