//! The demo's saved views.

use muticket_core::overview::{DeskFilter, Filter, NamedView};
use muticket_core::storage::{Order, SortKey};
use muticket_core::ticket::Priority;
use muticket_core::{AccessLevel, CategoryId, Error, Helpdesk, User, Visitor};

use crate::people::Person;

/// Sara keeps a view for herself, and one is shared with all supporters.
pub(super) async fn save(helpdesk: &Helpdesk, billing: &CategoryId) -> Result<(), Error> {
    let Some(sara) = Person::find("sara") else { return Ok(()) };
    // Only an administrator shares views, and the demo's is no supporter.
    let sara = User { level: AccessLevel::Admin, ..sara.user() };
    let desk = helpdesk.desk(&Visitor::User(sara)).await?;
    let invoices = Filter {
        category: Some(billing.clone()),
        sort: SortKey::ToDo,
        order: Order::Ascending,
        desk: DeskFilter { view: Some(NamedView::Nobody), ..DeskFilter::default() },
        ..Filter::default()
    };
    desk.save_view("Free invoices / Freie Rechnungen", &invoices).await?;
    let urgent = Filter { desk: DeskFilter { priority: Some(Priority::Urgent), ..DeskFilter::default() }, ..Filter::default() };
    let shared = desk.save_view("Urgent / Dringend", &urgent).await?;
    desk.share_view(shared.id).await
}
