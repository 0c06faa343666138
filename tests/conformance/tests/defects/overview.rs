//! Defects of lists and counts.

use std::cmp::Reverse;

use chrono::TimeDelta;
use muticket_core::id::{CategoryId, UserId};
use muticket_core::search::Search;
use muticket_core::storage::{
    Among, Assigned, Cursor, Order, OverviewQuery, OverviewStore, Reach, SortKey, StateFilter, StorageError, View, WaitingFilter,
};
use muticket_core::ticket::{Priority, Ticket};

use crate::defect::Defect;
use crate::store::Twisted;

impl Twisted<'_> {
    fn page_by_offset(&mut self, query: &OverviewQuery) -> Result<Vec<Ticket>, StorageError> {
        let mut remains = self.store.remains();
        if query.after.is_none() {
            remains.served = 0;
        }
        let whole = self.unit.overviews().list(&OverviewQuery { after: None, limit: u32::MAX, ..query.clone() })?;
        let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
        let page: Vec<_> = whole.into_iter().skip(remains.served).take(limit).collect();
        remains.served += page.len();
        Ok(page)
    }

    /// Finds tickets that have any of the words, not all.
    fn find_any_word(&mut self, query: &OverviewQuery) -> Result<Vec<Ticket>, StorageError> {
        let view = View { search: None, ..query.view.clone() };
        let mut tickets = self.unit.overviews().list(&OverviewQuery { view, ..query.clone() })?;
        let words = query.view.search.iter().flat_map(Search::words);
        let searches: Vec<_> = words.filter_map(|word| Search::parse(word.spellings().first()?)).collect();
        tickets.retain(|ticket| query.view.search.is_none() || searches.iter().any(|search| search.finds(ticket)));
        Ok(tickets)
    }

    fn count_all(&mut self, view: &View) -> Result<u32, StorageError> {
        let query =
            OverviewQuery { view: view.clone(), sort: SortKey::Number, order: Order::Ascending, after: None, limit: u32::MAX };
        Ok(u32::try_from(self.unit.overviews().list(&query)?.len()).unwrap_or(u32::MAX))
    }
}

/// The view as a store sees it that shows a customer more than their own tickets in one case.
fn leaving_the_reach(defect: Defect, view: &View) -> View {
    let leaves = match defect {
        Defect::ReachesOthersInSearches => view.search.is_some(),
        Defect::ReachesOthersInQueues => view.waiting == WaitingFilter::ForSupporters,
        Defect::ReachesTheCustomerAskedFor => view.customer.is_some(),
        Defect::ReachesOthersOutsideCategories => matches!(view.categories, Among::Outside(_)),
        _ => false,
    };
    let reach = if leaves { Reach::All } else { view.reach.clone() };
    View { reach, ..view.clone() }
}

fn looks_for_something(search: &Search) -> bool {
    !search.words().is_empty() || search.number().is_some()
}

impl OverviewStore for Twisted<'_> {
    fn list(&mut self, query: &OverviewQuery) -> Result<Vec<Ticket>, StorageError> {
        let mut twisted = OverviewQuery { view: leaving_the_reach(self.store.defect, &query.view), ..query.clone() };
        // The list of what waits for supporters, from the longest waiting.
        let is_queue = query.view.waiting == WaitingFilter::ForSupporters && query.order == Order::Ascending;
        match self.store.defect {
            Defect::PagesByOffset => return self.page_by_offset(query),
            Defect::LooksTheCursorUp => {
                let number = query.after.map(|cursor| cursor.number);
                let stored = number.map(|number| self.unit.tickets().find(number)).transpose()?.flatten();
                twisted.after = stored.as_ref().map(Cursor::after).or(query.after);
            }
            Defect::FoldsCategoriesInLists => {
                if let Among::In(these) = &query.view.categories {
                    let folded = these.iter().map(|id| CategoryId::new(id.as_str().to_lowercase()));
                    twisted.view.categories = Among::In(folded.collect());
                }
            }
            Defect::IgnoresCategories => twisted.view.categories = Among::All,
            Defect::IgnoresCustomers => twisted.view.customer = None,
            Defect::IgnoresStates => twisted.view.state = StateFilter::All,
            Defect::IgnoresAssignees => twisted.view.assigned = Assigned::All,
            Defect::IgnoresFormerSupporters => {
                if let Assigned::ToNobodyBut(former) = &mut twisted.view.assigned {
                    former.clear();
                }
            }
            Defect::FoldsAssignees => {
                if let Assigned::To(user) = &mut twisted.view.assigned {
                    *user = UserId::new(user.as_str().to_lowercase());
                }
            }
            Defect::IgnoresPriorities => twisted.view.priority = None,
            Defect::IgnoresLabels => twisted.view.label = None,
            Defect::ForgetsPrioritiesInPlaces => {
                twisted.after = query.after.map(|after| Cursor { priority: after.priority.map(|_| Priority::Normal), ..after });
            }
            Defect::IgnoresWaiting => twisted.view.waiting = WaitingFilter::All,
            Defect::LeadsToOnesOwnTicket => twisted.view.except = None,
            // A cursor a microsecond before the ticket does not exclude it.
            Defect::LeadsToTheSameTicket if is_queue => {
                twisted.after =
                    query.after.map(|after| Cursor { activity: after.activity - TimeDelta::microseconds(1), ..after });
            }
            Defect::LeadsBack if is_queue => twisted.after = None,
            Defect::LeadsToAnyCategory if is_queue => twisted.view.categories = Among::All,
            Defect::LeadsToTheNewest if is_queue => twisted.limit = u32::MAX,
            Defect::IgnoresTheSort => twisted.sort = SortKey::Number,
            Defect::IgnoresTheLimit => twisted.limit = u32::MAX,
            Defect::IgnoresTheSearch => twisted.view.search = None,
            Defect::FindsInPages => twisted.view.search = None,
            Defect::FoldsFurther => {
                let plain = |search: &Search| Search::parse(&search.as_str().replace('が', "か"));
                twisted.view.search = query.view.search.as_ref().and_then(plain);
            }
            Defect::KnowsOneSpelling => {
                let first = |search: &Search| {
                    let words = search.words().iter().filter_map(|word| word.spellings().first());
                    Search::parse(&words.cloned().collect::<Vec<_>>().join(" "))
                };
                twisted.view.search = query.view.search.as_ref().and_then(first);
            }
            Defect::FindsAllWithoutWords => twisted.view.search = query.view.search.clone().filter(looks_for_something),
            Defect::FindsAnyWord => return self.find_any_word(query),
            Defect::IgnoresOrder => twisted.order = Order::Descending,
            _ => {}
        }
        let mut tickets = self.unit.overviews().list(&twisted)?;
        match (self.store.defect, &query.view.categories) {
            (Defect::LeadsToTheNewest, _) if is_queue => {
                tickets.reverse();
                tickets.truncate(usize::try_from(query.limit).unwrap_or(usize::MAX));
            }
            (Defect::LeavesOutWhatHasNoCategory, Among::Outside(_)) => tickets.retain(|ticket| ticket.category.is_some()),
            _ => {}
        }
        if self.has(Defect::FindsInPages) {
            tickets.retain(|ticket| query.view.search.as_ref().is_none_or(|search| search.finds(ticket)));
        }
        if self.has(Defect::FindsSomeOfManyLabelled) && query.view.label.is_some() {
            tickets.truncate(50);
        }
        if self.has(Defect::FindsSomeOfMany) && query.view.search.is_some() {
            tickets.truncate(50);
        }
        if self.has(Defect::LeavesTiesInAnyOrder) && query.sort == SortKey::Activity {
            match query.order {
                Order::Ascending => tickets.sort_by_key(|ticket| (ticket.last_activity_at, Reverse(ticket.number))),
                Order::Descending => tickets.sort_by_key(|ticket| (Reverse(ticket.last_activity_at), ticket.number)),
            }
        }
        if query.sort == SortKey::ToDo {
            match self.store.defect {
                Defect::SortsByPriorityAlone => tickets.sort_by_key(|ticket| (Reverse(ticket.priority), ticket.number)),
                Defect::PutsTheLeastUrgentFirst => tickets.sort_by_key(|ticket| ticket.priority),
                _ => {}
            }
        }
        if self.has(Defect::OrdersBySecond) {
            tickets.sort_by_key(|ticket| Reverse((ticket.last_activity_at.timestamp(), ticket.number)));
        }
        Ok(tickets)
    }

    fn count(&mut self, views: &[View]) -> Result<Vec<u32>, StorageError> {
        let mut views: Vec<_> = views.iter().map(|view| leaving_the_reach(self.store.defect, view)).collect();
        let first_label = views.iter().find_map(|view| view.label);
        for view in &mut views {
            if self.has(Defect::CountsByTheFirstLabel) {
                view.label = view.label.and(first_label);
            }
            let ignores = self.has(Defect::CountsWithoutTheSearch)
                || self.has(Defect::CountsAllWithoutWords)
                    && view.search.as_ref().is_some_and(|search| !looks_for_something(search));
            view.search = view.search.take().filter(|_| !ignores);
            if self.has(Defect::CountsWithoutAssignees) {
                view.assigned = Assigned::All;
            }
            if self.has(Defect::CountsWithoutTheLabel) {
                view.label = None;
            }
            if self.has(Defect::CountsOthers) {
                view.reach = Reach::All;
            }
        }
        if self.has(Defect::CountsBeyondMany) {
            return views.iter().map(|view| self.count_all(view)).collect();
        }
        let mut counts = self.unit.overviews().count(&views)?;
        if self.has(Defect::CountsWrong) {
            counts.reverse();
        }
        Ok(counts)
    }

    fn assignees(&mut self) -> Result<Vec<UserId>, StorageError> {
        let mut assignees = self.unit.overviews().assignees()?;
        if self.has(Defect::ListsAssigneesOfOpenTickets) {
            let open = View { state: StateFilter::Open, ..View::of(Reach::All) };
            let query =
                OverviewQuery { view: open, sort: SortKey::Number, order: Order::Ascending, after: None, limit: u32::MAX };
            let tickets = self.unit.overviews().list(&query)?;
            assignees = tickets.into_iter().filter_map(|ticket| ticket.assignee).collect();
        }
        if self.has(Defect::RemembersAssignees) {
            let mut remains = self.store.remains();
            remains.assignees.extend(assignees);
            assignees = remains.assignees.iter().cloned().collect();
        }
        Ok(assignees)
    }
}
