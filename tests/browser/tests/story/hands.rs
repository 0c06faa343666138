//! How a person uses a page. Elements are found by the words that the person reads, and their accessible names must be the same.

use muticket_browser::{Element, Script, Session};
use serde_json::json;

/// The means of input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hands {
    /// Points and clicks.
    Mouse,
    /// Never clicks: Tab, arrows, Enter and letters.
    Keyboard,
    /// Points and clicks, with scripts switched off.
    MouseWithoutScript,
    /// Never clicks, with scripts switched off.
    KeyboardWithoutScript,
}

/// A person in front of a browser.
pub(crate) struct Visitor {
    pub(crate) page: Session,
    pub(crate) hands: Hands,
}

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const DOWN: &str = "\u{e015}";
const RIGHT: &str = "\u{e014}";

/// More stops than any page has.
const MOST_STOPS: usize = 200;

const PRESSABLE: &str = "a, button, summary";
const FIELD: &str = "input, select, textarea";

/// The visible name of an element.
const CALLED: &str = "const called = (element) => (element.getAttribute('aria-label')
    ?? (element.labels?.length ? element.labels[0].textContent : element.textContent)).replace(/\\s+/g, ' ').trim();";

/// The first visible element of a kind with a name. While a dialog is open, only its elements count.
const BY_NAME: &str = "const [css, name, whole] = arguments;
    const fits = (element) => (whole ? called(element) === name : called(element).startsWith(name)) && element.checkVisibility();
    return [...(document.querySelector('dialog[open]') ?? document).querySelectorAll(css)].find(fits) ?? null;";

/// The focused element, and whether its focus is visible. The ring may be around its row.
const FOCUSED: &str = "const [css, name, whole] = arguments;
    const element = document.activeElement;
    if (!element || element === document.body) return { seen: true };
    const box = element.getBoundingClientRect();
    const around = [];
    for (let each = element; each && around.length < 4; each = each.parentElement) around.push(each);
    const ring = around.flatMap((each) => [getComputedStyle(each), getComputedStyle(each, '::after')]).some((style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0);
    const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const fits = element.matches(css) && (whole ? called(element) === name : called(element).startsWith(name));
    return { fits, seen: ring && inView, what: element.outerHTML.slice(0, 200) };";

impl Hands {
    pub(crate) fn script(self) -> Script {
        match self {
            Self::Mouse | Self::Keyboard => Script::On,
            Self::MouseWithoutScript | Self::KeyboardWithoutScript => Script::Off,
        }
    }
}

impl Visitor {
    /// Presses the button, or follows the link, of this name.
    pub(crate) fn press(&self, name: &str) {
        let element = self.reach(PRESSABLE, name, true);
        self.activate(&element);
    }

    /// Like `press`, for a name that goes on, for example with a count.
    pub(crate) fn press_beginning(&self, name: &str) {
        let element = self.reach(PRESSABLE, name, false);
        self.activate(&element);
    }

    fn activate(&self, element: &Element) {
        match self.hands {
            Hands::Keyboard | Hands::KeyboardWithoutScript => self.page.press_keys(ENTER),
            Hands::Mouse | Hands::MouseWithoutScript => self.page.click(element),
        }
    }

    /// Writes into the field with this label.
    pub(crate) fn write(&self, label: &str, text: &str) {
        let element = self.reach(FIELD, label, false);
        match self.hands {
            Hands::Keyboard | Hands::KeyboardWithoutScript => self.page.press_keys(text),
            Hands::Mouse | Hands::MouseWithoutScript => self.page.type_into(&element, text),
        }
    }

    /// Chooses from the list with this label.
    pub(crate) fn choose(&self, label: &str, choice: &str) {
        let list = self.reach(FIELD, label, false);
        match self.hands {
            Hands::Keyboard | Hands::KeyboardWithoutScript => {
                let chosen = || self.page.run("return arguments[0].selectedOptions[0]?.textContent.trim()", &[list.argument()]);
                for _ in 0..MOST_STOPS {
                    if chosen() == choice {
                        return;
                    }
                    self.page.press_keys(DOWN);
                }
                panic!("{choice} is not in the list");
            }
            Hands::Mouse | Hands::MouseWithoutScript => {
                let script =
                    "return [...arguments[0].options].find((option) => option.textContent.trim() === arguments[1]) ?? null";
                let option = self.page.find_by(script, &[list.argument(), json!(choice)]);
                self.page.click(&option.unwrap_or_else(|| panic!("{choice} is not in the list")));
            }
        }
    }

    /// Adds a file to the field with this label. The dialog that asks for the file belongs to the system, so the file is set directly.
    pub(crate) fn attach(&self, label: &str, file: &std::path::Path) {
        let field = self.reach(FIELD, label, false);
        self.page.type_into(&field, &file.display().to_string());
    }

    /// Gives a rating.
    pub(crate) fn rate(&self, stars: u8) {
        let star = format!("button.star[value='{stars}']");
        match self.hands {
            Hands::Keyboard => {
                // One Tab leads to the row, the arrows from star to star.
                self.tab_to("button.star", "", false);
                for _ in 1..stars {
                    self.page.press_keys(RIGHT);
                }
                let value = self.page.run("return document.activeElement.value", &[]);
                assert_eq!(value, json!(stars.to_string()), "the arrows lead from star to star");
                self.page.press_keys(ENTER);
            }
            // Each star is a stop of its own.
            Hands::KeyboardWithoutScript => {
                self.tab_to(&star, "", false);
                self.page.press_keys(ENTER);
            }
            Hands::Mouse | Hands::MouseWithoutScript => self.page.click(&self.page.one(&star)),
        }
    }

    fn reach(&self, css: &str, name: &str, whole: bool) -> Element {
        let element = match self.hands {
            Hands::Keyboard | Hands::KeyboardWithoutScript => self.tab_to(css, name, whole),
            Hands::Mouse | Hands::MouseWithoutScript => {
                let arguments = [json!(css), json!(name), json!(whole)];
                self.page.until(name, || self.page.find_by(&format!("{CALLED}{BY_NAME}"), &arguments))
            }
        };
        let heard = self.page.name(&element);
        assert!(heard.starts_with(name), "one reads {name:?} and hears {heard:?}");
        element
    }

    /// Presses Tab until the element has the focus. Every stop on the way must show its focus.
    fn tab_to(&self, css: &str, name: &str, whole: bool) -> Element {
        let script = format!("{CALLED}{FOCUSED}");
        let mut stops = Vec::new();
        for _ in 0..MOST_STOPS {
            let focused = self.page.run(&script, &[json!(css), json!(name), json!(whole)]);
            assert_eq!(focused["seen"], json!(true), "the focus cannot be seen on {}", focused["what"]);
            if focused["fits"] == json!(true) {
                return self.page.find_by("return document.activeElement", &[]).expect("it has the focus");
            }
            stops.push(focused["what"].as_str().map(|what| what.chars().take(60).collect::<String>()));
            self.page.press_keys(TAB);
        }
        panic!("no key leads to {name:?} on {}: {:?}", self.page.path(), stops.iter().take(60).collect::<Vec<_>>());
    }

    /// Whether the element of this name has the focus.
    pub(crate) fn is_at(&self, name: &str) -> bool {
        let called = self.page.run(&format!("{CALLED}return called(document.activeElement)"), &[]);
        called.as_str() == Some(name)
    }
}
