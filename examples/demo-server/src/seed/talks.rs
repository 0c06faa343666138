//! The demo's conversations. Customers and supporters write in the customer's language.

use muticket_core::ticket::Priority;

/// One conversation.
pub(super) struct Talk {
    /// The customer who opened it.
    pub(super) customer: &'static str,
    /// Its category.
    pub(super) kind: Kind,
    /// When it was opened, in minutes before now.
    pub(super) opened: i64,
    pub(super) subject: &'static str,
    pub(super) text: &'static str,
    /// The file name of an attached picture.
    pub(super) picture: Option<&'static str>,
    /// The steps that followed, each with its time in minutes before now.
    pub(super) steps: &'static [(i64, Step)],
}

/// The categories.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Billing,
    Technical,
}

/// One step of a conversation.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// The customer writes a reply.
    Reply(&'static str),
    /// A supporter writes an answer.
    Answer(&'static str, &'static str),
    /// The customer rates the previous answer.
    Rate(u8),
    /// A supporter puts these labels on the ticket.
    Labels(&'static str, &'static [&'static str]),
    /// A supporter closes the ticket.
    Close(&'static str),
    /// A supporter assigns the ticket to a supporter.
    Assign(&'static str, &'static str),
    /// A supporter sets the priority.
    Prioritize(&'static str, Priority),
    /// A supporter writes a note that mentions a supporter.
    Note(&'static str, &'static str, &'static str),
}

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// All conversations, in the order in which they were opened.
pub(super) const TALKS: [Talk; 6] = [
    Talk {
        customer: "anna",
        kind: Kind::Billing,
        opened: 13 * DAY + 190,
        subject: "Rechnung 2041 kam zweimal",
        text: "Guten Tag,\n\nheute kam die Rechnung 2041 über 389,00 € noch einmal mit der Post, mit einem neuen Datum. Bezahlt habe ich \
               sie schon am 3. des Monats.\n\nMuss ich etwas tun?\n\nViele Grüße\nAnna Lindqvist",
        picture: None,
        steps: &[
            (
                13 * DAY + 40,
                Step::Answer(
                    "sara",
                    "Guten Tag Frau Lindqvist,\n\nnein, Sie müssen nichts tun: Ihre Zahlung ist da. Der zweite Ausdruck war unser \
                     Versehen beim Wechsel des Druckdienstes.\n\nWerfen Sie ihn gern weg. Entschuldigen Sie die Verwirrung!\n\n\
                     Sara Wendt",
                ),
            ),
            (13 * DAY - 30, Step::Rate(5)),
            (13 * DAY - 45, Step::Reply("Vielen Dank für die schnelle Antwort! Kann ich die Rechnung auch als PDF bekommen?")),
            (
                12 * DAY + 300,
                Step::Answer(
                    "sara",
                    "Gern. Sie finden alle Rechnungen als PDF in Ihrem Konto unter „Bestellungen“. Künftig schicken wir Ihnen \
                     keine mehr auf Papier.",
                ),
            ),
            (12 * DAY + 120, Step::Rate(4)),
            (11 * DAY + 200, Step::Close("sara")),
        ],
    },
    Talk {
        customer: "ben",
        kind: Kind::Technical,
        opened: 9 * DAY + 75,
        subject: "Desk lamp \"Hafen\" flickers when dimmed",
        text: "Hello,\n\nmy Hafen lamp flickers as soon as I dim it below about a third. At full brightness it is fine. I have tried \
               two sockets.\n\nIs that a fault, or am I doing something wrong?\n\nBen",
        picture: None,
        steps: &[
            (9 * DAY - 20, Step::Answer("tom", "Hi Ben,\n\nhave you tried turning it off and on again?\n\nTom")),
            (9 * DAY - 50, Step::Rate(2)),
            (9 * DAY - 55, Step::Reply("Several times, yes. It flickers every evening.")),
            (
                8 * DAY + 400,
                Step::Answer(
                    "tom",
                    "Sorry, that was too quick of me.\n\nLamps made before March have a driver that does not like low levels. Yours \
                     is one of them, going by your order. A new driver is on its way; it clicks in at the foot of the lamp:\n\n\
                     1. Unplug the lamp.\n2. Turn the foot a quarter to the left.\n3. Swap the white box.\n\nThe old one can go into \
                     electronics recycling.",
                ),
            ),
            (8 * DAY + 399, Step::Labels("tom", &["Warranty", "Spare part"])),
            (5 * DAY + 30, Step::Reply("It arrived, took me two minutes, and the lamp is steady now. Thank you!")),
            (5 * DAY + 28, Step::Rate(5)),
            (5 * DAY - 100, Step::Close("tom")),
        ],
    },
    Talk {
        customer: "ben",
        kind: Kind::Technical,
        opened: 3 * DAY + 140,
        subject: "Crack in the desk top after delivery",
        text: "Hello,\n\nthe oak desk came today and there is a crack on the right side, about 20 cm long. The box was not damaged.\n\n\
               I have attached a picture. What now?\n\nBen",
        picture: Some("desk-crack.png"),
        steps: &[
            (
                3 * DAY - 90,
                Step::Answer(
                    "tom",
                    "Hi Ben,\n\nthat should not happen, I am sorry. You get a new top; the frame can stay where it is.\n\nCould you \
                     look for the number on the sticker under the top (it begins with KN) and tell me which mornings next week \
                     somebody is at home?",
                ),
            ),
            (3 * DAY - 91, Step::Labels("tom", &["Warranty"])),
            (3 * DAY - 240, Step::Rate(4)),
            (3 * DAY - 250, Step::Prioritize("tom", Priority::High)),
            (
                3 * DAY - 260,
                Step::Note(
                    "tom",
                    "uwe",
                    "Uwe, is there an oak top, 160 × 80, in the workshop? It must leave on Monday at the latest.",
                ),
            ),
        ],
    },
    Talk {
        customer: "anna",
        kind: Kind::Technical,
        opened: 2 * DAY + 20,
        subject: "Schreibtisch fährt nicht mehr hoch",
        text: "Hallo,\n\nmein Schreibtisch „Kai“ bleibt seit gestern bei 74 cm stehen. Beim Druck auf den Pfeil klickt es nur.\n\nDas Netzteil \
               leuchtet grün.\n\nAnna Lindqvist",
        picture: None,
        steps: &[
            (
                DAY + 380,
                Step::Answer(
                    "tom",
                    "Guten Tag Frau Lindqvist,\n\nvermutlich hat die Steuerung ihre Nulllage verloren. Bitte halten Sie den Pfeil nach unten \
                     zehn Sekunden lang gedrückt, bis der Tisch ganz unten ist und zweimal piept. Danach fährt er meist wieder.\n\n\
                     Tom Hartley",
                ),
            ),
            (
                5 * HOUR + 12,
                Step::Reply(
                    "Er piept jetzt zweimal, fährt dann aber nur bis 80 cm und bleibt wieder stehen. Auf der Anzeige steht „E07“.",
                ),
            ),
            (4 * HOUR + 50, Step::Prioritize("tom", Priority::Urgent)),
            (
                4 * HOUR + 45,
                Step::Note(
                    "tom",
                    "sara",
                    "E07 ist der Motor links. Sara, bitte buche den Techniker für Donnerstag. Frau Lindqvist wartet schon zwei Tage.",
                ),
            ),
        ],
    },
    Talk {
        customer: "ben",
        kind: Kind::Billing,
        opened: 3 * HOUR + 25,
        subject: "VAT number missing on invoice 2107",
        text: "Hello,\n\nour accounting asks for your VAT number on invoice 2107, it is only on the older ones. Could you send a corrected \
               copy?\n\nThanks,\nBen",
        picture: None,
        steps: &[(2 * HOUR + 10, Step::Assign("tom", "sara"))],
    },
    Talk {
        customer: "anna",
        kind: Kind::Technical,
        opened: 38,
        subject: "Gibt es das Regal „Mole“ auch in 35 cm Tiefe?",
        text: "Guten Tag,\n\nfür Ordner sind 28 cm etwas knapp. Lässt sich das Regal „Mole“ mit tieferen Böden bestellen oder später umrüsten?\n\n\
               Viele Grüße\nAnna Lindqvist",
        picture: None,
        steps: &[(20, Step::Labels("sara", &["Wish"]))],
    },
];
