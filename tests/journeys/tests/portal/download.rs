//! Files on their way back.

use muticket_journeys::bytes::{HTML, PNG};
use muticket_journeys::{Answer, World, journey};
use rocket::http::Method;

journey! {
    /// a file comes back byte for byte, to its customer and to supporters, and to nobody else. R-21: for others it is not there.
    async fn a_file_comes_back_as_it_went_in(world: World) {
        let (anna, ben) = (world.as_("anna"), world.as_("ben"));
        let bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
        let form = anna.drafts("Printer", "Billing", "See the log").await.file("log.bin", &bytes).file("red.png", PNG);
        let ticket = anna.opens_with(&form).await;
        let links = anna.sees(ticket).await.attributes(".attachments a", "href");
        for reader in ["anna", "sara", "uwe"] {
            let file = world.as_(reader).whole(Method::Get, &links[0]).go().await.is(200);
            assert_eq!(file.body, bytes);
            assert_eq!(file.header("Content-Length"), Some("300000"));
        }
        for stranger in [ben, world.as_("ada"), world.as_("vera")] {
            for link in &links {
                let _ = stranger.whole(Method::Get, link).header("Range", "bytes=0-9").go().await.is(404);
            }
        }
        let _ = world.guest().whole(Method::Get, &links[0]).go().await.is(303);
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// only pictures that we know are shown; all else is a download, and nothing in it runs, whatever it is called.
    async fn what_a_file_is_called_does_not_decide_how_it_is_served(world: World) {
        let anna = world.as_("anna");
        let files: [(&str, &[u8], &str, &str); 5] = [
            ("page.png", HTML, "attachment", "application/octet-stream"),
            ("page.html", HTML, "attachment", "application/octet-stream"),
            ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "attachment", "application/octet-stream"),
            ("report.pdf", PNG, "inline", "image/png"),
            ("nothing", b"", "attachment", "application/octet-stream"),
        ];
        let form = anna.drafts("Files", "Billing", "Here").await;
        let form = files.iter().fold(form, |form, (name, bytes, ..)| form.file(name, bytes));
        let ticket = anna.opens_with(&form).await;
        let links = anna.sees(ticket).await.attributes(".attachments a", "href");
        for (link, (_, bytes, how, kind)) in links.iter().zip(files) {
            for ask in ["", "?disposition=inline", "?type=text/html"] {
                let file = anna.whole(Method::Get, &format!("{link}{ask}")).header("Accept", "text/html").go().await.is(200);
                assert_eq!(file.body, bytes);
                assert_eq!(file.header("Content-Type"), Some(kind));
                assert!(file.header("Content-Disposition").unwrap().starts_with(how));
                assert_eq!(file.header("Content-Security-Policy"), Some("sandbox; default-src 'none'"));
                assert_eq!(file.header("Cross-Origin-Resource-Policy"), Some("same-origin"));
            }
        }
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// the small picture is of our own making; what only looks like a picture has none, and is still a download.
    async fn a_small_picture_is_made_of_a_real_one_only(world: World) {
        let anna = world.as_("anna");
        let liar = [PNG[..24].to_vec(), HTML.to_vec()].concat();
        let form = anna.drafts("Pictures", "Billing", "Here").await.file("red.png", PNG).file("liar.png", &liar);
        let ticket = anna.opens_with(&form).await;
        let page = anna.sees(ticket).await;
        let small = page.attributes(".picture img", "src");
        for _ in 0..2 {
            let picture = anna.whole(Method::Get, &small[0]).go().await.is(200);
            assert_eq!(picture.header("Content-Type"), Some("image/png"));
            assert!(picture.body.starts_with(&PNG[..8]) && picture.body != PNG, "it is drawn anew");
        }
        let _ = anna.whole(Method::Get, &small[1]).go().await.is(404);
        let _ = world.as_("ben").whole(Method::Get, &small[0]).go().await.is(404);
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// a path names nothing but a file, however it is written.
    async fn a_path_leads_nowhere_else(world: World) {
        let anna = world.as_("anna");
        let form = anna.drafts("Printer", "Billing", "Here").await.file("a.txt", b"text");
        let ticket = anna.opens_with(&form).await;
        let link = anna.sees(ticket).await.attributes(".attachments a", "href").remove(0);
        let id = link.split('/').nth(3).unwrap().to_owned();
        for path in ["..%2f..%2fetc%2fpasswd/x", "%2e%2e/%2e%2e", "%00/x", "%ff/x", "C:%5ca/x", &format!("{}/x", id.to_uppercase())] {
            assert_eq!(anna.get(&format!("/attachments/{path}")).await.status.code, 404, "{path}");
        }
        // The name is there for people only.
        let found: Answer = anna.get(&format!("/attachments/{id}/..%2f..%2fetc%2fpasswd")).await.is(200);
        assert_eq!(found.body, b"text");
        assert_eq!(world.mailed().await, ["sara"]);
    }
}
