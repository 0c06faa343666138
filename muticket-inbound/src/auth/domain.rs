//! Names of domains, and which of them can belong together.

/// Whether both domains can belong to one owner: they share their last two labels. A top-level domain owns nobody's letters, whatever it
/// publishes.
pub(super) fn can_be_related(one: &str, other: &str) -> bool {
    let end = |domain: &str| {
        let mut labels = domain.rsplit('.').map(str::to_ascii_lowercase);
        labels.next().zip(labels.next())
    };
    end(one).is_some_and(|labels| end(other) == Some(labels))
}

/// Whether this can be asked for. What cannot be would look like a name server that does not answer.
pub(super) fn is_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    text.len() <= 200 && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn related_domains_share_two_labels() {
        for (one, other) in [("a.example", "a.example"), ("x.a.example", "A.Example"), ("x.a.example", "y.z.a.example")] {
            assert!(can_be_related(one, other) && can_be_related(other, one), "{one} {other}");
        }
        for (one, other) in
            [("a.example", "b.example"), ("example", "a.example"), ("example", "example"), ("a.example", "xa.example")]
        {
            assert!(!can_be_related(one, other) && !can_be_related(other, one), "{one} {other}");
        }
    }

    #[test]
    fn a_name_can_be_asked_for() {
        assert!(["a", "2026-11", "_dmarc.a.example", &"a".repeat(63)].into_iter().all(is_name));
        assert!(!["", ".", "a.", "a..b", "a b", "ä", "a/b", &"a".repeat(64), &"a.".repeat(120)].into_iter().any(is_name));
    }
}
