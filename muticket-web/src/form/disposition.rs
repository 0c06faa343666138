//! The `Content-Disposition` of a part of a multipart form: the name of its input, and the name of its file.
//!
//! Browsers write `form-data; name="a"; filename="b.txt"` and percent-encode three characters. Other programs write names without quotation
//! marks, in capital letters, with spaces, or as `filename*` of RFC 8187. A file must not get lost because of that.

use percent_encoding::percent_decode_str;

/// The names of a part.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Disposition {
    /// The name of the input.
    pub(crate) name: Option<String>,
    /// The name of the file, perhaps empty; `None` if the part is not a file.
    pub(crate) file: Option<String>,
}

impl Disposition {
    /// Reads the header `Content-Disposition`. If a name occurs twice, the first one counts.
    pub(crate) fn parse(header: &[u8]) -> Self {
        let header = text(header);
        let (mut found, mut extended) = (Self::default(), None);
        for parameter in parameters(&header) {
            let Some((key, value)) = parameter.split_once('=') else { continue };
            match key.trim().to_ascii_lowercase().as_str() {
                "name" => found.name.get_or_insert_with(|| plain(value)),
                "filename" => found.file.get_or_insert_with(|| plain(value)),
                "filename*" => match encoded(value.trim().trim_matches('"')) {
                    Some(name) => extended.get_or_insert(name),
                    // Even without a readable name, the part is a file.
                    None => extended.get_or_insert_with(String::new),
                },
                _ => continue,
            };
        }
        found.file = match (extended.filter(|name| !name.is_empty()), found.file) {
            (Some(name), _) => Some(name),
            (None, file) if header.to_ascii_lowercase().contains("filename*") => file.or(Some(String::new())),
            (None, file) => file,
        };
        found
    }
}

/// Bytes as text: UTF-8, which our pages ask for, or else Latin-1, in which every byte is a character.
fn text(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect(), str::to_owned)
}

/// The parameters between semicolons. A semicolon inside quotation marks is part of a name.
fn parameters(header: &str) -> Vec<&str> {
    let (mut parameters, mut begin, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in header.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => {
                parameters.push(&header[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    parameters.push(&header[begin..]);
    parameters
}

/// The original name: without quotation marks, and with the characters that browsers encode decoded.
fn plain(value: &str) -> String {
    let value = value.trim();
    let value = value.strip_prefix('"').map_or(value, |rest| rest.strip_suffix('"').unwrap_or(rest));
    // A backslash escapes a quotation mark or another backslash. Any other backslash is part of a Windows path.
    let mut name = String::with_capacity(value.len());
    let mut rest = value.chars().peekable();
    while let Some(c) = rest.next() {
        let escaped = (c == '\\').then(|| rest.next_if(|next| matches!(next, '"' | '\\'))).flatten();
        name.push(escaped.unwrap_or(c));
    }
    // RFC 7578 and the HTML standard encode these three characters and no others.
    for (code, c) in [("%22", "\""), ("%0D", "\r"), ("%0d", "\r"), ("%0A", "\n"), ("%0a", "\n")] {
        name = name.replace(code, c);
    }
    name
}

/// Decodes `charset'language'percent-encoded` of RFC 8187; `None` if the value has another form.
fn encoded(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_, coded) = rest.split_once('\'')?;
    match charset.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" => Some(percent_decode_str(coded).decode_utf8_lossy().into_owned()),
        "iso-8859-1" | "us-ascii" => Some(percent_decode_str(coded).map(char::from).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_in_every_spelling() {
        let cases: [(&[u8], Option<&str>, Option<&str>); 22] = [
            (br#"form-data; name="body""#, Some("body"), None),
            (br#"form-data; name="a"; filename="b.txt""#, Some("a"), Some("b.txt")),
            (br#"form-data; filename="b.txt"; name="a""#, Some("a"), Some("b.txt")),
            (br#"form-data; name=a; filename=b c.txt"#, Some("a"), Some("b c.txt")),
            (br#"Form-Data;NAME="a";FileName="b.txt""#, Some("a"), Some("b.txt")),
            (br#"form-data; name = "a" ; filename = "b.txt" "#, Some("a"), Some("b.txt")),
            (br#"form-data; name="a"; filename="""#, Some("a"), Some("")),
            (br#"form-data; name="a"; filename="#, Some("a"), Some("")),
            (br#"form-data; filename="b.txt""#, None, Some("b.txt")),
            (br#"form-data; name="a"; filename="b;c=d.txt""#, Some("a"), Some("b;c=d.txt")),
            (br#"form-data; name="a"; filename="b\"c\\d.txt""#, Some("a"), Some("b\"c\\d.txt")),
            (br#"form-data; name="a"; filename="b%22c%0D%0Ad%20.txt""#, Some("a"), Some("b\"c\r\nd%20.txt")),
            (br#"form-data; name="a"; filename="C:\new\table.txt""#, Some("a"), Some("C:\\new\\table.txt")),
            (br#"form-data; name="a"; filename*=UTF-8''%e2%82%ac%20b.txt"#, Some("a"), Some("\u{20ac} b.txt")),
            (br#"form-data; name="a"; filename="EURO.txt"; filename*=utf-8'en'%e2%82%ac.txt"#, Some("a"), Some("\u{20ac}.txt")),
            (br#"form-data; name="a"; filename*=ISO-8859-1''M%FCller.txt; filename="M.txt""#, Some("a"), Some("M\u{fc}ller.txt")),
            (br#"form-data; name="a"; filename*=koi8-r''%C1; filename="b.txt""#, Some("a"), Some("b.txt")),
            (br#"form-data; name="a"; filename*=nonsense"#, Some("a"), Some("")),
            (
                "form-data; name=\"a\"; filename=\"M\u{fc}ller \u{1f600}.txt\"".as_bytes(),
                Some("a"),
                Some("M\u{fc}ller \u{1f600}.txt"),
            ),
            (b"form-data; name=\"a\"; filename=\"M\xfcller.txt\"", Some("a"), Some("M\u{fc}ller.txt")),
            (br#"form-data; name="a"; filename="first"; filename="second""#, Some("a"), Some("first")),
            (br#"form-data; name="a"; filename="without an end"#, Some("a"), Some("without an end")),
        ];
        for (header, name, file) in cases {
            let expected = Disposition { name: name.map(str::to_owned), file: file.map(str::to_owned) };
            assert_eq!(Disposition::parse(header), expected, "{}", String::from_utf8_lossy(header));
        }
        assert_eq!(Disposition::parse(b""), Disposition::default());
    }
}
