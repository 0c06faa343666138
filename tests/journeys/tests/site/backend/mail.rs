//! Letters that were not sent.

use muticket_core::StorageError;
use muticket_core::mailbox::{MailboxState, MailboxTrouble};
use muticket_journeys::{World, journey};

use super::rows;

const PAGE: &str = "/backend/mail";
const RECEIVED: &str = "/backend/mail/received";

journey! {
    /// the administrator sees which letters wait and why. D-09: they are sent once each, as soon as the mail server is back.
    async fn letters_wait_while_the_mail_server_is_away(world: World) {
        let ada = world.as_("ada");
        world.mail().go_down();
        world.as_("anna").opens("Printer", "Other", "It is silent").await;
        assert_eq!(world.mailed().await, [""; 0]);
        let page = ada.get(PAGE).await.is(200);
        assert!(rows(&page, "Sara Sand")[0].contains("nobody there") && rows(&page, "Tom Tal").len() == 1, "{}", page.words());
        world.mail().come_back();
        world.later(chrono::TimeDelta::minutes(10));
        assert_eq!(world.mailed().await, ["sara", "tom"]);
        let page = ada.get(PAGE).await.is(200);
        assert_eq!(rows(&page, "").len(), 0, "{}", page.words());
    }

    /// a failed letter can be sent again from the page.
    async fn a_letter_that_failed_is_sent_again(world: World) {
        let ada = world.as_("ada");
        world.mail().go_down();
        world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        for _ in 0..200 {
            world.later(chrono::TimeDelta::hours(1));
            world.deliver().await;
        }
        world.mail().come_back();
        assert_eq!(world.mailed().await, [""; 0], "it was given up");
        let retry = ada.get(PAGE).await.form("/retry");
        let _ = ada.submits(&retry).await.is(303);
        assert_eq!(world.mailed().await, ["sara"]);
        let _ = ada.submits(&retry).await.is(404);
    }

    /// The pages of the mail have titles of their own, so that tabs and bookmarks can be told apart.
    async fn each_page_of_the_mail_has_its_own_title(world: World) {
        let ada = world.as_("ada");
        for (page, title) in [(PAGE, "Email: Sent"), (RECEIVED, "Email: Received"), ("/backend/mail/senders", "Email: Addresses")] {
            let titles = ada.get(page).await.is(200).texts("title");
            assert!(titles.iter().any(|shown| shown.starts_with(title)), "{titles:?}");
        }
    }

    /// P-34: letters of a restored database wait for a decision, which every page of the backend asks for.
    async fn held_letters_wait_for_a_decision_on_every_page(world: World) {
        let ada = world.as_("ada");
        assert_eq!(ada.get("/backend/settings").await.count("form[action$='mail/release']"), 0);
        for (action, sent) in [("release", &["sara"][..]), ("discard", &[])] {
            world.as_("anna").opens("Printer", "Billing", "It is silent").await;
            let held = world.helpdesk().storage().run_write(|unit| -> Result<_, StorageError> { unit.outbox().hold() }).await;
            assert_eq!(held.unwrap(), 1);
            for page in ["/backend/settings", "/backend/supporters", PAGE] {
                let page = ada.get(page).await.is(200);
                assert_eq!(page.attributes(".notice-warning form", "action").len(), 2, "both answers are at hand");
                assert_eq!(page.count(".notice-warning form input[name=token]"), 2);
            }
            let decision = ada.get(PAGE).await.form(&format!("/mail/{action}"));
            let decided = ada.submits(&decision).await.is(303);
            assert_eq!(ada.follows(&decided).await.is(200).count(".notice-warning form"), 0);
            assert_eq!(world.mailed().await, sent);
        }
    }

    /// M-08: the administrator sees when a mailbox was last read, and what is wrong with it.
    async fn mailboxes_are_listed_with_their_problems(world: World) {
        let ada = world.as_("ada");
        assert_eq!(ada.get(RECEIVED).await.is(200).count("#mailboxes-heading"), 0);
        let unread = MailboxState::new("imaps://support@example.org/INBOX");
        let problem = Some(MailboxTrouble::Login.with("[AUTHENTICATIONFAILED] <b>no</b>"));
        world.helpdesk().note_mailbox_state(&MailboxState { problem, ..unread.clone() }).await.unwrap();
        let page = ada.get(RECEIVED).await.is(200);
        let row = &rows(&page, "imaps://support@example.org/INBOX")[0];
        assert!(row.contains("refused the login") && row.contains("no&lt;/b&gt;") && row.contains("Never"), "{row}");
        let read = MailboxState { checked_at: Some(world.helpdesk().now()), ..unread };
        world.helpdesk().note_mailbox_state(&read).await.unwrap();
        let page = ada.get(RECEIVED).await.is(200);
        let row = &rows(&page, "imaps://support@example.org/INBOX")[0];
        assert!(row.contains("No error") && row.contains("<time"), "{row}");
    }
}
