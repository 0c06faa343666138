//! Makes the small picture of a file, or with `large` the large one: `remake FILE [large]` writes it to the standard output.

use std::io::Write;
use std::process::ExitCode;

use muticket_pictures::{Version, remake};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(file) = arguments.next() else {
        eprintln!("usage: remake FILE [large]");
        return ExitCode::FAILURE;
    };
    let version = if arguments.next().as_deref() == Some("large") { Version::Large } else { Version::Small };
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("{file}: {error}");
            return ExitCode::FAILURE;
        }
    };
    match remake(&bytes, version) {
        Ok(picture) => match std::io::stdout().write_all(&picture.bytes) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        Err(reason) => {
            // 2 tells a refused picture from a program that fell.
            eprintln!("{file}: {reason}");
            ExitCode::from(2)
        }
    }
}
