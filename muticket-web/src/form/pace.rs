//! Reads the body of a request as long as it arrives fast enough (P-19).
//!
//! Only the time spent waiting for the browser counts. A slow disk is not the browser's fault.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use tokio::time::{Instant, Sleep, sleep, timeout};

use crate::request::RequestBody;

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

/// A body that fails once it arrives too slowly, and ends when it is as long as a body may be.
pub(crate) struct Paced<'r> {
    body: RequestBody<'r>,
    /// How many bytes may still arrive.
    left: u64,
    watch: Watch,
    alarm: Pin<Box<Sleep>>,
    ended: bool,
    late: bool,
}

impl<'r> Paced<'r> {
    /// `most` is the length at which the body is cut.
    pub(crate) fn new(body: RequestBody<'r>, most: u64, pace: Pace) -> Self {
        let watch = Watch::new(pace, Instant::now());
        Self { body, left: most, watch, alarm: Box::pin(sleep(pace.patience)), ended: false, late: false }
    }

    /// Whether it arrived too slowly.
    pub(crate) fn is_late(&self) -> bool {
        self.late
    }

    /// Reads and discards the rest, because a browser does not read the response while it sends. Stops early if nothing more arrives.
    pub(crate) async fn drain(&mut self) {
        let quiet = Pace::QUIET.min(self.watch.pace.patience / 2);
        while !self.late
            && let Ok(Some(Ok(_))) = timeout(quiet, self.next()).await
        {}
    }
}

impl Stream for Paced<'_> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.ended || (this.left == 0 && !this.late) {
            return Poll::Ready(None);
        }
        if !this.late
            && let Poll::Ready(piece) = this.body.as_mut().poll_next(context)
        {
            let size = piece.as_ref().map_or(0, |piece| piece.as_ref().map_or(0, Bytes::len));
            this.watch.heard(size, Instant::now());
            this.ended = !matches!(piece, Some(Ok(_)));
            return Poll::Ready(piece.map(|piece| {
                let mut piece = piece?;
                piece.truncate(usize::try_from(this.left).unwrap_or(usize::MAX));
                this.left -= piece.len() as u64;
                Ok(piece)
            }));
        }
        while !this.late {
            let next = this.watch.waits(Instant::now());
            this.alarm.as_mut().reset(next);
            ready!(this.alarm.as_mut().poll(context));
            this.late = this.watch.is_late(Instant::now());
        }
        Poll::Ready(Some(Err(io::ErrorKind::TimedOut.into())))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use tokio::sync::mpsc;

    use super::*;

    /// A browser that sends what is put into the channel, and the body that arrives.
    fn browser(pace: Duration) -> (mpsc::Sender<Bytes>, Paced<'static>) {
        let (sender, mut receiver) = mpsc::channel(1);
        let body = stream::poll_fn(move |context| receiver.poll_recv(context)).map(Ok);
        (sender, Paced::new(Box::pin(body), 100_000, Pace::new(pace)))
    }

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
        let (browser, mut body) = browser(Duration::from_millis(20));
        browser.send(Bytes::from_static(b"begins")).await.unwrap();
        assert_eq!(body.next().await.unwrap().unwrap(), "begins");
        let late = |piece: Option<io::Result<Bytes>>| piece.unwrap().unwrap_err().kind() == io::ErrorKind::TimedOut;
        assert!(late(body.next().await));
        browser.send(Bytes::from_static(b" and goes on")).await.unwrap();
        assert!(body.is_late() && late(body.next().await));
    }

    #[tokio::test]
    async fn the_rest_of_a_refused_form_is_taken_while_it_comes() {
        let (browser, mut body) = browser(Duration::from_millis(400));
        let sent = tokio::spawn(async move {
            for _ in 0..50 {
                browser.send(Bytes::from_static(&[0; 1000])).await.unwrap();
            }
            browser
        });
        body.drain().await;
        let browser = sent.await.unwrap();
        assert!(!body.is_late(), "it stands still, and that is no reason to wait longer");
        drop(browser);
    }

    /// P-19
    #[tokio::test]
    async fn a_body_ends_where_it_is_too_long() {
        let piece = |size: usize| Ok(Bytes::from(vec![b'x'; size]));
        for (pieces, sizes) in [(vec![piece(4), piece(4), piece(4)], vec![4, 4, 2]), (vec![piece(3)], vec![3]), (vec![], vec![])]
        {
            let body = Paced::new(Box::pin(stream::iter(pieces)), 10, Pace::new(Duration::from_secs(1)));
            let read: Vec<usize> = body.map(|piece| piece.unwrap().len()).collect().await;
            assert_eq!(read, sizes);
        }
    }
}
