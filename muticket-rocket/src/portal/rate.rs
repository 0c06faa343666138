//! Rating an answer (R-29, D-06).

use muticket_core::rating::Score;
use muticket_core::{Error, Field, FieldError, MessageNumber, Problem};
use rocket::post;

use crate::error::Failure;
use crate::form::{Fields, Form, Protected};
use crate::guards::Doors;
use crate::list::List;
use crate::notice::Notice;
use crate::page::Done;
use crate::query::named;

/// The stars under an answer.
pub(crate) struct RateForm {
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
#[post("/tickets/<number>/messages/<message>/rating", data = "<form>")]
pub(crate) async fn rate(doors: Doors<'_>, number: &str, message: &str, form: Protected<RateForm>) -> Result<Done, Failure> {
    let (number, message) = (named(number)?, named(message)?);
    let no_stars = || Error::Invalid(vec![FieldError { field: Field::Stars, problem: Problem::Unknown }]);
    let RateForm { score, from, list } = form.form;
    let score = match score {
        Some(score) => score,
        // A visitor who may not see the ticket must not learn that their number of stars was invalid.
        None => {
            doors.portal.show(number, None).await?;
            return Err(no_stars().into());
        }
    };
    doors.portal.rate(number, message, score).await?;
    Ok(Done { to: list.on(doors.site.links.stars(number, message, from)), notice: Notice::Rated })
}
