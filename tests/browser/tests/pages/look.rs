//! Checks a page at each width, in both colour schemes, on a first visit and on the next.

use muticket_browser::{Session, axe};
use serde_json::{Value, json};

use crate::finding::{Check, Finding};
use crate::guests::Guests;

/// The widths at which pages are loaded. Each page is also shown at 320 pixels, which is what 400 percent zoom gives.
const WIDTHS: [u32; 3] = [360, 768, 1440];
const NARROWEST: u32 = 320;

/// The page, the style, two scripts, the icons, and who else is here.
const MOST_REQUESTS: u64 = 6;
const FIRST_BYTES: u64 = 84 * 1024;
const NEXT_BYTES: u64 = 28 * 1024;
/// The size of the names of all time zones, which the settings page lists.
const TIME_ZONES: u64 = 20 * 1024;

/// How many bytes a page may have.
fn bound(name: &str, usual: u64) -> u64 {
    if name.starts_with("settings") { usual + TIME_ZONES } else { usual }
}

/// What happened while the page loaded. Only what MuTicket sends is counted, without attached pictures, which load when they come into
/// view. Pictures in view are waited for, because a picture without a size moves the page most.
const LOADED: &str = "const done = arguments[0];
    const ours = (entry) => new URL(entry.name).pathname.startsWith('/support');
    const lazy = (entry) => new URL(entry.name).pathname.startsWith('/support/pictures/');
    const pictures = [...document.images].filter((image) => image.getBoundingClientRect().top < innerHeight && !image.complete);
    const loaded = (image) => new Promise((resolve) => { image.onload = image.onerror = resolve; });
    Promise.all(pictures.map(loaded)).then(() => setTimeout(() => {
        const shifts = [];
        const moved = ({ node, previousRect, currentRect }) =>
            `${node?.outerHTML?.slice(0, 80) ?? node?.nodeName} ${JSON.stringify(previousRect)} to ${JSON.stringify(currentRect)}`;
        // A busy machine may paint a row before its end has come. Then its last cell moves, too little to be seen.
        const seen = (entry) => entry.value >= 0.001;
        const add = (list) => { for (const entry of list.filter(seen)) shifts.push(`${entry.value}: ${entry.sources.map(moved).join(' | ')}`); };
        const watch = new PerformanceObserver((list) => add(list.getEntries()));
        watch.observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => {
            add(watch.takeRecords());
            const [page] = performance.getEntriesByType('navigation');
            const sent = [page, ...performance.getEntriesByType('resource')].filter((entry) => ours(entry) && !lazy(entry));
            done({
                status: page.responseStatus,
                shifts,
                requests: [...new Set(sent.map((entry) => entry.name.split('#')[0]))],
                bytes: sent.reduce((sum, entry) => sum + entry.transferSize, 0),
                reports: window.mutiReports ?? [],
            });
        }, 40);
    }, 20));";

const WIDE: &str = "const page = document.scrollingElement;
    if (page.scrollWidth <= innerWidth) return null;
    const wide = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5);
    return `${page.scrollWidth} of ${innerWidth} pixels: ${wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 90)).join(' | ')}`;";

/// The rules of WCAG 2.2 up to AA. The letters of the mailbox are in frames, and are left out.
const BARRIERS: &str = "const done = arguments[arguments.length - 1];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    axe.run(document, { runOnly: tags, resultTypes: ['violations'], iframes: false })
        .then(({ violations }) => done(violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) =>
            `${id}: ${node.html.slice(0, 150)} ${node.failureSummary.replace(/\\s+/g, ' ').slice(0, 250)}`))),
            (error) => done([`axe fails: ${error}`]));";

/// The colours that the visitor prefers.
#[derive(Debug, Clone, Copy)]
enum Scheme {
    Light,
    Dark,
}

/// What was found in one language.
pub(crate) struct Looks {
    pub(crate) language: &'static str,
    pub(crate) findings: Vec<Finding>,
    /// The name of every page, and its HTML as it was sent.
    pub(crate) pages: Vec<(String, String)>,
}

/// Whether a page is too heavy on purpose, because somebody wrote a great deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    Usual,
    Heavy,
}

impl Looks {
    pub(crate) fn new(language: &'static str) -> Self {
        Self { language, findings: Vec::new(), pages: Vec::new() }
    }

    /// Opens a page at each width and checks it.
    pub(crate) fn at(&mut self, guests: &Guests<'_>, name: &str, path: &str, status: u16) {
        self.at_with(guests, name, path, status, Load::Usual);
    }

    /// Like `at`, for a page that may be heavy.
    pub(crate) fn at_with(&mut self, guests: &Guests<'_>, name: &str, path: &str, status: u16, load: Load) {
        let page = &guests.page;
        page.devtools("Network.clearBrowserCache", json!({}));
        for (visit, width) in WIDTHS.into_iter().enumerate() {
            let scheme = self.scheme(width);
            resize(page, width, scheme);
            page.open(path);
            let place = format!("{name} ({}, {width}, {scheme:?})", self.language);
            let loaded = self.loading(page, &place, status);
            self.shifts(page, &place, path, &loaded);
            if load == Load::Usual {
                self.weigh(&place, &loaded, bound(name, if visit == 0 { FIRST_BYTES } else { NEXT_BYTES }));
            }
            self.width(page, &place);
            if self.looks_for_barriers(name, width) {
                self.barriers(page, &place);
            }
            if visit == 0 {
                self.keep(guests, name);
                resize(page, NARROWEST, scheme);
                self.width(page, &format!("{name} ({}, {NARROWEST})", self.language));
            }
        }
        self.complaints(page, name, path);
    }

    /// Checks the open page, which cannot be loaded again because it is the answer to a form.
    pub(crate) fn here(&mut self, guests: &Guests<'_>, name: &str, status: u16) {
        let page = &guests.page;
        let place = format!("{name} ({})", self.language);
        let loaded = self.loading(page, &place, status);
        self.weigh(&place, &loaded, bound(name, NEXT_BYTES));
        self.keep(guests, name);
        for width in WIDTHS {
            let scheme = self.scheme(width);
            resize(page, width, scheme);
            let place = format!("{name} ({}, {width}, {scheme:?})", self.language);
            self.width(page, &place);
            if self.looks_for_barriers(name, width) {
                self.barriers(page, &place);
            }
        }
        resize(page, NARROWEST, Scheme::Light);
        self.width(page, &format!("{name} ({}, {NARROWEST})", self.language));
        self.complaints(page, name, &page.path());
        resize(page, WIDTHS[2], Scheme::Light);
    }

    /// Wide pages are dark in English and light in German, and narrow pages the other way round.
    fn scheme(&self, width: u32) -> Scheme {
        if (self.language == "en") == (width > 768) { Scheme::Dark } else { Scheme::Light }
    }

    /// Looking for barriers takes most of the time. Each page is looked at in a narrow and in a wide window, one in each language. On
    /// one half of the pages both are dark, on the other half both are light.
    fn looks_for_barriers(&self, name: &str, width: u32) -> bool {
        let is_wide_in_english = name.len().is_multiple_of(2);
        width == if (self.language == "en") == is_wide_in_english { WIDTHS[2] } else { WIDTHS[0] }
    }

    fn loading(&mut self, page: &Session, place: &str, status: u16) -> Value {
        let loaded = page.run_to_end(LOADED, &[]);
        assert_eq!(loaded["status"], status, "{place}: {}", page.words());
        for report in loaded["reports"].as_array().into_iter().flatten() {
            self.find(Check::Complaint, place, format!("breaks its policy: {report}"));
        }
        loaded
    }

    /// Loads the page again if something moved. A busy browser may paint a page that it has read only in part. Such a shift does not occur
    /// again, while a shift that is the page's fault does.
    fn shifts(&mut self, page: &Session, place: &str, path: &str, loaded: &Value) {
        let mut shifts = loaded["shifts"].clone();
        for _ in 0..3 {
            if shifts == json!([]) {
                return;
            }
            page.open(path);
            shifts = page.run_to_end(LOADED, &[])["shifts"].take();
        }
        if shifts != json!([]) {
            self.find(Check::Shift, place, format!("moves by {shifts}"));
        }
    }

    fn weigh(&mut self, place: &str, loaded: &Value, most: u64) {
        let requests = loaded["requests"].as_array().map_or(0, Vec::len) as u64;
        if requests > MOST_REQUESTS {
            self.find(Check::Weight, place, format!("{requests} requests: {}", loaded["requests"]));
        }
        let bytes = loaded["bytes"].as_u64().unwrap_or(u64::MAX);
        if bytes > most {
            self.find(Check::Weight, place, format!("{bytes} bytes, at most {most}"));
        }
    }

    fn width(&mut self, page: &Session, place: &str) {
        if let Some(wide) = page.run(WIDE, &[]).as_str() {
            self.find(Check::Sideways, place, wide.to_owned());
        }
    }

    fn barriers(&mut self, page: &Session, place: &str) {
        let Some(axe) = axe() else { return };
        page.run(axe, &[]);
        for barrier in page.run_to_end(BARRIERS, &[]).as_array().into_iter().flatten() {
            self.find(Check::Barrier, place, barrier.as_str().unwrap_or_default().to_owned());
        }
    }

    /// The browser's complaints. For a page with a status such as 404 the browser itself writes one to the console.
    fn complaints(&mut self, page: &Session, name: &str, path: &str) {
        let own = format!("{path} - Failed to load resource: the server responded with a status of");
        for line in page.console().into_iter().filter(|line| !line.contains(&own)) {
            self.find(Check::Complaint, name, line);
        }
    }

    /// Keeps the page as it was sent, for the validator.
    fn keep(&mut self, guests: &Guests<'_>, name: &str) {
        let name = format!("{}-{}", name.replace(' ', "-"), self.language);
        self.pages.push((name, guests.site.last_page()));
    }

    fn find(&mut self, check: Check, place: &str, what: String) {
        self.findings.push(Finding { check, place: place.to_owned(), what });
    }
}

fn resize(page: &Session, width: u32, scheme: Scheme) {
    let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
    page.devtools("Emulation.setDeviceMetricsOverride", size);
    let scheme = match scheme {
        Scheme::Light => "light",
        Scheme::Dark => "dark",
    };
    let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
    page.devtools("Emulation.setEmulatedMedia", json!({ "features": features }));
}
