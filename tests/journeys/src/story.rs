//! What people do, in one word each. Every one of them looks at the page first, as people do, and expects it to go well.

use muticket_core::MessageNumber;

use crate::answer::Answer;
use crate::browser::Browser;
use crate::form::Form;

impl Browser {
    /// The form for a new ticket, filled in.
    pub async fn drafts(&self, subject: &str, category: &str, body: &str) -> Form {
        let form = self.get("/tickets/new").await.is(200).form("/tickets");
        let form = form.with("subject", subject).with("body", body);
        if category.is_empty() { form } else { form.choosing("category", category) }
    }

    /// Opens a ticket; its number. No category: an empty name.
    pub async fn opens(&self, subject: &str, category: &str, body: &str) -> u64 {
        // Whoever tells a story may open two tickets that are alike.
        let form = self.drafts(subject, category, body).await.forced("repeated", b"send");
        self.opens_with(&form).await
    }

    /// Sends the form for a new ticket, and reads the number of the ticket it made.
    pub async fn opens_with(&self, form: &Form) -> u64 {
        let answer = self.submits(form).await.is(303);
        number_in(&answer)
    }

    /// The page of a ticket.
    pub async fn sees(&self, ticket: u64) -> Answer {
        self.get(&at(ticket)).await.is(200)
    }

    /// Whether the ticket does not exist, as far as the person is concerned.
    pub async fn does_not_find(&self, ticket: u64) -> bool {
        self.get(&at(ticket)).await.status.code == 404
    }

    /// The box below the last message, with a text in it.
    pub async fn writes(&self, ticket: u64, body: &str) -> Form {
        self.sees(ticket).await.form("/messages").with("body", body)
    }

    /// Replies; the number of the message.
    pub async fn replies(&self, ticket: u64, body: &str) -> u32 {
        let form = self.writes(ticket, body).await.forced("repeated", b"send");
        self.sends_message(ticket, &form).await
    }

    /// Answers; the number of the message.
    pub async fn answers(&self, ticket: u64, body: &str) -> u32 {
        self.replies(ticket, body).await
    }

    /// Sends a reply or an answer, and reads the number of the message it made.
    pub async fn sends_message(&self, ticket: u64, form: &Form) -> u32 {
        let answer = self.submits(form).await.is(303);
        let (page, message) = answer.location().split_once("#message-").expect("it leads to the message");
        assert!(page.ends_with(&at(ticket)), "{page}");
        message.parse().unwrap()
    }

    /// Closes, and sees the page that follows.
    pub async fn closes(&self, ticket: u64) -> Answer {
        self.presses(ticket, "/close").await
    }

    /// Takes it up again, and sees the page that follows.
    pub async fn reopens(&self, ticket: u64) -> Answer {
        self.presses(ticket, "/reopen").await
    }

    async fn presses(&self, ticket: u64, button: &str) -> Answer {
        let form = self.sees(ticket).await.form(button);
        let answer = self.submits(&form).await.is(303);
        assert!(answer.location().ends_with(&at(ticket)), "{}", answer.location());
        self.follows(&answer).await.is(200)
    }

    /// Gives stars to an answer, and sees the page that follows.
    pub async fn rates(&self, ticket: u64, message: u32, stars: u8) -> Answer {
        let form = self.sees(ticket).await.form(&format!("/messages/{message}/rating"));
        let answer = self.submits(&form.forced("stars", stars.to_string().as_bytes())).await.is(303);
        assert!(answer.location().ends_with(&format!("{}#rating-{message}", at(ticket))), "{}", answer.location());
        self.follows(&answer).await.is(200)
    }

    /// The subjects on a page of the overview, in its order.
    pub async fn lists(&self, query: &str) -> Vec<String> {
        self.get(&format!("/tickets{query}")).await.is(200).all(".row-subject")
    }

    /// A token of this person's, taken from a page that he saw when he still might open tickets.
    pub async fn token(&self) -> String {
        let Some(person) = &self.person else { return "0.0".to_owned() };
        let people = self.world.people();
        let now = people.find(person).unwrap();
        people.change(person, |user| {
            user.level = muticket_core::AccessLevel::Add;
            user.groups.clear();
        });
        let form = self.get("/tickets/new").await.is(200).form("/tickets");
        people.add(now);
        form.value("token")
    }
}

/// The address of a ticket, below the base.
pub fn at(ticket: u64) -> String {
    format!("/tickets/{ticket}")
}

/// The number of the ticket to which an answer leads.
pub fn number_in(answer: &Answer) -> u64 {
    let path = answer.location().split('#').next().unwrap_or_default();
    let number = path.rsplit('/').next().unwrap_or_default();
    number.parse().unwrap_or_else(|_| panic!("{path} is no ticket's"))
}

/// A message's number.
pub fn message(number: u32) -> MessageNumber {
    MessageNumber::new(number).unwrap()
}
