//! The host's style rules do not affect the module, and the module's do not affect the host (docs/decisions/0017-shield.md).
//! Tested with the theme of the tool library, which styles every plain element: in the library itself, and in a site in axum.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use muticket_browser::{Chromium, Framework, Script, Session, Site, Wishes};
use serde_json::{Value, json};

/// Sets what a host decides to the same values: colours, radius, font and scheme, and the module's place and width.
const DECIDE: &str = "const root = document.querySelector('.muticket').style;
    const decided = { accent: '#7a2408', 'on-accent': '#fff', surface: '#fffaf3', text: '#2d1f14', radius: '4px', font: 'sans-serif', scheme: 'light' };
    for (const [name, value] of Object.entries(decided)) root.setProperty(`--muticket-${name}`, value);
    for (const [name, value] of [['position', 'relative'], ['width', '60rem'], ['max-width', 'none'], ['margin', '0']]) root.setProperty(name, value);";

/// All computed styles of each element and its pseudo-elements: `[its tag, its lines]`.
const STYLES: &str = "const [css] = arguments;
    const lines = (element, part = '') => {
        const style = getComputedStyle(element, part);
        return [...style].filter((name) => !name.startsWith('--')).map((name) => `${part} ${name}: ${style.getPropertyValue(name)}`);
    };
    const parts = (element) => element.type === 'file' ? ['::file-selector-button']
        : ['::before', '::after'].filter((part) => !['none', 'normal'].includes(getComputedStyle(element, part).content));
    return [...document.querySelectorAll(css)].map((element) => [
        element.outerHTML.slice(0, 100),
        [lines(element), ...parts(element).map((part) => lines(element, part))].flat().join('\\n'),
    ]);";

const INSIDE: &str = ".muticket *";
const OUTSIDE: &str = "html, body, body *:not(.muticket, .muticket *)";

/// Elements that a host's page may have beside the module. Some use class names that the module uses too.
const OF_THE_HOST: &str = "<section class='panel'><h1>One</h1><h2>Two</h2><p class='hint'>Text with <a href='/'>a link</a> and <small>small print</small>.</p>
    <ul class='rows'><li class='row'>A row</li></ul><dl class='figures'><dt>What</dt><dd>That</dd></dl><img alt='' width='10' height='10'>
    <table class='table'><thead><tr><th>Head</th></tr></thead><tbody><tr><td>Cell</td></tr></tbody></table>
    <svg class='icon' viewBox='0 0 1 1'><path d='M0 0h1'/></svg><time>now</time><p class='notice'>Notice</p><span class='badge'>Badge</span>
    <form class='write'><fieldset class='field'><legend>Legend</legend><label>Label <input type='text'></label><input type='file' class='files'>
    <select><option>Choice</option></select><textarea></textarea><button class='button'>Button</button></fieldset></form></section>";

/// A site with the theme. Nobody is a supporter there yet.
struct Themed {
    site: Site,
    base: &'static str,
    customer: Login,
    admin: Login,
    /// The group of the supporters.
    group: &'static str,
    /// The name of a member of the group.
    member: &'static str,
}

/// How somebody signs in.
enum Login {
    Password(&'static str, &'static str),
    Button(&'static str),
}

impl Themed {
    fn of(framework: Framework) -> Self {
        match framework {
            Framework::Rocket => Self {
                site: Site::library(),
                base: "/help",
                customer: Login::Password("mia", "borrow-a-drill"),
                admin: Login::Password("edith", "mind-the-shop"),
                group: "staff",
                member: "Oskar Lund",
            },
            Framework::Axum => Self {
                site: Site::themed_in_axum(),
                base: "/support",
                customer: Login::Button("anna"),
                admin: Login::Button("ada"),
                group: "support",
                member: "Sara",
            },
        }
    }

    fn sign_in(&self, page: &Session, login: &Login, then: &str) {
        let then = format!("{}{then}", self.base);
        page.open(&format!("/login?back={then}"));
        match login {
            Login::Password(login, password) => {
                send(page, "form.lane-login", &json!({ "login": login, "password": password }));
            }
            Login::Button(person) => page.click(&page.one(&format!("button[value={person}]"))),
        }
        page.until(&then, || (page.path() == then).then_some(()));
    }
}

/// A page of the module, as it is in a site with the theme.
struct Seen {
    path: &'static str,
    markup: String,
    styles: Value,
}

#[test]
fn the_module_looks_the_same_in_every_site_in_rocket() {
    looks_the_same(Framework::Rocket);
}

#[test]
fn the_module_looks_the_same_in_every_site_in_axum() {
    looks_the_same(Framework::Axum);
}

fn looks_the_same(framework: Framework) {
    let Some(chromium) = Chromium::installed() else { return };
    let themed = Themed::of(framework);
    for Seen { path, markup, styles } in seen_in(chromium, &themed) {
        let site = Site::bare(framework);
        let page = visit(chromium, &site);
        page.open("/login?back=/support/tickets");
        page.click(&page.one("button[value=anna]"));
        page.one(".muticket");
        // The same markup, in a host that leaves plain elements alone.
        let markup = markup.replace(&format!("{}/", themed.base), "/support/");
        page.run("document.querySelector('.muticket').outerHTML = arguments[0]", &[json!(markup)]);
        page.run(DECIDE, &[]);
        let differences = differences(&styles, &read(&page, INSIDE));
        assert!(
            differences.is_empty(),
            "{path}: {} lines\n{}",
            differences.len(),
            differences[..differences.len().min(30)].join("\n")
        );
    }
}

#[test]
fn the_hosts_own_elements_are_left_alone_in_rocket() {
    leaves_alone(Framework::Rocket);
}

#[test]
fn the_hosts_own_elements_are_left_alone_in_axum() {
    leaves_alone(Framework::Axum);
}

fn leaves_alone(framework: Framework) {
    let Some(chromium) = Chromium::installed() else { return };
    let themed = Themed::of(framework);
    let page = visit(chromium, &themed.site);
    themed.sign_in(&page, &themed.customer, "/tickets");
    page.one(".muticket");
    page.run("document.querySelector('main').insertAdjacentHTML('beforeend', arguments[0])", &[json!(OF_THE_HOST)]);
    let inside = read(&page, INSIDE);
    // Hidden, because the elements around the module would show a changed height of the page.
    page.run("document.querySelector('.muticket').style.display = 'none'", &[]);
    let with = read(&page, OUTSIDE);
    page.run("document.querySelector(arguments[0]).remove()", &[json!(format!("link[href^='{}/assets/']", themed.base))]);
    let differences = differences(&with, &read(&page, OUTSIDE));
    assert!(differences.is_empty(), "{} lines\n{}", differences.len(), differences[..differences.len().min(30)].join("\n"));
    page.run("document.querySelector('.muticket').style.display = ''", &[]);
    assert_ne!(inside, read(&page, INSIDE), "the module's style sheet is gone");
}

/// Three of the module's pages: a conversation, a form, and a table.
fn seen_in(chromium: &'static Chromium, themed: &Themed) -> Vec<Seen> {
    let page = visit(chromium, &themed.site);
    let open = |path: &str| page.open(&format!("{}{path}", themed.base));
    themed.sign_in(&page, &themed.admin, "/backend/settings");
    send(&page, "form.panel", &json!({ "supporter_group": themed.group }));
    page.one(".notice-success");
    open("/backend/supporters/new");
    send(&page, "form.panel", &json!({ "user": themed.member }));
    page.one(".badge-present");
    let look = |path| {
        open(path);
        look(&page, path)
    };
    let mut seen = vec![look("/backend/settings"), look("/backend/supporters")];
    themed.sign_in(&page, &themed.customer, "/tickets/new");
    send(&page, "form.write", &json!({ "subject": "The drill", "body": "It smokes.\n\nWhat now?" }));
    page.one(".message");
    seen.push(look("/tickets/1"));
    // Opening the module to the host's rules must change something. Otherwise there were no rules to keep out.
    let Seen { styles, .. } = &seen[2];
    page.run("document.querySelector('.muticket form.write').classList.add('muticket-open')", &[]);
    assert!(differences(styles, &read(&page, INSIDE)).len() > 50, "the host has rules, and the door was shut to them");
    seen
}

fn look(page: &Session, path: &'static str) -> Seen {
    let markup = page.run("return document.querySelector('.muticket').outerHTML", &[]).as_str().unwrap().to_owned();
    page.run(DECIDE, &[]);
    Seen { path, markup, styles: read(page, INSIDE) }
}

fn visit(chromium: &'static Chromium, site: &Site) -> Session {
    chromium.visit(site, Wishes { language: "en", script: Script::On })
}

fn send(page: &Session, form: &str, fields: &Value) {
    page.one(form);
    let script = "const form = document.querySelector(arguments[0]);
        for (const [name, value] of Object.entries(arguments[1])) {
            const field = form.elements[name];
            const option = [...field.options || []].find((option) => option.text.includes(value));
            field.value = option ? option.value : value;
        }
        form.requestSubmit();";
    page.run(script, &[json!(form), fields.clone()]);
}

fn read(page: &Session, css: &str) -> Value {
    page.run(STYLES, &[json!(css)])
}

/// The properties that differ, one per line.
fn differences(one: &Value, other: &Value) -> Vec<String> {
    let (one, other) = (one.as_array().unwrap(), other.as_array().unwrap());
    assert!(one.len() > 10 && one.len() == other.len(), "{} elements and {}", one.len(), other.len());
    let pairs = one.iter().zip(other);
    pairs.flat_map(|(one, other)| differences_of(&one[0], one[1].as_str().unwrap(), other[1].as_str().unwrap())).collect()
}

fn differences_of(tag: &Value, one: &str, other: &str) -> Vec<String> {
    let pairs = one.lines().zip(other.lines()).filter(|(one, other)| one != other);
    pairs.map(|(one, other)| format!("{tag}{one}, and{other}")).collect()
}
