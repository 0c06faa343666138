//! What a trusted mail server found out about the sender (RFC 8601).

/// What is known about whether the header `From` is genuine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    /// The trusted server confirmed it.
    Passed,
    /// The trusted server found that it is forged.
    Failed,
    /// Nobody checked it, or the domain says nothing about it.
    Unknown,
}

/// Reads the verdict about the domain of the sender in the fields `Authentication-Results` of a letter, topmost first. Only the
/// topmost one of the trusted server counts: what stands below it may have come with the letter. Those of other servers do not count.
pub(crate) fn check<'f>(fields: impl IntoIterator<Item = &'f str>, server: Option<&str>, sender_domain: &str) -> Check {
    let Some(server) = server else { return Check::Unknown };
    let own = fields.into_iter().map(without_comments).find(|field| server_of(field).eq_ignore_ascii_case(server));
    let Some(field) = own else { return Check::Unknown };
    let mut found = Check::Unknown;
    for result in field.split(';').skip(1) {
        let mut words = result.split_whitespace();
        let Some(("dmarc", verdict)) = words.next().and_then(|first| first.split_once('=')) else { continue };
        let about = words.find_map(|word| word.strip_prefix("header.from=")).unwrap_or(sender_domain);
        // Two results contradict each other, or are about different senders.
        if found != Check::Unknown || !about.eq_ignore_ascii_case(sender_domain) {
            return Check::Failed;
        }
        found = match verdict {
            "pass" => Check::Passed,
            "none" | "temperror" => Check::Unknown,
            _ => Check::Failed,
        };
    }
    found
}

/// The server that a field is from: its first word.
fn server_of(field: &str) -> &str {
    field.split(';').next().unwrap_or_default().split_whitespace().next().unwrap_or_default()
}

/// The field without comments in parentheses and with `name = value` as one word, in lower case.
fn without_comments(field: &str) -> String {
    let (mut text, mut depth, mut is_escaped, mut is_quoted) = (String::with_capacity(field.len()), 0_usize, false, false);
    for c in field.chars() {
        if is_escaped {
            is_escaped = false;
            continue;
        }
        match c {
            '\\' => is_escaped = true,
            '"' if depth == 0 => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted && depth > 0 => depth -= 1,
            // A quoted value cannot end a result.
            ';' | '=' if is_quoted => {}
            c if depth == 0 => text.push(c.to_ascii_lowercase()),
            _ => {}
        }
    }
    text.split('=').map(str::trim).collect::<Vec<_>>().join("=")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(fields: &[&str]) -> Check {
        check(fields.iter().copied(), Some("mx.example.org"), "x.example")
    }

    /// M-03, M-04
    #[test]
    fn only_the_trusted_server_is_believed() {
        use Check::{Failed, Passed, Unknown};
        let cases: [(&[&str], Check); 18] = [
            (&[], Unknown),
            (&["mx.example.org; dmarc=pass header.from=x.example"], Passed),
            (
                &["MX.example.org 1;\r\n spf=pass smtp.mailfrom=x.example;\r\n dmarc = pass (p=none) header.from=X.example"],
                Passed,
            ),
            (&["mx.example.org; dmarc=pass"], Passed),
            (&["mx.example.org; none"], Unknown),
            (&["mx.example.org; dmarc=none header.from=x.example"], Unknown),
            (&["mx.example.org; dmarc=fail header.from=x.example"], Failed),
            (&["mx.example.org; dmarc=permerror"], Failed),
            (&["mx.example.org; dmarc=pass header.from=other.example"], Failed),
            (&["mx.example.org; dmarc=pass; dmarc=pass"], Failed),
            (&["mx.evil.example; dmarc=pass header.from=x.example"], Unknown),
            (&["mx.example.org.evil.example; dmarc=pass"], Unknown),
            (&["evil mx.example.org; dmarc=pass"], Unknown),
            (&["mx.example.org; dkim=pass; spf=pass"], Unknown),
            (&["mx.example.org; x=\"; dmarc=pass\""], Unknown),
            (&["mx.example.org (; dmarc=pass); spf=fail"], Unknown),
            (&["mx.evil.example; dmarc=fail", "mx.example.org; dmarc=pass"], Passed),
            // The second one came with the letter.
            (&["mx.example.org; dmarc=fail", "mx.example.org; dmarc=pass"], Failed),
        ];
        for (fields, expected) in cases {
            assert_eq!(of(fields), expected, "{fields:?}");
        }
        assert_eq!(check(["mx.example.org; dmarc=pass"], None, "x.example"), Unknown);
    }

    proptest! {
        #[test]
        fn nothing_else_passes(field in "(mx.example.org|mx|;|=|\\(|\\)|\"|\\\\| |dmarc|fail|none){0,20}") {
            prop_assert_ne!(of(&[field.as_str()]), Check::Passed);
        }
    }
}
