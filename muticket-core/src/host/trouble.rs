//! Mistakes in the host's answers that MuTicket can detect and that could be misread on the pages.

use crate::id::UnfitId;

/// A mistake in the host's answers. Users of the site cannot fix it, so it is reported to the operator: see
/// [`Helpdesk::on_host_trouble`](crate::Helpdesk::on_host_trouble). `Display` says what to do about it and contains no names
/// or ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum HostTrouble {
    /// The visitor is a user whom [`Directory::users`](crate::Directory::users) does not know.
    #[error(
        "a user is signed in whom `Directory::users` does not know by the same id: let the visitor and the `Directory` give the same id \
         (is one of them the login, and the other the number?); as long as they differ, the user is a \"former user\" on the pages, gets \
         no letters and cannot be a supporter"
    )]
    VisitorUnknown,
    /// A member of the supporters' group whom [`Directory::users`](crate::Directory::users) does not know.
    #[error(
        "`Directory::members` names a user whom `Directory::users` does not know by the same id: let both give the same id, else that user \
         cannot be made a supporter"
    )]
    MemberUnknown,
    /// A member of a group whose [`groups`](crate::User::groups) do not contain it.
    #[error(
        "`Directory::members` gives a user whose `User::groups` lack that group: put the group into `User::groups` everywhere, else that \
         user cannot be a supporter"
    )]
    MemberLacksGroup,
    /// The host does not know any of the supporters.
    #[error(
        "`Directory::users` knows none of the supporters: let it give them under the ids they had when they were made supporters; until \
         then nobody is present, and nobody can open a ticket"
    )]
    NoSupporterKnown,
    /// All supporters have left the group.
    #[error(
        "no supporter is in the supporters' group any more: put them back into the group, or choose another group in the settings of the \
         backend; until then nobody is present, and nobody can open a ticket"
    )]
    NoSupporterInGroup,
    /// The supporters' group has no members.
    #[error(
        "`Directory::members` gives nobody for the supporters' group: put somebody into the group, or choose another group in the settings \
         of the backend"
    )]
    GroupEmpty,
    /// An id that not every database can store.
    #[error(
        "the host gave the id of a {of} that cannot be used: {problem}; give one of 1 to 255 characters, such as the key of the row"
    )]
    UnfitId {
        /// What the id belongs to.
        of: IdOf,
        /// Why it cannot be used.
        problem: UnfitId,
    },
}

/// The kind of thing that an id of the host belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IdOf {
    /// The visitor of the site.
    Visitor,
    /// A member of a group. Left out of the answer.
    Member,
    /// A group. Left out of the answer.
    Group,
    /// A category. Left out of the answer.
    Category,
}

impl std::fmt::Display for IdOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Visitor => "visitor (`Host::visitor`)",
            Self::Member => "user (`Directory::members`)",
            Self::Group => "group (`Directory::groups`)",
            Self::Category => "category (`CategorySource::categories`)",
        })
    }
}
