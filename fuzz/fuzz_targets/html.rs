//! A letter in HTML: its words are those that stand between the tags (M-07).
#![no_main]

use libfuzzer_sys::fuzz_target;
use muticket_fuzz::{plain, reads, words};

fuzz_target!(|html: &[u8]| {
    let head = b"From: anna@x.example\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
    let Some(reading) = reads(&[head, html].concat()) else { return };
    if let Some(text) = plain(html).filter(|text| !text.contains(['<', '&'])) {
        assert_eq!(words(&reading.text), words(text));
    }
});
