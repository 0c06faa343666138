//! Letters of the usual programs, and texts that cannot be divided.

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
        // Other languages.
        "Merci !\n\n|Le lun. 2 nov. 2026 à 10:00, Support <a@b.example> a écrit :\n\n> Bonjour\n",
        "Gracias\n\n|El lun, 2 nov 2026 a las 10:00, Support (<a@b.example>) escribió:\n\n> Hola\n",
        "Grazie\n\n|Il giorno lun 2 nov 2026 alle ore 10:00 Support <a@b.example> ha\nscritto:\n\n> Ciao\n",
        "Dank\n\n|Op ma 2 nov 2026 om 10:00 schreef Support <a@b.example>:\n\n> Hallo\n",
        "Op 2-11 werkte het niet.\n\n|Op 2 november 2026 om 10:00 heeft Support <a@b.example> het volgende geschreven:\n> Hallo\n",
        "Dziękuję\n\n|pon., 2 lis 2026 o 10:00 Support <a@b.example> napisał(a):\n\n> Cześć\n",
        "Obrigada\n\n|Em seg., 2 de nov. de 2026 às 10:00, Support <a@b.example> escreveu:\n\n> Olá\n",
        "Tak\n\n|Den man. 2. nov. 2026 kl. 10.00 skrev Support <a@b.example>:\n\n> Hej\n",
        "Tack\n\n|Den mån 2 nov. 2026 kl 10:00 skrev Support\n<a@b.example>:\n\n> Hej\n",
        "Merci\n\n|De : Support <a@b.example>\nEnvoyé : lundi\nÀ : Anna\nObjet : x\n\nBonjour\n",
        "Gracias\n\n|________________________________\nDe: Support <a@b.example>\nEnviado: lunes\nPara: Anna\nAsunto: x\n\nHola\n",
        "Tack\n\n|Från: Support\nSkickat: måndag\nTill: Anna\nÄmne: x\n\nHej\n",
        "Danke\n\n|Gesendet: Montag\nVon: Support <a@b.example>\nAn: Anna\nBetreff: x\nHallo\n",
        // No marks in front of the quoted lines: an address and a date are proof.
        "Thanks\n\n|On Monday, 2 November 2026 at 10:00:00 CET, Support <a@b.example> wrote:\n\nHello there\n",
        "Thanks\n\n|2026-11-02 10:00 GMT+01:00 Support <a@b.example>:\n\n> Hello\n",
        "Thanks\n\n|‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Monday, Support wrote:\n\n> Hello\n",
        // The end of a long quoted line lost its mark.
        "Thanks\n|On Mon, 2 Nov 2026 at 10:00, Support <a@b.example> wrote:\n> This is a long line of a letter that some \
         program broke in the\nmiddle\n> Bye\n",
        // What somebody pasted far above our line is new.
        "My bill says:\nFrom: a@b.example\nTo: c@d.example\nSubject: x\n\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n|-=- Please write \
         your reply above this line -=-\nHello\n",
        "Sent from my iPhone\n\n|On 2 Nov 2026, at 10:00, Support <a@b.example> wrote:\n\n> -=- Please write your reply above this line \
         -=-\n> Hello\n",
        // Lines of quotation only.
        "Yes.\n\n|> Does it work?\n> Bye\n\n-- \nAnna",
        "Yes.\n|> a\n\n> b\n",
        // A list appended something.
        "Yes.\n\n|On Monday, Support wrote:\n> a\n\n_______________________________________________\nA list\nhttps://x.example\n",
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
        // Passed on to us.
        "See below.\n\n---------- Forwarded message ---------\nFrom: x <a@b.example>\nDate: Monday\nSubject: y\nTo: z\n\nHello\n",
        "Siehe unten\n\nAnfang der weitergeleiteten Nachricht:\n\n> Von: x <a@b.example>\n> Betreff: y\n> Datum: Montag\n> An: z\n>\n> Hallo\n",
        "Hi\n\n> Begin forwarded message:\n>\n> From: Ben <ben@x.example>\n> Date: Monday\n> Subject: y\n>\n> Hello\n",
        // One line between quoted lines is an answer.
        "On Monday, Support wrote:\n> Does it work?\nYes.\n> Bye\n",
        "Hi\n> Does it work?\nYes.\n> Bye\n",
        // Answers below.
        "Hello,\n\nOn Mon, 2 Nov 2026 at 10:00, Support <a@b.example> wrote:\n> Does it work?\n\nYes.\n",
        // No heads of letters.
        "A ticket, please.\nFrom: Berlin\nTo: Rome\nDate: 3 May\n",
        "Our colleague wrote:\nplease restart it\nand it did not help",
    ] {
        assert_eq!(begins_at(text, None), None, "{text:?}");
    }
}

/// M-01: what a supporter writes reaches the customer, and what they quote does not.
#[test]
fn what_is_certainly_new_as_a_table() {
    let mark = "-=- Please write your reply above this line -=-";
    let notice = format!("{mark}\n\nHello Sara,\n\nAnna has replied.\n\nTicket: #12 Printer");
    let signed = "Yes.\n\nSara Berg\nsara@x.example";
    for (text, new) in [
        ("Yes.".to_owned(), Some("Yes.")),
        (format!("Yes.\n\nOn Mon, 2 Nov 2026 at 10:00, Support <a@b.example> wrote:\n\n> {mark}\n> Hello\n"), Some("Yes.")),
        (format!("{signed}\n\nOn Mon, 2 Nov 2026 at 10:00, Support <a@b.example> wrote:\n\n> {mark}\n> Hello\n"), Some(signed)),
        (format!("Ja.\n\nVon: Support <a@b.example>\nGesendet: Montag\nAn: Sara\nBetreff: x\n\n{notice}"), Some("Ja.")),
        (format!("Yes.\n\n{notice}"), Some("Yes.")),
        (format!("Yes.\n> {}", notice.replace('\n', "\n> ")), Some("Yes.")),
        // An introduction in a language that is not known.
        (format!("Igen.\n\nFeladó: Support <a@b.example>\nCímzett: Sara <sara@x.example>\nTárgy: x\n\n{notice}"), None),
        (format!("{signed}\n\n{notice}"), None),
        // Nothing is new, or it stands below or between.
        (notice.clone(), None),
        (format!("{notice}\n\nYes."), None),
        (format!("> {}\n\nYes.\n", notice.replace('\n', "\n> ")), None),
        ("Hi\n> Is it new?\nYes.\n> Is it blue?\nNo.\n".to_owned(), None),
        ("Yes.\n\n> He never pays\n\nSee above.\n".to_owned(), None),
        (format!("> He never pays\n\nYes.\n\n{notice}"), None),
        // Passed on.
        ("See below.\n\n---------- Forwarded message ---------\nFrom: x <a@b.example>\nDate: Monday\nSubject: y\nTo: z\n\nHi\n".to_owned(), None),
        ("Look\n\n-------- Forwarded Message --------\nHello\n".to_owned(), None),
        (" \n".to_owned(), None),
    ] {
        assert_eq!(certainly_new(&text, None), new, "{text:?}");
    }
    assert_eq!(certainly_new("Yes.\nThe old letter", Some(5)), Some("Yes."));
    assert_eq!(certainly_new("The old letter", Some(0)), None);
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
        if let Some(new) = certainly_new(&text, marked) {
            prop_assert!(!new.is_empty() && !new.lines().any(|line| line.trim_start().starts_with('>')), "{}", new);
        }
    }
}
