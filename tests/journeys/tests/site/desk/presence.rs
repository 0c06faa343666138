//! Which other supporters have a ticket open.

use chrono::TimeDelta;
use muticket_journeys::{World, at, journey};

journey! {
    /// T-14: a supporter sees who else has the ticket open or is writing, until half a minute after the last report. It changes nothing
    /// of the ticket, and the customer never learns of it.
    async fn supporters_see_who_else_has_a_ticket_open(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let _ = anna.sees(ticket).await;
        let before = anna.sees(ticket).await.all(".muticket");
        let report = tom.sees(ticket).await.form("/presence");
        assert_eq!(tom.submits(&report).await.is(200).text().trim(), "", "nobody else is here");
        assert_eq!(tom.sees(ticket).await.count(".colleagues p"), 0, "and not oneself");
        assert_eq!(sara.sees(ticket).await.all(".colleagues p"), ["Tom Tal has this ticket open, too."]);
        let _ = tom.submits(&report.clone().forced("writing", b"yes")).await.is(200);
        let own = sara.sees(ticket).await.form("/presence");
        assert!(sara.submits(&own).await.is(200).text().contains("Tom Tal is writing here."));
        assert!(tom.submits(&report).await.is(200).text().contains("Sara Sand has this ticket open, too."));
        assert_eq!(anna.sees(ticket).await.all(".muticket"), before);
        world.later(TimeDelta::seconds(31));
        assert_eq!(sara.sees(ticket).await.count(".colleagues p"), 0);
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// T-14, P-02: nobody else can report anything, and a supporter who left the group is not named.
    async fn only_supporters_are_named(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let report = tom.sees(ticket).await.form("/presence");
        let before = world.kept().dump();
        for person in ["anna", "ben", "vera", "ada"] {
            let person = world.as_(person);
            let foreign = report.clone().forced("token", person.token().await.as_bytes());
            let _ = person.submits(&foreign).await.is(404);
        }
        assert_eq!(world.kept().dump(), before);
        let _ = tom.submits(&report).await.is(200);
        world.people().change("tom", |tom| tom.groups.clear());
        assert_eq!(sara.sees(ticket).await.count(".colleagues p"), 0);
        let _ = sara.get(&format!("{}/presence", at(ticket))).await.is(405);
        assert_eq!(world.mailed().await, ["sara"]);
    }
}
