//! Conversations with a mail server: a good one, and one that misbehaves at each step.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use mail_parser::{HeaderValue, MessageParser};
use muticket_core::courier::{Courier, Delivery};
use muticket_core::mail::{Letter, LetterText, Mailbox, Mailer, SendError, SmtpMailer};
use muticket_core::notification::LetterState;
use muticket_test_support::{Farewell, Point, Secrecy, SmtpServer, Trouble};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use muticket_world::World;

use crate::letter::{address, letter};
use crate::outbox::{Outbox as _, usual};

pub(crate) fn simple(number: u128, to: &str) -> Letter {
    let text = LetterText { subject: "Grüße".to_owned(), text: "Hallo\n.\n..a\n".to_owned(), html: "<p>Hallo</p>".to_owned() };
    letter(number, Mailbox::new("Sara", address(to)), text)
}

pub(crate) fn mailer(server: &SmtpServer) -> SmtpMailer {
    SmtpMailer::new(&server.url()).unwrap().with_timeout(Duration::from_secs(10))
}

/// For a server that hangs, so that the test is fast.
fn impatient(server: &SmtpServer) -> SmtpMailer {
    mailer(server).with_timeout(Duration::from_millis(500))
}

fn mailer_for(trouble: &Trouble, server: &SmtpServer) -> SmtpMailer {
    if matches!(trouble, Trouble::Hang(_)) { impatient(server) } else { mailer(server) }
}

pub(crate) fn down(error: &SendError) -> Option<bool> {
    match error {
        SendError::Passing { server_down, .. } => Some(*server_down),
        _ => None,
    }
}

#[tokio::test]
async fn a_letter_arrives_as_it_was_written() {
    let server = SmtpServer::start().await.unwrap();
    mailer(&server).send(&simple(7, "sara@example.org")).await.unwrap();

    let [received] = server.received().try_into().unwrap();
    assert_eq!(
        (received.from.as_str(), received.to.as_slice()),
        ("support@example.org", ["sara@example.org".to_owned()].as_slice())
    );
    let message = MessageParser::new().parse(&received.message).unwrap();
    let header = |name: &str| message.header(name).and_then(HeaderValue::as_text).map(str::to_owned);
    assert_eq!(message.subject(), Some("Grüße"));
    assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n"), "Hallo\n.\n..a\n");
    assert!(message.body_html(0).unwrap().contains("<p>Hallo</p>"));
    let Letter { message_id, thread, .. } = simple(7, "sara@example.org");
    assert_eq!(message.message_id(), Some(message_id.as_str()));
    assert_eq!(header("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert_eq!(header("X-Auto-Response-Suppress").as_deref(), Some("All"));
    assert_eq!(header("Precedence").as_deref(), Some("bulk"));
    for name in ["References", "In-Reply-To"] {
        assert_eq!(header(name).as_deref(), Some(thread.as_str()), "{name}");
    }
}

#[tokio::test]
async fn several_letters_share_a_connection() {
    let server = SmtpServer::start().await.unwrap();
    let mailer = mailer(&server);
    server.refuse("bad@example.org", "550 5.1.1 no such user");
    for (number, to) in [(1, "sara@example.org"), (2, "bad@example.org"), (3, "tom@example.org")] {
        let _ = mailer.send(&simple(number, to)).await;
    }
    let recipients: Vec<_> = server.received().into_iter().flat_map(|received| received.to).collect();
    assert_eq!((server.connections(), recipients), (1, vec!["sara@example.org".to_owned(), "tom@example.org".to_owned()]));
}

#[tokio::test]
async fn what_each_trouble_means() {
    use Point::{Connect, Data, Dot, Recipient, Sender};

    let answer = |point, line: &str| Trouble::Answer(point, line.to_owned());
    let server = SmtpServer::start().await.unwrap();
    let passing = [
        (answer(Connect, "421 busy"), true),
        (answer(Connect, "554 not for you"), true),
        (Trouble::Close(Connect), true),
        (Trouble::Hang(Connect), true),
        (answer(Sender, "451 later"), true),
        (answer(Sender, "550 no"), true),
        (Trouble::Close(Sender), true),
        (answer(Recipient, "450 greylisted"), false),
        (answer(Recipient, "421 closing"), false),
        (Trouble::Close(Recipient), false),
        (Trouble::Hang(Recipient), false),
        (answer(Data, "451 later"), false),
        (Trouble::Close(Data), false),
        (answer(Dot, "451 later"), false),
        (answer(Dot, "421 closing"), false),
    ];
    for (trouble, server_down) in passing {
        server.make_trouble(trouble.clone());
        let error = mailer_for(&trouble, &server).send(&simple(1, "sara@example.org")).await.unwrap_err();
        assert_eq!(down(&error), Some(server_down), "{trouble:?}: {error}");
    }
    for trouble in [answer(Recipient, "550 no"), answer(Data, "554 no"), answer(Dot, "552 too big")] {
        server.make_trouble(trouble.clone());
        let error = mailer_for(&trouble, &server).send(&simple(1, "sara@example.org")).await.unwrap_err();
        assert!(matches!(error, SendError::Permanent { .. }), "{trouble:?}: {error}");
    }
    assert_eq!(server.received(), []);
    for trouble in [Trouble::Close(Dot), Trouble::Hang(Dot), answer(Dot, "nonsense")] {
        server.make_trouble(trouble.clone());
        let error = mailer_for(&trouble, &server).send(&simple(1, "sara@example.org")).await.unwrap_err();
        assert!(matches!(error, SendError::Unknown { .. }), "{trouble:?}: {error}");
    }
}

#[tokio::test]
async fn an_unusual_answer_to_the_greeting_is_an_answer() {
    let server = SmtpServer::start().await.unwrap();
    let answers = [
        "250",
        "250-mail.example\r\n250",
        "250-\r\n250-\r\n250 AUTH PLAIN",
        "250-mail.example\r\n250-SIZE unlimited\r\n250-DELIVERBY soon\r\n250-FUTURERELEASE x y\r\n250 AUTH=PLAIN",
        "250-mail.example\r\n250-ÄÖ\r\n250-250\r\n250 auth login plain",
    ];
    for answer in answers {
        server.make_trouble(Trouble::Answer(Point::Hello, answer.to_owned()));
        mailer(&server).send(&simple(1, "sara@example.org")).await.unwrap_or_else(|error| panic!("{answer:?}: {error}"));
        server.make_trouble(Trouble::Answer(Point::Hello, answer.to_owned()));
        let url = format!("smtp://user:secret@{}", server.address());
        let sent = SmtpMailer::new(&url).unwrap().send(&simple(1, "sara@example.org")).await;
        assert_eq!(sent.is_ok(), answer.to_ascii_lowercase().contains("plain"), "{answer:?}");
    }
    assert_eq!((server.received().len(), server.logins().len()), (8, 3));
}

/// RFC 5321, 3.2 and 4.1.4.
#[tokio::test]
async fn a_server_without_ehlo_is_greeted_with_helo() {
    let server = SmtpServer::start().await.unwrap();
    for refusal in ["500 what", "502 5.5.1 not implemented", "504 no", "550 no"] {
        server.make_trouble(Trouble::Answer(Point::Hello, refusal.to_owned()));
        mailer(&server).send(&simple(1, "sara@example.org")).await.unwrap();
        // Such a server supports no login, so a mailer that needs one sends nothing.
        server.make_trouble(Trouble::Answer(Point::Hello, refusal.to_owned()));
        let url = format!("smtp://user:secret@{}", server.address());
        let error = SmtpMailer::new(&url).unwrap().send(&simple(1, "sara@example.org")).await.unwrap_err();
        assert_eq!(down(&error), Some(true), "{error}");
    }
    assert_eq!((server.received().len(), server.logins()), (4, vec![]));
    server.make_trouble(Trouble::Answer(Point::Hello, "421 busy".to_owned()));
    let error = mailer(&server).send(&simple(1, "sara@example.org")).await.unwrap_err();
    assert_eq!(down(&error), Some(true), "{error}");
}

/// A second packet would wait for the acknowledgement of the first, about 40 ms for each letter.
#[tokio::test]
async fn the_text_and_the_final_dot_travel_together() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mailer = SmtpMailer::new(&format!("smtp://{}", listener.local_addr().unwrap())).unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut piece = vec![0; 1 << 20];
        for answer in ["220 ready", "250 hello", "250 ok", "250 ok", "354 go on"] {
            stream.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
            let read = stream.read(&mut piece).await.unwrap();
            piece.truncate(read);
            if answer.starts_with("354") {
                break;
            }
            piece.resize(1 << 20, 0);
        }
        stream.write_all(b"250 taken\r\n").await.unwrap();
        piece
    });
    mailer.send(&simple(1, "sara@example.org")).await.unwrap();
    assert!(server.await.unwrap().ends_with(b"\r\n.\r\n"));
}

/// P-23
#[tokio::test]
async fn a_server_that_ends_connections_now_and_then_delays_no_letter() {
    use Farewell::{Answer, Close, Silent, Unasked};
    use Point::{Data, Dot, Recipient, Sender};

    let farewells = [
        Answer(Sender),
        Answer(Recipient),
        Answer(Data),
        Answer(Dot),
        Close(Sender),
        Close(Recipient),
        Close(Data),
        Unasked,
        Silent,
    ];
    for farewell in farewells {
        let server = SmtpServer::start().await.unwrap();
        server.end_connections_after(7, farewell);
        let world = usual().await;
        for _ in 0..20 {
            world.opened(&["sara", "tom", "uwe"]).await;
        }
        let courier = world.courier_to(Arc::new(mailer(&server)));
        let mut total = Delivery::default();
        // The clock stands still, so a letter that has to wait is never sent.
        for _ in 0..60 {
            let delivery = courier.deliver_due().await.unwrap();
            total.sent += delivery.sent;
            total.postponed += delivery.postponed;
        }
        assert_eq!((total.sent, total.postponed, server.received().len()), (60, 0, 60), "{farewell:?}");
        assert!((8..=9).contains(&server.connections()), "{farewell:?}: {}", server.connections());
    }
}

/// P-23
#[tokio::test]
async fn a_recipient_at_whom_the_server_always_closes_delays_nobody_else() {
    let server = SmtpServer::start().await.unwrap();
    server.refuse("tom@example.org", "421 4.4.2 closing");
    let world = usual().await;
    for _ in 0..3 {
        world.opened(&["tom", "sara"]).await;
    }
    let courier = world.courier_to(Arc::new(mailer(&server)));
    let delivery = courier.deliver_due().await.unwrap();
    assert_eq!((delivery.sent, delivery.postponed, delivery.trouble), (3, 3, None));
}

#[tokio::test]
async fn the_reason_is_what_the_server_said() {
    let server = SmtpServer::start().await.unwrap();
    server.refuse("bad@example.org", "550 5.1.1 no such user");
    let error = mailer(&server).send(&simple(1, "bad@example.org")).await.unwrap_err();
    assert_eq!(error, SendError::Permanent { reason: "550 5.1.1 no such user".to_owned() });
}

#[tokio::test]
async fn a_hanging_server_costs_a_time_limit_and_no_more() {
    let server = SmtpServer::start().await.unwrap();
    server.make_trouble(Trouble::Hang(Point::Sender));
    let begin = Instant::now();
    let error = impatient(&server).send(&simple(1, "sara@example.org")).await.unwrap_err();
    assert_eq!(down(&error), Some(true));
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn a_server_that_went_away_in_between_is_called_again() {
    let server = SmtpServer::start().await.unwrap();
    let mailer = mailer(&server);
    mailer.send(&simple(1, "sara@example.org")).await.unwrap();
    let at = server.address();
    drop(server);
    let error = mailer.send(&simple(2, "sara@example.org")).await.unwrap_err();
    assert_eq!(down(&error), Some(true));
    let server = SmtpServer::start_at(at).await.unwrap();
    mailer.send(&simple(2, "sara@example.org")).await.unwrap();
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn without_tls_nothing_is_said_to_a_server_that_should_have_it() {
    let server = SmtpServer::start().await.unwrap();
    let url = format!("smtp+starttls://user:secret@{}", server.address());
    let mailer = SmtpMailer::new(&url).unwrap().with_timeout(Duration::from_millis(300));
    let error = mailer.send(&simple(1, "sara@example.org")).await.unwrap_err();
    assert_eq!((down(&error), server.received()), (Some(true), vec![]));
    assert!(!format!("{mailer:?} {error}").contains("secret"));
}

/// A mailer with a login. It trusts the server's authority if `trusts` is set.
fn secret_mailer(scheme: &str, server: &SmtpServer, trusts: bool) -> SmtpMailer {
    let url = format!("{scheme}://us%40er:se%3Acret@localhost:{}", server.address().port());
    let mailer = SmtpMailer::new(&url).unwrap().with_timeout(Duration::from_secs(10));
    if trusts { mailer.with_trusted_certificates(SmtpServer::AUTHORITY.as_bytes()).unwrap() } else { mailer }
}

#[tokio::test]
async fn letters_and_passwords_go_over_tls() {
    for (scheme, secrecy) in [("smtps", Secrecy::Tls), ("smtp+starttls", Secrecy::StartTls)] {
        let server = SmtpServer::start_with(secrecy).await.unwrap();
        let mailer = secret_mailer(scheme, &server, true);
        for number in 1..3 {
            mailer.send(&simple(number, "sara@example.org")).await.unwrap();
        }
        assert_eq!((server.received().len(), server.connections()), (2, 1), "{scheme}");
        assert_eq!(server.logins(), ["AUTH PLAIN AHVzQGVyAHNlOmNyZXQ="], "{scheme}");
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_gets_no_letter_and_no_password() {
    for (scheme, secrecy) in [("smtps", Secrecy::Tls), ("smtp+starttls", Secrecy::StartTls)] {
        let server = SmtpServer::start_with(secrecy).await.unwrap();
        let error = secret_mailer(scheme, &server, false).send(&simple(1, "sara@example.org")).await.unwrap_err();
        assert_eq!((down(&error), server.received(), server.logins()), (Some(true), vec![], vec![]), "{scheme}: {error}");
    }
}

#[test]
fn a_file_without_certificates_is_refused() {
    let mailer = SmtpMailer::new("smtps://mail.example").unwrap();
    assert!(mailer.with_trusted_certificates(b"no certificate").is_err());
}

/// Calls the courier as its owner does, and turns the clock, until nothing is left to do or a week has passed.
async fn run(world: &World, courier: &Courier) -> Delivery {
    let mut total = Delivery::default();
    for _ in 0..400 {
        let delivery = courier.deliver_due().await.unwrap();
        total.sent += delivery.sent;
        total.failed += delivery.failed;
        total.dropped += delivery.dropped;
        let Some(due) = delivery.next_due else { break };
        world.clock.advance_to(due);
    }
    total
}

#[tokio::test]
async fn greylisting_delays_a_letter_and_no_other() {
    let server = SmtpServer::start().await.unwrap();
    let world = usual().await;
    for _ in 0..3 {
        server.make_trouble(Trouble::Answer(Point::Recipient, "450 later".to_owned()));
    }
    world.opened(&["sara"]).await;
    let courier = world.courier_to(Arc::new(mailer(&server)));
    let begin = world.clock.now();
    assert_eq!(run(&world, &courier).await.sent, 1);
    assert_eq!(server.received().len(), 1);
    let took = world.clock.now() - begin;
    assert!(took > TimeDelta::minutes(18) && took < TimeDelta::minutes(24), "1, 5 and 15 minutes: {took}");
}

#[tokio::test]
async fn one_bad_recipient_does_not_cost_the_others_their_letters() {
    let server = SmtpServer::start().await.unwrap();
    server.refuse("tom@example.org", "550 5.1.1 no such user");
    let world = usual().await;
    world.opened(&["sara", "tom", "uwe"]).await;
    let courier = world.courier_to(Arc::new(mailer(&server)));
    let total = run(&world, &courier).await;
    assert_eq!((total.sent, total.failed, server.received().len()), (2, 1, 2));
    let LetterState::Failed { problem, .. } = &world.states().await["tom"] else { panic!("it did not fail") };
    assert_eq!(problem, "550 5.1.1 no such user");
}

#[tokio::test]
async fn an_answer_that_got_lost_makes_three_copies_at_most_all_of_one_name() {
    let server = SmtpServer::start().await.unwrap();
    for _ in 0..10 {
        server.make_trouble(Trouble::Close(Point::Dot));
    }
    let world = usual().await;
    world.opened(&["sara"]).await;
    let courier = world.courier_to(Arc::new(mailer(&server)));
    assert_eq!(run(&world, &courier).await.failed, 1);
    let ids: Vec<_> = server
        .received()
        .iter()
        .map(|received| MessageParser::new().parse(&received.message).unwrap().message_id().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 3);
    assert!(ids.iter().all(|id| *id == ids[0]));
    let LetterState::Failed { problem, .. } = &world.states().await["sara"] else { panic!("it did not fail") };
    assert!(problem.starts_with("uncertain"), "{problem}");
}

#[tokio::test]
async fn a_server_that_is_down_for_six_hours_gets_every_letter_once() {
    let server = SmtpServer::start().await.unwrap();
    let at = server.address();
    let world = usual().await;
    let courier = world.courier_to(Arc::new(mailer(&server)));
    drop(server);
    for _ in 0..30 {
        world.opened(&["sara", "tom"]).await;
    }
    let begin = world.clock.now();
    while world.clock.now() - begin < TimeDelta::hours(6) {
        let delivery = courier.deliver_due().await.unwrap();
        assert_eq!((delivery.sent, delivery.failed), (0, 0));
        world.clock.advance_to(delivery.next_due.unwrap());
    }
    let server = SmtpServer::start_at(at).await.unwrap();
    assert_eq!(run(&world, &courier).await.sent, 60);
    assert_eq!(server.received().len(), 60);
}
