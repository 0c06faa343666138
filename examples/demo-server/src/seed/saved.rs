//! The demo's saved answers.

use std::collections::BTreeSet;

use muticket_core::saved_answer::{Actions, Assign};
use muticket_core::ticket::Priority;
use muticket_core::{CategoryId, Language, NewSavedAnswer, UserId};

fn saved(title: &str, german: &str, english: &str) -> NewSavedAnswer {
    NewSavedAnswer {
        title: title.to_owned(),
        texts: vec![(Language::german(), german.to_owned()), (Language::english(), english.to_owned())],
        ..NewSavedAnswer::default()
    }
}

/// What all supporters share.
pub(super) fn shared(billing: &CategoryId) -> [NewSavedAnswer; 4] {
    let question = saved(
        "More details / Rückfrage",
        "Guten Tag {{customer}},\n\ndanke für Ihre Nachricht. Damit wir Ihnen helfen können, brauchen wir noch eine Angabe: [[Angabe?]]\n\n\
         Viele Grüße\n{{supporter}}",
        "Hello {{customer}},\n\nthank you for your message. To help you we need to know one more thing: [[question?]]\n\n\
         Best regards\n{{supporter}}",
    );
    let invoice = saved(
        "Invoice as PDF / Rechnung als PDF",
        "Guten Tag {{customer}},\n\nSie finden alle Rechnungen als PDF in Ihrem Konto unter „Bestellungen“.\n\nViele Grüße\n{{supporter}}",
        "Hello {{customer}},\n\nyou find all invoices as PDF files in your account under “Orders”.\n\nBest regards\n{{supporter}}",
    );
    let done = saved(
        "Solved, close / Erledigt, schließen",
        "Guten Tag {{customer}},\n\nschön, dass „{{subject}}“ erledigt ist. Ich schließe das Ticket {{number}}. Falls noch etwas ist, \
         öffnen Sie einfach ein Folgeticket.\n\nViele Grüße\n{{supporter}}",
        "Hello {{customer}},\n\nI am glad that “{{subject}}” is solved. I am closing ticket {{number}}. If there is anything else, just open \
         a follow-up ticket.\n\nBest regards\n{{supporter}}",
    );
    let urgent = saved(
        "Technician takes over / Technik übernimmt",
        "Guten Tag {{customer}},\n\nunsere Technik kümmert sich vorrangig um Ihr Ticket.\n\nViele Grüße\n{{supporter}}",
        "Hello {{customer}},\n\nour technicians take care of your ticket with priority.\n\nBest regards\n{{supporter}}",
    );
    let tom = Actions { assign: Some(Assign::To(UserId::new("tom"))), priority: Some(Priority::High), ..Actions::default() };
    [
        question,
        NewSavedAnswer { categories: BTreeSet::from([billing.clone()]), ..invoice },
        NewSavedAnswer { actions: Actions { close: true, ..Actions::default() }, ..done },
        NewSavedAnswer { actions: tom, ..urgent },
    ]
}

/// What Sara keeps for herself.
pub(super) fn of_sara() -> NewSavedAnswer {
    saved(
        "My greeting / Mein Gruß",
        "Guten Tag {{customer}},\n\n\n\nViele Grüße aus dem Kundendienst\nSara Wendt",
        "Hello {{customer}},\n\n\n\nBest regards from customer service\nSara Wendt",
    )
}
