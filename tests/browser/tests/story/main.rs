//! The main job, played in every way: by mouse and by keyboard alone, each with and without scripts, in German and in English.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod hands;
mod story;

use crate::hands::Hands;
use crate::story::{Cast, tell};

const GERMAN: Cast = Cast { language: "de", customer: "anna", supporter: "sara", category: "Rechnungen" };
const ENGLISH: Cast = Cast { language: "en", customer: "ben", supporter: "tom", category: "Technical" };

#[test]
fn by_mouse_in_german() {
    tell(Hands::Mouse, &GERMAN);
}

#[test]
fn by_mouse_in_english() {
    tell(Hands::Mouse, &ENGLISH);
}

#[test]
fn by_keyboard_alone_in_german() {
    tell(Hands::Keyboard, &GERMAN);
}

#[test]
fn by_keyboard_alone_in_english() {
    tell(Hands::Keyboard, &ENGLISH);
}

#[test]
fn without_script_in_german() {
    tell(Hands::MouseWithoutScript, &GERMAN);
}

#[test]
fn without_script_in_english() {
    tell(Hands::MouseWithoutScript, &ENGLISH);
}

#[test]
fn by_keyboard_alone_without_script_in_german() {
    tell(Hands::KeyboardWithoutScript, &GERMAN);
}

#[test]
fn by_keyboard_alone_without_script_in_english() {
    tell(Hands::KeyboardWithoutScript, &ENGLISH);
}
