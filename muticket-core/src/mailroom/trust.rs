//! What a trusted mail server found out about the sender (RFC 8601).

pub use crate::incoming::Check;
use crate::mail::EmailAddress;

/// Reads the verdict about the domain of the sender in the fields `Authentication-Results` of a letter, topmost first. Only the
/// topmost one of the trusted server counts: what stands below it may have come with the letter. Those of other servers do not count.
pub(crate) fn check<'f>(fields: impl IntoIterator<Item = &'f str>, server: Option<&str>, sender_domain: &str) -> Check {
    let Some(server) = server else { return Check::Unknown };
    let own = fields.into_iter().map(plain).find(|field| server_of(field).eq_ignore_ascii_case(server));
    let Some(field) = own.filter(|field| is_known_version(field)) else { return Check::Unknown };
    let mut found = Check::Unknown;
    for result in field.split(';').skip(1) {
        let mut words = result.split_whitespace();
        let Some(("dmarc" | "dmarc/1", verdict)) = words.next().and_then(|first| first.split_once('=')) else { continue };
        let about = words.find_map(|word| word.strip_prefix("header.from=")).unwrap_or(sender_domain);
        // Two results contradict each other, or are about different senders.
        if found != Check::Unknown || !is_same_domain(about, sender_domain) {
            return Check::Failed;
        }
        found = match verdict {
            "pass" => Check::Passed,
            // The last one is a guess about a domain that says nothing.
            "none" | "temperror" | "bestguesspass" => Check::Unknown,
            _ => Check::Failed,
        };
    }
    found
}

/// The server that a field is from: its first word.
fn server_of(field: &str) -> &str {
    words_in_front(field).next().unwrap_or_default()
}

/// Whether the results of a field can be read: there is no version behind the server, or the first one.
fn is_known_version(field: &str) -> bool {
    let mut behind = words_in_front(field).skip(1);
    matches!((behind.next(), behind.next()), (None | Some("1"), None))
}

fn words_in_front(field: &str) -> impl Iterator<Item = &str> {
    field.split(';').next().unwrap_or_default().split_whitespace()
}

/// Whether both are the same domain. One with umlauts has two spellings.
fn is_same_domain(one: &str, other: &str) -> bool {
    let spelled = |domain: &str| EmailAddress::parse(&format!("a@{domain}")).map(|address| address.domain().to_ascii_lowercase());
    one.eq_ignore_ascii_case(other) || spelled(one).is_ok_and(|one| spelled(other) == Ok(one))
}

/// The field in lower case, without quotation marks, with a blank for each comment in parentheses, and with `name = value` and
/// `name / version` as one word each.
fn plain(field: &str) -> String {
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
            ')' if !is_quoted && depth > 0 => {
                depth -= 1;
                text.push(' ');
            }
            // A quoted value cannot end a result, begin another one or have several words.
            c if is_quoted && (c.is_whitespace() || matches!(c, ';' | '=' | '/')) => {}
            c if depth == 0 => text.extend(c.to_lowercase()),
            _ => {}
        }
    }
    let close = |text: &str, mark: &str| text.split(mark).map(str::trim).collect::<Vec<_>>().join(mark);
    close(&close(&text, "="), "/")
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
        let cases: [(&[&str], Check); 33] = [
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
            // Comments stand between words, and hide nothing.
            (&["(a) mx.example.org (b (c) \\) d) 1; dmarc(e)/(f)1 = (g) pass (h) header.from=x.example"], Passed),
            (&["mx.example.org; (dmarc=pass) dmarc=fail"], Failed),
            (&["mx.example.org; arc=pass (i=1 dmarc=pass); spf=pass"], Unknown),
            (&["mx.example.org; arc=pass; dmarc=none"], Unknown),
            (&["mx.example.org; dmarc=pa(x)ss"], Failed),
            (&["mx.example.org (dmarc=pass"], Unknown),
            // A name may stand in quotation marks. What else stands in them is one word.
            (&["\"mx.example.org\"; dmarc=pass"], Passed),
            (&["\"mx.example.org; dmarc=pass\""], Unknown),
            (&["mx.example.org; dmarc=pass reason=\"a header.from=other.example\" header.from=x.example"], Passed),
            (&["mx.example.org; spf=pass reason=\"a (\"; dmarc=fail (\")"], Failed),
            // Only the first version is known.
            (&["mx.example.org 2; dmarc=pass"], Unknown),
            (&["mx.example.org 1 2; dmarc=pass"], Unknown),
            (&["mx.example.org; dmarc/2=pass"], Unknown),
            (&["mx.example.org; dmarc=bestguesspass header.from=x.example"], Unknown),
            (&["mx.example.org 2; dmarc=pass", "mx.example.org; dmarc=pass"], Unknown),
            (&["mx.evil.example; dmarc=fail", "mx.example.org; dmarc=pass"], Passed),
            // The second one came with the letter.
            (&["mx.example.org; dmarc=fail", "mx.example.org; dmarc=pass"], Failed),
        ];
        for (fields, expected) in cases {
            assert_eq!(of(fields), expected, "{fields:?}");
        }
        assert_eq!(check(["mx.example.org; dmarc=pass"], None, "x.example"), Unknown);
        let umlaut = |name| check([format!("mx; dmarc=pass header.from={name}").as_str()], Some("mx"), "xn--bcher-kva.example");
        assert_eq!(
            [umlaut("Bücher.example"), umlaut("xn--bcher-kva.example"), umlaut("bucher.example")],
            [Passed, Passed, Failed]
        );
    }

    proptest! {
        #[test]
        fn nothing_else_passes(field in "(mx.example.org|mx|;|=|\\(|\\)|\"|\\\\| |dmarc|fail|none){0,20}") {
            prop_assert_ne!(of(&[field.as_str()]), Check::Passed);
        }
    }
}
