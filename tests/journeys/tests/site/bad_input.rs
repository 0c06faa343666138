//! Hostile input, and input from broken programs.

mod inputs;

use muticket_core::AccessLevel;
use muticket_core::characters::{many_lines, one_line};
use muticket_journeys::bytes::PNG;
use muticket_journeys::{Adapter, Method, Plan, World, at, in_both, journey, user};

use inputs::{MARKUP, file_names, texts};

journey! {
    /// D-10, D-09: markup is text everywhere: subject, message, names of people and files, on every page of every role, and in letters.
    async fn markup_stays_text(world: World) {
        let sara = world.as_("sara");
        for (number, markup) in MARKUP.iter().enumerate() {
            let id = format!("evil{number}");
            world.people().add(user(&id, markup, AccessLevel::Add, &[]));
            let evil = world.as_(&id);
            let form = evil.drafts(markup, "Billing", markup).await.file(&format!("{markup}.txt"), b"x");
            let ticket = evil.opens_with(&form).await;
            // Every answer is checked against the promises: no element of a page comes from a text.
            for browser in [&evil, &sara] {
                let page = browser.sees(ticket).await;
                assert_eq!(page.all(".message .text"), [markup.split_whitespace().collect::<Vec<_>>().join(" ")]);
                assert!(page.words().contains(markup) && page.page().select(&scraper::Selector::parse("title").unwrap()).count() == 1);
                assert!(browser.get("/tickets").await.all(".row-subject").contains(&(*markup).to_owned()));
            }
            let again = evil.submits(&form.with("body", "").with("subject", markup)).await;
            assert_eq!(again.form("/tickets").value("subject"), *markup);
            sara.answers(ticket, markup).await;
            let ada = world.as_("ada");
            for path in ["/backend/tickets".to_owned(), format!("/backend{}/delete", at(ticket)), "/backend/mail".to_owned()] {
                assert!(ada.get(&path).await.is(200).words().contains(markup), "{path}");
            }
            let letters = world.letters().await;
            assert_eq!(letters.len(), 2);
            for letter in letters {
                // Long lines are wrapped, and each begins with the mark of a quotation.
                let text = letter.text.split_whitespace().filter(|word| *word != ">").collect::<Vec<_>>().join(" ");
                assert!(text.contains(markup) && letter.subject.contains(markup), "{}", letter.text);
                let html = scraper::Html::parse_document(&letter.html);
                for never in ["script", "img", "svg", "iframe", "form", "base", "meta[http-equiv]", "math"] {
                    assert_eq!(html.select(&scraper::Selector::parse(never).unwrap()).count(), 0, "{}", letter.html);
                }
            }
        }
    }

    /// a file with any name is shown with a harmless name, and can be downloaded by it.
    async fn every_file_name_can_be_fetched(world: World) {
        let anna = world.as_("anna");
        for names in file_names().chunks(5) {
            let form = anna.drafts("Files", "Billing", "Here").await;
            let form = names.iter().fold(form, |form, name| form.file(name, PNG));
            let ticket = anna.opens_with(&form).await;
            let page = anna.sees(ticket).await;
            let shown = page.all(".file-name");
            assert_eq!(shown.len(), names.len());
            for (name, link) in shown.iter().zip(page.attributes(".attachments a[download]", "href")) {
                let harmless = !name.contains(['/', '\\', ':', '\0', '\u{202e}', '\u{200b}']) && !name.starts_with('.') && name.len() <= 255;
                assert!(harmless && !name.is_empty(), "{name:?}");
                let file = anna.whole(Method::GET, &link).go().await.is(200);
                assert_eq!(file.body, PNG, "{name:?}");
                let disposition = file.header("Content-Disposition").unwrap();
                assert!(disposition.is_ascii() && disposition.contains("filename*=UTF-8''"), "{disposition}");
                assert_eq!(disposition.matches('"').count(), 2, "{disposition}");
            }
        }
        assert_eq!(world.mailed().await.len(), file_names().chunks(5).count());
    }

    /// D-10: a part whose head cannot be parsed is refused, and the form keeps the text. HTTP allows no control characters in it.
    async fn a_name_with_control_characters(world: World) {
        let anna = world.as_("anna");
        for name in ["a\0b.png", "a\u{1b}[31mb.png", "a\u{7f}.png"] {
            let form = anna.drafts("Files", "Billing", "Here").await.file(name, PNG);
            assert!(anna.submits(&form).await.is(400).says("Here"), "{name:?}");
        }
        assert_eq!((anna.lists("").await.len(), world.kept().files()), (0, 0));
    }

    /// D-10: a text is stored unchanged except for control characters, or refused and kept in the form. It is never stored in part.
    async fn a_text_is_kept_as_it_is_or_given_back(world: World) {
        let anna = world.as_("anna");
        let (mut kept, mut refused) = (0, 0);
        for text in texts() {
            for field in ["subject", "body"] {
                let form = anna.drafts("Subject", "Billing", "Body").await.with(field, &text);
                let before = world.kept().dump();
                let answer = anna.submits(&form).await;
                match answer.status {
                    303 => {
                        let page = anna.follows(&answer).await.is(200);
                        let whole = page.text().replace("&#x27;", "'").replace("&#x2f;", "/").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
                        let kept_as = if field == "subject" { one_line(&text) } else { many_lines(&text) };
                        assert!(!kept_as.is_empty() && whole.contains(&kept_as), "{field} {text:?}");
                        kept += 1;
                    }
                    422 => {
                        assert_eq!(world.kept().dump(), before, "{text:?}");
                        // A page cannot contain NUL, so the form shows a replacement character.
                        if !text.contains('\0') {
                            assert_eq!(answer.form("/tickets").value(field), text, "{field}");
                        }
                        refused += 1;
                    }
                    other => panic!("{other} for {field} {text:?}"),
                }
            }
        }
        assert!(kept > 40 && refused > 15, "{kept} kept, {refused} refused");
        assert_eq!(world.mailed().await.len(), kept);
    }

    /// D-11: the overview is shown for any query, for both sides and in the backend.
    async fn a_wild_query_shows_a_list(world: World) {
        let anna = world.as_("anna");
        anna.opens("Printer", "Billing", "It is silent").await;
        let queries = [
            "sort=id;drop table t", "sort=assigned_to__password", "sort=users.password_hash", "sort=(select 1)", "sort=1", "sort=-id,-id",
            "sort[]=id", "sort=created_at DESC--", "order=sideways", "page=-1", "page=0", "page=99999999999999999999", "page=1e9", "page[]=1",
            "per_page=1 union select", "per_page=1000000", "per_page=-5", "status=open&status=closed) or 1=1",
            "filter[password__startswith]=a", "after=garbage", "after=", "after=0", "after=-1.-1", "after=9999999999999999999999.1",
            "after=%ff%fe", "after=%00", "waiting=everybody", "state=open&state=closed&state=all", "category=%27%20OR%201=1", "customer=%00", "category=a%00b",
            "category=%ff", "sort=%ff", "&&&===", "?", "from=%00", "from=999999999999999999999", "a[b[c]]=d", "[]=", "=", "%", "%zz=1",
            "waiting=new&waiting=odd", "category=%C3%28", "customer=%E2%80%AE", "q=%C2%BD", "q=%E2%81%84", "q=%EF%BC%9F", "q=%u00e4", "q=%E4+%zz",
            "q=%1B[31m", "q=%26%2300;", "q=%E2%80%8B", "q[]=a", "Q=a", "q", "q=a&q=b", "sort=-number%00", "after=1.1.1", "state=OPEN", "month=0",
        ];
        for (person, pages) in [("anna", ["/tickets", "/tickets/1"]), ("sara", ["/tickets", "/tickets/1"]), ("ada", ["/backend/tickets", "/backend/mail"])] {
            let browser = world.as_(person);
            for page in pages {
                for query in queries.iter().map(|query| query.replace(' ', "%20")).chain(["x=1&".repeat(10_000), "a".repeat(60_000)]) {
                    let answer = browser.get(&format!("{page}?{query}")).await;
                    let readable = world.can_read(&format!("/x?{query}"));
                    assert_eq!(answer.status, if readable { 200 } else { 400 }, "{}", answer.asked);
                }
            }
        }
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// D-10: five files are accepted. A sixth one, or one that is too large, is refused by name; the text is kept, and no file stays
    /// behind.
    async fn too_many_and_too_large(world: World) {
        let anna = world.as_("anna");
        let form = anna.drafts("Files", "Billing", "Here they are").await;
        let many = |count: usize| (0..count).fold(form.clone(), |form, number| form.file(&format!("{number}.txt"), b"x"));
        let before = world.kept().dump();
        for count in [6, 40] {
            let refused = anna.submits(&many(count)).await.is(422);
            assert_eq!(refused.form("/tickets").value("body"), "Here they are");
        }
        let huge = vec![b'x'; 10 * 1024 * 1024 + 1];
        let refused = anna.submits(&form.clone().file("good.txt", b"x").file("huge.bin", &huge).file("also good.txt", b"x")).await.is(413);
        assert!(refused.says("huge.bin"), "{}", refused.brief());
        assert_eq!(refused.form("/tickets").value("subject"), "Files");
        assert_eq!((world.kept().files(), anna.lists("").await.len()), (0, 0));
        world.later(chrono::TimeDelta::hours(25));
        world.helpdesk().sweep().await.unwrap();
        assert_eq!(world.kept().dump(), before);
        let form = anna.drafts("Files", "Billing", "Here they are").await.file("just right.bin", &huge[1..]);
        anna.opens_with(&form).await;
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// D-10: a request that cannot be parsed is refused, and nothing of it is stored.
    async fn broken_requests_are_refused(world: World) {
        let anna = world.as_("anna");
        let form = anna.drafts("Subject", "Billing", "Body").await.file("a.txt", b"x");
        let (kind, body) = form.sent();
        let boundary = kind.split('=').nth(1).unwrap().to_owned();
        let text = String::from_utf8(body.clone()).unwrap();
        let before = world.kept().dump();
        let without_end = text.replace(&format!("--{boundary}--"), "");
        let cases: Vec<(&str, &str, Vec<u8>)> = vec![
            ("no boundary", "multipart/form-data", body.clone()),
            ("empty boundary", "multipart/form-data; boundary=", body.clone()),
            ("another boundary", "multipart/form-data; boundary=other", body.clone()),
            ("a long boundary", &kind, [b"--".as_slice(), &vec![b'x'; 100_000]].concat()),
            ("cut in the text", &kind, body[..body.len() / 2].to_vec()),
            ("without an end", &kind, without_end.clone().into_bytes()),
            ("empty", &kind, Vec::new()),
            ("no names", &kind, text.replace("name=", "nome=").into_bytes()),
            ("bytes that are no text", &kind, body.iter().map(|byte| if *byte == b'B' { 0xff } else { *byte }).collect()),
            ("json", "application/json", b"{\"subject\":\"A\",\"body\":\"B\"}".to_vec()),
            ("plain", "text/plain", body.clone()),
            ("xml", "text/xml", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>".to_vec()),
            ("no type", "", body.clone()),
            ("a wild type", "multipart/form-data; boundary=\"a\r\nX: y\"", body.clone()),
            ("urlencoded rubbish", "application/x-www-form-urlencoded", b"&=&%&%zz=%ff&subject".to_vec()),
            ("a megabyte of text", "application/x-www-form-urlencoded", [b"body=".as_slice(), &vec![b'x'; 1_100_000]].concat()),
            ("ten thousand fields", "application/x-www-form-urlencoded", "a=1&".repeat(10_000).into_bytes()),
        ];
        for (name, kind, body) in cases {
            for path in ["/tickets", "/tickets/1/messages", "/tickets/1/close", "/tickets/1/messages/1/rating"] {
                let answer = anna.sends(Method::POST, path).header("Content-Type", kind).body(body.clone()).go().await;
                let code = answer.status;
                assert!(matches!(code, 400 | 403 | 404 | 413 | 422), "{name} to {path}: {}", answer.brief());
            }
        }
        // A file that was read before the request broke off is an orphan, and is swept.
        world.later(chrono::TimeDelta::hours(25));
        world.helpdesk().sweep().await.unwrap();
        assert_eq!((world.kept().dump(), world.kept().files()), (before, 0));
    }

    /// odd addresses are answered with 404 or 400. None of them breaks anything.
    async fn wild_addresses_are_not_found(world: World) {
        let (anna, sara, ada) = (world.as_("anna"), world.as_("sara"), world.as_("ada"));
        anna.opens("Printer", "Billing", "It is silent").await;
        let digits = "9".repeat(300);
        let words = ["%00", "%ff", "%ff%fe%00", &digits, "-1", "0", "1.5", "1e3", "NaN", "%2e%2e", "..%2f..", "1%20", "%201", "+1", "１", "1%00"];
        let before = world.kept().dump();
        for word in words {
            let paths = [
                (&anna, format!("/tickets/{word}")), (&sara, format!("/tickets/{word}")), (&anna, format!("/attachments/{word}/{word}")),
                (&anna, format!("/pictures/{word}/small")), (&anna, format!("/assets/{word}")), (&sara, format!("/{word}")),
                (&ada, format!("/backend/supporters/{word}")), (&ada, format!("/backend/supporters/{word}/edit")),
                (&ada, format!("/backend/tickets/{word}/delete")), (&anna, format!("/tickets/new?follows={word}")),
            ];
            for (browser, path) in paths {
                let answer = browser.get(&path).await;
                assert!(matches!(answer.status, 400 | 404), "{}", answer.brief());
                assert!(!answer.text().contains(word) || word.len() < 3, "the page repeats what was asked: {}", answer.text());
            }
            for path in [format!("/tickets/{word}/close"), format!("/tickets/1/messages/{word}/rating"), format!("/tickets/{word}/messages")] {
                let body = format!("token={}&stars=5&body=x", sara.token().await);
                let sending = sara.sends(Method::POST, &path).header("Content-Type", "application/x-www-form-urlencoded").body(body);
                assert!(matches!(sending.go().await.status, 400 | 404), "{path}");
            }
            let path = format!("/backend/categories/{word}/remove");
            let body = format!("token={}", ada.token().await);
            let sending = ada.sends(Method::POST, &path).header("Content-Type", "application/x-www-form-urlencoded").body(body);
            assert!(matches!(sending.go().await.status, 400 | 404), "{path}");
        }
        assert_eq!(world.kept().dump(), before);
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// D-12: headers of any size and shape choose a language or none.
    async fn wild_headers_break_nothing(world: World) {
        let anna = world.as_("anna");
        let long = "de,".repeat(100_000);
        for header in [long.as_str(), "*", ";;;q=", "de;q=NaN", "de;q=99999999999", "\u{202e}", "-", "de-de-de-de-de-de-de-de-de", "", "*;q=0", "de;q=0,en;q=0,*", "de-1996-AT-u-ca-buddhist", "x-klingon", "i-default", "de;q=1;q=0", "DE_at", "de\t,\ten"] {
            let page = anna.sends(Method::GET, "/tickets").header("Accept-Language", header).go().await.is(200);
            assert!(["de", "en"].contains(&page.attributes("html", "lang")[0].as_str()));
        }
        for (name, value) in [("Cookie", "muticket-notice-support=<script>"), ("Cookie", "=;=;;"), ("Host", "evil.example"), ("X-Forwarded-Host", "evil.example"), ("Range", "bytes=0-"), ("Accept", "application/json"), ("X-HTTP-Method-Override", "DELETE")] {
            let page = anna.sends(Method::GET, "/tickets").header(name, value).go().await.is(200);
            assert!(!page.text().contains("evil.example") && page.count("[data-done]") == 0);
        }
    }

    /// an address in a query never becomes the target of a redirect.
    async fn nobody_is_led_away(world: World) {
        let targets = [
            "https://evil.example", "//evil.example", "/%5cevil.example", "%5c/evil.example", "/%09/evil.example", "javascript:alert(1)",
            "data:text/html,x", "http:evil.example", "https:/evil.example", "/ok%0d%0aX-E:%201", "/@evil.example/..", "%2f%2fevil.example",
            "///evil.example",
        ];
        for target in targets {
            for name in ["next", "return_to", "back", "redirect"] {
                for browser in [world.guest(), world.as_("anna")] {
                    for path in [format!("/?{name}={target}"), format!("/backend?{name}={target}"), format!("/{target}")] {
                        let sending = browser.sends(Method::GET, &path).header("Referer", "https://evil.example");
                        // Redirect targets are among the promises of all answers.
                        let answer = sending.header("Host", "evil.example").go().await;
                        if let Some(to) = answer.header("Location") {
                            assert!(to == "/support/tickets" || to.starts_with("/login?back=%2F"), "{to}");
                        }
                    }
                }
            }
        }
    }
}

in_both! {
    /// D-10: files of exactly the limit are accepted, one byte more is not. An empty file is accepted.
    async fn the_limit_of_files_is_exact(adapter: Adapter) {
        let world = World::new(Plan::sqlite().files_of(1000).over(adapter)).await;
        let anna = world.as_("anna");
        for (size, code) in [(0, 303), (999, 303), (1000, 303), (1001, 413), (100_000, 413)] {
            let form = anna.drafts("File", "Billing", "Here").await.file("file.bin", &vec![b'x'; size]);
            assert_eq!(anna.submits(&form).await.status, code, "{size}");
        }
        assert_eq!(world.mailed().await.len(), 3);
        world.ends().await;
    }
}
