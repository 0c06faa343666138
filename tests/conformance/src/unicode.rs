//! Every Unicode character, in every kind of text.

use muticket_core::category::Category;
use muticket_core::id::{AttachmentId, CategoryId};
use muticket_core::language::Language;
use muticket_core::notification::{LetterState, OutboxEntry};
use muticket_core::storage::StoredCategory;
use muticket_core::ticket::{Attachment, Body, FileName, Subject};

use crate::Shared;
use crate::material::{at, attachment, key, letter, message, new_ticket, opened, place, read, uuid, with, write};

/// All Unicode characters, of every length in bytes. Nearly nothing is assigned from U+40000 on except the tags in plane 14, and no storage
/// can tell what is not assigned apart. So one of 64 is enough there. The last one of each plane is among them.
fn all() -> impl Iterator<Item = char> {
    ('\0'..=char::MAX).filter(|c| matches!(c, '\0'..'\u{40000}' | '\u{e0000}'..'\u{e0200}') || u32::from(*c) % 64 == 63)
}

/// All of these except control characters, in pieces of at most this many characters.
fn pieces(characters: usize) -> Vec<String> {
    let all: Vec<char> = all().filter(|c| !c.is_control()).collect();
    all.chunks(characters).map(|piece| piece.iter().collect()).collect()
}

/// How many rows are stored in one unit, and in one statement where a method takes several.
const ROWS: usize = 500;

/// "Text is returned exactly as stored: all Unicode characters", here in messages.
pub async fn every_character_comes_back_in_messages(storage: Shared) {
    let ticket = opened(&storage).await.number;
    let bodies: Vec<Body> = pieces(Body::MAX_CHARS).into_iter().map(|text| Body::from_stored(text).unwrap()).collect();
    assert!(bodies.len() > 10);
    let new = bodies.clone();
    write(&storage, move |unit| {
        (2..).zip(&new).try_for_each(|(number, body)| {
            unit.messages().insert(&with(message(ticket, number), |message| message.body = body.clone()))
        })
    })
    .await;
    let found = read(&storage, move |unit| unit.messages().list(ticket, Some(place(1)), 1000)).await;
    for (stored, body) in found.iter().zip(&bodies) {
        assert!(stored.body == *body, "message {} is another one", stored.number);
    }
    assert_eq!(found.len(), bodies.len());
}

/// "Text is returned exactly as stored: all Unicode characters", here in subjects, and in identifiers beside them.
pub async fn every_character_comes_back_in_subjects_and_identifiers(storage: Shared) {
    for texts in pieces(Subject::MAX_CHARS).chunks(ROWS) {
        let new: Vec<_> = texts
            .iter()
            .map(|text| {
                with(new_ticket(text), |new| {
                    new.subject = Subject::from_stored(text.clone()).unwrap();
                    new.category = Some(CategoryId::new(text.as_str()));
                })
            })
            .collect();
        write(&storage, move |unit| {
            for ticket in &new {
                let stored = unit.tickets().insert(ticket)?;
                let found = unit.tickets().find(stored.number)?;
                assert!(found.as_ref() == Some(&ticket.numbered(stored.number)), "{:?} is another one", ticket.subject);
            }
            Ok(())
        })
        .await;
    }
}

/// "Text is returned exactly as stored: all Unicode characters", here in file names, as far as these allow the character.
pub async fn every_character_comes_back_in_file_names(storage: Shared) {
    let ticket = opened(&storage).await.number;
    let may_be = |c: &char| FileName::from_stored(c.to_string()).is_some();
    let all: Vec<char> = all().filter(may_be).collect();
    let file = |(number, name): (u128, &[char])| {
        with(attachment(ticket, 1, number), |file| {
            file.id = AttachmentId(uuid(number));
            file.key = key(number);
            file.name = FileName::from_stored(name.iter().collect()).unwrap();
        })
    };
    // A character has at most four bytes, and a name at most 240.
    let files: Vec<Attachment> = (1..).zip(all.chunks(60)).map(file).collect();
    for some in files.chunks(ROWS) {
        let new = some.to_vec();
        write(&storage, move |unit| unit.attachments().insert(&new)).await;
    }
    let found = read(&storage, move |unit| unit.attachments().list(ticket)).await;
    assert!(found == files, "some file has another name");
}

/// "Text is returned exactly as stored: all Unicode characters", here in the mail server's error messages.
pub async fn every_character_comes_back_in_problems(storage: Shared) {
    let ticket = opened(&storage).await.number;
    let failed =
        |(number, problem)| OutboxEntry { state: LetterState::Failed { at: at(0), problem }, ..letter(ticket, number, at(0)) };
    let letters: Vec<OutboxEntry> = (1..).zip(pieces(ROWS)).map(failed).collect();
    for some in letters.chunks(ROWS) {
        let new = some.to_vec();
        write(&storage, move |unit| unit.outbox().insert(&new)).await;
    }
    let mut found = read(&storage, |unit| unit.outbox().list_unsent(10_000)).await;
    found.sort_by_key(|letter| letter.id);
    assert!(found == letters, "some letter has another problem");
}

/// "Text is returned exactly as stored: all Unicode characters", here in the names of categories.
pub async fn every_character_comes_back_in_names_of_categories(storage: Shared) {
    let names: Vec<_> = pieces(80).into_iter().map(|name| (Language::english(), name)).collect();
    let kept = |(number, names): (usize, &[(Language, String)])| StoredCategory {
        category: Category { id: CategoryId::new(number.to_string()), names: names.to_vec() },
        retired: false,
    };
    let categories: Vec<StoredCategory> = names.chunks(ROWS).enumerate().map(kept).collect();
    let new = categories.clone();
    write(&storage, move |unit| new.iter().try_for_each(|category| unit.categories().insert(category))).await;
    let found = read(&storage, |unit| unit.categories().list()).await;
    assert!(found == categories, "some category has another name");
}
