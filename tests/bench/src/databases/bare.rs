//! Bare statements that write the rows of a ticket, and read those of a page.
//!
//! A ticket that was opened through MuTicket is the sample: its rows are copied, with the columns that the database says it has. So a new
//! column changes nothing here, and a new table is one more name in [`PARTS`].

use muticket_core::TicketNumber;

/// A user who opens tickets and reads pages of them.
pub(super) trait User: Send + 'static {
    /// Opens a ticket.
    fn open(&mut self) -> impl Future<Output = ()> + Send;

    /// Reads the newest open tickets. Returns how many there are.
    fn page(&mut self) -> impl Future<Output = usize> + Send;
}

/// A user with their own connection and bare statements.
pub(super) trait Bare: User + Sized {
    /// Another user of the same database.
    async fn another(&self) -> Self;
}

pub(super) const TICKETS: &str = "muticket_ticket";

/// The tables in which opening a ticket writes rows. Each has a column `ticket`.
pub(super) const PARTS: [&str; 5] =
    ["muticket_subject_word", "muticket_message", "muticket_seen", "muticket_history", "muticket_outbox"];

/// The rows of a page: one more than it shows.
pub(super) const LIST: &str =
    "SELECT * FROM muticket_ticket WHERE state = 'open' ORDER BY last_activity_at DESC, number DESC LIMIT 21";

/// Counts the tickets of a state, up to a thousand.
pub(super) const COUNTS: [&str; 2] = [
    "SELECT COUNT(*) AS number FROM (SELECT number FROM muticket_ticket WHERE state = 'open' LIMIT 1000) counted",
    "SELECT COUNT(*) AS number FROM (SELECT number FROM muticket_ticket WHERE state = 'closed' LIMIT 1000) counted",
];

/// What a user has read of the tickets of a page.
pub(super) const MARKS: &str = "SELECT ticket AS number FROM muticket_seen WHERE user_id = 'sara' AND ticket";

/// How a database spells the copies.
pub(super) struct Spelling {
    /// The quotation mark of names.
    pub(super) quote: char,
    /// The number of the new ticket.
    pub(super) ticket: &'static str,
    /// A new identifier.
    pub(super) id: &'static str,
}

impl Spelling {
    /// Copies the row of the ticket. The database gives the number.
    pub(super) fn ticket(&self, columns: &[String], sample: TicketNumber) -> String {
        let columns: Vec<_> = columns.iter().filter(|column| *column != "number").map(|column| self.quoted(column)).collect();
        let columns = columns.join(", ");
        format!("INSERT INTO {TICKETS} ({columns}) SELECT {columns} FROM {TICKETS} WHERE number = {sample}")
    }

    /// Copies the rows of a table that belong to the ticket.
    pub(super) fn part(&self, table: &str, columns: &[String], sample: TicketNumber) -> String {
        let value = |column: &String| match column.as_str() {
            "ticket" => self.ticket.to_owned(),
            // The form of each ticket has its own nonce.
            "id" | "nonce" => self.id.to_owned(),
            name => self.quoted(name),
        };
        let values: Vec<_> = columns.iter().map(value).collect();
        let columns: Vec<_> = columns.iter().map(|column| self.quoted(column)).collect();
        let (columns, values) = (columns.join(", "), values.join(", "));
        format!("INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE ticket = {sample}")
    }

    fn quoted(&self, name: &str) -> String {
        format!("{0}{name}{0}", self.quote)
    }
}
