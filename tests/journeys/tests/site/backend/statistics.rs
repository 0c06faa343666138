//! What customers think of a supporter.

use muticket_journeys::{World, journey};

use super::link;

const LIST: &str = "/backend/supporters";

journey! {
    /// the supporter's page shows the figures of their ratings. D-07: answers, rated ones, mean, distribution, and the rated
    /// answers.
    async fn the_figures_of_a_supporter(world: World) {
        let (ada, anna, sara) = (world.as_("ada"), world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer <b>", "Billing", "It is silent").await;
        let page = link(&ada, LIST, "Sara Sand", "").await;
        let figures = async || ada.whole(muticket_journeys::Method::GET, &page).go().await.is(200);
        let before = figures().await;
        assert_eq!(before.all(".figures dd")[..2], ["0", "0"], "nothing is divided by zero: {}", before.words());
        assert_eq!((before.count(".empty"), before.count("svg.chart")), (2, 0));
        for stars in [5, 4, 4] {
            let answer = sara.answers(ticket, "Switch it on").await;
            anna.rates(ticket, answer, stars).await;
        }
        sara.answers(ticket, "Nobody rates this").await;
        let other = world.as_("tom").answers(ticket, "From Tom").await;
        anna.rates(ticket, other, 1).await;
        let page = figures().await;
        let shown = page.all("[aria-labelledby=ratings-heading] .figures dd");
        assert_eq!(shown[0], "4");
        assert!(shown[1].starts_with('3') && shown[1].contains("75"), "{shown:?}");
        assert!(shown[2].starts_with("4.33"), "{shown:?}");
        let counts = page.all("table[aria-labelledby=distribution-heading] tbody td:nth-of-type(1)");
        assert_eq!(counts, ["1", "2", "0", "0", "0"]);
        let shares = page.all("table[aria-labelledby=distribution-heading] tbody td:nth-of-type(2)");
        assert_eq!(shares, ["33%", "67%", "0%", "0%", "0%"]);
        let bars = page.attributes("[aria-labelledby=ratings-heading] rect.bar", "width");
        assert_eq!(bars, ["100", "200", "0", "0", "0"]);
        let links = "table[aria-labelledby=latest-heading] a";
        assert_eq!(page.count("table[aria-labelledby=latest-heading] tbody tr"), 3);
        assert_eq!(page.count(links), 0, "who may not read tickets is not led to them");
        let group = muticket_core::GroupId::new("support");
        world.people().change("ada", |ada| ada.groups.push(group));
        world.backend().add_supporter(Some(muticket_core::UserId::new("ada")), Default::default()).await.unwrap();
        let rated = figures().await.attributes(links, "href");
        assert_eq!(rated, [4, 3, 2].map(|message| format!("/support/tickets/{ticket}#message-{message}")));
        assert_eq!(world.mailed().await, ["anna", "anna", "anna", "anna", "anna", "sara"]);
    }

    /// D-07: with ratings off the page says so and shows no figures.
    async fn with_ratings_off_there_are_no_figures(world: World) {
        let ada = world.as_("ada");
        let page = link(&ada, LIST, "Sara Sand", "").await;
        world.settings(|settings| settings.ratings = false).await;
        let page = ada.whole(muticket_journeys::Method::GET, &page).go().await.is(200);
        assert_eq!((page.count(".figures"), page.count(".chart"), page.count("#ratings-heading")), (0, 0, 0));
        assert!(page.says("turned off") && page.count("#waits-heading") == 1, "{}", page.words());
        let _ = ada.get("/backend/supporters/018f2f0e-4c5a-7bcd-8abc-0123456789ab").await.is(404);
        let _ = ada.get("/backend/supporters/sara").await.is(404);
    }
}
