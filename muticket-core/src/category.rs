//! Categories of tickets (D-08).

use crate::error::Problem;
use crate::id::CategoryId;
use crate::language::Language;
use crate::ticket::Subject;

/// A kind of question, with its name in each language it has one for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its name in tickets and forms.
    pub id: CategoryId,
    /// What people read; at least one, the first is the fallback for languages that are missing.
    pub names: Vec<(Language, String)>,
}

impl Category {
    /// The name in the language, else in one with the same primary tag, else the first there is, else the identifier.
    pub fn name(&self, language: &Language) -> &str {
        let exact = self.names.iter().find(|(tag, _)| tag == language);
        let close = || self.names.iter().find(|(tag, _)| tag.primary() == language.primary());
        exact.or_else(close).or_else(|| self.names.first()).map_or(self.id.as_str(), |(_, name)| name)
    }
}

/// A category's name as an administrator types it: 1 to 80 characters, one line.
pub(crate) fn parse_name(typed: &str) -> Result<String, Problem> {
    const MAX: usize = 80;
    match typed.trim().chars().count() {
        length if length > MAX => Err(Problem::TooLong { max: MAX, length }),
        _ => Ok(Subject::parse(typed)?.as_str().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_named_in_the_closest_language() {
        let names = vec![(Language::english(), "Billing".to_owned()), (Language::german(), "Rechnungen".to_owned())];
        let category = Category { id: CategoryId::new("b"), names };
        let named = |tag| category.name(&Language::parse(tag).unwrap()).to_owned();
        assert_eq!((named("de"), named("de-at"), named("fr")), ("Rechnungen".into(), "Rechnungen".into(), "Billing".into()));
    }

    #[test]
    fn a_name_has_at_most_80_characters() {
        assert_eq!(parse_name(&"😀".repeat(80)), Ok("😀".repeat(80)));
        for length in [81, 300] {
            assert_eq!(parse_name(&"a".repeat(length)), Err(Problem::TooLong { max: 80, length }));
        }
    }
}
