//! Rating an answer (R-29, D-06).

use muticket_core::MessageNumber;
use muticket_core::rating::Score;

use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, Fields, Form};
use crate::list::List;
use crate::query::named;
use crate::request::RequestBody;
use crate::response::Response;

/// The stars under an answer.
struct RateForm {
    score: Option<Score>,
    /// The first message of the page; `None` if it was the newest page.
    from: Option<MessageNumber>,
    list: List,
}

impl Form for RateForm {
    fn read(fields: &Fields) -> Self {
        Self { score: fields.parsed("stars"), from: fields.parsed("from"), list: fields.parsed("list").unwrap_or_default() }
    }
}

/// Stores the rating and redirects back to it.
pub(crate) async fn rate(context: &Context<'_>, number: &str, message: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let portal = &context.doors().await?.portal;
    let RateForm { score, from, list } = form::read(context, body).await?.form;
    let (number, message) = (named(number)?, named(message)?);
    portal.rate(number, message, score).await?;
    Ok(context.done(&list.on(context.links().stars(number, message, from)), Flash::Rated))
}
