//! Notes how far mailboxes were read (M-08).

use crate::error::Unavailable;
use crate::helpdesk::Helpdesk;
use crate::mailbox::MailboxState;
use crate::storage::{StorageError, Unit};

impl Helpdesk {
    /// How far this mailbox was read; `None` if nobody has looked at it.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn mailbox_state(&self, name: &str) -> Result<Option<MailboxState>, Unavailable> {
        let name = name.to_owned();
        let find = move |unit: &mut dyn Unit| unit.mailboxes().find(&name);
        self.parts.storage.run_read::<_, StorageError, _>(find).await.map_err(Unavailable::Storage)
    }

    /// Notes how far a mailbox was read. Note it only after [`receive`](Self::receive) has returned `Ok` for every letter before that
    /// place, or the letter was left out (M-02). Then the problem says so ([`MailboxTrouble::left_out`]), and that line stays for
    /// [30 days](MailboxState::LEFT_OUT_DAYS), whatever is noted later. If two nodes read one mailbox, the place that is further on counts.
    /// Times never go back.
    ///
    /// [`MailboxTrouble::left_out`]: crate::mailbox::MailboxTrouble::left_out
    ///
    /// # Errors
    /// [`Unavailable`]. Then the letters may be fetched again, and each still counts once.
    pub async fn note_mailbox_state(&self, mailbox: &MailboxState) -> Result<(), Unavailable> {
        let (mailbox, today) = (mailbox.clone(), self.now().date_naive());
        let note = move |unit: &mut dyn Unit| {
            let stored = unit.mailboxes().find(&mailbox.name)?;
            unit.mailboxes().update(&mailbox.after(stored, today))
        };
        self.parts.storage.run_write::<_, StorageError, _>(note).await.map_err(Unavailable::Storage)
    }
}
