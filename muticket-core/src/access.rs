//! Access rights: who may do what. Every right is decided in this file (P-01): [`allows`] decides about tickets, and
//! [`allows_on_site`] about everything else.

use std::fmt::Write as _;

use strum::VariantArray;

use crate::error::Error;
use crate::id::UserId;
use crate::refusal::Denial;
use crate::ticket::Ticket;
use crate::user::{AccessLevel, User, Visitor};
use crate::viewer::{Side, Viewer};

/// An action on a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray)]
#[non_exhaustive]
pub enum Action {
    /// Read the ticket with its messages and files.
    Read,
    /// Write as the ticket's customer.
    Reply,
    /// Rate an answer with stars.
    Rate,
    /// Write as a supporter.
    Answer,
    /// Close the ticket.
    Close,
    /// Reopen the closed ticket.
    Reopen,
    /// Change its assignee, its priority, its labels or its category (T-03, T-05 to T-07).
    Organize,
    /// Read its notes and write one (T-01).
    Note,
}

/// An action that is not about a particular ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray)]
#[non_exhaustive]
pub enum SiteAction {
    /// List tickets: customers list their own, supporters list all.
    List,
    /// Open a ticket.
    Open,
    /// Upload a file for a ticket or a message.
    Attach,
    /// Read the shared saved answers, and manage one's own (T-08).
    SavedAnswers,
    /// Open the shared saved views of the list, and manage one's own (T-12).
    SavedViews,
    /// Share a saved view with all supporters, and change those that are shared.
    ShareViews,
    /// Anything in the backend.
    Administer,
}

/// The answer of [`allows`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The action is allowed.
    Allow,
    /// The viewer must not learn that the ticket exists (P-02).
    Hide,
    /// The viewer may know that the ticket exists, but may not do this.
    Deny(Denial),
}

impl Decision {
    /// Whether the action is allowed.
    pub fn is_allowed(self) -> bool {
        self == Self::Allow
    }

    /// Converts the decision into a result.
    ///
    /// # Errors
    /// Every decision but [`Allow`](Self::Allow).
    pub(crate) fn obey(self) -> Result<(), Error> {
        match self {
            Self::Allow => Ok(()),
            Self::Hide => Err(Error::NotFound),
            Self::Deny(denial) => Err(denial.into()),
        }
    }
}

/// Decides whether a viewer may act on a ticket.
pub fn allows(viewer: Viewer<'_>, action: Action, ticket: &Ticket) -> Decision {
    decide(viewer, action, viewer.side(ticket))
}

/// Decides like [`allows`] about a ticket that cannot be read. If its customer cannot be read either, `customer` is `None`.
pub(crate) fn allows_damaged(viewer: Viewer<'_>, action: Action, customer: Option<&UserId>) -> Decision {
    decide(viewer, action, viewer.side_of(customer))
}

fn decide(viewer: Viewer<'_>, action: Action, side: Option<Side>) -> Decision {
    let Some(side) = side else { return Decision::Hide };
    match (action, side) {
        (Action::Read, Side::Customer) if viewer.is_supporter() => Decision::Allow,
        (Action::Read, Side::Customer) => needs(viewer, AccessLevel::Read),
        (Action::Reply | Action::Rate, Side::Customer) => needs(viewer, AccessLevel::Comment),
        (Action::Reply | Action::Rate, Side::Desk) => Decision::Deny(Denial::OnlyTheCustomer),
        (_, Side::Desk) => Decision::Allow,
        // Supporters are the customers of their own tickets (D-05). For other customers there is no desk.
        (_, Side::Customer) if viewer.is_supporter() => Decision::Deny(Denial::OnlyTheDesk),
        (_, Side::Customer) => Decision::Hide,
    }
}

/// Decides whether a viewer may take an action that is not about a particular ticket.
pub fn allows_on_site(viewer: Viewer<'_>, action: SiteAction) -> Decision {
    match action {
        SiteAction::List | SiteAction::Attach | SiteAction::SavedAnswers | SiteAction::SavedViews if viewer.is_supporter() => {
            Decision::Allow
        }
        SiteAction::ShareViews if viewer.is_supporter() => needs(viewer, AccessLevel::Admin),
        SiteAction::List => needs(viewer, AccessLevel::Read),
        SiteAction::Attach => needs(viewer, AccessLevel::Comment),
        SiteAction::SavedAnswers | SiteAction::SavedViews | SiteAction::ShareViews => Decision::Hide,
        SiteAction::Open => needs(viewer, AccessLevel::Add),
        SiteAction::Administer => needs(viewer, AccessLevel::Admin),
    }
}

fn needs(viewer: Viewer<'_>, level: AccessLevel) -> Decision {
    if viewer.level() >= level { Decision::Allow } else { Decision::Deny(Denial::Level(level)) }
}

/// The user behind a visitor. Guests may do nothing before they sign in.
///
/// # Errors
/// [`Error::SignIn`] for a guest.
pub fn signed_in(visitor: &Visitor) -> Result<&User, Error> {
    match visitor {
        Visitor::Guest => Err(Error::SignIn),
        Visitor::User(user) => Ok(user),
    }
}

/// Draws all decisions as a Markdown table. A test compares `docs/permissions.md` with it.
pub fn permission_table() -> String {
    const LEVELS: [AccessLevel; 5] =
        [AccessLevel::Overview, AccessLevel::Read, AccessLevel::Comment, AccessLevel::Add, AccessLevel::Admin];
    let user = |level| User { level, ..User::new("visitor", "Visitor") };
    let users: Vec<User> = LEVELS.into_iter().map(user).collect();
    let supporter = user(AccessLevel::Comment);
    let viewers: Vec<(String, Viewer<'_>)> = users
        .iter()
        .map(|user| (format!("user, {:?}", user.level), Viewer::customer(user)))
        .chain([("supporter".to_owned(), Viewer::supporter(&supporter))])
        .collect();

    let mut table = String::from("| action | ticket | guest |");
    for (name, _) in &viewers {
        let _ = write!(table, " {name} |");
    }
    table.push_str("\n| --- | --- | --- |");
    table.push_str(&" --- |".repeat(viewers.len()));
    let guest = if signed_in(&Visitor::Guest).is_err() { "sign in" } else { "yes" };
    let another = UserId::new("another");
    let mut rows: Vec<(String, &str, Vec<Decision>)> = Vec::new();
    for &action in SiteAction::VARIANTS {
        let decisions = viewers.iter().map(|(_, viewer)| allows_on_site(*viewer, action)).collect();
        rows.push((format!("{action:?}"), "", decisions));
    }
    for &action in Action::VARIANTS {
        for (whose, customer) in [("own", &supporter.id), ("foreign", &another)] {
            let decisions = viewers.iter().map(|(_, viewer)| decide(*viewer, action, viewer.side_of(Some(customer)))).collect();
            rows.push((format!("{action:?}"), whose, decisions));
        }
    }
    for (action, whose, decisions) in rows {
        let _ = write!(table, "\n| {action} | {whose} | {guest} |");
        for decision in decisions {
            let word = match decision {
                Decision::Allow => "yes",
                Decision::Hide => "not found",
                Decision::Deny(_) => "no",
            };
            let _ = write!(table, " {word} |");
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
    fn a_foreign_ticket_does_not_exist_for_a_customer_of_any_level() {
        let admin = User { level: AccessLevel::Admin, ..User::new("ada", "Ada") };
        for &action in Action::VARIANTS {
            for customer in [Some(&UserId::new("anna")), None] {
                assert_eq!(allows_damaged(Viewer::customer(&admin), action, customer), Decision::Hide, "{action:?}");
            }
        }
    }

    /// D-05
    #[test]
    fn a_supporter_is_the_customer_of_their_own_ticket() {
        let sara = User { level: AccessLevel::Comment, ..User::new("sara", "Sara") };
        let viewer = Viewer::supporter(&sara);
        assert_eq!(viewer.side_of(Some(&sara.id)), Some(Side::Customer));
        assert_eq!(allows_damaged(viewer, Action::Close, Some(&sara.id)), Decision::Deny(Denial::OnlyTheDesk));
    }
}
