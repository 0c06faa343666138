//! What the fuzz targets share: what holds for every letter, a site, and a name server.

mod names;
mod site;

use std::sync::LazyLock;

use muticket_core::MailIn;
use muticket_core::mail::EmailAddress;
use muticket_core::mailroom::{Reading, read};
use muticket_core::ticket::Body;
use tokio::runtime::{Builder, Runtime};

pub use crate::names::name_server;
pub use crate::site::Site;

/// The rules of the site that letters are written to. It trusts no server.
pub static RULES: LazyLock<MailIn> = LazyLock::new(|| MailIn::new("support+{token}@example.org").expect("a pattern"));

/// A runtime whose clock jumps to the next instant that somebody waits for, as soon as nothing else is to be done.
pub static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime"));

/// Reads a letter, and checks what holds for every letter. `None` if it is above the limits.
///
/// # Panics
/// If something does not hold.
pub fn reads(raw: &[u8]) -> Option<Reading> {
    let reading = read(raw, &RULES).ok()?;
    let length = reading.text.chars().count();
    assert!(length <= Body::MAX_CHARS, "a message of {length} characters");
    let has_control = reading.text.chars().any(|c| c.is_control() && c != '\n' && c != '\t');
    assert!(!has_control, "control characters in {:?}", reading.text);
    let is_place = |place: usize| place > 0 && place < length;
    assert!(reading.new_part.is_none_or(is_place), "{:?} characters of {length} are new", reading.new_part);
    assert!(!reading.subject.contains(char::is_control), "a subject of several lines: {:?}", reading.subject);
    if let Some(sender) = &reading.sender {
        assert_eq!(sender.matches('@').count(), 1, "{sender}");
        assert_eq!(EmailAddress::parse(sender).as_ref().map(EmailAddress::as_str), Ok(sender.as_str()));
    }
    // Each file is a piece of the letter, and no encoding makes a piece smaller.
    let files: usize = reading.files.iter().map(|file| file.size).sum();
    assert!(files <= raw.len(), "{files} bytes of files in {} bytes", raw.len());
    Some(reading)
}

/// The letters of the Latin alphabet and the digits of a text, in their order. Whatever a reader changes, these stay.
pub fn words(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// The text of a letter if nothing in it may be lost: it is short enough not to be cut, and has no control characters, of which a terminal
/// reads some as the beginning of a command.
pub fn plain(data: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(data).ok().filter(|text| text.len() < Body::MAX_CHARS)?;
    (!text.contains(|c: char| c.is_control() && !matches!(c, '\r' | '\n' | '\t'))).then_some(text)
}
