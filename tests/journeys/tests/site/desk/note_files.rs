//! Files of notes.

use muticket_journeys::bytes::PNG;
use muticket_journeys::{Answer, Browser, Method, World, journey};

/// An id that no file has.
const MISSING: &str = "018f2f0e-4c5a-7bcd-8abc-0123456789ab";

async fn fetched(browser: &Browser, link: &str) -> Answer {
    browser.whole(Method::GET, link).go().await
}

/// The links of the files of notes on the ticket's page.
async fn links(browser: &Browser, ticket: u64) -> Vec<String> {
    browser.sees(ticket).await.attributes(".note .attachments a[download]", "href")
}

journey! {
    /// T-01, P-10: every supporter downloads a file of a note, byte for byte, and sees its pictures. For everybody else it does not exist,
    /// like a file that is missing. With the note the file is gone.
    async fn a_file_of_a_note_is_for_supporters(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        let other = anna.opens("Scanner", "Billing", "It is slow").await;
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
        let form = sara.sees(ticket).await.form("/notes").with("body", "The plan");
        let note = sara.sends_note(&form.file("plan.bin", &bytes).file("red.png", PNG)).await;

        let page = tom.sees(ticket).await;
        assert_eq!(page.all(".note .file-name"), ["plan.bin", "red.png"]);
        let files = links(&tom, ticket).await;
        let folder = format!("/support/tickets/{ticket}/notes/{note}/files/");
        assert!(files.iter().all(|link| link.starts_with(&folder)), "{files:?}");
        for reader in [&sara, &tom, &world.as_("uwe")] {
            let file = fetched(reader, &files[0]).await.is(200);
            assert_eq!(file.header("Content-Length"), Some("300000"));
            assert_eq!(file.body, bytes);
        }
        let picture = fetched(&tom, &files[1]).await.is(200);
        assert_eq!((picture.header("Content-Type"), picture.header("Content-Security-Policy")), (Some("image/png"), Some("sandbox; default-src 'none'")));
        assert!(picture.header("Content-Disposition").unwrap().starts_with("attachment; filename=\"red.png\""));
        let shown = [page.attributes(".note .picture img", "src"), page.attributes(".note .picture a:has(img)", "href")].concat();
        assert_eq!(shown, [format!("{}/small", files[1]), format!("{}/large", files[1])]);
        for link in &shown {
            let version = fetched(&tom, link).await.is(200);
            assert!(version.header("Content-Disposition").unwrap().starts_with("inline") && version.body != PNG);
            let _ = fetched(&tom, &link.replace(files[1].as_str(), &files[0])).await.is(404);
        }

        let ids: Vec<_> = files.iter().map(|link| link.rsplit('/').next().unwrap().to_owned()).collect();
        for stranger in [&anna, &world.as_("ben"), &world.as_("vera"), &world.as_("ada")] {
            for (link, id) in files.iter().chain(&shown).zip([&ids[0], &ids[1], &ids[1], &ids[1]]) {
                let there = fetched(stranger, link).await.is(404);
                let missing = fetched(stranger, &link.replace(id.as_str(), MISSING)).await.is(404);
                assert_eq!(there.words().replace(id.as_str(), MISSING), missing.words());
            }
        }
        let _ = fetched(&world.guest(), &files[0]).await.is(303);
        let of_another = [
            files[0].replace(&format!("/tickets/{ticket}/"), &format!("/tickets/{other}/")),
            files[0].replace(&format!("/notes/{note}/"), "/notes/2/"),
            format!("/support/attachments/{}/file/plan.bin", ids[0]),
            format!("/support/pictures/{}/small", ids[1]),
        ];
        for wrong in &of_another {
            for reader in [&sara, &anna] {
                let _ = fetched(reader, wrong).await.is(404);
            }
        }

        let stored = world.kept().files();
        assert!(stored >= 2);
        let answer = sara.submits(&sara.sees(ticket).await.form(&format!("/notes/{note}/remove"))).await.is(303);
        let _ = sara.follows(&answer).await.is(200);
        assert_eq!(world.kept().files(), 0);
        for link in files.iter().chain(&shown) {
            let _ = fetched(&tom, link).await.is(404);
        }
        assert_eq!(world.mailed().await, ["sara", "sara"]);
    }

    /// T-01, D-05: on their own ticket, a supporter finds no file of a note either.
    async fn a_file_of_a_note_is_missing_on_ones_own_ticket(world: World) {
        world.settings(|settings| settings.supporters_open = true).await;
        let (sara, tom) = (world.as_("sara"), world.as_("tom"));
        world.people().change("sara", |sara| sara.level = muticket_core::AccessLevel::Add);
        let ticket = sara.opens("My printer", "Billing", "It is silent").await;
        let form = tom.sees(ticket).await.form("/notes").with("body", "Sara again").file("plan.png", PNG);
        tom.sends_note(&form).await;
        let link = links(&tom, ticket).await.remove(0);
        for link in [link.clone(), format!("{link}/small"), format!("{link}/large")] {
            let _ = fetched(&tom, &link).await.is(200);
            let _ = fetched(&sara, &link).await.is(404);
        }
        assert!(!sara.sees(ticket).await.text().contains("plan.png"));
        assert_eq!(world.mailed().await, ["tom"]);
    }

    /// T-01: the author of a note adds files and removes single ones. Of a form that is sent twice, each file is added once.
    async fn an_author_changes_the_files_of_a_note(world: World) {
        let (sara, tom) = (world.as_("sara"), world.as_("tom"));
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let form = sara.sees(ticket).await.form("/notes").with("body", "Files").file("a.txt", b"a").file("b.txt", b"b");
        let note = sara.sends_note(&form).await;
        let form = sara.sees(ticket).await.form(&format!("/notes/{note}"));
        assert_eq!(form.choices("remove"), ["a.txt", "b.txt"]);
        let form = form.choosing("remove", "a.txt").file("c.txt", b"c");
        for _ in 0..2 {
            sara.sends_note(&form).await;
            assert_eq!(tom.sees(ticket).await.all(".note .file-name"), ["b.txt", "c.txt"]);
            assert_eq!(world.kept().files(), 2);
        }
        // Tom has no form for it, and a forged one changes nothing.
        let mut forged = tom.sees(ticket).await.form("/notes").with("body", "Mine").file("d.txt", b"d");
        forged.action = form.action.clone();
        let _ = tom.submits(&forged).await.is(403);
        assert_eq!(tom.sees(ticket).await.all(".note .file-name"), ["b.txt", "c.txt"]);
        assert_eq!(world.kept().files(), 2, "the file of the refused form is gone");
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// R-13, D-10: a note that is refused keeps its text and its ticks. The page says at its form that the files have to be chosen again.
    async fn a_refused_note_asks_for_its_files_again(world: World) {
        let sara = world.as_("sara");
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let place = "#field-note-attachment";
        let page = sara.submits(&sara.sees(ticket).await.form("/notes").with("body", " ").file("a.txt", b"a")).await.is(422);
        assert_eq!((page.count(&format!("{place}-problem")), page.count("#field-attachment-problem")), (1, 0));
        assert_eq!(page.attributes("#refused a", "href"), ["#field-note-body"]);
        assert_eq!(page.all("#refused a"), ["Note"]);

        let form = sara.sees(ticket).await.form("/notes").with("body", "Too many");
        let many = (0..6).fold(form, |form, number| form.file(&format!("{number}.txt"), b"x"));
        let page = sara.submits(&many).await.is(422);
        assert_eq!(page.form("/notes").value("body"), "Too many");
        assert_eq!((page.count(&format!("{place}[aria-invalid=true]")), page.count("#field-attachment[aria-invalid]")), (1, 0));
        assert_eq!(page.attributes("#refused a", "href"), [place]);

        world.settings(|settings| settings.image_limit = Some(PNG.len() as u64 - 1)).await;
        let page = sara.submits(&sara.sees(ticket).await.form("/notes").with("body", "Large").file("red.png", PNG)).await.is(413);
        assert!(page.all(&format!("{place}-problem"))[0].contains("red.png"));
        assert_eq!((world.kept().files(), sara.sees(ticket).await.count(".note:not(form)")), (0, 0));

        let note = sara.sends_note(&sara.sees(ticket).await.form("/notes").with("body", "Here").file("a.txt", b"a")).await;
        let edit = sara.sees(ticket).await.form(&format!("/notes/{note}")).choosing("remove", "a.txt").with("body", " ");
        let page = sara.submits(&edit.file("b.txt", b"b")).await.is(422);
        assert_eq!(page.count(&format!("#note-{note}-attachment-problem")), 1);
        assert_eq!(page.attributes("#refused a", "href"), [format!("#note-{note}-body")]);
        assert!(!page.form(&format!("/notes/{note}")).value("remove").is_empty(), "the tick is kept");
        assert_eq!((sara.sees(ticket).await.all(".note .file-name"), world.kept().files()), (vec!["a.txt".to_owned()], 1));
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// P-25: the form of a note sent twice is one note with its files once. With another file it is another form.
    async fn files_of_a_note_are_stored_once(world: World) {
        let sara = world.as_("sara");
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let form = sara.sees(ticket).await.form("/notes").with("body", "Once");
        let with_file = form.clone().file("a.txt", b"a");
        assert_eq!((sara.sends_note(&with_file).await, sara.sends_note(&with_file).await), (1, 1));
        let _ = sara.submits(&form.file("a.txt", b"b")).await.is(409);
        assert_eq!(sara.sees(ticket).await.all(".note .file-name"), ["a.txt"]);
        assert_eq!(world.kept().files(), 1);
        assert_eq!(world.mailed().await, ["sara"]);
    }
}
