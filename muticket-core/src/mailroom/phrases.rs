//! The words by which mail programs introduce what they quote, in the languages of Europe that most letters are written in (M-06).
//!
//! English, German, French, Spanish, Italian, Dutch, Polish, Portuguese, Danish, Norwegian, Swedish, Finnish, Czech and Russian. All in
//! lower case.

/// A field of the head of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    From,
    Date,
    To,
    Copy,
    Subject,
}

/// Names of the fields, as Outlook and others write them in front of a quoted letter.
const FIELDS: [(Field, &[&str]); 5] = [
    (
        Field::From,
        &["from", "von", "de", "da", "van", "od", "fra", "från", "lähettäjä", "от", "expéditeur", "remitente", "mittente"],
    ),
    (
        Field::Date,
        &[
            "sent",
            "date",
            "gesendet",
            "datum",
            "envoyé",
            "envoyé le",
            "enviado",
            "enviado el",
            "enviada em",
            "enviado em",
            "fecha",
            "inviato",
            "data",
            "verzonden",
            "wysłano",
            "wysłane",
            "sendt",
            "dato",
            "skickat",
            "lähetetty",
            "päivämäärä",
            "odesláno",
            "отправлено",
            "дата",
        ],
    ),
    (Field::To, &["to", "an", "à", "a", "para", "aan", "do", "til", "till", "vastaanottaja", "komu", "кому", "destinataire"]),
    (Field::Copy, &["cc", "kopie", "copie", "copie à", "kopi", "kopia", "dw", "kopio", "копия"]),
    (
        Field::Subject,
        &[
            "subject",
            "betreff",
            "betrifft",
            "objet",
            "asunto",
            "oggetto",
            "onderwerp",
            "temat",
            "assunto",
            "emne",
            "ämne",
            "aihe",
            "předmět",
            "тема",
        ],
    ),
];

/// Words that say that somebody wrote. See [`says_who_wrote`].
const WROTE: [&str; 28] = [
    "wrote",
    "writes",
    "schrieb",
    "schreibt",
    "geschrieben",
    "écrit",
    "écrivait",
    "escribió",
    "escribio",
    "ha scritto",
    "scrive",
    "schreef",
    "geschreven",
    "pisze",
    "napisał",
    "napisała",
    "napisał(a)",
    "napisal",
    "napsal",
    "napsal(a)",
    "escreveu",
    "skrev",
    "skriver",
    "kirjoitti",
    "написал",
    "написал(а)",
    "пишет",
    "пише",
];

/// How a line begins that says when and who, if it is longer than one line.
const OPENERS: [&str; 41] = [
    "on ", "am ", "le ", "el ", "il ", "op ", "em ", "den ", "w dniu ", "dnia ", "dne ", "kl ", "ma ", "ti ", "mon", "tue",
    "wed", "thu", "fri", "sat", "sun", "lun", "mar", "mer", "gio", "ven", "dom", "pon", "wt", "śr", "czw", "pt", "sob", "niedz",
    "man", "tir", "ons", "tor", "fre", "lør", "søn",
];

/// More of them.
const MORE_OPENERS: [&str; 8] = ["mån", "tis", "lör", "sön", "pt.", "po ", "út ", "в "];

/// Lines between hyphens above a quoted letter.
const QUOTED: [&str; 21] = [
    "original message",
    "original appointment",
    "reply message",
    "ursprüngliche nachricht",
    "original-nachricht",
    "original nachricht",
    "originalnachricht",
    "originalmail",
    "message d'origine",
    "message d’origine",
    "message original",
    "mensaje original",
    "messaggio originale",
    "oorspronkelijk bericht",
    "origineel bericht",
    "wiadomość oryginalna",
    "oryginalna wiadomość",
    "mensagem original",
    "oprindelig meddelelse",
    "ursprungligt meddelande",
    "originalmeddelande",
];

/// Lines above a letter that somebody passes on. The letter is new text.
const PASSED_ON: [&str; 36] = [
    "forwarded message",
    "begin forwarded message",
    "weitergeleitete nachricht",
    "anfang der weitergeleiteten nachricht",
    "weitergeleitete mail",
    "message transféré",
    "message réexpédié",
    "début du message transféré",
    "début du message réexpédié",
    "mensaje reenviado",
    "inicio del mensaje reenviado",
    "messaggio inoltrato",
    "inizio messaggio inoltrato",
    "doorgestuurd bericht",
    "begin doorgestuurd bericht",
    "wiadomość przekazana",
    "przekazana wiadomość",
    "początek przekazanej wiadomości",
    "treść przekazanej wiadomości",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "início da mensagem encaminhada",
    "início da mensagem reencaminhada",
    "videresendt meddelelse",
    "start på videresendt besked",
    "vidarebefordrat meddelande",
    "vidarebefordrat mejl",
    "fwd.msg",
    "wiadomość przesłana dalej",
    "videresendt melding",
    "videresendt besked",
    "edelleenlähetetty viesti",
    "välitetty viesti / fwd.msg",
    "přeposlaná zpráva",
    "пересылаемое сообщение",
    "перенаправленное сообщение",
];

/// What stands in front of the subject of a letter that is passed on.
const PASSED_ON_SUBJECTS: [&str; 13] =
    ["fw:", "fwd:", "wg:", "tr:", "rv:", "i:", "doorst:", "fs:", "pd:", "enc:", "vs:", "vb:", "vl:"];

/// The field that a line of a head names; `None` if it names none.
pub(crate) fn field(line: &str) -> Option<Field> {
    let (name, _) = line.split_once([':', '：'])?;
    // No name is longer.
    if name.len() > 40 {
        return None;
    }
    let name = name.trim_matches(|c: char| c == '*' || c.is_whitespace()).to_lowercase();
    FIELDS.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(field, _)| *field)
}

/// Whether a line in lower case says that somebody wrote.
pub(crate) fn says_who_wrote(line: &str) -> bool {
    let is_border = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '(');
    WROTE.iter().any(|word| {
        line.match_indices(word)
            .any(|(at, _)| is_border(line[..at].chars().next_back()) && is_border(line[at + word.len()..].chars().next()))
    })
}

/// Whether a line in lower case begins as one that says when and who wrote.
pub(crate) fn opens(line: &str) -> bool {
    let begins = OPENERS.iter().chain(&MORE_OPENERS).any(|word| line.starts_with(word));
    (begins || line.starts_with(|c: char| c.is_ascii_digit())) && line.contains(|c: char| c.is_ascii_digit())
}

/// Whether the line stands above a quoted letter, between hyphens.
pub(crate) fn is_above_quoted(line: &str) -> bool {
    within_hyphens(line).is_some_and(|words| QUOTED.contains(&words.as_str()))
}

/// Whether the line stands above a letter that is passed on.
pub(crate) fn is_above_passed_on(line: &str) -> bool {
    // Apple Mail writes no hyphens and a colon.
    let words =
        within_hyphens(line).or_else(|| line.strip_suffix([':', '：']).filter(|words| words.len() < 60).map(str::to_lowercase));
    words.is_some_and(|words| PASSED_ON.contains(&words.trim_end_matches([':', ' ']).trim_end()))
}

/// Whether the subject is that of a letter that is passed on.
pub(crate) fn is_passed_on(subject: &str) -> bool {
    let start: String = subject.trim_start().chars().take(10).flat_map(char::to_lowercase).collect();
    PASSED_ON_SUBJECTS.iter().any(|mark| start.starts_with(mark))
}

/// The words between hyphens, in lower case.
fn within_hyphens(line: &str) -> Option<String> {
    let is_hyphen = |c: char| matches!(c, '-' | '_' | '=' | '\u{2010}'..='\u{2015}');
    let line = line.trim();
    let words = line.trim_matches(|c| is_hyphen(c) || c == ' ');
    let has_hyphens =
        line.chars().take(2).filter(|c| is_hyphen(*c)).count() == 2 && line.chars().next_back().is_some_and(is_hyphen);
    (has_hyphens && !words.is_empty() && words.len() < 60).then(|| words.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_heads_are_known_in_many_languages() {
        for (line, expected) in [
            ("From: Support <a@b.example>", Some(Field::From)),
            ("*Von:* Support", Some(Field::From)),
            ("De : Support", Some(Field::From)),
            ("Envoyé : lundi", Some(Field::Date)),
            ("Enviado el: lunes", Some(Field::Date)),
            ("À : Anna", Some(Field::To)),
            ("Ämne: Skrivare", Some(Field::Subject)),
            ("DW: Ben", Some(Field::Copy)),
            ("Fromage: non", None),
            ("no field", None),
            (": empty", None),
        ] {
            assert_eq!(field(line), expected, "{line}");
        }
    }

    #[test]
    fn words_count_only_as_words() {
        for line in ["on monday, x wrote:", "support schrieb am 2.11.:", "le 2 nov., x <a@b> a écrit :", "x napisał(a):"] {
            assert!(says_who_wrote(line), "{line}");
        }
        for line in ["i rewrote:", "unterschrieben:", "wrotes", "nothing"] {
            assert!(!says_who_wrote(line), "{line}");
        }
        assert!(opens("on mon, 2 nov 2026") && opens("2026-11-02 10:00") && !opens("on monday") && !opens("danke 2"));
    }

    #[test]
    fn lines_between_hyphens_are_known() {
        for line in
            ["-----Original Message-----", "-------- Ursprüngliche Nachricht --------", "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐"]
        {
            assert!(is_above_quoted(line) && !is_above_passed_on(line), "{line}");
        }
        for line in
            ["---------- Forwarded message ---------", "Begin forwarded message:", "-------- Weitergeleitete Nachricht --------"]
        {
            assert!(is_above_passed_on(line) && !is_above_quoted(line), "{line}");
        }
        for line in ["original message", "-", "--", "", "----------", "-- Anna --", "Forwarded message"] {
            assert!(!is_above_quoted(line) && !is_above_passed_on(line), "{line}");
        }
        assert!(is_passed_on(" FWD: Toner") && is_passed_on("WG: Toner") && !is_passed_on("Re: Fwd: Toner") && !is_passed_on(""));
    }
}
