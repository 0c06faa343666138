//! Downloading files.

use muticket_journeys::bytes::{HTML, PNG};
use muticket_journeys::{Answer, Method, World, journey};

journey! {
    /// a file is downloaded byte for byte, by its customer and by supporters, and by nobody else. R-21: for others it does not
    /// exist.
    async fn a_file_comes_back_as_it_went_in(world: World) {
        let (anna, ben) = (world.as_("anna"), world.as_("ben"));
        let bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
        let form = anna.drafts("Printer", "Billing", "See the log").await.file("log.bin", &bytes).file("red.png", PNG);
        let ticket = anna.opens_with(&form).await;
        let links = anna.sees(ticket).await.attributes(".attachments a[download]", "href");
        for reader in ["anna", "sara", "uwe"] {
            let file = world.as_(reader).whole(Method::GET, &links[0]).go().await.is(200);
            assert_eq!(file.body, bytes);
            assert_eq!(file.header("Content-Length"), Some("300000"));
        }
        for stranger in [ben, world.as_("ada"), world.as_("vera")] {
            for link in &links {
                let _ = stranger.whole(Method::GET, link).header("Range", "bytes=0-9").go().await.is(404);
            }
        }
        let _ = world.guest().whole(Method::GET, &links[0]).go().await.is(303);
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// R-30, P-10: an uploaded file is served as a download, even a picture, and nothing in it runs, whatever its name.
    async fn what_a_file_is_called_does_not_decide_how_it_is_served(world: World) {
        let anna = world.as_("anna");
        let files: [(&str, &[u8], &str, &str); 5] = [
            ("page.png", HTML, "attachment", "application/octet-stream"),
            ("page.html", HTML, "attachment", "application/octet-stream"),
            ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "attachment", "application/octet-stream"),
            ("report.pdf", PNG, "attachment", "image/png"),
            ("nothing", b"", "attachment", "application/octet-stream"),
        ];
        let form = anna.drafts("Files", "Billing", "Here").await;
        let form = files.iter().fold(form, |form, (name, bytes, ..)| form.file(name, bytes));
        let ticket = anna.opens_with(&form).await;
        let links = anna.sees(ticket).await.attributes(".attachments a[download]", "href");
        for (link, (_, bytes, how, kind)) in links.iter().zip(files) {
            for ask in ["", "?disposition=inline", "?type=text/html"] {
                let file = anna.whole(Method::GET, &format!("{link}{ask}")).header("Accept", "text/html").go().await.is(200);
                assert_eq!(file.body, bytes);
                assert_eq!(file.header("Content-Type"), Some(kind));
                assert!(file.header("Content-Disposition").unwrap().starts_with(how));
                assert_eq!(file.header("Content-Security-Policy"), Some("sandbox; default-src 'none'"));
                assert_eq!(file.header("Cross-Origin-Resource-Policy"), Some("same-origin"));
            }
        }
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// R-30, P-10, P-12: the pictures shown are made by the module, small and large. A file that only begins like a picture is listed as a
    /// file.
    async fn what_is_shown_of_a_picture_is_of_our_own_making(world: World) {
        let anna = world.as_("anna");
        let liar = [PNG[..24].to_vec(), HTML.to_vec()].concat();
        let cut = &PNG[..PNG.len() - 20];
        let form = anna.drafts("Pictures", "Billing", "Here").await.file("liar.png", &liar).file("cut.png", cut).file("red.png", PNG);
        let ticket = anna.opens_with(&form).await;
        let page = anna.sees(ticket).await;
        assert_eq!(page.all(".file .file-name"), ["liar.png", "cut.png"], "no frame without a picture");
        let (small, large) = (page.attributes(".picture img", "src"), page.attributes(".picture a:has(img)", "href"));
        assert_eq!((small.len(), large.len()), (1, 1));
        for link in small.iter().chain(&large) {
            for _ in 0..2 {
                let picture = anna.whole(Method::GET, link).go().await.is(200);
                assert_eq!(picture.header("Content-Type"), Some("image/png"));
                assert!(picture.header("Content-Disposition").unwrap().starts_with("inline; filename=\"red.png\""));
                assert_eq!(picture.header("Content-Security-Policy"), Some("sandbox; default-src 'none'"));
                assert!(picture.body.starts_with(&PNG[..8]) && picture.body != PNG, "it is drawn anew");
            }
            let _ = world.as_("ben").whole(Method::GET, link).go().await.is(404);
        }
        let files = page.attributes(".attachments a[download]", "href");
        assert_eq!(anna.whole(Method::GET, &files[2]).go().await.is(200).body, PNG, "the original is a download");
        let id = files[0].split('/').nth(3).unwrap();
        for version in ["small", "large"] {
            let _ = anna.whole(Method::GET, &format!("/pictures/{id}/{version}")).go().await.is(404);
        }
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// P-12: the location in a photograph is removed on upload, unless an administrator chose to keep it.
    async fn a_photograph_loses_its_place_unless_it_is_to_be_kept(world: World) {
        let mut photograph = b"\xff\xd8\xff\xe1\0\x4cExif\0\0II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0".to_vec();
        photograph.extend(b"\x01\0\x02\0\x05\0\x03\0\0\0\x2c\0\0\0\0\0\0\0SECRETPLACE_OF_THE_PHOTO\xff\xd9");
        let anna = world.as_("anna");
        for keep in [false, true] {
            world.settings(|settings| settings.remove_location = !keep).await;
            let form = anna.drafts("Photo", "Billing", "Here").await.file("photo.jpg", &photograph);
            let ticket = anna.opens_with(&form).await;
            let link = anna.sees(ticket).await.attributes(".attachments a[download]", "href").remove(0);
            let file = anna.whole(Method::GET, &link).go().await.is(200);
            assert_eq!(file.body.len(), photograph.len());
            assert_eq!(file.body.windows(11).any(|part| part == b"SECRETPLACE"), keep);
        }
        assert_eq!(world.mailed().await, ["sara", "sara"]);
    }

    /// a path leads to a file and to nothing else, however it is written.
    async fn a_path_leads_nowhere_else(world: World) {
        let anna = world.as_("anna");
        let form = anna.drafts("Printer", "Billing", "Here").await.file("a.txt", b"text");
        let ticket = anna.opens_with(&form).await;
        let link = anna.sees(ticket).await.attributes(".attachments a[download]", "href").remove(0);
        let id = link.split('/').nth(3).unwrap().to_owned();
        for path in ["..%2f..%2fetc%2fpasswd/x", "%2e%2e/%2e%2e", "%00/x", "%ff/x", "C:%5ca/x", &format!("{}/x", id.to_uppercase())] {
            assert_eq!(anna.get(&format!("/attachments/{path}")).await.status, 404, "{path}");
        }
        // The name in the address is for people only.
        let found: Answer = anna.get(&format!("/attachments/{id}/..%2f..%2fetc%2fpasswd")).await.is(200);
        assert_eq!(found.body, b"text");
        assert_eq!(world.mailed().await, ["sara"]);
    }
}
