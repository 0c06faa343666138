//! The settings: the group of the supporters, ratings, the size of images (R-11 to R-13, D-05), and the site's time zone (D-17).

use muticket_core::backend::NewSettings;
use muticket_core::names::{Names, Reader};
use muticket_core::{Field, FieldError, GroupId, Problem, Settings, TimeZone, User, UserId};
use rocket::{get, post};
use serde::Serialize;

use crate::backend::Section;
use crate::error::Failure;
use crate::form::{Fields, Form, Protected};
use crate::guards::Admin;
use crate::notice::Notice;
use crate::page::{Done, Rendered, person};
use crate::problem::{Problems, Sent};

const KB: u64 = 1024;
const MB: u64 = 1024 * KB;

/// The settings as the form shows them.
#[derive(Debug, Serialize)]
pub(super) struct Typed {
    supporter_group: String,
    ratings: bool,
    image_limit: String,
    image_limit_unit: String,
    remove_location: bool,
    supporters_open: bool,
    time_zone: String,
}

/// The model of the page.
#[derive(Debug, Serialize)]
struct Model {
    action: String,
    typed: Typed,
    groups: Vec<Group>,
    /// The chosen group, if the host does not have it or no longer has it.
    unknown_group: Option<String>,
    /// The limit for all files. It also applies to images, whatever limit they have.
    file_limit: u64,
    time_zones: Vec<&'static str>,
    /// The time zone that is used if none is set.
    default_time_zone: &'static str,
    problems: Problems,
}

#[derive(Debug, Serialize)]
struct Group {
    id: String,
    name: String,
    chosen: bool,
}

/// The form with the current settings.
#[get("/backend/settings")]
pub(super) async fn show(admin: Admin<'_>) -> Result<Rendered, Failure> {
    page(&admin, None, Problems::default()).await
}

/// Stores the settings.
#[post("/backend/settings", data = "<form>")]
pub(super) async fn update(admin: Admin<'_>, form: Protected<Typed>) -> Result<Sent, Failure> {
    match admin.backend.update_settings(form.form.parse()).await {
        Ok(_) => {
            let to = admin.site.links.backend(Section::Settings.path());
            Ok(Sent::Done(Done { to, notice: Notice::SettingsSaved }))
        }
        Err(error) => {
            let problems = Problems::of(error)?;
            Ok(Sent::Again(page(&admin, Some(form.form), problems).await?))
        }
    }
}

/// The form as it is shown again with problems.
pub(super) async fn refused(admin: Admin<'_>) -> Result<Rendered, Failure> {
    let fields = [Field::SupporterGroup, Field::ImageLimit, Field::TimeZone];
    page(&admin, None, Problems::from_errors(&fields.map(|field| FieldError { field, problem: Problem::Unknown }))).await
}

async fn page(admin: &Admin<'_>, typed: Option<Typed>, problems: Problems) -> Result<Rendered, Failure> {
    let report = admin.backend.settings().await?;
    let typed = typed.unwrap_or_else(|| Typed::of(&report.settings));
    // Groups are named by the same rule as people, so that each name is distinct.
    let named: Vec<_> = report.groups.iter().map(|group| User::new(group.id.as_str(), group.name.as_str())).collect();
    let names = Names::of(&named, Reader::Administrator);
    let groups = report.groups.iter().map(|group| Group {
        chosen: group.id.as_str() == typed.supporter_group,
        id: group.id.as_str().to_owned(),
        name: person(&names, &UserId::new(group.id.as_str())).filter(|name| !name.is_empty()).unwrap_or_else(|| "?".to_owned()),
    });
    let groups: Vec<_> = groups.collect();
    let known = typed.supporter_group.is_empty() || groups.iter().any(|group| group.chosen);
    let status = problems.status();
    let model = Model {
        action: admin.site.links.backend(Section::Settings.path()),
        unknown_group: (!known).then(|| typed.supporter_group.clone()),
        typed,
        groups,
        file_limit: admin.site.helpdesk.limits().attachment_bytes,
        time_zones: TimeZone::all().map(|zone| zone.as_str()).collect(),
        default_time_zone: report.default_time_zone.as_str(),
        problems,
    };
    let title = admin.say("backend-settings-title");
    admin.page(status, "backend/settings", (Section::Settings, title), model).await
}

impl Form for Typed {
    fn read(fields: &Fields) -> Self {
        Self {
            supporter_group: fields.text("supporter_group").to_owned(),
            ratings: fields.is_ticked("ratings"),
            image_limit: fields.text("image_limit").to_owned(),
            image_limit_unit: fields.text("image_limit_unit").to_owned(),
            remove_location: fields.is_ticked("remove_location"),
            supporters_open: fields.is_ticked("supporters_open"),
            time_zone: fields.text("time_zone").to_owned(),
        }
    }
}

impl Typed {
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
            time_zone: settings.time_zone.map(|zone| zone.to_string()).unwrap_or_default(),
        }
    }

    fn parse(&self) -> NewSettings {
        let group = Some(self.supporter_group.as_str()).filter(|group| !group.is_empty());
        NewSettings {
            supporter_group: group.map(GroupId::new),
            ratings: self.ratings,
            // A text that is not a number becomes 0. The door refuses it, together with all other problems.
            image_limit: (!self.image_limit.trim().is_empty()).then(|| self.image_bytes().unwrap_or(0)),
            remove_location: self.remove_location,
            supporters_open: self.supporters_open,
            time_zone: Some(self.time_zone.clone()).filter(|name| !name.is_empty()),
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
    use crate::backend::tests::pages;

    fn limit(number: &str, unit: &str) -> Option<u64> {
        let typed =
            Typed { image_limit: number.to_owned(), image_limit_unit: unit.to_owned(), ..Typed::of(&Settings::default()) };
        typed.parse().image_limit
    }

    #[test]
    fn a_limit_is_a_number_of_a_unit_or_nothing() {
        assert_eq!([limit("", "mb"), limit(" ", "kb")], [None, None]);
        assert_eq!([limit("5", "mb"), limit(" 700 ", "kb")], [Some(5 * MB), Some(700 * KB)]);
        assert_eq!(limit("8796093022207", "mb"), Some(i64::MAX as u64 / MB * MB));
    }

    #[test]
    fn what_is_no_limit_becomes_the_zero_that_is_refused() {
        let numbers = ["0", "-1", "x", "1.5", "1,5", "1e3", "٣", "8796093022208", "18446744073709551616", "5 MB", "+5", "05"];
        for number in numbers {
            assert_eq!(limit(number, "mb"), Some(0), "{number}");
        }
        assert_eq!([limit("5", ""), limit("5", "gb")], [Some(0), Some(0)]);
    }

    #[test]
    fn a_stored_limit_comes_back_as_it_was_typed() {
        for (number, unit) in [("5", "mb"), ("700", "kb"), ("1", "kb"), ("1", "mb")] {
            let settings = Settings { image_limit: limit(number, unit), ..Settings::default() };
            let typed = Typed::of(&settings);
            assert_eq!((typed.image_limit.as_str(), typed.image_limit_unit.as_str()), (number, unit));
        }
    }

    #[test]
    fn the_page_has_all_its_sentences() {
        let group = |id: &str, chosen| Group { id: id.to_owned(), name: "Team & Co".to_owned(), chosen };
        let problem = |field| FieldError { field, problem: Problem::Unknown };
        let model = Model {
            action: "/support/backend/settings".to_owned(),
            typed: Typed { image_limit: "x\"y".to_owned(), ..Typed::of(&Settings::default()) },
            groups: vec![group("a", true), group("b", false)],
            unknown_group: Some("gone".to_owned()),
            file_limit: 10 * MB,
            time_zones: vec!["Europe/Berlin", "UTC"],
            default_time_zone: "UTC",
            problems: Problems::from_errors(&[
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
