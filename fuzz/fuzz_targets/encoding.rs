//! Character sets and transfer encodings, of a text and of a file (M-07). The first byte says which, and the first line names the set.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muticket_fuzz::reads;

const ENCODINGS: [&str; 4] = ["7bit", "base64", "quoted-printable", "x-uuencode"];
const KINDS: [&str; 4] = ["text/plain; format=flowed; delsp=yes", "text/plain", "text/html", "application/octet-stream"];

fuzz_target!(|data: &[u8]| {
    let Some((choice, rest)) = data.split_first() else { return };
    let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    let (set, bytes) = (&rest[..end], rest.get(end + 1..).unwrap_or_default());
    let set: String = set.iter().filter(|byte| byte.is_ascii_graphic()).take(40).map(|byte| char::from(*byte)).collect();
    let (encoding, kind) = (ENCODINGS[usize::from(choice & 3)], KINDS[usize::from(choice >> 2 & 3)]);
    let is_file = kind.starts_with("application/");
    let head = format!(
        "From: anna@x.example\r\nContent-Type: {kind}; charset=\"{set}\"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    );
    let Some(reading) = reads(&[head.as_bytes(), bytes].concat()) else { return };
    if is_file && encoding == "7bit" {
        let size: usize = reading.files.iter().map(|file| file.size).sum();
        assert_eq!(size, bytes.len(), "a file that is not encoded comes as it is");
    }
});
