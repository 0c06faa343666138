//! Letters that were written to stop a mailroom. Each has about a megabyte, and is read in a time that grows with its size only.

use std::time::{Duration, Instant};

use muticket_core::mailroom::read;
use muticket_corpus::rules;

const SIZE: usize = 1 << 20;

/// In a debug build on a slow machine that does other things, too. What grows with the square of the size takes minutes.
const LONGEST: Duration = Duration::from_secs(6);

/// A letter of the usual size, whose text repeats a piece.
fn repeated(head: &str, piece: &str) -> String {
    format!("From: anna@x.example\r\n{head}\r\n\r\n{}", piece.repeat(SIZE / piece.len()))
}

/// A letter with a long head.
fn head(start: &str, piece: &str) -> String {
    format!("From: anna@x.example\r\n{start}{}\r\n\r\nHello\r\n", piece.repeat(SIZE / piece.len()))
}

/// M-07
#[test]
fn hostile_letters_are_read_in_linear_time() {
    let (plain, html) = ("Content-Type: text/plain", "Content-Type: text/html");
    let mixed = "Content-Type: multipart/mixed; boundary=b";
    let letters = [
        ("answers of a mail server", {
            let line = format!("{}{}", ": ".repeat(SIZE / 4), " ".repeat(SIZE / 2));
            format!("From: postmaster@x.example\r\nMessage-ID: <a@x.example>\r\n\r\n{line}\r\n")
        }),
        ("a long boundary", repeated(&format!("Content-Type: multipart/mixed; boundary={}b", "-".repeat(69)), "-")),
        ("open hidden elements", repeated(html, "<div style='display:none'>a<p>")),
        ("hidden elements", repeated(html, "<div style='display:none'>a</div>")),
        ("arrows", repeated(plain, ">")),
        ("lines of arrows", repeated(plain, ">\n")),
        ("lines that say who wrote", repeated(plain, "On 2 Nov, a@b wrote:\n")),
        ("lines that end with a colon", repeated(plain, "a:\n")),
        ("heads of letters", repeated(plain, "From: a\nTo: b\n")),
        ("halves of heads", repeated(plain, "From: a@b\n\n")),
        ("hyphens", repeated(plain, "-")),
        ("lines of hyphens", repeated(plain, "-----\n")),
        ("our line", repeated(plain, "-=- a -=-\n")),
        ("empty lines", repeated(plain, "\n")),
        ("flowing lines", repeated("Content-Type: text/plain; format=flowed", "> a \n")),
        ("bytes of no character set", repeated("Content-Type: text/plain; charset=koi8-r", "\u{fffd}")),
        ("broken quoted-printable", repeated("Content-Transfer-Encoding: quoted-printable", "=Z")),
        ("broken base64", repeated("Content-Transfer-Encoding: base64", "A!")),
        ("deep HTML", repeated(html, "<div><blockquote>")),
        ("deep lists", repeated(html, "<ul><li>")),
        ("open tags", repeated(html, "<a ")),
        ("open quotes", repeated(html, "<a href=\"")),
        ("open quotes with ends", repeated(html, "<a href='\"x>")),
        ("open comments", repeated(html, "<!-- ")),
        ("open elements", repeated(html, "<script><style><title>")),
        ("open links", repeated(html, "<a href=https://x.example/>a")),
        ("entities", repeated(html, "&amp;&#x1F600;&nosuch")),
        ("quotations of one letter", repeated(html, "<blockquote>a</blockquote>")),
        ("a long attribute", repeated(html, "<p class='gmail'").replace("' <", "")),
        ("closed without open", repeated(html, "</blockquote></a></p>")),
        ("parts without end", repeated(mixed, "--b\r\n\r\n")),
        ("parts in base64", repeated(mixed, "--b\r\nContent-Transfer-Encoding: base64\r\n\r\nYQ==\r\n")),
        ("parts of parts without a boundary", repeated(mixed, "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\na\r\n")),
        ("ninety boundaries", repeated("X: y", "--").replacen("X: y", &boundaries(90), 1)),
        ("letters in letters", repeated("Content-Type: message/rfc822", "Content-Type: message/rfc822\r\n\r\n")),
        ("encoded letters in letters", repeated("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64", "QUFB")),
        ("a digest", repeated("Content-Type: multipart/digest; boundary=b", "--b\r\n\r\nA: b\r\n\r\n")),
        ("blanks before colons", repeated(plain, " :")),
        ("types", repeated(plain, "content-type:")),
        ("many fields", head("", "X: y\r\n")),
        ("many senders", head("", "From: a@b\r\n")),
        ("a long field", head("Subject: ", "a")),
        ("a long field in many lines", head("Subject: ", "\r\n a")),
        ("encoded words", head("Subject: ", "=?utf-8?q?a?= ")),
        ("open encoded words", head("Subject: ", "=?utf-8?q?")),
        ("many addresses", head("To: ", "a@b.example, ")),
        ("groups of addresses", head("To: ", "a: b;")),
        ("groups without end", head("To: ", "a:")),
        ("open names", head("To: ", "\"a")),
        ("open comments in addresses", head("To: ", "(")),
        ("many ids", head("References: ", "<a@b> ")),
        ("open ids", head("References: ", "<")),
        ("ids that look like ours", head("References: ", "<a.t12-693-abcdef@example.org> ")),
        ("parameters", head("Content-Type: text/plain; ", "a=b; ")),
        ("parameters in pieces", head("Content-Type: text/plain; ", "a*1=b; ")),
        ("the verdict of a server", head("Authentication-Results: ", "mx (; dmarc=pass")),
        ("a received line", head("Received: ", "from a by b (c) ")),
        ("a date", head("Date: ", "1 ")),
        ("a word between commas", head("Keywords: ", "a,")),
    ];
    let mut slow = Vec::new();
    for (name, letter) in letters {
        let start = Instant::now();
        // Whether it can be read is not the question here.
        let _ = read(letter.as_bytes(), &rules());
        let time = start.elapsed();
        println!("{:7.0} ms {name}", time.as_secs_f64() * 1000.0);
        if time > LONGEST {
            slow.push(format!("{name}: {time:?}"));
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}

/// Many types of several parts, each with another boundary.
fn boundaries(count: usize) -> String {
    (0..count)
        .map(|number| format!("Content-Type: multipart/mixed; boundary=\"--------{number}\""))
        .collect::<Vec<_>>()
        .join("\r\n")
}
