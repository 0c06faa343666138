//! Why a door refuses an action.

use crate::user::AccessLevel;

/// Why the visitor may not do something with a thing they know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Denial {
    /// The host gave the visitor a lower level than this.
    #[error("needs access level {0:?}")]
    Level(AccessLevel),
    /// Only the ticket's customer may do this.
    #[error("only the ticket's customer may do this")]
    OnlyTheCustomer,
    /// Only supporters may do this, and on their own ticket a supporter is the customer (D-05).
    #[error("supporters are the customers of their own tickets")]
    OnlyTheDesk,
    /// Only the author of a note may change it (T-01).
    #[error("only its author may do this")]
    OnlyTheAuthor,
    /// Supporters may not open tickets here (D-05).
    #[error("supporters may not open tickets")]
    SupportersDoNotOpen,
}

/// Why something is refused in the current state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// No supporter is present.
    #[error("support is not active")]
    SupportOff,
    /// The ticket is closed (D-02).
    #[error("the ticket is closed")]
    TicketClosed,
    /// Ratings are switched off.
    #[error("ratings are off")]
    RatingsOff,
    /// Only supporters' answers can be rated.
    #[error("only answers can be rated")]
    NotAnAnswer,
    /// Users cannot rate their own answers.
    #[error("supporters cannot rate their own answers")]
    OwnAnswer,
    /// The form was sent before with other content (P-25).
    #[error("the form was already sent with different content")]
    FormUsed,
    /// It repeats its author's last message in another form. The author is asked to confirm it (P-25).
    #[error("the same was just sent")]
    SameAgain,
    /// The bytes of the file are missing.
    #[error("the file is missing")]
    FileMissing,
    /// The bytes of the file are not the stored ones (P-29).
    #[error("the file is damaged")]
    FileDamaged,
    /// The ticket exists, but its row is damaged (P-28). An administrator can delete it.
    #[error("the ticket is damaged")]
    TicketDamaged,
    /// The host supplies the categories, so they cannot be edited here.
    #[error("categories are managed by the host")]
    CategoriesOfTheHost,
}
