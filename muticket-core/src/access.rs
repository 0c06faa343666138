//! Who may do what. One function, [`allows`], decides at every door; nothing else does (P-01).

use std::fmt::Write as _;

use crate::error::{Denial, Error};
use crate::id::{GroupId, UserId};
use crate::language::Language;
use crate::time_zone::TimeZone;

/// What the host lets a user do, in ascending order (D-03).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the host's words; what each opens is in the table that permission_table() draws")]
pub enum AccessLevel {
    None,
    Overview,
    Read,
    Comment,
    Moderate,
    Edit,
    Add,
    Delete,
    Admin,
}

/// A user of the host, as the host describes him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The host's name for him, unique and never given to somebody else.
    pub id: UserId,
    /// The name other people see.
    pub name: String,
    /// Where letters reach him; `None` if nowhere.
    pub address: Option<String>,
    /// The language he chose; `None` leaves it to his browser, and in letters to the site's default.
    pub language: Option<Language>,
    /// Where his clock stands; `None` shows him UTC.
    pub time_zone: Option<TimeZone>,
    /// The groups he is in.
    pub groups: Vec<GroupId>,
    /// What he may do.
    pub level: AccessLevel,
}

impl User {
    /// A user with no address, no language, no time zone, no groups and no access; set what differs.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: UserId::new(id),
            name: name.into(),
            address: None,
            language: None,
            time_zone: None,
            groups: Vec::new(),
            level: AccessLevel::None,
        }
    }

    /// Whether he is in the group.
    pub fn is_in(&self, group: &GroupId) -> bool {
        self.groups.contains(group)
    }
}

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visitor {
    /// Nobody signed in.
    Guest,
    /// A user of the host.
    User(User),
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// List tickets: a customer his own, a supporter all.
    List,
    /// Read a ticket with its messages and files.
    Read,
    /// Open a ticket.
    Open,
    /// Write as the ticket's customer.
    Reply,
    /// Give stars to an answer.
    Rate,
    /// Write as a supporter.
    Answer,
    /// Close a ticket.
    Close,
    /// Take a closed ticket up again.
    Reopen,
    /// Anything in the backend.
    Administer,
}

impl Action {
    const ALL: [Self; 9] =
        [Self::List, Self::Read, Self::Open, Self::Reply, Self::Rate, Self::Answer, Self::Close, Self::Reopen, Self::Administer];
}

/// What the asker is, as far as rights go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Nobody signed in.
    Guest,
    /// A user who is no supporter.
    User(AccessLevel),
    /// A user with a supporter record who is still in the supporters' group, present or absent (D-04).
    Supporter(AccessLevel),
}

impl Standing {
    fn level(self) -> AccessLevel {
        match self {
            Self::Guest => AccessLevel::None,
            Self::User(level) | Self::Supporter(level) => level,
        }
    }

    fn is_supporter(self) -> bool {
        matches!(self, Self::Supporter(_))
    }
}

/// What the action is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// No ticket in particular.
    Nothing,
    /// A ticket whose customer is the asker.
    OwnTicket,
    /// A ticket of somebody else.
    ForeignTicket,
}

/// What [`allows`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Go on.
    Allow,
    /// First say who you are.
    SignIn,
    /// There is no such thing, as far as the asker is concerned (P-02).
    Hide,
    /// The asker may know of it and still may not do it.
    Deny(Denial),
}

impl Decision {
    /// The decision as a door's answer.
    ///
    /// # Errors
    /// Whatever is no [`Allow`](Self::Allow).
    pub(crate) fn obey(self) -> Result<(), Error> {
        match self {
            Self::Allow => Ok(()),
            Self::SignIn => Err(Error::SignIn),
            Self::Hide => Err(Error::NotFound),
            Self::Deny(denial) => Err(denial.into()),
        }
    }
}

/// Decides. Pure, complete, and the only place where it is decided.
pub fn allows(standing: Standing, action: Action, subject: Subject) -> Decision {
    use Decision::{Allow, Deny, Hide, SignIn};

    if standing == Standing::Guest {
        return SignIn;
    }
    let needs = |level: AccessLevel| if standing.level() >= level { Allow } else { Deny(Denial::Level(level)) };
    match action {
        Action::Administer => needs(AccessLevel::Admin),
        Action::Open => needs(AccessLevel::Add),
        Action::List | Action::Read if standing.is_supporter() => Allow,
        Action::List => needs(AccessLevel::Read),
        Action::Read => own(subject, needs(AccessLevel::Read)),
        Action::Reply | Action::Rate => match own(subject, needs(AccessLevel::Comment)) {
            Hide if standing.is_supporter() => Deny(Denial::NotTheCustomer),
            decision => decision,
        },
        Action::Answer | Action::Close | Action::Reopen => match subject {
            // A supporter's own ticket is shown to him as to a customer (D-05).
            Subject::OwnTicket if standing.is_supporter() => Deny(Denial::OwnTicket),
            _ if standing.is_supporter() => Allow,
            _ => Hide,
        },
    }
}

fn own(subject: Subject, decision: Decision) -> Decision {
    match subject {
        Subject::OwnTicket => decision,
        Subject::Nothing | Subject::ForeignTicket => Decision::Hide,
    }
}

/// Draws the whole of [`allows`] as a Markdown table, for people. The copy in `docs/permissions.md` is held against it by a test.
pub fn permission_table() -> String {
    const LEVELS: [AccessLevel; 5] =
        [AccessLevel::Overview, AccessLevel::Read, AccessLevel::Comment, AccessLevel::Add, AccessLevel::Admin];
    let askers: Vec<(String, Standing)> = std::iter::once(("guest".to_owned(), Standing::Guest))
        .chain(LEVELS.into_iter().map(|level| (format!("user, {level:?}"), Standing::User(level))))
        .chain([("supporter".to_owned(), Standing::Supporter(AccessLevel::Comment))])
        .collect();
    let mut table = String::from("| action | ticket |");
    for (name, _) in &askers {
        let _ = write!(table, " {name} |");
    }
    table.push_str("\n| --- | --- |");
    table.push_str(&" --- |".repeat(askers.len()));
    for action in Action::ALL {
        let subjects: &[(&str, Subject)] = match action {
            Action::List | Action::Open | Action::Administer => &[("", Subject::Nothing)],
            _ => &[("own", Subject::OwnTicket), ("foreign", Subject::ForeignTicket)],
        };
        for (whose, subject) in subjects {
            let _ = write!(table, "\n| {action:?} | {whose} |");
            for (_, standing) in &askers {
                let word = match allows(*standing, action, *subject) {
                    Decision::Allow => "yes",
                    Decision::SignIn => "sign in",
                    Decision::Hide => "not found",
                    Decision::Deny(_) => "no",
                };
                let _ = write!(table, " {word} |");
            }
        }
    }
    table.push('\n');
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_permission_page_is_up_to_date() {
        let page = include_str!("../../docs/permissions.md");
        assert!(page.ends_with(&permission_table()), "replace the table in docs/permissions.md by:\n{}", permission_table());
    }

    #[test]
    fn a_foreign_ticket_does_not_exist_for_a_customer_however_high_his_level() {
        for action in [Action::Read, Action::Reply, Action::Rate, Action::Answer, Action::Close, Action::Reopen] {
            let decision = allows(Standing::User(AccessLevel::Admin), action, Subject::ForeignTicket);
            assert_eq!(decision, Decision::Hide, "{action:?}");
        }
    }

    #[test]
    fn a_guest_is_always_sent_to_sign_in() {
        for action in Action::ALL {
            for subject in [Subject::Nothing, Subject::OwnTicket, Subject::ForeignTicket] {
                assert_eq!(allows(Standing::Guest, action, subject), Decision::SignIn);
            }
        }
    }
}
