//! Programs that were not written by us hand over letters.

use std::process::Command;

use muticket_core::MailIn;
use muticket_test_support::missing;
use muticket_world::World;

use super::{Site, letter};

/// Runs a program of Python's library of mail; `None` if there is no Python here.
async fn python(program: &'static str, arguments: Vec<String>) -> Option<String> {
    let run = move || Command::new("python3").arg("-c").arg(program).args(arguments).output();
    match tokio::task::spawn_blocking(run).await.unwrap() {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
        }
        Err(_) => {
            missing("python", "Python 3", "Install python3");
            None
        }
    }
}

/// The library reads one answer after a letter, so a letter by LMTP has one recipient.
const LMTP: &str = "
import smtplib, sys
host, port, text = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode()
with smtplib.LMTP(host, port) as server:
    print(server.sendmail('anna@stranger.example', ['a@x.example'], text + b'.\\r\\n..\\r\\n', ['BODY=8BITMIME']))
    try:
        server.sendmail('anna@stranger.example', ['a@x.example'], b'x' * 30000)
    except smtplib.SMTPSenderRefused as error:
        print(error.smtp_code)
";

const SMTP: &str = "
import smtplib, sys
with smtplib.SMTP(sys.argv[1], int(sys.argv[2])) as server:
    print(server.sendmail('anna@stranger.example', ['a@x.example', 'b@x.example'], sys.argv[3].encode()))
";

#[tokio::test(flavor = "multi_thread")]
async fn python_hands_over_letters() {
    let site = Site::new().await;
    let (host, port) = site.address.rsplit_once(':').unwrap();
    let arguments = |text: &str| vec![host.to_owned(), port.to_owned(), letter(text)];
    let Some(said) = python(LMTP, arguments("Grüße")).await else { return };
    assert_eq!(said, "{}\n552");
    assert_eq!(python(SMTP, arguments("by SMTP")).await.as_deref(), Some("{}"));
    assert_eq!(site.texts().await, [format!("{}.\r\n..\r\n", letter("Grüße")), letter("by SMTP")]);
}

/// Postfix brings a program that sends many letters at once. It ends with an error if one is not taken in.
#[tokio::test(flavor = "multi_thread")]
async fn postfix_hands_over_letters() {
    let site = Site::new().await;
    let address = site.address.clone();
    let run = move || {
        let arguments =
            ["-L", "-s", "4", "-m", "40", "-r", "3", "-l", "5000", "-f", "anna@stranger.example", "-t", "a@x.example"];
        let mut programs = ["smtp-source", "/usr/sbin/smtp-source"].into_iter();
        programs.find_map(|name| Command::new(name).args(arguments).arg(format!("inet:{address}")).output().ok())
    };
    let Some(output) = tokio::task::spawn_blocking(run).await.unwrap() else {
        return missing("postfix", "Postfix", "Install postfix");
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let letters = site.letters().await;
    assert!(!letters.is_empty() && letters.iter().all(|letter| letter.envelope.to.split(' ').count() == 3));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn python_hands_over_letters_through_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lmtp");
    let rules = MailIn::new("support+{token}@example.org").unwrap();
    let world = World::builder().configure(|helpdesk| helpdesk.mail_in(rules)).build().await;
    let site = Site::of(world, path.to_str().unwrap(), |_| ()).await;
    let arguments = vec![path.to_str().unwrap().to_owned(), "0".to_owned(), letter("by file")];
    if python(LMTP, arguments).await.is_some() {
        assert_eq!(site.texts().await.len(), 2);
    }
}
