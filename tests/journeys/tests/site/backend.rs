//! Journeys of administrators.

mod answers;
mod categories;
mod delete;
mod labels;
mod mail;
mod open_tickets;
mod settings;
mod statistics;
mod supporters;

use muticket_journeys::{Answer, Browser, Form, World, journey};

/// The link in the table row that contains this text.
async fn link(ada: &Browser, page: &str, row: &str, end: &str) -> String {
    let rows = rows(&ada.get(page).await.is(200), row);
    let fragment = scraper::Html::parse_fragment(&rows[0]);
    let links = scraper::Selector::parse("a[href]").unwrap();
    let mut found = fragment.select(&links).filter_map(|link| link.attr("href")).filter(|link| link.ends_with(end));
    found.next().unwrap().to_owned()
}

/// The form, sent to another address.
fn sent_to(form: &Form, address: &str) -> Form {
    let mut form = form.clone();
    form.action = address.to_owned();
    form
}

/// The HTML of the table rows that contain this text.
fn rows(page: &Answer, about: &str) -> Vec<String> {
    let tree = page.page();
    let rows = scraper::Selector::parse("tbody tr").unwrap();
    let found = tree.select(&rows).filter(|row| row.text().collect::<String>().contains(about));
    found.map(|row| format!("<table>{}</table>", row.html())).collect()
}

journey! {
    /// Each page is read in one unit, with what all pages warn about.
    async fn a_page_takes_one_unit(world: World) {
        let ada = world.as_("ada");
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let _ = world.as_("sara").answers(ticket, "Switch it on").await;
        let label = world.label("VIP").await;
        let edit = link(&ada, "/backend/supporters", "Sara Sand", "/edit").await;
        let edit = edit.trim_start_matches(world.base()).to_owned();
        let statistics = edit.trim_end_matches("/edit").to_owned();
        let pages = [
            "/backend/supporters", "/backend/supporters/new", "/backend/settings", "/backend/categories", "/backend/saved-answers", "/backend/saved-answers/new", "/backend/tickets", "/backend/mail",
            "/backend/labels", "/backend/statistics",
        ];
        let pages = pages.map(str::to_owned).into_iter().chain([format!("/backend/tickets/{ticket}/delete"), format!("/backend/labels/{label}/remove"), edit, format!("{statistics}/answers"), statistics]);
        for page in pages {
            let before = world.units();
            let _ = ada.get(&page).await.is(200);
            assert_eq!(world.units() - before, 1, "{page}");
        }
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }
}
