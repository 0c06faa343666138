//! Small and large versions of pictures. Each is made once, one at a time, and stored beside the original.

use std::future::Future;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use muticket_core::blob::{BlobError, BlobKey, ByteSource, Derivative, StoredDerivative};
use muticket_core::upload::Upload;
use muticket_core::{Error, Helpdesk, Refusal, Unavailable};
use muticket_pictures::{EDITION, MAX_BYTES, Version, remake};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::error::log_unavailable;
use crate::once::Once;

/// The queue for making pictures. One picture takes up to 64 MiB and 300 ms of one processor, so only one is made at a time.
pub(crate) struct Pictures {
    queue: Arc<Semaphore>,
    thread: PictureThread,
    /// Stored versions that MuTicket has not written.
    foreign: Once<(BlobKey, Derivative)>,
    /// Whether the log already says that some pictures are of another edition.
    other_edition: AtomicBool,
}

/// A version of a picture.
pub(crate) struct PictureVersion {
    /// Its bytes; `None` if the picture cannot be shown. That result is stored too.
    pub(crate) bytes: Option<Vec<u8>>,
    /// Whether it was made just now.
    pub(crate) fresh: bool,
}

impl Pictures {
    pub(crate) fn new() -> Self {
        Self {
            queue: Arc::new(Semaphore::new(1)),
            thread: PictureThread::new(start),
            foreign: Once::default(),
            other_edition: AtomicBool::new(false),
        }
    }

    /// The version of the picture under `key`. `original` is awaited only if the version has to be made.
    ///
    /// # Errors
    /// [`Refusal::FileDamaged`] if the original is not what was stored, [`Unavailable::Thread`] if there is no thread to make the version,
    /// and the errors of `original`. Nothing is stored then.
    pub(crate) async fn version(
        &self,
        helpdesk: &Helpdesk,
        key: &BlobKey,
        version: Version,
        original: impl Future<Output = Result<Box<dyn ByteSource>, Error>> + Send,
    ) -> Result<PictureVersion, Error> {
        if let Some(bytes) = self.kept(helpdesk, key, version).await? {
            return Ok(PictureVersion { bytes, fresh: false });
        }
        // The semaphore is never closed.
        let turn = self.queue.clone().acquire_owned().await.map_err(|_| Error::NotFound)?;
        // Another request may have made the same picture while this one waited.
        if let Some(bytes) = self.kept(helpdesk, key, version).await? {
            return Ok(PictureVersion { bytes, fresh: false });
        }
        let mut original = original.await?;
        let runtime = Handle::current();
        let work = move || {
            let picture = match runtime.block_on(whole(&mut *original))? {
                Some(bytes) => remake(&bytes, version).map(|picture| picture.bytes).ok(),
                None => None,
            };
            Ok::<_, Error>(picture)
        };
        let (done, turn) = self.thread.run(work, turn).await.map_err(Unavailable::Thread)?.unzip();
        // If the decoder panics, the picture counts as one that cannot be shown.
        let bytes = done.unwrap_or(Ok(None))?;
        let kept = helpdesk.store_derivative(key, derivative(version), EDITION, bytes.as_deref().unwrap_or_default()).await;
        if let Err(error) = kept {
            // The next request makes it again. This visitor need not wait for that.
            log_unavailable(&error);
        }
        // Requests that wait for the same picture find it stored.
        drop(turn);
        Ok(PictureVersion { bytes, fresh: true })
    }

    /// Checks whether a file that begins like a picture is one, by making its small version. If not, it is listed as a plain file.
    pub(crate) async fn examined(&self, helpdesk: &Helpdesk, upload: Upload) -> Upload {
        if !upload.media_type().is_image() {
            return upload;
        }
        match self.version(helpdesk, upload.key(), Version::Small, helpdesk.uploaded(&upload)).await {
            Ok(PictureVersion { bytes: None, .. }) => upload.not_a_picture(),
            Ok(_) => upload,
            Err(error) => {
                // The file is checked again when its picture is requested.
                match &error {
                    Error::Refused(cause) => {
                        tracing::error!(file = %upload.key(), %cause, "MuTicket cannot read a file that it has just stored");
                    }
                    error => log_unavailable(error),
                }
                upload
            }
        }
    }

    /// The stored version. `None` if nothing usable is stored; `Some(None)` if the picture cannot be shown.
    async fn kept(&self, helpdesk: &Helpdesk, key: &BlobKey, version: Version) -> Result<Option<Option<Vec<u8>>>, Error> {
        match helpdesk.read_derivative(key, derivative(version), EDITION).await? {
            StoredDerivative::Bytes(bytes) => return Ok(Some((!bytes.is_empty()).then_some(bytes))),
            StoredDerivative::OtherEdition if !self.other_edition.swap(true, Ordering::Relaxed) => {
                tracing::info!("MuTicket makes small and large pictures again: another edition of MuTicket made them");
            }
            StoredDerivative::Foreign if self.foreign.is_new((key.clone(), derivative(version))) => {
                tracing::warn!(
                    file = %key,
                    "MuTicket makes a small or large picture again: MuTicket did not write the data in the upload folder"
                );
            }
            _ => {}
        }
        Ok(None)
    }
}

/// The thread that reads and makes pictures. It starts with the first one. It is always the same thread, because the allocator keeps
/// some of the freed memory for each thread that used it.
struct PictureThread {
    /// `None` until a thread could be started.
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    start: fn(mpsc::Receiver<Job>) -> io::Result<()>,
}

type Job = Box<dyn FnOnce() + Send>;

impl PictureThread {
    fn new(start: fn(mpsc::Receiver<Job>) -> io::Result<()>) -> Self {
        Self { jobs: Mutex::new(None), start }
    }

    /// Does the work while it holds the turn, also if nobody waits for the result any more. `None` if the work panicked. The caller gets
    /// the turn back with the result.
    ///
    /// # Errors
    /// If no thread can be started. The next call tries again.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
        turn: OwnedSemaphorePermit,
    ) -> io::Result<Option<(T, OwnedSemaphorePermit)>> {
        let (answer, result) = oneshot::channel();
        let job: Job = Box::new(move || {
            let done = catch_unwind(AssertUnwindSafe(work));
            // If the visitor went away, nobody reads the result.
            let _ = done.map(|done| answer.send((done, turn)));
        });
        self.send(job)?;
        Ok(result.await.ok())
    }

    fn send(&self, job: Job) -> io::Result<()> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = match jobs.take() {
            Some(sender) => sender,
            None => {
                let (sender, receiver) = mpsc::channel();
                (self.start)(receiver)?;
                sender
            }
        };
        sender.send(job).map_err(|_| io::Error::other("the thread that makes pictures has ended"))?;
        *jobs = Some(sender);
        Ok(())
    }
}

fn start(jobs: mpsc::Receiver<Job>) -> io::Result<()> {
    let thread = std::thread::Builder::new().name("muticket-pictures".to_owned());
    thread.spawn(move || jobs.into_iter().for_each(|job| job())).map(drop)
}

/// The place where a version is stored.
pub(crate) fn derivative(version: Version) -> Derivative {
    match version {
        Version::Small => Derivative::Small,
        Version::Large => Derivative::Large,
    }
}

/// All bytes of an original; `None` if there are more than a picture may have.
async fn whole(source: &mut dyn ByteSource) -> Result<Option<Vec<u8>>, Error> {
    let mut bytes = Vec::new();
    loop {
        match source.next().await {
            Ok(Some(piece)) if bytes.len() + piece.len() > MAX_BYTES => return Ok(None),
            Ok(Some(piece)) => bytes.extend_from_slice(&piece),
            Ok(None) => return Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => return Err(Refusal::FileDamaged.into()),
            Err(error) => return Err(BlobError::Store(error.into()).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use muticket_core::blob::Blobs;

    use super::*;
    use crate::rehearsal::empty_helpdesk;

    fn key(digit: char) -> BlobKey {
        BlobKey::from_stored(&digit.to_string().repeat(32)).unwrap()
    }

    /// A PNG of one pixel.
    fn png() -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde".to_vec();
        bytes.extend(b"\0\0\0\x0cIDAT\x08\xd7c\xf8\xcf\xc0\0\0\x03\x01\x01\0\x18\xdd\x8d\xb0\0\0\0\0IEND\xaeB`\x82");
        bytes
    }

    async fn small(pictures: &Pictures, helpdesk: &Helpdesk, key: &BlobKey, bytes: Vec<u8>) -> PictureVersion {
        let original = async { Ok(Box::new(Some(Bytes::from(bytes))) as Box<dyn ByteSource>) };
        pictures.version(helpdesk, key, Version::Small, original).await.unwrap()
    }

    async fn raw(blobs: &dyn Blobs, place: &BlobKey) -> Vec<u8> {
        blobs.get(place).await.unwrap().unwrap().next().await.unwrap().unwrap().to_vec()
    }

    /// P-19: a picture that failed once is not tried again, so no visitor waits for it.
    #[tokio::test]
    async fn a_picture_is_made_once_and_so_is_one_that_cannot_be_shown() {
        let (pictures, helpdesk) = (Pictures::new(), empty_helpdesk());
        for (key, bytes, shown) in [(key('a'), png(), true), (key('b'), b"\x89PNG\r\n\x1a\n no more".to_vec(), false)] {
            let made = small(&pictures, &helpdesk, &key, bytes).await;
            assert_eq!((made.fresh, made.bytes.is_some()), (true, shown));
            let unread = async { panic!("the original is read once") };
            let again = pictures.version(&helpdesk, &key, Version::Small, unread).await.unwrap();
            assert_eq!((again.fresh, again.bytes), (false, made.bytes));
        }
    }

    /// P-19: many requests at the same time decode the picture only once.
    #[tokio::test]
    async fn who_asks_at_the_same_time_shares_the_work() {
        let (pictures, helpdesk) = (Pictures::new(), empty_helpdesk());
        let key = key('a');
        let ask = || small(&pictures, &helpdesk, &key, png());
        let (one, two, three) = tokio::join!(ask(), ask(), ask());
        assert_eq!([one, two, three].iter().filter(|made| made.fresh).count(), 1);
    }

    /// P-29: a file beside a picture that is not what MuTicket stored there is not shown. The version is made again.
    #[tokio::test]
    async fn what_is_not_ours_is_made_anew() {
        let (pictures, helpdesk) = (Pictures::new(), empty_helpdesk());
        let blobs = helpdesk.blobs().unwrap();
        let unshown = b"\x89PNG\r\n\x1a\n no more".to_vec();
        small(&pictures, &helpdesk, &key('a'), png()).await;
        small(&pictures, &helpdesk, &key('c'), unshown).await;
        let small_of_a = raw(&**blobs, &key('a').small()).await;
        let mut flipped = small_of_a.clone();
        *flipped.last_mut().unwrap() ^= 1;
        helpdesk.store_derivative(&key('b'), Derivative::Small, EDITION - 1, &png()).await.unwrap();
        let older = raw(&**blobs, &key('b').small()).await;
        helpdesk.store_derivative(&key('b'), Derivative::Large, EDITION, &png()).await.unwrap();
        let large = raw(&**blobs, &key('b').large()).await;
        let unshown = raw(&**blobs, &key('c').small()).await;
        for (case, other) in [
            ("of another picture", small_of_a),
            ("that another picture cannot be shown", unshown),
            ("a flipped bit", flipped),
            ("the large version", large),
            ("an older edition", older),
            ("a picture of somebody", png()),
            ("nothing", Vec::new()),
        ] {
            let key = key('b');
            blobs.put(&key.small(), &mut Some(Bytes::from(other))).await.unwrap();
            let made = small(&pictures, &helpdesk, &key, png()).await;
            assert!(made.fresh && made.bytes.is_some(), "{case}");
            assert!(!small(&pictures, &helpdesk, &key, png()).await.fresh, "{case}");
        }
    }

    /// P-19: a machine that is short of threads for a moment does not mark pictures as ones that cannot be shown.
    #[tokio::test]
    async fn without_a_thread_nothing_is_kept_and_the_next_request_tries_again() {
        static SHORT: AtomicBool = AtomicBool::new(true);
        fn short_once(jobs: mpsc::Receiver<Job>) -> io::Result<()> {
            if SHORT.swap(false, Ordering::Relaxed) { Err(io::ErrorKind::WouldBlock.into()) } else { start(jobs) }
        }

        let (pictures, helpdesk) = (Pictures { thread: PictureThread::new(short_once), ..Pictures::new() }, empty_helpdesk());
        let original = async { Ok(Box::new(Some(Bytes::from(png()))) as Box<dyn ByteSource>) };
        let error = pictures.version(&helpdesk, &key('a'), Version::Small, original).await.err().unwrap();
        assert_eq!(crate::error::ErrorPage::of(&error).status(), http::StatusCode::SERVICE_UNAVAILABLE);
        let made = small(&pictures, &helpdesk, &key('a'), png()).await;
        assert!(made.fresh && made.bytes.is_some());
    }

    /// P-12: a picture on which the decoder panics counts as one that cannot be shown, and the next one is made.
    #[tokio::test]
    async fn a_picture_that_makes_the_decoder_panic_cannot_be_shown() {
        struct Panics;

        #[async_trait::async_trait]
        impl ByteSource for Panics {
            async fn next(&mut self) -> io::Result<Option<Bytes>> {
                panic!("as a decoder might")
            }
        }

        let (pictures, helpdesk) = (Pictures::new(), empty_helpdesk());
        let original = async { Ok(Box::new(Panics) as Box<dyn ByteSource>) };
        let made = pictures.version(&helpdesk, &key('a'), Version::Small, original).await.unwrap();
        assert!(made.fresh && made.bytes.is_none());
        assert!(!small(&pictures, &helpdesk, &key('a'), png()).await.fresh, "it is not tried again");
        assert!(small(&pictures, &helpdesk, &key('b'), png()).await.bytes.is_some());
    }

    /// P-29: no version is made from an original that is not what was stored.
    #[tokio::test]
    async fn no_version_is_made_of_a_damaged_original() {
        struct Damaged;

        #[async_trait::async_trait]
        impl ByteSource for Damaged {
            async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
                Err(std::io::ErrorKind::InvalidData.into())
            }
        }

        let (pictures, helpdesk) = (Pictures::new(), empty_helpdesk());
        let original = async { Ok(Box::new(Damaged) as Box<dyn ByteSource>) };
        let made = pictures.version(&helpdesk, &key('a'), Version::Small, original).await;
        assert!(matches!(made, Err(Error::Refused(Refusal::FileDamaged))));
        assert!(small(&pictures, &helpdesk, &key('a'), png()).await.fresh, "nothing is kept of it");
    }
}
