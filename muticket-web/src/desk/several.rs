//! Doing the same with several tickets of the list (T-11).

use http::StatusCode;
use muticket_core::desk::{Desk, NewValue, Outcomes, SelectedTicket, TicketAction};
use muticket_core::{CategoryId, Error, LabelId, MessageNumber, TicketNumber, UserId};
use serde::Serialize;

use crate::context::Context;
use crate::error::{ErrorPage, Failure, log_unavailable};
use crate::flash::Flash;
use crate::form::{self, Fields, Form};
use crate::form_errors::FormErrors;
use crate::list::List;
use crate::page::Template;
use crate::query::Query;
use crate::request::RequestBody;
use crate::response::Response;

/// The form around the list. `number` is each ticket that was ticked, and `newest` a ticket with its newest message, as the page showed it.
struct SeveralForm {
    /// `None` if one of the numbers cannot be read.
    tickets: Option<Vec<SelectedTicket>>,
    /// `None` if there is no such action.
    action: Option<(TicketAction, Flash)>,
    list: List,
}

impl Form for SeveralForm {
    fn read(fields: &Fields) -> Self {
        let newest: Vec<(TicketNumber, MessageNumber)> = fields.all("newest").filter_map(newest).collect();
        let selected = |text: &str| {
            let number = text.parse().ok()?;
            let seen = newest.iter().find(|(known, _)| *known == number).map(|(_, message)| *message);
            Some(SelectedTicket { number, seen })
        };
        Self {
            tickets: fields.all("number").map(selected).collect(),
            action: action(fields),
            list: fields.parsed("list").unwrap_or_default(),
        }
    }
}

/// A ticket and its newest message.
fn newest(text: &str) -> Option<(TicketNumber, MessageNumber)> {
    let (number, message) = text.split_once('-')?;
    Some((number.parse().ok()?, message.parse().ok()?))
}

/// The action, and the message about it. Its value is the field `value`, or on the page the field of the property.
fn action(fields: &Fields) -> Option<(TicketAction, Flash)> {
    let value = |property: &str| match fields.text("value") {
        "" => fields.text(property).to_owned(),
        value => value.to_owned(),
    };
    let some = |value: String| Some(value).filter(|value| !value.is_empty());
    let label = || value("label").parse::<LabelId>().ok();
    let set = |value, flash| Some((TicketAction::Set(value), flash));
    // Other forms have several actions. Here nobody could tell which one is meant.
    if fields.all("action").count() > 1 {
        return None;
    }
    match fields.text("action") {
        "assign" => set(NewValue::Assignee(some(value("assignee")).map(UserId::new)), Flash::SeveralAssigned),
        "priority" => set(NewValue::Priority(value("priority").parse().ok()?), Flash::SeveralPrioritized),
        "category" => set(NewValue::Category(some(value("category")).map(CategoryId::new)), Flash::SeveralCategorized),
        "label" => set(NewValue::AddLabels([label()?].into()), Flash::SeveralLabelled),
        "unlabel" => set(NewValue::RemoveLabel(label()?), Flash::SeveralUnlabelled),
        "close" => Some((TicketAction::Close, Flash::SeveralClosed)),
        "reopen" => Some((TicketAction::Reopen, Flash::SeveralReopened)),
        _ => None,
    }
}

/// What became of the tickets, if not all went well.
#[derive(Debug, Serialize)]
struct SeveralPage {
    /// The list, with the ticks of what was not done.
    back: String,
    list: List,
    /// The word of the message about the action.
    action: &'static str,
    /// The tickets with which it was done.
    done: Vec<i64>,
    not_done: Vec<NotDone>,
    problems: FormErrors,
}

/// A ticket with which it was not done.
#[derive(Debug, Serialize)]
struct NotDone {
    number: i64,
    link: String,
    /// Why: the word of an error page.
    reason: ErrorPage,
    /// Why, if the value does not suit this ticket. The page shows the first one instead of the reason.
    problems: FormErrors,
}

/// Does it with each ticket, and redirects back to the list. If something was not done, shows a page that names it.
pub(crate) async fn several(context: &Context<'_>, body: RequestBody<'_>) -> Result<Response, Failure> {
    context.doors().await?;
    let SeveralForm { tickets, action, list } = form::read(context, body).await?.form;
    let desk = context.desk().await?;
    let (Some(tickets), Some((action, flash))) = (tickets, action) else { return Err(Failure::bad_request()) };
    match desk.several(&tickets, &action).await {
        Ok(Outcomes { done, not_done, .. }) if not_done.is_empty() => {
            Ok(context.done(&with_numbers(list.back(context.links()), "done", &done), flash))
        }
        Ok(outcomes) => {
            let ticked: Vec<TicketNumber> = outcomes.not_done.iter().map(|(number, _)| *number).collect();
            let back = with_numbers(list.back(context.links()), "ticked", &ticked);
            page(context, StatusCode::CONFLICT, (list, back), flash, outcomes, FormErrors::default())
        }
        Err(error) => {
            let problems = FormErrors::of(error)?;
            let ticked: Vec<TicketNumber> = tickets.iter().map(|ticket| ticket.number).take(Desk::MOST_SEVERAL).collect();
            let back = with_numbers(list.back(context.links()), "ticked", &ticked);
            page(context, problems.status(), (list, back), flash, Outcomes::default(), problems)
        }
    }
}

/// The page that names what was not done. The list comes with the link back to it.
fn page(
    context: &Context<'_>,
    status: StatusCode,
    (list, back): (List, String),
    flash: Flash,
    outcomes: Outcomes,
    problems: FormErrors,
) -> Result<Response, Failure> {
    let not_done = |(number, error): (TicketNumber, Option<Error>)| {
        error.iter().for_each(log_unavailable);
        NotDone {
            number: number.get(),
            link: list.on(context.links().ticket(number)),
            reason: error.as_ref().map_or(ErrorPage::Unavailable, ErrorPage::of),
            problems: match &error {
                Some(Error::Invalid(errors)) => FormErrors::from_errors(errors),
                _ => FormErrors::default(),
            },
        }
    };
    let title = if outcomes.done.is_empty() { "several-none-done" } else { "several-not-done" };
    let model = SeveralPage {
        back,
        action: flash.as_str(),
        done: outcomes.done.iter().map(|number| number.get()).collect(),
        not_done: outcomes.not_done.into_iter().map(not_done).collect(),
        problems,
        list: list.clone(),
    };
    context.page(Template::new("desk/several", context.say(title)).with_status(status), model)
}

/// The address of the list, with tickets as the parameter `name`; without it if there are none.
fn with_numbers(list: String, name: &str, tickets: &[TicketNumber]) -> String {
    if tickets.is_empty() {
        return list;
    }
    let numbers: Vec<String> = tickets.iter().map(ToString::to_string).collect();
    let mark = if list.contains('?') { '&' } else { '?' };
    format!("{list}{mark}{name}={}", numbers.join("."))
}

/// The tickets that the message on the list is about; none if there is no such message.
pub(crate) fn done(context: &Context<'_>, query: Query<'_>) -> Vec<i64> {
    let is_about_several = context.flash().is_some_and(|flash| flash.as_str().starts_with("several-"));
    if is_about_several { numbers(query, "done") } else { Vec::new() }
}

/// The tickets that the list shows ticked: those of a page that named what was not done.
pub(crate) fn ticked(query: Query<'_>) -> Vec<i64> {
    numbers(query, "ticked")
}

/// The tickets of a parameter; none if it cannot be read.
fn numbers(query: Query<'_>, name: &str) -> Vec<i64> {
    let text = query.value(name).unwrap_or_default();
    let numbers: Option<Vec<TicketNumber>> = text.split('.').map(|number| number.parse().ok()).collect();
    let numbers = numbers.filter(|numbers| numbers.len() <= Desk::MOST_SEVERAL).unwrap_or_default();
    numbers.iter().map(|number| number.get()).collect()
}
