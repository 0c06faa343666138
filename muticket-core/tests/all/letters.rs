//! The text of letters, in both languages and both formats (D-09, D-12).

use std::collections::BTreeSet;
use std::path::Path;

use muticket_core::language::Language;
use muticket_core::mail::{Answered, LetterText, Letters, Topic, Why};
use muticket_core::notification::Notification;
use muticket_core::ticket::{Body, Subject};
use muticket_test_support::words::{Sentences, asked_for, said_by};

use crate::letter::Case;

fn written(language: &str, notification: Notification, case: &mut Case) -> LetterText {
    case.recipient.language = Language::parse(language);
    Letters::builder().build().unwrap().write(&case.topic(notification)).unwrap()
}

/// The notifications about what happened on a ticket. The others answer a letter.
fn about_tickets() -> impl Iterator<Item = Notification> {
    let answers = [Notification::LetterWaits, Notification::LetterRefused, Notification::AnswerOnPage];
    Notification::ALL.iter().copied().filter(move |notification| !answers.contains(notification))
}

fn whole(letter: &LetterText) -> String {
    format!("Subject: {}\n\n{}\n=== HTML ===\n{}", letter.subject, letter.text, letter.html)
}

#[test]
fn ticket_opened_in_german() {
    insta::assert_snapshot!(whole(&written("de", Notification::TicketOpened, &mut Case::new())));
}

#[test]
fn ticket_opened_in_english() {
    insta::assert_snapshot!(whole(&written("en", Notification::TicketOpened, &mut Case::new())));
}

#[test]
fn customer_replied_in_german() {
    insta::assert_snapshot!(whole(&written("de", Notification::CustomerReplied, &mut Case::new())));
}

#[test]
fn customer_replied_in_english() {
    insta::assert_snapshot!(whole(&written("en", Notification::CustomerReplied, &mut Case::new())));
}

#[test]
fn supporter_answered_in_german() {
    insta::assert_snapshot!(whole(&written("de", Notification::SupporterAnswered, &mut Case::new())));
}

#[test]
fn supporter_answered_in_english() {
    insta::assert_snapshot!(whole(&written("en", Notification::SupporterAnswered, &mut Case::new())));
}

#[test]
fn letter_waits_in_german() {
    insta::assert_snapshot!(written("de", Notification::LetterWaits, &mut Case::new()).text);
}

#[test]
fn letter_waits_in_english() {
    insta::assert_snapshot!(written("en", Notification::LetterWaits, &mut Case::new()).text);
}

#[test]
fn letter_refused_in_german() {
    insta::assert_snapshot!(written("de", Notification::LetterRefused, &mut Case::new()).text);
}

#[test]
fn letter_refused_in_english() {
    insta::assert_snapshot!(written("en", Notification::LetterRefused, &mut Case::new()).text);
}

#[test]
fn ticket_received_in_german() {
    insta::assert_snapshot!(whole(&written("de", Notification::TicketReceived, &mut Case::new())));
}

#[test]
fn ticket_received_in_english() {
    insta::assert_snapshot!(whole(&written("en", Notification::TicketReceived, &mut Case::new())));
}

#[test]
fn ticket_closed_in_german() {
    insta::assert_snapshot!(whole(&written("de", Notification::TicketClosed, &mut Case::new())));
}

#[test]
fn ticket_closed_in_english() {
    insta::assert_snapshot!(whole(&written("en", Notification::TicketClosed, &mut Case::new())));
}

#[test]
fn answer_on_page_in_german() {
    insta::assert_snapshot!(written("de", Notification::AnswerOnPage, &mut Case::new()).text);
}

#[test]
fn answer_on_page_in_english() {
    insta::assert_snapshot!(written("en", Notification::AnswerOnPage, &mut Case::new()).text);
}

#[test]
fn letter_not_confirmed_in_german() {
    insta::assert_snapshot!(whole(&written("de", Notification::LetterNotConfirmed, &mut Case::new())));
}

#[test]
fn letter_not_confirmed_in_english() {
    insta::assert_snapshot!(whole(&written("en", Notification::LetterNotConfirmed, &mut Case::new())));
}

/// M-03: whatever a letter says about its sender, it is one line of text.
#[test]
fn a_sender_that_is_not_confirmed_is_plain_text() {
    let case = Case::new();
    let letters = Letters::builder().build().unwrap();
    let sender = Some("a\r\nhttps://evil.example/\u{202e}<img src=x>@x.example");
    let letter = letters.write(&Topic { sender, ..case.topic(Notification::LetterNotConfirmed) }).unwrap();
    assert!(letter.text.contains("\nAbsender, nicht bestätigt: a https://evil.example/<img"), "{}", letter.text);
    assert!(!letter.html.contains("<img") && !letter.html.contains("href=\"https://evil"), "{}", letter.html);
    let letter = letters.write(&Topic { sender: None, ..case.topic(Notification::LetterNotConfirmed) }).unwrap();
    assert!(!letter.text.contains("Absender, nicht"), "{}", letter.text);
}

/// M-01: where supporters answer by mail, their notices say what a reply does.
#[test]
fn a_notice_says_what_a_reply_does() {
    let mut case = Case::new();
    for (language, to_customer, to_supporter) in [
        ("en", "You can reply to this email.", "the customer gets your reply as an answer, without the quoted text."),
        ("de", "Sie können auf diese E-Mail antworten.", "bekommt der Kunde Ihren Text ohne das Zitat als Antwort."),
    ] {
        case.recipient.language = Language::parse(language);
        for (notification, said) in
            [(Notification::SupporterAnswered, to_customer), (Notification::CustomerReplied, to_supporter)]
        {
            let topic = Topic { can_reply: true, ..case.topic(notification) };
            let letter = Letters::builder().build().unwrap().write(&topic).unwrap();
            let text = letter.text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.starts_with("-=- ") && text.contains(said), "{text}");
            assert!(letter.html.contains(said), "{}", letter.html);
        }
    }
}

/// M-04: a letter without a ticket names the letter that it answers.
#[test]
fn a_letter_without_a_ticket_names_the_letter_that_it_answers() {
    let mut case = Case::new();
    case.recipient.language = Some(Language::english());
    let letters = Letters::builder().build().unwrap();
    for (subject, answer, line) in [
        ("Toner\nBcc: x", "Re: Toner Bcc: x", Some("Your email: Toner Bcc: x")),
        ("AW: Toner", "AW: Toner", Some("Your email: AW: Toner")),
        (" ", "Re: Email without a subject", None),
    ] {
        for why in Why::ALL {
            let answers = Some(Answered { subject, why: *why });
            let topic = Topic { ticket: None, answers, ..case.topic(Notification::LetterRefused) };
            let letter = letters.write(&topic).unwrap();
            assert_eq!(letter.subject, answer);
            assert_eq!(letter.text.lines().find(|line| line.starts_with("Your email: ")), line, "{}", letter.text);
            assert!(
                !letter.text.contains('#') && !letter.html.contains("#none") && !letter.text.contains("none"),
                "{}",
                letter.html
            );
        }
    }
}

#[test]
fn nobody_in_particular_and_no_category() {
    let mut case = Case::new();
    case.category = None;
    case.author = None;
    case.recipient.name = "\r\n".to_owned();
    insta::assert_snapshot!(written("en", Notification::TicketOpened, &mut case).text);
}

#[test]
fn a_long_message_is_cut_and_says_so() {
    let mut case = Case::new();
    case.message.body = Body::parse(&"ä".repeat(4001)).unwrap();
    let letter = written("de", Notification::TicketOpened, &mut case);
    for form in [letter.text, letter.html] {
        assert!(form.contains(&"ä".repeat(4000)) && !form.contains(&"ä".repeat(4001)));
        assert_eq!(form.matches("Diese Nachricht ist hier gekürzt.").count(), 1);
    }
}

#[test]
fn a_long_subject_is_cut_at_200_characters() {
    let mut case = Case::new();
    case.ticket.subject = Subject::parse(&"ü".repeat(255)).unwrap();
    let subject = written("en", Notification::TicketOpened, &mut case).subject;
    assert_eq!(subject.chars().count(), 200);
    assert!(subject.ends_with("ü…"), "{subject}");
}

/// Mail programs group letters with the same subject, and people find the number in the same place.
#[test]
fn all_letters_about_a_ticket_have_one_subject() {
    let mut case = Case::new();
    for notification in about_tickets() {
        for language in ["de", "en"] {
            assert_eq!(written(language, notification, &mut case).subject, "[#12] Der Drucker schweigt & <blinkt>");
        }
    }
}

/// Lists of letters show the beginning of the text beside the subject: it says who did what, and how the message begins.
#[test]
fn the_letter_begins_with_what_lists_show() {
    let html = written("en", Notification::SupporterAnswered, &mut Case::new()).html;
    let (_, body) = html.split_once("<body").unwrap();
    let shown = body.split_once("display: none").unwrap().1.split_once('>').unwrap().1.split('<').next().unwrap();
    assert!(shown.starts_with("Anna Berg has answered your ticket. Guten Morgen, seit Montag druckt er nicht."), "{shown}");
}

#[test]
fn plain_text_fits_the_window_and_the_link_has_a_line_of_its_own() {
    let mut case = Case::new();
    case.ticket.subject = Subject::parse(&"Drucker ".repeat(30)).unwrap();
    case.message.body =
        Body::parse(&format!("{}\n\n  - {}", "Er druckt nicht. ".repeat(20), "Papier ist da. ".repeat(20))).unwrap();
    for &notification in Notification::ALL {
        for language in ["de", "en"] {
            let text = written(language, notification, &mut case).text;
            let long: Vec<_> = text.lines().filter(|line| line.chars().count() > 76).collect();
            assert!(long.is_empty(), "{long:?}");
            assert!(text.lines().any(|line| line == "https://example.org/support/tickets/12/messages/3"), "{text}");
            assert!(text.contains("\n-- \n"), "the signature is marked as one");
        }
    }
}

/// Replies by email are lost. The letter says so before the link to the ticket, not in the small print.
#[test]
fn where_to_reply_stands_before_the_link() {
    let mut case = Case::new();
    // These ask for no reply.
    let without = [Notification::TicketReceived, Notification::TicketClosed, Notification::LetterNotConfirmed];
    let asks = |notification: &Notification| !without.contains(notification);
    for notification in about_tickets().filter(asks) {
        for (language, sentence) in [("de", "Bitte antworten Sie im Ticket:"), ("en", "Please reply on the ticket:")] {
            let letter = written(language, notification, &mut case);
            let text = letter.text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains(&format!("{sentence} https://example.org/support/tickets/12/messages/3 --")), "{text}");
            let (before, _) = letter.html.split_once("<a href=").unwrap();
            assert_eq!((before.matches(sentence).count(), letter.html.matches(sentence).count()), (1, 1), "{before}");
        }
    }
}

/// A subject cannot begin a new line of the text.
#[test]
fn a_subject_that_is_broken_is_indented() {
    let mut case = Case::new();
    case.ticket.subject = Subject::parse(&format!("{} https://evil.example/", "a".repeat(70))).unwrap();
    let text = written("en", Notification::SupporterAnswered, &mut case).text;
    assert!(text.contains("\n  https://evil.example/\n") && !text.contains("\nhttps://evil.example/"), "{text}");
}

#[test]
fn the_language_is_the_closest_there_is() {
    let mut case = Case::new();
    let letters = Letters::builder().with_default_language(Language::german()).build().unwrap();
    let mut greeting = |tag: Option<&str>| {
        case.recipient.language = tag.and_then(Language::parse);
        let text = letters.write(&case.topic(Notification::TicketOpened)).unwrap().text;
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
    for &notification in Notification::ALL {
        let letter = written("en", notification, &mut case);
        for tag in ["<img", "src=", "url(", "<form", "<link", "<script"] {
            let found = letter.html.matches(tag).count();
            assert_eq!(found, if tag == "src=" { letter.html.matches("&lt;img src=x").count() } else { 0 }, "{tag}");
        }
        assert!(letter.html.contains("{{ 7*7 }}") && letter.text.contains(evil) && letter.subject.contains(evil));
        let links: Vec<_> = letter.html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(links, ["https://example.org/support/tickets/12/messages/3"], "only the button leads anywhere");
    }
}

#[test]
fn a_quoted_line_cannot_pass_for_ours() {
    let mut case = Case::new();
    case.message.body = Body::parse("Hi\n\n-- \nRead the answer:\nhttps://evil.example/").unwrap();
    let text = written("en", Notification::SupporterAnswered, &mut case).text;
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
        letters.write(&case.topic(Notification::TicketOpened)).unwrap().text
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

fn file(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn templates() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/mail");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap())).collect()
}

/// D-12: every language has all messages that letters use, and no others.
#[test]
fn sentences_are_asked_for_and_there() {
    let (german, english) = (file("locales/de/mail.ftl"), file("locales/en/mail.ftl"));
    let (german, english) = (Sentences::read([german.as_str()]), Sentences::read([english.as_str()]));
    // The code uses the subject, the replacements for a name, and what is missing in a letter that came in.
    let mut asked: BTreeSet<_> = templates().iter().flat_map(|(_, source)| asked_for(source)).collect();
    asked.extend(["subject", "former-user", "no-name"].map(str::to_owned));
    asked.extend(["cut", "no-subject", "no-text", "refused", "sealed"].map(|word| format!("incoming-{word}")));
    let asked: BTreeSet<_> = asked.iter().map(String::as_str).collect();
    assert_eq!((&german.names(), &english.names()), (&asked, &asked));
    for name in asked {
        assert_eq!(german.values(name), english.values(name), "{name}");
    }
    assert!(german.without_plural().is_empty() && english.without_plural().is_empty());
}

#[test]
fn no_sentence_stands_in_a_template() {
    for (name, source) in templates() {
        assert_eq!(said_by(&source), [""; 0], "{name} says something by itself");
    }
}

/// The example of a third language: it provides some messages, the rest comes from the default language.
#[test]
fn a_third_language_needs_one_file() {
    let french = Language::parse("fr").unwrap();
    let source = file("../docs/guide/languages/locales/fr/mail.ftl");
    let letters = Letters::builder().with_messages(french.clone(), source).build().unwrap();
    let mut case = Case::new();
    case.recipient.language = Some(french);
    let text = letters.write(&case.topic(Notification::SupporterAnswered)).unwrap().text;
    assert!(text.starts_with("Bonjour Sara O'Neill,\n\nAnna Berg a répondu à votre ticket.\n"), "{text}");
    let text = letters.write(&case.topic(Notification::TicketOpened)).unwrap().text;
    assert!(text.contains("Anna Berg has opened a new ticket."), "{text}");
}
