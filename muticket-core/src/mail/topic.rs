//! What a letter is about.

use crate::category::Category;
use crate::notification::Notification;
use crate::ticket::{Body, Ticket};
use crate::user::User;

/// The content of a letter.
#[derive(Debug, Clone, Copy)]
pub struct Topic<'a> {
    /// The reason.
    pub notification: Notification,
    /// The ticket.
    pub ticket: &'a Ticket,
    /// The quoted text of a message or a note.
    pub body: &'a Body,
    /// The name of the person who wrote it or changed the ticket; blank if they have none, `None` if the host no longer knows
    /// them.
    pub author: Option<&'a str>,
    /// The recipient of the letter.
    pub recipient: &'a User,
    /// The ticket's category; `None` if it has none.
    pub category: Option<&'a Category>,
    /// The URL of the message or note.
    pub link: &'a str,
    /// The name of the site.
    pub site: &'a str,
    /// Whether the recipient can reply to the letter (M-10).
    pub can_reply: bool,
}
