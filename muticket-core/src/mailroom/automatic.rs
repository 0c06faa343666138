//! Letters that no person wrote (M-05): absence notes, lists, reports about delivery.

/// What the header of a letter says about who wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// As far as the header says, a person.
    Person,
    /// A program.
    Program,
    /// A mail server, about the delivery of a letter.
    Server,
}

/// The part of a letter by which its origin is told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signs<'l> {
    /// The header fields: name and value.
    pub(crate) fields: Vec<(&'l str, &'l str)>,
    /// The local part of the address in `From`, in lower case.
    pub(crate) sender: String,
    /// Whether reports about its delivery go to nobody (RFC 5321, 4.5.5).
    pub(crate) has_no_return: bool,
}

/// Tells the origin of a letter.
pub(crate) fn origin(signs: &Signs<'_>) -> Origin {
    let content = signs.value("content-type");
    let reports = content.starts_with("multipart/report") || content.starts_with("message/delivery-status");
    let is_server = ["mailer-daemon", "postmaster", "mail-daemon"].contains(&signs.sender.as_str());
    // A receipt says that a person saw the letter (RFC 8098), and a complaint that they did not want it (RFC 5965).
    let is_other = ["feedback-report", "disposition-notification"].iter().any(|kind| content.contains(kind));
    if reports && !is_other || is_server || signs.has("x-failed-recipients") {
        return Origin::Server;
    }
    let auto_submitted = signs.value("auto-submitted");
    let is_automatic = !auto_submitted.is_empty() && first_word(&auto_submitted) != "no";
    let precedence = signs.value("precedence");
    let is_bulk = ["bulk", "junk", "list", "auto_reply"].contains(&precedence.as_str());
    let answers_none = first_word(&signs.value("x-auto-response-suppress")) == "all";
    let marks = ["list-id", "list-unsubscribe", "list-post", "x-autoreply", "x-autorespond", "x-autoresponse", "feedback-id"];
    let is_marked = marks.iter().any(|name| signs.has(name));
    let is_called_so = ["no-reply", "noreply", "do-not-reply", "donotreply"].contains(&signs.sender.as_str());
    if is_automatic || is_bulk || answers_none || is_marked || is_called_so || reports || signs.has_no_return {
        return Origin::Program;
    }
    Origin::Person
}

impl Signs<'_> {
    fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field.eq_ignore_ascii_case(name))
    }

    /// The value of the first field with this name, in lower case and in one line; empty without one.
    fn value(&self, name: &str) -> String {
        let found = self.fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name));
        let words = found.map_or("", |(_, value)| value).split_whitespace();
        words.collect::<Vec<_>>().join(" ").to_ascii_lowercase()
    }
}

fn first_word(value: &str) -> &str {
    value.split([';', ',', ' ', '(']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M-05
    #[test]
    fn the_origin_of_letters_as_a_table() {
        let cases = [
            (Origin::Person, "anna", vec![("Subject", "Automatic doors"), ("Auto-Submitted", "no")]),
            (Origin::Person, "anna", vec![("Content-Type", "multipart/mixed; boundary=a"), ("Precedence", "normal")]),
            (Origin::Person, "anna", vec![("X-MuTicket-Loop", "1"), ("X-Auto-Response-Suppress", "OOF")]),
            (Origin::Program, "anna", vec![("Auto-Submitted", "auto-replied")]),
            (Origin::Program, "anna", vec![("AUTO-SUBMITTED", " auto-generated;\r\n owner-email=a@b")]),
            (Origin::Program, "anna", vec![("Precedence", "Bulk")]),
            (Origin::Program, "anna", vec![("Precedence", "auto_reply")]),
            (Origin::Program, "anna", vec![("X-Auto-Response-Suppress", "All")]),
            (Origin::Program, "anna", vec![("X-Autoreply", "yes")]),
            (Origin::Program, "news", vec![("List-Unsubscribe", "<mailto:a@b>")]),
            (Origin::Program, "anna", vec![("List-Id", "<x.example>")]),
            (Origin::Program, "noreply", vec![]),
            (Origin::Program, "anna", vec![("Content-Type", "multipart/report; report-type=feedback-report")]),
            (Origin::Program, "anna", vec![("Content-Type", "multipart/report; report-type=disposition-notification")]),
            (Origin::Server, "anna", vec![("Content-Type", "multipart/report;\r\n report-type=delivery-status")]),
            (Origin::Server, "anna", vec![("Content-Type", "message/delivery-status")]),
            (Origin::Server, "mailer-daemon", vec![("Auto-Submitted", "auto-replied")]),
            (Origin::Server, "postmaster", vec![]),
            (Origin::Server, "x", vec![("X-Failed-Recipients", "a@b.example")]),
        ];
        for (expected, sender, fields) in cases {
            let signs = Signs { fields, sender: sender.to_owned(), has_no_return: false };
            assert_eq!(origin(&signs), expected, "{signs:?}");
        }
        let nobody = Signs { has_no_return: true, sender: "anna".to_owned(), ..Signs::default() };
        assert_eq!(origin(&nobody), Origin::Program);
    }
}
