//! The numbers of open tickets.

use muticket_core::{GroupId, UserId};
use muticket_journeys::{Answer, Method, Plan, World, journey};

const PAGE: &str = "/backend/statistics";

/// The lines of one table, each with its number.
fn table(page: &Answer, kind: &str) -> Vec<(String, String)> {
    let of = |cell: &str| page.all(&format!("table[aria-labelledby=open-{kind}] tbody {cell}"));
    of("th").into_iter().zip(of("td")).collect()
}

fn lines(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, count)| ((*name).to_owned(), (*count).to_owned())).collect()
}

journey! {
    /// T-03, T-05, T-06: administrators see how many open tickets there are, by assignee, by label and by priority. Each number leads to
    /// the list of its tickets, for who may open it.
    async fn open_tickets_are_counted(world: World) {
        let (ada, anna, sara) = (world.as_("ada"), world.as_("anna"), world.as_("sara"));
        let page = ada.get(PAGE).await.is(200);
        assert_eq!((page.count("table"), page.count(".empty")), (2, 1), "there are no labels yet");
        let vip = world.label("VIP").await;
        world.label("Refund").await;
        let mut tickets = Vec::new();
        for subject in ["One", "Two", "Three", "Four"] {
            tickets.push(anna.opens(subject, "Billing", "Text").await);
        }
        sara.assigns(tickets[0], "Sara Sand").await;
        sara.assigns(tickets[1], "Tom Tal").await;
        sara.prioritizes(tickets[1], "urgent").await;
        sara.labels(tickets[1], &["VIP"]).await;
        sara.labels(tickets[2], &["VIP", "Refund"]).await;
        sara.closes(tickets[3]).await;
        let page = ada.get(PAGE).await.is(200);
        let assignees = table(&page, "assignee");
        assert_eq!(assignees[..3], lines(&[("Nobody", "1"), ("Sara Sand", "1"), ("Tom Tal", "1")])[..]);
        assert_eq!(page.all("table[aria-labelledby=open-label] thead th"), ["Label", "Number"]);
        assert_eq!(table(&page, "label"), lines(&[("Refund", "1"), ("VIP", "2")]));
        assert_eq!(table(&page, "priority"), lines(&[("urgent", "1"), ("high", "0"), ("normal", "2"), ("low", "0")]));
        assert_eq!(page.count("tbody a"), 0, "who may not read tickets is not led to them");

        world.people().change("tom", |tom| tom.groups.clear());
        let page = ada.get(PAGE).await.is(200);
        let assignees = table(&page, "assignee");
        assert_eq!(assignees[..2], lines(&[("Nobody", "2"), ("Sara Sand", "1")])[..]);
        assert!(!page.says("Tom Tal") && page.says("count as nobody’s"), "{}", page.words());

        world.people().change("ada", |ada| ada.groups.push(GroupId::new("support")));
        world.backend().add_supporter(Some(UserId::new("ada")), Default::default()).await.unwrap();
        let page = ada.get(PAGE).await.is(200);
        let (links, numbers) = (page.attributes("tbody a", "href"), page.all("tbody a"));
        assert!(links.contains(&format!("/support/tickets?label={vip}")) && links.contains(&"/support/tickets?assignee=none".to_owned()), "{links:?}");
        assert_eq!(links.len(), 6, "no link to an empty list: {links:?}");
        for (link, number) in links.iter().zip(numbers) {
            let rows = ada.whole(Method::GET, link).go().await.is(200).count(".row");
            assert_eq!(rows.to_string(), number, "{link}");
        }
        world.mailed().await;
    }

    /// T-03, T-05, T-06: the tables are there as CSV.
    async fn the_numbers_are_there_as_csv(world: World) {
        let ada = world.as_("ada");
        world.label("=VIP").await;
        world.as_("anna").opens("One", "Billing", "Text").await;
        let page = ada.get(PAGE).await.is(200);
        let mut files = Vec::new();
        for file in page.attributes("a[href$='.csv']", "href") {
            let table = ada.whole(Method::GET, &format!("{file}?decimal=point")).go().await.is(200);
            assert_eq!(table.header("Content-Type"), Some("text/csv; charset=utf-8; header=present"));
            files.push(table.text().trim_start_matches('\u{feff}').replace("\r\n", "|"));
        }
        assert!(files[0].starts_with("Assignee,Number|Nobody,1|Sara Sand,0|"), "{files:?}");
        assert_eq!(files[1..], ["Label,Number|'=VIP,0|", "Priority,Number|urgent,0|high,0|normal,1|low,0|"]);
        world.mailed().await;
    }
}

/// However many supporters and labels there are, the page takes the same number of statements.
#[tokio::test]
async fn the_page_takes_few_statements() {
    let world = World::new(Plan::sqlite()).await;
    let (ada, anna, sara) = (world.as_("ada"), world.as_("anna"), world.as_("sara"));
    let statements = async || {
        // The first request after a change reads the settings.
        let _ = ada.get(PAGE).await.is(200);
        let before = world.kept().statements();
        let _ = ada.get(PAGE).await.is(200);
        world.kept().statements() - before
    };
    world.label("Label").await;
    let few = statements().await;
    assert!(few <= 14, "{few}");
    for number in 0..20 {
        world.label(&format!("Label {number}")).await;
        let ticket = anna.opens(&format!("Ticket {number}"), "Billing", "Text").await;
        sara.labels(ticket, &[&format!("Label {number}")]).await;
    }
    for person in ["kim", "ada"] {
        world.people().change(person, |person| person.groups.push(GroupId::new("support")));
        world.backend().add_supporter(Some(UserId::new(person)), Default::default()).await.unwrap();
    }
    assert_eq!(statements().await, few);
    world.mailed().await;
}
