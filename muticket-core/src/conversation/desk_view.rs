//! What only supporters see of a ticket.

use std::collections::BTreeSet;

use crate::category::Category;
use crate::conversation::customer_card::CustomerCard;
use crate::id::{LabelId, UserId};
use crate::label::Label;
use crate::language::Language;
use crate::note::Note;
use crate::open_page::{Colleague, OpenPage, colleagues};
use crate::situation::Situation;
use crate::ticket::Ticket;
use crate::viewer::Viewer;

/// What only supporters see of a ticket, and the values they can choose.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DeskView {
    /// The assignee; `None` if nobody is assigned, or the assignee is no supporter any more (T-03).
    pub assignee: Option<UserId>,
    /// The supporters to whom it can be assigned. [`Conversation::people`](super::Conversation::people) describes them.
    pub supporters: Vec<UserId>,
    /// The categories it can have, in order; empty if categories are not active.
    pub categories: Vec<Category>,
    /// The labels of the site, oldest first (T-06).
    pub labels: Vec<Label>,
    /// The labels that the ticket has.
    pub has: BTreeSet<LabelId>,
    /// The notes that belong behind the messages of this page, oldest first (T-01).
    pub notes: Vec<Note>,
    /// The customer (T-13).
    pub customer: CustomerCard,
    /// The other supporters who have the ticket open (T-14).
    pub colleagues: Vec<Colleague>,
}

impl DeskView {
    pub(super) fn of(
        ticket: &Ticket,
        (notes, has, customer, open_pages): (Vec<Note>, BTreeSet<LabelId>, CustomerCard, Vec<OpenPage>),
        situation: &Situation,
        viewer: Viewer<'_>,
    ) -> Self {
        let Situation { staff, categories, .. } = situation;
        let language = viewer.user().language.clone().unwrap_or_else(Language::english);
        Self {
            assignee: staff.assignee(ticket).map(|supporter| supporter.user.clone()),
            supporters: staff.users().map(|user| user.id.clone()).collect(),
            categories: categories.in_order(&language),
            labels: situation.labels().to_vec(),
            has,
            notes,
            customer,
            colleagues: colleagues(open_pages, staff, &viewer.user().id),
        }
    }
}
