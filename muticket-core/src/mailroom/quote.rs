//! Tells what is new in a letter from what it quotes (M-06). Nothing is cut: the result is a place in the text.

/// The marks at both ends of the line above which one writes. See `reply-above` in the sentences of letters.
const MARK: &str = "-=-";

/// Words between which mail programs write who wrote the quoted letter, in lower case: `On .. wrote:`.
const ATTRIBUTIONS: [(&str, &str); 4] = [("on ", "wrote:"), ("on ", "writes:"), ("am ", "schrieb"), ("am ", "geschrieben:")];

/// The same on one line with the name in front: `Anna schrieb am ..:`.
const NAME_FIRST: [&str; 2] = ["schrieb am ", "wrote on "];

/// Lines above a quoted letter, in lower case and without the hyphens around them.
const HEADINGS: [&str; 4] = ["original message", "ursprüngliche nachricht", "original-nachricht", "originalnachricht"];

/// The first lines of the head of a quoted letter, as Outlook writes it: sender, then one of the others within the next lines.
const SENDERS: [&str; 2] = ["from:", "von:"];
const OTHERS: [&str; 8] = ["sent:", "gesendet:", "date:", "datum:", "to:", "an:", "subject:", "betreff:"];

/// Where the quoted part begins, in bytes; `None` if there is none, if nothing would be left, or if answers stand between the quoted
/// lines. `marked` is where a mail program said that it begins.
pub(crate) fn begins_at(text: &str, marked: Option<usize>) -> Option<usize> {
    let lines = lines(text);
    let marked = marked.and_then(|at| lines.iter().position(|(start, _)| *start >= at));
    let first = [marked, above_line(&lines), heading(&lines), outlook(&lines), attribution(&lines), arrows(&lines)]
        .into_iter()
        .flatten()
        .min()?;
    let (start, _) = lines.get(first)?;
    let has_new_part = text[..*start].lines().any(|line| !line.trim().is_empty() && !is_quoted(line));
    (has_new_part && !is_interleaved(&lines[first..])).then_some(*start)
}

/// The lines and where each begins.
fn lines(text: &str) -> Vec<(usize, &str)> {
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

/// The line without marks of quotation.
fn unquoted(line: &str) -> &str {
    line.trim_start_matches(['>', ' ', '\t', '*', '_', '\u{a0}']).trim_end_matches(['*', ' '])
}

/// Our own line above which one writes, or the line in front of it that says who wrote.
fn above_line(lines: &[(usize, &str)]) -> Option<usize> {
    let is_ours = |line: &str| line.len() > 2 * MARK.len() && line.starts_with(MARK) && line.ends_with(MARK);
    let at = lines.iter().position(|(_, line)| is_ours(unquoted(line)))?;
    // Most programs say who wrote, in up to three lines in front.
    let said = (at.saturating_sub(4)..at).find(|at| attribution_at(lines, *at));
    Some(said.unwrap_or(at))
}

fn heading(lines: &[(usize, &str)]) -> Option<usize> {
    lines.iter().position(|(_, line)| {
        let line = unquoted(line);
        let words = line.trim_matches(['-', '_', ' ']);
        line.starts_with("--") && HEADINGS.contains(&words.to_lowercase().as_str())
    })
}

/// The head that Outlook writes in front of a quoted letter, with the line above it.
fn outlook(lines: &[(usize, &str)]) -> Option<usize> {
    let begins = |line: &str, words: &[&str]| {
        let line = unquoted(line).replace('*', "").to_lowercase();
        words.iter().any(|word| line.starts_with(word))
    };
    let at = (0..lines.len()).find(|at| {
        let next = lines[at + 1..].iter().take(3).filter(|(_, line)| begins(line, &OTHERS)).count();
        begins(lines[*at].1, &SENDERS) && next >= 2
    })?;
    let is_rule = |line: &str| line.len() >= 5 && line.chars().all(|c| matches!(c, '_' | '-' | '='));
    let above = (at.saturating_sub(2)..at).find(|at| is_rule(lines[*at].1.trim()));
    Some(above.unwrap_or(at))
}

/// A line that says who wrote, if a quotation follows it to the end.
fn attribution(lines: &[(usize, &str)]) -> Option<usize> {
    let last = lines.iter().rposition(|(_, line)| is_quoted(line))?;
    (0..last).find(|at| !is_quoted(lines[*at].1) && attribution_at(lines, *at))
}

/// Whether the line says who wrote, alone or with up to two that follow it.
fn attribution_at(lines: &[(usize, &str)], at: usize) -> bool {
    let mut said = String::new();
    for (_, line) in lines[at..].iter().take(3) {
        let line = unquoted(line).to_lowercase();
        if line.is_empty() {
            break;
        }
        said.push_str(&line);
        let says = |(start, end): &(&str, &str)| said.starts_with(start) && said.contains(end);
        let says_name = said == line && NAME_FIRST.iter().any(|words| line.contains(words));
        if said.ends_with(':') && said.len() < 400 && (says_name || ATTRIBUTIONS.iter().any(says)) {
            return true;
        }
        said.push(' ');
    }
    false
}

/// The last quoted lines, if nothing but a signature follows them.
fn arrows(lines: &[(usize, &str)]) -> Option<usize> {
    let last = lines.iter().rposition(|(_, line)| is_quoted(line))?;
    let follows = lines[last + 1..].iter().take_while(|(_, line)| *line != "--").any(|(_, line)| !line.trim().is_empty());
    if follows {
        return None;
    }
    let belongs = |(_, line): &&(usize, &str)| is_quoted(line) || line.trim().is_empty();
    let count = lines[..=last].iter().rev().take_while(belongs).count();
    let first = last + 1 - count;
    (first..=last).find(|at| is_quoted(lines[*at].1))
}

/// Whether people wrote between the quoted lines: then nothing can be told apart.
fn is_interleaved(quoted: &[(usize, &str)]) -> bool {
    let arrows: Vec<bool> = quoted.iter().filter(|(_, line)| !line.trim().is_empty()).map(|(_, line)| is_quoted(line)).collect();
    let Some(first) = arrows.iter().position(|is| *is) else { return false };
    let signature = quoted.iter().filter(|(_, line)| !line.trim().is_empty()).position(|(_, line)| *line == "--");
    let end = signature.unwrap_or(arrows.len());
    // Long lines that a mail program broke lose their mark, so one line without it may stand between two with it.
    let rest = arrows.get(first..end).unwrap_or_default();
    rest.windows(2).any(|two| two == [false, false]) || rest.last() == Some(&false)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// M-06: the new part and the quoted part of letters of the usual programs, divided by `|`.
    #[test]
    fn quoted_parts_as_a_table() {
        let cases = [
            // Gmail, Apple Mail, Thunderbird.
            "Thanks.\n\n|On Mon, 2 Nov 2026 at 10:00, Support <support@example.org> wrote:\n\n> Try it.\n> Bye\n",
            "Thanks.\n|On Mon, 2 Nov 2026 at 10:00, Support\n<support+t12@example.org> wrote:\n> Try it.\n",
            "Danke!\n\n|Am Mo., 2. Nov. 2026 um 10:00 Uhr schrieb Support <support@example.org>:\n\n> Hallo\n",
            "Danke!\n|Am 02.11.26 um 10:00 schrieb Support:\n> Hallo\n>\n> Gruß\n\n",
            "Danke!\n|Support <a@b.example> schrieb am Mo., 2. Nov. 2026, 10:00:\n> Hallo\n",
            "Danke!\n|Am 02.11.2026 um 10:00 hat Support <a@b.example> geschrieben:\n>> Hallo\n",
            // Outlook.
            "Danke\n\n|-----Ursprüngliche Nachricht-----\nVon: Support\nGesendet: Montag\nAn: Anna\nBetreff: Ticket\n\nHallo",
            "Thanks\n\n|________________________________\nFrom: Support <a@b.example>\nSent: Monday\nTo: Anna\nSubject: x\n\nHello",
            "Danke\n\n|*Von:* Support\n*Gesendet:* Montag\n*An:* Anna\n*Betreff:* x\n\nHallo\n",
            "Thanks\n|-----Original Message-----\nFrom: x\n",
            // Our own line.
            "Danke\n\n|-=- Bitte schreiben Sie Ihre Antwort über diese Zeile -=-\n\nGuten Tag",
            "Danke\n\n|Am Montag schrieb Support:\n\n> -=- Bitte schreiben Sie Ihre Antwort über diese Zeile -=-\n> Guten Tag\n",
            "Thanks\n|> > -=- Please write your reply above this line -=-\n> Hello\n",
            // Lines of quotation only.
            "Yes.\n\n|> Does it work?\n> Bye\n\n-- \nAnna",
            "Yes.\n|> a\n\n> b\n",
        ];
        for case in cases {
            let (new, quoted) = case.split_once('|').unwrap();
            let text = format!("{new}{quoted}");
            let at = begins_at(&text, None);
            assert_eq!(at.map(|at| (&text[..at], &text[at..])), Some((new, quoted)), "{case}");
        }
    }

    /// M-06: "where nothing new can be told apart, all is shown".
    #[test]
    fn all_is_shown_where_nothing_can_be_told_apart() {
        for text in [
            "",
            "Thanks.",
            "> only quoted\n> lines\n",
            "On Monday, Support wrote:\n> Hello\n",
            "> Does it work?\nYes.\n> And the other?\nNo.\n",
            "Hi\n\nOn Monday, Support wrote:\n> Does it work?\n\nYes, it does.\nThank you.\n\n> And the other?\n\nNo.\n",
            "Hi,\n> quoted\nand this is what I think of it",
            "From: here to there\nis what we want",
            "I was on holiday and she wrote: hello",
            "-=- not our line\nHello",
            "---------- Forwarded message ---------\nFrom: x <a@b.example>\n",
            "1 > 2\n",
        ] {
            assert_eq!(begins_at(text, None), None, "{text:?}");
        }
    }

    #[test]
    fn a_mark_of_the_mail_program_counts() {
        let text = "Thanks\nThe old letter\nwithout a mark";
        assert_eq!(begins_at(text, Some(7)), Some(7));
        assert_eq!(begins_at(text, Some(0)), None, "nothing is new");
        assert_eq!(begins_at(text, Some(999)), None);
    }

    proptest! {
        #[test]
        fn any_text_can_be_divided(
            text in "(>|-=-|-| |\\n|on |wrote:|am |schrieb|von:|an:|betreff:|--|ä|a|_____){0,60}|\\PC{0,200}",
            marked in proptest::option::of(0_usize..300),
        ) {
            if let Some(at) = begins_at(&text, marked) {
                prop_assert!(text.is_char_boundary(at) && !text[..at].trim().is_empty());
            }
        }
    }
}
