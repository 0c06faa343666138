//! Tickets.

use muticket_core::history::Change;
use muticket_core::id::{AttachmentId, CategoryId, LabelId, LetterId, NoteFileId, NoteNumber, TicketNumber, UserId};
use muticket_core::storage::{OutboxCounts, StorageError, Unit};
use muticket_core::ticket::{Priority, Role, State};
use muticket_core::viewer::Side;

use crate::Shared;
use crate::material::{
    answer, at, attachment, entry, first, incoming, label, letter, message, new_ticket, nonce, note, note_file, open_page,
    opened, overlapping, place, rating, read, stored, uuid, with, write,
};
use crate::{note_files, notes};

/// `TicketStore::insert` "Stores a new ticket", and `find` "Finds a ticket by its number."
pub async fn a_ticket_comes_back_as_it_was_stored(storage: Shared) {
    let followed = stored(&storage, new_ticket("anna")).await.number;
    let unnumbered = with(new_ticket("ben"), |new| {
        new.category = Some(CategoryId::new("b"));
        new.priority = Priority::High;
        new.follows = Some(followed);
    });
    let ticket = stored(&storage, unnumbered.clone()).await;
    assert_eq!(ticket, unnumbered.numbered(ticket.number));
    let found = read(&storage, move |unit| unit.tickets().find(ticket.number)).await;
    assert_eq!(found, Some(ticket));
}

/// `TicketStore::insert` gives it "a number that no ticket has ever had", including deleted tickets.
pub async fn a_number_is_never_given_twice(storage: Shared) {
    let first = stored(&storage, new_ticket("anna")).await.number;
    let second = stored(&storage, new_ticket("anna")).await.number;
    assert!(write(&storage, move |unit| unit.tickets().delete(second)).await);
    let third = stored(&storage, new_ticket("anna")).await.number;
    assert!(first < second && second < third);
}

/// `TicketStore::update` "Stores the changeable fields of a ticket".
pub async fn an_update_stores_what_may_change(storage: Shared) {
    let ticket = stored(&storage, new_ticket("anna")).await;
    let number = ticket.number;
    let changed = with(ticket, |ticket| {
        ticket.state = State::Closed;
        ticket.closed_by = Some(UserId::new("sara"));
        ticket.last_message = place(7);
        ticket.answers = 3;
        ticket.last_role = Role::Supporter;
        ticket.last_supporter = Some(UserId::new("tom"));
        ticket.last_activity_at = at(60);
        ticket.version = 2;
        ticket.category = Some(CategoryId::new("b"));
        ticket.assignee = Some(UserId::new("sara"));
        ticket.priority = Priority::Urgent;
        ticket.last_note = Some(NoteNumber::FIRST);
    });
    let expected = changed.clone();
    write(&storage, move |unit| unit.tickets().update(&changed)).await;
    let found = read(&storage, move |unit| unit.tickets().find(number)).await;
    assert_eq!(found.as_ref(), Some(&expected));

    let reopened = with(expected, |ticket| {
        ticket.state = State::Open;
        ticket.closed_by = None;
        ticket.category = None;
        ticket.assignee = None;
        ticket.last_supporter = None;
        ticket.priority = Priority::Low;
        ticket.version = 3;
    });
    let expected = reopened.clone();
    write(&storage, move |unit| unit.tickets().update(&reopened)).await;
    let found = read(&storage, move |unit| unit.tickets().find(number)).await;
    assert_eq!(found, Some(expected));
}

/// `TicketStore::update` is `Stale` "if the stored version is not exactly one lower".
pub async fn an_update_of_an_older_version_is_stale(storage: Shared) {
    let ticket = stored(&storage, new_ticket("anna")).await;
    for version in [0, 1, 3, u32::MAX] {
        let wrong = with(ticket.clone(), |ticket| ticket.version = version);
        let result: Result<(), StorageError> = storage.run_write(move |unit| unit.tickets().update(&wrong)).await;
        assert!(matches!(result, Err(StorageError::Stale)), "{version}");
    }
    let gone = with(ticket, |ticket| {
        ticket.number = TicketNumber::new(99).unwrap();
        ticket.version = 2;
    });
    let result: Result<(), StorageError> = storage.run_write(move |unit| unit.tickets().update(&gone)).await;
    assert!(matches!(result, Err(StorageError::Stale)));
}

/// "What does not exist is returned as `None`, an empty list or `false`, never as an error."
pub async fn what_does_not_exist_is_not_found(storage: Shared) {
    let nothing = TicketNumber::new(i64::MAX).unwrap();
    read(&storage, move |unit| {
        assert_eq!(unit.tickets().find(nothing)?, None);
        assert_eq!(unit.messages().find(nothing, place(1))?, None);
        assert_eq!(unit.messages().find_by_nonce(nonce(1))?, None);
        assert_eq!(unit.messages().list(nothing, None, 10)?, []);
        assert_eq!(unit.attachments().find(AttachmentId(uuid(1)))?, None);
        assert_eq!(unit.attachments().list(nothing)?, []);
        assert_eq!(unit.notes().find(nothing, NoteNumber::FIRST)?, None);
        assert_eq!(unit.notes().find_by_nonce(nonce(1))?, None);
        assert_eq!(notes::all(unit, nothing)?, []);
        assert_eq!(unit.notes().find_file(NoteFileId(uuid(1)))?, None);
        assert_eq!(note_files::all(unit, nothing)?, []);
        assert_eq!(unit.notes().file_keys(nothing, None)?, []);
        assert_eq!(unit.ratings().find(nothing, place(1))?, None);
        assert_eq!(unit.ratings().list(nothing)?, []);
        assert_eq!(unit.histories().list(nothing, Side::Desk, None)?, []);
        assert_eq!(unit.outbox().next_due()?, None);
        Ok(())
    })
    .await;
    assert!(!write(&storage, move |unit| unit.tickets().delete(nothing)).await);
    assert!(!write(&storage, move |unit| unit.ratings().update(&rating(nothing, 1, 5, at(0)))).await);
    assert!(!write(&storage, move |unit| unit.outbox().retry(LetterId(uuid(1)), at(0))).await);
}

/// `TicketStore::find_unlocked` "Finds a ticket that the unit does not change", as `TicketStore::find` does.
pub async fn a_ticket_is_found_without_a_lock(storage: Shared) {
    let stored = write(&storage, |unit| unit.tickets().insert(&new_ticket("anna"))).await;
    let number = stored.number;
    let found = move |unit: &mut dyn Unit| {
        Ok((unit.tickets().find_unlocked(number)?, unit.tickets().find_unlocked(TicketNumber::new(999).unwrap())?))
    };
    assert_eq!(read(&storage, found).await, (Some(stored.clone()), None));
    assert_eq!(write(&storage, found).await, (Some(stored), None));
}

/// `TicketStore::find_customer` "Finds the customer of a ticket"; `None` if there is no such ticket. `list_customers` finds those of some,
/// "sorted by number".
pub async fn the_customer_of_a_ticket_is_found(storage: Shared) {
    let numbers = write(&storage, |unit| {
        let anna = unit.tickets().insert(&new_ticket("anna"))?.number;
        Ok([anna, unit.tickets().insert(&new_ticket("Anna "))?.number])
    })
    .await;
    let customers = move |unit: &mut dyn Unit| {
        let none = unit.tickets().find_customer(TicketNumber::new(999).unwrap())?;
        Ok((unit.tickets().find_customer(numbers[0])?, unit.tickets().find_customer(numbers[1])?, none))
    };
    let expected = (Some(UserId::new("anna")), Some(UserId::new("Anna ")), None);
    assert_eq!(read(&storage, customers).await, expected);
    assert_eq!(write(&storage, customers).await, expected);
    let asked = [numbers[1], TicketNumber::new(999).unwrap(), numbers[0], numbers[1]];
    let listed = read(&storage, move |unit| {
        assert_eq!(unit.tickets().list_customers(&[])?, []);
        unit.tickets().list_customers(&asked)
    })
    .await;
    assert_eq!(listed, [(numbers[0], UserId::new("anna")), (numbers[1], UserId::new("Anna "))]);
}

/// "Deleting a ticket deletes everything that belongs to it, in every table", and nothing of another ticket.
pub async fn a_deleted_ticket_takes_everything_with_it(storage: Shared) {
    let (deleted, kept) = write(&storage, |unit| {
        let mut numbers = Vec::new();
        unit.labels().insert(&label(1, "VIP"))?;
        for start in [10, 20] {
            let ticket = unit.tickets().insert(&new_ticket("anna"))?.number;
            unit.messages().insert(&message(ticket, 1))?;
            unit.messages().insert(&answer(ticket, 2, "sara"))?;
            unit.attachments().insert(&[attachment(ticket, 1, start)])?;
            unit.notes().insert(&note(ticket, 1, 1))?;
            unit.notes().insert_files(&[note_file(ticket, 1, start)])?;
            unit.open_pages().report(&open_page(ticket, "sara", 1))?;
            unit.labels().put_on(ticket, LabelId(uuid(1)))?;
            unit.ratings().insert(&rating(ticket, 2, 5, at(1)))?;
            unit.first_answers().insert(&first(ticket, 2, 60))?;
            unit.histories().insert(&entry(ticket, 1, Change::Opened))?;
            unit.marks().mark(&UserId::new("sara"), ticket, place(2))?;
            unit.outbox().insert(&[letter(ticket, start, at(0))])?;
            unit.incoming().insert(&with(incoming(start, at(0)), |letter| letter.ticket = Some(ticket)))?;
            numbers.push(ticket);
        }
        Ok((numbers[0], numbers[1]))
    })
    .await;
    assert!(write(&storage, move |unit| unit.tickets().delete(deleted)).await);
    read(&storage, move |unit| {
        for (ticket, rows) in [(deleted, 0), (kept, 1)] {
            assert_eq!(unit.messages().list(ticket, None, 10)?.len(), 2 * rows);
            assert_eq!(unit.attachments().list(ticket)?.len(), rows);
            assert_eq!(notes::all(unit, ticket)?.len(), rows);
            assert_eq!(note_files::all(unit, ticket)?.len(), rows);
            assert_eq!(unit.notes().file_keys(ticket, None)?.len(), rows);
            assert_eq!(unit.open_pages().list(ticket, at(0))?.len(), rows);
            assert_eq!(unit.incoming().keys(ticket)?.len(), rows);
            assert_eq!(unit.labels().of(&[ticket])?.len(), rows);
            assert_eq!(unit.ratings().list(ticket)?.len(), rows);
            assert_eq!(unit.histories().list(ticket, Side::Desk, None)?.len(), rows);
            assert_eq!(unit.marks().list(&UserId::new("sara"), &[ticket])?.len(), rows);
        }
        assert_eq!(unit.outbox().count()?, OutboxCounts { waiting: 1, ..OutboxCounts::default() });
        assert_eq!(unit.ratings().tally(&UserId::new("sara"))?.answers, 1);
        assert_eq!(unit.first_answers().tally(&UserId::new("sara"), at(999))?.answers(), 1);
        assert_eq!(unit.labels().count(&[LabelId(uuid(1))])?, [1]);
        Ok(())
    })
    .await;
}

/// `TicketStore::delete`: "Tickets that follow it no longer follow a ticket."
pub async fn followers_of_a_deleted_ticket_follow_nothing(storage: Shared) {
    let followed = stored(&storage, new_ticket("anna")).await.number;
    let follower = stored(&storage, with(new_ticket("anna"), |new| new.follows = Some(followed))).await;
    write(&storage, move |unit| unit.tickets().delete(followed)).await;
    // A unit that read the follower before may still change it, and does not bring back the deleted ticket.
    let (number, changed) = (
        follower.number,
        with(follower, |ticket| {
            ticket.answers = 1;
            ticket.version = 2;
        }),
    );
    write(&storage, move |unit| unit.tickets().update(&changed)).await;
    let found = read(&storage, move |unit| unit.tickets().find(number)).await.unwrap();
    assert_eq!((found.follows, found.answers), (None, 1));
}

/// Deletes a ticket as the backend does: finds it first, and returns the number of its files.
fn delete(unit: &mut dyn Unit, number: TicketNumber, pause: &dyn Fn()) -> Result<Option<usize>, StorageError> {
    if unit.tickets().find(number)?.is_none() {
        return Ok(None);
    }
    let files = unit.attachments().list(number)?.len();
    assert!(unit.tickets().delete(number)?);
    pause();
    Ok(Some(files))
}

/// Writes on a ticket as the doors do: finds it first. `false` if there is none.
fn reply(unit: &mut dyn Unit, number: TicketNumber, pause: &dyn Fn()) -> Result<bool, StorageError> {
    let Some(ticket) = unit.tickets().find(number)? else { return Ok(false) };
    pause();
    unit.messages().insert(&message(number, 2))?;
    unit.attachments().insert(&[attachment(number, 2, 1)])?;
    unit.histories().insert(&entry(number, 2, Change::Replied(place(2))))?;
    unit.outbox().insert(&[letter(number, 1, at(0))])?;
    unit.tickets().update(&with(ticket, |ticket| {
        ticket.last_message = place(2);
        ticket.version = 2;
    }))?;
    Ok(true)
}

async fn assert_nothing_is_left(storage: &Shared, number: TicketNumber) {
    read(storage, move |unit| {
        assert_eq!(unit.tickets().find(number)?, None);
        assert_eq!(unit.messages().list(number, None, 9)?, []);
        assert_eq!(unit.attachments().list(number)?, []);
        assert_eq!(unit.histories().list(number, Side::Desk, None)?, []);
        assert_eq!(unit.outbox().count()?, OutboxCounts::default());
        Ok(())
    })
    .await;
}

/// "Two units that write the same ticket behave as if one ran after the other": here the second deletes the ticket that the first writes
/// on, and sees everything that the first wrote.
pub async fn a_deletion_waits_for_a_writer(storage: Shared) {
    let number = opened(&storage).await.number;
    let replied = move |unit: &mut dyn Unit, pause: &dyn Fn()| reply(unit, number, pause);
    let outcome = overlapping(&storage, replied, move |unit| delete(unit, number, &|| ())).await;
    assert_eq!(outcome, (true, Some(1)));
    assert_nothing_is_left(&storage, number).await;
}

/// "Two units that write the same ticket behave as if one ran after the other": here the first deletes the ticket that the second wants to
/// write on.
pub async fn a_writer_waits_for_a_deletion(storage: Shared) {
    let number = opened(&storage).await.number;
    let deleted = move |unit: &mut dyn Unit, pause: &dyn Fn()| delete(unit, number, pause);
    let outcome = overlapping(&storage, deleted, move |unit| reply(unit, number, &|| ())).await;
    assert_eq!(outcome, (Some(0), false));
    assert_nothing_is_left(&storage, number).await;
}
