//! Reads the body of a request as long as it arrives fast enough (P-19).
//!
//! Only the time spent waiting for the browser counts. A slow disk is not the browser's fault.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, ReadBuf};
use tokio::time::{Instant, Sleep, sleep, timeout};

/// How fast a form has to arrive.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// How long the browser may send nothing.
    patience: Duration,
}

impl Pace {
    /// The least bytes per second, measured over each span of waiting that is as long as the patience. Even the slowest phone is faster.
    const LEAST: u64 = 1024;
    /// Total waiting time allowed, as a multiple of the patience: one hour for the default of 20 seconds.
    const SPANS: u32 = 180;
    /// How long to wait for more of a refused form. A browser that is silent this long has stopped sending.
    const QUIET: Duration = Duration::from_secs(2);

    pub(crate) fn new(patience: Duration) -> Self {
        Self { patience: patience.max(Duration::from_millis(1)) }
    }

    /// The least bytes that a span has to bring.
    fn least(self) -> u64 {
        let millis = u64::try_from(self.patience.as_millis()).unwrap_or(u64::MAX);
        (millis.saturating_mul(Self::LEAST) / 1000).max(1)
    }
}

/// The waiting for one body so far.
struct Watch {
    pace: Pace,
    /// When the current silence began; `None` while bytes arrive.
    silent: Option<Instant>,
    /// The time up to which the current silence is counted.
    counted: Instant,
    /// The time waited in the current span, and the bytes that arrived in it.
    waited: Duration,
    bytes: u64,
    /// The time waited in all earlier spans.
    total: Duration,
}

impl Watch {
    fn new(pace: Pace, now: Instant) -> Self {
        Self { pace, silent: None, counted: now, waited: Duration::ZERO, bytes: 0, total: Duration::ZERO }
    }

    /// Bytes arrived.
    fn heard(&mut self, bytes: usize, now: Instant) {
        if self.silent.take().is_some() {
            self.count(now);
        }
        self.bytes += bytes as u64;
    }

    /// No bytes are available. Returns the time at which to judge the body, unless bytes arrive earlier.
    fn waits(&mut self, now: Instant) -> Instant {
        if self.silent.is_none() {
            self.counted = now;
        }
        let silent = *self.silent.get_or_insert(now);
        (silent + self.pace.patience).min(self.counted + self.pace.patience.saturating_sub(self.waited))
    }

    /// Whether the body is too slow by now.
    fn is_late(&mut self, now: Instant) -> bool {
        self.count(now);
        let silence = self.silent.map_or(Duration::ZERO, |silent| now - silent);
        if silence >= self.pace.patience || self.total + self.waited >= self.pace.patience * Pace::SPANS {
            return true;
        }
        if self.waited < self.pace.patience {
            return false;
        }
        let slow = self.bytes < self.pace.least();
        self.total += std::mem::take(&mut self.waited);
        self.bytes = 0;
        slow
    }

    fn count(&mut self, now: Instant) {
        self.waited += now - self.counted;
        self.counted = now;
    }
}

/// A body that fails once it arrives too slowly.
pub(crate) struct Paced<R> {
    body: R,
    watch: Watch,
    alarm: Pin<Box<Sleep>>,
    late: bool,
}

impl<R: AsyncRead + Unpin> Paced<R> {
    pub(crate) fn new(body: R, pace: Pace) -> Self {
        Self { body, watch: Watch::new(pace, Instant::now()), alarm: Box::pin(sleep(pace.patience)), late: false }
    }

    /// Whether it arrived too slowly.
    pub(crate) fn is_late(&self) -> bool {
        self.late
    }

    /// Reads and discards the rest, because a browser does not read the answer while it sends. Stops early if nothing more arrives.
    pub(crate) async fn drain(&mut self) {
        let mut rest = [0; 8 * 1024];
        let quiet = Pace::QUIET.min(self.watch.pace.patience / 2);
        while !self.late
            && let Ok(Ok(1..)) = timeout(quiet, self.read(&mut rest)).await
        {}
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Paced<R> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let this = &mut *self;
        let before = buf.filled().len();
        if !this.late
            && let Poll::Ready(read) = Pin::new(&mut this.body).poll_read(cx, buf)
        {
            this.watch.heard(buf.filled().len() - before, Instant::now());
            return Poll::Ready(read);
        }
        while !this.late {
            let next = this.watch.waits(Instant::now());
            this.alarm.as_mut().reset(next);
            ready!(this.alarm.as_mut().poll(cx));
            this.late = this.watch.is_late(Instant::now());
        }
        Poll::Ready(Err(std::io::ErrorKind::TimedOut.into()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;

    use super::*;

    /// A browser sends `pieces` pieces of `piece` bytes with a pause after each. Returns after how many seconds it is given up, if at all.
    fn given_up(piece: usize, pause: u64, pieces: u64) -> Option<u64> {
        let begin = Instant::now();
        let mut watch = Watch::new(Pace::new(Duration::from_secs(20)), begin);
        for number in 0..pieces {
            let (now, until) = (begin + Duration::from_secs(number * pause), begin + Duration::from_secs((number + 1) * pause));
            watch.heard(piece, now);
            let mut next = watch.waits(now);
            while next < until {
                if watch.is_late(next) {
                    return Some((next - begin).as_secs());
                }
                next = watch.waits(next);
            }
        }
        None
    }

    /// P-19
    #[test]
    fn a_form_that_stands_still_or_trickles_is_given_up() {
        let cases = [
            ("at once", 100_000, 0, 20, None),
            ("slowly, as a phone", 20 * 1024, 10, 100, None),
            ("with pauses that are not too long", 40 * 1024, 19, 5, None),
            ("silence", 1, 3_600, 2, Some(20)),
            ("silence after much", 60_000, 3_600, 2, Some(20)),
            ("a byte every second", 1, 1, 10_000, Some(20)),
            ("a byte every 19 seconds", 1, 19, 10_000, Some(20)),
            ("just fast enough, without an end", 21 * 1024, 19, 10_000, Some(3_600)),
        ];
        for (case, piece, pause, pieces, end) in cases {
            assert_eq!(given_up(piece, pause, pieces), end, "{case}");
        }
    }

    /// P-19
    #[tokio::test]
    async fn what_is_given_up_stays_given_up() {
        let (mut browser, body) = tokio::io::duplex(64);
        let mut body = Paced::new(body, Pace::new(Duration::from_millis(20)));
        browser.write_all(b"begins").await.unwrap();
        let mut read = Vec::new();
        assert_eq!(body.read_to_end(&mut read).await.unwrap_err().kind(), std::io::ErrorKind::TimedOut);
        browser.write_all(b" and goes on").await.unwrap();
        assert!(body.is_late() && body.read_to_end(&mut read).await.is_err());
        assert_eq!(read, b"begins");
    }

    #[tokio::test]
    async fn the_rest_of_a_refused_form_is_taken_while_it_comes() {
        let (mut browser, body) = tokio::io::duplex(64);
        let mut body = Paced::new(body, Pace::new(Duration::from_millis(400)));
        let sent = tokio::spawn(async move { browser.write_all(&[0; 50_000]).await.map(|()| browser) });
        body.drain().await;
        let browser = sent.await.unwrap().unwrap();
        assert!(!body.is_late(), "it stands still, and that is no reason to wait longer");
        drop(browser);
    }
}
