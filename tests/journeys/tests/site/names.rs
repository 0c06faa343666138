//! The names of people, wherever they are shown. One rule applies to every name.

use muticket_core::AccessLevel;
use muticket_core::backend::SupporterEdit;
use muticket_core::names::readable;
use muticket_journeys::{World, at, journey, user};

/// Names that people choose, including names that imitate somebody else's.
fn names() -> Vec<String> {
    let names = [
        "",
        " \t",
        "\u{200b}\u{3164}",
        "\u{301}\u{fe0f}",
        "\u{2800}\u{115f}\u{180e}\u{fffc}",
        "Twin",
        "ＴＷＩＮ\u{200b}",
        "Two\r\nLines",
        "Turned\u{202e}round",
        "\u{2069}\u{2069}Out",
        "\u{308}Accent",
        "=?utf-8?q?Evil?= Encoded",
        "Quo\"ted",
        "Ad, Dress <a@b.example>",
        "שרה (7)",
        "<b>Bold</b>",
        "=cmd|x",
    ];
    names.into_iter().map(str::to_owned).chain(["long ".repeat(60)]).collect()
}

/// The text without isolation marks, and with runs of blanks made one.
fn plain(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "").split_whitespace().filter(|word| *word != ">").collect::<Vec<_>>().join(" ")
}

/// Whether the text contains characters that reverse the text around a name, or hide part of it.
fn harms(text: &str) -> bool {
    let isolated = (text.matches('\u{2068}').count(), text.matches('\u{2069}').count());
    isolated.0 != isolated.1 || text.contains(['\u{202a}', '\u{202b}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\0'])
}

/// The start of the shown name: the readable name, or the identifier if nothing in the name is readable.
fn begins(name: &str, id: &str) -> String {
    readable(name).map_or_else(|| id.to_owned(), |name| plain(&name))
}

journey! {
    /// P-14, D-09: names of customers, in the list, on their tickets, where tickets are deleted, and in letters.
    async fn customers_are_called_by_one_rule(world: World) {
        let (sara, ada) = (world.as_("sara"), world.as_("ada"));
        let (mut tickets, all) = (Vec::new(), names());
        for (number, name) in all.iter().enumerate() {
            let id = format!("customer-{number}");
            world.people().add(user(&id, name, AccessLevel::Add, &[]));
            let ticket = world.as_(&id).opens(&format!("Printer {number}"), "Billing", "It is silent").await;
            let shown = begins(name, &id);
            let own = world.as_(&id).sees(ticket).await;
            let page = sara.sees(ticket).await;
            for (whose, page) in [("own", &own), ("the supporter's", &page)] {
                assert!(!harms(&page.words()), "{name:?} on {whose} page");
                assert!(!page.says("Former user"), "{name:?} is there, on {whose} page");
            }
            assert!(plain(&page.words()).contains(&shown), "{name:?} is not called {shown}: {}", page.brief());
            let letters = world.letters().await;
            let [letter] = letters.as_slice() else { panic!("{name:?}: {} letters", letters.len()) };
            assert!(plain(&letter.text).contains(&format!("{shown} has opened a new ticket")), "{name:?}: {}", letter.text);
            assert!(!harms(&letter.text) && !harms(&letter.html) && !letter.text.contains("former"), "{name:?}: {}", letter.text);
            tickets.push((ticket, name, shown));
        }
        let list = sara.get("/tickets").await.is(200);
        for (ticket, name, shown) in &tickets {
            assert!(plain(&list.words()).contains(shown), "{name:?} in the list");
            let delete = ada.get(&format!("/backend{}/delete", at(*ticket))).await.is(200);
            assert!(plain(&delete.words()).contains(shown) && !delete.says("Former user"), "{name:?}: {}", delete.brief());
        }
        assert!(!list.says("Former user") && !harms(&list.words()));
        let twins: Vec<_> = list.texts(".rows a[href*='customer=']").into_iter().map(|name| plain(&name)).collect();
        let different: std::collections::BTreeSet<_> = twins.iter().collect();
        assert_eq!(twins.len(), different.len(), "two who look the same are told apart: {twins:?}");
    }

    /// P-14, R-14: names of supporters, in the backend, in files, on tickets, and in letters to customers and to themselves.
    async fn supporters_are_called_by_one_rule(world: World) {
        let (anna, ada) = (world.as_("anna"), world.as_("ada"));
        let billing = world.category("Billing").await.id;
        for (number, name) in names().iter().enumerate() {
            let id = format!("supporter-{number}");
            world.people().add(user(&id, name, AccessLevel::Comment, &["support"]));
            let user = Some(muticket_core::UserId::new(id.as_str()));
            let shown = begins(name, &id);
            let form = ada.get("/backend/supporters/new").await.is(200).form("/backend/supporters");
            assert!(form.choices("user").iter().any(|option| plain(option).starts_with(&shown)), "{name:?}: {:?}", form.choices("user"));
            let edit = SupporterEdit { present: true, categories: [billing.clone()].into() };
            let record = world.backend().add_supporter(user, edit).await.unwrap().id;

            let ticket = anna.opens(&format!("Printer {number}"), "Billing", "It is silent").await;
            let _ = world.letters().await;
            let answer = world.as_(&id).answers(ticket, "Which printer is it?").await;
            let page = anna.sees(ticket).await;
            let to_customers = readable(name).map_or_else(|| "(no name)".to_owned(), |name| plain(&name));
            assert!(plain(&page.words()).contains(&to_customers), "{name:?} for customers: {}", page.brief());
            assert!(!page.words().contains(&id) && !page.says("Former user") && !harms(&page.words()), "{name:?}");
            let letters = world.letters().await;
            let [letter] = letters.as_slice() else { panic!("{name:?}: {} letters", letters.len()) };
            let author = readable(name).map_or_else(|| "Someone without a name".to_owned(), |name| plain(&name));
            assert!(plain(&letter.text).contains(&format!("{author} has answered your ticket")), "{name:?}: {}", letter.text);
            assert!(!letter.text.contains(&id) && !harms(&letter.text) && !harms(&letter.html), "{name:?}: {}", letter.text);

            anna.rates(ticket, answer, 4).await;
            let path = format!("/backend/supporters/{record}");
            for page in [path.clone(), format!("{path}/edit"), format!("{path}/answers")] {
                let page = ada.get(&page).await.is(200);
                assert!(plain(&page.all("h1").concat()).contains(&shown), "{name:?}: {:?}", page.all("h1"));
                assert!(plain(&page.texts("title").concat()).contains(&shown), "{name:?}: {:?}", page.texts("title"));
                assert!(!page.says("Former user") && !harms(&page.words()), "{name:?}: {}", page.brief());
            }
            for table in ["answers", "distribution", "first-answers", "months"] {
                let table = ada.get(&format!("{path}/{table}.csv")).await.is(200);
                assert!(!harms(table.text()) && table.header("Content-Disposition").unwrap().is_ascii(), "{name:?}");
            }

            anna.replies(ticket, "The large one").await;
            let letters = world.letters().await;
            let letter = letters.iter().find(|letter| letter.to.address().as_str().starts_with(&format!("{id}@"))).unwrap();
            let greeted = readable(name).map_or_else(|| "Hello,".to_owned(), |name| format!("Hello {},", plain(&name)));
            assert!(plain(&letter.text).starts_with(&greeted), "{name:?}: {}", letter.text);
            let to = readable(name).unwrap_or_default();
            let cut = to.chars().count() > 100;
            assert!(if cut { letter.to.name().ends_with('…') } else { letter.to.name() == to }, "{name:?}: {:?}", letter.to);
            world.backend().edit_supporter(record, SupporterEdit { present: false, ..Default::default() }).await.unwrap();
        }
        let list = ada.get("/backend/supporters").await.is(200);
        for (number, name) in names().iter().enumerate() {
            assert!(plain(&list.words()).contains(&begins(name, &format!("supporter-{number}"))), "{name:?} in the list");
        }
        assert!(!list.says("Former user") && !harms(&list.words()));
    }

    /// "Former user" stands for a removed user, and for nobody else.
    async fn former_users_are_gone(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        world.people().add(user("gone", "Gina Gone", AccessLevel::Add, &[]));
        let ticket = world.as_("gone").opens("Printer", "Billing", "It is silent").await;
        assert!(sara.sees(ticket).await.says("Gina Gone"));
        world.people().remove("gone");
        let page = sara.sees(ticket).await;
        assert!(page.says("Former user") && !page.says("Gina Gone"), "{}", page.brief());
        let ticket = anna.opens("Plug", "Billing", "It is loose").await;
        sara.answers(ticket, "Push it").await;
        world.people().remove("sara");
        let letters = world.letters().await;
        assert!(letters[0].text.contains("A former user has answered your ticket"), "{}", letters[0].text);
        let page = anna.sees(ticket).await;
        assert!(page.says("Former user") && !page.says("Sara"), "{}", page.brief());
    }
}
