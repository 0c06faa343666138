//! The everyday tickets of three months, so that lists and statistics have something to show. Their questions repeat, as in a real shop.

use super::talks::Kind;

/// A question that customers ask, and its answer.
pub(super) struct Question {
    pub(super) kind: Kind,
    /// The customer's language: English or German.
    pub(super) german: bool,
    /// `{}` stands for an order number.
    subject: &'static str,
    text: &'static str,
    pub(super) answer: &'static str,
}

/// A ticket of the three months.
pub(super) struct Everyday {
    pub(super) question: &'static Question,
    pub(super) customer: &'static str,
    /// The supporter who answers it; `None` if nobody has answered yet.
    pub(super) supporter: Option<&'static str>,
    /// When it was opened, in minutes before now, and how many minutes later it was answered.
    pub(super) opened: i64,
    pub(super) answered_after: i64,
    pub(super) closed: bool,
    /// The stars that the customer gave.
    pub(super) stars: Option<u8>,
    order: i64,
}

impl Everyday {
    pub(super) fn subject(&self) -> String {
        self.question.subject.replace("{}", &self.order.to_string())
    }

    pub(super) fn text(&self) -> String {
        self.question.text.replace("{}", &self.order.to_string())
    }
}

/// How many tickets there are.
const TICKETS: i64 = 54;
const DAY: i64 = 24 * 60;

/// The tickets, oldest first. The same ones in every demo.
pub(super) fn everyday() -> impl Iterator<Item = Everyday> {
    (0..TICKETS).map(|place| {
        // One ticket in a bit less than two days.
        let opened = 92 * DAY - place * 92 * DAY / TICKETS + (place * 397) % 500;
        let question = &QUESTIONS[usize::try_from(place * 5 % 18).unwrap_or_default()];
        let recent = place >= TICKETS - 14;
        let waits = recent && place % 3 == 0;
        let supporter = match question.kind {
            _ if place % 7 == 6 => "uwe",
            Kind::Billing => "sara",
            Kind::Technical => "tom",
        };
        Everyday {
            question,
            customer: if question.german { "anna" } else { "ben" },
            supporter: (!waits).then_some(supporter),
            opened,
            answered_after: 25 + (place * 211) % 1300,
            closed: !recent || place % 4 == 1,
            stars: (!waits && place % 2 == 0)
                .then(|| [5, 4, 5, 3, 5, 4, 2, 5][usize::try_from(place / 2 % 8).unwrap_or_default()]),
            order: 1900 + place * 4,
        }
    })
}

const fn question(kind: Kind, german: bool, subject: &'static str, text: &'static str, answer: &'static str) -> Question {
    Question { kind, german, subject, text, answer }
}

const QUESTIONS: [Question; 18] = [
    question(
        Kind::Billing,
        true,
        "Rechnungsadresse für Bestellung {} ändern",
        "Guten Tag,\n\nbitte schreiben Sie die Rechnung zur Bestellung {} auf die Lindqvist GmbH um.\n\nDanke!",
        "Guten Tag,\n\ndie Rechnung ist geändert und liegt in Ihrem Kundenkonto.",
    ),
    question(
        Kind::Technical,
        false,
        "Order {}: one screw too few",
        "Hi,\n\nthe bag with the screws for order {} has seven instead of eight. Could you send me one?",
        "Hello,\n\na full set is on its way to you. You need not send anything back.",
    ),
    question(
        Kind::Billing,
        false,
        "Refund for order {}",
        "Hello,\n\nI returned order {} two weeks ago and have not seen the money yet.",
        "Hello,\n\nwe have sent the refund today. It takes two to three bank days.",
    ),
    question(
        Kind::Technical,
        true,
        "Lampe aus Bestellung {} flackert",
        "Hallo,\n\ndie Lampe aus der Bestellung {} flackert, sobald sie warm ist.",
        "Hallo,\n\ndas klingt nach dem Netzteil. Wir schicken Ihnen ein neues. Das alte können Sie entsorgen.",
    ),
    question(
        Kind::Technical,
        false,
        "How do I oil the desk top of order {}?",
        "Hi,\n\nhow often should I oil the oak top from order {}, and with what?",
        "Hello,\n\nonce a year, with a thin coat of hard wax oil. Wipe it off after twenty minutes.",
    ),
    question(
        Kind::Billing,
        true,
        "Ratenzahlung für Bestellung {}?",
        "Guten Tag,\n\nkann ich die Bestellung {} in drei Raten zahlen?",
        "Guten Tag,\n\nja, gern. Wählen Sie im Kundenkonto bei der Bestellung „In Raten zahlen“.",
    ),
    question(
        Kind::Technical,
        true,
        "Regal aus Bestellung {} steht schief",
        "Hallo,\n\ndas Regal aus der Bestellung {} steht schief, obwohl der Boden gerade ist.",
        "Hallo,\n\nbitte lösen Sie die vier unteren Schrauben, richten Sie das Regal aus und ziehen Sie sie wieder an.",
    ),
    question(
        Kind::Billing,
        false,
        "Invoice {} without our tax number",
        "Hello,\n\nour tax number is missing on invoice {}. Could you add it?",
        "Hello,\n\ndone. The new invoice is in your account.",
    ),
    question(
        Kind::Technical,
        false,
        "Does the arm from order {} fit a thicker desk?",
        "Hi,\n\nthe clamp of the lamp arm from order {} opens to 4 cm. My desk has 5 cm.",
        "Hello,\n\nthere is a longer clamp, part 77. We have put one aside for you.",
    ),
    question(
        Kind::Technical,
        true,
        "Bedienteil von Bestellung {} zeigt E02",
        "Guten Tag,\n\nam Tisch aus der Bestellung {} steht seit heute E02 auf der Anzeige.",
        "Guten Tag,\n\nE02 heißt, dass ein Stecker lose ist. Bitte drücken Sie beide Stecker unter der Platte fest.",
    ),
    question(
        Kind::Billing,
        false,
        "Paid twice for order {}",
        "Hello,\n\nmy bank shows two payments for order {}.",
        "Hello,\n\nthank you for telling us. The second payment goes back to you today.",
    ),
    question(
        Kind::Technical,
        true,
        "Wann kommt Bestellung {}?",
        "Hallo,\n\ndie Bestellung {} sollte gestern kommen. Wissen Sie mehr?",
        "Hallo,\n\nsie liegt im Depot und wird morgen zwischen 9 und 12 Uhr zugestellt.",
    ),
    question(
        Kind::Technical,
        false,
        "Order {} arrived with a scratch",
        "Hi,\n\nthe side panel of the shelf from order {} has a long scratch.",
        "Hello,\n\nwe are sorry. A new panel leaves our workshop tomorrow.",
    ),
    question(
        Kind::Billing,
        true,
        "Gutschein bei Bestellung {} vergessen",
        "Guten Tag,\n\nich habe bei der Bestellung {} vergessen, meinen Gutschein einzugeben.",
        "Guten Tag,\n\nwir haben ihn nachgetragen und erstatten Ihnen den Betrag.",
    ),
    question(
        Kind::Technical,
        true,
        "Ersatzteil für Bestellung {}",
        "Hallo,\n\nmir ist ein Bodenträger aus der Bestellung {} zerbrochen. Gibt es ihn einzeln?",
        "Hallo,\n\nja. Vier Bodenträger sind kostenlos unterwegs.",
    ),
    question(
        Kind::Billing,
        false,
        "Delivery note for order {}",
        "Hello,\n\nour accounting needs a delivery note for order {}.",
        "Hello,\n\nyou find it in your account, below the invoice.",
    ),
    question(
        Kind::Technical,
        false,
        "Desk from order {} hums",
        "Hi,\n\nthe desk from order {} hums loudly when it goes up.",
        "Hello,\n\nplease loosen the feet by half a turn. If it still hums, we send somebody.",
    ),
    question(
        Kind::Technical,
        true,
        "Anleitung zu Bestellung {} verlegt",
        "Hallo,\n\nich finde die Aufbauanleitung zur Bestellung {} nicht mehr.",
        "Hallo,\n\nSie können sie auf der Seite des Produkts herunterladen.",
    ),
];
