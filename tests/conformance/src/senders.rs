//! Addresses that are assigned to users.

use muticket_core::id::UserId;

use crate::Shared;
use crate::material::{assigned, read, with, write};

/// `SenderStore::update` stores an address "in place of what was stored for this address"; `find` compares "byte for byte"; `list`
/// is "sorted by address, at most `limit`".
pub async fn an_assigned_address_is_the_last_that_was_stored(storage: Shared) {
    let again = with(assigned("b@x.example", "ben", 3), |sender| sender.user = UserId::new("anna"));
    let senders = [assigned("b@x.example", "ben", 1), assigned("a@x.example", "ben", 2), assigned("c@x.example", "tom", 2)];
    let stored = [senders[1].clone(), again.clone(), senders[2].clone()];
    write(&storage, move |unit| senders.iter().chain([&again]).try_for_each(|sender| unit.senders().update(sender))).await;
    read(&storage, move |unit| {
        assert_eq!(unit.senders().list(9)?, stored);
        assert_eq!(unit.senders().list(2)?, stored[..2]);
        assert_eq!(unit.senders().find("b@x.example")?.as_ref(), Some(&stored[1]));
        for other in ["B@x.example", "b@x.example ", "b@x.exampl", ""] {
            assert_eq!(unit.senders().find(other)?, None, "{other}");
        }
        Ok(())
    })
    .await;
}

/// `SenderStore::delete`: "`false` if it is not stored".
pub async fn an_assigned_address_is_deleted(storage: Shared) {
    write(&storage, |unit| {
        unit.senders().update(&assigned("a@x.example", "anna", 1))?;
        unit.senders().update(&assigned("b@x.example", "anna", 1))
    })
    .await;
    let deleted =
        write(&storage, |unit| Ok([unit.senders().delete("a@x.example")?, unit.senders().delete("a@x.example")?])).await;
    assert_eq!(deleted, [true, false]);
    let kept = read(&storage, |unit| unit.senders().list(9)).await;
    assert_eq!(kept, [assigned("b@x.example", "anna", 1)]);
}
