//! The parts of a multipart form, read no faster than they are consumed.
//!
//! The underlying reader (`multer`) reads all it can get before it looks at the bytes, and buffers everything before a part until that part
//! begins. A request with a part that never begins would be held in memory as a whole (P-19). So the reader gets a small ration, and
//! another one only if that was not enough.

use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use muticket_core::blob::ByteSource;

use crate::form::disposition::Disposition;

/// How many bytes the reader gets at a time.
const RATION: usize = 16 * 1024;
/// How many rations the reader gets to find the next part. Headers are far smaller than that.
const RATIONS_BETWEEN: usize = 4;

/// A form.
pub(crate) struct Multipart<'r> {
    reader: multer::Multipart<'r>,
    left: Left,
}

/// One part of a form. It has to be read to its end before the next one.
pub(crate) struct FormPart<'r> {
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

impl<'r> Multipart<'r> {
    pub(crate) fn new(body: impl Stream<Item = io::Result<Bytes>> + Send + Unpin + 'r, boundary: &str) -> Self {
        let left = Left::default();
        let body = Rationed { body, rest: Bytes::new(), left: left.clone() };
        Self { reader: multer::Multipart::new(body, boundary), left }
    }

    /// The next part; `None` after the last.
    pub(crate) async fn next(&mut self) -> Result<Option<FormPart<'r>>, Unreadable> {
        let found = self.left.feed(RATIONS_BETWEEN, self.reader.next_field()).await.ok_or(Unreadable::Endless)?;
        Ok(found?.map(|field| FormPart { field, left: self.left.clone() }))
    }
}

impl FormPart<'_> {
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

#[async_trait]
impl ByteSource for FormPart<'_> {
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
struct Rationed<S> {
    body: S,
    /// What is left of a piece that was larger than the ration.
    rest: Bytes,
    left: Left,
}

impl<S: Stream<Item = io::Result<Bytes>> + Unpin> Stream for Rationed<S> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let left = self.left.0.load(Ordering::Relaxed);
        if left == 0 {
            // No waker is needed: the caller itself gives the next ration.
            return Poll::Pending;
        }
        if self.rest.is_empty() {
            match ready!(self.body.poll_next_unpin(context)) {
                Some(Ok(piece)) => self.rest = piece,
                end => return Poll::Ready(end),
            }
        }
        let size = self.rest.len().min(left);
        let piece = self.rest.split_to(size);
        self.left.0.store(left - size, Ordering::Relaxed);
        Poll::Ready(Some(Ok(piece)))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    /// The form as it arrives, in pieces of this size.
    fn arriving(form: &str, piece: usize) -> impl Stream<Item = io::Result<Bytes>> + Send + Unpin + use<> {
        let pieces: Vec<_> = form.as_bytes().chunks(piece).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        stream::iter(pieces)
    }

    /// Reads the form and returns the size of each part.
    async fn sizes(body: impl Stream<Item = io::Result<Bytes>> + Send + Unpin) -> Result<Vec<usize>, Unreadable> {
        let mut parts = Multipart::new(body, "X");
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
        for piece in [1000, RATION, usize::MAX] {
            let sizes = sizes(arriving(&form, piece)).await.unwrap();
            assert_eq!((sizes.len(), &sizes[4_999..]), (5_002, &[0, large.len(), 1][..]));
        }
    }

    #[tokio::test]
    async fn a_part_that_does_not_begin_is_not_waited_for() {
        let long = "a".repeat(8 * RATION);
        for form in [long_header(8 * RATION), part("", "1") + &long_header(8 * RATION), long] {
            let (mut read, pieces) = (0, arriving(&form, 1000));
            let body = pieces.inspect(|piece| read += piece.as_ref().map_or(0, Bytes::len));
            assert!(matches!(sizes(body).await, Err(Unreadable::Endless)));
            assert!(read < 6 * RATION, "{read} bytes were read");
        }
    }

    #[tokio::test]
    async fn a_form_that_comes_byte_by_byte_is_read_and_one_without_an_end_is_not() {
        let form = part("", "abc") + "--X--";
        assert_eq!(sizes(arriving(&form, 1)).await.unwrap(), [3]);
        for length in 0..form.len() - 1 {
            assert!(matches!(sizes(arriving(&form[..length], 1)).await, Err(Unreadable::Broken(_))), "{length}");
        }
    }
}
