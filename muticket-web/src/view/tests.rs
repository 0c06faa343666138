//! Renders every page in every language with models like those of the handlers, and checks the templates, sentences and assets against each
//! other.

use std::collections::BTreeSet;

use minijinja::context;
use muticket_core::Language;

use super::testing::{NOW, around};
use super::*;

mod regions;
mod replaced;
mod style;
mod typed;

fn view() -> Renderer {
    Renderer::new(None, Language::english()).unwrap()
}

pub(super) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// All files below a folder whose names have this ending.
pub(super) fn files(below: &str, ending: &str) -> Vec<(String, String)> {
    let (mut found, mut folders) = (Vec::new(), vec![folder(below)]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// A page as a browser receives it.
fn render(template: &str, language: &str, frame: Value, page: Value) -> String {
    let view = view();
    let model = context! { frame, page, ..around(&view, [language; 2], "UTC") };
    let html = view.render(template, model).unwrap_or_else(|error| panic!("{template} in {language}: {error:?}"));
    let html = html.replace("&#x2f;", "/");
    assert!(html.trim_start().starts_with("<div class=\"muticket\""), "{template} has everything inside of one element");
    assert!(html.contains(&format!("lang=\"{language}\"")), "{template} says its language");
    assert_eq!(html.matches("<h1").count(), 1, "{template} has one heading");
    for form in html.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap();
        if form.contains("method=\"post\"") {
            assert!(form.contains("name=\"token\" value=\"secret\""), "{template} sends a form without its token");
            let first = form.find("<input").unwrap();
            assert!(form[first..].starts_with("<input type=\"hidden\" name=\"token\""), "{template} sends the token first");
        }
    }
    let mut ids = BTreeSet::new();
    for id in html.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(ids.insert(id), "{template} has the id {id} twice");
    }
    for what in ["for", "aria-describedby", "aria-labelledby"] {
        for target in html.split(&format!(" {what}=\"")).skip(1).flat_map(|rest| rest.split('"').next().unwrap().split(' ')) {
            assert!(ids.contains(target), "{template} has a {what} that leads to {target}, which is not there");
        }
    }
    html
}

fn frame(supporter: bool, admin: bool, notice: Option<&str>) -> Value {
    context! { user => context! { id => "ann", name => "Ann <b>", admin }, supporter, token => "secret", nonce => "once", notice }
}

fn nobody() -> Value {
    context! { user => (), supporter => false, token => (), nonce => (), notice => () }
}

fn overview(supporter: bool, rows: bool, active: bool) -> Value {
    let row = |status: &str| {
        context! {
            number => 7, link => "/support/tickets/7", subject => "Ünder <i>", status, customer => supporter.then_some("Ben"),
            customer_link => supporter.then_some("/support/tickets?customer=ben"), category => "Billing", messages => 1,
            last_activity => NOW - 90_000_000, unread => status == "new",
            desk => supporter.then(|| context! {
                assigned => status != "new", assignee => (status == "closed").then_some("Tom <b>"), answered => status == "customer",
                last_supporter => "Tom <b>", priority => ["new", "customer"].contains(&status).then_some("high"),
                labels => [context! { name => "VIP <b>", colour => "red" }], more_labels => (status == "new").then(|| context! { n => 7, names => "A <b>, B" }), text => (status == "new").then_some("Hello <b> there"),
            }),
        }
    };
    let choice = |value: &str, name: Option<&str>| context! { value, name, link => "/x", chosen => true, gone => false };
    let tab = |state: &str, current: bool| context! { state, count => 999, many => state == "all", link => "/support/tickets", current };
    let statuses = ["new", "supporter", "customer", "closed"];
    context! {
        tabs => [tab("open", false), tab("closed", false), tab("all", rows || !supporter)],
        rows => if rows { statuses.map(row).to_vec() } else { Vec::new() },
        next => rows.then_some("/support/tickets?after=x"), paged => rows, first => "/support/tickets",
        search => "<i>", sorts => ["-activity", "activity", "-number", "number"].map(|value| choice(value, None)),
        filters => supporter.then(|| context! {
            state => "all", sort => "-activity", waiting => ["new", "supporter", "customer"].map(|value| choice(value, None)),
            categories => [choice("1", Some("Billing")), context! { value => "2", name => "Old", link => "/x", chosen => true, gone => true }],
            customer => choice("ben", Some("Ben")),
        }),
        waiting => supporter.then_some("/support/tickets/next?list=a"), new_ticket => "/support/tickets/new?list=a",
        looked => supporter.then(|| context! { left_out => "*", readable => active, narrowed => true, clear => "/x", everywhere => "/y" }),
        unreadable => if supporter { Some("/x") } else { None }, reset => "/support/tickets",
        chips => if supporter { vec![] } else { vec![context! { kind => "category", value => "1", name => "Billing", link => "/x" }] },
        desk => supporter.then(|| context! {
            views => ["waiting", "mine", "nobody", "categories"].map(|view| context! {
                view, count => 999, many => view == "mine", link => "/support/tickets?view=mine", current => !rows && view == "mine",
            }),
            saved => context! {
                row => [saved_view(rows)], more => if active { vec![saved_view(false)] } else { Vec::new() }, shown => rows.then_some("1"),
                manage => "/support/views", save => active.then(|| context! {
                    action => "/support/views", list => "a=b", replace => rows.then(|| context! { action => "/support/views/1/filter", name => "VIP <b>" }),
                }),
            },
            view => (!rows).then_some("mine"), filtered => rows, previous => rows.then_some("/support/tickets?before=x"),
            assignees => ["me", "none", "tom"].map(|value| context! { value, name => (value == "tom").then_some("Tom <b>"), chosen => value == "tom" }),
            priorities => ["urgent", "high", "normal", "low"].map(|priority| context! { priority, chosen => priority == "high" }),
            labels => [("1", Some("VIP <b>")), ("2", None)].map(|(id, name)| context! { id, name, chosen => name.is_none() }),
            texts => rows, here => "view=mine", colleagues => [context! { id => "tom", name => "Tom <b>" }], done => [7, 8], ticked => if rows { vec![7] } else { Vec::new() },
            range => rows.then(|| context! { first => 51, last => 100, all => active.then_some(300) }),
        }),
        news => supporter.then_some("/support/tickets/news?since=7"), sorted => true, damaged => [8], narrowed => supporter, support_active => active, may_open => !supporter,
    }
}

fn saved_view(current: bool) -> Value {
    context! { name => "VIP <b>", count => current.then_some(999), many => current, link => "/support/tickets?view=1", current }
}

fn problem(field: &str, key: &str) -> Value {
    context! { field, key, file => "photo.png", max => 5, length => 6 }
}

fn conversation(verb: &str, open: bool, failure: Option<&str>, problems: Vec<Value>) -> Value {
    let message = |number: u32, role: &str, rate: Option<&str>| {
        context! {
            kind => "message", number, link => format!("/support/tickets/7#message-{number}"), author => (number > 1).then_some("Ben"),
            role, mine => number == 1, continues => number == 3, body => "Hello <script>\nhttps://example.org/", quoted => (number == 1).then_some("> Old <script>"),
            letter => (number != 2).then(|| context! { original => (number == 1).then_some("/letter") }),
            whole => (number == 3).then(|| context! { link => "/support/tickets/7?whole=3#message-3", length => 20_000 }), written_at => NOW, stars => (number == 2).then_some(4),
            rate,
            files => [
                context! { name => "a.png", link => "/a", size => 2048, picture => context! { small => "/a/small", large => "/a/large" } },
                context! { name => "b.pdf", link => "/b", size => 12, picture => () },
            ],
        }
    };
    let can = |word: &str| word == verb;
    context! {
        number => 7, link => "/support/tickets/7", back => "/support/tickets?a=b", list => "a=b", rated => 2, from => 1,
        printed => "https://example.org/support/tickets/7", follow_up => "/support/tickets/new?follows=7", damaged => [2],
        subject => "Subject <b>", status => if open { "new" } else { "closed" }, open,
        customer => "Ann", own => verb != "answer", category => "Billing", opened_at => NOW,
        follows => context! { number => 3, link => "/support/tickets/3" },
        items => [
            message(1, "customer", None), message(2, "supporter", Some("/rate")),
            context! { kind => "event", what => "closed", who => "Sara", whom => (), value => (), message => (), at => NOW },
            context! { kind => "event", what => "assigned", who => (), whom => "Tom <b>", value => (), message => (), at => NOW }, context! { kind => "omitted", n => 7 },
            message(3, "supporter", Some("/rate")),
        ],
        older => context! { items => 1, messages => 1 }, start => 2,
        range => context! { first => 51, last => 53, all => 1053 }, first => "/first", earlier => "/earlier", later => "/later", newest => "/support/tickets/7#message-3", support_active => verb != "nothing",
        desk => Value::from(()), colleagues => Vec::<Value>::new(),
        can => context! {
            reply => can("reply"), answer => can("answer"), close => can("answer"), reopen => can("reopen"), follow_up => can("follow_up"),
        },
        unread => verb != "nothing", new_from => context! { message => 2, link => "#message-2" },
        next => (verb == "answer").then_some("/support/tickets/next?after=7"),
        draft => context! { overtaken => (), note_form => (), body => "Typed <b>", files_again => !problems.is_empty(), failure, problems, next_waits => true,
            conflict => (failure == Some("conflict")).then(|| context! { names => ["Ben <b>"], writes => verb == "answer" }) },
        seen => 3, max_attachments => 5, attachment_bytes => 10_485_760, image_bytes => 1_048_576,
    }
}

fn new_ticket(follows: bool, failure: Option<&str>, problems: Vec<Value>) -> Value {
    context! {
        back => "/support/tickets?a=b", list => "a=b", subject => "S <b>", body => "B <b>", categories => [context! { id => "1", name => "Billing", chosen => true }],
        priorities => [context! { priority => "normal", chosen => true }],
        follows => follows.then(|| context! { number => 3, subject => "Old", link => "/support/tickets/3" }),
        files_again => !problems.is_empty(), failure, problems, max_attachments => 5, attachment_bytes => 10_485_760, image_bytes => 1_048_576,
    }
}

/// The words between `error-` and `-title`, from which the handlers choose.
fn error_words() -> BTreeSet<String> {
    let word = |key: &&str| Some(key.strip_prefix("error-")?.strip_suffix("-title")?.to_owned());
    super::sentences::in_english().names().iter().filter_map(word).collect()
}

const KEYS: [&str; 7] = [
    "problem-empty",
    "problem-too-long",
    "problem-unknown",
    "problem-taken",
    "problem-too-many",
    "problem-too-large",
    "problem-expired",
];

/// A form sends UTF-8 even if the host's page has another encoding.
#[test]
fn every_form_is_sent_in_utf_8() {
    let mut forms = 0;
    for (name, source) in TEMPLATES {
        for form in source.split("<form").skip(1) {
            let tag = form.lines().next().unwrap_or_default();
            assert!(tag.contains(" accept-charset=\"utf-8\""), "{name}: {tag}");
            forms += 1;
        }
    }
    assert!(forms > 15, "{forms} forms");
}

#[test]
fn every_page_is_there_in_every_language() {
    for language in ["de", "en"] {
        for supporter in [false, true] {
            for (rows, active) in [(true, true), (false, false)] {
                let html =
                    render("overview.html", language, frame(supporter, supporter, None), overview(supporter, rows, active));
                assert!(!html.contains("<i>"));
                assert_eq!(html.contains("/support/backend"), supporter);
                assert_eq!(
                    html.replace("/tickets/news", "").contains("/support/tickets/new"),
                    !supporter,
                    "the button is there for who may open"
                );
                assert_eq!(html.contains("data-press="), supporter, "only supporters have keys");
                assert_eq!(
                    html.contains("next-waiting\" href=\"/support/tickets/next?list=a"),
                    supporter,
                    "to what waits longest"
                );
                assert_eq!(html.contains("<time datetime="), rows);
                assert_eq!(html.matches("<time").count(), html.matches(" data-relative ").count(), "times can be kept fresh");
            }
        }
        for notice in ["opened", "replied", "answered", "rated", "closed", "reopened"] {
            let html = render(
                "conversation.html",
                language,
                frame(true, false, Some(notice)),
                conversation("reopen", false, None, vec![]),
            );
            assert_eq!(html.matches("/reopen").count(), if notice == "closed" { 2 } else { 1 }, "the undo is in the notice");
            let (told, thread) = (html.find("data-done").unwrap(), html.find("class=\"thread\"").unwrap());
            assert_eq!(html.matches("data-done").count(), 1);
            let below = ["replied", "answered", "rated"].contains(&notice);
            assert_eq!(told > thread, below, "{notice} is told where the answer leads");
            let list = html.matches("name=\"list\" value=\"a=b\"").count();
            assert_eq!(list, html.matches("method=\"post\"").count(), "each form leads back to the list");
        }
        for verb in ["reply", "answer", "nothing"] {
            for key in KEYS {
                let problems = vec![problem("body", key), problem("attachment", key)];
                let html = render(
                    "conversation.html",
                    language,
                    frame(verb == "answer", false, None),
                    conversation(verb, true, None, problems),
                );
                assert!(html.contains("Typed &lt;b&gt;"), "what was typed is still there");
                assert_eq!(html.contains("name=\"body\""), verb != "nothing");
                assert_eq!(html.contains("/support/tickets/next?after=7"), verb == "answer");
                assert_eq!(html.contains("/support/tickets/7/seen"), verb != "nothing");
                assert_eq!(html.matches("divider-new").count(), 1);
                assert!(!html.contains("<script>") && !html.contains("<b>"));
            }
        }
        for word in error_words() {
            render("conversation.html", language, frame(false, false, None), conversation("reply", true, Some(&word), vec![]));
            let html = render(
                "conversation.html",
                language,
                frame(false, false, None),
                conversation("follow_up", false, Some(&word), vec![]),
            );
            assert!(html.contains("name=\"follows\" value=\"7\""), "the text goes along");
            assert!(html.contains("name=\"body\" value=\"Typed &lt;b&gt;\""));
            render("new-ticket.html", language, frame(false, false, None), new_ticket(false, Some(&word), vec![]));
            let kept = [context! { field => "subject", text => "S <b>" }, context! { field => "body", text => "B" }];
            for back in [None, Some("/support/tickets/7")] {
                let html =
                    render("error.html", language, nobody(), context! { word => &word, status => 400, back, kept => &kept });
                assert!(html.contains("S &lt;b&gt;") && html.contains(back.unwrap_or("href=\"/support/tickets\"")));
                assert_eq!(html.matches("button-primary").count(), 1, "one way on is the first");
            }
        }
        for key in KEYS {
            let problems = ["subject", "category", "body", "attachment"].map(|field| problem(field, key)).to_vec();
            let html = render("new-ticket.html", language, frame(false, false, None), new_ticket(true, None, problems));
            assert_eq!(html.matches("aria-invalid=\"true\"").count(), 4);
            assert!(html.contains("name=\"follows\" value=\"3\""));
        }
    }
}

#[test]
fn the_browser_gets_little_and_nothing_inline() {
    assert!(crate::assets::style_as_served(&files("assets", "muticket.css")[0].1).len() < 27 * 1024);
    let script = &files("assets", "muticket.js")[0].1;
    assert!(crate::assets::script_as_served(script).len() < 11 * 1024);
    let desk = &files("assets", "muticket-desk.js")[0].1;
    assert!(crate::assets::script_as_served(desk).len() < 11 * 1024);
    // The minifier works line by line and does not know nested strings.
    assert!(script.lines().all(|line| line.matches('`').count() % 2 == 0) && !script.contains("/*"));
    let icons = &files("assets", "icons.svg")[0].1;
    for (name, source) in files("templates", ".html") {
        for forbidden in
            ["<style", "<script", " style=", "javascript:", " onclick", " onsubmit", " onchange", " onload", " onerror"]
        {
            assert!(!source.contains(forbidden), "{name} has {forbidden}");
        }
        for icon in source.split("icon(\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            // A name that ends with a hyphen is composed.
            let end = if icon.ends_with('-') { "" } else { "\"" };
            assert!(icons.contains(&format!("id=\"{icon}{end}")), "{name} shows the icon {icon}");
        }
    }
}
