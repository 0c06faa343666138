//! Searching. The core decides what a search finds, so every case compares with the core.

use muticket_core::id::{CategoryId, UserId};
use muticket_core::search::Search;
use muticket_core::storage::{Cursor, Order, OverviewQuery, Reach, SortKey, StateFilter, View, WaitingFilter};
use muticket_core::ticket::{State, Subject, Ticket, Waiting};

use crate::Shared;
use crate::material::{at, new_ticket, read, with, write};
use crate::overview::{of, one_category};

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

/// The tickets of the view that the search finds.
fn found(typed: &str, view: View) -> OverviewQuery {
    of(View { search: Some(Search::parse(typed).unwrap()), ..view })
}

async fn list(storage: &Shared, query: &OverviewQuery) -> Vec<Ticket> {
    let query = query.clone();
    read(storage, move |unit| unit.overviews().list(&query)).await
}

/// Asserts that the list with the search has exactly those tickets of the list without it that the core's search finds. Returns their
/// number.
async fn finds_what_the_core_finds(storage: &Shared, query: &OverviewQuery) -> usize {
    let search = query.view.search.clone().unwrap();
    let without = View { search: None, ..query.view.clone() };
    let mut expected = list(storage, &OverviewQuery { view: without, ..query.clone() }).await;
    expected.retain(|ticket| search.finds(ticket));
    assert_eq!(list(storage, query).await, expected, "{query:?}");
    expected.len()
}

/// `View::search`: "Only tickets that the search finds", together with all other filters.
pub async fn lists_hold_what_is_found(storage: Shared) {
    with_subjects(&storage).await;
    let views = [
        View::of(Reach::All),
        View::of(Reach::Own(UserId::new("ben"))),
        View { state: StateFilter::Open, waiting: WaitingFilter::For(Waiting::New), ..View::of(Reach::All) },
        View { state: StateFilter::Closed, categories: one_category(Some("b")), ..View::of(Reach::All) },
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
            let query = OverviewQuery { sort, order, ..found(typed, View::of(Reach::All)) };
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

/// `OverviewStore::count` counts the tickets of views with a search, too.
pub async fn counts_are_of_what_is_found(storage: Shared) {
    let tickets = with_subjects(&storage).await;
    for typed in ["print", "silent the", "nothing", "3", "99"] {
        for category in [None, Some("b")] {
            let view =
                |state| View { search: Search::parse(typed), categories: one_category(category), state, ..View::of(Reach::All) };
            let views = [StateFilter::Open, StateFilter::Closed, StateFilter::All].map(view);
            let count = |view: &View| u32::try_from(tickets.iter().filter(|ticket| view.includes(ticket)).count()).unwrap();
            let expected: Vec<_> = views.iter().map(count).collect();
            assert_eq!(read(&storage, move |unit| unit.overviews().count(&views)).await, expected, "{typed}");
        }
    }
}

/// `View::search`: "A search without words and without a number finds nothing."
pub async fn a_search_without_words_finds_nothing(storage: Shared) {
    with_subjects(&storage).await;
    for typed in ["?!", "*", "..."] {
        let search = Search::parse(typed).unwrap();
        assert!(search.words().is_empty() && search.number().is_none());
        for state in [StateFilter::Open, StateFilter::Closed, StateFilter::All] {
            assert_eq!(list(&storage, &found(typed, View { state, ..View::of(Reach::All) })).await, [], "{typed}");
        }
        let views = [View { search: Some(search), ..View::of(Reach::All) }];
        assert_eq!(read(&storage, move |unit| unit.overviews().count(&views)).await, [0], "{typed}");
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
        assert_eq!(finds_what_the_core_finds(&storage, &found(typed, View::of(Reach::All))).await, expected, "{typed}");
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
        let query = found(typed, View { state: StateFilter::Open, ..View::of(Reach::All) });
        assert_eq!(finds_what_the_core_finds(&storage, &query).await, expected, "{typed}");
        let page = OverviewQuery { limit: 3, order: Order::Ascending, ..query.clone() };
        let expected: Vec<_> = list(&storage, &query).await.into_iter().rev().take(3).collect();
        assert_eq!(list(&storage, &page).await, expected, "{typed}");
        let expected = list(&storage, &query).await.len();
        let views = [query.view];
        let counts = read(&storage, move |unit| unit.overviews().count(&views)).await;
        assert_eq!(counts[0] as usize, expected, "{typed}");
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
        finds_what_the_core_finds(&storage, &found(typed, View::of(Reach::All))).await;
    }
}
