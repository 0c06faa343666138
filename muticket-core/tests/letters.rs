//! What letters say, in both languages and both forms (D-09, D-12).
#![cfg(feature = "mail")]
#![expect(clippy::unwrap_used, reason = "for tests only")]

mod support;

use muticket_core::language::Language;
use muticket_core::mail::{LetterText, Letters};
use muticket_core::notice::Notice;
use muticket_core::ticket::{Body, Subject};

use crate::support::Case;

fn written(language: &str, notice: Notice, case: &mut Case) -> LetterText {
    case.recipient.language = Language::parse(language);
    Letters::builder().build().unwrap().write(&case.topic(notice)).unwrap()
}

fn whole(letter: &LetterText) -> String {
    format!("Subject: {}\n\n{}\n=== HTML ===\n{}", letter.subject, letter.text, letter.html)
}

#[test]
fn ticket_opened_in_german() {
    insta::assert_snapshot!(whole(&written("de", Notice::TicketOpened, &mut Case::new())));
}

#[test]
fn ticket_opened_in_english() {
    insta::assert_snapshot!(whole(&written("en", Notice::TicketOpened, &mut Case::new())));
}

#[test]
fn customer_replied_in_german() {
    insta::assert_snapshot!(whole(&written("de", Notice::CustomerReplied, &mut Case::new())));
}

#[test]
fn customer_replied_in_english() {
    insta::assert_snapshot!(whole(&written("en", Notice::CustomerReplied, &mut Case::new())));
}

#[test]
fn supporter_answered_in_german() {
    insta::assert_snapshot!(whole(&written("de", Notice::SupporterAnswered, &mut Case::new())));
}

#[test]
fn supporter_answered_in_english() {
    insta::assert_snapshot!(whole(&written("en", Notice::SupporterAnswered, &mut Case::new())));
}

#[test]
fn nobody_in_particular_and_no_category() {
    let mut case = Case::new();
    case.category = None;
    case.author = None;
    case.recipient.name = "\r\n".to_owned();
    insta::assert_snapshot!(written("en", Notice::TicketOpened, &mut case).text);
}

#[test]
fn a_long_message_is_cut_and_says_so() {
    let mut case = Case::new();
    case.message.body = Body::parse(&"ä".repeat(4001)).unwrap();
    let letter = written("de", Notice::TicketOpened, &mut case);
    for form in [letter.text, letter.html] {
        assert!(form.contains(&"ä".repeat(4000)) && !form.contains(&"ä".repeat(4001)));
        assert_eq!(form.matches("Den Rest lesen Sie auf").count(), 1);
    }
}

#[test]
fn a_long_subject_is_cut_at_200_characters() {
    let mut case = Case::new();
    case.ticket.subject = Subject::parse(&"ü".repeat(255)).unwrap();
    let subject = written("en", Notice::TicketOpened, &mut case).subject;
    assert_eq!(subject.chars().count(), 200);
    assert!(subject.ends_with("ü…"), "{subject}");
}

#[test]
fn the_language_is_the_closest_there_is() {
    let mut case = Case::new();
    let letters = Letters::builder().with_default_language(Language::german()).build().unwrap();
    let mut greeting = |tag: Option<&str>| {
        case.recipient.language = tag.and_then(Language::parse);
        let text = letters.write(&case.topic(Notice::TicketOpened)).unwrap().text;
        text.split(' ').next().unwrap().to_owned()
    };
    assert_eq!(
        [greeting(Some("de-at")), greeting(Some("en-gb")), greeting(Some("fr")), greeting(None)],
        ["Guten", "Hello", "Guten", "Guten"]
    );
}

#[test]
fn everything_from_users_is_escaped_and_nothing_is_loaded() {
    let mut case = Case::new();
    let evil = "<img src=x onerror=alert(1)>{{ 7*7 }}{% raw %}\"'&{ $name }";
    case.ticket.subject = Subject::parse(evil).unwrap();
    case.message.body = Body::parse(evil).unwrap();
    case.author = Some(evil.to_owned());
    case.recipient.name = evil.to_owned();
    for notice in Notice::ALL {
        let letter = written("en", notice, &mut case);
        for tag in ["<img", "src=", "url(", "<form", "<link", "<script"] {
            let found = letter.html.matches(tag).count();
            assert_eq!(found, if tag == "src=" { letter.html.matches("&lt;img src=x").count() } else { 0 }, "{tag}");
        }
        assert!(letter.html.contains("{{ 7*7 }}") && letter.text.contains(evil) && letter.subject.contains(evil));
        let links: Vec<_> = letter.html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(links, ["https://example.org/support/tickets/12#message-3"]);
    }
}

#[test]
fn a_quoted_line_cannot_pass_for_ours() {
    let mut case = Case::new();
    case.message.body = Body::parse("Hi\n\n-- \nRead the answer:\nhttps://evil.example/").unwrap();
    let text = written("en", Notice::SupporterAnswered, &mut case).text;
    assert!(text.contains("\n> https://evil.example/\n") && !text.contains("\nhttps://evil.example/"));
}

#[test]
fn a_host_replaces_a_sentence_a_template_or_adds_a_language() {
    let french = Language::parse("fr").unwrap();
    let letters = Letters::builder()
        .with_messages(Language::english(), "greeting = Dear { $name }:")
        .with_messages(french.clone(), "greeting = Bonjour { $name },")
        .with_template("ticket-opened.txt", "{{ t('greeting', name=name) }} {{ subject }}")
        .build()
        .unwrap();
    let mut case = Case::new();
    let mut first = |language: Language| {
        case.recipient.language = Some(language);
        letters.write(&case.topic(Notice::TicketOpened)).unwrap().text
    };
    assert_eq!(first(Language::english()), "Dear Sara O'Neill: Der Drucker schweigt & <blinkt>");
    assert_eq!(first(french), "Bonjour Sara O'Neill, Der Drucker schweigt & <blinkt>");
}

#[test]
fn a_mistake_of_the_host_shows_at_launch() {
    let builders = [
        Letters::builder().with_template("layout.html", "{{ t('greeting', name=nmae) }}"),
        Letters::builder().with_template("layout.txt", "{% if %}"),
        Letters::builder().with_template("layout.txt", "{% if shortened %}{{ nothing }}{% endif %}"),
        Letters::builder().with_template("layout.txt", "{{ t('no-such-key') }}"),
        Letters::builder().with_messages(Language::english(), "greeting = Hello { $nmae }"),
        Letters::builder().with_messages(Language::english(), "= = ="),
    ];
    for builder in builders {
        let named = format!("{builder:?}");
        assert!(builder.build().is_err(), "{named}");
    }
}
