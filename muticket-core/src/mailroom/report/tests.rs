//! Reports in the image of those of common mail servers.

use proptest::prelude::*;

use super::*;
use crate::incoming::Envelope;
use crate::mailroom::MailIn;
use crate::mailroom::parsed::parse;

const ID: &str = "0190a1b2-0000-7000-8000-000000000001.t12-693-abc@site.example";

fn report(letter: &str) -> Option<Report> {
    let rules = MailIn::new("support+{token}@site.example").unwrap();
    let letter = letter.replace("{ID}", ID).replace('\n', "\r\n");
    parse(&letter.into(), &Envelope::default(), &rules).ok().and_then(|parsed| parsed.report)
}

/// A report with these fields about a recipient, and these parts below it.
fn with_status(fields: &str, returned: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example (Mail Delivery System)\nTo: support@site.example\n\
         Content-Type: multipart/report; report-type=delivery-status;\n\tboundary=\"b\"\n\n--b\nContent-Description: Notification\n\
         Content-Type: text/plain; charset=us-ascii\n\nI'm sorry to have to inform you.\n\n--b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.example\nArrival-Date: Mon, 2 Nov 2026 10:00:00 +0100 (CET)\n\n{fields}\n\n--b\n{returned}\n--b--\n"
    )
}

const HEADERS: &str = "Content-Type: text/rfc822-headers\n\nReceived: from localhost\n\tby mx.example\nTo: Anna <anna@x.example>\nMessage-ID: <{ID}>\n";
const WHOLE: &str =
    "Content-Type: message/rfc822\n\nTo: Anna <anna@x.example>\nMessage-ID:\n <{ID}>\nSubject: Printer\n\nIs it plugged in?\n";

/// M-05
#[test]
fn reports_of_common_mail_servers_as_a_table() {
    let postfix = with_status(
        "Final-Recipient: rfc822; anna@y.example\nOriginal-Recipient: rfc822;anna@x.example\nAction: failed\nStatus: 5.1.1\n\
         Remote-MTA: dns; mx.y.example\nDiagnostic-Code: smtp; 550 5.1.1 <anna@y.example>: Recipient address\n    rejected: User unknown",
        HEADERS,
    );
    let unknown_here = with_status(
        "Final-Recipient: rfc822; anna@x.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: X-Postfix; unknown user: \"anna\"",
        WHOLE,
    );
    let expired = with_status(
        "Final-Recipient: rfc822; anna@x.example\nAction: failed\nStatus: 4.4.1\nDiagnostic-Code: X-Postfix; connect to x.example[192.0.2.1]:25: Connection\n    timed out",
        HEADERS,
    );
    let delayed = with_status(
        "Final-Recipient: rfc822; anna@x.example\nAction: delayed\nStatus: 4.2.0\nDiagnostic-Code: smtp; 450 4.2.0 greylisted\nWill-Retry-Until: Sat, 7 Nov 2026 10:00:00 +0100 (CET)",
        HEADERS,
    );
    let sendmail = with_status(
        "Final-Recipient: RFC822; anna@x.example\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: SMTP; 552 5.2.2 Over quota\nLast-Attempt-Date: Mon, 2 Nov 2026 10:00:00 +0100",
        WHOLE,
    );
    let exchange = with_status(
        "Final-Recipient: rfc822;anna@x.example\nAction: failed\nStatus: 5.1.10\nDiagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup\nX-Display-Name: anna",
        WHOLE,
    )
    .replace("MAILER-DAEMON@mx.example (Mail Delivery System)", "<postmaster@x.example>");
    let gmail = with_status(
        "Final-Recipient: rfc822; anna@x.example\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; gmail-smtp-in.example. (192.0.2.1)\nDiagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.\nLast-Attempt-Date: Mon, 02 Nov 2026 01:00:00 -0800 (PST)",
        "Content-Type: text/plain\n\nnothing\n",
    )
    .replace("To: support@site.example", "To: support@site.example\nX-Failed-Recipients: anna@x.example\nIn-Reply-To: <{ID}>\nReferences: <ticket-12.a@site.example> <{ID}>");
    let relayed = with_status("Final-Recipient: rfc822; anna@x.example\nAction: relayed\nStatus: 2.0.0", HEADERS);
    let both = with_status(
        "Final-Recipient: rfc822; a@y.example\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; b@y.example\nAction: delivered\nStatus: 2.0.0",
        HEADERS,
    );
    let bare = with_status("Final-Recipient: rfc822; anna@x.example\nStatus: 5.0.0 (permanent failure)", HEADERS);
    let exim = "From: Mail Delivery System <Mailer-Daemon@mx.example>\nX-Failed-Recipients: anna@x.example\nTo: support@site.example\n\n\
                This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  anna@x.example\n    host mx.x.example [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<anna@x.example>:\n    550 5.1.1 No such user\n\n\
                ------ This is a copy of the message, including all the headers. ------\n\nReturn-path: <support@site.example>\nReceived: from site\n\tby mx.example\nTo: Anna <anna@x.example>\nMessage-ID: <{ID}>\n\nIs it plugged in?\n";
    let exim_warns = exim
        .replace("X-Failed-Recipients: anna@x.example\n", "")
        .replace("could not be delivered", "has not yet been delivered")
        .replace("This is a permanent error.", "")
        .replace("550 5.1.1 No such user", "451 4.7.1 try again");
    let qmail = "From: MAILER-DAEMON@mx.example\nTo: support@site.example\nSubject: failure notice\n\n\
                 Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<anna@x.example>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 User unknown\nGiving up on 192.0.2.1.\n\n--- Below this line is a copy of the message.\n\n\
                 Return-Path: <support@site.example>\nReceived: (qmail 1 invoked by uid 0)\nTo: anna@x.example\nMessage-ID: <{ID}>\n\nIs it plugged in?\n";
    let qmail_expired = qmail.replace(
        "Remote host said: 550 5.1.1 User unknown",
        "I'm not going to try again; this message has been in the queue too long.",
    );
    let by_envelope = with_status("Final-Recipient: rfc822; anna@x.example\nAction: failed\nStatus: 5.1.1", "\nnothing")
        .replace("Arrival-Date:", "Original-Envelope-Id: {ID}\nArrival-Date:");
    let cases = [
        ("the envelope's id", &by_envelope, Outcome::Permanent, "5.1.1"),
        ("Postfix", &postfix, Outcome::Permanent, "550 5.1.1 <anna@y.example>: Recipient address rejected: User unknown"),
        ("Postfix, own user", &unknown_here, Outcome::Permanent, "5.1.1 unknown user: \"anna\""),
        ("Postfix, expired", &expired, Outcome::GivenUp, "4.4.1 connect to x.example[192.0.2.1]:25: Connection timed out"),
        ("Postfix, delayed", &delayed, Outcome::Passing, "450 4.2.0 greylisted"),
        ("sendmail", &sendmail, Outcome::Permanent, "552 5.2.2 Over quota"),
        (
            "Exchange",
            &exchange,
            Outcome::Permanent,
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        ),
        ("Gmail", &gmail, Outcome::Permanent, "550-5.1.1 The email account that you tried to reach does not exist."),
        ("relayed", &relayed, Outcome::Delivered, "2.0.0"),
        ("one of two", &both, Outcome::Delivered, "2.0.0"),
        ("no action", &bare, Outcome::Permanent, "5.0.0"),
        ("Exim", &exim.to_owned(), Outcome::Permanent, "550 5.1.1 No such user"),
        ("Exim, delayed", &exim_warns, Outcome::Passing, "451 4.7.1 try again"),
        ("qmail", &qmail.to_owned(), Outcome::Permanent, "550 5.1.1 User unknown"),
        ("qmail, expired", &qmail_expired, Outcome::GivenUp, ""),
    ];
    for (name, letter, outcome, words) in cases {
        let found = report(letter).unwrap_or_else(|| panic!("{name} returns a letter"));
        assert_eq!((found.outcome, found.words.as_str()), (outcome, words), "{name}");
        assert!(found.ids.iter().any(|id| id == ID), "{name}: {found:?}");
        let is_about = |address: &String| ["anna@x.example", "a@y.example"].contains(&address.as_str());
        assert!(found.recipients.iter().any(is_about), "{name}: {found:?}");
    }
}

#[test]
fn what_no_mail_server_wrote_is_no_report() {
    for letter in [
        // A person.
        "From: anna@x.example\nIn-Reply-To: <{ID}>\n\n550 5.1.1 is what I see\n\nMessage-ID: <{ID}>\n".to_owned(),
        // A receipt of a mail program.
        with_status("Final-Recipient: rfc822; anna@x.example\nDisposition: automatic-action; displayed", HEADERS)
            .replace("MAILER-DAEMON", "anna")
            .replace("delivery-status", "disposition-notification"),
    ] {
        assert_eq!(report(&letter), None, "{letter}");
    }
    // A mail server that returns no letter.
    let away =
        report("From: postmaster@x.example\nIn-Reply-To: <{ID}>\n\nWe will be away. This is a permanent error.\n").unwrap();
    assert_eq!((away.ids, away.recipients, away.words), (vec![], vec![], String::new()));
}

/// M-05: fields are read as in the header of the letter itself.
#[test]
fn the_fields_of_a_report_end_where_those_of_a_letter_end() {
    let fields = "Final-Recipient : rfc822;\n\tanna@x.example\nAction:failed\nStatus:\n 5.1.1 (bad\n mailbox)";
    let found = report(&with_status(fields, &HEADERS.replace("To: Anna", "no field\nTo: Anna"))).unwrap();
    assert_eq!((found.outcome, found.words.as_str()), (Outcome::Permanent, "5.1.1"));
    assert_eq!((found.ids, found.recipients), (vec![], vec!["anna@x.example".to_owned()]));
}

fn is_within_limits(report: &Report) -> bool {
    let is_short = |text: &String| text.chars().count() <= 400;
    let lists = [&report.ids, &report.recipients];
    lists.iter().all(|list| list.len() <= MOST && list.iter().all(is_short))
        && report.words.chars().count() <= Incoming::MAX_TEXT
        && !report.words.contains(char::is_control)
}

#[test]
fn a_report_has_limits() {
    let many = "Final-Recipient: rfc822; a@y.example\nAction: failed\nStatus: 5.1.1\n\n".repeat(3000);
    let long = format!("Diagnostic-Code: smtp; 550 {}", "a\u{1b}b ".repeat(2000));
    let ids = format!("Content-Type: text/rfc822-headers\n\nMessage-ID: {}\n", "<1@x>\n ".repeat(3000));
    let found = report(&with_status(&many.replacen("Status", &format!("{long}\nStatus"), 1), &ids)).unwrap();
    assert!(is_within_limits(&found) && found.ids.len() == MOST && !found.words.is_empty(), "{found:?}");
}

proptest! {
    /// M-02: no bytes stop the next letter. A fault of a parser would be a letter that cannot be read.
    #[test]
    fn any_fields_are_a_report(
        status in "(Action|Status|Final-Recipient|Diagnostic-Code|: |;|failed|5\\.1\\.1|4|<|>|@|\\r\\n|\\n| |ä|\u{0}|smtp){0,60}",
        returned in "(Message-ID|To|: |<|>|@|\\r\\n|\\n| |\\.|ä|t1-1-a|Content-Type: message/rfc822|text/rfc822-headers){0,60}",
        text in "(Message-ID|Received|: |5|50|500 |-|<|>|\\n| |ä|has not yet been delivered){0,60}",
    ) {
        let plain = format!("From: mailer-daemon@x.example\n\n{text}\n{returned}");
        for letter in [with_status(&status, &returned), plain] {
            prop_assert!(is_within_limits(&report(&letter).unwrap()));
        }
    }

    #[test]
    fn any_bytes_are_a_report(
        status in proptest::collection::vec(any::<u8>(), 0..200),
        returned in proptest::collection::vec(any::<u8>(), 0..200),
        kind in "(rfc822|global|global-headers|delivery-status)",
        text in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let head = "From: mailer-daemon@x.example\r\nContent-Type: multipart/report; boundary=bound\r\n\r\n--bound\r\n\r\n";
        let status_head = "\r\n--bound\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n";
        let returned_head = format!("\r\n--bound\r\nContent-Type: message/{kind}\r\n\r\nMessage-ID: ");
        let pieces = [head.as_bytes(), &text, status_head.as_bytes(), &status, returned_head.as_bytes(), &returned];
        let raw = [&pieces.concat()[..], b"\r\n--bound--\r\n"].concat();
        let rules = MailIn::new("support+{token}@site.example").unwrap();
        let parsed = parse(&raw.into(), &Envelope::default(), &rules).map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
        prop_assert!(is_within_limits(&parsed.report.unwrap()));
    }
}
