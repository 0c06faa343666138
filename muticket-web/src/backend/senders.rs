//! Addresses that count as those of a user (M-04).

use muticket_core::names::{NameStyle, Names};
use muticket_core::sender::AssignedSender;
use serde::Serialize;

use crate::address::Address;
use crate::backend::received::Directions;
use crate::backend::section::Section;
use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, Fields, Form};
use crate::page::{Template, person};
use crate::request::RequestBody;
use crate::response::Response;

/// The model of the page.
#[derive(Debug, Serialize)]
struct SendersPage {
    directions: Directions,
    rows: Vec<SenderRow>,
    /// Whether there are more than the page lists.
    more: bool,
    most: u32,
    remove_action: String,
}

/// An address.
#[derive(Debug, Serialize)]
struct SenderRow {
    address: String,
    /// `None` if the host no longer knows them.
    user: Option<String>,
    assigned_at: i64,
}

/// Which address is no longer assigned.
struct RemoveForm {
    address: String,
}

impl Form for RemoveForm {
    fn read(fields: &Fields) -> Self {
        Self { address: fields.text("address").to_owned() }
    }
}

/// The assigned addresses.
pub(crate) async fn list(context: &Context<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let senders = admin.backend.senders().await?;
    let names = Names::of(senders.assigned.iter().filter_map(|(_, user)| user.as_ref()), NameStyle::Administrator);
    let row = |sender: &AssignedSender| SenderRow {
        address: sender.address.clone(),
        user: person(&names, &sender.user),
        assigned_at: sender.assigned_at.timestamp_micros(),
    };
    let model = SendersPage {
        directions: Directions::senders(context.links()),
        rows: senders.assigned.iter().map(|(sender, _)| row(sender)).collect(),
        more: senders.more,
        most: muticket_core::backend::Senders::MOST,
        remove_action: admin.to(Address::ForgetSender),
    };
    admin.page(Section::Mail, Template::new("backend/mail-senders", Directions::title(&admin, "senders")), model).await
}

/// Takes the assignment of an address back.
pub(crate) async fn forget(context: &Context<'_>, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let submitted = form::read::<RemoveForm>(context, body).await?;
    admin.backend.forget_sender(&submitted.form.address).await?;
    Ok(context.done(&admin.to(Address::Senders), Flash::SenderForgotten))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::testing::pages;
    use crate::links::Links;

    fn model(rows: Vec<SenderRow>, more: bool) -> SendersPage {
        let directions = Directions::senders(&Links::new("/s"));
        SendersPage { directions, rows, more, most: 500, remove_action: "/forget".to_owned() }
    }

    #[test]
    fn the_page_has_all_its_sentences() {
        let row =
            |user: Option<&str>| SenderRow { address: "a'b@x.example".to_owned(), user: user.map(str::to_owned), assigned_at: 0 };
        for html in pages("backend/mail-senders", model(vec![row(Some("<Anna>")), row(None)], true)) {
            assert_eq!(html.matches("action=\"&#x2f;forget\"").count(), 2, "{html}");
            assert!(html.contains("&lt;Anna&gt;") && html.contains("value=\"a&#x27;b@x.example\""), "{html}");
            assert_eq!(html.matches("aria-current=\"page\"").count(), 1, "{html}");
        }
    }

    #[test]
    fn an_empty_page_says_so() {
        for html in pages("backend/mail-senders", model(Vec::new(), false)) {
            assert!(html.contains("class=\"empty\"") && !html.contains("<table"), "{html}");
        }
    }
}
