//! Opening a ticket (R-22 to R-26, D-15).

use crate::access::{Action, SiteAction, allows_on_site};
use crate::category::Category;
use crate::draft::{AfterAnswer, CheckedMessage, NewTicket, check_attachments, letters, post};
use crate::error::{Error, Problems};
use crate::id::{CategoryId, MessageNumber, TicketNumber};
use crate::language::Language;
use crate::notification::Notification;
use crate::opening::may_open;
use crate::portal::{Portal, own_ticket};
use crate::problem::{Field, Problem};
use crate::record::record_new;
use crate::refusal::Refusal;
use crate::routing;
use crate::saved_answer::Actions;
use crate::settings::Settings;
use crate::situation::Situation;
use crate::storage::{Order, OverviewQuery, Reach, SortKey, StateFilter, Unit, View};
use crate::supporter::Staff;
use crate::ticket::{Body, Priority, Role, State, Subject, Ticket, UnnumberedTicket};
use crate::user::User;
use crate::viewer::{Side, Viewer};

/// The data for the form for a new ticket.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Opening {
    /// The categories to choose from. If empty, the form does not ask for one.
    ///
    /// They are in the order of the host or of an administrator (D-17), otherwise sorted by name, in the visitor's language
    /// if the host knows it, otherwise in English.
    pub categories: Vec<Category>,
    /// Whether they are sorted by name. If so, a page in another language [sorts](crate::category::sort_by_name) them again.
    pub categories_by_name: bool,
    /// Whether the form asks for a priority (T-05).
    pub asks_priority: bool,
    /// The closed ticket that the new one continues.
    pub follows: Option<Ticket>,
    /// Maximum size of an image in bytes; `None` applies the limit of all files.
    pub image_limit: Option<u64>,
}

/// How the text of a new ticket came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// With a form, or with a call of the host.
    Form,
    /// With a letter.
    #[cfg(feature = "mailroom")]
    Letter,
}

impl Portal {
    /// Checks whether the visitor may open a ticket now, and returns the data for the form.
    ///
    /// # Errors
    /// [`Error::Denied`] below level *Add* (R-22) and for supporters unless the settings allow it (D-05);
    /// [`Refusal::SupportOff`] without a present supporter; [`Error::NotFound`] if `follows` is not a closed ticket
    /// of the visitor; [`Error::Unavailable`].
    pub async fn opening(&self, follows: Option<TicketNumber>) -> Result<Opening, Error> {
        let situation = self.situation().await?;
        may_open(&self.user, &situation.settings, &situation.staff)?;
        let follows = match follows {
            None => None,
            Some(number) => {
                let user = self.user.clone();
                let storage = &self.parts.storage;
                let ticket = storage.run_read(move |unit| closed_ticket(unit, &user, number)).await?;
                Some(Side::Customer.view(ticket))
            }
        };
        Ok(Opening {
            categories: situation.categories.in_order(self.user.language.as_ref().unwrap_or(&Language::english())),
            categories_by_name: !situation.categories.are_arranged(),
            asks_priority: situation.settings.customers_prioritize,
            follows,
            image_limit: situation.settings.image_limit,
        })
    }

    /// Opens a ticket, which then waits for a supporter. The supporters that the routing selects are mailed, and the customer gets
    /// a receipt, unless the settings say otherwise (D-15). The same form sent twice opens one ticket (P-25).
    ///
    /// # Errors
    /// As [`opening`](Self::opening); [`Error::Invalid`] with all problems of the form; [`Refusal::FormUsed`] if the form's
    /// nonce was used before with other content; [`Refusal::SameAgain`].
    pub async fn open(&self, new: NewTicket) -> Result<Ticket, Error> {
        self.open_by(Way::Form, new).await
    }

    /// Opens a ticket with a letter. The mailroom sends the receipt, because it counts its letters to each sender (M-05).
    ///
    /// # Errors
    /// As [`open`](Self::open).
    #[cfg(feature = "mailroom")]
    pub(crate) async fn open_by_letter(&self, new: NewTicket) -> Result<Ticket, Error> {
        self.open_by(Way::Letter, new).await
    }

    async fn open_by(&self, way: Way, new: NewTicket) -> Result<Ticket, Error> {
        allows_on_site(Viewer::customer(&self.user), SiteAction::Open).obey()?;
        let ticket = match self.open_as_presumed(way, &new).await? {
            Some(ticket) => ticket,
            None => self.open_with_current_settings(way, &new).await?,
        };
        self.parts.ring();
        Ok(ticket)
    }

    /// Opens the ticket with the settings, supporters and categories of an earlier request, if the unit finds that they are
    /// still current. This saves the unit that would read them first. `None` if that is not possible; nothing is stored then.
    async fn open_as_presumed(&self, way: Way, new: &NewTicket) -> Result<Option<Ticket>, Error> {
        let Some(cached) = self.parts.cached().filter(|_| self.situation.is_none()) else { return Ok(None) };
        let situation = Situation::of(&self.parts, cached, &self.user, []).await?;
        let Ok((message, ticket)) = self.check(&situation, new) else { return Ok(None) };
        let (user, recheck) = (self.user.clone(), situation.recheck());
        let work = move |unit: &mut dyn Unit| match recheck.if_current(unit)? {
            Some((settings, staff)) => store(unit, &user, (&message, &ticket, way), (&settings, &staff)).map(Some),
            None => Ok(None),
        };
        self.parts.storage.run_write(work).await
    }

    async fn open_with_current_settings(&self, way: Way, new: &NewTicket) -> Result<Ticket, Error> {
        let situation = self.situation().await?;
        let (message, ticket) = match self.check(&situation, new) {
            Ok(form) => form,
            // Check access first: users who may not open a ticket must not be asked to correct their text.
            Err(invalid) => {
                may_open(&self.user, &situation.settings, &situation.staff)?;
                return Err(invalid);
            }
        };
        let (user, recheck) = (self.user.clone(), situation.recheck());
        let work = move |unit: &mut dyn Unit| {
            let (settings, staff) = recheck.settings_and_staff(unit)?;
            store(unit, &user, (&message, &ticket, way), (&settings, &staff))
        };
        self.parts.storage.run_write(work).await
    }

    /// Checks all fields in the order of the form, which is the order of the problems on the page.
    fn check(&self, situation: &Situation, new: &NewTicket) -> Result<(CheckedMessage, UnnumberedTicket), Error> {
        let parts = &self.parts;
        let mut problems = Problems::default();
        let subject = problems.check(Field::Subject, Subject::parse(&new.subject));
        let category = problems.check(Field::Category, check_category(situation, new.category.clone()));
        let priority = problems.check(Field::Priority, check_priority(&situation.settings, &new.priority));
        let body = problems.check(Field::Body, Body::parse(&new.body));
        check_attachments(&mut problems, &new.attachments, new.refused.clone(), &parts.limits);
        let (Some(subject), Some(body), Some(category), Some(priority)) = (subject, body, category, priority) else {
            return Err(problems.into_error());
        };
        problems.none()?;

        let message = CheckedMessage {
            author: self.user.id.clone(),
            body,
            uploads: new.attachments.clone(),
            nonce: new.nonce.map(|nonce| nonce.of(&self.user.id)),
            repeated: new.repeated,
            then: AfterAnswer::KeepOpen,
            seen: None,
            saved: Vec::new(),
            actions: Actions::default(),
            now: self.parts.now(),
            ids: parts.ids.clone(),
        };
        let ticket = UnnumberedTicket {
            customer: self.user.id.clone(),
            subject,
            category,
            priority,
            follows: new.follows,
            opened_at: message.now,
        };
        Ok((message, ticket))
    }
}

/// Stores the ticket, the letters to the supporters that the routing selects, and the receipt.
fn store(
    unit: &mut dyn Unit,
    user: &User,
    (message, ticket, way): (&CheckedMessage, &UnnumberedTicket, Way),
    (settings, staff): (&Settings, &Staff),
) -> Result<Ticket, Error> {
    if let Some(sent) = message.sent_before(unit, None)? {
        let sent = unit.tickets().find(sent.ticket)?.ok_or(Error::NotFound)?;
        // A supporter may have changed the priority meanwhile.
        let same = sent.subject == ticket.subject && sent.category == ticket.category;
        return if same { Ok(sent) } else { Err(Refusal::FormUsed.into()) };
    }
    may_open(user, settings, staff)?;
    if let Some(number) = ticket.follows {
        closed_ticket(unit, user, number)?;
    }
    says_something_new(unit, message, ticket)?;
    // The setting may have been switched off since the form was checked.
    let priority = if settings.customers_prioritize { ticket.priority } else { Priority::default() };
    let ticket = record_new(unit, &UnnumberedTicket { priority, ..ticket.clone() })?;
    let first = message.store(unit, ticket.number, MessageNumber::FIRST, Role::Customer)?;
    let recipients = routing::supporters_for(staff, settings, &ticket, &message.author);
    let receives = Some(&ticket.customer).filter(|_| settings.receipts && way == Way::Form);
    let notices = letters(&*message.ids, Notification::TicketOpened, &first, recipients);
    let receipts = letters(&*message.ids, Notification::TicketReceived, &first, receives);
    post(unit, notices.chain(receipts).collect())?;
    Ok(ticket)
}

/// Refuses a ticket that repeats the customer's newest ticket, if that is open.
fn says_something_new(unit: &mut dyn Unit, message: &CheckedMessage, ticket: &UnnumberedTicket) -> Result<(), Error> {
    if !message.may_be_repeated() {
        return Ok(());
    }
    let view = View::of(Reach::Own(ticket.customer.clone()));
    let view = View { state: StateFilter::Open, ..view };
    let newest = OverviewQuery { view, sort: SortKey::Number, order: Order::Descending, after: None, limit: 1 };
    let newest = unit.overviews().list(&newest)?.into_iter().next();
    match newest.filter(|newest| newest.subject == ticket.subject && newest.category == ticket.category) {
        Some(newest) => message.differs_from(unit, newest.number, MessageNumber::FIRST),
        None => Ok(()),
    }
}

/// The closed ticket that a new one continues.
fn closed_ticket(unit: &mut dyn Unit, user: &User, number: TicketNumber) -> Result<Ticket, Error> {
    let ticket = own_ticket(unit, user, number, Action::Read)?;
    if ticket.state == State::Closed { Ok(ticket) } else { Err(Error::NotFound) }
}

/// A category is required if categories are active. Otherwise the form's value is ignored.
fn check_category(situation: &Situation, chosen: Option<CategoryId>) -> Result<Option<CategoryId>, Problem> {
    if situation.categories.active().is_empty() {
        return Ok(None);
    }
    match chosen {
        None => Err(Problem::Empty),
        Some(id) if situation.categories.is_active(&id) => Ok(Some(id)),
        Some(_) => Err(Problem::Unknown),
    }
}

/// The priority that the customer chose. If the settings do not let them, the form's value is ignored (T-05).
fn check_priority(settings: &Settings, chosen: &str) -> Result<Priority, Problem> {
    if chosen.is_empty() || !settings.customers_prioritize {
        return Ok(Priority::default());
    }
    chosen.parse().map_err(|_| Problem::Unknown)
}
