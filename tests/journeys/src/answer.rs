//! Answers of the site.

use scraper::Html;

use crate::form::Form;
use crate::page::{selector, text_of};

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, in the order they came.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The request: method and address.
    pub asked: String,
}

impl Answer {
    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The address that the answer redirects to.
    pub fn location(&self) -> &str {
        self.header("Location").unwrap_or_else(|| panic!("{} leads nowhere: {}", self.asked, self.brief()))
    }

    /// The body as text.
    ///
    /// # Panics
    /// If it is not text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Whether it is a page.
    pub fn is_page(&self) -> bool {
        self.header("Content-Type").is_some_and(|kind| kind.starts_with("text/html"))
    }

    /// The text of the page, with runs of blanks made one.
    pub fn words(&self) -> String {
        let page = self.page();
        let body = page.select(&selector("body")).next().map(|body| body.text().collect::<String>());
        body.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether the page contains the words, including in fields and in attributes that people read.
    pub fn says(&self, words: &str) -> bool {
        self.words().contains(words) || self.all("input[value], textarea, img[alt]").iter().any(|text| text.contains(words))
    }

    /// The page as a tree.
    pub fn page(&self) -> Html {
        Html::parse_document(self.text())
    }

    /// The number of matching elements.
    pub fn count(&self, selector_text: &str) -> usize {
        self.page().select(&selector(selector_text)).count()
    }

    /// The texts of the matching elements: the value of an input, the text of anything else.
    pub fn all(&self, selector_text: &str) -> Vec<String> {
        self.page().select(&selector(selector_text)).map(text_of).collect()
    }

    /// The texts of the matching elements as they are written, with all blanks.
    pub fn texts(&self, selector_text: &str) -> Vec<String> {
        self.page().select(&selector(selector_text)).map(|element| element.text().collect()).collect()
    }

    /// An attribute of the matching elements.
    pub fn attributes(&self, selector_text: &str, name: &str) -> Vec<String> {
        let page = self.page();
        page.select(&selector(selector_text)).filter_map(|element| element.attr(name).map(str::to_owned)).collect()
    }

    /// The form whose address ends like this.
    pub fn form(&self, action_end: &str) -> Form {
        self.find_form(action_end).unwrap_or_else(|| panic!("no form for {action_end} on {}: {}", self.asked, self.brief()))
    }

    /// Like `form`, but `None` if there is no such form.
    pub fn find_form(&self, action_end: &str) -> Option<Form> {
        Form::all(&self.page()).into_iter().find(|form| form.method == "post" && form.action.ends_with(action_end))
    }

    /// Asserts the status.
    #[track_caller]
    #[must_use]
    pub fn is(self, code: u16) -> Self {
        assert_eq!(self.status, code, "{}: {}", self.asked, self.brief());
        self
    }

    /// The answer in a few lines, for an error message.
    pub fn brief(&self) -> String {
        let words = if self.is_page() { self.words() } else { String::from_utf8_lossy(&self.body).into_owned() };
        let words: String = words.chars().take(1500).collect();
        format!("{} {:?}\n{words}", self.status, self.headers)
    }
}
