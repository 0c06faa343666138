//! Lists in chronological order that tolerate wrong clocks.
//!
//! A wrong clock may have stored times in the future. Newest first, such items would be shown before all others until that
//! time comes: here they come last. Oldest first, they would wait behind all others: here they come first.

use crate::storage::StorageError;

/// Some items of a list, in its order.
pub(crate) struct Chunk<T> {
    pub(crate) items: Vec<T>,
    /// Whether the list ends with them.
    pub(crate) ended: bool,
}

/// Lists at most `limit` items after a place, newest first, with items beyond `horizon` last. `list` returns at most the
/// same number of items after a place, in chronological order.
///
/// # Errors
/// The errors of `list`.
pub(crate) fn newest_first<T, Place: Copy + Ord>(
    after: Option<Place>,
    horizon: Place,
    limit: u32,
    place: impl Fn(&T) -> Place,
    mut list: impl FnMut(Option<Place>) -> Result<Chunk<T>, StorageError>,
) -> Result<Vec<T>, StorageError> {
    let is_ahead = |item: &T| place(item) > horizon;
    let mut found = list(after)?;
    let ahead = match after {
        Some(after) if after > horizon => {
            found.items.retain(is_ahead);
            return Ok(found.items);
        }
        // Future items are rare, so the first page usually needs no second query.
        None if found.items.first().is_some_and(is_ahead) => std::mem::replace(&mut found, list(Some(horizon))?),
        Some(_) if found.ended => list(None)?,
        None | Some(_) => return Ok(found.items),
    };
    found.items.extend(ahead.items.into_iter().take_while(is_ahead));
    found.items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found.items)
}

/// Lists at most `limit` items after a place, oldest first, with items beyond `horizon` first. `list` returns at most the
/// same number of items after a place, in chronological order.
///
/// # Errors
/// The errors of `list`.
pub(crate) fn oldest_first<T, Place: Copy + Ord>(
    after: Option<Place>,
    horizon: Place,
    limit: u32,
    place: impl Fn(&T) -> Place,
    mut list: impl FnMut(Option<Place>) -> Result<Chunk<T>, StorageError>,
) -> Result<Vec<T>, StorageError> {
    let is_past = |item: &T| place(item) <= horizon;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let found = match after {
        Some(after) if after <= horizon => list(Some(after))?.items.into_iter().filter(is_past).collect(),
        after => {
            let mut found = list(Some(after.unwrap_or(horizon)))?;
            if found.ended {
                found.items.extend(list(None)?.items.into_iter().take_while(is_past));
                found.items.truncate(limit);
            }
            found.items
        }
    };
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Order = fn(
        Option<u32>,
        u32,
        u32,
        fn(&u32) -> u32,
        &mut dyn FnMut(Option<u32>) -> Result<Chunk<u32>, StorageError>,
    ) -> Result<Vec<u32>, StorageError>;

    const NEWEST: (bool, Order) = (true, |after, horizon, limit, place, list| newest_first(after, horizon, limit, place, list));
    const OLDEST: (bool, Order) = (false, |after, horizon, limit, place, list| oldest_first(after, horizon, limit, place, list));

    /// All pages of a list at the time `now`.
    fn pages((descending, order): (bool, Order), instants: &[u32], now: u32, limit: u32) -> Vec<u32> {
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let mut list = |after: Option<u32>| {
                let mut items: Vec<u32> = instants.to_vec();
                items.sort_unstable();
                if descending {
                    items.reverse();
                }
                items.retain(|instant| after.is_none_or(|after| if descending { *instant < after } else { *instant > after }));
                let ended = items.len() < limit as usize;
                items.truncate(limit as usize);
                Ok(Chunk { items, ended })
            };
            let page = order(after, now, limit, |instant| *instant, &mut list).unwrap();
            assert!(page.len() <= limit as usize);
            let Some(last) = page.last().copied() else { return pages };
            after = Some(last);
            pages.extend(page);
        }
    }

    /// P-32: newest first, future items come last; oldest first, they come first. No item is repeated or left out.
    #[test]
    fn what_lies_ahead_hides_nothing_and_is_not_kept_waiting() {
        let cases: [(&[u32], &[u32], &[u32]); 6] = [
            (&[1, 2, 3], &[3, 2, 1], &[1, 2, 3]),
            (&[1, 50, 3], &[3, 1, 50], &[50, 1, 3]),
            (&[1, 50, 3, 60, 70], &[3, 1, 70, 60, 50], &[50, 60, 70, 1, 3]),
            (&[50, 60, 70], &[70, 60, 50], &[50, 60, 70]),
            (&[9, 11], &[9, 11], &[11, 9]),
            (&[], &[], &[]),
        ];
        for (instants, newest, oldest) in cases {
            for limit in 1..=6 {
                assert_eq!(pages(NEWEST, instants, 10, limit), newest, "newest first in pages of {limit}");
                assert_eq!(pages(OLDEST, instants, 10, limit), oldest, "oldest first in pages of {limit}");
            }
        }
    }

    #[test]
    fn a_page_of_the_past_is_asked_for_once() {
        let asked = std::cell::Cell::new(0);
        let list = |_| {
            asked.set(asked.get() + 1);
            Ok(Chunk { items: vec![3_u32, 2], ended: true })
        };
        newest_first(None, 10, 20, |instant| *instant, list).unwrap();
        assert_eq!(asked.get(), 1);
    }
}
