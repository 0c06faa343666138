//! The labels of the site (T-06).

use http::StatusCode;
use muticket_core::backend::{LabelEdit, LabelReport};
use muticket_core::label::{Label, LabelColour, sort_labels};
use muticket_core::storage::Counts;
use muticket_core::{Error, Field, FieldError, LabelId, Problem};
use serde::Serialize;

use crate::address::Address;
use crate::backend::admin::Admin;
use crate::backend::section::Section;
use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, Fields, Form, NoFields};
use crate::form_errors::FormErrors;
use crate::page::Template;
use crate::query::named;
use crate::request::RequestBody;
use crate::response::Response;

/// The model of the page.
#[derive(Debug, Serialize)]
struct LabelsPage {
    rows: Vec<LabelRow>,
    add: LabelFormModel,
    /// The words of the colours to choose from.
    colours: Vec<&'static str>,
}

/// A label.
#[derive(Debug, Serialize)]
struct LabelRow {
    id: String,
    name: String,
    colour: &'static str,
    tickets: LabelCount,
    form: LabelFormModel,
    remove_link: String,
}

/// How many tickets have a label.
#[derive(Debug, Serialize)]
struct LabelCount {
    n: u32,
    /// Whether more tickets have it.
    many: bool,
}

/// The form of one label.
#[derive(Debug, Serialize)]
struct LabelFormModel {
    action: String,
    name: String,
    colour: &'static str,
    problems: FormErrors,
}

/// The model of the question.
#[derive(Debug, Serialize)]
struct RemovePage {
    name: String,
    colour: &'static str,
    tickets: LabelCount,
    action: String,
    list_link: String,
}

/// The form as it was sent.
struct LabelForm {
    name: String,
    /// `None` if the palette does not have it.
    colour: Option<LabelColour>,
}

impl Form for LabelForm {
    fn read(fields: &Fields) -> Self {
        Self { name: fields.text("name").to_owned(), colour: fields.parsed("colour") }
    }
}

impl LabelForm {
    fn edit(self) -> Result<LabelEdit, Failure> {
        Ok(LabelEdit { name: self.name, colour: self.colour.ok_or_else(Failure::bad_request)? })
    }
}

/// All labels, each with its form.
pub(crate) async fn list(context: &Context<'_>) -> Result<Response, Failure> {
    page(&context.admin().await?, None).await
}

/// Adds a label.
pub(crate) async fn add(context: &Context<'_>, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let form = form::read::<LabelForm>(context, body).await?;
    let typed = form.fields.typed();
    let outcome = async {
        let edit = form.form.edit()?;
        match admin.backend.add_label(&edit).await {
            Ok(_) => Ok(admin.done(Section::Labels, Flash::LabelAdded)),
            Err(error) => show_again(&admin, None, edit, error).await,
        }
    };
    outcome.await.map_err(|failure| failure.keeping(typed))
}

/// Changes name and colour of a label.
pub(crate) async fn edit(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let form = form::read::<LabelForm>(context, body).await?;
    let typed = form.fields.typed();
    let outcome = async {
        let (id, edit) = (named::<LabelId>(id)?, form.form.edit()?);
        match admin.backend.edit_label(id, &edit).await {
            Ok(()) => Ok(admin.done(Section::Labels, Flash::LabelSaved)),
            Err(error) => show_again(&admin, Some(id), edit, error).await,
        }
    };
    outcome.await.map_err(|failure| failure.keeping(typed))
}

/// Asks before a label is removed, and says how many tickets have it.
pub(crate) async fn ask(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let wanted: LabelId = named(id)?;
    let report = admin.backend.labels().await?.into_iter().find(|report| report.label.id == wanted).ok_or(Error::NotFound)?;
    let model = RemovePage {
        name: report.label.name.as_str().to_owned(),
        colour: report.label.colour.as_str(),
        tickets: LabelCount::of(&report),
        action: admin.to(Address::RemoveLabel(id)),
        list_link: admin.to(Address::Labels),
    };
    let template = Template::new("backend/label_remove", admin.say("backend-labels-remove"));
    admin.page(Section::Labels, template, model).await
}

/// Removes a label and takes it off all tickets.
pub(crate) async fn remove(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    form::read::<NoFields>(context, body).await?;
    admin.backend.remove_label(named(id)?).await?;
    Ok(admin.done(Section::Labels, Flash::LabelRemoved))
}

/// A form that was refused: its label (`None` for the form that adds one), what was typed, and what is wrong with it.
struct RefusedLabel {
    id: Option<LabelId>,
    edit: LabelEdit,
    problems: FormErrors,
}

async fn show_again(admin: &Admin<'_>, id: Option<LabelId>, edit: LabelEdit, error: Error) -> Result<Response, Failure> {
    page(admin, Some(RefusedLabel { id, edit, problems: FormErrors::of(error)? })).await
}

/// The page as it is shown again when a new label has no name.
pub(crate) async fn refused(context: &Context<'_>) -> Result<Response, Failure> {
    let errors = [FieldError { field: Field::LabelName, problem: Problem::Empty }];
    let refused = RefusedLabel { id: None, edit: LabelEdit::default(), problems: FormErrors::from_errors(&errors) };
    page(&context.admin().await?, Some(refused)).await
}

async fn page(admin: &Admin<'_>, mut refused: Option<RefusedLabel>) -> Result<Response, Failure> {
    let reports = admin.backend.labels().await?;
    if let Some(RefusedLabel { id: Some(id), .. }) = &refused
        && !reports.iter().any(|report| report.label.id == *id)
    {
        return Err(Error::NotFound.into());
    }
    let status = refused.as_ref().map_or(StatusCode::OK, |refused| refused.problems.status());
    let mut labels: Vec<Label> = reports.iter().map(|report| report.label.clone()).collect();
    sort_labels(&mut labels, admin.context.language());
    let sorted = labels.iter().filter_map(|label| reports.iter().find(|report| report.label.id == label.id));
    let mut rows = Vec::with_capacity(labels.len());
    for report in sorted {
        let sent = refused.take_if(|refused| refused.id == Some(report.label.id));
        rows.push(row(admin, report, sent));
    }
    let (edit, problems) = refused.map_or_else(Default::default, |refused| (refused.edit, refused.problems));
    let add = form_model(admin.to(Address::Labels), edit, problems);
    let colours = LabelColour::ALL.iter().map(|colour| colour.as_str()).collect();
    let template = Template::new("backend/labels", admin.say("backend-labels-title")).with_status(status);
    admin.page(Section::Labels, template, LabelsPage { rows, add, colours }).await
}

fn row(admin: &Admin<'_>, report: &LabelReport, refused: Option<RefusedLabel>) -> LabelRow {
    let label = &report.label;
    let id = label.id.to_string();
    let stored = || LabelEdit { name: label.name.as_str().to_owned(), colour: label.colour };
    let (edit, problems) = refused.map_or_else(|| (stored(), FormErrors::default()), |sent| (sent.edit, sent.problems));
    LabelRow {
        name: label.name.as_str().to_owned(),
        colour: label.colour.as_str(),
        tickets: LabelCount::of(report),
        form: form_model(admin.to(Address::Label(&id)), edit, problems),
        remove_link: admin.to(Address::RemoveLabel(&id)),
        id,
    }
}

fn form_model(action: String, edit: LabelEdit, problems: FormErrors) -> LabelFormModel {
    LabelFormModel { action, name: edit.name, colour: edit.colour.as_str(), problems }
}

impl LabelCount {
    fn of(report: &LabelReport) -> Self {
        Self { n: report.tickets.min(Counts::MANY - 1), many: report.tickets >= Counts::MANY }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::testing::pages;

    fn model(name: &str, problem: Option<Problem>) -> LabelFormModel {
        let errors: Vec<_> = problem.into_iter().map(|problem| FieldError { field: Field::LabelName, problem }).collect();
        LabelFormModel {
            action: "/a".to_owned(),
            name: name.to_owned(),
            colour: "red",
            problems: FormErrors::from_errors(&errors),
        }
    }

    #[test]
    fn the_page_has_all_its_sentences() {
        let row = |name: &str, n, many, problem| LabelRow {
            id: format!("\"<{n}>"),
            name: name.to_owned(),
            colour: "blue",
            tickets: LabelCount { n, many },
            form: model(name, problem),
            remove_link: "/r".to_owned(),
        };
        let too_long = Some(Problem::TooLong { max: 40, length: 41 });
        let rows = vec![row("<VIP>", 0, false, None), row("A", 1, false, Some(Problem::Taken)), row("B", 999, true, too_long)];
        let colours = LabelColour::ALL.iter().map(|colour| colour.as_str()).collect();
        for html in pages("backend/labels", LabelsPage { rows, add: model("", Some(Problem::Empty)), colours }) {
            assert!(html.contains("&lt;VIP&gt;") && html.contains("40") && html.contains("label-blue"), "{html}");
            assert_eq!(html.matches("class=\"field-error\"").count(), 3, "{html}");
        }
        for html in pages("backend/labels", LabelsPage { rows: Vec::new(), add: model("", None), colours: vec!["red"] }) {
            assert!(html.contains("class=\"empty\""), "{html}");
        }
    }

    #[test]
    fn the_question_says_how_many_tickets_have_the_label() {
        for (n, many) in [(0, false), (1, false), (7, false), (999, true)] {
            let model = RemovePage {
                name: "<VIP>".to_owned(),
                colour: "red",
                tickets: LabelCount { n, many },
                action: "/r".to_owned(),
                list_link: "/l".to_owned(),
            };
            for html in pages("backend/label_remove", model) {
                assert!(html.contains("&lt;VIP&gt;") && html.contains("button-danger"), "{html}");
                assert!(n == 0 || html.contains(&n.to_string()) || n == 1, "{html}");
            }
        }
    }
}
