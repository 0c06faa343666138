//! Which other supporters have a ticket open (T-14). The page reports itself every ten seconds while it is visible.

use muticket_core::names::{NameStyle, Names};
use muticket_core::open_page::Colleague;
use serde::Serialize;

use crate::context::Context;
use crate::error::Failure;
use crate::form::{self, Fields, Form};
use crate::page::person;
use crate::query::named;
use crate::request::RequestBody;
use crate::response::Response;

/// The report of an open page.
struct PresenceForm {
    /// Whether the supporter has typed in the last seconds.
    writes: bool,
}

impl Form for PresenceForm {
    fn read(fields: &Fields) -> Self {
        Self { writes: fields.text("writing") == "yes" }
    }
}

/// The part of the page that names the colleagues.
#[derive(Debug, Serialize)]
struct PresencePart {
    colleagues: Vec<ColleagueModel>,
}

/// Another supporter who has the ticket open.
#[derive(Debug, Serialize)]
pub(crate) struct ColleagueModel {
    name: Option<String>,
    writes: bool,
}

impl ColleagueModel {
    pub(crate) fn all(colleagues: &[Colleague]) -> Vec<Self> {
        let names = Names::of(colleagues.iter().map(|colleague| &colleague.user), NameStyle::Supporter);
        let model = |colleague: &Colleague| Self { name: person(&names, &colleague.user.id), writes: colleague.writes };
        colleagues.iter().map(model).collect()
    }
}

/// Stores the report. Answers with the part of the page that names the colleagues.
pub(crate) async fn report(context: &Context<'_>, number: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let PresenceForm { writes } = form::read(context, body).await?.form;
    let colleagues = context.desk().await?.report_open(named(number)?, writes).await?;
    context.part("desk/presence", PresencePart { colleagues: ColleagueModel::all(&colleagues) })
}
