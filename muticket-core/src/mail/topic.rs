//! What a letter is about.

use crate::category::Category;
use crate::notification::Notification;
use crate::ticket::{Message, Ticket};
use crate::user::User;

/// The content of a letter.
#[derive(Debug, Clone, Copy)]
pub struct Topic<'a> {
    /// The reason.
    pub notification: Notification,
    /// The ticket.
    pub ticket: &'a Ticket,
    /// The quoted message.
    pub message: &'a Message,
    /// The name of the message's author; blank if they have none, `None` if the host no longer knows them.
    pub author: Option<&'a str>,
    /// The recipient of the letter.
    pub recipient: &'a User,
    /// The ticket's category; `None` if it has none.
    pub category: Option<&'a Category>,
    /// The URL of the message.
    pub link: &'a str,
    /// The name of the site.
    pub site: &'a str,
}
