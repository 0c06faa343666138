//! A whole letter, as it comes in (M-07).
#![no_main]

use libfuzzer_sys::fuzz_target;
use muticket_fuzz::reads;

fuzz_target!(|raw: &[u8]| {
    let _ = reads(raw);
});
