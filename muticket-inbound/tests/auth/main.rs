//! The check of who sent a letter, against a name server on this machine (M-03).

mod letters;
mod names;

use std::time::Duration;

use muticket_core::incoming::Envelope;
use muticket_core::mail::EmailAddress;
use muticket_core::mailroom::Check::{Failed, Passed, Unknown};
use muticket_core::mailroom::{Check, CheckError, LetterToCheck, SenderCheck};
use muticket_inbound::auth::DomainCheck;

use crate::letters::{LETTER, OTHERS, OTHERS_KEY, Signer};
use crate::names::{Answer, Names};

/// Domains, what they publish, and the check that asks for it.
struct World {
    names: Names,
    signer: Signer,
    check: DomainCheck,
}

impl World {
    async fn new() -> Self {
        let (names, signer) = (Names::new().await, Signer::new());
        for domain in ["x.example", "mail.x.example", "y.example"] {
            names.set(&format!("key._domainkey.{domain}"), text(&signer.record()));
        }
        // Domains without letters.
        for domain in ["x.example", "sub.x.example"] {
            names.set(domain, Answer::Texts(Vec::new()));
        }
        let check = DomainCheck::with_name_servers(&[names.address]).expect("a name server");
        Self { names, signer, check }
    }

    /// A world in which `x.example` asks for something.
    async fn asking(record: &str) -> Self {
        let world = Self::new().await;
        if !record.is_empty() {
            world.names.set("_dmarc.x.example", text(record));
        }
        world
    }

    /// The letter with a signature of this domain in front.
    fn signed(&self, domain: &str) -> String {
        self.signer.sign(LETTER, domain)
    }

    async fn finds(&self, letter: &str) -> Result<Check, CheckError> {
        self.finds_of("anna@x.example", letter).await
    }

    async fn finds_of(&self, sender: &str, letter: &str) -> Result<Check, CheckError> {
        let sender = EmailAddress::parse(sender).expect("an address");
        self.check.check(LetterToCheck::new(letter.as_bytes(), &sender, &Envelope::default())).await
    }
}

fn text(record: &str) -> Answer {
    Answer::Texts(vec![record.to_owned()])
}

#[tokio::test]
async fn signatures_and_policies_as_a_table() {
    for (record, domain, expected) in [
        ("", "x.example", Passed),
        ("v=DMARC1; p=reject", "x.example", Passed),
        ("v=DMARC1; p=reject; adkim=s", "x.example", Passed),
        // A domain below counts only where a record says how its letters are compared.
        ("", "mail.x.example", Unknown),
        ("v=DMARC1; p=none", "mail.x.example", Passed),
        ("v=DMARC1; p=reject; adkim=r", "mail.x.example", Passed),
        ("v=DMARC1; p=none; adkim=s", "mail.x.example", Unknown),
        ("v=DMARC1; p=reject; adkim=s", "mail.x.example", Failed),
        // Another domain confirms nothing.
        ("", "y.example", Unknown),
        ("v=DMARC1; p=none", "y.example", Unknown),
        ("v=DMARC1; p=quarantine", "y.example", Failed),
        ("v=DMARC1; p=reject", "y.example", Failed),
        // No signature.
        ("", "", Unknown),
        ("v=DMARC1; p=none", "", Unknown),
        ("v=DMARC1; p=quarantine", "", Failed),
        ("v=DMARC1; p=reject", "", Failed),
        // No record of this kind.
        ("v=DMARC1", "", Unknown),
        ("v=spf1 -all", "", Unknown),
        ("\u{0}", "mail.x.example", Unknown),
    ] {
        let world = World::asking(record).await;
        let letter = if domain.is_empty() { LETTER.to_owned() } else { world.signed(domain) };
        assert_eq!(world.finds(&letter).await.unwrap(), expected, "{record} {domain}");
    }
    let world = World::asking("v=DMARC1; p=none; sp=reject").await;
    let below = LETTER.replace("anna@x.example", "anna@sub.x.example");
    assert_eq!(world.finds_of("anna@sub.x.example", &below).await.unwrap(), Failed);
    let signed = world.signer.sign(&below, "x.example");
    assert_eq!(world.finds_of("anna@sub.x.example", &signed).await.unwrap(), Passed);
}

#[tokio::test]
async fn a_letter_that_was_changed_is_not_confirmed() {
    let asking = World::asking("v=DMARC1; p=reject").await;
    let silent = World::new().await;
    let changes: [fn(&str) -> String; 10] = [
        |letter| letter.replace("silent since", "loud since"),
        |letter| letter.replace("Subject: The", "Subject: A"),
        |letter| format!("{letter}One more line\r\n"),
        |letter| format!("Subject: Another\r\n{letter}"),
        |letter| letter.replace("\r\n\r\n", "\r\nContent-Type: text/html\r\nContent-Type: text/plain\r\n\r\n"),
        |letter| letter.replace("since Monday", "since\rMonday"),
        |letter| letter.replace("\r\nTo:", "\r\nno field\r\nTo:"),
        |letter| letter.replace("a=ed25519-sha256", "a=rsa-sha1"),
        |letter| letter.replace("s=key", "s=other"),
        |letter| letter.replace("s=key", &format!("s={}", "a".repeat(70))),
    ];
    for change in changes {
        for (world, expected) in [(&asking, Failed), (&silent, Unknown)] {
            let letter = world.signed("x.example");
            assert_eq!(world.finds(&letter).await.unwrap(), Passed);
            let changed = change(&letter);
            assert_ne!(changed, letter);
            assert_eq!(world.finds(&changed).await.unwrap(), expected, "{changed}");
        }
    }
}

#[tokio::test]
async fn a_signature_covers_the_sender_and_the_whole_text() {
    let world = World::asking("v=DMARC1; p=reject").await;
    let without_sender = world.signer.sign_with(LETTER, "x.example", |signer| signer.headers(["Subject"]));
    assert_eq!(world.finds(&without_sender).await.unwrap(), Failed);
    let in_part = world.signer.sign_with(LETTER, "x.example", |signer| signer.headers(["From"]).body_length(true));
    assert!(in_part.contains("l="), "{in_part}");
    assert_eq!(world.finds(&in_part).await.unwrap(), Failed);
}

#[tokio::test]
async fn an_old_signature_counts_no_more() {
    let world = World::asking("v=DMARC1; p=reject").await;
    let letter = world.signer.sign_with(LETTER, "x.example", |signer| signer.headers(["From"]).expiration(2));
    assert_eq!(world.finds(&letter).await.unwrap(), Passed);
    tokio::time::sleep(Duration::from_millis(2100)).await;
    assert_eq!(world.finds(&letter).await.unwrap(), Failed);
}

/// Letters that another program signed, with the line ends of mail and with those of the machine.
#[tokio::test]
async fn letters_of_another_program_are_confirmed() {
    let world = World::asking("v=DMARC1; p=reject").await;
    world.names.set("rsa._domainkey.x.example", text(OTHERS_KEY));
    for letter in OTHERS {
        assert_eq!(world.finds(letter).await.unwrap(), Passed, "{letter}");
        assert_eq!(world.finds(&letter.replace("\r\n", "\n")).await.unwrap(), Passed, "{letter}");
        assert_eq!(world.finds(&letter.replace("Monday", "Sunday")).await.unwrap(), Failed, "{letter}");
    }
}

#[tokio::test]
async fn a_letter_has_one_sender() {
    let world = World::new().await;
    for from in [
        "From: Anna <anna@x.example>\r\nFrom: Ben <ben@x.example>",
        "From: Anna <anna@x.example>, Ben <ben@x.example>",
        "From: Both: anna@x.example, ben@x.example;",
        "From: Ben <ben@x.example>",
        "From: nobody:;",
        "From: Anna",
        "Sender: Anna <anna@x.example>",
    ] {
        let letter = LETTER.replace("From: Anna <anna@x.example>", from);
        assert_eq!(world.finds(&world.signer.sign(&letter, "x.example")).await.unwrap(), Failed, "{from}");
    }
    for from in ["From: =?utf-8?q?Anna?= <ANNA@X.example>", "From: anna@x.example (Anna, ben@x.example)"] {
        let letter = LETTER.replace("From: Anna <anna@x.example>", from);
        assert_eq!(world.finds(&world.signer.sign(&letter, "x.example")).await.unwrap(), Passed, "{from}");
    }
}

#[tokio::test]
async fn few_signatures_are_checked() {
    let world = World::new().await;
    let stranger = world.signer.sign("From: a@y.example\r\n\r\na", "y.example");
    let stranger = stranger.split_once("From: a@").unwrap().0;
    let letter = format!("{}{}", stranger.repeat(9), world.signed("x.example"));
    assert_eq!(world.finds(&letter).await.unwrap(), Passed);
    assert_eq!(world.names.asked(), ["key._domainkey.x.example"], "others are not asked for");
    assert_eq!(world.finds(&format!("{stranger}{letter}")).await.unwrap(), Failed);
}

/// M-02: a name server that does not answer is not the letter's fault.
#[tokio::test]
async fn a_silent_name_server_is_no_verdict() {
    let world = World::asking("v=DMARC1; p=reject").await;
    let letter = world.signed("x.example");
    world.names.set("key._domainkey.x.example", Answer::Failure);
    assert!(world.finds(&letter).await.is_err());
    let world = World::new().await;
    world.names.set("_dmarc.x.example", Answer::Failure);
    assert!(world.finds(LETTER).await.is_err());
    // What cannot change the verdict is not waited for.
    assert_eq!(world.finds(&world.signed("x.example")).await.unwrap(), Passed);
    let world = World::asking("v=DMARC1; p=reject").await;
    world.names.set("key._domainkey.y.example", Answer::Failure);
    assert_eq!(world.finds(&world.signed("y.example")).await.unwrap(), Failed);
    world.names.set("key._domainkey.x.example", Answer::Silence);
    let check = world.check.clone().with_time_limit(Duration::from_millis(200));
    let sender = EmailAddress::parse("anna@x.example").unwrap();
    let letter = world.signed("x.example");
    let found = check.check(LetterToCheck::new(letter.as_bytes(), &sender, &Envelope::default())).await;
    assert_eq!(found.unwrap_err().to_string(), "the name servers did not answer in time");
    assert!(DomainCheck::with_name_servers(&[]).is_err());
}

#[tokio::test]
async fn long_answers_are_read() {
    let world = World::new().await;
    let long = |mark: &str| format!("v=DKIM1; n={}; {mark}", "a".repeat(50_000));
    world.names.set("key._domainkey.x.example", text(&world.signer.record().replace("v=DKIM1", &long("k=ed25519"))));
    assert_eq!(world.finds(&world.signed("x.example")).await.unwrap(), Passed);
    let world = World::new().await;
    world.names.set("_dmarc.x.example", Answer::Texts(vec!["v=DMARC1; ".repeat(20); 200]));
    assert_eq!(world.finds(LETTER).await.unwrap(), Unknown);
}
