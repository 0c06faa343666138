//! Forged letters (M-03): whatever their header says, a letter is never the message of somebody who did not write it.

use muticket_core::mail::Letter;
use muticket_journeys::{Adapter, World, in_both};

use super::{PASSED, answered, arrives, posts_to, reply, world};

/// The same from the relay about a domain of strangers.
const STRANGER_PASSED: &str = "Authentication-Results: mx.example.org; dmarc=pass header.from=x.example\r\n";

/// What becomes of a letter that is nobody's message.
const HELD: [&str; 2] = ["not-confirmed", "unknown-sender"];

/// A reply to the letter with these lines instead of `From`.
fn from(letter: &Letter, head: &str, lines: &str) -> String {
    reply(letter, "anna@example.org", head, "Forged").replace("From: <anna@example.org>\r\n", &format!("{lines}\r\n"))
}

/// A letter without a token.
fn plain(head: &str, sender: &str, text: &str) -> String {
    format!("{head}From: {sender}\r\nTo: support@example.org\r\nSubject: Toner\r\n\r\n{text}\r\n")
}

/// The number of messages that Anna sees on her ticket, and of her tickets.
async fn annas(world: &World, ticket: u64) -> (usize, usize) {
    let anna = world.as_("anna");
    (anna.sees(ticket).await.count(".message"), anna.get("/tickets").await.is(200).all(".row-subject").len())
}

/// Senders that are not Anna, some of whom look like her.
const NOT_ANNA: [&str; 46] = [
    "From: \"anna@example.org\" <evil@x.example>",
    "From: anna@example.org <evil@x.example>",
    "From: <anna@example.org> <evil@x.example>",
    "From: \"Anna Berg <anna@example.org>\" <evil@x.example>",
    "From: \"Anna\\\" <anna@example.org>\" <evil@x.example>",
    "From: =?utf-8?q?anna=40example=2Eorg?= <evil@x.example>",
    "From: =?utf-8?q?=3Canna=40example=2Eorg=3E?= <evil@x.example>",
    "From: =?utf-8?b?YW5uYUBleGFtcGxlLm9yZw==?= <evil@x.example>",
    "From: evil@x.example (anna@example.org)",
    "From: (anna@example.org) evil@x.example",
    "From: evil(anna@example.org)@x.example",
    "From: evil@x.example\r\n\t(<anna@example.org>)",
    "From: anna@example.org, evil@x.example",
    "From: evil@x.example, anna@example.org",
    "From: <anna@example.org>, <evil@x.example>",
    "From: Friends: anna@example.org, evil@x.example;",
    "From: Friends: evil@x.example;, anna@example.org",
    "From: anna@example.org:evil@x.example;",
    "From: anna@example.org\r\nFrom: evil@x.example",
    "From: evil@x.example\r\nFrom: anna@example.org",
    "From: evil@x.example\r\nfrom: <anna@example.org>",
    "From: evil@x.example\r\nFROM : anna@example.org",
    "Sender: anna@example.org",
    "Reply-To: anna@example.org\r\nFrom: evil@x.example",
    "Sender: anna@example.org\r\nFrom: evil@x.example",
    "Resent-From: anna@example.org\r\nFrom: evil@x.example",
    "X-From: anna@example.org",
    "From: anna@example.org.x.example",
    "From: anna@example.org@x.example",
    "From: \"anna@example.org\"@x.example",
    "From: <@example.org:evil@x.example>",
    "From: anna+evil@example.org",
    "From: an.na@example.org",
    "From: anna%example.org@x.example",
    "From: \u{430}nna@example.org",
    "From: anna@ex\u{430}mple.org",
    "From: anna@xn--exmple-4uf.org",
    "From: <anna@exam> <ple.org>",
    "From: anna@exam(x)ple.org",
    "From: =?utf-8?q?anna=40example=2Eorg?= (x)",
    "From: \"anna@example.org\" (x)",
    "F rom: anna@example.org",
    ":From: anna@example.org",
    "X: =?utf-8?q?a\r\nFrom: evil@x.example\r\n?=\r\nFrom: anna@example.org",
    "From: anna@\u{ff45}xample.org",
    "From: anna@example\u{3002}org",
];

/// Other spellings of what is Anna's address.
const ANNA: [&str; 7] = [
    "From: ANNA@EXAMPLE.ORG",
    "FROM: anna@example.org",
    "From: Anna Berg <anna@example.org>",
    "From: \"Berg, Anna\" <anna@example.org>",
    "From: =?utf-8?q?Anna_B=C3=A9rg?= <anna@example.org>",
    "From: anna@example.org (Anna Berg)",
    "From:\r\n Anna\r\n <anna@example.org>",
];

/// Fields in which a token counts, and what stands in each beside it.
const COUNTED: [(&str, &str); 8] = [
    ("To", "{}"),
    ("To", "Support <{}>, ben@example.org"),
    ("Cc", "other@x.example, {}"),
    ("Delivered-To", "{}"),
    ("X-Original-To", "<{}>"),
    ("Envelope-To", "{}"),
    ("In-Reply-To", "<{id}>"),
    ("References", "<a@x.example>\r\n <{id}>"),
];

/// Fields in which a token says nothing.
const IGNORED: [(&str, &str); 8] = [
    ("Subject", "{}"),
    ("Subject", "[#1] Re: Ticket 1 <{id}>"),
    ("Reply-To", "{}"),
    ("Bcc", "{}"),
    ("Received", "from x by mx.example.org for <{}>"),
    ("X-Original-Sender", "{}"),
    ("Comments", "{} <{id}>"),
    ("To", "\"{}\" <support@example.org>"),
];

/// A letter with the token in this field only.
fn with_token_in(letter: &Letter, (field, value): (&str, &str), head: &str, sender: &str) -> String {
    let address = letter.reply_to.as_ref().expect("it can be replied to").as_str();
    let value = value.replace("{id}", letter.message_id.as_str()).replace("{}", address);
    format!("{head}From: {sender}\r\n{field}: {value}\r\n\r\nWith a token in {field}: {value}\r\n")
}

in_both! {
    async fn nobody_passes_for_anna(adapter: Adapter) {
        let world = world(adapter).await;
        let (ticket, letter) = answered(&world).await;
        for lines in NOT_ANNA {
            // They got hold of her token, and the relay says nothing, or that their own domain is genuine.
            for head in ["", STRANGER_PASSED] {
                let verdict = arrives(&world, &from(&letter, head, lines)).await;
                assert!(HELD.contains(&verdict.as_str()), "{head}{lines}: {verdict}");
                let sender = lines.strip_prefix("From: ").unwrap_or("nobody@x.example");
                let verdict = arrives(&world, &plain(head, sender, "Without a token")).await;
                assert!(HELD.contains(&verdict.as_str()), "{head}{lines} without a token: {verdict}");
            }
        }
        assert_eq!(annas(&world, ticket).await, (2, 1));
        assert_eq!(world.mailed().await, ["sara"], "she learns that letters are held, and not of each of them");
        world.ends().await;
    }

    async fn anna_is_known_in_other_spellings(adapter: Adapter) {
        let world = world(adapter).await;
        let (ticket, letter) = answered(&world).await;
        for lines in ANNA {
            assert_eq!(arrives(&world, &from(&letter, "", lines)).await, "replied", "{lines}");
        }
        assert_eq!(annas(&world, ticket).await, (2 + ANNA.len(), 1));
        assert_eq!(world.mailed().await, ["sara"; ANNA.len()]);
        world.ends().await;
    }

    async fn a_token_counts_in_some_fields_and_only_for_its_recipient(adapter: Adapter) {
        let world = world(adapter).await;
        let (ticket, letter) = answered(&world).await;
        for field in COUNTED {
            assert_eq!(arrives(&world, &with_token_in(&letter, field, "", "anna@example.org")).await, "replied", "{field:?}");
            for head in ["", PASSED] {
                let verdict = arrives(&world, &with_token_in(&letter, field, head, "ben@example.org")).await;
                assert_eq!(verdict, "not-confirmed", "{head}{field:?} from Ben");
            }
        }
        for field in IGNORED {
            let verdict = arrives(&world, &with_token_in(&letter, field, "", "anna@example.org")).await;
            assert_eq!(verdict, "not-confirmed", "{field:?}");
            // It is Ben's letter, so it opens a ticket of his.
            assert_eq!(arrives(&world, &with_token_in(&letter, field, PASSED, "ben@example.org")).await, "opened", "{field:?}");
        }
        assert_eq!(annas(&world, ticket).await, (2 + COUNTED.len(), 1));
        assert_eq!(world.as_("ben").get("/tickets").await.is(200).all(".row-subject").len(), IGNORED.len());

        // The envelope is from the mail server, so it counts, too.
        let address = letter.reply_to.as_ref().unwrap().to_string();
        for (sender, verdict) in [("anna@example.org", "replied"), ("ben@example.org", "not-confirmed")] {
            assert_eq!(posts_to(&world, &address, &plain("", sender, "Envelope")).await.is(200).text().trim(), verdict);
        }
        let inside = format!("From: ben@example.org\r\nContent-Type: message/rfc822\r\n\r\n{}", reply(&letter, "anna@example.org", "", "In"));
        assert_eq!(arrives(&world, &inside).await, "not-confirmed", "the letter of Anna that Ben passes on");
        assert_eq!(annas(&world, ticket).await, (3 + COUNTED.len(), 1));
        let _ = world.mailed().await;
        world.ends().await;
    }

    async fn no_other_token_is_genuine(adapter: Adapter) {
        let world = world(adapter).await;
        let (ticket, letter) = answered(&world).await;
        let bens = world.as_("ben").opens("Toner", "", "It is empty").await;
        world.as_("sara").answers(bens, "Which colour?").await;
        let to_ben = world.letters().await.into_iter().find(|letter| letter.to.address().as_str() == "ben@example.org").unwrap();
        let [token, of_ben] = [&letter, &to_ben].map(token);
        let [number, period, signature] = parts(&token);
        let period: i64 = period.parse().unwrap();
        let [_, _, bens_signature] = parts(&of_ben);
        let mut forged = vec![
            format!("t{bens}-{period}-{signature}"),
            format!("{number}-{period}-{bens_signature}"),
            format!("t0{ticket}-{period}-{signature}"),
            format!("t+{ticket}-{period}-{signature}"),
            format!("t-{ticket}-{period}-{signature}"),
            format!("{number}-{period}-{}", &signature[..25]),
            format!("{number}-{period}-{signature}a"),
            format!("{number}-{period}-{signature}="),
            format!("{number}-{period}-{}", "a".repeat(26)),
            format!("{number}-{period}-"),
            format!("{number}-{period}"),
            format!("{number}--{signature}"),
            format!("{number}-0{period}-{signature}"),
            number.clone(),
        ];
        forged.extend([period - 1, period + 1, 0, -1, i64::MAX, i64::MIN].map(|other| format!("{number}-{other}-{signature}")));
        // Each letter of the signature counts.
        for at in 0..signature.len() {
            let other = if signature.as_bytes()[at] == b'a' { "b" } else { "a" };
            forged.push(format!("{number}-{period}-{}{other}{}", &signature[..at], &signature[at + 1..]));
        }
        for forged in &forged {
            let id = letter.message_id.as_str();
            let letter = reply(&letter, "anna@example.org", "", "Forged").replace(&token, forged).replace(id, &id.replace(&token, forged));
            assert_eq!(arrives(&world, &letter).await, "not-confirmed", "{forged}");
        }
        // The token of another, and one of each.
        assert_eq!(arrives(&world, &reply(&to_ben, "anna@example.org", "", "Forged")).await, "not-confirmed");
        let address = |letter: &Letter| letter.reply_to.as_ref().unwrap().to_string();
        let both = |first: &Letter, second: &Letter| {
            format!("From: ben@example.org\r\nTo: {}, {}\r\n\r\nI am Ben\r\n", address(first), address(second))
        };
        assert_eq!(arrives(&world, &both(&letter, &to_ben)).await, "not-confirmed");
        assert_eq!(annas(&world, ticket).await, (2, 1));
        assert_eq!(arrives(&world, &both(&to_ben, &letter)).await, "replied", "on the ticket of Ben");
        assert_eq!(annas(&world, ticket).await, (2, 1));
        assert_eq!(world.as_("ben").sees(bens).await.count(".message"), 3);
        let _ = world.mailed().await;
        world.ends().await;
    }

    async fn nobody_else_confirms_a_sender(adapter: Adapter) {
        let world = world(adapter).await;
        let (ticket, letter) = answered(&world).await;
        for head in [
            "Authentication-Results: mx.example.org.x.example; dmarc=pass header.from=example.org",
            "Authentication-Results: x.example; dmarc=pass\r\n ; mx.example.org; dmarc=pass",
            "Authentication-Results: x.example (mx.example.org); dmarc=pass header.from=example.org",
            "Authentication-Results: \"mx.example.org x\"; dmarc=pass",
            "Authentication-Results: mx.example.org; dmarc=fail\r\nAuthentication-Results: mx.example.org; dmarc=pass",
            "Authentication-Results: mx.example.org; dmarc=none\r\nAuthentication-Results: mx.example.org; dmarc=pass",
            "Authentication-Results: mx.example.org; dmarc=pass header.from=x.example",
            "Authentication-Results: mx.example.org; dmarc=fail header.from=example.org; dmarc=pass header.from=example.org",
            "Authentication-Results: mx.example.org; dmarc=fail reason=\"; dmarc=pass\"",
            "Authentication-Results: mx.example.org; xdmarc=pass",
            "Authentication-Results: mx.example.org; dkim=pass header.d=example.org; spf=pass smtp.mailfrom=anna@example.org",
            "X-Authentication-Results: mx.example.org; dmarc=pass",
            "Authentication-Results-Original: mx.example.org; dmarc=pass",
            "ARC-Authentication-Results: i=1; mx.example.org; dmarc=pass",
            "Received-SPF: pass",
            "Subject: a\r\n Authentication-Results: mx.example.org; dmarc=pass",
        ] {
            let verdict = arrives(&world, &plain(&format!("{head}\r\n"), "anna@example.org", "Forged")).await;
            assert_eq!(verdict, "not-confirmed", "{head}");
        }
        let below = plain("", "anna@example.org", &format!("{PASSED}\r\nForged"));
        assert_eq!(arrives(&world, &below).await, "not-confirmed", "in the text");
        // A token does not help if the relay says that the sender is forged.
        for found in ["fail", "permerror", "quarantine", "x"] {
            let head = PASSED.replace("pass", found);
            assert_eq!(arrives(&world, &reply(&letter, "anna@example.org", &head, found)).await, "not-confirmed");
        }
        assert_eq!(annas(&world, ticket).await, (2, 1));
        assert_eq!(world.mailed().await, ["sara"]);
        world.ends().await;
    }
}

/// The token of a letter.
fn token(letter: &Letter) -> String {
    let address = letter.reply_to.as_ref().expect("it can be replied to").as_str();
    let (local, _) = address.split_once('@').expect("an address");
    local.strip_prefix("support+").expect("the pattern of the site").to_owned()
}

/// Ticket, period and signature of a token.
fn parts(token: &str) -> [String; 3] {
    let parts: Vec<_> = token.splitn(3, '-').map(str::to_owned).collect();
    parts.try_into().expect("three parts")
}
