//! Searching. The core decides what a search finds, so every case compares with the core.

use muticket_core::id::{CategoryId, UserId};
use muticket_core::search::Search;
use muticket_core::storage::{Counts, Cursor, Order, OverviewQuery, Scope, SortKey, StateFilter};
use muticket_core::ticket::{State, Subject, Ticket, Waiting};

use crate::Shared;
use crate::material::{at, new_ticket, read, with, write};
use crate::overview::all;

/// Subjects with common words, common beginnings of words, and numbers.
const SUBJECTS: [&str; 8] = [
    "The printer is silent",
    "Printers, all of them: SILENT!",
    "The silence after the print",
    "Invoice 3 for March",
    "Invoice 2027-31",
    "Straße und Öl, Café",
    "?!",
    "é e\u{301} ﬁn 𠀋𠀋 \u{2fa1d} か",
];

/// One ticket for each subject and category. Some are closed, some belong to another customer.
async fn with_subjects(storage: &Shared) -> Vec<Ticket> {
    write(storage, |unit| {
        let mut tickets = Vec::new();
        for (index, subject) in (0_i64..).zip(SUBJECTS.iter().chain(&SUBJECTS)) {
            let ticket = unit.tickets().insert(&with(new_ticket(if index % 4 == 1 { "ben" } else { "anna" }), |new| {
                new.subject = Subject::parse(subject).unwrap();
                new.category = (index % 3 > 0).then(|| CategoryId::new("b"));
                new.opened_at = at(index % 5);
            }))?;
            let state = if index % 3 == 2 { State::Closed } else { State::Open };
            let changed = with(ticket, |ticket| {
                ticket.state = state;
                ticket.version += 1;
            });
            unit.tickets().update(&changed)?;
            tickets.push(changed);
        }
        Ok(tickets)
    })
    .await
}

fn found(typed: &str, query: OverviewQuery) -> OverviewQuery {
    OverviewQuery { search: Some(Search::parse(typed).unwrap()), ..query }
}

async fn list(storage: &Shared, query: &OverviewQuery) -> Vec<Ticket> {
    let query = query.clone();
    read(storage, move |unit| unit.overviews().list(&query)).await
}

/// Asserts that the list with the search has exactly those tickets of the list without it that the core's search finds. Returns their
/// number.
async fn finds_what_the_core_finds(storage: &Shared, query: &OverviewQuery) -> usize {
    let search = query.search.clone().unwrap();
    let mut expected = list(storage, &OverviewQuery { search: None, ..query.clone() }).await;
    expected.retain(|ticket| search.finds(ticket));
    assert_eq!(list(storage, query).await, expected, "{query:?}");
    expected.len()
}

/// `OverviewQuery::search`: "Only tickets that the search finds", together with all other filters.
pub async fn lists_hold_what_is_found(storage: Shared) {
    with_subjects(&storage).await;
    let views = [
        all(),
        OverviewQuery { scope: Scope::Customer(UserId::new("ben")), ..all() },
        OverviewQuery { state: StateFilter::Open, waiting: Some(Waiting::New), ..all() },
        OverviewQuery { state: StateFilter::Closed, category: Some(CategoryId::new("b")), ..all() },
    ];
    let mut most = 0;
    for typed in
        ["print", "the silen", "silent printers", "printer silence", "nothing", "invoice", "3", "#3", "2027 31", "st ol", "öl"]
    {
        for view in &views {
            most = most.max(finds_what_the_core_finds(&storage, &found(typed, view.clone())).await);
        }
    }
    assert!(most >= 6);
}

/// The pages of a search together are everything it finds, in every order.
pub async fn found_tickets_come_in_pages(storage: Shared) {
    let tickets = with_subjects(&storage).await;
    for typed in ["print", "invoice", "3"] {
        for (sort, order) in [
            (SortKey::Activity, Order::Descending),
            (SortKey::Activity, Order::Ascending),
            (SortKey::Number, Order::Descending),
            (SortKey::Number, Order::Ascending),
        ] {
            let query = found(typed, OverviewQuery { sort, order, ..all() });
            let whole = list(&storage, &query).await;
            assert!(whole.len() > 2, "{typed}");
            let mut paged: Vec<Ticket> = Vec::new();
            while paged.len() <= tickets.len() {
                let after = paged.last().map(Cursor::after);
                let page = list(&storage, &OverviewQuery { after, limit: 2, ..query.clone() }).await;
                if page.is_empty() {
                    break;
                }
                paged.extend(page);
            }
            assert_eq!(paged, whole, "{query:?}");
        }
    }
}

/// `Overviews::count` counts "with a category or a search, only those that match".
pub async fn counts_are_of_what_is_found(storage: Shared) {
    let tickets = with_subjects(&storage).await;
    for typed in ["print", "silent the", "nothing", "3", "99"] {
        for category in [None, Some(CategoryId::new("b"))] {
            let search = Search::parse(typed).unwrap();
            let fits = |ticket: &&Ticket| search.finds(ticket) && (category.is_none() || ticket.category == category);
            let of = |state| tickets.iter().filter(fits).filter(|ticket| ticket.state == state).count().try_into().unwrap();
            let expected = Counts { open: of(State::Open), closed: of(State::Closed) };
            let (search, category) = (Some(search.clone()), category.clone());
            let counts =
                read(&storage, move |unit| unit.overviews().count(&Scope::All, category.as_ref(), search.as_ref())).await;
            assert_eq!(counts, expected, "{typed}");
        }
    }
}

/// `OverviewQuery::search`: "A search without words and without a number finds nothing."
pub async fn a_search_without_words_finds_nothing(storage: Shared) {
    with_subjects(&storage).await;
    for typed in ["?!", "*", "..."] {
        let search = Search::parse(typed).unwrap();
        assert!(search.words().is_empty() && search.number().is_none());
        for state in [StateFilter::Open, StateFilter::Closed, StateFilter::All] {
            assert_eq!(list(&storage, &found(typed, OverviewQuery { state, ..all() })).await, [], "{typed}");
        }
        let counts = read(&storage, move |unit| unit.overviews().count(&Scope::All, None, Some(&search))).await;
        assert_eq!(counts, Counts::default(), "{typed}");
    }
}

/// `Word`: a subject has to have one of the spellings of a word. Also tests pieces of scripts without blanks, and symbols.
pub async fn every_spelling_and_every_piece_is_found(storage: Shared) {
    const MIXED: [&str; 9] = [
        "Müller",
        "MUELLER, loud",
        "Muller, silent",
        "Muell",
        "打印机不响了",
        "一部販売店がHGST製品",
        "เครื่องพิมพ์ไม่ทำงาน",
        "C++ & C# 😀",
        "100 % von §5",
    ];
    write(&storage, |unit| {
        for subject in MIXED {
            let subject = Subject::parse(subject).unwrap();
            unit.tickets().insert(&with(new_ticket("anna"), |new| new.subject = subject))?;
        }
        Ok(())
    })
    .await;
    for (typed, expected) in [
        ("Müller", 3),
        ("mueller", 2),
        ("muller", 2),
        ("mü", 4),
        ("müller silent", 1),
        ("silent müller", 1),
        ("müller mueller", 2),
        ("不响", 1),
        ("打印机不响了", 1),
        ("响不", 0),
        ("販売", 1),
        ("HGST製", 1),
        ("ไม่", 1),
        ("c++", 1),
        ("😀", 1),
        ("§ 5 100%", 1),
        ("+ %", 0),
    ] {
        assert_eq!(finds_what_the_core_finds(&storage, &found(typed, all())).await, expected, "{typed}");
    }
}

/// The number of matches does not change what is found. More than five thousand words have this beginning, so a storage that treats very
/// common words differently does so here.
pub async fn a_common_word_is_found_like_a_rare_one(storage: Shared) {
    with_subjects(&storage).await;
    write(&storage, |unit| {
        for number in 0..65_u32 {
            let words = (0..80).filter_map(|word| char::from_u32(0xac00 + number * 80 + word));
            let subject: Vec<_> = words.map(|word| format!("a{word}")).collect();
            let subject = if number % 9 == 0 { format!("{} rare", subject.join(" ")) } else { subject.join(" ") };
            unit.tickets().insert(&with(new_ticket("anna"), |new| {
                new.subject = Subject::parse(&subject).unwrap();
                new.opened_at = at(i64::from(number));
            }))?;
        }
        Ok(())
    })
    .await;
    for (typed, expected) in [("a", 68), ("a rare", 8), ("a a가", 1), ("a print", 3), ("a nothing", 0), ("rare a a", 8)] {
        let query = found(typed, OverviewQuery { state: StateFilter::Open, ..all() });
        assert_eq!(finds_what_the_core_finds(&storage, &query).await, expected, "{typed}");
        let page = OverviewQuery { limit: 3, order: Order::Ascending, ..query.clone() };
        let expected: Vec<_> = list(&storage, &query).await.into_iter().rev().take(3).collect();
        assert_eq!(list(&storage, &page).await, expected, "{typed}");
        let search = query.search.clone();
        let counts = read(&storage, move |unit| unit.overviews().count(&Scope::All, None, search.as_ref())).await;
        assert_eq!(counts.open as usize, list(&storage, &query).await.len(), "{typed}");
    }
}

/// Words are compared character by character, as the core has folded them. No database may fold them further.
pub async fn words_are_looked_up_byte_for_byte(storage: Shared) {
    with_subjects(&storage).await;
    for typed in [
        "cafe",
        "café",
        "e",
        "é",
        "e\u{301}",
        "fin",
        "ﬁ",
        "𠀋",
        "\u{2fa1d}",
        "o",
        "ö",
        "s",
        "strasse",
        "straß",
        "S",
        "i",
        "か",
        "が",
    ] {
        finds_what_the_core_finds(&storage, &found(typed, all())).await;
    }
}
