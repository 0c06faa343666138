//! What becomes of a letter. Each step looks at one thing, and the first that decides counts.

use crate::id::TicketNumber;
use crate::incoming::Verdict;
use crate::mailroom::automatic::Origin;
use crate::mailroom::parsed::Parsed;
use crate::mailroom::trust::Check;
use crate::user::User;

/// Everything that the steps look at.
#[derive(Debug)]
pub(crate) struct Facts<'l> {
    pub(crate) letter: &'l Parsed,
    pub(crate) sender: Sender,
    /// The ticket of the first genuine token; `None` if no token is genuine.
    pub(crate) thread: Option<Thread>,
    /// Whether letters open tickets here.
    pub(crate) opens_tickets: bool,
    /// Whether a supporter's reply is an answer here (M-01).
    pub(crate) takes_answers: bool,
    /// Whether too many letters of the sender were taken in the hour before this one (M-05).
    pub(crate) is_too_much: bool,
}

/// Whom the directory knows under the sender's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sender {
    Nobody,
    /// The user, and whether they are a supporter.
    One(Box<User>, bool),
    Several,
}

/// What a genuine token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Thread {
    pub(crate) ticket: TicketNumber,
    /// Whether the token was made for the sender.
    pub(crate) is_for_sender: bool,
    /// Whether the sender is the ticket's customer.
    pub(crate) is_customer: bool,
    /// Whether the letter went to the address with the token. Otherwise the token is in an id that the letter answers.
    pub(crate) is_addressed: bool,
}

/// What is done with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// It stays as it is.
    Keep(Verdict),
    /// It stays as it is, and the user who wrote it may be told why.
    Answer(Box<User>, Verdict),
    /// It is the user's reply on the ticket.
    Reply(Box<User>, TicketNumber),
    /// It is the supporter's answer on the ticket.
    Respond(Box<User>, TicketNumber),
    /// It opens a ticket of the user.
    Open(Box<User>),
}

impl Decision {
    /// The user who wrote the letter, if they are known and confirmed.
    pub(crate) fn writer(&self) -> Option<&User> {
        match self {
            Self::Keep(_) => None,
            Self::Answer(user, _) | Self::Reply(user, _) | Self::Respond(user, _) | Self::Open(user) => Some(user),
        }
    }
}

/// A step: its name, and what it decides. `None` leaves the letter to the next step.
type Step = (&'static str, fn(&Facts<'_>) -> Option<Decision>);

/// The steps in their order. The last one always decides.
const STEPS: [Step; 6] = [
    ("our own letter", own),
    ("written by a program", automatic),
    ("a reply to a letter of ours", reply),
    ("from somebody unknown", unknown),
    ("not confirmed", unconfirmed),
    ("a new ticket", new_ticket),
];

/// Decides what is done with a letter.
pub(crate) fn decide(facts: &Facts<'_>) -> Decision {
    STEPS.iter().find_map(|(_, step)| step(facts)).unwrap_or(Decision::Keep(Verdict::NotConfirmed))
}

/// M-05: "Our own letters coming back are recognised."
fn own(facts: &Facts<'_>) -> Option<Decision> {
    facts.letter.is_own.then_some(Decision::Keep(Verdict::Own))
}

/// M-05: letters that no person wrote change nothing.
fn automatic(facts: &Facts<'_>) -> Option<Decision> {
    match facts.letter.origin {
        Origin::Person => None,
        Origin::Program => Some(Decision::Keep(Verdict::Automatic)),
        Origin::Server => Some(Decision::Keep(Verdict::Bounce)),
    }
}

/// M-03: a token says which ticket. Who wrote is the sender, if the token was made for them and nothing says that they are forged.
fn reply(facts: &Facts<'_>) -> Option<Decision> {
    let thread = facts.thread?;
    Some(match &facts.sender {
        Sender::One(..) if facts.letter.check == Check::Failed => Decision::Keep(Verdict::NotConfirmed),
        Sender::One(user, _) if thread.is_for_sender && thread.is_customer => {
            if facts.is_too_much {
                Decision::Answer(user.clone(), Verdict::TooMany)
            } else {
                Decision::Reply(user.clone(), thread.ticket)
            }
        }
        Sender::One(user, is_supporter) if may_respond(facts, thread) => respond(facts, user, *is_supporter, thread.ticket),
        Sender::One(user, true) if thread.is_for_sender => Decision::Answer(user.clone(), Verdict::FromSupporter),
        _ => Decision::Keep(Verdict::NotConfirmed),
    })
}

/// M-01: whether the letter may be a supporter's answer. It reaches the customer, so the token is not enough: the sender has to be
/// confirmed. A letter to a colleague, with a copy to the site, answers the same id, so the letter has to go to the address of the token.
fn may_respond(facts: &Facts<'_>, thread: Thread) -> bool {
    facts.takes_answers && thread.is_for_sender && thread.is_addressed && facts.letter.check == Check::Passed
}

/// The letter of somebody who was a supporter when they got the notice that they reply to.
fn respond(facts: &Facts<'_>, user: &User, is_supporter: bool, ticket: TicketNumber) -> Decision {
    let user = Box::new(user.clone());
    match (is_supporter, facts.is_too_much) {
        (false, _) => Decision::Answer(user, Verdict::NotAllowed),
        (true, true) => Decision::Answer(user, Verdict::TooMany),
        (true, false) => Decision::Respond(user, ticket),
    }
}

/// M-04: letters from somebody unknown are held, and never answered.
fn unknown(facts: &Facts<'_>) -> Option<Decision> {
    (facts.sender == Sender::Nobody).then_some(Decision::Keep(Verdict::UnknownSender))
}

/// M-04: without a token only a check of the sender says who wrote.
fn unconfirmed(facts: &Facts<'_>) -> Option<Decision> {
    let is_confirmed = facts.letter.check == Check::Passed && facts.sender != Sender::Several;
    (!is_confirmed).then_some(Decision::Keep(Verdict::NotConfirmed))
}

/// M-04: a letter from a user opens a ticket, if letters do so here.
fn new_ticket(facts: &Facts<'_>) -> Option<Decision> {
    match &facts.sender {
        Sender::One(user, true) => Some(Decision::Answer(user.clone(), Verdict::FromSupporter)),
        Sender::One(user, false) if !facts.opens_tickets => Some(Decision::Answer(user.clone(), Verdict::NotAllowed)),
        Sender::One(user, false) if facts.is_too_much => Some(Decision::Answer(user.clone(), Verdict::TooMany)),
        Sender::One(user, false) => Some(Decision::Open(user.clone())),
        Sender::Nobody | Sender::Several => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incoming::Envelope;
    use crate::mailroom::parsed::parse;
    use crate::mailroom::rules::MailIn;

    fn letter(head: &str) -> Parsed {
        let rules = MailIn::new("support+{token}@example.org").unwrap().with_relay("mx");
        let raw = format!("{head}From: anna@x.example\r\n\r\nHello");
        parse(&raw.into(), &Envelope::default(), &rules).unwrap()
    }

    fn anna() -> Box<User> {
        Box::new(User::new("anna", "Anna"))
    }

    /// A letter of nobody, at a site with the usual rules.
    fn facts(letter: &Parsed) -> Facts<'_> {
        let sender = Sender::Nobody;
        Facts { letter, sender, thread: None, opens_tickets: true, takes_answers: false, is_too_much: false }
    }

    /// M-03 to M-05: every step in one table.
    #[test]
    fn the_decisions_as_a_table() {
        let ticket = TicketNumber::new(12).unwrap();
        let thread = |is_for_sender, is_customer| Some(Thread { ticket, is_for_sender, is_customer, is_addressed: true });
        let one = |is_supporter| Sender::One(anna(), is_supporter);
        let (plain, passed, failed) =
            ("", "Authentication-Results: mx; dmarc=pass\r\n", "Authentication-Results: mx; dmarc=fail\r\n");
        let keep = Decision::Keep;
        let answer = |verdict| Decision::Answer(anna(), verdict);
        let reply = Decision::Reply(anna(), ticket);
        let cases = [
            (plain, one(false), thread(true, true), reply.clone()),
            (passed, one(false), thread(true, true), reply.clone()),
            // The customer of a ticket is its customer, also if they are a supporter (D-05).
            (plain, one(true), thread(true, true), reply),
            (failed, one(false), thread(true, true), keep(Verdict::NotConfirmed)),
            (plain, one(true), thread(true, false), answer(Verdict::FromSupporter)),
            (plain, one(false), thread(true, false), keep(Verdict::NotConfirmed)),
            (passed, one(false), thread(false, false), keep(Verdict::NotConfirmed)),
            (passed, one(false), thread(false, true), keep(Verdict::NotConfirmed)),
            (passed, Sender::Nobody, thread(false, false), keep(Verdict::NotConfirmed)),
            (passed, Sender::Several, thread(false, false), keep(Verdict::NotConfirmed)),
            (plain, one(false), None, keep(Verdict::NotConfirmed)),
            (failed, one(false), None, keep(Verdict::NotConfirmed)),
            (passed, one(false), None, Decision::Open(anna())),
            (passed, one(true), None, answer(Verdict::FromSupporter)),
            (passed, Sender::Several, None, keep(Verdict::NotConfirmed)),
            (passed, Sender::Nobody, None, keep(Verdict::UnknownSender)),
            (plain, Sender::Nobody, None, keep(Verdict::UnknownSender)),
            ("Auto-Submitted: auto-replied\r\n", one(false), thread(true, true), keep(Verdict::Automatic)),
            ("Auto-Submitted: auto-replied\r\n", Sender::Nobody, None, keep(Verdict::Automatic)),
            ("Content-Type: multipart/report; boundary=b\r\n", one(false), thread(true, true), keep(Verdict::Bounce)),
            ("Message-ID: <a.t12-1-a@example.org>\r\n", one(false), thread(true, true), keep(Verdict::Own)),
        ];
        for (head, sender, thread, expected) in cases {
            let letter = letter(head);
            let facts = Facts { sender, thread, ..facts(&letter) };
            assert_eq!(decide(&facts), expected, "{facts:?}");
        }
        let letter = letter(passed);
        let facts = Facts { sender: one(false), opens_tickets: false, ..facts(&letter) };
        assert_eq!(decide(&facts), answer(Verdict::NotAllowed));
    }

    /// M-05: "a cap per thread and per sender". Who is held for another reason is held for that one.
    #[test]
    fn letters_that_come_too_often_are_held_as_a_table() {
        let ticket = TicketNumber::new(12).unwrap();
        let thread = |is_for_sender, is_customer| Some(Thread { ticket, is_for_sender, is_customer, is_addressed: true });
        let one = |is_supporter| Sender::One(anna(), is_supporter);
        let passed = "Authentication-Results: mx; dmarc=pass\r\n";
        let answer = |verdict| Decision::Answer(anna(), verdict);
        let keep = Decision::Keep;
        let cases = [
            ("", one(false), thread(true, true), answer(Verdict::TooMany)),
            ("", one(true), thread(true, true), answer(Verdict::TooMany)),
            (passed, one(false), None, answer(Verdict::TooMany)),
            (passed, one(true), None, answer(Verdict::FromSupporter)),
            (passed, one(false), thread(false, true), keep(Verdict::NotConfirmed)),
            ("", one(false), None, keep(Verdict::NotConfirmed)),
            ("Precedence: bulk\r\n", one(false), thread(true, true), keep(Verdict::Automatic)),
        ];
        for (head, sender, thread, expected) in cases {
            let letter = letter(head);
            let facts = Facts { sender, thread, is_too_much: true, ..facts(&letter) };
            assert_eq!(decide(&facts), expected, "{facts:?}");
        }
    }

    /// M-01: "a setting (off) lets it be an answer". Each condition counts.
    #[test]
    fn the_answers_of_supporters_as_a_table() {
        let ticket = TicketNumber::new(12).unwrap();
        let to_them = Thread { ticket, is_for_sender: true, is_customer: false, is_addressed: true };
        let one = |is_supporter| Sender::One(anna(), is_supporter);
        let (plain, passed, failed) =
            ("", "Authentication-Results: mx; dmarc=pass\r\n", "Authentication-Results: mx; dmarc=fail\r\n");
        let answer = |verdict| Decision::Answer(anna(), verdict);
        let not_confirmed = Decision::Keep(Verdict::NotConfirmed);
        let cases = [
            (passed, one(true), to_them, false, Decision::Respond(anna(), ticket)),
            (passed, one(true), to_them, true, answer(Verdict::TooMany)),
            (plain, one(true), to_them, false, answer(Verdict::FromSupporter)),
            (failed, one(true), to_them, false, not_confirmed.clone()),
            (passed, one(true), Thread { is_addressed: false, ..to_them }, false, answer(Verdict::FromSupporter)),
            (passed, one(true), Thread { is_for_sender: false, ..to_them }, false, not_confirmed.clone()),
            // On their own ticket they are the customer (D-05).
            (plain, one(true), Thread { is_customer: true, ..to_them }, false, Decision::Reply(anna(), ticket)),
            // They were a supporter when they got the notice.
            (passed, one(false), to_them, false, answer(Verdict::NotAllowed)),
            (passed, one(false), to_them, true, answer(Verdict::NotAllowed)),
            (plain, one(false), to_them, false, not_confirmed.clone()),
            (passed, Sender::Several, to_them, false, not_confirmed),
        ];
        for (head, sender, thread, is_too_much, expected) in cases {
            let letter = letter(head);
            let facts = Facts { sender, thread: Some(thread), takes_answers: true, is_too_much, ..facts(&letter) };
            assert_eq!(decide(&facts), expected, "{facts:?}");
        }
        let letter = letter("Auto-Submitted: auto-replied\r\nAuthentication-Results: mx; dmarc=pass\r\n");
        let facts = Facts { sender: one(true), thread: Some(to_them), takes_answers: true, ..facts(&letter) };
        assert_eq!(decide(&facts), Decision::Keep(Verdict::Automatic));
    }
}
