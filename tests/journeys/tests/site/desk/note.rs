//! Notes of supporters for each other.

use muticket_journeys::bytes::PNG;
use muticket_journeys::{Answer, World, journey};

/// A page without what differs from request to request: tokens, nonces, and how long ago something was.
fn constant(answer: &Answer) -> String {
    let mut text = String::new();
    for line in answer.text().lines() {
        let varies = ["name=\"token\"", "name=\"nonce\"", "data-now="].iter().any(|part| line.contains(part));
        text.push_str(if varies { "" } else { line });
        text.push('\n');
    }
    text
}

journey! {
    /// T-01, T-06: what Anna gets is byte for byte the same, whether supporters write notes with files, assign, prioritize and label or
    /// not. No letter, page or search shows her a word of it.
    async fn a_customer_never_learns_of_the_desk(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        let older = anna.opens("Scanner", "Billing", "It is slow").await;
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        sara.answers(ticket, "Switch it on").await;
        let paths = [
            "/tickets".to_owned(),
            "/tickets?state=all&sort=activity".to_owned(),
            "/tickets?q=xylophone".to_owned(),
            "/tickets?q=urgent".to_owned(),
            "/tickets?view=mine".to_owned(),
            "/tickets?view=nobody&assignee=sara&priority=urgent".to_owned(),
            "/tickets?sort=todo".to_owned(),
            format!("/tickets/{ticket}"),
            format!("/tickets/{ticket}?from=1"),
            format!("/tickets/{ticket}?whole=1"),
            format!("/tickets/{ticket}/messages/2"),
            format!("/tickets/{ticket}/messages/3"),
            format!("/tickets/{ticket}/notes/1"),
            format!("/tickets/{ticket}/notes/2"),
            format!("/tickets/{ticket}/notes/1/files/018f2f0e-4c5a-7bcd-8abc-0123456789ab"),
            format!("/tickets/{older}"),
        ];
        let look = async || {
            let mut pages = Vec::new();
            for path in &paths {
                let answer = anna.get(path).await;
                pages.push((answer.status, answer.header("Location").map(str::to_owned), constant(&answer)));
            }
            pages
        };
        // The first page still says that the ticket was sent.
        let _ = anna.get("/tickets").await;
        let before = look().await;
        let letters_before = world.letters().await.len();
        assert!(letters_before > 0);
        let note = sara.sees(ticket).await.form("/notes").with("body", "The xylophone is broken");
        sara.sends_note(&note.file("xylophone.png", PNG).file("xylophone.txt", b"xylophone")).await;
        tom.notes(ticket, "Which xylophone?").await;
        tom.notes(older, "No xylophone here").await;
        tom.assigns(older, "Sara Sand").await;
        tom.prioritizes(older, "urgent").await;
        let label = world.label("xylophone").await;
        tom.labels(older, &["xylophone"]).await;
        sara.labels(ticket, &["xylophone"]).await;
        for of_the_desk in [format!("/tickets?label={label}"), format!("/tickets?label={label}&state=closed")] {
            let plain = anna.get(&of_the_desk.replace(&label, "")).await;
            assert_eq!(constant(&anna.get(&of_the_desk).await), constant(&plain), "a filter that means nothing to her");
        }
        let texts = vec![(muticket_core::Language::english(), "The xylophone".to_owned())];
        let saved = muticket_core::NewSavedAnswer { title: "xylophone".to_owned(), texts, ..Default::default() };
        let saved = world.backend().add_saved_answer(saved).await.unwrap();
        let mut insert = sara.sees(older).await.form("/messages").forced("insert", saved.id.to_string().as_bytes());
        insert.action = insert.action.replace("/messages", "/saved-answers");
        assert!(sara.submits(&insert).await.is(200).says("The xylophone"));
        for (path, (before, after)) in paths.iter().zip(before.iter().zip(&look().await)) {
            assert_eq!((before.0, &before.1), (after.0, &after.1), "{path}");
            let other = before.2.lines().zip(after.2.lines()).find(|(before, after)| before != after);
            assert_eq!((other, before.2.len()), (None, after.2.len()), "{path}");
        }
        let letters = world.letters().await;
        assert!(letters.iter().all(|letter| !letter.to.address().as_str().starts_with("anna")), "{letters:?}");
        // A later message to her has nothing of it either.
        sara.answers(ticket, "And now?").await;
        let letters = world.letters().await;
        assert!(letters.iter().all(|letter| !letter.text.contains("xylophone") && !letter.html.contains("xylophone")));
        assert!(!anna.sees(ticket).await.text().contains("xylophone"));
    }

    /// T-01: a note stands where it was written. Its author alone changes and deletes it; the history says that it was deleted.
    async fn a_note_is_written_changed_and_deleted(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let note = sara.notes(ticket, "Is <b>she</b> a reseller?").await;
        anna.replies(ticket, "Still silent").await;
        let page = tom.sees(ticket).await;
        assert_eq!(page.all(".message .text"), ["It is silent", "Is <b>she</b> a reseller?", "Still silent"]);
        assert!(page.find_form(&format!("/notes/{note}")).is_none(), "only its author edits it");
        assert_eq!(page.attributes(".status", "class"), ["status status-new"], "a note changes no state");

        let form = sara.sees(ticket).await.form(&format!("/notes/{note}"));
        assert_eq!(form.value("body"), "Is <b>she</b> a reseller?");
        sara.sends_note(&form.with("body", "She is a reseller.")).await;
        let page = tom.sees(ticket).await;
        assert_eq!(page.all(".note .text"), ["She is a reseller."]);
        assert!(page.all(".note .hint").iter().any(|hint| hint.contains("changed")));

        let answer = sara.submits(&sara.sees(ticket).await.form(&format!("/notes/{note}/remove"))).await.is(303);
        let page = sara.follows(&answer).await;
        assert_eq!((page.count(".note:not(form)"), page.count("[data-done=note-deleted]")), (0, 1));
        assert!(page.all(".event").iter().any(|event| event.contains("Sara Sand deleted a note")));
        assert_eq!(tom.notes(ticket, "Another").await, note + 1, "its number is not used again");
        assert_eq!(world.mailed().await, ["sara", "sara"]);
    }

    /// T-02: who is mentioned is mailed, present or not; nobody twice, and not the author.
    async fn the_mentioned_are_mailed(world: World) {
        let (sara, tom) = (world.as_("sara"), world.as_("tom"));
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        assert_eq!(world.mailed().await, ["sara"]);
        let form = sara.sees(ticket).await.form("/notes").with("body", "Please look at it");
        let form = form.choosing("mention", "tom").choosing("mention", "uwe");
        let note = sara.sends_note(&form).await;
        let letters = world.letters().await;
        let to: Vec<_> = letters.iter().map(|letter| letter.to.address().as_str().to_owned()).collect();
        assert_eq!(to, ["tom@example.org", "uwe@example.org"], "Uwe is absent");
        assert!(letters.iter().all(|letter| letter.text.contains("Please look at it") && letter.automatic));
        let link = format!("/tickets/{ticket}/notes/{note}");
        assert!(letters[0].text.contains(&link), "{}", letters[0].text);
        assert!(tom.get(&link).await.is(303).location().ends_with(&format!("/tickets/{ticket}#note-{note}")));
        assert!(tom.sees(ticket).await.all(".note:not(form) .hint")[0].contains("Tom Tal"));

        // The two were mentioned before, so they are not mailed again.
        let form = sara.sees(ticket).await.form(&format!("/notes/{note}")).with("body", "Please look at it today");
        sara.sends_note(&form).await;
        assert_eq!(world.mailed().await, Vec::<String>::new());
    }

    /// T-02, D-04: someone who left the group meanwhile is not mentioned. The text comes back.
    async fn nobody_else_is_mentioned(world: World) {
        let sara = world.as_("sara");
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        for person in ["anna", "vera", "nobody"] {
            let form = sara.sees(ticket).await.form("/notes").with("body", "A long thought").forced("mention", person.as_bytes());
            let page = sara.submits(&form).await.is(422);
            assert_eq!(page.form("/notes").value("body"), "A long thought");
            assert_eq!(page.form("/messages").value("body"), "", "the other form stays empty");
        }
        let page = sara.submits(&sara.sees(ticket).await.form("/notes").with("body", " ")).await.is(422);
        assert_eq!(page.count(".note[id=write-note] [aria-invalid]"), 1);
        assert_eq!(sara.sees(ticket).await.count(".note:not(form)"), 0);
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// T-01: a supporter learns nothing of the notes on their own ticket either.
    async fn a_supporter_does_not_see_notes_on_their_own_ticket(world: World) {
        world.settings(|settings| settings.supporters_open = true).await;
        let (sara, tom) = (world.as_("sara"), world.as_("tom"));
        world.people().change("sara", |sara| sara.level = muticket_core::AccessLevel::Add);
        let ticket = sara.opens("My printer", "Billing", "It is silent").await;
        let note = tom.notes(ticket, "Sara again").await;
        tom.assigns(ticket, "Tom Tal").await;
        world.label("Colleague").await;
        tom.labels(ticket, &["Colleague"]).await;
        let page = sara.sees(ticket).await;
        assert!(!page.text().contains("Sara again") && page.count(".note, .desk-panel, .event, .label") == 0);
        let _ = sara.get(&format!("/tickets/{ticket}/notes/{note}")).await.is(403);
        assert_eq!(world.mailed().await, ["tom"]);
    }

    /// P-25: the same form sent twice is one note.
    async fn a_note_is_stored_once(world: World) {
        let sara = world.as_("sara");
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let form = sara.sees(ticket).await.form("/notes").with("body", "Once");
        assert_eq!((sara.sends_note(&form).await, sara.sends_note(&form).await), (1, 1));
        assert_eq!(sara.sees(ticket).await.all(".note:not(form) .text"), ["Once"]);
        let _ = sara.submits(&form.with("body", "Another")).await.is(409);
        assert_eq!(world.mailed().await, ["sara"]);
    }
}
