//! A form as a browser reads it from a page and sends it back.

use scraper::{ElementRef, Html};

use crate::page::{selector, text_of};

/// A form with the values typed into it.
#[derive(Debug, Clone)]
pub struct Form {
    /// The address it is sent to.
    pub action: String,
    /// `post` or `get`.
    pub method: String,
    /// Whether it is sent as `multipart/form-data`.
    pub multipart: bool,
    /// The fields it sends, in the order of the page.
    pub parts: Vec<Part>,
    choices: Vec<Choice>,
    names: Vec<String>,
}

/// One field of a form that is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The name of the field.
    pub name: String,
    /// The name of the file, if the field is a file.
    pub file: Option<String>,
    /// The value or the file's bytes.
    pub content: Vec<u8>,
}

/// A choice or a box to tick.
#[derive(Debug, Clone)]
struct Choice {
    name: String,
    value: String,
    label: String,
    many: bool,
}

impl Form {
    /// All forms of a page.
    pub fn all(page: &Html) -> Vec<Self> {
        page.select(&selector("form")).map(|form| Self::read(page, form)).collect()
    }

    fn read(page: &Html, form: ElementRef<'_>) -> Self {
        let attr = |name: &str| form.attr(name).unwrap_or_default().to_owned();
        let mut read = Self {
            action: attr("action"),
            method: attr("method").to_lowercase(),
            multipart: attr("enctype") == "multipart/form-data",
            parts: Vec::new(),
            choices: Vec::new(),
            names: Vec::new(),
        };
        for field in form.select(&selector("input, textarea, select")) {
            read.field(page, field);
        }
        read
    }

    fn field(&mut self, page: &Html, field: ElementRef<'_>) {
        let Some(name) = field.attr("name").map(str::to_owned) else { return };
        self.names.push(name.clone());
        let value = field.attr("value").unwrap_or_default().to_owned();
        match (field.value().name(), field.attr("type").unwrap_or("text")) {
            ("select", _) => {
                let options: Vec<_> = field.select(&selector("option")).collect();
                let chosen = options.iter().find(|option| option.attr("selected").is_some()).or(options.first());
                let value_of = |option: &ElementRef<'_>| option.attr("value").map_or_else(|| text_of(*option), str::to_owned);
                if let Some(chosen) = chosen {
                    self.put(&name, &value_of(chosen));
                }
                let choice =
                    |option| Choice { name: name.clone(), value: value_of(option), label: text_of(*option), many: false };
                self.choices.extend(options.iter().map(choice));
            }
            ("input", kind @ ("checkbox" | "radio")) => {
                let value = field.attr("value").unwrap_or("on").to_owned();
                if field.attr("checked").is_some() {
                    self.put(&name, &value);
                }
                self.choices.push(Choice { name, value, label: label_of(page, field), many: kind == "checkbox" });
            }
            ("input", "file" | "submit" | "image" | "button" | "reset") => {}
            // A browser drops the line break right after the tag, and so does the parser.
            ("textarea", _) => self.put(&name, &text_of(field)),
            _ => self.put(&name, &value),
        }
    }

    fn put(&mut self, name: &str, value: &str) {
        self.parts.push(Part { name: name.to_owned(), file: None, content: value.as_bytes().to_vec() });
    }

    /// Whether there is a field of that name.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    /// The value of a field.
    pub fn value(&self, name: &str) -> String {
        let part = self.parts.iter().find(|part| part.name == name);
        part.map_or_else(String::new, |part| String::from_utf8(part.content.clone()).unwrap())
    }

    /// Types a value into a field of the page.
    ///
    /// # Panics
    /// If the page has no such field.
    #[must_use]
    #[track_caller]
    pub fn with(self, name: &str, text: &str) -> Self {
        assert!(self.has(name), "no field {name} in the form for {}: {:?}", self.action, self.names);
        self.forced(name, text.as_bytes())
    }

    /// Sets a field whether or not the page has it, as an attacker would.
    #[must_use]
    pub fn forced(mut self, name: &str, content: &[u8]) -> Self {
        let part = Part { name: name.to_owned(), file: None, content: content.to_vec() };
        match self.parts.iter_mut().find(|part| part.name == name) {
            Some(known) => *known = part,
            None => self.parts.push(part),
        }
        self
    }

    /// Leaves a field out.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.parts.retain(|part| part.name != name);
        self
    }

    /// Chooses, or ticks, the box with this label.
    ///
    /// # Panics
    /// If there is no such choice.
    #[must_use]
    #[track_caller]
    pub fn choosing(mut self, name: &str, label: &str) -> Self {
        let choices: Vec<_> = self.choices.iter().filter(|choice| choice.name == name).collect();
        let wanted = choices.iter().find(|choice| choice.label == label || choice.value == label);
        let wanted = wanted.or_else(|| choices.iter().find(|choice| choice.label.contains(label)));
        let Choice { value, many, .. } = (*wanted.unwrap_or_else(|| panic!("no {label:?} for {name} in {choices:?}"))).clone();
        if !many {
            return self.forced(name, value.as_bytes());
        }
        // A box that is ticked already stays so.
        if !self.parts.iter().any(|part| part.name == name && part.content == value.as_bytes()) {
            self.put(name, &value);
        }
        self
    }

    /// The labels of the choices.
    pub fn choices(&self, name: &str) -> Vec<String> {
        self.choices.iter().filter(|choice| choice.name == name).map(|choice| choice.label.clone()).collect()
    }

    /// Adds a file.
    #[must_use]
    pub fn file(mut self, name: &str, content: &[u8]) -> Self {
        let part = Part { name: "attachment".to_owned(), file: Some(name.to_owned()), content: content.to_vec() };
        self.parts.push(part);
        self
    }

    /// The content type and the encoded body.
    pub fn sent(&self) -> (String, Vec<u8>) {
        if self.multipart { self.as_multipart("----JourneyBoundary7MA4YWxk") } else { self.as_urlencoded() }
    }

    fn as_urlencoded(&self) -> (String, Vec<u8>) {
        let pairs = self.parts.iter().map(|part| format!("{}={}", coded(part.name.as_bytes()), coded(&lines(&part.content))));
        ("application/x-www-form-urlencoded".to_owned(), pairs.collect::<Vec<_>>().join("&").into_bytes())
    }

    fn as_multipart(&self, boundary: &str) -> (String, Vec<u8>) {
        let mut bytes = Vec::new();
        for part in &self.parts {
            bytes.extend_from_slice(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", part.name).as_bytes());
            match &part.file {
                Some(file) => {
                    // Browsers encode these three characters and no others.
                    let file = file.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22");
                    let file = format!("; filename=\"{file}\"\r\nContent-Type: application/octet-stream\r\n\r\n");
                    bytes.extend_from_slice(file.as_bytes());
                    bytes.extend_from_slice(&part.content);
                }
                None => {
                    bytes.extend_from_slice(b"\r\n\r\n");
                    bytes.extend_from_slice(&lines(&part.content));
                }
            }
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        (format!("multipart/form-data; boundary={boundary}"), bytes)
    }
}

/// Converts line breaks as browsers do.
fn lines(content: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(content) {
        Ok(text) => text.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes(),
        Err(_) => content.to_vec(),
    }
}

/// Percent-encodes the bytes.
pub(crate) fn coded(bytes: &[u8]) -> String {
    let code = |byte: &u8| if byte.is_ascii_alphanumeric() { char::from(*byte).to_string() } else { format!("%{byte:02X}") };
    bytes.iter().map(code).collect()
}

/// The label of a box: the element around it, or the one that refers to it.
fn label_of(page: &Html, field: ElementRef<'_>) -> String {
    let around = field.ancestors().filter_map(ElementRef::wrap).find(|element| element.value().name() == "label");
    let named = || {
        let id = field.attr("id")?;
        page.select(&selector("label")).find(|label| label.attr("for") == Some(id))
    };
    around.or_else(named).map(text_of).unwrap_or_default()
}
