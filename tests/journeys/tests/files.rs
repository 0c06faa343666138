//! Files: what programs call them, what somebody does to them in their folder, and how none gets lost.

#![expect(clippy::unwrap_used, reason = "a journey that stumbles has failed")]

use std::path::PathBuf;

use muticket_journeys::bytes::PNG;
use muticket_journeys::{Answer, Browser, Form, Plan, World, journey, number_in};
use rocket::http::Method;

/// Sends a form whose parts of files are written by hand: the heads between `form-data` and the content, each with its content.
async fn sends(browser: &Browser, form: &Form, parts: &[(&[u8], &[u8])]) -> Answer {
    let (kind, body) = form.sent();
    let boundary = kind.split('=').nth(1).unwrap();
    let end = format!("--{boundary}--\r\n");
    let mut body = body.strip_suffix(end.as_bytes()).unwrap().to_vec();
    for (head, content) in parts {
        let parts: [&[u8]; 6] = [b"--", boundary.as_bytes(), b"\r\n", head, b"\r\n\r\n", content];
        body.extend(parts.concat());
        body.extend(b"\r\n");
    }
    body.extend(end.as_bytes());
    browser.whole(Method::Post, &form.action).header("Content-Type", &kind).body(body).go().await
}

async fn fetched(browser: &Browser, link: &str) -> Answer {
    browser.whole(Method::Get, link).go().await
}

journey! {
    /// P-12, R-30: a file is stored in whatever way a program writes its part, or refused by its name. It is never gone without a word.
    async fn no_file_vanishes(world: World) {
        let anna = world.as_("anna");
        let parts: [(&[u8], &str); 13] = [
            (b"Content-Disposition: form-data; name=\"attachment\"; filename=\"a.txt\"", "a.txt"),
            (b"content-disposition:form-data;NAME=attachment;FILENAME=a b.txt", "a b.txt"),
            (b"Content-Disposition: form-data; name=\"attachment\"; filename*=UTF-8''%e2%82%ac.txt", "\u{20ac}.txt"),
            (b"Content-Disposition: form-data; name=\"attachment\"; filename=\"x\"; filename*=UTF-8''y.txt", "y.txt"),
            (b"Content-Disposition: form-data; name=\"attachment\"; filename=\"\"", "file"),
            (b"Content-Disposition: form-data; name=\"attachment\"", "file"),
            (b"Content-Disposition: form-data; filename=\"a.txt\"", "a.txt"),
            (b"Content-Disposition: form-data; name=\"attachments[]\"; filename=\"a.txt\"", "a.txt"),
            (b"Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain", "a.txt"),
            (b"Content-Disposition: form-data; name=\"attachment\"; filename=\"a%22b%22.txt\"", "a\"b\".txt"),
            (b"Content-Disposition: form-data; name=\"attachment\"; filename=\"a\\\"b.txt\"", "a\"b.txt"),
            (b"Content-Disposition: form-data; name=\"attachment\"; filename=\"M\xfcller.txt\"", "M\u{fc}ller.txt"),
            (b"Content-Disposition: form-data; name=\"attachment\"; filename=\"C:\\Users\\anna\\a.txt\"", "a.txt"),
        ];
        for (head, name) in parts {
            let form = anna.drafts("Files", "Billing", "Here").await.forced("repeated", b"send");
            let answer = sends(&anna, &form, &[(head, b"one"), (head, b"two"), (b"Content-Disposition: form-data; name=\"attachment\"; filename=\"\"", b"")]).await;
            let page = anna.sees(number_in(&answer.is(303))).await;
            assert_eq!(page.all(".file-name"), [name, name], "{}", String::from_utf8_lossy(head));
            for (link, content) in page.attributes(".attachments a", "href").iter().zip(["one", "two"]) {
                assert_eq!(fetched(&anna, link).await.is(200).body, content.as_bytes());
            }
        }
        assert_eq!(world.mailed().await.len(), 13);
    }

    /// P-12: a form that was sent without its files says so, and one that takes none takes none.
    async fn a_form_without_its_files_says_so(world: World) {
        let anna = world.as_("anna");
        let mut form = anna.drafts("Files", "Billing", "Here").await;
        form.multipart = false;
        let answer = anna.submits(&form.clone().forced("attachment", b"photo.png")).await.is(422);
        assert!(answer.says("photo.png") && answer.form("/tickets").value("body") == "Here", "{}", answer.brief());
        let ticket = anna.opens_with(&form.forced("attachment", b"")).await;
        let sara = world.as_("sara");
        let mut close = sara.sees(ticket).await.form("/close");
        close.multipart = true;
        let head: &[u8] = b"Content-Disposition: form-data; name=\"attachment\"; filename=\"a.txt\"";
        let _ = sends(&sara, &close, &[(head, b"one")]).await.is(400);
        assert_eq!((world.kept().files(), world.mailed().await.len()), (0, 1));
    }

    /// A11: a file of no bytes is a file, with script and without.
    async fn an_empty_file_is_a_file(world: World) {
        let anna = world.as_("anna");
        let form = anna.drafts("Files", "Billing", "My export is empty").await.file("export.csv", b"");
        let ticket = anna.opens_with(&form).await;
        let page = anna.sees(ticket).await;
        assert_eq!(page.all(".file-name"), ["export.csv"]);
        assert_eq!(fetched(&anna, &page.attributes(".attachments a", "href")[0]).await.is(200).body, b"");
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// P-12: no name decides which page answers, not even one that is a word of our addresses.
    async fn a_file_called_like_an_address_is_a_file(world: World) {
        let anna = world.as_("anna");
        for name in ["thumbnail", "file", "small", "large", "picture", "tickets", "assets", "new", "%2e%2e", "a%2Fb", "?", "#x", "%", "+"] {
            let form = anna.drafts("Files", "Billing", "Here").await.file(name, b"text of the file").file(name, PNG);
            let page = anna.sees(anna.opens_with(&form).await).await;
            let links = page.attributes(".attachments a", "href");
            let bodies = [fetched(&anna, &links[0]).await.is(200).body, fetched(&anna, &links[1]).await.is(200).body];
            assert!(bodies.contains(&b"text of the file".to_vec()), "{name}: {links:?}");
        }
        let _ = world.letters().await;
    }
}

async fn file_of(world: &World, person: &str, bytes: &[u8]) -> (String, PathBuf) {
    let before = all(&world.kept().uploads().unwrap());
    let browser = world.as_(person);
    let ticket = browser.opens_with(&browser.drafts("File", "Billing", "Here").await.file("a.bin", bytes)).await;
    let link = browser.sees(ticket).await.attributes(".attachments a", "href").remove(0);
    let path = all(&world.kept().uploads().unwrap()).into_iter().find(|path| !before.contains(path)).unwrap();
    (link, path)
}

fn all(folder: &std::path::Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { all(&path) } else { vec![path] }).collect()
}

/// P-29: whatever somebody does to the files in their folder, nobody gets wrong bytes, and the page says what happened.
#[tokio::test]
async fn exchanged_damaged_and_linked_files_are_not_served() {
    let world = World::new(Plan::sqlite()).await;
    let (anna, ben) = (world.as_("anna"), world.as_("ben"));
    let bytes = |seed: u8, size: usize| (0..size).map(|at| seed ^ (at % 251) as u8).collect::<Vec<_>>();
    for size in [1_000, 2_000_000] {
        let ((of_anna, one), (of_ben, two)) =
            (file_of(&world, "anna", &bytes(1, size)).await, file_of(&world, "ben", &bytes(2, size)).await);
        let (right, other) = (std::fs::read(&one).unwrap(), std::fs::read(&two).unwrap());
        std::fs::write(&one, &other).unwrap();
        std::fs::write(&two, &right).unwrap();
        for (browser, link) in [(&anna, &of_anna), (&ben, &of_ben)] {
            assert!(fetched(browser, link).await.is(410).says("damaged"));
        }
        let mut flipped = right.clone();
        flipped[size / 3] ^= 4;
        for wrong in [flipped, right[..size - 1].to_vec(), [&right[..], b"x"].concat(), Vec::new()] {
            std::fs::write(&one, wrong).unwrap();
            assert!(fetched(&anna, &of_anna).await.is(410).says("damaged"));
        }
        std::fs::write(&two, &other).unwrap();
        std::fs::remove_file(&one).unwrap();
        let _ = fetched(&anna, &of_anna).await.is(410);
        #[cfg(unix)]
        {
            let outside = world.kept().uploads().unwrap().parent().unwrap().join("outside");
            std::fs::write(&outside, &right).unwrap();
            std::os::unix::fs::symlink(&outside, &one).unwrap();
            let _ = fetched(&anna, &of_anna).await.is(410);
            std::fs::remove_file(&one).unwrap();
        }
        std::fs::write(&one, &right).unwrap();
        assert_eq!(fetched(&anna, &of_anna).await.is(200).body, right);
        assert_eq!(fetched(&ben, &of_ben).await.is(200).body, other);
    }
}
