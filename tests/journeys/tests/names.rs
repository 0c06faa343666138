//! People without a readable name, people of the same name, and names that turn the text around them: on pages and in letters.

#![expect(clippy::unwrap_used, reason = "a journey that stumbles has failed")]

use muticket_core::AccessLevel;
use muticket_journeys::{World, at, journey, person};

journey! {
    /// P-09: who is there and has no readable name is never called former: supporters and administrators read the identifier, customers that
    /// there is no name.
    async fn nobody_who_is_there_is_called_former(world: World) {
        world.people().add(person("u-17", "\u{200b}\u{3164} ", AccessLevel::Add, &[]));
        world.people().change("sara", |sara| sara.name = "\u{2060}".to_owned());
        let (nameless, sara, ada) = (world.as_("u-17"), world.as_("sara"), world.as_("ada"));
        let ticket = nameless.opens("Printer", "Billing", "It is silent").await;
        let letters = world.letters().await;
        assert!(letters[0].text.contains("u-17 ") && !letters[0].text.contains("ormer"), "{}", letters[0].text);
        let overview = sara.get("/tickets").await.is(200);
        assert!(overview.says("u-17") && !overview.says("Former"));
        let page = sara.sees(ticket).await;
        assert!(page.says("u-17") && !page.says("Former"));
        sara.answers(ticket, "Switch it on").await;
        sara.closes(ticket).await;
        let letters = world.letters().await;
        assert!(letters[0].text.contains("Someone without a name") && letters[0].text.starts_with("Hello,"), "{}", letters[0].text);
        assert!(!letters[0].html.contains("sara") || letters[0].html.contains("sara@"), "{}", letters[0].html);
        let page = nameless.sees(ticket).await;
        assert!(page.all(".who strong").iter().all(|name| name == "(no name)"), "{:?}", page.all(".who strong"));
        assert!(!page.says("Former") && page.all(".event")[0].contains("(no name)"));
        for path in ["/backend/tickets?state=all".to_owned(), format!("/backend{}/delete", at(ticket)), "/backend/supporters".to_owned(), "/backend/mail".to_owned()] {
            let page = ada.get(&path).await.is(200);
            assert!(!page.says("Former") && !page.says("Unknown user"), "{path}: {}", page.brief());
        }
        assert!(ada.get("/backend/supporters").await.all("th[scope=row]").iter().any(|name| name.starts_with("sara")));
        // Who is gone is called so.
        world.people().remove("u-17");
        assert!(sara.sees(ticket).await.says("Former user"));
    }

    /// P-09: two who look the same on one page are told apart: by address for supporters, by identifier for administrators, and for customers
    /// by neither.
    async fn people_of_the_same_name_are_told_apart(world: World) {
        world.people().add(person("ben2", "\u{ff22}en\u{a0}Cole", AccessLevel::Add, &[]));
        world.people().change("tom", |tom| tom.name = "Sara Sand".to_owned());
        let (ben, other, sara, ada) = (world.as_("ben"), world.as_("ben2"), world.as_("sara"), world.as_("ada"));
        let ticket = ben.opens("Printer", "Billing", "It is silent").await;
        other.opens("Cable", "Billing", "Too short").await;
        let names = sara.get("/tickets?sort=number").await.all(".row-facts a");
        assert_eq!(names, ["Ben Cole (ben@example.org)", "\u{ff22}en Cole (ben2@example.org)"]);
        assert_eq!(sara.get("/tickets?customer=ben").await.all(".row-facts a"), ["Ben Cole"], "alone on the page");
        let names = ada.get("/backend/tickets").await.all("td bdi");
        assert!(names.contains(&"Ben Cole (ben)".to_owned()), "{names:?}");
        let team = ada.get("/backend/supporters").await.all("th[scope=row] a");
        assert!(team.contains(&"Sara Sand (sara)".to_owned()) && team.contains(&"Sara Sand (tom)".to_owned()), "{team:?}");
        sara.answers(ticket, "Switch it on").await;
        world.as_("tom").answers(ticket, "And plug it in").await;
        let page = ben.sees(ticket).await;
        assert_eq!(page.all(".who strong"), ["Ben Cole", "Sara Sand (1)", "Sara Sand (2)"]);
        assert!(!page.text().contains("sara@") && !page.text().contains("tom@"));
        world.letters().await;
    }

    /// P-09: a name that turns or combines keeps to itself.
    async fn a_name_keeps_to_itself(world: World) {
        world.people().change("anna", |anna| anna.name = "\u{202e}\u{301}\u{5e9}\u{5e8}\u{5d4}\u{2069}".to_owned());
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let page = world.as_("sara").sees(ticket).await;
        assert!(page.all(".facts")[0].contains("\u{2068}\u{25cc}\u{301}\u{5e9}\u{5e8}\u{5d4}\u{2069}"), "{:?}", page.all(".facts"));
        assert!(!page.text().contains('\u{202e}'));
        let letters = world.letters().await;
        assert!(!letters[0].text.contains('\u{202e}') && letters[0].text.contains("\u{2069} "), "{}", letters[0].text);
    }
}
