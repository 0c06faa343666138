//! The settings: the group of the supporters, ratings, the size of images (R-11 to R-13, D-05), letters to customers (D-15), and the site's
//! time zone (D-17).

use muticket_core::backend::NewSettings;
use muticket_core::names::{NameStyle, Names};
use muticket_core::{Field, FieldError, GroupId, Problem, Settings, TimeZone, User, UserId};
use serde::Serialize;

use crate::address::Address;
use crate::backend::admin::Admin;
use crate::backend::section::Section;
use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, Fields, Form};
use crate::form_errors::FormErrors;
use crate::page::{Template, person};
use crate::request::RequestBody;
use crate::response::Response;

const KB: u64 = 1024;
const MB: u64 = 1024 * KB;

/// The settings as the form shows them.
#[derive(Debug, Serialize)]
struct SettingsForm {
    supporter_group: String,
    ratings: bool,
    image_limit: String,
    image_limit_unit: String,
    remove_location: bool,
    supporters_open: bool,
    customers_prioritize: bool,
    answering_assigns: bool,
    assignee_first: bool,
    receipts: bool,
    closing_letters: bool,
    time_zone: String,
}

/// The model of the page.
#[derive(Debug, Serialize)]
struct SettingsPage {
    action: String,
    typed: SettingsForm,
    groups: Vec<GroupOption>,
    /// The chosen group, if the host does not have it or no longer has it.
    unknown_group: Option<String>,
    /// The limit for all files. It also applies to images, whatever limit they have.
    file_limit: u64,
    time_zones: Vec<&'static str>,
    /// The time zone that is used if none is set.
    default_time_zone: &'static str,
    problems: FormErrors,
}

#[derive(Debug, Serialize)]
struct GroupOption {
    id: String,
    name: String,
    chosen: bool,
}

/// The form with the current settings.
pub(crate) async fn show(context: &Context<'_>) -> Result<Response, Failure> {
    page(&context.admin().await?, None, FormErrors::default()).await
}

/// Stores the settings.
pub(crate) async fn update(context: &Context<'_>, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let typed: SettingsForm = form::read(context, body).await?.form;
    match admin.backend.update_settings(typed.parse()).await {
        Ok(_) => Ok(admin.done(Section::Settings, Flash::SettingsSaved)),
        Err(error) => page(&admin, Some(typed), FormErrors::of(error)?).await,
    }
}

/// The form as it is shown again with errors.
pub(crate) async fn refused(context: &Context<'_>) -> Result<Response, Failure> {
    let fields = [Field::SupporterGroup, Field::ImageLimit, Field::TimeZone];
    let errors = fields.map(|field| FieldError { field, problem: Problem::Unknown });
    page(&context.admin().await?, None, FormErrors::from_errors(&errors)).await
}

async fn page(admin: &Admin<'_>, typed: Option<SettingsForm>, problems: FormErrors) -> Result<Response, Failure> {
    let report = admin.backend.settings().await?;
    let typed = typed.unwrap_or_else(|| SettingsForm::of(&report.settings));
    // Groups are named by the same rule as people, so that each name is distinct.
    let named: Vec<_> = report.groups.iter().map(|group| User::new(group.id.as_str(), group.name.as_str())).collect();
    let names = Names::of(&named, NameStyle::Administrator);
    let groups = report.groups.iter().map(|group| GroupOption {
        chosen: group.id.as_str() == typed.supporter_group,
        id: group.id.as_str().to_owned(),
        name: person(&names, &UserId::new(group.id.as_str())).filter(|name| !name.is_empty()).unwrap_or_else(|| "?".to_owned()),
    });
    let groups: Vec<_> = groups.collect();
    let known = typed.supporter_group.is_empty() || groups.iter().any(|group| group.chosen);
    let status = problems.status();
    let model = SettingsPage {
        action: admin.to(Address::Settings),
        unknown_group: (!known).then(|| typed.supporter_group.clone()),
        typed,
        groups,
        file_limit: admin.context.shared.helpdesk.limits().attachment_bytes,
        time_zones: TimeZone::all().map(|zone| zone.as_str()).collect(),
        default_time_zone: report.default_time_zone.as_str(),
        problems,
    };
    let template = Template::new("backend/settings", admin.say("backend-settings-title")).with_status(status);
    admin.page(Section::Settings, template, model).await
}

impl Form for SettingsForm {
    fn read(fields: &Fields) -> Self {
        Self {
            supporter_group: fields.text("supporter_group").to_owned(),
            ratings: fields.is_ticked("ratings"),
            image_limit: fields.text("image_limit").to_owned(),
            image_limit_unit: fields.text("image_limit_unit").to_owned(),
            remove_location: fields.is_ticked("remove_location"),
            supporters_open: fields.is_ticked("supporters_open"),
            customers_prioritize: fields.is_ticked("customers_prioritize"),
            answering_assigns: fields.is_ticked("answering_assigns"),
            assignee_first: fields.is_ticked("assignee_first"),
            receipts: fields.is_ticked("receipts"),
            closing_letters: fields.is_ticked("closing_letters"),
            time_zone: fields.text("time_zone").to_owned(),
        }
    }
}

impl SettingsForm {
    /// The form for stored settings. The image limit is shown exactly, in the largest unit for which that is possible.
    fn of(settings: &Settings) -> Self {
        let (image_limit, unit) = match settings.image_limit {
            None => (String::new(), "mb"),
            Some(bytes) if bytes.is_multiple_of(MB) => ((bytes / MB).to_string(), "mb"),
            Some(bytes) => (bytes.div_ceil(KB).to_string(), "kb"),
        };
        Self {
            supporter_group: settings.supporter_group.as_ref().map(|group| group.as_str().to_owned()).unwrap_or_default(),
            ratings: settings.ratings,
            image_limit,
            image_limit_unit: unit.to_owned(),
            remove_location: settings.remove_location,
            supporters_open: settings.supporters_open,
            customers_prioritize: settings.customers_prioritize,
            answering_assigns: settings.answering_assigns,
            assignee_first: settings.assignee_first,
            receipts: settings.receipts,
            closing_letters: settings.closing_letters,
            time_zone: settings.time_zone.map(|zone| zone.to_string()).unwrap_or_default(),
        }
    }

    fn parse(&self) -> NewSettings {
        let group = Some(self.supporter_group.as_str()).filter(|group| !group.is_empty());
        let image_limit = match self.image_limit.trim() {
            "" => Ok(None),
            _ => self.image_bytes().map(Some).ok_or(FieldError { field: Field::ImageLimit, problem: Problem::Unknown }),
        };
        NewSettings {
            supporter_group: group.map(GroupId::new),
            ratings: self.ratings,
            image_limit: image_limit.as_ref().map_or(None, |limit| *limit),
            remove_location: self.remove_location,
            supporters_open: self.supporters_open,
            customers_prioritize: self.customers_prioritize,
            answering_assigns: self.answering_assigns,
            assignee_first: self.assignee_first,
            receipts: self.receipts,
            closing_letters: self.closing_letters,
            time_zone: Some(self.time_zone.clone()).filter(|name| !name.is_empty()),
            refused: image_limit.err().into_iter().collect(),
        }
    }

    /// The limit in bytes; `None` if it is not a number, or is too large for a database.
    fn image_bytes(&self) -> Option<u64> {
        let unit = match self.image_limit_unit.as_str() {
            "kb" => KB,
            "mb" => MB,
            _ => return None,
        };
        let typed = self.image_limit.trim();
        // Accept only the canonical spelling of a number.
        let number: u64 = typed.parse().ok().filter(|number: &u64| number.to_string() == typed)?;
        number.checked_mul(unit).filter(|bytes| i64::try_from(*bytes).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use muticket_core::{Field, FieldError, Problem};

    use super::*;
    use crate::backend::testing::pages;

    fn settings(number: &str, unit: &str) -> NewSettings {
        let typed = SettingsForm {
            image_limit: number.to_owned(),
            image_limit_unit: unit.to_owned(),
            ..SettingsForm::of(&Settings::default())
        };
        typed.parse()
    }

    fn limit(number: &str, unit: &str) -> Option<u64> {
        settings(number, unit).image_limit
    }

    #[test]
    fn a_limit_is_a_number_of_a_unit_or_nothing() {
        assert_eq!([limit("", "mb"), limit(" ", "kb")], [None, None]);
        assert_eq!([limit("5", "mb"), limit(" 700 ", "kb")], [Some(5 * MB), Some(700 * KB)]);
        assert_eq!(limit("8796093022207", "mb"), Some(i64::MAX as u64 / MB * MB));
    }

    #[test]
    fn what_is_no_limit_is_refused() {
        let refused = |number: &str, unit: &str| !settings(number, unit).refused.is_empty();
        let numbers = ["-1", "x", "1.5", "1,5", "1e3", "٣", "8796093022208", "18446744073709551616", "5 MB", "+5", "05"];
        for number in numbers {
            assert!(refused(number, "mb"), "{number}");
        }
        assert!(refused("5", "") && refused("5", "gb") && !refused("5", "kb") && !refused("", "mb"));
    }

    #[test]
    fn a_stored_limit_comes_back_as_it_was_typed() {
        for (number, unit) in [("5", "mb"), ("700", "kb"), ("1", "kb"), ("1", "mb")] {
            let settings = Settings { image_limit: limit(number, unit), ..Settings::default() };
            let typed = SettingsForm::of(&settings);
            assert_eq!((typed.image_limit.as_str(), typed.image_limit_unit.as_str()), (number, unit));
        }
    }

    #[test]
    fn the_page_has_all_its_sentences() {
        let group = |id: &str, chosen| GroupOption { id: id.to_owned(), name: "Team & Co".to_owned(), chosen };
        let problem = |field| FieldError { field, problem: Problem::Unknown };
        let model = SettingsPage {
            action: "/support/backend/settings".to_owned(),
            typed: SettingsForm { image_limit: "x\"y".to_owned(), ..SettingsForm::of(&Settings::default()) },
            groups: vec![group("a", true), group("b", false)],
            unknown_group: Some("gone".to_owned()),
            file_limit: 10 * MB,
            time_zones: vec!["Europe/Berlin", "UTC"],
            default_time_zone: "UTC",
            problems: FormErrors::from_errors(&[
                problem(Field::SupporterGroup),
                problem(Field::ImageLimit),
                problem(Field::TimeZone),
            ]),
        };
        for html in pages("backend/settings", model) {
            assert!(
                html.contains("x&quot;y")
                    && html.contains("Team &amp; Co")
                    && html.contains("image_limit-problem")
                    && html.contains("time_zone-problem"),
                "{html}"
            );
        }
    }
}
