//! Files: how programs send them, what happens if their folder is tampered with, and that none gets lost.

use std::path::PathBuf;

use muticket_journeys::bytes::PNG;
use muticket_journeys::{Adapter, Answer, Browser, Form, Log, Method, Plan, World, in_both, journey, number_in};

/// Sends a form whose file parts are written by hand. Each part is a head after `form-data` and a content.
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
    browser.whole(Method::POST, &form.action).header("Content-Type", &kind).body(body).go().await
}

async fn fetched(browser: &Browser, link: &str) -> Answer {
    browser.whole(Method::GET, link).go().await
}

journey! {
    /// P-12, R-30: a file is stored however a program writes its part, or it is refused by name. It never disappears silently.
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

    /// P-12: a form that was sent without its files says so, and a form that accepts no files accepts none.
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

    /// A11: a file of no bytes is a file, with and without script.
    async fn an_empty_file_is_a_file(world: World) {
        let anna = world.as_("anna");
        let form = anna.drafts("Files", "Billing", "My export is empty").await.file("export.csv", b"");
        let ticket = anna.opens_with(&form).await;
        let page = anna.sees(ticket).await;
        assert_eq!(page.all(".file-name"), ["export.csv"]);
        assert_eq!(fetched(&anna, &page.attributes(".attachments a", "href")[0]).await.is(200).body, b"");
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// P-12: a file name does not decide which page answers, not even if it is part of an address of the module.
    async fn a_file_called_like_an_address_is_a_file(world: World) {
        let anna = world.as_("anna");
        let long = "\u{e4}".repeat(255);
        let names = [
            "thumbnail", "file", "small", "large", "picture", "tickets", "assets", "new", "..", ".", "...", "%2e%2e", "%2e%2e%2f", "a%2Fb", "?", "#x",
            "%", "+", "", " ", "\u{200b}", "a/b", "/", "a\\b", "\\", "what?.txt", "#1 a?b=c&d.txt", "\u{dc}bergr\u{f6}\u{df}e f\u{fc}r T\u{fc}ren.txt", "thumbnail/..", &long,
        ];
        for (at, name) in names.into_iter().enumerate() {
            let form = anna.drafts("Files", "Billing", &format!("Here is {at}")).await.file(name, b"text of the file").file(name, PNG);
            let page = anna.sees(anna.opens_with(&form).await).await;
            let links = page.attributes(".attachments a[download]", "href");
            assert_eq!(links.len(), 2, "{name}");
            let bodies = [fetched(&anna, &links[0]).await.is(200).body, fetched(&anna, &links[1]).await.is(200).body];
            assert!(bodies.contains(&b"text of the file".to_vec()) && bodies.contains(&PNG.to_vec()), "{name}: {links:?}");
        }
        let _ = world.letters().await;
    }

    /// P-12: a file has the same name on the page and when it is downloaded.
    async fn a_file_has_one_name_everywhere(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let cases = [
            ("nul.txt", "_nul.txt"), ("COM1", "_COM1"), (".htaccess", "htaccess"), ("report.pdf. .", "report.pdf"), ("\u{2800}\u{fe0f}", "file"),
            ("M\u{fc}ller\u{200b} \u{202e}fdp.exe", "M\u{fc}ller fdp.exe"), ("a;b\"c%41.txt", "a;b\"c%41.txt"), ("\u{1f600} 100 %.txt", "\u{1f600} 100 %.txt"),
        ];
        for (at, (sent, name)) in cases.into_iter().enumerate() {
            let ticket = anna.opens_with(&anna.drafts("Files", "Billing", &format!("Here is {at}")).await.file(sent, b"text")).await;
            for reader in [&anna, &sara] {
                let page = reader.sees(ticket).await;
                assert_eq!(page.all(".file-name"), [name], "{sent:?}");
                let file = fetched(reader, &page.attributes(".attachments a[download]", "href")[0]).await.is(200);
                let header = file.header("Content-Disposition").unwrap();
                let encoded = header.split("filename*=UTF-8''").nth(1).unwrap();
                assert_eq!(percent_encoding::percent_decode_str(encoded).decode_utf8().unwrap(), name, "{header}");
            }
        }
        let _ = world.letters().await;
    }

    /// the small version of a picture has its own address below the file's. A file that is not a picture has none, whatever its
    /// name.
    async fn a_picture_has_a_thumbnail(world: World) {
        let anna = world.as_("anna");
        let form = anna.drafts("Files", "Billing", "Here").await.file("red.png", PNG).file("thumbnail", b"text of the file");
        let page = anna.sees(anna.opens_with(&form).await).await;
        let links = page.attributes(".attachments a[download]", "href");
        let beside = |link: &str| format!("{}/thumbnail", link.split("/file/").next().unwrap());
        let small = fetched(&anna, &page.attributes(".picture img", "src")[0]).await.is(200);
        let mut found = 0;
        for link in &links {
            let file = fetched(&anna, link).await.is(200).body;
            let thumbnail = fetched(&anna, &beside(link)).await;
            if file == PNG {
                let thumbnail = thumbnail.is(200);
                assert_eq!((&thumbnail.body, thumbnail.header("Content-Type")), (&small.body, Some("image/png")));
                assert!(thumbnail.header("Content-Disposition").unwrap().starts_with("inline"));
                found += 1;
            } else {
                let _ = thumbnail.is(404);
            }
            let _ = fetched(&world.as_("ben"), &beside(link)).await.is(404);
        }
        assert_eq!((links.len(), found), (2, 1));
        assert_eq!(world.mailed().await, ["sara"]);
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

in_both! {
    /// P-29: if files in the upload folder are tampered with, nobody gets wrong bytes, and the page says what happened.
    async fn exchanged_damaged_and_linked_files_are_not_served(adapter: Adapter) {
        let world = World::new(Plan::sqlite().over(adapter)).await;
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
}

in_both! {
    /// P-29: if a small or large version of a picture is replaced, the replacement is not shown. The version is made anew, and
    /// the log says so once.
    async fn forged_versions_of_pictures_are_made_anew(adapter: Adapter) {
        let world = World::new(Plan::sqlite().over(adapter)).await;
        let uploads = world.kept().uploads().unwrap();
        let anna = world.as_("anna");
        let mut pictures = Vec::new();
        // The second picture is white.
        let gif = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b";
        for bytes in [PNG, &gif[..]] {
            let before = all(&uploads);
            let page = anna.sees(anna.opens_with(&anna.drafts("Picture", "Billing", "Here").await.file("a", bytes)).await).await;
            for link in [page.attributes(".picture img", "src").remove(0), page.attributes(".picture a:has(img)", "href").remove(0)] {
                let shown = fetched(&anna, &link).await.is(200).body;
                let end = if link.ends_with("small") { "-480" } else { "-large" };
                let new = all(&uploads).into_iter().find(|path| !before.contains(path) && path.to_str().unwrap().ends_with(end));
                pictures.push((link, new.unwrap(), shown));
            }
        }
        let sealed: Vec<_> = pictures.iter().map(|(_, path, _)| std::fs::read(path).unwrap()).collect();
        for (at, (link, path, shown)) in pictures.iter().enumerate() {
            let log = Log::listen();
            let mut flipped = sealed[at].clone();
            flipped[sealed[at].len() / 2] ^= 8;
            let others = (0..pictures.len()).filter(|other| *other != at).map(|other| sealed[other].clone());
            let cut = sealed[at][..sealed[at].len() - 1].to_vec();
            for wrong in others.chain([flipped, cut, [&sealed[at][..], b"x"].concat(), shown.clone(), Vec::new()]) {
                std::fs::write(path, wrong).unwrap();
                assert!(fetched(&anna, link).await.is(200).body == *shown);
                assert!(std::fs::read(path).unwrap() == sealed[at], "it is in its place again");
            }
            #[cfg(unix)]
            for (to, bytes) in [("outside", sealed[at].clone()), ("another", sealed[(at + 1) % 4].clone())] {
                let outside = uploads.parent().unwrap().join(to);
                std::fs::write(&outside, &bytes).unwrap();
                std::fs::remove_file(path).unwrap();
                std::os::unix::fs::symlink(&outside, path).unwrap();
                assert!(fetched(&anna, link).await.is(200).body == *shown);
                assert!(std::fs::symlink_metadata(path).unwrap().is_file() && std::fs::read(path).unwrap() == sealed[at]);
                assert!(std::fs::read(&outside).unwrap() == bytes, "nothing is written through a link");
            }
            let lines = log.lines();
            assert!(lines.len() == 1 && lines[0].contains("makes a small or large picture again"), "{lines:?}");
            assert!(fetched(&anna, link).await.is(200).body == *shown && log.lines().is_empty());
        }
        // An original that was changed is not made into smaller versions.
        let (link, small, _) = &pictures[0];
        let original = PathBuf::from(small.to_str().unwrap().strip_suffix("-480").unwrap());
        let mut flipped = std::fs::read(&original).unwrap();
        *flipped.last_mut().unwrap() ^= 1;
        std::fs::write(&original, flipped).unwrap();
        std::fs::remove_file(small).unwrap();
        let log = Log::listen();
        for _ in 0..2 {
            assert!(fetched(&anna, link).await.is(410).says("damaged"));
        }
        assert!(!small.exists());
        assert_eq!(log.lines().len(), 1);
    }
}
