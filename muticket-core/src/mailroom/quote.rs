//! Tells what is new in a letter from what it quotes (M-06). Nothing is cut: the result is a place in the text.

use crate::characters::is_blank;
use crate::mailroom::phrases::{self, Field};

/// The marks at both ends of the line above which one writes. See `reply-above` in the sentences of letters.
const MARK: &str = "-=-";

/// How many lines in front of our own line mail programs write, about who wrote.
const IN_FRONT: usize = 12;

/// How many lines of a head may lie between its first and its last field.
const HEAD: usize = 10;

/// How many bytes a line that says who wrote has at most.
const LONGEST: usize = 400;

/// A long line of a quotation. What its program broke off it may stand on the next line, without a mark.
const LONG: usize = 60;

/// A line: where it begins, and its text without blanks at its end.
type Line<'t> = (usize, &'t str);

/// What was found out about a text.
enum Found {
    /// Nothing in it looks quoted.
    Unquoted,
    /// The line in which the quoted part begins.
    QuotedFrom(usize),
    /// Something is quoted, and what is new cannot be told apart.
    Mixed,
}

/// Where the quoted part begins, in bytes; `None` without one, if nothing would be left, if answers stand between the quoted
/// lines, or if the letter is passed on to us. `marked` is where a mail program said that it begins.
pub(crate) fn begins_at(text: &str, marked: Option<usize>) -> Option<usize> {
    let lines = lines(text);
    match divide(&lines, marked) {
        Found::QuotedFrom(first) => lines.get(first).map(|(start, _)| *start),
        Found::Unquoted | Found::Mixed => None,
    }
}

/// The new part of a text that must not contain anything quoted; `None` if that is not certain (M-01). In doubt all else is shown,
/// but this part reaches somebody for whom the quoted letter was not written.
pub(crate) fn certainly_new(text: &str, marked: Option<usize>) -> Option<&str> {
    let lines = lines(text);
    let first = match divide(&lines, marked) {
        Found::Unquoted => lines.len(),
        Found::QuotedFrom(first) => first,
        Found::Mixed => return None,
    };
    let new = &lines[..first];
    // Above our line mail programs say who wrote. If that was not recognised, it may name addresses that are nobody else's business.
    let is_bare = above_line(&lines) == Some(first);
    let introduces = |(_, line): &Line<'_>| is_bare && line.contains('@');
    let is_pure = !new.iter().any(|(_, line)| is_quoted(line)) && passed_on(&lines).is_none();
    let is_introduced = new[first.saturating_sub(IN_FRONT)..].iter().any(introduces);
    let end = lines.get(first).map_or(text.len(), |(start, _)| *start);
    Some(text[..end].trim()).filter(|new| is_pure && !is_introduced && !is_blank(new))
}

fn divide(lines: &[Line<'_>], marked: Option<usize>) -> Found {
    let marked = marked.and_then(|at| lines.iter().position(|(start, _)| *start >= at));
    let head = head(lines);
    let places = [marked, heading(lines), head, attribution(lines), arrows(lines)];
    let first = match above_line(lines) {
        // Our own line is the strongest mark. What stands far above it is no introduction to it.
        Some(ours) => {
            places.into_iter().flatten().filter(|at| (ours.saturating_sub(IN_FRONT)..=ours).contains(at)).min().unwrap_or(ours)
        }
        None => match places.into_iter().flatten().min() {
            Some(first) => first,
            None => return Found::Unquoted,
        },
    };
    if passed_on(lines).is_some_and(|at| at < first || lines[first..at].iter().all(|(_, line)| line.trim().is_empty())) {
        return Found::Mixed;
    }
    let has_new_part = lines[..first].iter().any(|(_, line)| !is_blank(line) && !is_quoted(line));
    if has_new_part && !is_interleaved(&lines[first..]) { Found::QuotedFrom(first) } else { Found::Mixed }
}

/// The lines and where each begins.
fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let line = |line: &'_ str| {
        let begins = start;
        start += line.len();
        (begins, line.len())
    };
    let places: Vec<_> = text.split_inclusive('\n').map(line).collect();
    places.into_iter().map(|(begins, length)| (begins, text[begins..begins + length].trim_end())).collect()
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// Whether what follows is a signature, or what a list appends.
fn is_end(line: &str) -> bool {
    line == "--" || line.len() >= 30 && line.bytes().all(|byte| byte == b'_')
}

/// The line without marks of quotation.
fn unquoted(line: &str) -> &str {
    line.trim_start_matches(['>', ' ', '\t', '*', '_', '\u{a0}']).trim_end_matches(['*', ' ', '\u{a0}'])
}

/// The first line with text from here on.
fn next_text(lines: &[Line<'_>], from: usize) -> Option<usize> {
    (from..lines.len()).find(|at| !lines[*at].1.trim().is_empty())
}

/// Our own line above which one writes.
fn above_line(lines: &[Line<'_>]) -> Option<usize> {
    let is_ours = |line: &str| line.len() > 2 * MARK.len() && line.starts_with(MARK) && line.ends_with(MARK);
    lines.iter().position(|(_, line)| is_ours(unquoted(line)))
}

/// A line between hyphens that says that the original letter follows.
fn heading(lines: &[Line<'_>]) -> Option<usize> {
    lines.iter().position(|(_, line)| phrases::is_above_quoted(line.trim_start_matches(['>', ' '])))
}

/// A line that says that a letter which is passed on follows.
fn passed_on(lines: &[Line<'_>]) -> Option<usize> {
    lines.iter().position(|(_, line)| phrases::is_above_passed_on(line.trim_matches(['>', '*', ' ', '\t', '\u{a0}'])))
}

/// The head of a letter that Outlook and others write in front of what they quote, with the rule above it.
fn head(lines: &[Line<'_>]) -> Option<usize> {
    let fields: Vec<Option<Field>> = lines.iter().map(|(_, line)| phrases::field(unquoted(line))).collect();
    let at = (0..lines.len()).find(|at| fields[*at].is_some() && is_head(&lines[*at..], &fields[*at..]))?;
    let is_rule = |line: &str| line.len() >= 5 && line.chars().all(|c| matches!(c, '_' | '-' | '='));
    let above = (at.saturating_sub(2)..at).find(|at| is_rule(lines[*at].1.trim()));
    Some(above.unwrap_or(at))
}

/// Whether the lines begin with a head: three different fields, of which one is the sender. A subject or an address is there, too,
/// because people also write `From: Berlin`, `To: Rome`, `Date: ..`.
fn is_head(lines: &[Line<'_>], fields: &[Option<Field>]) -> bool {
    let (mut found, mut has_address, mut gap) = (Vec::new(), false, 0);
    for ((_, line), field) in lines.iter().zip(fields).take(HEAD) {
        match field {
            Some(field) if !found.contains(field) => {
                found.push(*field);
                has_address |= line.contains('@');
                gap = 0;
            }
            // The rest of a long list of recipients, or an empty line between the fields.
            _ if gap < 2 => gap += 1,
            _ => break,
        }
    }
    found.len() >= 3 && found.contains(&Field::From) && (has_address || found.contains(&Field::Subject))
}

/// The line that says who wrote, if a quotation follows it.
fn attribution(lines: &[Line<'_>]) -> Option<usize> {
    (0..lines.len()).find_map(|end| attribution_ending_at(lines, end))
}

/// Where the words begin that say who wrote and end with this line; `None` if it does not end such words.
fn attribution_ending_at(lines: &[Line<'_>], end: usize) -> Option<usize> {
    let last = lines[end].1;
    if !last.ends_with([':', '：']) && !unquoted(last).ends_with([':', '：']) {
        return None;
    }
    let follows = next_text(lines, end + 1)?;
    let mut joined = String::new();
    let mut found = None;
    for start in (end.saturating_sub(2)..=end).rev() {
        let line = lines[start].1;
        if line.trim().is_empty() || is_quoted(line) != is_quoted(last) || line.len() + joined.len() > LONGEST {
            break;
        }
        let line = unquoted(line).to_lowercase();
        joined = if joined.is_empty() { line.clone() } else { format!("{line} {joined}") };
        let is_first = start == end || phrases::opens(&line) || line.contains('<') && line.contains('@');
        let is_dated = || joined.contains('@') && joined.contains(|c: char| c.is_ascii_digit());
        // Without marks in front of the quoted lines, only a date and an address are proof enough.
        let is_proved = || is_quoted(last) || is_quoted(lines[follows].1) || is_dated();
        let is_said = || phrases::says_who_wrote(&joined) && joined.contains(' ');
        if is_first && is_proved() && (is_said() || is_dated() && joined.ends_with(">:")) {
            found = Some(start);
        }
    }
    found
}

/// The last quoted lines, if nothing but a signature follows them, and no other quoted lines stand above.
fn arrows(lines: &[Line<'_>]) -> Option<usize> {
    let last = lines.iter().rposition(|(_, line)| is_quoted(line))?;
    let follows = lines[last + 1..].iter().take_while(|(_, line)| !is_end(line)).any(|(_, line)| !line.trim().is_empty());
    if follows {
        return None;
    }
    let belongs = |at: &usize| {
        let (_, line) = lines[*at];
        is_quoted(line) || line.trim().is_empty() || is_broken_off(lines, *at)
    };
    let first = (0..=last).rev().take_while(belongs).last()?;
    let is_only = !lines[..first].iter().any(|(_, line)| is_quoted(line));
    (first..=last).find(|at| is_only && is_quoted(lines[*at].1))
}

/// Whether a line is the end of a long quoted line, which a mail program broke and did not mark.
fn is_broken_off(lines: &[Line<'_>], at: usize) -> bool {
    let is_long = |(_, line): &Line<'_>| is_quoted(line) && line.len() >= LONG;
    at > 0 && is_long(&lines[at - 1]) && lines.get(at + 1).is_some_and(|(_, line)| is_quoted(line)) && lines[at].1.len() < LONG
}

/// Whether people wrote between the quoted lines: then nothing can be told apart.
fn is_interleaved(quoted: &[Line<'_>]) -> bool {
    let with_text = |(at, (_, line)): (usize, &Line<'_>)| (!line.trim().is_empty()).then_some((at, is_quoted(line)));
    let texts: Vec<(usize, bool)> = quoted.iter().enumerate().filter_map(with_text).collect();
    // A quotation without marks may hold older ones with marks.
    let Some(first) = texts.iter().take(5).position(|(_, is)| *is) else { return false };
    let end = texts.iter().position(|(at, _)| is_end(quoted[*at].1)).unwrap_or(texts.len());
    texts.get(first..end).unwrap_or_default().iter().any(|(at, is)| !is && !is_broken_off(quoted, *at))
}

#[cfg(test)]
mod tests;
