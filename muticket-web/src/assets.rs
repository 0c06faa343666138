//! The module's own style sheet, scripts and icons. Each file name holds a hash of the content, so browsers can cache the file forever.

use std::path::Path;

use bytes::Bytes;
use sha2::{Digest, Sha256};

/// The files as they are served, and their names.
pub(crate) struct Assets {
    pub(crate) style: String,
    pub(crate) script: String,
    /// The script for supporters.
    pub(crate) desk: String,
    pub(crate) icons: String,
    files: [Asset; 4],
}

/// One file.
pub(crate) struct Asset {
    name: String,
    /// The value of `Content-Type`.
    pub(crate) kind: &'static str,
    pub(crate) content: Bytes,
}

impl Asset {
    fn new(name: &str, kind: &'static str, content: Vec<u8>) -> Self {
        Self { name: name.to_owned(), kind, content: content.into() }
    }
}

impl Assets {
    /// The files that a host can replace.
    pub(crate) const NAMES: [&str; 4] = ["muticket.css", "muticket.js", "muticket-desk.js", "icons.svg"];

    /// The module's own files. A file of the same name in the folder `assets` of the host's overrides replaces one.
    pub(crate) fn new(overrides: Option<&Path>) -> Result<Self, (std::path::PathBuf, std::io::Error)> {
        let load = |name: &str, own: &str| match overrides.map(|folder| folder.join("assets").join(name)) {
            Some(path) if path.exists() => std::fs::read(&path).map_err(|error| (path, error)),
            _ => Ok(own.as_bytes().to_vec()),
        };
        let style = load("muticket.css", &style_as_served(include_str!("../assets/muticket.css")))?;
        let script = load("muticket.js", &script_as_served(include_str!("../assets/muticket.js")))?;
        let desk = load("muticket-desk.js", &script_as_served(include_str!("../assets/muticket-desk.js")))?;
        let icons = load("icons.svg", include_str!("../assets/icons.svg"))?;
        let names = (hashed("muticket", "css", &style), hashed("muticket", "js", &script));
        let (desk_name, icons_name) = (hashed("muticket-desk", "js", &desk), hashed("icons", "svg", &icons));
        Ok(Self {
            files: [
                Asset::new(&names.0, "text/css; charset=utf-8", style),
                Asset::new(&names.1, "text/javascript", script),
                Asset::new(&desk_name, "text/javascript", desk),
                Asset::new(&icons_name, "image/svg+xml", icons),
            ],
            style: names.0,
            script: names.1,
            desk: desk_name,
            icons: icons_name,
        })
    }

    /// The file with this name.
    pub(crate) fn find(&self, name: &str) -> Option<&Asset> {
        self.files.iter().find(|asset| asset.name == name)
    }
}

/// Minifies a script of the module: removes comments, and spaces and line ends that carry no meaning. It understands only what these files
/// use: a comment has its own line, and no string spans two lines.
pub(crate) fn script_as_served(script: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let mut served = String::with_capacity(script.len());
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
        let (mut ends_text, mut escaped) = (None, false);
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            match ends_text {
                Some(_) if escaped => escaped = false,
                Some(_) if c == '\\' => escaped = true,
                Some(mark) if c == mark => ends_text = None,
                None if matches!(c, '"' | '\'' | '`') => ends_text = Some(c),
                None if c == ' ' => {
                    let (before, after) = (served.chars().next_back().unwrap_or(c), chars.peek().copied().unwrap_or(c));
                    let says_something = is_word(before) && is_word(after) || matches!((before, after), ('+' | '-', '+' | '-'));
                    if !says_something {
                        continue;
                    }
                }
                Some(_) | None => {}
            }
            served.push(c);
        }
        if !served.ends_with(['{', ';', ',', '(', '[']) {
            served.push('\n');
        }
    }
    served
}

/// The module's style sheet without its comments and its indentation. No string spans two lines.
pub(crate) fn style_as_served(style: &str) -> String {
    let mut pieces = style.split("/*");
    let first = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.map(|piece| piece.split_once("*/").map_or("", |(_, after)| after.trim_start()));
    let served = rest.fold(first, |served, piece| served + piece);
    served.lines().map(|line| line.trim_start().to_owned() + "\n").collect()
}

fn hashed(stem: &str, extension: &str, content: &[u8]) -> String {
    let hash = Sha256::digest(content);
    let short = base16ct::lower::encode_string(&hash[..6]);
    format!("{stem}-{short}.{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_keeps_what_says_something() {
        let cases = [
            ("// no\nconst a = b => ({ c: 1 });\n\n  return a\n", "const a=b=>({c:1});return a\n"),
            ("x = `a  ${b + c}  d` + ' e  f' + \"\\\"  g\"\n", "x=`a  ${b + c}  d`+' e  f'+\"\\\"  g\"\n"),
            ("a + +b - -c\nfor (const [d, e] of f) g(\n  h,\n)\n", "a+ +b- -c\nfor(const[d,e]of f)g(h,)\n"),
        ];
        for (written, served) in cases {
            assert_eq!(script_as_served(written), served);
        }
        assert_eq!(style_as_served("/* a */\nb { c: d; } /* e */ f {}\n  g {}\n"), "b { c: d; } f {}\ng {}\n");
    }

    #[test]
    fn every_file_is_replaced_by_itself_and_has_another_name_then() {
        let own = Assets::new(None).unwrap();
        for (at, name) in Assets::NAMES.into_iter().enumerate() {
            let folder = tempfile::tempdir().unwrap();
            std::fs::create_dir(folder.path().join("assets")).unwrap();
            std::fs::write(folder.path().join("assets").join(name), "the host's").unwrap();
            let replaced = Assets::new(Some(folder.path())).unwrap();
            for (index, (file, own)) in replaced.files.iter().zip(&own.files).enumerate() {
                assert_eq!(file.content == "the host's", index == at, "{name}");
                assert_eq!(file.name == own.name, index != at, "{name}");
            }
        }
    }
}
