//! Values come back as they were stored.

use muticket_core::history::Change;
use muticket_core::id::{AttachmentId, CategoryId, GroupId, TicketNumber, UserId};
use muticket_core::notification::{LetterState, OutboxEntry};
use muticket_core::rating::Score;
use muticket_core::settings::Settings;
use muticket_core::storage::{Reach, View};
use muticket_core::ticket::{Body, State, Subject};
use muticket_core::viewer::Side;

use crate::Shared;
use crate::everything::{category, supporter};
use crate::material::{
    answer, at, attachment, entry, key, letter, message, new_ticket, nonce, opened, place, rating, read, stored, uuid, with,
    write,
};
use crate::overview::of;

const TEXTS: [&str; 10] = [
    "plain",
    "emoji 😀 👨‍👩‍👧 \u{1f1e9}\u{1f1ea}",
    "NFC \u{e9} and NFD e\u{301}",
    "עברית ועربي \u{202e}turned",
    "quotes ' \" ` \\ %_ ; -- $1 ? :x",
    "a\u{a0}b\u{2028}c\u{200b}d",
    "noncharacters \u{fffe}\u{ffff}\u{10ffff}",
    "ß ẞ ſ İ ı",
    "日本語 𠮷",
    "<script>alert(1)</script> {{ 7*7 }}",
];

/// "Text is returned exactly as stored", and "Nothing else is ever truncated".
pub async fn texts_come_back_exactly(storage: Shared) {
    let longest_subject = "😀".repeat(Subject::MAX_CHARS);
    let longest_body = "😀".repeat(Body::MAX_CHARS);
    let texts = TEXTS.iter().map(|text| (*text).to_owned()).zip(TEXTS.iter().map(|text| format!("  {text}\n\t{text}")));
    for (subject, body) in texts.chain([(longest_subject, longest_body)]) {
        let subject = Subject::parse(&subject).unwrap();
        let body = Body::parse(&body).unwrap();
        let (new_subject, new_body) = (subject.clone(), body.clone());
        let number = write(&storage, move |unit| {
            let new = with(new_ticket("anna"), |new| new.subject = new_subject.clone());
            let number = unit.tickets().insert(&new)?.number;
            unit.messages().insert(&with(message(number, 1), |message| message.body = new_body.clone()))?;
            Ok(number)
        })
        .await;
        let found = read(&storage, move |unit| {
            Ok((unit.tickets().find(number)?.unwrap().subject, unit.messages().find(number, place(1))?.unwrap().body))
        });
        assert_eq!(found.await, (subject, body));
    }
}

/// "Ids are compared byte for byte: case, accents and trailing spaces are significant"
pub async fn identifiers_are_compared_byte_for_byte(storage: Shared) {
    let customers =
        ["anna", "Anna", "ANNA", "anna ", " anna", "ann\u{e4}", "anna\u{308}", "ann\u{61}\u{308}x", "", "1", "01", "1.0", "😀"];
    for customer in customers {
        stored(&storage, new_ticket(customer)).await;
    }
    for customer in customers {
        let tickets = read(&storage, move |unit| unit.overviews().list(&of(View::of(Reach::Own(UserId::new(customer)))))).await;
        let found: Vec<_> = tickets.iter().map(|ticket| ticket.customer.as_str()).collect();
        assert_eq!(found, [customer]);
    }
}

/// "Nothing else is ever truncated", including numbers.
pub async fn large_numbers_are_kept(storage: Shared) {
    let ticket = opened(&storage).await;
    let number: TicketNumber = ticket.number;
    let file = with(attachment(number, 1, u128::MAX), |file| file.size = LARGEST);
    let tried =
        OutboxEntry { attempts: u32::MAX, claims: u32::MAX, message: Some(place(u32::MAX)), ..letter(number, u128::MAX, at(0)) };
    let changed = Change::Rated(place(u32::MAX), Score::new(5).unwrap());
    let stored = changed.clone();
    let limited = Settings { image_limit: Some(LARGEST), ..Settings::default() };
    let expected = (file.clone(), tried.clone(), limited.clone());
    write(&storage, move |unit| {
        unit.messages().insert(&message(number, u32::MAX))?;
        unit.attachments().insert(std::slice::from_ref(&file))?;
        unit.histories().insert(&entry(number, u32::MAX, changed.clone()))?;
        unit.ratings().insert(&rating(number, u32::MAX, 5, at(0)))?;
        unit.outbox().insert(std::slice::from_ref(&tried))?;
        unit.settings().update(&limited)?;
        unit.tickets().update(&with(ticket.clone(), |ticket| {
            ticket.answers = u32::MAX;
            ticket.last_message = place(u32::MAX);
            ticket.last_activity_at = at(1);
            ticket.version = 2;
        }))
    })
    .await;
    read(&storage, move |unit| {
        let found = unit.tickets().find(number)?.unwrap();
        assert_eq!((found.answers, found.last_message), (u32::MAX, place(u32::MAX)));
        assert_eq!(unit.messages().list(number, Some(place(u32::MAX - 1)), 9)?, [message(number, u32::MAX)]);
        assert_eq!(unit.attachments().list(number)?, std::slice::from_ref(&expected.0));
        assert_eq!(unit.histories().list(number, Side::Desk, None)?, [entry(number, u32::MAX, stored.clone())]);
        assert_eq!(unit.ratings().find(number, place(u32::MAX))?, Some(rating(number, u32::MAX, 5, at(0))));
        assert_eq!(unit.outbox().list_unsent(9)?, std::slice::from_ref(&expected.1));
        assert_eq!(unit.settings().find()?, expected.2);
        Ok(())
    })
    .await;
}

/// "A size is at most `i64::MAX`."
const LARGEST: u64 = i64::MAX.unsigned_abs();

/// "Nothing else is ever truncated": zero values are stored, and so is the identifier of all zeros.
pub async fn the_smallest_numbers_are_kept(storage: Shared) {
    let number = opened(&storage).await.number;
    let file = move || with(attachment(number, 1, 0), |file| file.size = 0);
    let empty = [Settings { image_limit: Some(0), ..Settings::default() }, Settings { image_limit: None, ..Settings::default() }];
    write(&storage, move |unit| {
        unit.attachments().insert(&[file()])?;
        unit.outbox().insert(&[letter(number, 0, at(0))])?;
        unit.histories().insert(&entry(number, 0, Change::Rated(place(1), Score::new(1).unwrap())))?;
        unit.ratings().insert(&rating(number, 1, 1, at(0)))?;
        unit.messages().insert(&with(message(number, 2), |message| message.nonce = Some(nonce(0))))?;
        unit.secrets().insert("zeros", &[0; 32])?;
        unit.orphans().insert(&[key(0)], at(0))
    })
    .await;
    read(&storage, move |unit| {
        assert_eq!(unit.attachments().find(AttachmentId(uuid(0)))?, Some(file()));
        assert_eq!(unit.outbox().list_unsent(9)?, [letter(number, 0, at(0))]);
        assert_eq!(
            unit.histories().list(number, Side::Desk, None)?,
            [entry(number, 0, Change::Rated(place(1), Score::new(1).unwrap()))]
        );
        assert_eq!(unit.ratings().list(number)?, [rating(number, 1, 1, at(0))]);
        assert_eq!(unit.messages().find_by_nonce(nonce(0))?.unwrap().number, place(2));
        assert_eq!(unit.messages().find(number, place(1))?.unwrap().nonce, None);
        assert_eq!(unit.secrets().find("zeros")?, Some([0; 32]));
        assert_eq!(unit.orphans().due(at(0), 9)?, [key(0)]);
        Ok(())
    })
    .await;
    for settings in empty {
        let new = settings.clone();
        write(&storage, move |unit| unit.settings().update(&new)).await;
        assert_eq!(read(&storage, |unit| unit.settings().find()).await, settings);
    }
}

/// "Empty text is not the same as missing text": it is returned as an empty text, not as a missing one.
pub async fn what_is_empty_is_not_missing(storage: Shared) {
    let tickets = write(&storage, |unit| {
        let mut tickets = Vec::new();
        for (category, closed_by) in [(Some(""), Some("")), (None, None)] {
            let new = with(new_ticket(""), |new| new.category = category.map(CategoryId::new));
            let ticket = unit.tickets().insert(&new)?;
            let closed_by = closed_by.map(UserId::new);
            let ticket = with(ticket, |ticket| {
                ticket.state = State::Closed;
                ticket.closed_by = closed_by;
                ticket.version = 2;
            });
            unit.tickets().update(&ticket)?;
            unit.messages().insert(&answer(ticket.number, 1, ""))?;
            tickets.push(ticket);
        }
        Ok(tickets)
    })
    .await;
    let number = tickets[0].number;
    let problem = |problem: Option<&str>| LetterState::Waiting { not_before: at(0), problem: problem.map(str::to_owned) };
    let states = [problem(Some("")), problem(None), LetterState::Failed { at: at(0), problem: String::new() }];
    let of_nobody = |(id, state)| OutboxEntry { recipient: UserId::new(""), state, ..letter(number, id, at(0)) };
    let letters: Vec<_> = (1..).zip(states).map(of_nobody).collect();
    let nameless = category("", &[("en", ""), ("de", "")]);
    let new = (letters.clone(), nameless.clone());
    write(&storage, move |unit| {
        unit.outbox().insert(&new.0)?;
        unit.categories().insert(&new.1)?;
        unit.supporters().insert(&supporter(1, "", &[""]))?;
        unit.supporters().insert(&supporter(2, "tom", &[]))?;
        unit.secrets().insert("", &[1; 32])
    })
    .await;
    read(&storage, move |unit| {
        for ticket in &tickets {
            assert_eq!(unit.tickets().find(ticket.number)?.as_ref(), Some(ticket));
        }
        let mut found = unit.outbox().list_unsent(9)?;
        found.sort_by_key(|letter| letter.id);
        assert_eq!(found, letters);
        assert_eq!(unit.categories().list()?, std::slice::from_ref(&nameless));
        assert_eq!(unit.categories().find(&CategoryId::new(""))?, Some(nameless.clone()));
        assert_eq!(unit.supporters().list()?, [supporter(1, "", &[""]), supporter(2, "tom", &[])]);
        assert_eq!(unit.secrets().find("")?, Some([1; 32]));
        Ok(())
    })
    .await;
    for supporter_group in [Some(GroupId::new("")), None] {
        let settings = Settings { supporter_group, ..Settings::default() };
        let new = settings.clone();
        write(&storage, move |unit| unit.settings().update(&new)).await;
        assert_eq!(read(&storage, |unit| unit.settings().find()).await, settings);
    }
}
