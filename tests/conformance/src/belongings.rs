//! What belongs to tickets: messages, files, ratings, history.

use muticket_core::blob::Digest;
use muticket_core::history::Change;
use muticket_core::id::{AttachmentId, TicketNumber, UserId};
use muticket_core::rating::{Score, Tally};
use muticket_core::storage::{BEGINNING, RatedAnswer, RatedQuery, StorageError, Unit};
use muticket_core::ticket::Body;
use muticket_core::viewer::Side;

use crate::Shared;
use crate::figures::rated;
use crate::material::{
    answer, at, attachment, entry, first, key, letter, message, new_ticket, nonce, note, note_file, open_page, opened, place,
    rating, read, uuid, with, write,
};

fn refused(result: Result<(), StorageError>) -> bool {
    matches!(result, Err(StorageError::Duplicate))
}

/// `MessageStore::find` and `find_by_nonce` give a message as `insert` stored it.
pub async fn a_message_comes_back_as_it_was_stored(storage: Shared) {
    let ticket = opened(&storage).await.number;
    let expected = with(answer(ticket, 2, "sara"), |message| {
        message.nonce = Some(nonce(7));
        message.written_at = at(3);
    });
    let new = expected.clone();
    write(&storage, move |unit| unit.messages().insert(&new)).await;
    let found = read(&storage, move |unit| unit.messages().find(ticket, place(2))).await;
    assert_eq!(found.as_ref(), Some(&expected));
    let found = read(&storage, |unit| unit.messages().find_by_nonce(nonce(7))).await;
    assert_eq!(found, Some(expected));
}

/// `MessageStore::insert` is a `Duplicate` "if its position or its nonce is taken": here the place.
pub async fn a_place_is_taken_once(storage: Shared) {
    let ticket = opened(&storage).await.number;
    assert!(refused(storage.run_write(move |unit| unit.messages().insert(&message(ticket, 1))).await));
}

/// `MessageStore::insert` is a `Duplicate` "if its position or its nonce is taken": here the nonce, also on another ticket.
pub async fn a_nonce_counts_once(storage: Shared) {
    let (ticket, other) = (opened(&storage).await.number, opened(&storage).await.number);
    write(&storage, move |unit| unit.messages().insert(&with(message(ticket, 2), |message| message.nonce = Some(nonce(1)))))
        .await;
    let again = move |ticket, number| with(message(ticket, number), |message| message.nonce = Some(nonce(1)));
    assert!(refused(storage.run_write(move |unit| unit.messages().insert(&again(ticket, 3))).await));
    assert!(refused(storage.run_write(move |unit| unit.messages().insert(&again(other, 2))).await));
}

/// `MessageStore::list`: "after a position, or from the first, oldest first, at most `limit`".
pub async fn messages_come_in_pages(storage: Shared) {
    let ticket = opened(&storage).await.number;
    let other = opened(&storage).await.number;
    write(&storage, move |unit| {
        for number in [3, 2, 5, 4] {
            unit.messages().insert(&message(ticket, number))?;
        }
        Ok(())
    })
    .await;
    let page = |after: Option<u32>, limit| {
        let storage = storage.clone();
        async move {
            let messages = read(&storage, move |unit| unit.messages().list(ticket, after.map(place), limit)).await;
            messages.iter().map(|message| message.number.get()).collect::<Vec<_>>()
        }
    };
    assert_eq!(page(None, 2).await, [1, 2]);
    assert_eq!(page(Some(2), 2).await, [3, 4]);
    assert_eq!(page(Some(4), 2).await, [5]);
    assert_eq!(page(Some(5), 2).await, []);
    assert_eq!(page(Some(u32::MAX), 2).await, []);
    assert_eq!(page(None, 0).await, []);
    assert_eq!(page(None, u32::MAX).await, [1, 2, 3, 4, 5]);
    assert_eq!(read(&storage, move |unit| unit.messages().list(other, None, 9)).await.len(), 1);
}

/// `MessageStore::beginnings`: the first `BEGINNING` characters, and not bytes, "of each of these messages, sorted by ticket and
/// position. A message that is missing or damaged is left out": here a missing one.
pub async fn beginnings_are_read_of_some_messages(storage: Shared) {
    let (first, second) = (opened(&storage).await.number, opened(&storage).await.number);
    let texts = ["\u{1f600}\u{e9}\u{5e9}e\u{301}".repeat(100), "x".repeat(BEGINNING), "two\n\tlines".to_owned()];
    let stored = texts.clone();
    write(&storage, move |unit| {
        for (ticket, number, text) in [(first, 2, &stored[0]), (first, 3, &stored[1]), (second, 2, &stored[2])] {
            unit.messages().insert(&with(message(ticket, number), |message| message.body = Body::parse(text).unwrap()))?;
        }
        Ok(())
    })
    .await;
    let of = async |places: &[(TicketNumber, u32)]| {
        let places: Vec<_> = places.iter().map(|(ticket, number)| (*ticket, place(*number))).collect();
        read(&storage, move |unit| unit.messages().beginnings(&places)).await
    };
    let [long, exact, short] = texts.map(|text| text.chars().take(BEGINNING).collect::<String>());
    assert_eq!(of(&[(second, 2), (first, 2)]).await, [(first, long.clone()), (second, short)]);
    assert_eq!(of(&[(first, 3), (first, 2), (first, 3)]).await, [(first, long), (first, exact.clone())]);
    let none = TicketNumber::new(99).unwrap();
    assert_eq!(of(&[(none, 1), (first, 9), (second, u32::MAX), (first, 3)]).await, [(first, exact.clone())]);
    assert_eq!(of(&[]).await, []);
    // Also among very many.
    let many: Vec<_> = (3..1203).map(|number| (first, number)).collect();
    assert_eq!(of(&many).await, [(first, exact)]);
}

/// `AttachmentStore::list`: "all files of a ticket, sorted by message and id".
pub async fn files_come_back_in_order(storage: Shared) {
    let ticket = opened(&storage).await.number;
    write(&storage, move |unit| {
        unit.messages().insert(&message(ticket, 2))?;
        unit.attachments().insert(&[attachment(ticket, 2, 1)])?;
        unit.attachments().insert(&[attachment(ticket, 1, 3), attachment(ticket, 1, 2)])?;
        unit.attachments().insert(&[])
    })
    .await;
    let files = read(&storage, move |unit| unit.attachments().list(ticket)).await;
    assert_eq!(files, [attachment(ticket, 1, 2), attachment(ticket, 1, 3), attachment(ticket, 2, 1)]);
    let mut keys = read(&storage, move |unit| unit.attachments().keys(ticket)).await;
    keys.sort();
    assert_eq!(keys, [1, 2, 3].map(|number| attachment(ticket, 1, number).key));
    let found = read(&storage, |unit| unit.attachments().find(AttachmentId(uuid(3)))).await;
    assert_eq!(found, Some(attachment(ticket, 1, 3)));
}

/// `AttachmentStore::insert` is a `Duplicate` "if an id or a key is taken"; a refused insert stores none of its files.
pub async fn a_file_is_taken_once_and_then_none_is_stored(storage: Shared) {
    let ticket = opened(&storage).await.number;
    write(&storage, move |unit| unit.attachments().insert(&[attachment(ticket, 1, 1)])).await;
    write(&storage, move |unit| {
        let same_id = with(attachment(ticket, 1, 1), |file| file.key = key(9));
        let same_key = with(attachment(ticket, 1, 9), |file| file.key = key(1));
        assert!(refused(unit.attachments().insert(&[attachment(ticket, 1, 2), same_id])));
        assert!(refused(unit.attachments().insert(&[attachment(ticket, 1, 2), same_key])));
        // Also when the duplicate is the last of very many.
        let many: Vec<_> = (0..1200).map(|number| attachment(ticket, 1, 1200 - number)).collect();
        assert!(refused(unit.attachments().insert(&many)));
        Ok(())
    })
    .await;
    let files = read(&storage, move |unit| unit.attachments().list(ticket)).await;
    assert_eq!(files, [attachment(ticket, 1, 1)]);
}

/// `AttachmentStore::insert` accepts any number of files: more than a database accepts in one statement.
pub async fn many_files_are_stored(storage: Shared) {
    let ticket = opened(&storage).await.number;
    write(&storage, move |unit| {
        let many: Vec<_> = (0..1200).map(|number| attachment(ticket, 1, number)).collect();
        unit.attachments().insert(&many)
    })
    .await;
    let files = read(&storage, move |unit| unit.attachments().list(ticket)).await;
    assert_eq!(files, (0..1200).map(|number| attachment(ticket, 1, number)).collect::<Vec<_>>());
}

/// `AttachmentStore::without_digest`: "files without a digest, of all tickets, sorted by id, after the given one, at most `limit`".
/// `AttachmentStore::set_digest`: "Stores the digest of a file; `false` if it already has one or does not exist".
pub async fn files_without_a_digest_are_found_and_get_theirs_once(storage: Shared) {
    let (ticket, other) = (opened(&storage).await.number, opened(&storage).await.number);
    let without = |ticket, number| with(attachment(ticket, 1, number), |file| file.digest = None);
    write(&storage, move |unit| {
        unit.attachments().insert(&[without(ticket, 4), without(ticket, 0), attachment(ticket, 1, 2)])?;
        unit.attachments().insert(&[without(other, 3), without(other, 5)])
    })
    .await;
    let page = |after: Option<u128>, limit| {
        let storage = storage.clone();
        async move {
            let after = after.map(|number| AttachmentId(uuid(number)));
            read(&storage, move |unit| unit.attachments().without_digest(after, limit)).await
        }
    };
    assert_eq!(page(None, 9).await, [without(ticket, 0), without(other, 3), without(ticket, 4), without(other, 5)]);
    assert_eq!(page(None, 2).await, [without(ticket, 0), without(other, 3)]);
    assert_eq!(page(Some(3), 1).await, [without(ticket, 4)]);
    assert_eq!((page(Some(5), 9).await, page(None, 0).await), (Vec::new(), Vec::new()));
    write(&storage, |unit| {
        let mut set = |number, bytes: &[u8]| unit.attachments().set_digest(AttachmentId(uuid(number)), &Digest::of(bytes));
        assert_eq!((set(3, b"right")?, set(3, b"later")?, set(2, b"later")?, set(7, b"nobody's")?), (true, false, false, false));
        Ok(())
    })
    .await;
    assert_eq!(page(None, 9).await, [without(ticket, 0), without(ticket, 4), without(other, 5)]);
    let found = read(&storage, |unit| unit.attachments().find(AttachmentId(uuid(3)))).await;
    assert_eq!(found, Some(with(without(other, 3), |file| file.digest = Some(Digest::of(b"right")))));
    let found = read(&storage, |unit| unit.attachments().find(AttachmentId(uuid(2)))).await;
    assert_eq!(found, Some(attachment(ticket, 1, 2)));
}

/// `RatingStore::insert` is a `Duplicate` "if the answer already has one", and `update` is "`false` if it does not exist".
pub async fn a_rating_is_given_once_and_can_be_changed(storage: Shared) {
    let ticket = opened(&storage).await.number;
    write(&storage, move |unit| {
        unit.messages().insert(&answer(ticket, 2, "sara"))?;
        assert!(!unit.ratings().update(&rating(ticket, 2, 1, at(1)))?);
        unit.ratings().insert(&rating(ticket, 2, 1, at(1)))?;
        assert!(refused(unit.ratings().insert(&rating(ticket, 2, 2, at(2)))));
        assert!(unit.ratings().update(&rating(ticket, 2, 5, at(3)))?);
        Ok(())
    })
    .await;
    let found = read(&storage, move |unit| unit.ratings().find(ticket, place(2))).await;
    assert_eq!(found, Some(rating(ticket, 2, 5, at(3))));
    let all = read(&storage, move |unit| unit.ratings().list(ticket)).await;
    assert_eq!(all, [rating(ticket, 2, 5, at(3))]);
}

/// Six answers by Sara on two tickets, some rated, and other rows that must not count.
async fn with_ratings(storage: &Shared) -> (TicketNumber, TicketNumber) {
    write(storage, |unit| {
        let first = unit.tickets().insert(&new_ticket("anna"))?.number;
        let second = unit.tickets().insert(&new_ticket("sara"))?.number;
        // On her own ticket Sara is a customer.
        unit.messages().insert(&with(message(second, 1), |message| message.author = UserId::new("sara")))?;
        for number in 2..=4 {
            unit.messages().insert(&answer(first, number, "sara"))?;
            unit.messages().insert(&answer(second, number, "sara"))?;
        }
        unit.messages().insert(&answer(first, 5, "Sara"))?;
        unit.ratings().insert(&rating(first, 2, 5, at(10)))?;
        unit.ratings().insert(&rating(first, 4, 1, at(30)))?;
        unit.ratings().insert(&rating(second, 2, 1, at(20)))?;
        unit.ratings().insert(&rating(first, 5, 3, at(40)))?;
        unit.ratings().insert(&rating(second, 1, 3, at(50)))?;
        assert!(unit.ratings().update(&rating(second, 2, 5, at(35)))?);
        Ok((first, second))
    })
    .await
}

/// `RatingStore::tally`: "Only messages written as a supporter count."
pub async fn a_tally_counts_what_was_written_as_a_supporter(storage: Shared) {
    with_ratings(&storage).await;
    let tally = read(&storage, |unit| unit.ratings().tally(&UserId::new("sara"))).await;
    assert_eq!(tally, Tally::new(6, [1, 0, 0, 0, 2]));
    let tally = read(&storage, |unit| unit.ratings().tally(&UserId::new("nobody"))).await;
    assert_eq!(tally, Tally::default());
}

/// `RatingStore::list_by_author`: "most recently rated first", at most `limit`.
pub async fn rated_answers_come_last_rated_first(storage: Shared) {
    let (first, second) = with_ratings(&storage).await;
    let subject = new_ticket("anna").subject;
    let answer = |rating| RatedAnswer { rating, subject: subject.clone() };
    let two = read(&storage, |unit| unit.ratings().list_by_author(&RatedQuery { limit: 2, ..rated() })).await;
    assert_eq!(two, [answer(rating(second, 2, 5, at(35))), answer(rating(first, 4, 1, at(30)))]);
    let all = read(&storage, |unit| unit.ratings().list_by_author(&rated())).await;
    assert_eq!(all.last(), Some(&answer(rating(first, 2, 5, at(10)))));
    assert_eq!(all.len(), 3);
}

/// `HistoryStore::list`: "oldest first"; a version is taken once.
pub async fn a_history_comes_back_in_order(storage: Shared) {
    let ticket = opened(&storage).await.number;
    let changes = [
        Change::Opened,
        Change::Replied(place(2)),
        Change::Answered(place(3)),
        Change::Rated(place(3), Score::new(4).unwrap()),
        Change::Closed,
        Change::Reopened,
    ];
    let entries: Vec<_> = (1..).zip(changes).map(|(version, change)| entry(ticket, version, change)).collect();
    let expected = entries.clone();
    write(&storage, move |unit| {
        for entry in entries.iter().rev() {
            unit.histories().insert(entry)?;
        }
        assert!(refused(unit.histories().insert(&entry(ticket, 1, Change::Closed))));
        Ok(())
    })
    .await;
    assert_eq!(read(&storage, move |unit| unit.histories().list(ticket, Side::Desk, None)).await, expected);
}

/// Each row needs its ticket or message, so no row is left that a deletion would not find.
pub async fn nothing_belongs_to_nothing(storage: Shared) {
    let ticket = opened(&storage).await.number;
    let none = TicketNumber::new(99).unwrap();
    type Case = fn(&mut dyn Unit, TicketNumber, TicketNumber) -> Result<(), StorageError>;
    let cases: [Case; 10] = [
        |unit, _, none| unit.messages().insert(&message(none, 1)),
        |unit, _, none| unit.notes().insert(&note(none, 1, 1)),
        |unit, ticket, _| unit.notes().insert_files(&[note_file(ticket, 1, 1)]),
        |unit, _, none| unit.open_pages().report(&open_page(none, "sara", 1)),
        |unit, ticket, _| unit.attachments().insert(&[attachment(ticket, 2, 1)]),
        |unit, ticket, _| unit.ratings().insert(&rating(ticket, 2, 1, at(0))),
        |unit, ticket, _| unit.first_answers().insert(&first(ticket, 2, 60)),
        |unit, _, none| unit.histories().insert(&entry(none, 1, Change::Opened)),
        |unit, _, none| unit.outbox().insert(&[letter(none, 1, at(0))]),
        |unit, _, none| {
            let mut new = new_ticket("anna");
            new.follows = Some(none);
            unit.tickets().insert(&new).map(drop)
        },
    ];
    for (index, case) in cases.into_iter().enumerate() {
        let result: Result<(), StorageError> = storage.run_write(move |unit| case(unit, ticket, none)).await;
        assert!(matches!(result, Err(StorageError::Failed { .. })), "{index}: {result:?}");
    }
}
