//! Rows that cannot be read. Pages show everything else, and say what is missing (P-28, P-33). The tests run in Rocket alone, because no
//! adapter reads a row.

use std::collections::BTreeSet;

use muticket_journeys::{Browser, Method, Plan, World};

/// One damaged ticket and one damaged message do not break any page for anybody.
#[tokio::test]
async fn a_damaged_row_takes_no_page_down() {
    let world = World::new(Plan::sqlite()).await;
    let (anna, sara, ada) = (world.as_("anna"), world.as_("sara"), world.as_("ada"));
    let lost = anna.opens("Printer", "Billing", "It is silent").await;
    let ticket = anna.opens("Scanner", "Billing", "It is dark").await;
    let answer = sara.answers(ticket, "Is it on?").await;
    anna.rates(ticket, answer, 4).await;
    world.kept().execute(&format!("UPDATE muticket_ticket SET last_role = 'odd' WHERE number = {lost}"));
    world.kept().execute(&format!("UPDATE muticket_message SET written_at = 'yesterday' WHERE ticket = {ticket} AND number = 1"));

    for (person, list) in [(&anna, "/tickets"), (&sara, "/tickets"), (&ada, "/backend/tickets")] {
        let page = person.get(list).await.is(200);
        assert!(page.says("Scanner") && !page.says("Printer"), "{list}");
        assert!(page.says(&format!("Ticket #{lost} can’t be shown because its data is damaged.")), "{list}");
    }
    for person in [&anna, &sara] {
        let page = person.sees(ticket).await;
        assert!(page.says("Is it on?") && !page.says("It is dark"));
        assert!(page.says("Message 1 can’t be shown completely because its data is damaged."));
    }
    world.kept().execute("UPDATE muticket_rating SET score = 9");
    let list = ada.get("/backend/supporters").await.is(200);
    let links = list.attributes("a[href*='/backend/supporters/']", "href");
    let link = links.iter().find(|link| !link.ends_with("/edit") && !link.ends_with("/new")).unwrap();
    let statistics = ada.whole(muticket_journeys::Method::GET, link).go().await.is(200);
    assert!(statistics.says("Some data is damaged and left out here."));
}

/// P-28: text of SQLite that is not UTF-8 damages its row alone.
#[tokio::test]
async fn text_that_is_not_utf8_takes_no_page_down() {
    let world = World::new(Plan::sqlite()).await;
    let (anna, sara, ada) = (world.as_("anna"), world.as_("sara"), world.as_("ada"));
    for _ in 0..2 {
        let ticket = anna.opens("Scanner", "Billing", "It is dark").await;
        let answer = sara.answers(ticket, "Is it on?").await;
        anna.rates(ticket, answer, 4).await;
    }
    world.label("VIP").await;
    sara.labels(2, &["VIP"]).await;
    let list = ada.get("/backend/supporters").await.is(200);
    let links = list.attributes("a[href*='/backend/supporters/']", "href");
    let statistics = links.iter().find(|link| !link.ends_with("/edit") && !link.ends_with("/new")).unwrap();
    for (table, columns) in [
        ("message", &["author", "role", "body"][..]),
        ("history", &["by_user", "change"]),
        ("outbox", &["notice", "recipient", "detail", "state"]),
        ("first_answer", &["author"]),
        ("ticket", &["category", "closed_by", "last_role", "subject", "customer", "state"]),
        ("category_name", &["name", "language"]),
        ("label", &["name", "colour"]),
    ] {
        for column in columns {
            let one = match table {
                "category_name" | "label" => "position = 1",
                "ticket" | "message" => "number = 1",
                _ => "ticket = 1",
            };
            world.kept().execute(&format!("UPDATE muticket_{table} SET {column} = CAST(x'ff41' AS TEXT) WHERE {one}"));
            for person in [&anna, &sara] {
                assert!(person.get("/tickets").await.is(200).says("Scanner"), "{table}.{column}");
                person.sees(2).await;
            }
            for page in [
                "/backend/tickets",
                "/backend/supporters",
                "/backend/categories",
                "/backend/labels",
                "/backend/statistics",
                "/backend/mail",
                "/backend/mail/received",
            ] {
                let _ = ada.get(page).await.is(200);
            }
            for file in ["", "/answers.csv", "/first-answers.csv", "/months.csv"] {
                let _ = ada.whole(Method::GET, &format!("{statistics}{file}")).go().await.is(200);
            }
        }
    }
}

/// P-28: a visitor who may see a damaged ticket is told that it is damaged. For others it does not exist. An administrator can delete it.
#[tokio::test]
async fn a_damaged_ticket_says_so_and_can_be_deleted() {
    const DAMAGES: [&str; 6] = [
        "last_role = 'odd'",
        "subject = CAST(x'ff41' AS TEXT)",
        "version = -1",
        "opened_at = 'yesterday'",
        "last_activity_at = '2026-13-99 08:00:00'",
        "subject = ''",
    ];
    for damage in DAMAGES {
        let world = World::new(Plan::sqlite()).await;
        let (anna, ben, sara, ada) = (world.as_("anna"), world.as_("ben"), world.as_("sara"), world.as_("ada"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let stays = anna.opens("Scanner", "Billing", "It is dark").await;
        let (reply, answer) = (anna.writes(ticket, "CANARY").await, sara.writes(ticket, "CANARY").await);
        world.kept().execute(&format!("UPDATE muticket_ticket SET {damage} WHERE number = {ticket}"));
        for (person, form) in [(&anna, reply), (&sara, answer)] {
            assert!(person.get(&format!("/tickets/{ticket}")).await.is(410).says("This ticket is damaged"), "{damage}");
            let refused = person.submits(&form).await.is(410);
            assert!(refused.says("This ticket is damaged") && refused.says("CANARY"), "nothing that was typed is lost: {damage}");
            let _ = person.get("/tickets").await.is(200);
        }
        let _ = sara.get("/tickets/next").await;
        let (hidden, missing) = (ben.get(&format!("/tickets/{ticket}")).await.is(404), ben.get("/tickets/999").await.is(404));
        assert_eq!(hidden.words(), missing.words());

        let list = ada.get("/backend/tickets").await.is(200);
        assert!(list.says(&format!("Ticket #{ticket} can’t be shown")), "{damage}: {}", list.brief());
        let ask = list.attributes(&format!("a[href*='/{ticket}/delete']"), "href").remove(0);
        let question = ada.whole(Method::GET, &ask).go().await.is(200);
        assert!(question.says("This ticket can’t be read because its data is damaged."));
        let gone = ada.submits(&question.form("/delete")).await.is(303);
        let list = ada.follows(&gone).await.is(200);
        assert!(!list.says(&format!("#{ticket} ")) && list.says("Scanner"));
        let _ = anna.get(&format!("/tickets/{ticket}")).await.is(404);
        anna.sees(stays).await;
        let _ = world.letters().await;
    }
}

/// P-28: a ticket whose state no version of MuTicket writes is neither open nor closed. The list of all tickets names it, and so does a
/// search for its number. An administrator finds it there and can delete it.
#[tokio::test]
async fn a_ticket_of_an_unknown_state_is_named() {
    let world = World::new(Plan::sqlite()).await;
    let (anna, ben, sara, ada) = (world.as_("anna"), world.as_("ben"), world.as_("sara"), world.as_("ada"));
    let ticket = anna.opens("Printer", "Billing", "It is silent").await;
    world.kept().execute(&format!("UPDATE muticket_ticket SET state = 'odd' WHERE number = {ticket}"));
    let notice = format!("Ticket #{ticket} can’t be shown because its data is damaged.");
    for list in ["/tickets?state=all".to_owned(), format!("/tickets?q={ticket}"), format!("/tickets?state=all&q=%23{ticket}")] {
        for person in [&anna, &sara] {
            assert!(person.get(&list).await.is(200).says(&notice), "{list}");
        }
        assert!(!ben.get(&list).await.is(200).says("damaged"), "{list}");
    }
    let list = ada.get("/backend/tickets?state=all").await.is(200);
    assert!(list.says(&notice));
    let ask = list.attributes(&format!("a[href*='/{ticket}/delete']"), "href").remove(0);
    let question = ada.whole(Method::GET, &ask).go().await.is(200);
    let gone = ada.submits(&question.form("/delete")).await.is(303);
    assert!(!ada.follows(&gone).await.is(200).says("damaged"));
}

/// All tickets of a list, page by page, including repeated ones.
async fn listed(person: &Browser, first: &str) -> Vec<u64> {
    let mut numbers = Vec::new();
    let mut page = person.get(first).await.is(200);
    for _ in 0..20 {
        let links = page.attributes("a", "href");
        let shown = links.iter().filter_map(|link| {
            let number = link.split("/tickets/").nth(1)?.split(['/', '?', '#']).next()?;
            number.parse().ok()
        });
        let shown: BTreeSet<u64> = shown.collect();
        let said = page.words();
        let damaged = said.split("Ticket #").skip(1).filter(|rest| rest.contains("can’t be shown"));
        let damaged: BTreeSet<u64> = damaged.filter_map(|rest| rest.split(' ').next()?.parse().ok()).collect();
        numbers.extend(shown.union(&damaged));
        let Some(next) = page.attributes("a[rel=next]", "href").into_iter().next() else { return numbers };
        page = person.whole(Method::GET, &next).go().await.is(200);
    }
    panic!("the list does not end: {numbers:?}");
}

/// P-28: if every ticket on a page of a list is damaged, the page still links to the next one, in each order. Each ticket occurs once.
#[tokio::test]
async fn a_list_leads_on_behind_damaged_tickets() {
    let damages = [
        "last_role = 'odd'",
        "subject = CAST(x'ff41' AS TEXT)",
        "last_activity_at = 'yesterday'",
        "last_activity_at = '2026-01-15 08:99:00'",
        "version = -1",
        "state = 'odd'",
        "state = x'00'",
        "state = 'closer'",
    ];
    for damage in damages {
        let has_state = !damage.starts_with("state");
        let world = World::new(Plan::sqlite()).await;
        world.kept().execute(
            "INSERT INTO muticket_ticket \
             (customer, subject, state, turn, last_message, answers, last_role, opened_at, last_activity_at, version) \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 110) \
             SELECT 'anna', 'Ticket', CASE i % 2 WHEN 0 THEN 'open' ELSE 'closed' END, 'new', 1, 0, 'customer', \
             '2026-01-15 08:00:00', printf('2026-01-15 %02d:%02d:00', 8 + i / 60, i % 60), 1 FROM n",
        );
        world.kept().execute(&format!("UPDATE muticket_ticket SET {damage} WHERE number BETWEEN 20 AND 100"));
        for (person, list) in [
            ("sara", "/tickets?state=all"),
            ("sara", "/tickets?state=open"),
            ("sara", "/tickets?state=all&sort=activity"),
            ("sara", "/tickets?state=all&sort=number"),
            ("anna", "/tickets?state=closed"),
            ("ada", "/backend/tickets?state=all"),
        ] {
            let numbers = listed(&world.as_(person), list).await;
            let found: BTreeSet<u64> = numbers.iter().copied().collect();
            let wanted = |number: &u64| match list {
                list if list.contains("state=open") => number.is_multiple_of(2),
                list if list.contains("state=closed") => !number.is_multiple_of(2),
                _ => true,
            };
            // A ticket without a known state is in the list of all tickets only.
            let in_list = |number: &u64| has_state || list.contains("state=all") || !(20..=100).contains(number);
            let expected: BTreeSet<u64> = (1..=110).filter(wanted).filter(in_list).collect();
            assert_eq!(found, expected, "{damage}: {list}");
            let readable = numbers.iter().filter(|number| !(20..=100).contains(*number)).count();
            assert_eq!(readable, expected.iter().filter(|number| !(20..=100).contains(*number)).count(), "{damage}: {list}");
        }
    }
}

/// P-28: pages of a ticket continue after messages that cannot be read. A ticket with a damaged count of millions of messages shows those
/// it has.
#[tokio::test]
async fn a_conversation_leads_on_behind_damaged_messages() {
    let world = World::new(Plan::sqlite()).await;
    let anna = world.as_("anna");
    let ticket = anna.opens("Printer", "Billing", "It is silent").await;
    world.kept().execute(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 250) \
         INSERT INTO muticket_message (ticket, number, author, role, body, written_at) \
         SELECT {ticket}, i, 'anna', 'customer', 'Message ' || i || '.', '2027-01-15 08:00:00' FROM n; \
         WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 250) \
         INSERT INTO muticket_history (ticket, version, at, by_user, change, message) \
         SELECT {ticket}, i, '2027-01-15 08:00:00', 'anna', 'replied', i FROM n; \
         UPDATE muticket_ticket SET last_message = 250, version = 250 WHERE number = {ticket}; \
         UPDATE muticket_message SET role = 'odd' WHERE ticket = {ticket} AND number BETWEEN 5 AND 60"
    ));
    let first = anna.get(&format!("/tickets/{ticket}?from=1")).await.is(200);
    assert!(
        first.says("It is silent") && first.says("Message 4.") && first.says("Message 61.") && first.says("Message 99."),
        "{}",
        first.brief()
    );
    world.kept().execute(&format!("UPDATE muticket_ticket SET last_message = 4000000000 WHERE number = {ticket}"));
    assert!(anna.sees(ticket).await.says("It is silent"));
}
