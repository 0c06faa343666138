//! An axum site with the people and the tickets of the demo. Of the shop itself it has only the login, with a button for each person.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Form, Query};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::get;
use muticket_axum::{Host, MuTicket, Page, RunningWorker, async_trait, percent_encoded};
use muticket_core::{Helpdesk, HostError, Visitor};
use muticket_demo::{COOKIE as PERSON, PEOPLE, Person, local_path};

/// The style of the pages around the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    /// The browser's own.
    Plain,
    /// That of the tool library, which styles every plain element.
    Library,
}

const LIBRARY: &str = include_str!("../../../examples/existing-site/assets/library.css");

struct Shop(Theme);

#[async_trait]
impl Host for Shop {
    async fn visitor(&self, request: &Parts) -> Result<Visitor, HostError> {
        let cookies = request.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|value| value.split("; ")).filter_map(|cookie| cookie.split_once('='));
        let person = pairs.find(|(name, _)| *name == PERSON).and_then(|(_, id)| Person::find(id));
        Ok(person.map_or(Visitor::Guest, |person| Visitor::User(person.user())))
    }

    fn sign_in(&self, back: &str) -> String {
        format!("/login?back={}", percent_encoded(back))
    }

    fn page(&self, page: Page<'_>, _: &Parts) -> Option<String> {
        let Page { title, language, head, body, .. } = page;
        // The theme comes first, as in the library.
        let theme = "<link rel=\"stylesheet\" href=\"/library.css\">";
        let main = format!("<header class=\"lane-header\"><h2>The shop</h2></header><main class=\"lane-main\">{body}</main>");
        (self.0 == Theme::Library).then(|| {
            format!(
                "<!DOCTYPE html><html lang=\"{language}\"><head><title>{}</title>{theme}{head}</head><body>{main}</body></html>",
                title.replace('&', "&amp;").replace('<', "&lt;")
            )
        })
    }
}

/// The site over a helpdesk of the demo.
pub(crate) async fn site(helpdesk: Helpdesk, theme: Theme) -> (Router, RunningWorker) {
    let (pages, worker) = MuTicket::new(helpdesk, Shop(theme)).launch().await.expect("the module is set up");
    let style = get(async || ([(CONTENT_TYPE, "text/css")], LIBRARY));
    let own = Router::new().route("/login", get(choose).post(sign_in)).route("/library.css", style);
    // Without an icon the browser complains on its console.
    let own = own.route("/favicon.ico", get(async || StatusCode::NO_CONTENT));
    (own.merge(pages), worker)
}

async fn choose(Query(query): Query<HashMap<String, String>>) -> Html<String> {
    let back = local_path(query.get("back").map_or("/", String::as_str)).replace('&', "&amp;").replace('"', "&quot;");
    let buttons = PEOPLE.map(|person| format!("<button name=\"user\" value=\"{}\">{}</button>", person.id, person.name)).concat();
    Html(format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>Sign in</title></head><body><h1>Sign in</h1>\
         <form method=\"post\"><input type=\"hidden\" name=\"back\" value=\"{back}\">{buttons}</form></body></html>"
    ))
}

async fn sign_in(Form(form): Form<HashMap<String, String>>) -> impl IntoResponse {
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    let cookie = format!("{PERSON}={}; Path=/; HttpOnly; SameSite=Lax", field("user"));
    ([(SET_COOKIE, cookie)], Redirect::to(local_path(field("back"))))
}
