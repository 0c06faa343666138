//! How far mailboxes were read (M-08).

use muticket_core::mailbox::{MailboxPlace, MailboxState, MailboxTrouble};
use muticket_core::storage::{StorageError, Unit};

use crate::Shared;
use crate::material::{at, mailbox, read, with, write};

/// `MailboxStore::update` stores a mailbox "in place of what was stored under its name", and `find` returns it as it was stored. "Their
/// names are compared byte for byte."
pub async fn a_mailbox_comes_back_as_it_was_last_stored(storage: Shared) {
    let find = |name: &'static str| read(&storage, move |unit| unit.mailboxes().find(name));
    assert_eq!(find("a").await, None);
    let largest = MailboxPlace { uid_validity: u32::MAX, next_uid: u32::MAX };
    let texts = "imaps://größe@mail.example/Ordner 📮";
    let stored = [
        MailboxState::new("a"),
        mailbox("A", 9),
        with(mailbox(texts, 2), |mailbox| mailbox.problem = Some(MailboxTrouble::Login.with("größe 📮"))),
        with(mailbox("a", 5), |mailbox| mailbox.problem = Some(String::new())),
        with(mailbox("a", 4), |mailbox| mailbox.place = Some(largest)),
        MailboxState { checked_at: None, ..mailbox("A ", 1) },
    ];
    for mailbox in stored.clone() {
        let name = mailbox.name.clone();
        let same = mailbox.clone();
        write(&storage, move |unit| unit.mailboxes().update(&mailbox)).await;
        assert_eq!(read(&storage, move |unit| unit.mailboxes().find(&name)).await, Some(same));
    }
    assert_eq!(find("A").await.as_ref(), Some(&stored[1]));
    assert_eq!(find("a").await.as_ref(), Some(&stored[4]));
    write(&storage, |unit| unit.mailboxes().update(&MailboxState::new("a"))).await;
    assert_eq!(find("a").await, Some(MailboxState::new("a")), "what is missing is stored as missing");
}

/// `MailboxStore::list`: "all mailboxes, sorted by name".
pub async fn mailboxes_are_listed_by_name(storage: Shared) {
    assert!(read(&storage, |unit| unit.mailboxes().list()).await.is_empty());
    let stored = ["b", "a", "B", "ä"].map(|name| mailbox(name, 1));
    write(&storage, move |unit| stored.iter().try_for_each(|mailbox| unit.mailboxes().update(mailbox))).await;
    let names: Vec<_> = read(&storage, |unit| unit.mailboxes().list()).await.into_iter().map(|mailbox| mailbox.name).collect();
    assert_eq!(names, ["B", "a", "b", "ä"]);
}

/// `MailboxStore::find`: "If a unit that writes finds one, other units that write do not change it until this unit has ended."
pub async fn a_mailbox_waits_for_the_unit_that_reads_on(storage: Shared) {
    write(&storage, |unit| unit.mailboxes().update(&mailbox("a", 0))).await;
    let further = |unit: &mut dyn Unit| -> Result<(), StorageError> {
        let found = unit.mailboxes().find("a")?.unwrap();
        let next = found.place.unwrap().next_uid + 1;
        unit.mailboxes().update(&MailboxState { checked_at: Some(at(next.into())), ..mailbox("a", next) })
    };
    let readers: Vec<_> = (0..8)
        .map(|_| {
            let storage = storage.clone();
            tokio::spawn(async move {
                for _ in 0..5 {
                    write(&storage, further).await;
                }
            })
        })
        .collect();
    for reader in readers {
        reader.await.unwrap();
    }
    let place = read(&storage, |unit| unit.mailboxes().find("a")).await.unwrap().place;
    assert_eq!(place.unwrap().next_uid, 40);
}
