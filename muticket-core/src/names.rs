//! Names of people on pages, in letters and in tables.
//!
//! Names come from the host, which took them from its users. A name may be blank or invisible, may change the direction of
//! the text around it, and may be the same for two people.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::BidiClass;

use crate::characters::{combines, is_blank, is_invisible, within_line, without_escapes};
use crate::id::UserId;
use crate::user::User;
use crate::viewer::Side;

/// How people with the same name are distinguished. It depends on who reads the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameStyle {
    /// A customer: by a number. Customers must not see email addresses and ids of others.
    Customer,
    /// A supporter: by email address.
    Supporter,
    /// An administrator: by id.
    Administrator,
}

impl From<Side> for NameStyle {
    fn from(side: Side) -> Self {
        match side {
            Side::Customer => Self::Customer,
            Side::Desk => Self::Supporter,
        }
    }
}

/// The displayed form of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Called {
    /// The name to display.
    Name(String),
    /// They have no readable name.
    NoName,
    /// The host no longer knows them.
    Former,
}

/// The names of the people on a page.
#[derive(Debug, Clone, Default)]
pub struct Names(HashMap<UserId, Called>);

impl Names {
    /// Determines the displayed name of each person. Names that look the same are distinguished.
    pub fn of<'a>(users: impl IntoIterator<Item = &'a User>, style: NameStyle) -> Self {
        let users: BTreeMap<&UserId, &User> = users.into_iter().map(|user| (&user.id, user)).collect();
        let mut alike: HashMap<String, Vec<(&User, String)>> = HashMap::new();
        let mut names = HashMap::with_capacity(users.len());
        for (id, user) in users {
            match shown(user, style) {
                Some(name) => alike.entry(look(&name)).or_default().push((user, name)),
                None => drop(names.insert(id.clone(), Called::NoName)),
            }
        }
        for group in alike.into_values() {
            let several = group.len() > 1;
            for (place, (user, name)) in group.iter().enumerate() {
                let name = if several { told_apart(name, &apart(user, place, &group, style)) } else { name.clone() };
                names.insert(user.id.clone(), Called::Name(name));
            }
        }
        Self(names)
    }

    /// The displayed form of a person.
    pub fn called(&self, id: &UserId) -> Called {
        self.0.get(id).cloned().unwrap_or(Called::Former)
    }
}

/// The longest displayed name, in characters.
const MOST: usize = 200;

/// The user's name, otherwise their id, which customers must not see.
fn shown(user: &User, style: NameStyle) -> Option<String> {
    readable(&user.name).or_else(|| match style {
        NameStyle::Customer => None,
        NameStyle::Supporter | NameStyle::Administrator => readable(user.id.as_str()),
    })
}

/// What distinguishes a user from the others in the group.
fn apart(user: &User, place: usize, group: &[(&User, String)], style: NameStyle) -> String {
    let address = |user: &User| user.address.as_deref().map(|address| address.trim().to_ascii_lowercase());
    match style {
        NameStyle::Customer => (place + 1).to_string(),
        NameStyle::Administrator => user.id.as_str().to_owned(),
        NameStyle::Supporter => {
            let own = address(user).filter(|own| !own.is_empty());
            let own = own.filter(|own| group.iter().filter(|(other, _)| address(other).as_ref() == Some(own)).count() == 1);
            own.unwrap_or_else(|| user.id.as_str().to_owned())
        }
    }
}

fn told_apart(name: &str, apart: &str) -> String {
    match readable(apart) {
        Some(apart) => format!("{} ({})", isolated(name), isolated(&apart)),
        None => name.to_owned(),
    }
}

/// Cleans a name for use within a line: one line, and nothing that hides or reorders the text around it. Returns `None` if
/// nothing readable is left.
///
/// ```
/// use muticket_core::names::readable;
///
/// assert_eq!(readable(" Anna\nBerg\u{202e} ").as_deref(), Some("Anna Berg"));
/// assert_eq!(readable("\u{200b} \u{3164}"), None);
/// ```
pub fn readable(name: &str) -> Option<String> {
    let name = without_escapes(name);
    if is_blank(&name) {
        return None;
    }
    let mut clean = within_line(&name);
    if let Some((end, _)) = clean.char_indices().nth(MOST) {
        clean.truncate(end);
        clean.truncate(clean.trim_end().len());
        clean.push('…');
    }
    Some(clean)
}

/// Normalises a name by its look: people cannot distinguish two names with the same result.
fn look(name: &str) -> String {
    let normal = ComposingNormalizerBorrowed::new_nfkc().normalize(name).to_lowercase();
    let visible: String = normal.chars().filter(|c| !is_invisible(*c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the character changes the writing direction around it.
fn turns(c: char) -> bool {
    !c.is_ascii()
        && matches!(
            CodePointMapData::<BidiClass>::new().get(c),
            BidiClass::RightToLeft
                | BidiClass::ArabicLetter
                | BidiClass::ArabicNumber
                | BidiClass::LeftToRightEmbedding
                | BidiClass::RightToLeftEmbedding
                | BidiClass::LeftToRightOverride
                | BidiClass::RightToLeftOverride
                | BidiClass::PopDirectionalFormat
                | BidiClass::LeftToRightIsolate
                | BidiClass::RightToLeftIsolate
                | BidiClass::FirstStrongIsolate
                | BidiClass::PopDirectionalIsolate
        )
}

/// Prepares text for insertion into a line. If it could change the direction of the line or combine with the text before it,
/// it is enclosed in invisible isolation marks, and its own direction marks are removed.
pub fn isolated(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| turns(c) || combines(c)) {
        return Cow::Borrowed(text);
    }
    let inside: String = text.chars().filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')).collect();
    Cow::Owned(format!("\u{2068}{inside}\u{2069}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: &str, name: &str, address: Option<&str>) -> User {
        User { address: address.map(str::to_owned), ..User::new(id, name) }
    }

    fn names(users: &[User], style: NameStyle) -> Vec<Called> {
        let names = Names::of(users, style);
        users.iter().map(|user| names.called(&user.id)).collect()
    }

    fn called(name: &str) -> Called {
        Called::Name(name.to_owned())
    }

    #[test]
    fn what_can_be_read_of_a_name() {
        let cases = [
            ("Anna Berg", Some("Anna Berg")),
            (" Anna\r\n\t Berg ", Some("Anna Berg")),
            ("Anna\u{202e}greB", Some("AnnagreB")),
            ("\u{2069}Anna\u{2068}", Some("Anna")),
            ("\u{200b}Anna\u{feff}", Some("Anna")),
            ("\u{1b}[31mAnna\u{1b}[0m", Some("Anna")),
            ("نیم\u{200c}فاصله", Some("نیم\u{200c}فاصله")),
            ("👩\u{200d}🔬", Some("👩\u{200d}🔬")),
            ("\u{200d}Anna", Some("Anna")),
            ("\u{301}Anna", Some("◌\u{301}Anna")),
            ("e\u{301}", Some("e\u{301}")),
            ("", None),
            (" \u{a0}\u{3000}", None),
            ("\u{200b}\u{3164}\u{2800}\u{e0041}", None),
            ("\u{301}\u{fe0f} \u{fffc}\u{ffff}", None),
            ("\0\u{1b}", None),
            ("\u{1b}[31m\u{1b}[0m", None),
        ];
        for (name, shown) in cases {
            assert_eq!(readable(name).as_deref(), shown, "{name:?}");
        }
        assert_eq!(readable(&"ä".repeat(5000)).unwrap().chars().count(), MOST + 1);
    }

    #[test]
    fn who_has_no_name_has_an_identifier_but_not_for_customers() {
        let users = [user("u7", "\u{200b}", None), user(" ", "", None)];
        assert_eq!(names(&users, NameStyle::Supporter), [called("u7"), Called::NoName]);
        assert_eq!(names(&users, NameStyle::Administrator), [called("u7"), Called::NoName]);
        assert_eq!(names(&users, NameStyle::Customer), [Called::NoName, Called::NoName]);
        assert_eq!(Names::default().called(&UserId::new("u7")), Called::Former);
    }

    #[test]
    fn people_who_look_the_same_are_told_apart() {
        let users = [
            user("a", "Ben Okoro", Some(" ben@x.example ")),
            user("b", "ＢＥＮ\u{a0}Okoro\u{200b}", Some("ben@y.example")),
            user("c", "Ann", Some("ann@x.example")),
        ];
        let supporter = ["Ben Okoro (ben@x.example)", "ＢＥＮ Okoro (ben@y.example)", "Ann"].map(called);
        assert_eq!(names(&users, NameStyle::Supporter), supporter);
        assert_eq!(names(&users, NameStyle::Administrator), ["Ben Okoro (a)", "ＢＥＮ Okoro (b)", "Ann"].map(called));
        let customer = names(&users, NameStyle::Customer);
        assert_eq!(customer, ["Ben Okoro (1)", "ＢＥＮ Okoro (2)", "Ann"].map(called));
        assert_eq!(names(&users[..1], NameStyle::Supporter), [called("Ben Okoro")], "alone on the page");
    }

    #[test]
    fn without_an_address_of_their_own_the_identifier_tells_them_apart() {
        let users = [user("a", "Ben", Some("BEN@x.example")), user("b", "Ben", Some("ben@x.example")), user("c", "Ben", None)];
        assert_eq!(names(&users, NameStyle::Supporter), ["Ben (a)", "Ben (b)", "Ben (c)"].map(called));
    }

    #[test]
    fn what_turns_or_combines_is_set_apart() {
        for plain in ["Ünder 😀 <i>", "Anna (7)", "打印机"] {
            assert_eq!(isolated(plain), plain);
        }
        assert_eq!(isolated("שרה"), "\u{2068}שרה\u{2069}");
        assert_eq!(isolated("Sara (سارة) 7"), "\u{2068}Sara (سارة) 7\u{2069}");
        assert_eq!(isolated("a\u{202e}b\u{2069}c"), "\u{2068}abc\u{2069}");
        assert_eq!(isolated("e\u{301}"), "\u{2068}e\u{301}\u{2069}");
        let two = [user("1", "שרה", None), user("2", "שרה", None)];
        assert_eq!(names(&two, NameStyle::Administrator), ["\u{2068}שרה\u{2069} (1)", "\u{2068}שרה\u{2069} (2)"].map(called));
    }
}
