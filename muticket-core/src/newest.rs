//! Lists that begin with the newest.
//!
//! A clock that was wrong may have written instants of the future. In the order of time they stand before everything else until their day
//! comes, so that the first pages show nothing of today. Here they come last.

use crate::storage::StorageError;

/// At most `limit` items after a place, newest first, but those beyond `horizon` behind all others. `list` gives the items after a place
/// in the order of time, at most as many.
///
/// # Errors
/// Those of `list`.
pub(crate) fn newest_first<T, Place: Copy + Ord>(
    after: Option<Place>,
    horizon: Place,
    limit: u32,
    place: impl Fn(&T) -> Place,
    mut list: impl FnMut(Option<Place>) -> Result<Vec<T>, StorageError>,
) -> Result<Vec<T>, StorageError> {
    let is_ahead = |item: &T| place(item) > horizon;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut found = list(after)?;
    let ahead = match after {
        Some(after) if after > horizon => {
            found.retain(is_ahead);
            return Ok(found);
        }
        // Nearly always nothing lies ahead, and the first page needs no second look.
        None if found.first().is_some_and(is_ahead) => std::mem::replace(&mut found, list(Some(horizon))?),
        Some(_) if found.len() < limit => list(None)?,
        None | Some(_) => return Ok(found),
    };
    found.extend(ahead.into_iter().take_while(is_ahead));
    found.truncate(limit);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All pages of a list of instants, when it is `now`, and how often the list was asked.
    fn pages(instants: &[u32], now: u32, limit: u32) -> (Vec<Vec<u32>>, usize) {
        let (mut pages, mut after, mut asked) = (Vec::new(), None, 0);
        loop {
            let list = |after: Option<u32>| {
                asked += 1;
                let mut found: Vec<u32> = instants.to_vec();
                found.sort_unstable_by(|one, other| other.cmp(one));
                found.retain(|instant| after.is_none_or(|after| *instant < after));
                found.truncate(limit as usize);
                Ok(found)
            };
            let page = newest_first(after, now, limit, |instant| *instant, list).unwrap();
            let Some(last) = page.last().copied() else { return (pages, asked) };
            after = Some(last);
            pages.push(page);
        }
    }

    /// P-32: what a clock of the future wrote comes last, page by page, and nothing comes twice or is left out.
    #[test]
    fn what_lies_ahead_comes_last() {
        let cases: [(&[u32], &[u32]); 5] = [
            (&[1, 2, 3], &[3, 2, 1]),
            (&[1, 50, 3], &[3, 1, 50]),
            (&[1, 50, 3, 60, 70], &[3, 1, 70, 60, 50]),
            (&[50, 60, 70], &[70, 60, 50]),
            (&[], &[]),
        ];
        for (instants, expected) in cases {
            for limit in 1..=6 {
                let (pages, _) = pages(instants, 10, limit);
                assert_eq!(pages.concat(), expected, "in pages of {limit}");
            }
        }
    }

    #[test]
    fn a_page_of_the_past_is_asked_for_once() {
        let asked = std::cell::Cell::new(0);
        let list = |_| {
            asked.set(asked.get() + 1);
            Ok(vec![3_u32, 2])
        };
        newest_first(None, 10, 20, |instant| *instant, list).unwrap();
        assert_eq!(asked.get(), 1);
    }
}
