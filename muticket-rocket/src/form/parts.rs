//! The parts of a multipart form, read no faster than they are consumed.
//!
//! The underlying reader (`multer`) reads all it can get before it looks at the bytes, and buffers everything before a part until that part
//! begins. A request with a part that never begins would be held in memory as a whole (P-19). So the reader gets a small ration, and
//! another one only if that was not enough.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use muticket_core::blob::ByteSource;
use tokio::io::{AsyncRead, ReadBuf};

use crate::form::disposition::Disposition;

/// How many bytes the reader gets at a time.
const RATION: usize = 16 * 1024;
/// How many rations the reader gets to find the next part. Headers are far smaller than that.
const RATIONS_BETWEEN: usize = 4;

/// A form.
pub(crate) struct Parts<'r> {
    reader: multer::Multipart<'r>,
    left: Left,
}

/// One part of a form. It has to be read to its end before the next one.
pub(crate) struct Part<'r> {
    field: multer::Field<'r>,
    left: Left,
}

/// The form cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("a part of the form does not begin")]
    Endless,
    #[error(transparent)]
    Broken(#[from] multer::Error),
}

impl<'r> Parts<'r> {
    pub(crate) fn new(body: impl AsyncRead + Send + Unpin + 'r, boundary: &str) -> Self {
        let left = Left::default();
        let body = Rationed { body, left: left.clone() };
        Self { reader: multer::Multipart::with_reader(body, boundary), left }
    }

    /// The next part; `None` after the last.
    pub(crate) async fn next(&mut self) -> Result<Option<Part<'r>>, Unreadable> {
        let found = self.left.feed(RATIONS_BETWEEN, self.reader.next_field()).await.ok_or(Unreadable::Endless)?;
        Ok(found?.map(|field| Part { field, left: self.left.clone() }))
    }
}

impl Part<'_> {
    /// The name of its input and the name of its file.
    pub(crate) fn disposition(&self) -> Disposition {
        let header = self.field.headers().get("content-disposition");
        header.map(|value| Disposition::parse(value.as_bytes())).unwrap_or_default()
    }

    /// Its next bytes, in small pieces; `None` after the last.
    pub(crate) async fn piece(&mut self) -> Result<Option<Bytes>, Unreadable> {
        let piece = self.left.feed(RATIONS_BETWEEN, self.field.chunk()).await.ok_or(Unreadable::Endless)?;
        Ok(piece?)
    }
}

#[rocket::async_trait]
impl ByteSource for Part<'_> {
    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        self.piece().await.map_err(std::io::Error::other)
    }
}

/// How many bytes the reader may still read.
#[derive(Clone, Default)]
struct Left(Arc<AtomicUsize>);

impl Left {
    /// Runs the reader, and gives it another ration whenever it has used one up without a result; `None` if all rations are used up.
    async fn feed<T>(&self, rations: usize, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        let mut rations = rations;
        poll_fn(move |cx| {
            loop {
                if let Poll::Ready(done) = work.as_mut().poll(cx) {
                    return Poll::Ready(Some(done));
                }
                if self.0.load(Ordering::Relaxed) > 0 {
                    // The reader waits for the browser to send more.
                    return Poll::Pending;
                }
                if rations == 0 {
                    return Poll::Ready(None);
                }
                rations -= 1;
                self.0.store(RATION, Ordering::Relaxed);
            }
        })
        .await
    }
}

/// The body of the request, read in rations.
struct Rationed<R> {
    body: R,
    left: Left,
}

impl<R: AsyncRead + Unpin> AsyncRead for Rationed<R> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let left = self.left.0.load(Ordering::Relaxed);
        if left == 0 {
            // No waker is needed: the caller itself gives the next ration.
            return Poll::Pending;
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.body).poll_read(cx, buf))?;
        // The last read may exceed the ration a little.
        self.left.0.store(left.saturating_sub(buf.filled().len() - before), Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the form and returns the size of each part.
    async fn sizes(body: impl AsyncRead + Send + Unpin) -> Result<Vec<usize>, Unreadable> {
        let mut parts = Parts::new(body, "X");
        let mut sizes = Vec::new();
        while let Some(mut part) = parts.next().await? {
            let mut size = 0;
            while let Some(piece) = part.piece().await? {
                assert!(piece.len() < 2 * RATION, "{} bytes at once", piece.len());
                size += piece.len();
            }
            sizes.push(size);
        }
        Ok(sizes)
    }

    fn part(header: &str, content: &str) -> String {
        format!("--X\r\nContent-Disposition: form-data; name=\"a\"{header}\r\n\r\n{content}\r\n")
    }

    fn long_header(size: usize) -> String {
        part(&format!("\r\nX-A: {}", "a".repeat(size)), "1")
    }

    #[tokio::test]
    async fn parts_of_any_size_and_number_come_in_small_pieces() {
        let large = "\r\n--".repeat(RATION);
        let form = part("", "").repeat(5_000) + &part("", &large) + &long_header(RATION) + "--X--\r\n";
        let sizes = sizes(form.as_bytes()).await.unwrap();
        assert_eq!((sizes.len(), &sizes[4_999..]), (5_002, &[0, large.len(), 1][..]));
    }

    #[tokio::test]
    async fn a_part_that_does_not_begin_is_not_waited_for() {
        let long = "a".repeat(8 * RATION);
        for form in [long_header(8 * RATION), part("", "1") + &long_header(8 * RATION), long] {
            let mut body = std::io::Cursor::new(form.into_bytes());
            assert!(matches!(sizes(&mut body).await, Err(Unreadable::Endless)));
            assert!(body.position() < 6 * RATION as u64, "{} bytes were read", body.position());
        }
    }

    #[tokio::test]
    async fn a_form_that_comes_byte_by_byte_is_read_and_one_without_an_end_is_not() {
        let form = part("", "abc") + "--X--";
        let (mut browser, body) = tokio::io::duplex(1);
        let sent = form.clone();
        let browser = tokio::spawn(async move { tokio::io::AsyncWriteExt::write_all(&mut browser, sent.as_bytes()).await });
        assert_eq!(sizes(body).await.unwrap(), [3]);
        browser.await.unwrap().unwrap();
        for length in 0..form.len() - 1 {
            assert!(matches!(sizes(&form.as_bytes()[..length]).await, Err(Unreadable::Broken(_))), "{length}");
        }
    }
}
