//! Text that people type: its limits, and that it is stored unchanged.

use muticket_core::characters::{many_lines, one_line};
use muticket_core::ticket::{Body, FileName, Subject};
use muticket_core::{CategoryId, Error, Field, FieldError, NewMessage, NewTicket, Problem};
use proptest::prelude::*;

use muticket_world::{Outcome, World, text};

fn new(subject: &str, body: &str) -> NewTicket {
    NewTicket { subject: subject.to_owned(), body: body.to_owned(), ..Default::default() }
}

/// D-10: characters are counted, not bytes.
#[tokio::test]
async fn a_subject_has_up_to_255_characters() {
    let world = World::new().await;
    let portal = world.anna().portal();
    let longest = "😀".repeat(255);
    assert_eq!(portal.open(new(&longest, "x")).await.unwrap().subject.as_str(), longest);
    let too_long = [(Field::Subject, Problem::TooLong { max: 255, length: 256 })];
    assert_eq!(portal.open(new(&"😀".repeat(256), "x")).await.problems(), too_long);
    assert_eq!(portal.open(new("", "x")).await.problems(), [(Field::Subject, Problem::Empty)]);
}

/// D-10
#[tokio::test]
async fn a_message_has_up_to_20000_characters() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let (longest, longer) = ("😀".repeat(20_000), "😀".repeat(20_001));
    let too_long = [(Field::Body, Problem::TooLong { max: 20_000, length: 20_001 })];
    assert_eq!(world.anna().replies(&ticket, &longest).await.unwrap().body.as_str(), longest);
    assert_eq!(world.sara().answers(&ticket, &longest).await.unwrap().body.as_str(), longest);
    let before = world.dump();
    assert_eq!(world.anna().replies(&ticket, &longer).await.problems(), too_long);
    assert_eq!(world.sara().answers(&ticket, &longer).await.problems(), too_long);
    assert_eq!(world.anna().portal().open(new("x", &longer)).await.problems(), too_long);
    assert_eq!(world.dump(), before);
}

/// D-10
#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    let world = World::new().await;
    world.add_categories(&["billing"]).await;
    let problems = world.anna().portal().open(new(" ", "\0")).await.problems();
    let expected = [(Field::Subject, Problem::Empty), (Field::Category, Problem::Empty), (Field::Body, Problem::Empty)];
    assert_eq!(problems, expected, "in the order of the form");
}

/// P-30
#[tokio::test]
async fn texts_of_all_scripts_come_back_as_they_were_typed() {
    let world = World::new().await;
    let kept = [
        "a\u{feff}",
        "a\u{fffe}",
        "\u{fffd}",
        "é",
        "e\u{301}",
        "👩‍👩‍👧‍👦",
        "🏳️‍🌈",
        "한국어 지원",
        "日本語",
        "שלום",
        "مرحبا",
        "\u{202e}abc",
        "a\u{200b}b",
        "İstanbul ı",
        "ﬁ ſ K",
        "ａdmin",
        "'; DROP TABLE tickets; --",
        "<script>alert(1)</script>",
        "{{7*7}}",
    ];
    for typed in kept {
        let ticket = world.anna().portal().open(new(typed, typed)).await.unwrap();
        let shown = world.anna().sees(&ticket).await.unwrap();
        assert_eq!((shown.ticket.subject.as_str(), shown.messages[0].message.body.as_str()), (typed, typed));
    }
    let ticket = world.anna().opens("accents", None).await.unwrap();
    let combined = format!("e{}", "\u{301}".repeat(1_000));
    assert_eq!(world.anna().replies(&ticket, &combined).await.unwrap().body.as_str(), combined);
    for (pasted, kept) in [("a\0b", "ab"), ("a\u{1b}[31mb", "ab"), ("a\u{7f}", "a"), ("a\u{85}b\u{b}c", "a\nb\nc")] {
        assert_eq!(world.anna().replies(&ticket, pasted).await.unwrap().body.as_str(), kept, "{pasted:?}");
    }
    for refused in ["\u{8}", "\u{1b}[31m", "\u{3164}"] {
        assert!(matches!(world.anna().replies(&ticket, refused).await, Err(Error::Invalid(_))), "{refused:?}");
    }
}

/// Any text, often with characters that break programs.
fn any_text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        4 => any::<char>().prop_map(String::from),
        2 => "[ -~]{0,20}",
        2 => prop::sample::select(vec!["\0", "\r\n", "\r", "\n", "\t", " ", "\u{85}", "\u{2028}", "\u{a0}", "\u{200b}", "\u{202e}", "\u{feff}",
            "/", "\\", "..", ":", ".", "😀", "e\u{301}", "\u{10ffff}"]).prop_map(str::to_owned),
        1 => (1_usize..400, any::<char>()).prop_map(|(times, c)| c.to_string().repeat(times)),
    ];
    prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_typed_is_refused_or_comes_back(subject in any_text(), body in any_text(), category in any_text()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let world = World::new().await;
            let form = NewTicket { category: Some(CategoryId::new(category)), ..new(&subject, &body) };
            match world.anna().portal().open(form).await {
                Ok(ticket) => {
                    let shown = world.anna().sees(&ticket).await.unwrap();
                    prop_assert_eq!(shown.ticket.subject.as_str(), one_line(&subject));
                    prop_assert_eq!(shown.messages[0].message.body.as_str(), many_lines(&body));
                    let reply = world.anna().portal().reply(ticket.number, text(shown.messages[0].message.body.as_str())).await.unwrap();
                    prop_assert_eq!(&reply.body, &shown.messages[0].message.body, "what came back can be sent again");
                }
                Err(Error::Invalid(problems)) => {
                    let fields: Vec<_> = problems.into_iter().map(|wrong| wrong.field).collect();
                    prop_assert_eq!(fields.contains(&Field::Subject), Subject::parse(&subject).is_err());
                    prop_assert_eq!(fields.contains(&Field::Body), Body::parse(&body).is_err());
                    prop_assert!(!fields.contains(&Field::Category), "there are no categories");
                }
                Err(other) => panic!("{other:?}"),
            }
            Ok(())
        })?;
    }

    #[test]
    fn whatever_a_file_is_called_it_gets_a_name_that_can_be_shown(sent in any_text()) {
        let name = FileName::clean(&sent);
        let shown = name.as_str();
        prop_assert!((1..=240).contains(&shown.len()));
        let forbidden = ['/', '\\', ':', '\u{202e}', '\u{200b}'];
        prop_assert!(!shown.contains(forbidden));
        prop_assert!(!shown.chars().any(char::is_control));
        prop_assert!(!shown.starts_with('.') && shown == shown.trim());
        prop_assert_eq!(&FileName::clean(shown), &name, "cleaning twice changes nothing");
    }
}

/// D-10: a file that was refused earlier does not hide other problems.
#[tokio::test]
async fn a_refused_file_is_named_together_with_all_other_problems() {
    let world = World::new().await;
    let too_large = FieldError { field: Field::Attachment("a.bin".into()), problem: Problem::TooLarge { max: 1 } };
    let new = NewTicket { refused: vec![too_large.clone()], ..new(" ", "a") };
    let problems = world.anna().portal().open(new).await.problems();
    assert_eq!(problems, [(Field::Subject, Problem::Empty), (too_large.field.clone(), too_large.problem)]);

    let ticket = world.anna().opens("printer", None).await.unwrap();
    let reply = NewMessage { body: String::new(), refused: vec![too_large.clone()], ..Default::default() };
    let problems = world.anna().portal().reply(ticket.number, reply).await.problems();
    assert_eq!(problems, [(Field::Body, Problem::Empty), (too_large.field, too_large.problem)]);
}
