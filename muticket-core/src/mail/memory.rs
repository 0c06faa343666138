//! A mailer that keeps letters in memory.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::mail::{Letter, Mailer, SendError};

/// Keeps the newest thousand letters in memory. For tests, and for a site that wants to inspect its letters before it sends
/// any.
#[derive(Debug, Default)]
pub struct MemoryMailer {
    letters: Mutex<VecDeque<Letter>>,
}

impl MemoryMailer {
    /// The most letters that are kept. Older ones are dropped.
    pub const CAPACITY: usize = 1000;

    /// The letters, oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        self.kept().iter().cloned().collect()
    }

    /// Removes all letters.
    pub fn clear(&self) {
        self.kept().clear();
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<Letter>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Mailer for MemoryMailer {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let mut kept = self.kept();
        if kept.len() == Self::CAPACITY {
            kept.pop_front();
        }
        kept.push_back(letter.clone());
        Ok(())
    }
}
