//! Labels, and the tickets that have them (T-06).

use std::collections::BTreeSet;

use muticket_core::id::{LabelId, TicketNumber};
use muticket_core::label::{Label, LabelColour, LabelName};
use muticket_core::storage::{Counts, Order, OverviewQuery, Reach, SortKey, StateFilter, StorageError, Unit, View};

use crate::Shared;
use crate::material::{label, label_name, new_ticket, opened, read, uuid, write};
use crate::overview::of as list_of;

fn id(number: u128) -> LabelId {
    LabelId(uuid(number))
}

/// `LabelStore::list`: "all labels, oldest first", as `insert` and `update` stored them. `insert` is a `Duplicate` "if the id is taken";
/// `update` and `delete` are `false` for a label that does not exist.
pub async fn labels_are_kept(storage: Shared) {
    let odd =
        ["Rückgabe", "\u{5d4}\u{5d7}\u{5d6}\u{5e8}", "e\u{301} \u{e9}", "a\\'\"%_ ", &"\u{1f600}".repeat(LabelName::MAX_CHARS)];
    let mut all: Vec<Label> = (1..=5).rev().zip(odd).map(|(number, name)| label(number, name)).collect();
    all.extend((10..).zip(LabelColour::ALL).map(|(number, colour)| Label { colour: *colour, ..label(number, "x") }));
    let new = all.clone();
    write(&storage, move |unit| new.iter().try_for_each(|label| unit.labels().insert(label))).await;
    let list = || read(&storage, |unit| unit.labels().list());
    assert_eq!(list().await, all);

    let again: Result<(), StorageError> = storage.run_write(|unit| unit.labels().insert(&label(1, "Other"))).await;
    assert!(matches!(again, Err(StorageError::Duplicate)));
    let changed = Label { name: label_name("VIP"), colour: LabelColour::Violet, ..all[0].clone() };
    let new = changed.clone();
    write(&storage, move |unit| {
        assert!(unit.labels().update(&new)?);
        assert!(!unit.labels().update(&label(99, "Other"))?);
        assert!(unit.labels().delete(id(1))?);
        assert!(!unit.labels().delete(id(99))?);
        Ok(())
    })
    .await;
    all[0] = changed;
    all.retain(|label| label.id != id(1));
    assert_eq!(list().await, all);
    assert_eq!(write(&storage, |unit| unit.labels().list_to_change()).await, all);
}

/// `LabelStore::put_on` is a `Duplicate` "if the ticket has it already"; `take_off` is `false` "if the ticket did not have it".
pub async fn a_label_is_put_on_once_and_taken_off(storage: Shared) {
    let (ticket, other) = (opened(&storage).await.number, opened(&storage).await.number);
    write(&storage, move |unit| {
        unit.labels().insert(&label(1, "VIP"))?;
        unit.labels().put_on(ticket, id(1))?;
        unit.labels().put_on(other, id(1))
    })
    .await;
    let again: Result<(), StorageError> = storage.run_write(move |unit| unit.labels().put_on(ticket, id(1))).await;
    assert!(matches!(again, Err(StorageError::Duplicate)));
    let of = || read(&storage, move |unit| unit.labels().of(&[ticket, other]));
    assert_eq!(of().await, [(ticket, id(1)), (other, id(1))]);
    let taken_off = || write(&storage, move |unit| unit.labels().take_off(ticket, id(1)));
    assert_eq!((taken_off().await, taken_off().await), (true, false));
    assert_eq!(of().await, [(other, id(1))]);
}

/// `LabelStore::put_on` is `Stale` "if the ticket or the label does not exist".
pub async fn what_is_gone_gets_no_label(storage: Shared) {
    let ticket = opened(&storage).await.number;
    let none = TicketNumber::new(99).unwrap();
    write(&storage, |unit| unit.labels().insert(&label(1, "VIP"))).await;
    for (ticket, label) in [(none, id(1)), (ticket, id(2)), (none, id(2))] {
        let result: Result<(), StorageError> = storage.run_write(move |unit| unit.labels().put_on(ticket, label)).await;
        assert!(matches!(result, Err(StorageError::Stale)), "{result:?}");
        assert_eq!(read(&storage, move |unit| unit.labels().of(&[ticket])).await, []);
    }
}

/// `LabelStore::delete`: "takes it off all tickets".
pub async fn a_deleted_label_is_on_no_ticket(storage: Shared) {
    let (ticket, other) = (opened(&storage).await.number, opened(&storage).await.number);
    write(&storage, move |unit| {
        for number in [1, 2] {
            unit.labels().insert(&label(number, "VIP"))?;
            unit.labels().put_on(ticket, id(number))?;
        }
        unit.labels().put_on(other, id(1))
    })
    .await;
    assert!(write(&storage, |unit| unit.labels().delete(id(1))).await);
    assert_eq!(read(&storage, move |unit| unit.labels().of(&[ticket, other])).await, [(ticket, id(2))]);
    // A later label with the same id is on no ticket either.
    write(&storage, |unit| unit.labels().insert(&label(1, "VIP"))).await;
    assert_eq!(read(&storage, move |unit| unit.labels().of(&[ticket, other])).await, [(ticket, id(2))]);
}

/// Puts labels 1 to 3 on three tickets: all of them on the first, the second on the second.
async fn with_labels(storage: &Shared) -> [TicketNumber; 3] {
    write(storage, |unit| {
        let mut tickets = Vec::new();
        for _ in 0..3 {
            tickets.push(unit.tickets().insert(&new_ticket("anna"))?.number);
        }
        for number in 1..=3 {
            unit.labels().insert(&label(number, "VIP"))?;
        }
        for (ticket, number) in [(0, 3), (1, 2), (0, 1), (0, 2)] {
            unit.labels().put_on(tickets[ticket], id(number))?;
        }
        Ok(tickets.try_into().unwrap())
    })
    .await
}

/// `LabelStore::of`: "the labels of these tickets, sorted by ticket and label".
pub async fn labels_are_read_of_some_tickets(storage: Shared) {
    let [first, second, third] = with_labels(&storage).await;
    let of = |tickets: Vec<TicketNumber>| {
        let storage = storage.clone();
        async move { read(&storage, move |unit| unit.labels().of(&tickets)).await }
    };
    let on_first = [(first, id(1)), (first, id(2)), (first, id(3))];
    assert_eq!(of(vec![third, second, first, second]).await, [&on_first[..], &[(second, id(2))]].concat());
    assert_eq!(of(vec![first]).await, on_first);
    assert_eq!(of(vec![third]).await, []);
    assert_eq!(of(vec![]).await, []);
    let many = (1..2000).filter_map(TicketNumber::new).collect();
    assert_eq!(of(many).await.len(), 4);
}

/// `LabelStore::count`: "the tickets of each label, in the order of the labels. Counting stops at `Counts::MANY`".
pub async fn the_tickets_of_labels_are_counted(storage: Shared) {
    let [first, ..] = with_labels(&storage).await;
    let count = |labels: Vec<LabelId>| {
        let storage = storage.clone();
        async move { read(&storage, move |unit| unit.labels().count(&labels)).await }
    };
    assert_eq!(count(vec![id(1), id(2), id(9), id(3)]).await, [1, 2, 0, 1]);
    assert_eq!(count(vec![]).await, [0; 0]);
    assert_eq!(count((0..300).map(|_| id(2)).collect()).await, [2; 300]);
    write(&storage, move |unit| {
        assert!(unit.labels().take_off(first, id(2))?);
        for _ in 0..Counts::MANY {
            let ticket = unit.tickets().insert(&new_ticket("ben"))?.number;
            unit.labels().put_on(ticket, id(1))?;
        }
        Ok(())
    })
    .await;
    assert_eq!(count(vec![id(2), id(1)]).await, [1, Counts::MANY]);
}

/// `LabelStore::list_to_change`: "the call of another writing unit waits until the first unit has ended".
pub async fn a_change_of_labels_waits_for_another(storage: Shared) {
    const WRITERS: u128 = 8;
    const TIMES: u128 = 5;
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let storage = storage.clone();
            tokio::spawn(async move {
                for time in 0..TIMES {
                    write(&storage, move |unit| next_label(unit, id(writer * TIMES + time))).await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let labels = read(&storage, |unit| unit.labels().list()).await;
    let names: BTreeSet<_> = labels.iter().map(|label| label.name.as_str()).collect();
    assert_eq!((labels.len(), names.len()), (40, 40), "two labels have one name: {names:?}");
}

/// Inserts a label whose name is the number of the labels before it.
fn next_label(unit: &mut dyn Unit, id: LabelId) -> Result<(), StorageError> {
    let before = unit.labels().list_to_change()?.len();
    unit.labels().insert(&Label { id, ..label(0, &before.to_string()) })
}

/// The numbers of the tickets of a view in each order, and their count.
async fn found(storage: &Shared, view: View) -> (Vec<Vec<TicketNumber>>, u32) {
    read(storage, move |unit| {
        let mut lists = Vec::new();
        for (sort, order) in [(SortKey::Activity, Order::Descending), (SortKey::Number, Order::Descending)] {
            let query = OverviewQuery { sort, order, ..list_of(view.clone()) };
            lists.push(unit.overviews().list(&query)?.into_iter().map(|ticket| ticket.number).collect());
        }
        Ok((lists, unit.overviews().count(std::slice::from_ref(&view))?[0]))
    })
    .await
}

fn with_label(number: u128) -> View {
    View { label: Some(id(number)), ..View::of(Reach::All) }
}

/// `View::label`: "Only tickets that have this label", in lists and counts, and together with the other fields.
pub async fn lists_are_filtered_by_label(storage: Shared) {
    let [first, second, _] = with_labels(&storage).await;
    for (number, expected) in [(1, vec![first]), (2, vec![second, first]), (9, vec![])] {
        let count = u32::try_from(expected.len()).unwrap();
        assert_eq!(found(&storage, with_label(number)).await, (vec![expected.clone(), expected], count), "{number}");
    }
    for narrowed in [
        View { state: StateFilter::Closed, ..with_label(2) },
        View { except: Some(new_ticket("anna").customer), ..with_label(2) },
        View { reach: Reach::Own(new_ticket("ben").customer), ..with_label(2) },
    ] {
        assert_eq!(found(&storage, narrowed.clone()).await, (vec![vec![], vec![]], 0), "{narrowed:?}");
    }
    let open = View { state: StateFilter::Open, customer: Some(new_ticket("anna").customer), ..with_label(1) };
    assert_eq!(found(&storage, open).await, (vec![vec![first], vec![first]], 1));
}

/// `OverviewStore::count`: "the tickets of each view, in the order of the views", each view by its own label.
pub async fn each_view_is_counted_by_its_own_label(storage: Shared) {
    with_labels(&storage).await;
    let count = |views: Vec<View>| {
        let storage = storage.clone();
        async move { read(&storage, move |unit| unit.overviews().count(&views)).await }
    };
    let all = || View::of(Reach::All);
    let views = vec![with_label(1), all(), with_label(2), with_label(9), with_label(3), with_label(2)];
    assert_eq!(count(views).await, [1, 3, 2, 0, 1, 2]);
    assert_eq!(count((0..300).map(|number| with_label(number % 3)).collect()).await, [0, 1, 2].repeat(100));
}

/// `View::label` for a label of so many tickets that a storage may look for them in another way.
pub async fn a_common_label_filters_like_a_rare_one(storage: Shared) {
    const TICKETS: u32 = 5200;
    let last = write(&storage, |unit| {
        unit.labels().insert(&label(1, "VIP"))?;
        let mut last = Vec::new();
        for number in 0..TICKETS {
            let ticket = unit.tickets().insert(&new_ticket(if number % 100 == 0 { "ben" } else { "anna" }))?.number;
            if number % 40 != 39 {
                unit.labels().put_on(ticket, id(1))?;
                last.push(ticket);
            }
        }
        Ok(last.split_off(last.len() - 50))
    })
    .await;
    let (lists, count) = found(&storage, with_label(1)).await;
    for list in lists {
        assert_eq!(list.len(), 1000, "the limit of the query");
        assert!(last.iter().rev().eq(&list[..50]), "{:?}", &list[..50]);
    }
    assert_eq!(count, Counts::MANY);
    let bens = View { customer: Some(new_ticket("ben").customer), ..with_label(1) };
    let (lists, count) = found(&storage, bens).await;
    assert_eq!((lists[0].len(), lists[1].len(), count), (52, 52, 52));
}
