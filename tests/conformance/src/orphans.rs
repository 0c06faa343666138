//! Orphans.

use std::collections::BTreeSet;

use chrono::DateTime;
use muticket_core::blob::BlobKey;

use crate::Shared;
use crate::material::{at, key, overlapping, read, write};

/// `OrphanStore::adopt` is "`false` if there is none, or if it is due at `now`"; noting an orphan again replaces its instant.
pub async fn an_orphan_is_adopted_in_time(storage: Shared) {
    write(&storage, |unit| unit.orphans().insert(&[key(1), key(2), key(2)], at(10))).await;
    // Noted again with another instant.
    write(&storage, |unit| unit.orphans().insert(&[key(2), key(3)], at(20))).await;
    let adopt = |number, seconds| {
        let storage = storage.clone();
        async move { write(&storage, move |unit| unit.orphans().adopt(&key(number), at(seconds))).await }
    };
    assert!(!adopt(1, 10).await);
    assert!(adopt(1, 9).await);
    assert!(!adopt(1, 9).await);
    assert!(adopt(2, 19).await);
    assert!(!adopt(4, 0).await);
    assert_eq!(read(&storage, |unit| unit.orphans().due(at(99), 9)).await, [key(3)]);
}

/// `OrphanStore::due`: "at most `limit` orphans that are due at `now`, the longest due first".
pub async fn orphans_come_longest_due_first(storage: Shared) {
    write(&storage, |unit| {
        let many: Vec<_> = (100..1300).map(key).collect();
        unit.orphans().insert(&many, at(50))?;
        unit.orphans().insert(&[key(1)], at(30))?;
        unit.orphans().insert(&[key(2)], at(10))?;
        unit.orphans().insert(&[], at(10))
    })
    .await;
    let due = |seconds, limit| {
        let storage = storage.clone();
        async move { read(&storage, move |unit| unit.orphans().due(at(seconds), limit)).await }
    };
    assert_eq!(due(9, 9).await, []);
    assert_eq!(due(30, 9).await, [key(2), key(1)]);
    assert_eq!(due(30, 1).await, [key(2)]);
    assert_eq!(due(50, 2000).await.len(), 1202);
    write(&storage, |unit| {
        let many: Vec<_> = (2..1300).map(key).collect();
        unit.orphans().delete(&many)?;
        unit.orphans().delete(&[])
    })
    .await;
    assert_eq!(due(99, 9).await, [key(1)]);
}

/// `OrphanStore::due`: "Notes that another unit has locked or is adopting are skipped." A file that a form has adopted is never swept.
pub async fn what_is_being_adopted_is_not_swept(storage: Shared) {
    write(&storage, |unit| unit.orphans().insert(&[key(1), key(2)], at(10))).await;
    // The form started in time, and the sweep a moment later.
    let (adopted, swept) = overlapping(
        &storage,
        |unit, pause| {
            let adopted = unit.orphans().adopt(&key(1), at(9))?;
            pause();
            Ok(adopted)
        },
        |unit| {
            let due = unit.orphans().due(at(10), 9)?;
            unit.orphans().insert(&due, DateTime::UNIX_EPOCH)?;
            Ok(due)
        },
    )
    .await;
    assert!(adopted);
    assert_eq!(swept, [key(2)]);
    assert_eq!(read(&storage, |unit| unit.orphans().due(at(99), 9)).await, [key(2)]);
}

/// `OrphanStore::due` "locks the notes that it gets until its end: they cannot be adopted meanwhile".
pub async fn what_is_being_swept_is_not_adopted(storage: Shared) {
    write(&storage, |unit| unit.orphans().insert(&[key(1)], at(10))).await;
    let (swept, adopted) = overlapping(
        &storage,
        |unit, pause| {
            let due = unit.orphans().due(at(10), 9)?;
            pause();
            unit.orphans().insert(&due, DateTime::UNIX_EPOCH)?;
            Ok(due)
        },
        |unit| unit.orphans().adopt(&key(1), at(9)),
    )
    .await;
    assert_eq!((swept, adopted), (vec![key(1)], false));
}

/// `OrphanStore::due`: "other writing units do not get them".
pub async fn two_sweepers_never_get_the_same_orphan(storage: Shared) {
    write(&storage, |unit| unit.orphans().insert(&(1..=300).map(key).collect::<Vec<_>>(), at(0))).await;
    let sweepers: Vec<_> = (0..4)
        .map(|_| {
            let storage = storage.clone();
            tokio::spawn(async move {
                let mut all = Vec::<BlobKey>::new();
                // The bound ends the loop if a storage hands out the same orphans forever. An empty list does not end it, because other
                // sweepers may hold the rest.
                for _ in 0..100 {
                    let swept = write(&storage, |unit| {
                        let due = unit.orphans().due(at(0), 7)?;
                        // Noted again first, as the helpdesk does for files that it is going to delete.
                        unit.orphans().insert(&due, DateTime::UNIX_EPOCH)?;
                        unit.orphans().delete(&due)?;
                        Ok(due)
                    })
                    .await;
                    all.extend(swept);
                }
                all
            })
        })
        .collect();
    let mut all = Vec::new();
    for sweeper in sweepers {
        all.extend(sweeper.await.unwrap());
    }
    assert_eq!(all.len(), 300);
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), 300);
}
