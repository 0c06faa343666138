//! Access rights: who may do what. [`allows`] is the only function that decides, and every door calls it (P-01).

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

/// A user of the host, as the host describes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The host's id of the user. It is unique and never reused for another user.
    pub id: UserId,
    /// The name other people see.
    pub name: String,
    /// Email address; `None` if the host knows none.
    pub address: Option<String>,
    /// Preferred language. If `None`, pages use the browser's language and letters use the site's default.
    pub language: Option<Language>,
    /// Time zone; `None` shows times in UTC.
    pub time_zone: Option<TimeZone>,
    /// The groups the user is in.
    pub groups: Vec<GroupId>,
    /// What the host lets the user do.
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

    /// Whether the user is in the group.
    pub fn is_in(&self, group: &GroupId) -> bool {
        self.groups.contains(group)
    }
}

/// The person who makes the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visitor {
    /// Not signed in.
    Guest,
    /// A user of the host.
    User(User),
}

/// An action that [`allows`] decides on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// List tickets: customers list their own, supporters list all.
    List,
    /// Read a ticket with its messages and files.
    Read,
    /// Open a ticket.
    Open,
    /// Write as the ticket's customer.
    Reply,
    /// Rate an answer with stars.
    Rate,
    /// Write as a supporter.
    Answer,
    /// Close a ticket.
    Close,
    /// Reopen a closed ticket.
    Reopen,
    /// Anything in the backend.
    Administer,
}

impl Action {
    const ALL: [Self; 9] =
        [Self::List, Self::Read, Self::Open, Self::Reply, Self::Rate, Self::Answer, Self::Close, Self::Reopen, Self::Administer];
}

/// The visitor's role in access decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Not signed in.
    Guest,
    /// A user who is not a supporter.
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

/// The ticket an action is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// No particular ticket.
    Nothing,
    /// A ticket that the visitor opened.
    OwnTicket,
    /// A ticket that another user opened.
    ForeignTicket,
}

/// The answer of [`allows`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The action is allowed.
    Allow,
    /// The visitor must sign in first.
    SignIn,
    /// The visitor must not learn that the ticket exists (P-02).
    Hide,
    /// The visitor may know that the ticket exists, but may not do this.
    Deny(Denial),
}

impl Decision {
    /// Converts the decision into a result.
    ///
    /// # Errors
    /// Every decision but [`Allow`](Self::Allow).
    pub(crate) fn obey(self) -> Result<(), Error> {
        match self {
            Self::Allow => Ok(()),
            Self::SignIn => Err(Error::SignIn),
            Self::Hide => Err(Error::NotFound),
            Self::Deny(denial) => Err(denial.into()),
        }
    }
}

/// Decides whether an action is allowed. Pure and complete; access is decided only here.
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
            // Supporters see their own ticket as its customer (D-05).
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

/// Draws all decisions of [`allows`] as a Markdown table. A test compares `docs/permissions.md` with it.
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
