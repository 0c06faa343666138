//! A letter in plain text: what it quotes is told apart, and no word of it is lost (M-06).
#![no_main]

use libfuzzer_sys::fuzz_target;
use muticket_fuzz::{plain, reads, words};

fuzz_target!(|text: &[u8]| {
    let head = b"From: anna@x.example\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
    let Some(reading) = reads(&[head, text].concat()) else { return };
    if let Some(text) = plain(text) {
        assert_eq!(words(&reading.text), words(text));
    }
});
