//! How a server looks up tickets for a statement, and what is wrong with it.

/// A statement that the storage ran, with its values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Statement {
    pub(crate) sql: String,
    pub(crate) values: Vec<String>,
}

impl Statement {
    /// Reads what Diesel writes for people: the SQL and, after two dashes, its values. The values of the tests have no commas.
    pub(crate) fn read(shown: &str) -> Self {
        let (sql, values) = shown.split_once(" -- binds: ").unwrap_or((shown, "[]"));
        let inner = values.strip_prefix('[').and_then(|values| values.strip_suffix(']')).unwrap_or_default();
        let (mut values, mut depth) = (vec![String::new()], 0);
        for character in inner.chars() {
            depth += i32::from(character == '[') - i32::from(character == ']');
            match (character, values.last_mut()) {
                (',', _) if depth == 0 => values.push(String::new()),
                (_, Some(value)) => value.push(character),
                _ => {}
            }
        }
        let values = values.iter().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect();
        Self { sql: sql.to_owned(), values }
    }

    /// The SQL without the marks around names, which differ between servers.
    fn plain(&self) -> String {
        self.sql.replace(['"', '`'], "")
    }

    /// Whether few tickets are sorted: the storage has counted them, or they are those of one customer, or those of a count, which the
    /// server sorts only if it expects fewer than the limit.
    fn sorts_few(&self) -> bool {
        let plain = self.plain();
        let few = [
            "ORDER BY COALESCE(muticket_ticket.number",
            "IN (SELECT ticket FROM muticket_ticket_label",
            "muticket_ticket.customer = ",
            "SELECT COUNT(*)",
        ];
        few.iter().any(|words| plain.contains(words))
    }

    /// Whether the list follows the numbers of all tickets and tests each, because many of them are in it.
    pub(crate) fn follows_numbers(&self) -> bool {
        self.plain().contains("ORDER BY muticket_ticket.number")
    }

    /// How the name of the index begins that must lead to the tickets; nothing if several conditions lead.
    fn leads(&self) -> &'static str {
        let plain = self.plain();
        let has = |words: &str| plain.contains(words);
        let leads_many = ["IN (SELECT ticket FROM muticket_ticket_label", "UNION ALL SELECT $", "UNION ALL SELECT ?"];
        if leads_many.into_iter().any(has) {
            ""
        } else if has("muticket_ticket.customer = ") {
            "muticket_ticket_of_customer"
        } else if self.follows_numbers() {
            ""
        } else if has("muticket_ticket.assignee = ") || has("muticket_ticket.assignee IS NULL") {
            "muticket_ticket_assigned"
        } else if has("muticket_ticket.category = ") {
            "muticket_ticket_in_category"
        } else if has("muticket_ticket.turn = ") {
            "muticket_ticket_to_do"
        } else {
            ""
        }
    }

    /// What is wrong with how the server looks tickets up; nothing if all is well.
    pub(crate) fn faults(&self, looked: &[Looked], are_many: bool) -> Vec<String> {
        let mut faults = Vec::new();
        for Looked { step, index, whole, sorted } in looked {
            if *whole {
                faults.push(format!("reads all tickets: {step}"));
            }
            if *sorted && are_many && !self.sorts_few() {
                faults.push(format!("sorts: {step}"));
            }
            if index.as_ref().is_some_and(|index| !index.starts_with(self.leads())) {
                faults.push(format!("another index leads: {step}"));
            }
        }
        faults
    }
}

/// How a step of a plan looks up tickets.
#[derive(Debug)]
pub(crate) struct Looked {
    pub(crate) step: String,
    /// The index that it follows.
    pub(crate) index: Option<String>,
    /// Whether it reads the table, or an index from its beginning to its end.
    pub(crate) whole: bool,
    /// Whether it sorts, or finds its tickets in no order.
    pub(crate) sorted: bool,
}
