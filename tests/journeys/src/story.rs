//! What people do, one method each. Each gets the page first, as people do, and expects success.

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

    /// Opens a ticket and returns its number. An empty category name chooses none.
    pub async fn opens(&self, subject: &str, category: &str, body: &str) -> u64 {
        // A journey may open two tickets with the same text, which the module would ask about.
        let form = self.drafts(subject, category, body).await.forced("repeated", b"send");
        self.opens_with(&form).await
    }

    /// Sends the form for a new ticket, and reads the number of the new ticket.
    pub async fn opens_with(&self, form: &Form) -> u64 {
        let answer = self.submits(form).await.is(303);
        number_in(&answer)
    }

    /// The page of a ticket.
    pub async fn sees(&self, ticket: u64) -> Answer {
        self.get(&at(ticket)).await.is(200)
    }

    /// Whether the ticket does not exist as far as this person can see.
    pub async fn does_not_find(&self, ticket: u64) -> bool {
        self.get(&at(ticket)).await.status == 404
    }

    /// The form below the last message, with a text in it.
    pub async fn writes(&self, ticket: u64, body: &str) -> Form {
        self.sees(ticket).await.form("/messages").with("body", body)
    }

    /// Replies, and returns the number of the message.
    pub async fn replies(&self, ticket: u64, body: &str) -> u32 {
        let form = self.writes(ticket, body).await.forced("repeated", b"send");
        self.sends_message(ticket, &form).await
    }

    /// Answers, and returns the number of the message.
    pub async fn answers(&self, ticket: u64, body: &str) -> u32 {
        self.replies(ticket, body).await
    }

    /// Sends a reply or an answer, and reads the number of the new message.
    pub async fn sends_message(&self, ticket: u64, form: &Form) -> u32 {
        let answer = self.submits(form).await.is(303);
        let (page, message) = answer.location().split_once("#message-").expect("it leads to the message");
        assert!(page.ends_with(&at(ticket)), "{page}");
        message.parse().unwrap()
    }

    /// Writes a note, and returns its number.
    pub async fn notes(&self, ticket: u64, body: &str) -> u32 {
        let form = self.sees(ticket).await.form("/notes").with("body", body);
        self.sends_note(&form).await
    }

    /// Sends the form of a note, and reads the number of the note.
    pub async fn sends_note(&self, form: &Form) -> u32 {
        let answer = self.submits(form).await.is(303);
        let (_, note) = answer.location().split_once("#note-").expect("it leads to the note");
        note.parse().unwrap()
    }

    /// Assigns the ticket to a supporter, by name, and gets the page that follows.
    pub async fn assigns(&self, ticket: u64, name: &str) -> Answer {
        let form = self.sees(ticket).await.form("/assignee").choosing("assignee", name);
        let answer = self.submits(&form).await.is(303);
        self.follows(&answer).await.is(200)
    }

    /// Chooses another priority, and gets the page that follows.
    pub async fn prioritizes(&self, ticket: u64, priority: &str) -> Answer {
        let form = self.sees(ticket).await.form("/priority").choosing("priority", priority);
        let answer = self.submits(&form).await.is(303);
        self.follows(&answer).await.is(200)
    }

    /// Ticks these labels, by name, besides those that the ticket has, and gets the page that follows.
    pub async fn labels(&self, ticket: u64, names: &[&str]) -> Answer {
        let form = self.sees(ticket).await.form("/labels");
        let form = names.iter().fold(form, |form, name| form.choosing("label", name));
        let answer = self.submits(&form).await.is(303);
        self.follows(&answer).await.is(200)
    }

    /// Closes the ticket, and gets the page that follows.
    pub async fn closes(&self, ticket: u64) -> Answer {
        self.presses(ticket, "/close").await
    }

    /// Reopens the ticket, and gets the page that follows.
    pub async fn reopens(&self, ticket: u64) -> Answer {
        self.presses(ticket, "/reopen").await
    }

    async fn presses(&self, ticket: u64, button: &str) -> Answer {
        let form = self.sees(ticket).await.form(button);
        let answer = self.submits(&form).await.is(303);
        assert!(answer.location().ends_with(&at(ticket)), "{}", answer.location());
        self.follows(&answer).await.is(200)
    }

    /// Rates an answer, and gets the page that follows.
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

    /// A form token of this person, from a page that they got while they could still open tickets.
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

/// The number of the ticket that an answer redirects to.
pub fn number_in(answer: &Answer) -> u64 {
    let path = answer.location().split('#').next().unwrap_or_default();
    let number = path.rsplit('/').next().unwrap_or_default();
    number.parse().unwrap_or_else(|_| panic!("{path} is no ticket's"))
}

/// The number of a message.
pub fn message(number: u32) -> MessageNumber {
    MessageNumber::new(number).unwrap()
}
