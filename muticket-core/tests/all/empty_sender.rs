//! Letters without a sender in their envelope.

use muticket_core::mail::{Letter, Mailer, SendError};
use muticket_test_support::{Point, SmtpServer, Trouble};

use crate::smtp::{down, mailer, simple};

/// A letter that the mailroom writes by itself.
fn answer() -> Letter {
    let mut letter = simple(1, "anna@example.org");
    letter.is_answer = true;
    letter
}

/// M-05, RFC 3834, 3.3: so no program answers it.
#[tokio::test]
async fn only_a_letter_that_answers_by_itself_has_no_sender() {
    let server = SmtpServer::start().await.unwrap();
    let mailer = mailer(&server);
    for letter in [simple(2, "sara@example.org"), answer(), simple(3, "tom@example.org")] {
        mailer.send(&letter).await.unwrap();
    }
    let received = server.received();
    let senders: Vec<_> = received.iter().map(|received| received.from.as_str()).collect();
    assert_eq!((senders, server.connections()), (vec!["support@example.org", "", "support@example.org"], 1));
    let text = String::from_utf8_lossy(&received[1].message);
    assert!(text.contains("Auto-Submitted: auto-replied\r\n") && text.contains("<support@example.org>\r\n"), "{text}");
}

/// P-23: the letters of the site must not wait for a letter that the server does not take.
#[tokio::test]
async fn a_server_that_wants_a_sender_gets_one() {
    let server = SmtpServer::start().await.unwrap();
    server.make_trouble(Trouble::Answer(Point::Sender, "501 Invalid MAIL FROM address provided".to_owned()));
    mailer(&server).send(&answer()).await.unwrap();
    let senders: Vec<_> = server.received().into_iter().map(|received| received.from).collect();
    assert_eq!((senders, server.connections()), (vec!["support@example.org".to_owned()], 1));
    // A refusal of the recipient or of the text has nothing to do with the sender.
    for point in [Point::Recipient, Point::Data, Point::Dot] {
        let server = SmtpServer::start().await.unwrap();
        server.make_trouble(Trouble::Answer(point, "550 No such user".to_owned()));
        let error = mailer(&server).send(&answer()).await.unwrap_err();
        assert!(matches!(error, SendError::Permanent { .. }) && server.received().is_empty(), "{point:?}: {error}");
    }
    let server = SmtpServer::start().await.unwrap();
    for trouble in [Trouble::Answer(Point::Sender, "451 later".to_owned()), Trouble::Close(Point::Sender)] {
        server.make_trouble(trouble.clone());
        let error = mailer(&server).send(&answer()).await.unwrap_err();
        assert_eq!((down(&error), server.received().len()), (Some(false), 0), "{trouble:?}: {error}");
    }
}
