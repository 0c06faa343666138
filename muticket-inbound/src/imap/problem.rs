//! Why a look at a mailbox ended early.

use std::io;

use muticket_core::causes::with_causes;
use muticket_core::mailbox::MailboxTrouble;

/// Why a look at a mailbox ended early. The connection is ended, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) trouble: MailboxTrouble,
    /// What the server or a library said. Never a secret.
    pub(super) words: String,
    /// The size that the server announced, if it is more than was asked for.
    pub(super) announced: Option<u64>,
}

impl Problem {
    pub(super) fn new(trouble: MailboxTrouble, words: impl Into<String>) -> Self {
        Self { trouble, words: words.into(), announced: None }
    }

    pub(super) fn nonsense(words: impl Into<String>) -> Self {
        Self::new(MailboxTrouble::Nonsense, words)
    }

    pub(super) fn too_long(size: u64) -> Self {
        Self { announced: Some(size), ..Self::nonsense(format!("the server announced {size} bytes, more than it should")) }
    }

    pub(super) fn not_stored(error: &(dyn std::error::Error + 'static)) -> Self {
        Self::new(MailboxTrouble::NotStored, with_causes(error))
    }

    /// The same problem, and which letter it is about.
    pub(super) fn about(self, uid: u32) -> Self {
        Self { words: format!("UID {uid}: {}", self.words), ..self }
    }

    /// The time limit of a step has passed.
    pub(super) fn no_answer() -> Self {
        Self::new(MailboxTrouble::NoAnswer, "")
    }

    pub(super) fn broken(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData => Self::new(MailboxTrouble::Insecure, error.to_string()),
            _ => Self::new(MailboxTrouble::Unreachable, error.to_string()),
        }
    }

    /// As it is stored.
    pub(super) fn stored(&self) -> String {
        self.trouble.with(&self.words)
    }
}
