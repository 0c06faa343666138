//! The header of a letter: its sender is one that stands in it (M-03).
#![no_main]

use libfuzzer_sys::fuzz_target;
use muticket_fuzz::reads;

fuzz_target!(|header: &[u8]| {
    let sender = reads(&[header, b"\r\n\r\nHello\r\n"].concat()).and_then(|reading| reading.sender);
    // Other letters of a domain have a second spelling.
    if let (Some(sender), Ok(header), true) = (sender, std::str::from_utf8(header), header.is_ascii()) {
        assert!(header.contains(&sender), "{sender} wrote nothing");
    }
});
