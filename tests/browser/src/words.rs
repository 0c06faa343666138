//! The sentences of the pages in one language. They are read from the module's own files, so that a better sentence breaks no test.

use std::collections::HashMap;
use std::path::Path;

/// The sentences of a language, without those with plural forms, which take several lines.
#[derive(Debug)]
pub struct Words(HashMap<String, String>);

impl Words {
    /// The sentences of this language.
    ///
    /// # Panics
    /// If there is no such language.
    pub fn of(language: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../muticket-web/locales").join(language);
        let mut words = HashMap::new();
        for file in std::fs::read_dir(folder).expect("the module has this language") {
            let text = std::fs::read_to_string(file.expect("its folder can be read").path()).expect("its files are text");
            let sentences = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
            let sentences = sentences.filter_map(|line| line.split_once(" = "));
            words.extend(sentences.map(|(key, sentence)| (key.to_owned(), sentence.to_owned())));
        }
        Self(words)
    }

    /// A sentence.
    ///
    /// # Panics
    /// If there is no sentence of that name.
    pub fn say(&self, key: &str) -> &str {
        self.0.get(key).unwrap_or_else(|| panic!("no sentence is called {key}"))
    }

    /// A sentence with a value filled in.
    pub fn say_of(&self, key: &str, variable: &str, value: &str) -> String {
        self.say(key).replace(&format!("{{ ${variable} }}"), value)
    }
}
