//! The story of a ticket, from its first word to its deletion.

use muticket_browser::{Chromium, Framework, Script, Session, Site, Wishes, Words};
use muticket_demo::Person;

use crate::hands::{Hands, Visitor};

/// The people of the story.
pub(crate) struct Cast {
    /// The language of all of them.
    pub(crate) language: &'static str,
    pub(crate) customer: &'static str,
    pub(crate) supporter: &'static str,
    /// The supporter's category.
    pub(crate) category: &'static str,
}

const SUBJECT: &str = "The lamp hums";

/// A picture: red, one pixel.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0,
    0x90, 0x77, 0x53, 0xde, 0, 0, 0, 0x0c, 0x49, 0x44, 0x41, 0x54, 0x08, 0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0, 0, 3, 1, 1, 0, 0x18,
    0xdd, 0x8d, 0xb0, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

/// Plays the story. Does nothing if there is no browser.
pub(crate) fn tell(framework: Framework, hands: Hands, cast: &Cast) {
    let Some(chromium) = Chromium::installed() else { return };
    let site = Site::demo(framework);
    let page = chromium.visit(&site, Wishes { language: cast.language, script: hands.script() });
    let visitor = Visitor { page, hands };
    let story = Story { visitor: &visitor, page: &visitor.page, words: Words::of(cast.language), cast };

    let ticket = story.the_customer_opens_a_ticket();
    story.the_supporter_answers(&ticket);
    story.the_customer_rates_and_replies(&ticket);
    story.the_supporter_closes(&ticket);
    story.the_admin_sees_the_rating();
    story.the_admin_deletes(&ticket);
    // For a page that does not exist, the browser itself writes a message there.
    let mut console = story.page.console();
    console.retain(|line| !line.contains(&format!("/support/tickets/{ticket} ")));
    assert_eq!(console, [""; 0], "the console stays empty");
}

struct Story<'a> {
    visitor: &'a Visitor,
    page: &'a Session,
    words: Words,
    cast: &'a Cast,
}

impl Story<'_> {
    fn the_customer_opens_a_ticket(&self) -> String {
        // A guest is sent to the login, and from there to the page they asked for.
        self.page.open("/support/tickets/new");
        self.visitor.press(name(self.cast.customer));
        self.page.one("form.write");
        let folder = tempfile::tempdir().unwrap();
        let picture = folder.path().join("lamp.png");
        std::fs::write(&picture, PNG).unwrap();
        let large = folder.path().join("large.bin");
        std::fs::File::create(&large).unwrap().set_len(10 * 1024 * 1024 + 1).unwrap();
        self.visitor.write(self.say("field-subject"), SUBJECT);
        self.visitor.choose(self.say("field-category"), self.cast.category);
        self.visitor.write(self.say("field-body"), "Since this morning, and louder every hour.");
        self.visitor.attach(self.say("field-attachment"), &picture);
        if self.visitor.hands.script() == Script::On {
            // A file that would be refused does not cost the typed text: the browser does not send the form while the file is chosen.
            self.visitor.attach(self.say("field-attachment"), &large);
            self.visitor.press(self.say("open-ticket"));
            self.page.one(".files:invalid");
            self.visitor.press(&format!("{}: large.bin", self.say("chosen-remove")));
        }
        self.visitor.press(self.say("open-ticket"));
        self.done("opened");
        self.page.one(".message .picture img[alt*='lamp.png']");
        let path = self.page.path();
        path.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned()
    }

    fn the_supporter_answers(&self, ticket: &str) {
        self.turns_into(self.cast.supporter, "/support/tickets");
        self.page.one(&row(ticket, "new"));
        self.visitor.press_beginning(SUBJECT);
        self.visitor.write(self.say("your-answer"), "Please switch it off until tomorrow.");
        self.visitor.press(self.say("send-answer"));
        self.done("answered");
    }

    fn the_customer_rates_and_replies(&self, ticket: &str) {
        self.turns_into(self.cast.customer, "/support/tickets");
        self.page.one(&row(ticket, "customer"));
        self.visitor.press_beginning(SUBJECT);
        self.page.one("form.rating");
        self.visitor.rate(4);
        self.done("rated");
        assert_eq!(self.page.all(".rating .star-given").len(), 4);
        self.visitor.write(self.say("your-reply"), "It is off, and still hums.");
        self.visitor.press(self.say("send-reply"));
        self.done("replied");
    }

    fn the_supporter_closes(&self, ticket: &str) {
        self.turns_into(self.cast.supporter, "/support/tickets");
        self.page.one(&row(ticket, "supporter"));
        self.visitor.press_beginning(SUBJECT);
        self.visitor.press(self.say("close-ticket"));
        if self.visitor.hands.script() == Script::On {
            self.page.one("dialog[open]");
            self.visitor.press(self.say("close-confirm-no"));
            self.page.until("the end of the dialog", || self.page.all("dialog[open]").is_empty().then_some(()));
            assert!(self.visitor.is_at(self.say("close-ticket")), "the focus is back where it was");
            assert_eq!(self.page.all(".status-closed").len(), 0, "it is still open");
            self.visitor.press(self.say("close-ticket"));
            self.agree();
        }
        self.done("closed");
        self.visitor.press(self.say("undo"));
        self.done("reopened");
        self.visitor.press(self.say("close-ticket"));
        if self.visitor.hands.script() == Script::On {
            self.agree();
        }
        self.done("closed");
        assert_eq!(self.page.all(".status-closed").len(), 1);
    }

    fn agree(&self) {
        self.page.one("dialog[open]");
        self.visitor.press(self.say("close-confirm-yes"));
    }

    fn the_admin_sees_the_rating(&self) {
        self.turns_into("ada", "/support/backend/supporters");
        self.visitor.press(name(self.cast.supporter));
        self.page.one("svg.chart");
        self.page.until("the rated answer", || self.page.words().contains(SUBJECT).then_some(()));
    }

    fn the_admin_deletes(&self, ticket: &str) {
        self.visitor.press(self.say("backend-nav-tickets"));
        self.page.one("th[scope=row]");
        self.visitor.press_beginning(self.say("tab-closed"));
        self.visitor.press(&self.words.say_of("backend-tickets-delete-of", "number", &format!("#{ticket}")));
        self.visitor.press(self.say("backend-delete-button"));
        self.page.one(".notice-success");
        self.turns_into(self.cast.customer, &format!("/support/tickets/{ticket}"));
        let title = self.say("error-not-found-title");
        self.page.until(title, || self.page.words().contains(title).then_some(()));
        assert_eq!(self.page.run("return performance.getEntriesByType('navigation')[0].responseStatus", &[]), 404);
    }

    /// Signs in as another person, and opens a page.
    fn turns_into(&self, person: &str, then: &str) {
        self.page.open(&format!("/login?back={then}"));
        self.visitor.press(name(person));
        self.page.until(then, || self.page.path().starts_with(then).then_some(()));
    }

    fn done(&self, what: &str) {
        let notice = self.page.one(&format!(".notice[data-done={what}]"));
        if what == "rated" && self.visitor.hands.script() == Script::Off {
            // The visitor is back at the answer, and the rating is shown there.
            return;
        }
        let seen = "const box = arguments[0].getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight;";
        self.page.until("the notice, without scrolling", || (self.page.run(seen, &[notice.argument()]) == true).then_some(()));
    }

    fn say(&self, key: &str) -> &str {
        self.words.say(key)
    }
}

fn name(person: &str) -> &'static str {
    Person::find(person).expect("the demo has this person").name
}

/// The selector of the state in the row of a ticket.
fn row(ticket: &str, state: &str) -> String {
    format!(".row:has(a[href*='/tickets/{ticket}']) .state-{state}")
}
