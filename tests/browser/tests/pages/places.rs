//! All pages, and how to reach them.

use std::collections::BTreeMap;

use muticket_browser::{Chromium, Framework, Site, visitor};
use muticket_core::backend::{NewSettings, SupporterEdit};
use muticket_core::{GroupId, UserId};
use serde_json::{Value, json};

use crate::guests::Guests;
use crate::look::{Load, Looks};

/// Chooses an empty file. It is refused, and the page says that the files have to be chosen again.
const EMPTY_FILE: &str = "const files = new DataTransfer();
    files.items.add(new File([], 'empty.txt'));
    document.querySelector('input.files').files = files.files;";

/// More characters than a form may have.
const TOO_LARGE: usize = 600 * 1024;

/// The site with its demo tickets.
pub(crate) fn shop(chromium: &'static Chromium, looks: &mut Looks) {
    let site = Site::new();
    let guests = Guests::new(chromium, &site, looks.language);
    looks.at(&guests, "home", "/", 200);
    looks.at(&guests, "login", "/login", 200);
    looks.at(&guests, "empty mailbox", "/mailbox", 200);
    looks.at(&guests, "no such page of the shop", "/nowhere", 404);
    customer(&guests, looks);
    supporter(&guests, looks);
    backend(&guests, looks);
    letters(&guests, looks);
    crowds(&guests, looks);
}

/// The mailbox, and the page of one letter of each kind. The kind is told by the letter's heading.
fn letters(guests: &Guests<'_>, looks: &mut Looks) {
    let page = &guests.page;
    looks.at(guests, "mailbox", "/mailbox", 200);
    page.run("document.querySelectorAll('details').forEach((each) => { each.open = true })", &[]);
    looks.here(guests, "mailbox with its forms", 200);
    let letters = page.run("return [...document.querySelectorAll('iframe')].map((frame) => frame.getAttribute('src'))", &[]);
    let mut kinds = BTreeMap::new();
    for letter in letters.as_array().into_iter().flatten().filter_map(Value::as_str) {
        page.open(letter);
        let heading = page.run("return document.querySelector('h1').textContent", &[]);
        kinds.insert(heading.to_string(), letter.to_owned());
    }
    // The letter about the ticket that was closed comes a minute later, which may be over or not.
    kinds.retain(|heading, _| !heading.contains("closed") && !heading.contains("geschlossen"));
    assert_eq!(kinds.len(), 4, "one for each notice: {kinds:?}");
    for (number, letter) in kinds.into_values().enumerate() {
        looks.at(guests, &format!("letter {number}"), &letter, 200);
    }
}

/// Very long texts and lists, and more forms than a person sends.
fn crowds(guests: &Guests<'_>, looks: &mut Looks) {
    let (page, me) = (&guests.page, guests.customer);
    page.is(me);
    let many = guests.opens("Many messages", "The first.");
    // One more than two pages hold.
    for round in 0..200 {
        guests.replies(many, &format!("Reply {round}."));
    }
    looks.at_with(guests, "middle of many messages", &format!("/support/tickets/{many}?from=50"), 200, Load::Heavy);
    looks.at_with(guests, "last page of many messages", &format!("/support/tickets/{many}"), 200, Load::Heavy);

    page.open("/support/tickets/new");
    while guests.site.send_nothing(me, "/support/tickets/1/messages/1/rating") != 429 {}
    guests.sends("form.write", json!({ "subject": "Too many", "body": "A text that is shown again." }));
    looks.here(guests, "too many forms", 429);
}

fn customer(guests: &Guests<'_>, looks: &mut Looks) {
    let (page, me) = (&guests.page, guests.customer);
    let asked = guests.opens("Ein Ticket / a ticket", "First line.\n\nSecond line with https://example.org/ in it.");
    guests.answers(asked, "An answer.");
    page.is(me);
    looks.at(guests, "own tickets", "/support/tickets", 200);
    looks.at(guests, "own closed tickets", "/support/tickets?state=closed", 200);
    looks.at(guests, "all own tickets", "/support/tickets?state=all&sort=number", 200);
    looks.at(guests, "own tickets found", "/support/tickets?state=all&q=a", 200);
    looks.at(guests, "own tickets not found", "/support/tickets?q=nothing+like+it", 200);
    looks.at(guests, "behind the last ticket", "/support/tickets?after=x", 200);
    looks.at(guests, "own ticket to rate", &format!("/support/tickets/{asked}"), 200);
    let (closed, new) = if me == "anna" { (1, 6) } else { (2, 5) };
    looks.at(guests, "own closed ticket", &format!("/support/tickets/{closed}"), 200);
    looks.at(guests, "own new ticket", &format!("/support/tickets/{new}"), 200);
    looks.at(guests, "new ticket", "/support/tickets/new", 200);
    guests.sends("form.write", json!({ "subject": "", "body": "A text that is kept." }));
    looks.here(guests, "new ticket refused", 422);
    page.open("/support/tickets/new");
    page.run(EMPTY_FILE, &[]);
    guests.sends("form.write", json!({ "subject": "A file", "body": "It is beside this." }));
    looks.here(guests, "file refused", 422);
    page.open("/support/tickets/new");
    page.is_nobody();
    guests.sends("form.write", json!({ "subject": "Too late", "body": "A text that is shown again." }));
    looks.here(guests, "form after the login expired", 401);
    page.is(me);
    looks.at(guests, "ticket that follows", &format!("/support/tickets/new?follows={closed}"), 200);
    page.open(&format!("/support/tickets/{asked}"));
    guests.sends("form.write", json!({ "body": "" }));
    looks.here(guests, "reply refused", 422);
    page.open(&format!("/support/tickets/{asked}"));
    guests.sends("form.write", json!({ "body": "A reply." }));
    page.one(".notice[data-done=replied]");
    looks.here(guests, "own ticket after a reply", 200);
    page.open("/support/tickets/new");
    guests.sends("form.write", json!({ "token": "forged", "subject": "Forged", "body": "A text that is shown again." }));
    looks.here(guests, "forged form", 403);

    // Where a font lacks a mark, each of them is drawn beside the letter, and the letter has no place to break.
    let marked = format!("e{}", "\u{302}\u{489}\u{20dd}".repeat(30));
    let long = format!("{} {marked}", "W".repeat(150));
    let huge = format!(
        "{}\n\nשלום עולם, هذا نص طويل\n\n🦀🦀🦀 {}\n{marked}",
        "x".repeat(15_000),
        "Donaudampfschifffahrtsgesellschaft".repeat(20)
    );
    let long = guests.opens(&long, &huge);
    looks.at(guests, "own tickets with a long subject", "/support/tickets", 200);
    looks.at_with(guests, "ticket of one long word", &format!("/support/tickets/{long}"), 200, Load::Heavy);
    looks.at(guests, "no such ticket", "/support/tickets/99999", 404);
    looks.at(guests, "backend for a customer", "/support/backend/supporters", 403);
    if looks.language == "en" {
        page.is("rita");
        looks.at(guests, "tickets of somebody who may only read", "/support/tickets", 200);
    }
}

fn supporter(guests: &Guests<'_>, looks: &mut Looks) {
    let page = &guests.page;
    page.is(guests.supporter);
    looks.at(guests, "tickets", "/support/tickets", 200);
    looks.at(guests, "waiting tickets of a customer", "/support/tickets?waiting=new&customer=anna&sort=-number", 200);
    looks.at(guests, "tickets found", "/support/tickets?state=all&q=lamp&sort=number", 200);
    looks.at(guests, "tickets not found", "/support/tickets?q=nothing+like+it", 200);
    let category = page.run("return document.querySelector('#filter-category option:last-child').value", &[]);
    let category = category.as_str().expect("there are categories");
    looks.at(guests, "tickets of a category", &format!("/support/tickets?state=all&category={category}&q=a"), 200);
    looks.at(guests, "no tickets of that kind", "/support/tickets?state=closed&customer=rita", 200);
    looks.at(guests, "all tickets", "/support/tickets?state=all", 200);
    looks.at(guests, "ticket with a picture", "/support/tickets/3", 200);
    looks.at(guests, "closed ticket", "/support/tickets/1", 200);
    looks.at(guests, "new ticket for a supporter", "/support/tickets/new", 403);
    looks.at(guests, "saved answers", "/support/saved-answers", 200);
    let links = guests.links(".line h3 a, .line a[href$='/delete']");
    for (number, link) in links.iter().enumerate().take(3) {
        looks.at(guests, &format!("saved answer {number}"), link, 200);
    }
    looks.at(guests, "new saved answer", "/support/saved-answers/new", 200);
    guests.sends("form.panel", json!({ "title": " ", "text_de": "{{x}}" }));
    looks.here(guests, "saved answer refused", 422);
    looks.at(guests, "saved views", "/support/views", 200);
    for (number, link) in guests.links(".line h3 a, .line a[href$='/remove']").iter().enumerate().take(2) {
        looks.at(guests, &format!("saved view {number}"), link, 200);
    }
    let ticket = guests.opens("Twice", "Hello?");
    page.open(&format!("/support/tickets/{ticket}"));
    guests.replies(ticket, "And another thing.");
    guests.sends("form.write", json!({ "body": "An answer that came too late." }));
    looks.here(guests, "answer after another message", 409);
    page.open(&format!("/support/tickets/{ticket}"));
    guests.sends("form[action$='/close']", json!({}));
    page.one(".notice[data-done=closed]");
    looks.here(guests, "ticket just closed", 200);
}

fn backend(guests: &Guests<'_>, looks: &mut Looks) {
    let page = &guests.page;
    page.is("ada");
    looks.at(guests, "supporters", "/support/backend/supporters", 200);
    let record = page.run("return document.querySelector('tbody th a').getAttribute('href')", &[]);
    let record = record.as_str().expect("there are supporters").to_owned();
    looks.at(guests, "statistics", &record, 200);
    page.one("svg.columns");
    let figures = guests.links("td a[href*='/answers?'], p a[href*='/answers']");
    for (number, figure) in figures.iter().enumerate() {
        looks.at(guests, &format!("answers {number}"), figure, 200);
    }
    looks.at(guests, "supporter", &format!("{record}/edit"), 200);
    looks.at(guests, "nobody left to be a supporter", "/support/backend/supporters/new", 200);
    looks.at(guests, "open tickets", "/support/backend/statistics", 200);
    looks.at(guests, "settings", "/support/backend/settings", 200);
    guests.sends("form.panel", json!({ "image_limit": "much" }));
    looks.here(guests, "settings refused", 422);
    page.open("/support/backend/settings");
    guests.sends("form.panel", json!({ "image_limit": "5".repeat(TOO_LARGE) }));
    looks.here(guests, "too large a form", 413);
    looks.at(guests, "categories", "/support/backend/categories", 200);
    guests.sends("[aria-labelledby=add-heading] form", json!({ "name_de": "", "name_en": "" }));
    looks.here(guests, "category refused", 422);
    looks.at(guests, "labels", "/support/backend/labels", 200);
    let label = guests.links(".line a[href$='/remove']");
    looks.at(guests, "label to remove", label.first().expect("the demo has labels"), 200);
    page.open("/support/backend/labels");
    guests.sends("[aria-labelledby=add-heading] form", json!({ "name": "" }));
    looks.here(guests, "label refused", 422);
    looks.at(guests, "shared saved answers", "/support/backend/saved-answers", 200);
    let shared = guests.links(".line h3 a, .line a[href$='/delete']");
    for (number, link) in shared.iter().enumerate().take(2) {
        looks.at(guests, &format!("shared saved answer {number}"), link, 200);
    }
    looks.at(guests, "tickets to delete", "/support/backend/tickets", 200);
    looks.at(guests, "all tickets to delete", "/support/backend/tickets?state=all", 200);
    looks.at(guests, "deletion", "/support/backend/tickets/3/delete", 200);
    looks.at(guests, "mail", "/support/backend/mail", 200);
    looks.at(guests, "mail that came in", "/support/backend/mail/received", 200);
    looks.at(guests, "addresses of customers", "/support/backend/mail/senders", 200);
}

/// The site before anything is set up, then with its first supporter, then with no supporter present.
pub(crate) fn bare(chromium: &'static Chromium, looks: &mut Looks) {
    let site = Site::bare(Framework::Rocket);
    let guests = Guests::new(chromium, &site, looks.language);
    let (page, helpdesk) = (&guests.page, site.helpdesk());
    looks.at(&guests, "mailbox elsewhere", "/mailbox", 200);
    page.is(guests.customer);
    looks.at(&guests, "no tickets and nobody there", "/support/tickets", 200);
    looks.at(&guests, "new ticket and nobody there", "/support/tickets/new", 409);
    page.is("ada");
    looks.at(&guests, "no supporters and no group", "/support/backend/supporters", 200);
    looks.at(&guests, "no categories", "/support/backend/categories", 200);
    looks.at(&guests, "no labels", "/support/backend/labels", 200);
    looks.at(&guests, "no open tickets", "/support/backend/statistics", 200);
    looks.at(&guests, "no tickets to delete", "/support/backend/tickets", 200);

    let backend = helpdesk.backend(&visitor("ada")).unwrap();
    let group = Some(GroupId::new("support"));
    site.wait_for(backend.update_settings(NewSettings { supporter_group: group, ratings: true, ..Default::default() })).unwrap();
    looks.at(&guests, "no supporters", "/support/backend/supporters", 200);
    looks.at(&guests, "first supporter", "/support/backend/supporters/new", 200);
    let present = SupporterEdit { present: true, ..Default::default() };
    let supporter = site.wait_for(backend.add_supporter(Some(UserId::new(guests.supporter)), present)).unwrap();
    let record = format!("/support/backend/supporters/{}", supporter.id);
    looks.at(&guests, "statistics of nothing", &record, 200);
    looks.at(&guests, "no answers behind a figure", &format!("{record}/answers?stars=1"), 200);
    page.is(guests.supporter);
    looks.at(&guests, "nothing to do", "/support/tickets", 200);
    let ticket = guests.opens("First", "Is anybody there?");
    page.is("ada");
    page.until("the letter that failed", || {
        page.open("/support/backend/mail");
        (!page.all("tbody time").is_empty()).then_some(())
    });
    looks.at(&guests, "mail that waits", "/support/backend/mail", 200);

    site.wait_for(backend.edit_supporter(supporter.id, SupporterEdit::default())).unwrap();
    looks.at(&guests, "supporters who are all absent", "/support/backend/supporters", 200);
    page.is(guests.supporter);
    looks.at(&guests, "tickets and support is off", "/support/tickets", 200);
    page.is(guests.customer);
    looks.at(&guests, "own tickets and support is off", "/support/tickets", 200);
    looks.at(&guests, "own ticket and support is off", &format!("/support/tickets/{ticket}"), 200);
}
