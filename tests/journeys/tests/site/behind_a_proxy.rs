//! A site behind a proxy. Every address that it sends is one that the browser can use (P-35), and forms are accepted from its public
//! address (P-08).

use std::sync::Arc;
use std::time::Duration;

use muticket_core::backend::{NewSettings, SupporterEdit};
use muticket_core::mail::MemoryMailer;
use muticket_core::storage::MemoryStorage;
use muticket_core::{GroupId, Helpdesk, NewTicket, UserId, Visitor};
use muticket_journeys::{People, Plan, Reception, World, rocket};
use muticket_rocket::{Configure, MuTicket};
use rocket::http::{Header, RawStr};
use rocket::local::asynchronous::Client;

/// The public address of the site.
const SITE: &str = "https://example.org";

/// A site, its proxy, and one visitor's browser.
struct Outside {
    client: Client,
    prefix: &'static str,
}

/// The answer as the browser gets it.
struct Got {
    status: u16,
    location: String,
    cookies: Vec<String>,
    text: String,
}

impl Outside {
    /// Gets an address as the browser knows it. The proxy removes its prefix.
    async fn get(&self, address: &str, person: Option<&str>) -> Got {
        let path = address.strip_prefix(SITE).unwrap_or(address);
        let inside = path.strip_prefix(self.prefix).unwrap_or_else(|| panic!("{address} would not come to this site"));
        let mut request = self.client.get(inside.split('#').next().unwrap().to_owned());
        if let Some(person) = person {
            request.add_header(Header::new("X-Person", person.to_owned()));
        }
        let response = request.dispatch().await;
        let value = |name: &str| response.headers().get_one(name).unwrap_or_default().to_owned();
        Got {
            status: response.status().code,
            location: value("Location"),
            cookies: response.headers().get("Set-Cookie").map(str::to_owned).collect(),
            text: response.into_string().await.unwrap_or_default().replace("&#x2f;", "/"),
        }
    }
}

/// An instance with Sara as its present supporter, and a ticket of Anna's.
async fn opened(people: &Arc<People>) -> Helpdesk {
    let helpdesk = Helpdesk::builder(Arc::new(MemoryStorage::new()), people.clone()).build();
    let door = |name: &str| Visitor::User(people.find(name).unwrap());
    let backend = helpdesk.backend(&door("ada")).unwrap();
    let group = Some(GroupId::new("support"));
    backend.update_settings(NewSettings { supporter_group: group, ..NewSettings::default() }).await.unwrap();
    backend.add_supporter(Some(UserId::new("sara")), SupporterEdit { present: true, ..Default::default() }).await.unwrap();
    let new = NewTicket { subject: "Printer".to_owned(), body: "It is silent".to_owned(), ..NewTicket::default() };
    helpdesk.portal(&door("anna")).unwrap().open(new).await.unwrap();
    helpdesk
}

/// P-35, P-16, D-09: from a letter's link through the login to the ticket, with and without a prefix, in both instances of a site.
#[tokio::test]
async fn a_guest_comes_from_a_letter_through_the_login_to_the_ticket() {
    for (prefix, given) in [("", ""), ("/shop", "/shop"), ("/a/b", "/a/b/")] {
        for public_url in [SITE.to_owned(), format!("{SITE}/"), format!("{SITE}{prefix}")] {
            let people = Arc::new(People::cast());
            let bases = ["/support", "/workshop/help"];
            let mailers = [(); 2].map(|()| Arc::new(MemoryMailer::default()));
            let mut site = rocket();
            for (base, mailer) in bases.iter().zip(&mailers) {
                let host = Reception::new(people.clone()).with_sign_in(&format!("{prefix}/login?back="));
                let module = MuTicket::new(opened(&people).await, host).at(*base).behind(given).public_url(&public_url);
                site = site.attach(module.mail(mailer.clone(), "Support <support@example.org>"));
            }
            let outside = Outside { client: Client::untracked(site).await.unwrap(), prefix };
            for (base, mailer) in bases.iter().zip(&mailers) {
                while mailer.letters().is_empty() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                let text = mailer.letters()[0].text.clone();
                let link = text.split_whitespace().rfind(|word| word.starts_with("https://")).unwrap();
                assert_eq!(link, format!("{SITE}{prefix}{base}/tickets/1/messages/1"));

                let login = outside.get(link, None).await;
                let back = login.location.strip_prefix(&format!("{prefix}/login?back=")).unwrap();
                let back = RawStr::new(back).percent_decode().unwrap().into_owned();
                assert_eq!((login.status, back.as_str()), (303, &link[SITE.len()..]));

                let there = outside.get(&back, Some("sara")).await;
                assert_eq!((there.status, &there.location), (303, &format!("{prefix}{base}/tickets/1#message-1")));
                let page = outside.get(&there.location, Some("sara")).await;
                assert!(page.status == 200 && page.text.contains("It is silent"));
                for place in ["href=\"", "src=\"", "action=\""] {
                    for address in page.text.split(place).skip(1).map(|rest| rest.split('"').next().unwrap()) {
                        let ours = address.starts_with(&format!("{prefix}{base}"));
                        assert!(ours || address.starts_with('#'), "{address} on {}", page.text);
                    }
                }
            }
            outside.client.terminate().await;
        }
    }
}

/// P-35: the address that a guest asked for keeps its whole prefix and its query, and never leads to another site.
#[tokio::test]
async fn every_way_back_has_the_prefix() {
    let people = Arc::new(People::cast());
    let host = Reception::new(people.clone()).with_sign_in("/shop/login?back=");
    let site = rocket().attach(MuTicket::new(opened(&people).await, host).behind("/shop"));
    let outside = Outside { client: Client::untracked(site).await.unwrap(), prefix: "/shop" };
    for path in ["/support/", "/support/tickets?state=all&q=a%20b", "/support/backend/settings", "/support/nowhere?x=1"] {
        let login = outside.get(&format!("/shop{path}"), None).await;
        let back = login.location.strip_prefix("/shop/login?back=").unwrap();
        assert_eq!(RawStr::new(back).percent_decode().unwrap(), format!("/shop{path}"));
        assert!(login.cookies.is_empty());
    }
}

/// P-08, K-18: a form of an older browser is accepted from a page of the public address, and from none with another scheme or port.
#[tokio::test]
async fn a_form_comes_from_the_public_address() {
    let world = World::new(Plan::memory()).await;
    let anna = world.as_("anna");
    let form = anna.drafts("Printer", "Billing", "It is silent").await;
    for origin in ["http://example.org", "https://example.org:8443", "https://example.com", "null", ""] {
        let sending = anna.sending(&form).header("Host", "example.org").header("Origin", origin);
        let _ = sending.go().await.is(403);
    }
    // The proxy may pass on another host name.
    let _ = anna.sending(&form).header("Host", "127.0.0.1:8000").header("Origin", "https://example.org").go().await.is(303);
    assert_eq!(world.mailed().await, ["sara"]);
    world.ends().await;
}
