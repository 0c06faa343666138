//! Defects of lists and counts.

use std::cmp::Reverse;

use chrono::TimeDelta;
use muticket_core::id::{CategoryId, TicketNumber, UserId};
use muticket_core::search::Search;
use muticket_core::storage::{
    Among, Counts, Cursor, Order, OverviewQuery, Overviews, Scope, SortKey, StateFilter, StorageError, WaitingQuery,
};
use muticket_core::ticket::Ticket;

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
        let mut tickets = self.unit.overviews().list(&OverviewQuery { search: None, ..query.clone() })?;
        let words = query.search.iter().flat_map(Search::words);
        let searches: Vec<_> = words.filter_map(|word| Search::parse(word.spellings().first()?)).collect();
        tickets.retain(|ticket| query.search.is_none() || searches.iter().any(|search| search.finds(ticket)));
        Ok(tickets)
    }

    fn count_all(
        &mut self,
        scope: &Scope,
        category: Option<&CategoryId>,
        search: Option<&Search>,
        state: StateFilter,
    ) -> Result<u32, StorageError> {
        let tickets = self.unit.overviews().list(&OverviewQuery {
            scope: scope.clone(),
            state,
            waiting: None,
            category: category.cloned(),
            search: search.cloned(),
            sort: SortKey::Number,
            order: Order::Ascending,
            after: None,
            limit: u32::MAX,
        })?;
        Ok(u32::try_from(tickets.len()).unwrap_or(u32::MAX))
    }
}

fn looks_for_something(search: &Search) -> bool {
    !search.words().is_empty() || search.number().is_some()
}

impl Overviews for Twisted<'_> {
    fn list(&mut self, query: &OverviewQuery) -> Result<Vec<Ticket>, StorageError> {
        let mut twisted = query.clone();
        match self.store.defect {
            Defect::PagesByOffset => return self.page_by_offset(query),
            Defect::LooksTheCursorUp => {
                let number = query.after.map(|cursor| cursor.number);
                let stored = number.map(|number| self.unit.tickets().find(number)).transpose()?.flatten();
                twisted.after = stored.as_ref().map(Cursor::after).or(query.after);
            }
            Defect::FoldsCategoriesInLists => {
                twisted.category = query.category.as_ref().map(|id| CategoryId::new(id.as_str().to_lowercase()));
            }
            Defect::IgnoresCategories => twisted.category = None,
            Defect::IgnoresCustomers => twisted.scope = Scope::All,
            Defect::IgnoresStates => twisted.state = StateFilter::All,
            Defect::IgnoresWaiting => twisted.waiting = None,
            Defect::IgnoresTheSort => twisted.sort = SortKey::Number,
            Defect::IgnoresTheLimit => twisted.limit = u32::MAX,
            Defect::IgnoresTheSearch => twisted.search = None,
            Defect::FindsInPages => twisted.search = None,
            Defect::FoldsFurther => {
                let plain = |search: &Search| Search::parse(&search.as_str().replace('が', "か"));
                twisted.search = query.search.as_ref().and_then(plain);
            }
            Defect::KnowsOneSpelling => {
                let first = |search: &Search| {
                    let words = search.words().iter().filter_map(|word| word.spellings().first());
                    Search::parse(&words.cloned().collect::<Vec<_>>().join(" "))
                };
                twisted.search = query.search.as_ref().and_then(first);
            }
            Defect::FindsAllWithoutWords => twisted.search = query.search.clone().filter(looks_for_something),
            Defect::FindsAnyWord => return self.find_any_word(query),
            Defect::IgnoresOrder => twisted.order = Order::Descending,
            _ => {}
        }
        let mut tickets = self.unit.overviews().list(&twisted)?;
        if self.has(Defect::FindsInPages) {
            tickets.retain(|ticket| query.search.as_ref().is_none_or(|search| search.finds(ticket)));
        }
        if self.has(Defect::FindsSomeOfMany) && query.search.is_some() {
            tickets.truncate(50);
        }
        if self.has(Defect::LeavesTiesInAnyOrder) && query.sort == SortKey::Activity {
            match query.order {
                Order::Ascending => tickets.sort_by_key(|ticket| (ticket.last_activity_at, Reverse(ticket.number))),
                Order::Descending => tickets.sort_by_key(|ticket| (Reverse(ticket.last_activity_at), ticket.number)),
            }
        }
        if self.has(Defect::OrdersBySecond) {
            tickets.sort_by_key(|ticket| Reverse((ticket.last_activity_at.timestamp(), ticket.number)));
        }
        Ok(tickets)
    }

    fn count(&mut self, scope: &Scope, category: Option<&CategoryId>, search: Option<&Search>) -> Result<Counts, StorageError> {
        let search = search.filter(|_| !self.has(Defect::CountsWithoutTheSearch));
        let search = search.filter(|search| !self.has(Defect::CountsAllWithoutWords) || looks_for_something(search));
        let counts = self.unit.overviews().count(scope, category, search)?;
        Ok(match self.store.defect {
            Defect::CountsWrong => Counts { open: counts.closed, closed: counts.open },
            Defect::CountsBeyondMany => Counts {
                open: self.count_all(scope, category, search, StateFilter::Open)?,
                closed: self.count_all(scope, category, search, StateFilter::Closed)?,
            },
            _ => counts,
        })
    }

    fn next_waiting(&mut self, query: &WaitingQuery) -> Result<Option<TicketNumber>, StorageError> {
        let mut asked = query.clone();
        match (self.store.defect, &query.categories) {
            (Defect::LeadsToOnesOwnTicket, _) => asked.except = UserId::new("nobody"),
            // A cursor a microsecond before the ticket does not exclude it.
            (Defect::LeadsToTheSameTicket, _) => {
                asked.after = query.after.map(|after| Cursor { activity: after.activity - TimeDelta::microseconds(1), ..after });
            }
            (Defect::LeadsBack, _) => asked.after = None,
            (Defect::LeadsToAnyCategory, _) => asked.categories = Among::All,
            (Defect::LeavesOutWhatHasNoCategory, Among::Outside(_)) => {
                let found = self.unit.overviews().next_waiting(query)?;
                let ticket = found.map(|number| self.unit.tickets().find(number)).transpose()?.flatten();
                return Ok(found.filter(|_| ticket.is_some_and(|ticket| ticket.category.is_some())));
            }
            _ => {}
        }
        let mut next = self.unit.overviews().next_waiting(&asked)?;
        while let (Defect::LeadsToTheNewest, Some(number)) = (self.store.defect, next) {
            let ticket = self.unit.tickets().find(number)?;
            asked.after = ticket.as_ref().map(Cursor::after);
            let Some(later) = self.unit.overviews().next_waiting(&asked)? else { break };
            next = Some(later);
        }
        Ok(next)
    }
}
