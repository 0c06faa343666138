//! A mail server that keeps what it gets, and the courier that sends to it.

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use muticket_core::courier::CourierConfig;
use muticket_core::mail::{Letter, Mailer, SendError};

use crate::lock;

type Reply = Box<dyn FnMut(&Letter) -> Result<(), SendError> + Send>;

/// A mailer that keeps all letters in memory, until it is told to refuse them.
#[derive(Default)]
pub struct MailSink {
    letters: Mutex<Vec<Letter>>,
    tries: AtomicUsize,
    reply: Mutex<Option<Reply>>,
}

impl MailSink {
    /// The letters that were accepted, oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        lock(&self.letters).clone()
    }

    /// Takes out the letters that were accepted, ordered by recipient.
    pub fn take(&self) -> Vec<Letter> {
        let mut letters = std::mem::take(&mut *lock(&self.letters));
        letters.sort_by(|a, b| a.to.address().as_str().cmp(b.to.address().as_str()));
        letters
    }

    /// The addresses of the letters that were accepted, oldest first.
    pub fn recipients(&self) -> Vec<String> {
        lock(&self.letters).iter().map(|letter| letter.to.address().as_str().to_owned()).collect()
    }

    /// How often somebody tried to send a letter.
    pub fn tries(&self) -> usize {
        self.tries.load(Ordering::SeqCst)
    }

    /// From now on the closure decides about each letter. It may also do what happens while a letter is sent.
    pub fn reply_with(&self, reply: impl FnMut(&Letter) -> Result<(), SendError> + Send + 'static) {
        *lock(&self.reply) = Some(Box::new(reply));
    }

    /// The server cannot be reached from now on.
    pub fn go_down(&self) {
        self.reply_with(|_| Err(SendError::Passing { reason: "nobody there".to_owned(), server_down: true }));
    }

    /// The server accepts all letters again.
    pub fn come_back(&self) {
        *lock(&self.reply) = None;
    }
}

impl fmt::Debug for MailSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailSink").field("letters", &lock(&self.letters)).field("tries", &self.tries).finish_non_exhaustive()
    }
}

#[async_trait]
impl Mailer for MailSink {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        // A real mailer waits here, and other tasks run.
        tokio::task::yield_now().await;
        self.tries.fetch_add(1, Ordering::SeqCst);
        if let Some(reply) = &mut *lock(&self.reply) {
            reply(letter)?;
        }
        lock(&self.letters).push(letter.clone());
        Ok(())
    }
}

/// The settings of the courier: `Support <support@example.org>` writes for the site `Example`, which is at
/// `https://example.org/support`.
pub fn courier_config() -> CourierConfig {
    CourierConfig {
        from: "Support <support@example.org>".parse().expect("an address"),
        base_url: "https://example.org/support".parse().expect("an address"),
        site_name: "Example".to_owned(),
    }
}
