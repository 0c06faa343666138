//! Typed text of any length and direction does not change the page around it.

use std::collections::BTreeMap;

use minijinja::value::ValueKind;

use super::*;

/// The first letter of the Hebrew alphabet, which is written from right to left.
const ALEF: char = 'א';

/// Asserts that the letter only occurs in an element that takes its direction from it, in an attribute, in an option of a list, or between
/// marks that isolate it.
fn assert_apart(template: &str, html: &str) {
    assert!(html.contains(ALEF), "{template} shows what was typed");
    for (at, _) in html.match_indices(ALEF) {
        let (before, after) = (&html[..at], &html[at..]);
        let tag = before.rfind('<').map_or("", |open| &before[open..]);
        let in_attribute = !tag.contains('>') && after.find('>') < after.find('<');
        let apart =
            tag.contains("dir=\"auto\"") || tag.starts_with("<bdi>") || tag.starts_with("<option") || tag.contains('\u{2068}');
        assert!(in_attribute || apart, "{template} has it in the middle of {tag}");
    }
}

/// The typed texts in the models.
const TYPED: [&str; 12] = [
    "Ann",
    "Ben",
    "Old",
    "S <b>",
    "B <b>",
    "Typed <b>",
    "Subject <b>",
    "Hello <script>\nhttps://example.org/",
    "Ünder <i>",
    "a.png",
    "b.pdf",
    "Billing",
];

/// The model with the letter in place of every typed text.
fn typed(model: &Value) -> Value {
    match model.kind() {
        ValueKind::Map => {
            let items = model.try_iter().unwrap().map(|key| (key.to_string(), typed(&model.get_item(&key).unwrap())));
            items.collect::<BTreeMap<_, _>>().into()
        }
        ValueKind::Seq => model.try_iter().unwrap().map(|item| typed(&item)).collect(),
        ValueKind::String if TYPED.contains(&model.as_str().unwrap()) => Value::from(ALEF.to_string()),
        _ => model.clone(),
    }
}

#[test]
fn names_and_texts_keep_their_direction_to_themselves() {
    for language in ["de", "en"] {
        for supporter in [true, false] {
            let frame = frame(supporter, true, None);
            let page = typed(&overview(supporter, true, true));
            assert_apart("overview.html", &render("overview.html", language, frame.clone(), page));
            let page = typed(&conversation(if supporter { "answer" } else { "reply" }, true, None, vec![]));
            assert_apart("conversation.html", &render("conversation.html", language, frame, page));
        }
        let page = typed(&new_ticket(true, None, vec![]));
        assert_apart("new-ticket.html", &render("new-ticket.html", language, frame(false, false, None), page));
    }
}

/// The page reserves the space of a picture before it is loaded, so nothing moves when it arrives.
#[test]
fn pictures_say_their_size() {
    let html = render("conversation.html", "en", frame(true, false, None), conversation("answer", true, None, vec![]));
    let pictures: Vec<_> = html.split("<img ").skip(1).map(|rest| rest.split('>').next().unwrap()).collect();
    assert!(
        !pictures.is_empty() && pictures.iter().all(|picture| picture.contains("width=\"208\" height=\"136\"")),
        "{pictures:?}"
    );
}

#[test]
fn a_part_of_a_long_ticket_says_which_and_leads_to_its_ends() {
    let html = render("conversation.html", "en", frame(true, false, None), conversation("answer", true, None, vec![]));
    assert_eq!(html.matches("Messages 51 to 53 of 1,053").count(), 2, "above the messages and below them");
    for link in ["/first", "/earlier", "/later", "/support/tickets/7#message-3"] {
        assert!(html.contains(&format!("<a class=\"button\" href=\"{link}\">")), "{link}");
    }
}
