//! What only supporters see of a ticket.

use std::collections::BTreeSet;

use crate::category::Category;
use crate::conversation::customer_card::CustomerCard;
use crate::id::{LabelId, UserId};
use crate::incoming::Incoming;
use crate::label::Label;
use crate::language::Language;
use crate::note::{Note, NoteFile};
use crate::open_page::{Colleague, OpenPage, colleagues};
use crate::saved_answer::ListedAnswer;
use crate::saved_draft::sort;
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
    /// The files of these notes, sorted by note.
    pub note_files: Vec<NoteFile>,
    /// The newest letters for the ticket whose sender could not be confirmed, newest first (M-03). They are nobody's messages. At most
    /// [`MOST_LETTERS`](Self::MOST_LETTERS).
    pub letters: Vec<Incoming>,
    /// Whether there are more such letters. The backend [lists](crate::backend::Backend) all of them.
    pub has_more_letters: bool,
    /// The customer (T-13).
    pub customer: CustomerCard,
    /// The other supporters who have the ticket open (T-14).
    pub colleagues: Vec<Colleague>,
    /// The saved answers that are offered for an answer: shared ones and the visitor's own, those that they used most first
    /// (T-08). Empty on a closed ticket.
    pub saved: Vec<ListedAnswer>,
}

/// The rows behind a [`DeskView`]. On the customer's side there are none, because they are never read.
#[derive(Default)]
pub(super) struct DeskRows {
    pub(super) notes: Vec<Note>,
    pub(super) note_files: Vec<NoteFile>,
    pub(super) saved: Vec<ListedAnswer>,
    pub(super) open_pages: Vec<OpenPage>,
    pub(super) letters: Vec<Incoming>,
    /// The labels of the ticket.
    pub(super) has: BTreeSet<LabelId>,
}

impl DeskView {
    /// The largest number of letters listed whose sender could not be confirmed.
    pub const MOST_LETTERS: u32 = 20;

    pub(super) fn of(ticket: &Ticket, rows: DeskRows, customer: CustomerCard, situation: &Situation, viewer: Viewer<'_>) -> Self {
        let DeskRows { notes, note_files, mut saved, open_pages, mut letters, has } = rows;
        let most = usize::try_from(Self::MOST_LETTERS).unwrap_or(usize::MAX);
        let has_more_letters = letters.len() > most;
        letters.truncate(most);
        let Situation { staff, categories, .. } = situation;
        let language = viewer.user().language.clone().unwrap_or_else(Language::english);
        saved.retain(|answer| answer.fits(ticket.category.as_ref()));
        sort(&mut saved, &language);
        Self {
            assignee: staff.assignee(ticket).map(|supporter| supporter.user.clone()),
            supporters: staff.users().map(|user| user.id.clone()).collect(),
            categories: categories.in_order(&language),
            labels: situation.labels().to_vec(),
            has,
            notes,
            note_files,
            letters,
            has_more_letters,
            customer,
            colleagues: colleagues(open_pages, staff, &viewer.user().id),
            saved,
        }
    }
}
