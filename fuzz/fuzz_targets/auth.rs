//! The check of who sent a letter: nobody makes up a signature (M-03). The name server publishes a key under every name.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use muticket_core::incoming::Envelope;
use muticket_core::mail::EmailAddress;
use muticket_core::mailroom::{Check, LetterToCheck, SenderCheck};
use muticket_fuzz::name_server;
use muticket_inbound::auth::DomainCheck;
use tokio::runtime::{Builder, Runtime};

/// The answers of the name server take real time.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Builder::new_current_thread().enable_all().build().expect("a runtime"));

static CHECK: LazyLock<DomainCheck> = LazyLock::new(|| DomainCheck::with_name_servers(&[name_server()]).expect("a name server"));

static SENDER: LazyLock<EmailAddress> = LazyLock::new(|| "anna@x.example".parse().expect("an address"));

fuzz_target!(|rest: &[u8]| {
    let raw = [b"From: anna@x.example\r\n", rest].concat();
    let found = RUNTIME.block_on(CHECK.check(LetterToCheck::new(&raw, &SENDER, &Envelope::default())));
    assert!(!matches!(found, Ok(Check::Passed)), "a signature was made up");
});
