//! A site behind a proxy. Every address that it sends is one that the browser can use (P-35), and forms are accepted from its public
//! address (P-08).

use std::sync::Arc;
use std::time::Duration;

use muticket_core::backend::{NewSettings, SupporterEdit};
use muticket_core::mail::MemoryMailer;
use muticket_core::storage::MemoryStorage;
use muticket_core::{GroupId, Helpdesk, NewTicket, UserId, Visitor};
use muticket_journeys::{Adapter, Answer, Mount, People, Plan, Reception, Site, World, in_both};
use muticket_web::Configure as _;
use percent_encoding::percent_decode_str;

/// The public address of the site.
const SITE: &str = "https://example.org";

/// A site behind a proxy.
struct Outside {
    site: Site,
    prefix: &'static str,
}

impl Outside {
    /// Gets an address as the browser knows it. The proxy removes its prefix.
    async fn get(&self, address: &str, person: Option<&str>) -> Answer {
        let path = address.strip_prefix(SITE).unwrap_or(address);
        let inside = path.strip_prefix(self.prefix).unwrap_or_else(|| panic!("{address} would not come to this site"));
        self.site.get(inside.split('#').next().unwrap(), person).await
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

in_both! {
    /// P-35, P-16, D-09: from a letter's link through the login to the ticket, with and without a prefix, in both instances of a site.
    async fn a_guest_comes_from_a_letter_through_the_login_to_the_ticket(adapter: Adapter) {
        for (prefix, given) in [("", ""), ("/shop", "/shop"), ("/a/b", "/a/b/")] {
            for public_url in [SITE.to_owned(), format!("{SITE}/"), format!("{SITE}{prefix}")] {
                let people = Arc::new(People::cast());
                let bases = ["/support", "/workshop/help"];
                let mailers = [(); 2].map(|()| Arc::new(MemoryMailer::default()));
                let mut modules = Vec::new();
                for (base, mailer) in bases.iter().zip(&mailers) {
                    let host = Reception::new(people.clone()).with_sign_in(&format!("{prefix}/login?back="));
                    modules.push(Mount::new(&opened(&people).await, host, |settings| {
                        let settings = settings.at(*base).path_prefix(given).public_url(&public_url);
                        let _ = settings.mail(mailer.clone(), "Support <support@example.org>");
                    }));
                }
                let outside = Outside { site: Site::launch(adapter, modules).await, prefix };
                for (base, mailer) in bases.iter().zip(&mailers) {
                    while mailer.letters().is_empty() {
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                    let text = mailer.letters()[0].text.clone();
                    let link = text.split_whitespace().rfind(|word| word.starts_with("https://")).unwrap();
                    assert_eq!(link, format!("{SITE}{prefix}{base}/tickets/1/messages/1"));

                    let login = outside.get(link, None).await;
                    let back = login.location().strip_prefix(&format!("{prefix}/login?back=")).unwrap();
                    let back = percent_decode_str(back).decode_utf8().unwrap().into_owned();
                    assert_eq!((login.status, back.as_str()), (303, &link[SITE.len()..]));

                    let there = outside.get(&back, Some("sara")).await;
                    assert_eq!((there.status, there.location()), (303, format!("{prefix}{base}/tickets/1#message-1").as_str()));
                    let page = outside.get(there.location(), Some("sara")).await;
                    assert!(page.status == 200 && page.says("It is silent"));
                    for place in ["href", "src", "action"] {
                        for address in page.attributes(&format!("[{place}]"), place) {
                            let ours = address.starts_with(&format!("{prefix}{base}"));
                            assert!(ours || address.starts_with('#'), "{address} on {}", page.text());
                        }
                    }
                }
            }
        }
    }
}

in_both! {
    /// P-35: the address that a guest asked for keeps its whole prefix and its query, and never leads to another site.
    async fn every_way_back_has_the_prefix(adapter: Adapter) {
        let people = Arc::new(People::cast());
        let host = Reception::new(people.clone()).with_sign_in("/shop/login?back=");
        let module = Mount::new(&opened(&people).await, host, |settings| drop(settings.path_prefix("/shop")));
        let outside = Outside { site: Site::launch(adapter, vec![module]).await, prefix: "/shop" };
        for path in ["/support/", "/support/tickets?state=all&q=a%20b", "/support/backend/settings", "/support/nowhere?x=1"] {
            let login = outside.get(&format!("/shop{path}"), None).await;
            let back = login.location().strip_prefix("/shop/login?back=").unwrap();
            assert_eq!(percent_decode_str(back).decode_utf8().unwrap(), format!("/shop{path}"));
            assert!(login.header("Set-Cookie").is_none());
        }
    }
}

in_both! {
    /// P-08, K-18: a form of an older browser is accepted from a page of the public address, and from none with another scheme or port.
    async fn a_form_comes_from_the_public_address(adapter: Adapter) {
        let world = World::new(Plan::memory().over(adapter)).await;
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
}
