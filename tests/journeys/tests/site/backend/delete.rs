//! The final deletion of a ticket.

use muticket_journeys::bytes::PNG;
use muticket_journeys::{World, journey};

journey! {
    /// R-17, P-36: the page asks first. After that nothing is left in any table, file or letter.
    async fn a_deleted_ticket_leaves_no_trace(world: World) {
        let (ada, anna, sara) = (world.as_("ada"), world.as_("anna"), world.as_("sara"));
        let other = anna.opens("Stays", "Billing", "This stays").await;
        let untouched = world.kept().dump();
        let form = anna.drafts("CANARY-1", "Billing", &"CANARY-2 ".repeat(2000)).await.file("CANARY-3.png", PNG).file("CANARY-4.txt", b"x");
        let ticket = anna.opens_with(&form).await;
        let answer = sara.answers(ticket, "CANARY-5").await;
        anna.rates(ticket, answer, 2).await;
        let page = anna.sees(ticket).await;
        for shown in [page.attributes(".picture img", "src"), page.attributes(".picture a", "href")].concat() {
            let _ = anna.whole(muticket_journeys::Method::GET, &shown).go().await.is(200);
        }
        let note = sara.sees(ticket).await.form("/notes").with("body", "CANARY-6").file("CANARY-7.txt", b"y");
        sara.sends_note(&note).await;
        assert_eq!(world.kept().files(), 5);

        let listed = ada.get("/backend/tickets").await.is(200);
        let ask = listed.attributes(&format!("a[href$='/{ticket}/delete']"), "href").remove(0);
        let question = ada.whole(muticket_journeys::Method::GET, &ask).go().await.is(200);
        assert!(question.says("CANARY-1"));
        assert!(question.all("[aria-labelledby=gone] li").contains(&"all notes of supporters with their files".to_owned()), "{}", question.words());
        anna.sees(ticket).await;
        let gone = ada.submits(&question.form("/delete")).await.is(303);
        let list = ada.follows(&gone).await.is(200);
        assert!(!list.says("CANARY") && list.all(".notice-success") == ["Ticket permanently deleted."], "{}", list.words());
        let left = world.kept().dump();
        assert!(!left.contains("CANARY"), "{left}");
        let tables = |dump: &str| {
            // Ticket numbers are never used twice, so the counter may have moved on.
            let lines = dump.lines().filter(|line| !line.contains("last_ticket") && !line.starts_with("sqlite_sequence"));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(tables(&left), tables(&untouched));
        assert_eq!(world.kept().files(), 0);
        let raw = world.kept().raw();
        assert!(!raw.windows(6).any(|bytes| bytes == b"CANARY"), "the text is still in the free places of the file");
        assert!(anna.does_not_find(ticket).await && sara.does_not_find(ticket).await);
        let _ = ada.submits(&question.form("/delete")).await.is(404);
        let _ = ada.whole(muticket_journeys::Method::GET, &ask).go().await.is(404);
        anna.sees(other).await;
        assert_eq!(world.mailed().await, ["sara"], "letters that were not sent yet are gone with it");
    }

    /// the list has pages, and a deletion leads back to the list as it was.
    async fn the_list_goes_on_where_it_stopped(world: World) {
        let (ada, anna, sara) = (world.as_("ada"), world.as_("anna"), world.as_("sara"));
        let mut tickets = Vec::new();
        for number in 0..21 {
            tickets.push(anna.opens(&format!("Number {number}"), "Billing", "Text").await);
        }
        let first = ada.get("/backend/tickets?state=all").await.is(200);
        assert_eq!((first.count("tbody tr"), first.all("tbody th")[0].as_str()), (20, "Number 20"));
        let next = first.attributes(".pager a", "href").remove(0);
        let second = ada.whole(muticket_journeys::Method::GET, &next).go().await.is(200);
        assert_eq!(second.all("tbody th"), ["Number 0"]);
        assert_eq!(second.attributes(".pager a", "href"), ["/support/backend/tickets?state=all"]);

        sara.closes(tickets[0]).await;
        let closed = ada.get("/backend/tickets?state=closed").await.is(200);
        assert_eq!(closed.all("tbody th"), ["Number 0"]);
        let ask = closed.attributes("tbody a", "href").remove(0);
        let question = ada.whole(muticket_journeys::Method::GET, &ask).go().await.is(200);
        let gone = ada.submits(&question.form("/delete")).await.is(303);
        assert_eq!(gone.location(), "/support/backend/tickets?state=closed");
        assert_eq!(ada.follows(&gone).await.is(200).count(".empty"), 1);
        let _ = world.mailed().await;
    }

    /// tickets are deleted in the backend only, by an administrator only.
    async fn nobody_else_deletes(world: World) {
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let form = world.as_("ada").get(&format!("/backend/tickets/{ticket}/delete")).await.form("/delete");
        for stranger in ["anna", "sara", "rita", "vera"] {
            let stranger = world.as_(stranger);
            let _ = stranger.get(&format!("/backend/tickets/{ticket}/delete")).await.is(403);
            let _ = stranger.submits(&form.clone().forced("token", stranger.token().await.as_bytes())).await.is(403);
        }
        world.as_("anna").sees(ticket).await;
        assert_eq!(world.mailed().await, ["sara"]);
    }
}
