//! What uploads and downloads cost in memory (P-19). Each test runs in a process of its own, so that the memory is its own.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a journey that stumbles has failed")]

mod halted;
mod large;
mod letters;
mod process;
