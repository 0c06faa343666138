//! The main job, played in every way: by mouse and by keyboard alone, each with and without scripts, in German and in English. In axum
//! each way is played in one of the languages.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod hands;
mod story;

use muticket_browser::Framework;

use crate::hands::Hands;
use crate::story::{Cast, tell};

const GERMAN: Cast = Cast { language: "de", customer: "anna", supporter: "sara", category: "Rechnungen" };
const ENGLISH: Cast = Cast { language: "en", customer: "ben", supporter: "tom", category: "Technical" };

#[test]
fn by_mouse_in_german() {
    tell(Framework::Rocket, Hands::Mouse, &GERMAN);
}

#[test]
fn by_mouse_in_english() {
    tell(Framework::Rocket, Hands::Mouse, &ENGLISH);
}

#[test]
fn by_keyboard_alone_in_german() {
    tell(Framework::Rocket, Hands::Keyboard, &GERMAN);
}

#[test]
fn by_keyboard_alone_in_english() {
    tell(Framework::Rocket, Hands::Keyboard, &ENGLISH);
}

#[test]
fn without_script_in_german() {
    tell(Framework::Rocket, Hands::MouseWithoutScript, &GERMAN);
}

#[test]
fn without_script_in_english() {
    tell(Framework::Rocket, Hands::MouseWithoutScript, &ENGLISH);
}

#[test]
fn by_keyboard_alone_without_script_in_german() {
    tell(Framework::Rocket, Hands::KeyboardWithoutScript, &GERMAN);
}

#[test]
fn by_keyboard_alone_without_script_in_english() {
    tell(Framework::Rocket, Hands::KeyboardWithoutScript, &ENGLISH);
}

#[test]
fn in_axum_by_mouse() {
    tell(Framework::Axum, Hands::Mouse, &GERMAN);
}

#[test]
fn in_axum_by_keyboard_alone() {
    tell(Framework::Axum, Hands::Keyboard, &ENGLISH);
}

#[test]
fn in_axum_without_script() {
    tell(Framework::Axum, Hands::MouseWithoutScript, &ENGLISH);
}

#[test]
fn in_axum_by_keyboard_alone_without_script() {
    tell(Framework::Axum, Hands::KeyboardWithoutScript, &GERMAN);
}
