//! The people of the shop. A real site has them in a table. MuTicket asks for them through [`Directory`] and stores none of them.

use async_trait::async_trait;
use muticket_core::{AccessLevel, Directory, Group, GroupId, HostError, Language, TimeZone, User, UserId};

/// The group from which supporters are chosen.
pub(crate) const SUPPORT: &str = "support";

/// One person of the shop.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// The id with which they sign in.
    pub id: &'static str,
    /// The name that others see.
    pub name: &'static str,
    /// Their role in the shop, in English and German.
    pub role: (&'static str, &'static str),
    /// The language they chose; `None` uses the browser's.
    pub language: Option<&'static str>,
    /// Their time zone.
    pub time_zone: &'static str,
    /// Whether they are in the group of supporters.
    pub support: bool,
    /// Their access level.
    pub level: AccessLevel,
}

/// All people of the shop.
pub const PEOPLE: [Person; 7] = [
    Person {
        id: "anna",
        name: "Anna Lindqvist",
        role: ("Customer. Opens tickets, replies, rates answers.", "Kundin. Erstellt Tickets, antwortet, bewertet."),
        language: Some("de"),
        time_zone: "Europe/Berlin",
        support: false,
        level: AccessLevel::Add,
    },
    Person {
        id: "ben",
        name: "Ben Okoro",
        role: ("Customer. Sees only their own tickets.", "Kunde. Sieht nur eigene Tickets."),
        language: Some("en"),
        time_zone: "Africa/Lagos",
        support: false,
        level: AccessLevel::Add,
    },
    Person {
        id: "sara",
        name: "Sara Wendt",
        role: ("Supporter, present. Handles billing.", "Supporterin, anwesend. Bearbeitet Rechnungen."),
        language: Some("de"),
        time_zone: "Europe/Berlin",
        support: true,
        level: AccessLevel::Comment,
    },
    Person {
        id: "tom",
        name: "Tom Hartley",
        role: ("Supporter, present. Handles technical questions.", "Supporter, anwesend. Bearbeitet technische Fragen."),
        language: Some("en"),
        time_zone: "Europe/London",
        support: true,
        level: AccessLevel::Comment,
    },
    Person {
        id: "uwe",
        name: "Uwe Krämer",
        role: ("Supporter, absent. Gets no email right now.", "Supporter, abwesend. Erhält gerade keine E-Mails."),
        language: Some("de"),
        time_zone: "Europe/Berlin",
        support: true,
        level: AccessLevel::Comment,
    },
    Person {
        id: "ada",
        name: "Ada Moreau",
        role: ("Administrator. Manages support.", "Administratorin. Verwaltet den Support."),
        language: None,
        time_zone: "Europe/Paris",
        support: false,
        level: AccessLevel::Admin,
    },
    Person {
        id: "rita",
        name: "Rita Sandberg",
        role: ("Can read their own tickets, but not open new ones.", "Kann eigene Tickets lesen, aber keine erstellen."),
        language: Some("en"),
        time_zone: "America/New_York",
        support: false,
        level: AccessLevel::Read,
    },
];

impl Person {
    /// The person with this id.
    pub fn find(id: &str) -> Option<&'static Self> {
        PEOPLE.iter().find(|person| person.id == id)
    }

    /// The person as MuTicket sees them.
    pub fn user(&self) -> User {
        User {
            address: Some(format!("{}@kontor-nord.example", self.id)),
            language: self.language.and_then(Language::parse),
            time_zone: TimeZone::parse(self.time_zone),
            groups: if self.support { vec![GroupId::new(SUPPORT)] } else { Vec::new() },
            level: self.level,
            ..User::new(self.id, self.name)
        }
    }
}

/// The shop's answers to MuTicket's questions about users.
#[derive(Debug, Clone, Copy)]
pub(crate) struct People;

#[async_trait]
impl Directory for People {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        Ok(ids.iter().filter_map(|id| Person::find(id.as_str())).map(Person::user).collect())
    }

    async fn users_with_address(&self, address: &str) -> Result<Vec<User>, HostError> {
        let has_it = |user: &User| user.address.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(address));
        Ok(PEOPLE.iter().map(Person::user).filter(has_it).collect())
    }

    async fn members(&self, group: &GroupId) -> Result<Vec<User>, HostError> {
        Ok(PEOPLE.iter().map(Person::user).filter(|user| user.is_in(group)).collect())
    }

    async fn groups(&self) -> Result<Vec<Group>, HostError> {
        Ok(vec![Group { id: GroupId::new(SUPPORT), name: "Support".to_owned() }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clock_stands_somewhere() {
        assert!(PEOPLE.iter().all(|person| person.user().time_zone.is_some()));
    }
}
