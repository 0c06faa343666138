//! What the shop knows about its customers: their orders. Supporters see them beside a ticket.

use async_trait::async_trait;
use muticket_core::{CustomerFact, CustomerFacts, HostError, Language, UserId};

/// The orders of the shop. A real shop would read them from its database.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Orders;

/// An order: its customer, its number, what was bought in English and German, and whether it was delivered.
const ORDERS: [(&str, u32, (&str, &str), bool); 5] = [
    ("anna", 2087, ("Desk lamp \u{201c}Fjord\u{201d}", "Schreibtischlampe \u{201e}Fjord\u{201c}"), true),
    ("anna", 2143, ("Wool blanket, grey", "Wolldecke, grau"), false),
    ("ben", 1998, ("Coffee grinder K2", "Kaffeemühle K2"), true),
    ("ben", 2101, ("Filter papers, 100 pieces", "Filterpapier, 100 Stück"), true),
    ("rita", 2050, ("Oak shelf, 80 cm", "Eichenregal, 80 cm"), true),
];

#[async_trait]
impl CustomerFacts for Orders {
    async fn facts(&self, customer: &UserId, language: &Language) -> Result<Vec<CustomerFact>, HostError> {
        let is_german = language.primary() == Language::german().primary();
        let (order, delivered, on_its_way) = match is_german {
            true => ("Bestellung", "zugestellt", "unterwegs"),
            false => ("Order", "delivered", "on its way"),
        };
        let theirs = ORDERS.iter().filter(|(who, ..)| *who == customer.as_str());
        let fact = |(_, number, what, arrived): &(&str, u32, (&str, &str), bool)| {
            let what = if is_german { what.1 } else { what.0 };
            let state = if *arrived { delivered } else { on_its_way };
            CustomerFact::new(format!("{order} {number}"), format!("{what}, {state}"))
        };
        Ok(theirs.map(fact).collect())
    }
}
