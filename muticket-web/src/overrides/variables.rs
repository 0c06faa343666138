//! The variables of sentences. A host's sentence cannot be rendered if it uses a variable that MuTicket does not fill in.

use std::collections::{BTreeMap, BTreeSet};

use muticket_core::mail::Messages;

/// The keys of sentences, with the names of their variables.
pub(crate) type Said<'s> = BTreeMap<&'s str, BTreeSet<&'s str>>;

/// The sentences of all sources.
pub(crate) fn said<'s>(sources: impl Iterator<Item = &'s str>) -> Said<'s> {
    sources.flat_map(Messages::keys).collect()
}

/// The variables in a host's sentences that MuTicket does not fill in, each described for the log.
pub(super) fn unknown<'a>(text: &'a str, known: &'a Said<'_>) -> impl Iterator<Item = String> + 'a {
    Messages::keys(text).flat_map(move |(key, variables)| {
        let ours = known.get(key);
        variables.into_iter().filter_map(move |variable| {
            let ours = ours?;
            // A number is passed as a number and as formatted text. All problem sentences get the same values.
            let number = variable.strip_suffix("_text").unwrap_or(variable);
            let written = format!("{number}_text");
            let is_given = [number, &written].iter().any(|name| ours.contains(name));
            let of_problems = key.starts_with("problem-") && ["max", "length", "size", "file"].contains(&number);
            if is_given || of_problems {
                return None;
            }
            let there = ours.iter().map(|name| format!("${name}")).collect::<Vec<_>>().join(", ");
            let there = if there.is_empty() { "nothing" } else { &there };
            Some(format!("the sentence {key} asks for ${variable}, but what is filled in there is {there}"))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "# $comment\ncount =\n    { $n ->\n        [one] { $n_text } message\n       *[other] { $n_text } messages\n    }\n\
                        plain = It costs $5 or $money.\nby = { NUMBER($size) } by { $who}\n-term = { $none }\nproblem-empty = Empty\n";

    #[test]
    fn a_variable_that_is_never_given_is_named_with_those_that_are() {
        let ours = said(std::iter::once(OURS));
        let unknown = |text: &str| unknown(text, &ours).collect::<Vec<_>>();
        for fine in [
            "count = { $n_text }",
            "count = many",
            "by = { $who_text }",
            "own = { $anything }",
            "problem-empty = { $max_text } { $file }",
            "plain = $money",
        ] {
            assert_eq!(unknown(fine), [""; 0], "{fine}");
        }
        for (text, variable, there) in [
            ("count = { $count }", "$count", "there is $n, $n_text"),
            ("count =\n    { $nn ->\n       *[other] x\n    }", "$nn", "there is $n, $n_text"),
            ("plain = { $who }", "$who", "there is nothing"),
            ("by = { NUMBER($bytes) }", "$bytes", "there is $size, $who"),
        ] {
            let said = unknown(text);
            assert!(said.len() == 1 && said[0].contains(variable) && said[0].ends_with(there), "{text}: {said:?}");
        }
    }
}
