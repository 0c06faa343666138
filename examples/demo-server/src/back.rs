//! The way back after signing in. Anybody can write that address, so it must be a path of this site.

/// Returns `back` if it is a path of this site, or else `/`.
///
/// Browsers treat surprisingly many addresses as another site: `//host`, `/\host`, and both with tabs or line breaks in between. Anything
/// that is not clearly a path is refused, even if it becomes doubtful only after decoding its percent signs once more. A refusal costs the
/// visitor only a click.
pub fn local_path(back: &str) -> &str {
    if is_local(back) { back } else { "/" }
}

fn is_local(back: &str) -> bool {
    let path = back.split(['?', '#']).next().unwrap_or_default();
    let Some(decoded) = decoded(path) else { return false };
    let plain = |text: &str| {
        text.starts_with('/')
            && !text.starts_with("//")
            && !text.contains(['\\', '@'])
            && !text.split('/').any(|segment| segment == "..")
            && !text.chars().any(char::is_control)
    };
    // An address from a browser's address bar is always ASCII without spaces.
    let graphic = back.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    graphic && plain(path) && plain(&decoded) && rocket::http::uri::Reference::parse(back).is_ok()
}

/// Decodes the percent signs of the path; `None` if one of them is invalid.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pages_of_this_site_are_kept() {
        for back in ["/", "/support/tickets/7", "/support/tickets?state=all&category=a%2Fb&after=x%20y", "/a%20b/%C3%A4", "/a#b"]
        {
            assert_eq!(local_path(back), back);
        }
    }

    #[test]
    fn everything_else_leads_home() {
        let refused = [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/%09/evil.example",
            "/\t/evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "http:evil.example",
            "https:/evil.example",
            "/ok\r\nX-E: 1",
            "/ok%0d%0aX-E:%201",
            "/@evil.example/..",
            "%2f%2fevil.example",
            "/%2fevil.example",
            "/%5cevil.example",
            "///evil.example",
            "/%2e%2e//evil.example",
            "/%zz",
            "/a\"b",
            "/ä",
            "support",
            "",
        ];
        for back in refused {
            assert_eq!(local_path(back), "/", "{back:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_kept_is_always_a_path_of_this_site(back in "[/\\\\%@.:a-z0-9\\t\\r\\n?#]{0,24}") {
            let kept = local_path(&back);
            prop_assert!(kept == "/" || kept == back);
            prop_assert!(kept.starts_with('/') && !kept.starts_with("//"));
            prop_assert!(!kept.contains(['\\', '\t', '\r', '\n']));
        }

        #[test]
        fn what_is_encoded_can_be_decoded(text in ".{0,40}") {
            prop_assert_eq!(decoded(&muticket_rocket::percent_encoded(&text)), Some(text));
        }
    }
}
