//! From a request to its response: the one table of routes, and what holds for all of them.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, StatusCode};
use muticket_core::Error;
use muticket_core::history::Property;

use crate::address::{Address, segments};
use crate::backend::open_tickets::CountedBy;
use crate::context::{Context, CurrentVisitor};
use crate::error::Failure;
use crate::error_page::last_resort;
use crate::host::RequestHost;
use crate::report;
use crate::request::{Head, Request, RequestBody};
use crate::response::Response;
use crate::shared::Shared;
use crate::{backend, desk, frontend, mail_door, portal};

/// The module after its launch. Clones are cheap and share everything.
#[derive(Clone)]
pub struct Instance(Arc<Shared>);

impl Instance {
    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// Answers any request. It never fails: a panic inside becomes an error page.
    ///
    /// The request must be one below the module's base. At the root of a site, the adapter decides which requests those are; see
    /// [`Endpoint`](crate::Endpoint).
    pub async fn respond(&self, request: Request<'_>, host: &dyn RequestHost) -> Response {
        let context = Context::new(&self.0, request.head, host);
        let answered = AssertUnwindSafe(answer(&context, request.body)).catch_unwind().await;
        let response = answered.unwrap_or_else(|_| {
            tracing::error!("MuTicket panicked while it answered a request; the visitor sees an error page");
            failed_after_panic(&context, Failure::status(StatusCode::INTERNAL_SERVER_ERROR))
        });
        protected(&self.0, response)
    }

    /// Answers a request below the base that [`respond`](Self::respond) did not get, because the framework could not parse it or because
    /// something else failed. `status` says what.
    pub async fn respond_error(&self, status: StatusCode, head: Head<'_>, host: &dyn RequestHost) -> Response {
        let context = Context::new(&self.0, head, host);
        let answered = AssertUnwindSafe(failure_at_no_page(&context, status)).catch_unwind().await;
        let failure = answered.unwrap_or_else(|_| Failure::status(StatusCode::INTERNAL_SERVER_ERROR));
        protected(&self.0, failed_after_panic(&context, failure))
    }
}

/// The error page, even if the host's layout panics.
fn failed_after_panic(context: &Context<'_>, failure: Failure) -> Response {
    let (status, _) = failure.describe();
    let page = std::panic::catch_unwind(AssertUnwindSafe(|| context.failed(failure, None)));
    page.unwrap_or_else(|_| last_resort(status))
}

/// The response of the page at the address of the request.
async fn answer(context: &Context<'_>, body: RequestBody<'_>) -> Response {
    let (path, base) = (segments(context.head.path), segments(&context.shared.base));
    let below: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
    let address = below.strip_prefix(&base.iter().map(AsRef::as_ref).collect::<Vec<_>>()[..]).and_then(Address::read);
    match address {
        Some(address) if address.answers(context.head.method) => match route(context, address, body).await {
            Ok(response) => response,
            Err(failure) => context.failed(failure, Some(address)),
        },
        _ => no_page(context, address).await,
    }
}

/// The table of routes: what answers at each address. An address without POST is never called with it, and the other way round.
pub(crate) async fn route(context: &Context<'_>, address: Address<'_>, body: RequestBody<'_>) -> Result<Response, Failure> {
    let posted = *context.head.method == Method::POST;
    match address {
        Address::Home => frontend::home::home(context).await,
        Address::Tickets if posted => portal::open::open(context, body).await,
        Address::Tickets => frontend::overview::overview(context).await,
        Address::NewTicket if posted => portal::open::follow_up(context, body).await,
        Address::NewTicket => portal::open::form(context).await,
        Address::Actions => desk::several::several(context, body).await,
        Address::News => desk::news::news(context).await,
        Address::NextTicket => desk::next::next(context).await,
        Address::Ticket(number) => frontend::show::show(context, number).await,
        Address::Messages(number) => frontend::write::write(context, number, body).await,
        Address::Seen(number) => frontend::mark::mark(context, number, body).await,
        Address::Close(number) => desk::close::close(context, number, body).await,
        Address::Reopen(number) => desk::reopen::reopen(context, number, body).await,
        Address::Assignee(number) => desk::set::set(context, number, Property::Assignee, body).await,
        Address::Priority(number) => desk::set::set(context, number, Property::Priority, body).await,
        Address::TicketCategory(number) => desk::set::set(context, number, Property::Category, body).await,
        Address::Presence(number) => desk::presence::report(context, number, body).await,
        Address::TicketLabels(number) => desk::set::set(context, number, Property::Labels, body).await,
        Address::InsertSaved(number) => desk::insert::insert(context, number, body).await,
        Address::Notes(number) => desk::note::write(context, number, body).await,
        Address::Note(number, note) if posted => desk::note::edit(context, number, note, body).await,
        Address::Note(number, note) => desk::note::show(context, number, note).await,
        Address::RemoveNote(number, note) => desk::note::remove(context, number, note, body).await,
        Address::Letter(number, id) => frontend::letter::of_ticket(context, number, id).await,
        Address::LetterText(number, id) => frontend::letter::text_of_ticket(context, number, id).await,
        Address::NoteFile(number, note, id) => frontend::download::note_file(context, number, note, id).await,
        Address::SmallNotePicture(number, note, id) => frontend::picture::small_of_note(context, number, note, id).await,
        Address::LargeNotePicture(number, note, id) => frontend::picture::large_of_note(context, number, note, id).await,
        Address::Message(number, message) => frontend::message::message(context, number, message).await,
        Address::Rating(number, message) => portal::rate::rate(context, number, message, body).await,
        Address::Attachment(id, _) | Address::AttachmentByName(id, _) => frontend::download::attachment(context, id).await,
        Address::Thumbnail(id) | Address::SmallPicture(id) => frontend::picture::small(context, id).await,
        Address::LargePicture(id) => frontend::picture::large(context, id).await,
        Address::Asset(file) => frontend::asset::asset(context, file),
        Address::MailDoor => Ok(mail_door::take(context, body).await),
        Address::SavedAnswers if posted => desk::saved::add(context, body).await,
        Address::SavedAnswers => desk::saved::list(context).await,
        Address::NewSavedAnswer => desk::saved::new(context).await,
        Address::SavedAnswer(id) if posted => desk::saved::edit(context, id, body).await,
        Address::SavedAnswer(id) => desk::saved::show(context, id).await,
        Address::DeleteSavedAnswer(id) if posted => desk::saved::delete(context, id, body).await,
        Address::DeleteSavedAnswer(id) => desk::saved::ask(context, id).await,
        Address::Views if posted => desk::views::save(context, body).await,
        Address::Views => desk::views::list(context).await,
        Address::FirstView => desk::views::open_first(context, body).await,
        Address::View(id) => desk::views::rename(context, id, body).await,
        Address::ViewFilter(id) => desk::views::replace(context, id, body).await,
        Address::ShareView(id) => desk::views::share(context, id, body).await,
        Address::UnshareView(id) => desk::views::unshare(context, id, body).await,
        Address::RemoveView(id) if posted => desk::views::remove(context, id, body).await,
        Address::RemoveView(id) => desk::views::ask(context, id).await,
        Address::Backend => backend::home::home(context).await,
        Address::Supporters if posted => backend::supporters::create(context, body).await,
        Address::Supporters => backend::supporters::list(context).await,
        Address::NewSupporter => backend::supporters::new(context).await,
        Address::Supporter(id) if posted => backend::supporter::update(context, id, body).await,
        Address::Supporter(id) => backend::statistics::show(context, id).await,
        Address::EditSupporter(id) => backend::supporter::edit(context, id).await,
        Address::RemoveSupporter(id) => backend::supporter::remove(context, id, body).await,
        Address::SupporterAnswers(id) => backend::answers::list(context, id).await,
        Address::AnswersTable(id) => backend::csv::answers(context, id).await,
        Address::DistributionTable(id) => backend::csv::distribution(context, id).await,
        Address::FirstAnswersTable(id) => backend::csv::first_answers(context, id).await,
        Address::MonthsTable(id) => backend::csv::months(context, id).await,
        Address::Statistics => backend::open_tickets::show(context).await,
        Address::AssigneesTable => backend::csv::open_tickets(context, CountedBy::Assignee).await,
        Address::LabelsTable => backend::csv::open_tickets(context, CountedBy::Label).await,
        Address::PrioritiesTable => backend::csv::open_tickets(context, CountedBy::Priority).await,
        Address::Settings if posted => backend::settings::update(context, body).await,
        Address::Settings => backend::settings::show(context).await,
        Address::Categories if posted => backend::categories::add(context, body).await,
        Address::Categories => backend::categories::list(context).await,
        Address::Category(id) => backend::categories::rename(context, id, body).await,
        Address::RemoveCategory(id) => backend::categories::remove(context, id, body).await,
        Address::CategoryUp(id) => backend::categories::up(context, id, body).await,
        Address::CategoryDown(id) => backend::categories::down(context, id, body).await,
        Address::CategoryOrder => backend::categories::sort(context, body).await,
        Address::Labels if posted => backend::labels::add(context, body).await,
        Address::Labels => backend::labels::list(context).await,
        Address::Label(id) => backend::labels::edit(context, id, body).await,
        Address::RemoveLabel(id) if posted => backend::labels::remove(context, id, body).await,
        Address::RemoveLabel(id) => backend::labels::ask(context, id).await,
        Address::SharedAnswers if posted => backend::saved::add(context, body).await,
        Address::SharedAnswers => backend::saved::list(context).await,
        Address::NewSharedAnswer => backend::saved::new(context).await,
        Address::SharedAnswer(id) if posted => backend::saved::edit(context, id, body).await,
        Address::SharedAnswer(id) => backend::saved::show(context, id).await,
        Address::DeleteSharedAnswer(id) if posted => backend::saved::delete(context, id, body).await,
        Address::DeleteSharedAnswer(id) => backend::saved::ask(context, id).await,
        Address::AllTickets => backend::delete::list(context).await,
        Address::DeleteTicket(number) if posted => backend::delete::delete(context, number, body).await,
        Address::DeleteTicket(number) => backend::delete::ask(context, number).await,
        Address::Mail => backend::mail::list(context).await,
        Address::Senders => backend::senders::list(context).await,
        Address::ForgetSender => backend::senders::forget(context, body).await,
        Address::ReceivedMail => backend::received::list(context).await,
        Address::RetryLetter(id) => backend::mail::retry(context, id, body).await,
        Address::ReleaseLetters => backend::mail::release(context, body).await,
        Address::DiscardLetters => backend::mail::discard(context, body).await,
        Address::ResumeLetters => backend::came_back::resume(context, body).await,
        Address::IncomingOriginal(id) => backend::incoming::original(context, id).await,
        Address::TakeIncoming(id) => backend::incoming::take(context, id, body).await,
        Address::RepeatIncoming(id) => backend::incoming::again(context, id, body).await,
        Address::DiscardIncoming(id) => backend::incoming::discard(context, id, body).await,
    }
}

/// The response where no page is: 405 if the address exists, otherwise 404.
async fn no_page(context: &Context<'_>, address: Option<Address<'_>>) -> Response {
    let status = if address.is_some() { StatusCode::METHOD_NOT_ALLOWED } else { StatusCode::NOT_FOUND };
    let path = report::part_of_a_line(context.head.path, report::ADDRESS);
    tracing::info!(method = %context.head.method, %path, status = status.as_u16(), "MuTicket has no page for this request");
    let response = context.failed(failure_at_no_page(context, status).await, address);
    match address {
        Some(address) if response.status == StatusCode::METHOD_NOT_ALLOWED => response.with(ALLOW, &address.allowed()),
        _ => response,
    }
}

/// Why there is no page, as far as the visitor may know.
async fn failure_at_no_page(context: &Context<'_>, status: StatusCode) -> Failure {
    // A guest does not learn which pages exist.
    match context.visitor().await.map(CurrentVisitor::user) {
        Ok(None) if !status.is_server_error() => Error::SignIn.into(),
        // The host could not say whether the visitor is a guest.
        Err(error) if !status.is_server_error() => error.into(),
        _ => Failure::status(status),
    }
}

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// The response with the security headers of the module. Headers that the response already has stay.
fn protected(shared: &Shared, mut response: Response) -> Response {
    let is_html = response.is_html();
    let mut set = |name: HeaderName, value: HeaderValue| {
        if !response.headers.contains_key(&name) {
            response.defaults.insert(name, value);
        }
    };
    set(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    set(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    set(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if is_html {
        set(CONTENT_SECURITY_POLICY, shared.content_security_policy.clone());
        set(CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin"));
    }
    response
}

#[cfg(test)]
mod tests;
