//! What came of a letter, and whose fault it is if it was not stored.

use muticket_core::Unavailable;
use muticket_core::mailroom::{Receipt, ReceiveError};
use muticket_core::storage::{StorageError, StorageFault};

use crate::imap::problem::Problem;

/// How often a letter is tried that the server does not give out, or that the helpdesk does not store, before it is left out. With the
/// pauses in between, these are more than 20 minutes.
const TRIES: u32 = 10;

/// What came of a letter.
#[derive(Debug)]
pub(super) enum Taken {
    /// The helpdesk stored it.
    Stored,
    /// The helpdesk had it already.
    Known,
    /// It is no longer in the mailbox, or it was left out.
    Absent,
    /// The server did not give it out, or the helpdesk did not store it. Others may be taken in.
    Refused(Refusal),
}

/// Why a letter was not taken in.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) problem: Problem,
    pub(super) counts: Counts,
}

/// When a refusal counts as a try of the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    /// The letter is not the reason.
    Never,
    /// If the helpdesk stores another letter meanwhile. Otherwise it may be an outage.
    IfAnotherIsStored,
    Always,
}

impl Counts {
    pub(super) fn is_try(self, is_another_stored: bool) -> bool {
        match self {
            Self::Never => false,
            Self::IfAnotherIsStored => is_another_stored,
            Self::Always => true,
        }
    }
}

/// A letter that was tried in vain.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tried {
    pub(super) uid: u32,
    times: u32,
    /// The last problem.
    pub(super) words: String,
}

impl Taken {
    /// What came of handing over a letter.
    ///
    /// # Errors
    /// The helpdesk stores no letter at the moment.
    pub(super) fn of(received: Result<Receipt, ReceiveError>) -> Result<Self, Problem> {
        let error = match received {
            Ok(receipt) if receipt.came_before => return Ok(Self::Known),
            Ok(_) => return Ok(Self::Stored),
            Err(error) => error,
        };
        let problem = Problem::not_stored(&error);
        match fault(&error) {
            Fault::Site => Err(problem),
            Fault::Files => Ok(Self::Refused(Refusal { problem, counts: Counts::Never })),
            Fault::Letter => Ok(Self::Refused(Refusal { problem, counts: Counts::IfAnotherIsStored })),
        }
    }
}

impl Tried {
    /// Adds a try of the letter to those that are known.
    pub(super) fn again(known: Option<Self>, uid: u32, counts: bool, problem: &Problem) -> Self {
        let before = known.filter(|known| known.uid == uid).map_or(0, |known| known.times);
        Self { uid, times: before + u32::from(counts), words: problem.words.clone() }
    }

    /// Whether it was tried often enough.
    pub(super) fn is_enough(&self) -> bool {
        self.times >= TRIES
    }
}

/// What can be the reason why a letter was not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The database is away, busy or full, or nothing is set up. Others would fare the same.
    Site,
    /// The store for files. If it is nearly full, it still takes small letters, so a large one must wait.
    Files,
    /// Perhaps what the letter contains.
    Letter,
}

fn fault(error: &ReceiveError) -> Fault {
    match error {
        ReceiveError::Unavailable(Unavailable::Blobs(_)) => Fault::Files,
        ReceiveError::Unavailable(Unavailable::Storage(
            StorageError::Corrupt { .. } | StorageError::Duplicate | StorageError::Failed { kind: StorageFault::Other, .. },
        )) => Fault::Letter,
        _ => Fault::Site,
    }
}

#[cfg(test)]
mod tests {
    use muticket_core::blob::BlobError;
    use muticket_world::fault as faults;

    use super::*;

    /// M-02: an outage is never a letter's fault.
    #[test]
    fn only_the_database_can_refuse_a_letter_for_ever() {
        let storage = |error: StorageError| ReceiveError::Unavailable(Unavailable::Storage(error));
        let files = BlobError::Store("the disk is full".into());
        let too_new = StorageError::fault(StorageFault::SchemaTooNew, "a newer version");
        let cases = [
            (storage(faults::broken()), Fault::Letter),
            (storage(faults::corrupt()), Fault::Letter),
            (storage(faults::duplicate()), Fault::Letter),
            (storage(faults::away()), Fault::Site),
            (storage(faults::full()), Fault::Site),
            (storage(faults::busy()), Fault::Site),
            (storage(StorageError::Stale), Fault::Site),
            (storage(too_new), Fault::Site),
            (ReceiveError::NotSetUp, Fault::Site),
            (ReceiveError::Unavailable(Unavailable::Blobs(files)), Fault::Files),
        ];
        for (error, expected) in cases {
            assert_eq!(fault(&error), expected, "{error:?}");
            match (Taken::of(Err(error)), expected) {
                (Err(_), Fault::Site) => {}
                (Ok(Taken::Refused(refusal)), _) => {
                    assert_eq!(refusal.counts.is_try(true), expected == Fault::Letter);
                    assert!(!refusal.counts.is_try(false));
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn tries_are_counted_for_one_letter() {
        let problem = Problem::nonsense("what");
        let mut tried = None;
        for _ in 0..9 {
            tried = Some(Tried::again(tried, 5, true, &problem));
            tried = Some(Tried::again(tried, 5, false, &problem));
        }
        assert!(!tried.as_ref().unwrap().is_enough());
        let tried = Tried::again(tried, 5, true, &problem);
        assert!(tried.is_enough());
        assert!(!Tried::again(Some(tried), 6, true, &problem).is_enough());
    }
}
