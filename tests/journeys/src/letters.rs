//! The mail server of the tests.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use muticket_core::mail::{Letter, Mailer, MemoryMailer, SendError};

/// A mail server that can be switched off.
#[derive(Debug, Default)]
pub struct Postbox {
    inside: MemoryMailer,
    /// Whether it is down.
    pub down: AtomicBool,
}

impl Postbox {
    /// Takes out all letters, ordered by recipient.
    pub fn empty(&self) -> Vec<Letter> {
        let mut letters = self.inside.letters();
        self.inside.clear();
        letters.sort_by(|a, b| a.to.address().as_str().cmp(b.to.address().as_str()));
        letters
    }
}

#[async_trait]
impl Mailer for Postbox {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        if self.down.load(Ordering::SeqCst) {
            return Err(SendError::Passing { reason: "nobody there".to_owned(), server_down: true });
        }
        self.inside.send(letter).await
    }
}
