//! The answers behind a supporter's figures, and the supporter's tables as CSV.

use chrono::TimeDelta;
use muticket_journeys::{Answer, Browser, Method, World, journey};

use super::link;

/// Sara's page, as Ada gets it.
async fn page_of_sara(ada: &Browser) -> String {
    link(ada, "/backend/supporters", "Sara Sand", "").await
}

async fn seen(ada: &Browser, address: &str) -> Answer {
    ada.whole(Method::GET, address).go().await.is(200)
}

/// The subjects in the list.
fn subjects(page: &Answer) -> Vec<String> {
    let names = page.all("table[aria-labelledby=answers-heading] tbody th");
    names.iter().map(|name| name.split_once(' ').map_or("", |(_, subject)| subject).to_owned()).collect()
}

/// The lines of a table, without the byte order mark.
fn lines(table: &Answer) -> Vec<String> {
    let text = table.text().strip_prefix('\u{feff}').unwrap();
    assert!(text.ends_with("\r\n"), "{text:?}");
    text.trim_end().split("\r\n").map(str::to_owned).collect()
}

/// Anna opens a ticket, Sara answers it after the given time, and Anna rates the answer.
async fn rated(world: &World, subject: &str, wait: TimeDelta, stars: u8) {
    let ticket = world.as_("anna").opens(subject, "Billing", "Text").await;
    world.later(wait);
    let answer = world.as_("sara").answers(ticket, "Answer").await;
    world.as_("anna").rates(ticket, answer, stars).await;
}

journey! {
    /// R-18, D-07: each figure links to its tickets: stars, months and response times.
    async fn every_figure_leads_to_its_answers(world: World) {
        rated(&world, "Quick and good", TimeDelta::minutes(5), 5).await;
        rated(&world, "Slow and bad", TimeDelta::hours(30), 1).await;
        world.later(TimeDelta::days(40));
        rated(&world, "Later", TimeDelta::hours(2), 5).await;
        let ada = world.as_("ada");
        let page = seen(&ada, &page_of_sara(&ada).await).await;
        let links = |table: &str| page.attributes(&format!("table[aria-labelledby={table}] a"), "href");
        for (table, expected) in [
            ("distribution-heading", vec![vec!["Later", "Quick and good"], vec!["Slow and bad"]]),
            ("months-heading", vec![vec!["Slow and bad", "Quick and good"], vec!["Later"]]),
            ("waits-heading", vec![vec!["Quick and good"], vec!["Later"], vec!["Slow and bad"]]),
        ] {
            let mut found = Vec::new();
            for link in links(table) {
                found.push(subjects(&seen(&ada, &link).await));
            }
            assert_eq!(found, expected, "{table}");
            let drawn = page.attributes(&format!("[aria-labelledby={table}] svg.chart a, #{table} ~ svg.chart a"), "href");
            assert_eq!(drawn, links(table), "the drawing leads where the table leads: {table}");
        }
        assert_eq!(page.all("table[aria-labelledby=months-heading] tbody td:last-child"), ["3.00", "5.00"]);
        assert_eq!(page.all("[aria-labelledby=waits-heading] .figures dd")[..2], ["3", "2.0 hours from 3 first answers"]);
        let _ = world.mailed().await;
    }

    /// D-07: pages keep their place while further answers are rated.
    async fn long_lists_come_in_pages(world: World) {
        for number in 0..22 {
            rated(&world, &format!("Number {number}"), TimeDelta::minutes(1), 4).await;
        }
        let ada = world.as_("ada");
        let all = page_of_sara(&ada).await + "/answers";
        let first = seen(&ada, &all).await;
        assert_eq!((subjects(&first).len(), subjects(&first)[0].as_str()), (20, "Number 21"));
        let next = first.attributes("a[rel=next]", "href").remove(0);
        rated(&world, "Newest", TimeDelta::minutes(1), 4).await;
        let second = seen(&ada, &next).await;
        assert_eq!((subjects(&second), second.count("a[rel=next]")), (vec!["Number 1".to_owned(), "Number 0".to_owned()], 0));
        let table = ada.whole(Method::GET, &format!("{all}.csv")).go().await.is(200);
        assert_eq!(lines(&table).len(), 24, "a table has all of them");
        // A filter that cannot be parsed finds nothing, as on the overview. An invalid start gives the first page.
        for odd in ["?stars=6&month=2027-13", "?stars=-1&after=x", "?first=never", "?month=%00", "?stars=+5", "?stars=05", "?stars=%2B5", "?month=2027-1"] {
            assert_eq!(subjects(&seen(&ada, &format!("{all}{odd}")).await).len(), 0, "{odd}");
            assert_eq!(lines(&ada.whole(Method::GET, &format!("{all}.csv{odd}")).go().await.is(200)).len(), 1, "{odd}");
        }
        assert_eq!(subjects(&seen(&ada, &format!("{all}?after=x&stars=")).await).len(), 20);
        let _ = world.mailed().await;
    }

    /// D-07: tickets are linked only for an administrator who is also a supporter (decision 0008).
    async fn an_administrator_who_may_not_read_tickets_gets_no_links_to_them(world: World) {
        rated(&world, "Printer", TimeDelta::minutes(1), 5).await;
        let ada = world.as_("ada");
        let lists = ["/answers", "/answers?first=all"].map(|list| async |page: &str| seen(&world.as_("ada"), &(page.to_owned() + list)).await);
        let page = page_of_sara(&ada).await;
        for list in &lists {
            assert_eq!(list(&page).await.count("table[aria-labelledby=answers-heading] a"), 0);
        }
        world.people().change("ada", |ada| ada.groups.push(muticket_core::GroupId::new("support")));
        world.backend().add_supporter(Some(muticket_core::UserId::new("ada")), Default::default()).await.unwrap();
        for list in &lists {
            let links = list(&page).await.attributes("table[aria-labelledby=answers-heading] a", "href");
            assert!(links.len() == 1 && links[0].starts_with("/support/tickets/"), "{links:?}");
        }
        let _ = world.mailed().await;
    }

    /// R-18, D-07: each table as CSV, with headings in the visitor's language, and with the separators of their region or those they
    /// chose.
    async fn tables_are_there_as_csv(world: World) {
        let ada = world.as_("ada");
        let page = page_of_sara(&ada).await;
        let table = async |name: &str| ada.whole(Method::GET, &format!("{page}/{name}")).go().await.is(200);
        let empty = lines(&table("distribution.csv").await);
        assert_eq!(empty, ["Stars,Number,Share", "5,0,", "4,0,", "3,0,", "2,0,", "1,0,"], "nothing is divided by zero");
        assert_eq!(lines(&table("months.csv").await).len(), 1);

        rated(&world, "=HYPERLINK(\"https://evil.example\",\"x\")", TimeDelta::minutes(90), 5).await;
        rated(&world, "Say \"no\", please", TimeDelta::minutes(1), 4).await;
        rated(&world, "@SUM(A1)", TimeDelta::minutes(1), 4).await;
        assert_eq!(lines(&table("distribution.csv").await)[..3], ["Stars,Number,Share", "5,1,0.3333", "4,2,0.6667"]);
        let months = lines(&table("months.csv").await);
        assert_eq!(months[0], "Month,Answers,Rated answers,Average");
        assert!(months[1].ends_with(",3,3,4.3333"), "{months:?}");
        let waits = lines(&table("first-answers.csv").await);
        assert_eq!(waits[..3], ["Waiting time,Number,Share", "Up to 1 hour,2,0.6667", "Up to 4 hours,1,0.3333"]);
        let answers = table("answers.csv").await;
        assert_eq!(answers.header("Content-Type"), Some("text/csv; charset=utf-8; header=present"));
        assert!(answers.header("Content-Disposition").unwrap().starts_with("attachment; filename=\"Sara Sand - Rated answers.csv\""));
        let answers = lines(&answers);
        assert_eq!(answers[0], "Ticket,Message,Subject,Stars,Rated");
        assert!(answers[1].contains(",2,'@SUM(A1),4,20"), "{answers:?}");
        assert!(answers[2].contains(",\"Say \"\"no\"\", please\",4,"), "{answers:?}");
        assert!(answers[3].contains(",\"'=HYPERLINK(\"\"https://evil.example\"\",\"\"x\"\")\",5,"), "{answers:?}");
        assert_eq!(lines(&table("answers.csv?stars=5").await).len(), 2);
        let first = lines(&table("answers.csv?first=four-hours").await);
        assert!(first.len() == 2 && first[1].contains(",5400,20"), "{first:?}");

        let german = ada.clone().speaking("de").whole(Method::GET, &format!("{page}/first-answers.csv")).go().await.is(200);
        let german = lines(&german);
        assert_eq!(german[..2], ["Wartezeit;Anzahl;Anteil", "Bis 1 Stunde;2;0,6667"]);
        for (decimal, row) in [("point", "Bis 1 Stunde,2,0.6667"), ("comma", "Bis 1 Stunde;2;0,6667"), ("none", "Bis 1 Stunde;2;0,6667")] {
            let address = format!("{page}/first-answers.csv?decimal={decimal}");
            let table = ada.clone().speaking("de").whole(Method::GET, &address).go().await.is(200);
            assert_eq!(lines(&table)[1], row, "{decimal}");
        }
        let _ = world.mailed().await;
    }

    /// D-07: with ratings off there are no rated answers and no table of them. First answers stay.
    async fn with_ratings_off_no_rating_is_listed(world: World) {
        rated(&world, "Printer", TimeDelta::minutes(1), 5).await;
        let ada = world.as_("ada");
        let page = page_of_sara(&ada).await;
        world.settings(|settings| settings.ratings = false).await;
        let list = seen(&ada, &format!("{page}/answers")).await;
        assert!(list.says("turned off") && list.count("table") == 0, "{}", list.words());
        for table in ["distribution.csv", "months.csv", "answers.csv"] {
            let _ = ada.whole(Method::GET, &format!("{page}/{table}")).go().await.is(404);
        }
        assert_eq!(subjects(&seen(&ada, &format!("{page}/answers?first=hour")).await), ["Printer"]);
        let _ = ada.whole(Method::GET, &format!("{page}/answers.csv?first=all")).go().await.is(200);
        let _ = ada.whole(Method::GET, &format!("{page}/first-answers.csv")).go().await.is(200);
        let _ = ada.get("/backend/supporters/018f2f0e-4c5a-7bcd-8abc-0123456789ab/answers").await.is(404);
        let _ = ada.get("/backend/supporters/sara/answers.csv").await.is(404);
        let _ = world.mailed().await;
    }
}
