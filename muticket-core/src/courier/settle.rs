//! Records what became of claimed letters.

use crate::courier::{Courier, Settlement};
use crate::error::Unavailable;
use crate::storage::{StorageError, Unit};

impl Courier {
    /// Records each result in its own unit, and only then removes it from memory.
    pub(super) async fn settle(&self) -> Result<(), Unavailable> {
        let unsettled = self.memory().unsettled.clone();
        for settlement in unsettled {
            let mut tries = 1;
            while let Err(error) = self.settle_one(&settlement).await {
                if tries == Self::SETTLE_TRIES {
                    return Err(Unavailable::Storage(error));
                }
                tries += 1;
            }
            self.memory().unsettled.retain(|other| *other != settlement);
        }
        Ok(())
    }

    /// Skips a letter that was deleted with its ticket, has been claimed by another courier, or came back already.
    async fn settle_one(&self, settlement: &Settlement) -> Result<(), StorageError> {
        let Settlement { id, claims, state, tried } = settlement.clone();
        let work = move |unit: &mut dyn Unit| {
            match tried {
                true => unit.outbox().settle(id, claims, &state)?,
                false => unit.outbox().put_back(id, claims, &state)?,
            };
            unit.outbox().next_due()
        };
        let next_due = self.storage().run_write(work).await?;
        self.memory().next_due = next_due;
        Ok(())
    }
}
