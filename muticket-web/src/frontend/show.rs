//! Reading a ticket.

use http::StatusCode;
use muticket_core::conversation::MessagePage;
use muticket_core::desk::NextWaiting;

use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::frontend::conversation::{self, Draft};
use crate::list::List;
use crate::query::named;
use crate::report::with_causes;
use crate::response::Response;

/// A ticket with the newest page of its messages, or another part of them.
pub(crate) async fn show(context: &Context<'_>, number: &str) -> Result<Response, Failure> {
    let (visitor, query) = (context.signed_in().await?, context.query());
    let (doors, conversation) = context.shared.helpdesk.show(visitor, named(number)?, query.page()).await?;
    let doors = context.keep_doors(doors).await;
    let list = List::of(query);
    let next = match (&doors.desk, context.flash()) {
        // A supporter who has finished this ticket is offered the next one.
        (Some(desk), Some(Flash::Answered | Flash::AnsweredAndClosed | Flash::Closed)) => {
            let list = list.filter();
            desk.next_waiting(&list, Some(conversation.place_in(&list))).await?
        }
        _ => NextWaiting::Nothing,
    };
    if let Some(Err(error)) = conversation.desk.as_ref().map(|desk| &desk.customer.facts) {
        tracing::error!(cause = %with_causes(&***error), "MuTicket shows a ticket without the facts about its customer");
    }
    let draft =
        Draft { next_waits: next != NextWaiting::Nothing, list, folds: query.page() == MessagePage::Newest, ..Draft::default() };
    conversation::page(context, doors, StatusCode::OK, &conversation, draft)
}
