//! Files: their limits, their way into a message, and the cleanup of files that never get into one.

use bytes::Bytes;
use chrono::TimeDelta;
use muticket_core::blob::{BlobKey, Blobs as _, ByteSource, Derivative, Digest, StoredDerivative};
use muticket_core::id::AttachmentId;
use muticket_core::storage::{StorageError, Unit};
use muticket_core::ticket::{Attachment, MediaType, Ticket};
use muticket_core::upload::Upload;
use muticket_core::{Field, Helpdesk, NewMessage, NewTicket, Problem, Refusal};
use muticket_world::{BlobCall, Outcome, Person, World, text};
use uuid::Uuid;

/// The first bytes of a PNG, then filler.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR..............";

async fn opens_with(person: Person<'_>, attachments: Vec<Upload>) -> Result<Ticket, muticket_core::Error> {
    let new = NewTicket { subject: "printer".into(), body: "See the file.".into(), attachments, ..Default::default() };
    person.portal().open(new).await
}

/// A browser that sends single bytes.
struct Dripping(&'static [u8]);

#[async_trait::async_trait]
impl ByteSource for Dripping {
    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        let Some((first, rest)) = self.0.split_first() else { return Ok(None) };
        self.0 = rest;
        Ok(Some(Bytes::copy_from_slice(&[*first])))
    }
}

/// A browser that disconnects.
struct Broken;

#[async_trait::async_trait]
impl ByteSource for Broken {
    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        Err(std::io::Error::other("the browser went away"))
    }
}

///
#[tokio::test]
async fn files_come_with_a_ticket_a_reply_and_an_answer_and_are_downloaded_by_both_sides() {
    let world = World::new().await;
    let ticket = opens_with(world.anna(), vec![world.anna().attaches("a/b.txt", b"opened").await.unwrap()]).await.unwrap();
    let reply = NewMessage { attachments: vec![world.anna().attaches("p.png", PNG).await.unwrap()], ..text("And this.") };
    world.anna().portal().reply(ticket.number, reply).await.unwrap();
    let desk = world.sara().desk().await.unwrap();
    let file = desk.attach("manual.pdf", &mut Some(Bytes::from_static(b"%PDF"))).await.unwrap();
    desk.answer(ticket.number, NewMessage { attachments: vec![file], ..text("Read this.") }).await.unwrap();

    let shown = world.anna().sees(&ticket).await.unwrap();
    let files: Vec<_> = shown.messages.iter().flat_map(|shown| &shown.attachments).collect();
    let described: Vec<_> = files.iter().map(|file| (file.name.as_str(), file.media_type, file.size)).collect();
    let expected =
        [("b.txt", MediaType::Other, 6), ("p.png", MediaType::Png, PNG.len() as u64), ("manual.pdf", MediaType::Other, 4)];
    assert_eq!(described, expected);
    for (file, bytes) in files.iter().zip([b"opened", PNG, b"%PDF"]) {
        let mut own = world.anna().downloads(file.id).await.unwrap();
        assert_eq!(own.content.next().await.unwrap().unwrap(), bytes);
        let mut any = world.sara().downloads(file.id).await.unwrap();
        assert_eq!((any.content.next().await.unwrap().unwrap().as_ref(), &any.attachment), (bytes, *file));
    }
}

/// D-10
#[tokio::test]
async fn five_files_are_taken_and_six_are_not() {
    let world = World::new().await;
    let mut files = Vec::new();
    for _ in 0..6 {
        files.push(world.anna().attaches("a.txt", b"a").await.unwrap());
    }
    let before = world.dump();
    let too_many = [(Field::Attachments, Problem::TooMany { max: 5 })];
    assert_eq!(opens_with(world.anna(), files.clone()).await.problems(), too_many);
    assert_eq!(world.dump(), before);
    files.pop();
    let ticket = opens_with(world.anna(), files).await.unwrap();
    assert_eq!(world.anna().sees(&ticket).await.unwrap().messages[0].attachments.len(), 5);
}

///
#[tokio::test]
async fn a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_not() {
    let world = World::builder().configure(|builder| builder.limits(|limits| limits.attachment_bytes = 8)).build().await;
    assert_eq!(world.anna().attaches("a.txt", b"12345678").await.unwrap().size(), 8);
    assert_eq!(world.anna().attaches("empty.txt", b"").await.unwrap().size(), 0);
    let stored = world.blobs.count();
    let too_large = [(Field::Attachment("b.txt".to_owned()), Problem::TooLarge { max: 8 })];
    assert_eq!(world.anna().attaches("b.txt", b"123456789").await.problems(), too_large);
    let dripping = world.anna().portal().attach("b.txt", &mut Dripping(b"123456789")).await;
    assert_eq!(dripping.problems(), too_large);
    assert_eq!(world.blobs.count(), stored, "nothing of it was kept");
}

/// by a file's content, not by its name.
#[tokio::test]
async fn the_limit_for_images_holds_for_images_only() {
    let world = World::new().await;
    let size = PNG.len() as u64;
    world.change_settings(|settings| settings.image_limit = Some(size)).await;
    assert_eq!(world.anna().attaches("fits.png", PNG).await.unwrap().media_type(), MediaType::Png);
    world.change_settings(|settings| settings.image_limit = Some(size - 1)).await;
    let too_large = |name: &str| [(Field::Attachment(name.to_owned()), Problem::TooLarge { max: size - 1 })];
    assert_eq!(world.anna().attaches("picture.txt", PNG).await.problems(), too_large("picture.txt"));
    let dripping = world.anna().portal().attach("slow.png", &mut Dripping(PNG)).await;
    assert_eq!(dripping.problems(), too_large("slow.png"));
    let text = b"This is a text and no picture, whatever somebody called it.";
    assert_eq!(world.anna().attaches("text.png", text).await.unwrap().media_type(), MediaType::Other);
    assert_eq!(world.anna().portal().opening(None).await.unwrap().image_limit, Some(size - 1));
}

/// an image limit has no effect if it is higher than the limit for all files, which may have been lowered later.
#[tokio::test]
async fn the_lower_limit_counts() {
    let world = World::builder().configure(|builder| builder.limits(|limits| limits.attachment_bytes = 20)).build().await;
    let before = world.backend().settings().await.unwrap().settings;
    let high = muticket_core::Settings { image_limit: Some(1_000_000), ..before };
    let work = move |unit: &mut dyn muticket_core::storage::Unit| unit.settings().update(&high);
    world.helpdesk.storage().run_write::<_, muticket_core::StorageError, _>(work).await.unwrap();
    let problems = world.anna().attaches("p.png", PNG).await.problems();
    assert_eq!(problems, [(Field::Attachment("p.png".to_owned()), Problem::TooLarge { max: 20 })]);
}

#[tokio::test]
async fn a_file_of_a_refused_form_is_swept_after_a_day() {
    let world = World::new().await;
    let file = world.anna().attaches("a.txt", b"a").await.unwrap();
    let refused = NewTicket { attachments: vec![file.clone()], ..Default::default() };
    world.anna().portal().open(refused).await.problems();
    world.clock.advance(TimeDelta::hours(24) - TimeDelta::microseconds(1));
    assert_eq!((world.helpdesk.sweep().await.unwrap(), world.blobs.count()), (0, 1));
    world.clock.advance(TimeDelta::microseconds(1));
    assert_eq!((world.helpdesk.sweep().await.unwrap(), world.blobs.count()), (1, 0));

    let expired = [(Field::Attachment("a.txt".to_owned()), Problem::Expired)];
    assert_eq!(opens_with(world.anna(), vec![file]).await.problems(), expired);
}

#[tokio::test]
async fn an_upload_that_broke_off_leaves_nothing_behind_the_sweep() {
    let world = World::new().await;
    let before = world.dump();
    world.anna().portal().attach("a.txt", &mut Broken).await.unavailable();
    assert_eq!(world.blobs.count(), 0);
    world.clock.advance(TimeDelta::hours(24));
    world.helpdesk.sweep().await.unwrap();
    assert_eq!(world.dump(), before);
}

/// P-29
#[tokio::test]
async fn a_file_of_a_message_is_never_swept() {
    let world = World::new().await;
    let ticket = opens_with(world.anna(), vec![world.anna().attaches("a.txt", b"a").await.unwrap()]).await.unwrap();
    world.clock.advance(TimeDelta::days(400));
    assert_eq!((world.helpdesk.sweep().await.unwrap(), world.blobs.count()), (0, 1));
    let file = world.anna().sees(&ticket).await.unwrap().messages[0].attachments[0].id;
    world.anna().downloads(file).await.unwrap();
}

#[tokio::test]
async fn discarded_files_are_gone_at_once() {
    let world = World::new().await;
    let before = world.dump();
    let file = world.anna().attaches("a.txt", b"a").await.unwrap();
    world.anna().portal().discard(vec![file]).await.unwrap();
    assert_eq!((world.blobs.count(), world.dump()), (0, before));
}

/// The form was stored, but its sender saw an error: the connection broke, or they clicked twice.
#[tokio::test]
async fn discarding_spares_what_a_message_has() {
    let world = World::new().await;
    let file = world.anna().attaches("a.txt", b"a").await.unwrap();
    opens_with(world.anna(), vec![file.clone()]).await.unwrap();
    world.anna().portal().discard(vec![file]).await.unwrap();
    assert_eq!(world.blobs.count(), 1);
}

#[tokio::test]
async fn discarded_files_that_cannot_be_deleted_are_swept_and_never_adopted() {
    let world = World::new().await;
    let file = world.anna().attaches("a.txt", b"a").await.unwrap();
    world.blobs.fail(BlobCall::Delete, u32::MAX);
    world.anna().portal().discard(vec![file.clone()]).await.unavailable();
    world.blobs.mend();
    assert_eq!(opens_with(world.anna(), vec![file]).await.problems()[0].1, Problem::Expired);
    assert_eq!((world.helpdesk.sweep().await.unwrap(), world.blobs.count()), (1, 0));
}

/// A node whose clock is behind does not adopt files that another node is deleting.
#[tokio::test]
async fn what_the_sweep_has_begun_to_delete_is_never_adopted() {
    let world = World::new().await;
    let file = world.anna().attaches("a.txt", b"a").await.unwrap();
    world.clock.advance(TimeDelta::hours(24));
    world.blobs.fail(BlobCall::Delete, u32::MAX);
    world.helpdesk.sweep().await.unavailable();
    world.clock.advance(-TimeDelta::hours(1));
    assert_eq!(opens_with(world.anna(), vec![file]).await.problems()[0].1, Problem::Expired);
}

#[tokio::test]
async fn one_blob_that_cannot_be_deleted_does_not_keep_the_others() {
    let world = World::new().await;
    let mut files = Vec::new();
    for _ in 0..3 {
        files.push(world.anna().attaches("a.txt", b"a").await.unwrap());
    }
    world.blobs.fail(BlobCall::Delete, 1);
    world.anna().portal().discard(files).await.unavailable();
    assert_eq!(world.blobs.count(), 1);
    assert_eq!((world.helpdesk.sweep().await.unwrap(), world.blobs.count()), (1, 0));
}

/// A site that lost its blob store for a while keeps its notes, and accepts no files meanwhile.
#[tokio::test]
async fn without_a_blob_store_nothing_is_taken_and_nothing_forgotten() {
    let world = World::new().await;
    let ticket = opens_with(world.anna(), vec![world.anna().attaches("a.txt", b"a").await.unwrap()]).await.unwrap();
    let (storage, directory) = (world.helpdesk.storage().clone(), world.helpdesk.directory().clone());
    let without = Helpdesk::builder(storage, directory).clock(world.helpdesk.clock().clone()).build();
    let refused = without.portal(&world.anna().visitor()).unwrap().attach("a.txt", &mut Some(Bytes::new())).await;
    assert_eq!(refused.problems(), [(Field::Attachment("a.txt".to_owned()), Problem::TooMany { max: 0 })]);

    without.backend(&world.person("ada").visitor()).unwrap().delete(ticket.number).await.unwrap();
    assert_eq!(without.sweep().await.unwrap(), 0);
    assert_eq!((world.blobs.count(), world.helpdesk.sweep().await.unwrap(), world.blobs.count()), (1, 1, 0));
}

/// K-04: an upload is used once, by the user who made it.
#[tokio::test]
async fn a_file_belongs_to_one_message() {
    let world = World::new().await;
    let file = world.anna().attaches("a.txt", b"a").await.unwrap();
    let ticket = opens_with(world.anna(), vec![file.clone()]).await.unwrap();
    let before = world.dump();
    let again = NewMessage { attachments: vec![file.clone()], ..text("Again.") };
    let expired = [(Field::Attachment("a.txt".to_owned()), Problem::Expired)];
    assert_eq!(world.anna().portal().reply(ticket.number, again).await.problems(), expired);
    assert_eq!(opens_with(world.ben(), vec![file]).await.problems(), expired);
    assert_eq!(world.dump(), before);
}

/// P-29: a missing file does not block the text.
#[tokio::test]
async fn a_file_whose_bytes_are_gone_is_said_to_be_missing() {
    let world = World::new().await;
    let ticket = opens_with(world.anna(), vec![world.anna().attaches("a.txt", b"a").await.unwrap()]).await.unwrap();
    let file = world.anna().sees(&ticket).await.unwrap().messages[0].attachments[0].clone();
    muticket_core::blob::Blobs::delete(&*world.blobs, &file.key).await.unwrap();
    assert_eq!(world.anna().downloads(file.id).await.refusal(), Refusal::FileMissing);
    assert_eq!(world.anna().sees(&ticket).await.unwrap().messages[0].attachments, [file]);
}

/// D-04: without the desk there is no access to its files.
#[tokio::test]
async fn who_is_no_supporter_any_more_downloads_nothing() {
    let world = World::new().await;
    let ticket = opens_with(world.anna(), vec![world.anna().attaches("a.txt", b"a").await.unwrap()]).await.unwrap();
    let file = world.anna().sees(&ticket).await.unwrap().messages[0].attachments[0].id;
    let sara = world.helpdesk.enter(&world.sara().visitor()).await.unwrap();
    sara.download(file).await.unwrap();
    world.backend().remove_supporter(world.supporter_id("sara").await).await.unwrap();
    assert!(sara.download(file).await.is_missing());
}

/// P-29: the bytes under a key are returned only if they are the stored ones.
#[tokio::test]
async fn bytes_that_are_not_those_of_the_row_are_not_given_away() {
    let world = World::new().await;
    let ticket = opens_with(world.anna(), vec![world.anna().attaches("a.txt", b"anna's own").await.unwrap()]).await.unwrap();
    let file = world.anna().sees(&ticket).await.unwrap().messages[0].attachments[0].clone();
    assert_eq!(file.digest, Some(Digest::of(b"anna's own")));
    for other in [&b"bens own !"[..], b"anna's owN"] {
        world.blobs.put(&file.key, &mut Some(Bytes::from_static(other))).await.unwrap();
        let mut download = world.anna().downloads(file.id).await.unwrap();
        assert_eq!(download.content.next().await.unwrap_err().kind(), std::io::ErrorKind::InvalidData);
        assert_eq!(download.content.next().await.unwrap(), None);
    }
    for other in [&b"anna's own and more"[..], b"anna's", b""] {
        world.blobs.put(&file.key, &mut Some(Bytes::from_static(other))).await.unwrap();
        assert_eq!(world.anna().downloads(file.id).await.refusal(), Refusal::FileDamaged);
    }
    world.blobs.put(&file.key, &mut Some(Bytes::from_static(b"anna's own"))).await.unwrap();
    assert_eq!(world.anna().downloads(file.id).await.unwrap().content.next().await.unwrap().unwrap(), "anna's own");
}

/// P-29: the sweep computes the digests of files stored before digests existed, unless their length shows that they were
/// changed.
#[tokio::test]
async fn the_sweep_gives_digests_to_files_from_before() {
    let world = World::new().await;
    let mut files = Vec::new();
    for _ in 0..60 {
        let ticket = opens_with(world.anna(), vec![world.anna().attaches("a.txt", b"12345678").await.unwrap()]).await.unwrap();
        files.push(world.anna().sees(&ticket).await.unwrap().messages[0].attachments[0].clone());
    }
    let older: Vec<_> = files
        .iter()
        .enumerate()
        .map(|(at, file)| {
            let mut file: Attachment = file.clone();
            file.id = AttachmentId(Uuid::from_u128(u128::MAX / 2 + at as u128));
            file.key = BlobKey::from_stored(&format!("f{at:031x}")).unwrap();
            file.digest = None;
            file
        })
        .collect();
    for (at, file) in older.iter().enumerate() {
        match at {
            7 => {}
            _ => drop(world.blobs.put(&file.key, &mut Some(Bytes::from_static(b"12345678"))).await.unwrap()),
        }
    }
    let mut rows = older.clone();
    rows[8].size = 3;
    let insert = rows.clone();
    let storage = world.helpdesk.storage();
    storage.run_write::<_, StorageError, _>(move |unit| unit.attachments().insert(&insert)).await.unwrap();
    world.helpdesk.sweep().await.unwrap();
    let without = |unit: &mut dyn Unit| unit.attachments().without_digest(None, 99);
    let left = storage.run_read::<_, StorageError, _>(without).await.unwrap();
    assert_eq!(left, [rows[7].clone(), rows[8].clone()], "one is gone, and one is another file");
    world.blobs.put(&rows[0].key, &mut Some(Bytes::from_static(b"87654321"))).await.unwrap();
    let mut download = world.anna().downloads(rows[0].id).await.unwrap();
    assert!(download.content.next().await.is_err(), "from now on it is held against its digest");
    assert_eq!(world.anna().downloads(rows[8].id).await.refusal(), Refusal::FileDamaged);
}

/// P-29: derived data of an uploaded file is made only from the bytes that were sent.
#[tokio::test]
async fn a_file_that_waits_for_its_message_is_held_against_what_was_sent() {
    let world = World::new().await;
    let upload = world.anna().attaches("a.png", PNG).await.unwrap();
    let mut content = world.helpdesk.uploaded(&upload).await.unwrap();
    assert_eq!(content.next().await.unwrap().unwrap(), PNG);
    let mut flipped = PNG.to_vec();
    flipped[20] ^= 1;
    world.blobs.put(upload.key(), &mut Some(flipped.into())).await.unwrap();
    let mut content = world.helpdesk.uploaded(&upload).await.unwrap();
    assert_eq!(content.next().await.unwrap_err().kind(), std::io::ErrorKind::InvalidData);
    world.blobs.put(upload.key(), &mut Some(Bytes::from_static(b"other"))).await.unwrap();
    assert_eq!(world.helpdesk.uploaded(&upload).await.map(drop).refusal(), Refusal::FileDamaged);
    world.blobs.delete(upload.key()).await.unwrap();
    assert_eq!(world.helpdesk.uploaded(&upload).await.map(drop).refusal(), Refusal::FileMissing);
}

/// P-29: data beside a file that the site did not put there is detected. Empty data is valid.
#[tokio::test]
async fn a_derivative_proves_itself() {
    let world = World::new().await;
    let (one, other) = (BlobKey::from_stored(&"1".repeat(32)).unwrap(), BlobKey::from_stored(&"2".repeat(32)).unwrap());
    let kept = async || world.helpdesk.read_derivative(&one, Derivative::Small, 5).await.unwrap();
    assert_eq!(kept().await, StoredDerivative::Nothing);
    let mut sealed = Vec::new();
    for (file, what, edition, bytes) in [
        (&other, Derivative::Small, 5, &b"other picture"[..]),
        (&one, Derivative::Large, 5, b"large picture"),
        (&one, Derivative::Small, 4, b"older picture"),
        (&one, Derivative::Small, 5, b""),
        (&one, Derivative::Small, 5, b"small picture"),
    ] {
        world.helpdesk.store_derivative(file, what, edition, bytes).await.unwrap();
        let place = if what == Derivative::Large { file.large() } else { file.small() };
        sealed.push(world.blobs.get(&place).await.unwrap().unwrap().next().await.unwrap().unwrap());
        assert_eq!(world.helpdesk.read_derivative(file, what, edition).await.unwrap(), StoredDerivative::Bytes(bytes.to_vec()));
    }
    let right = sealed.pop().unwrap();
    let mut flipped = right.to_vec();
    *flipped.last_mut().unwrap() ^= 1;
    for (found, answer) in [
        (sealed.pop().unwrap(), StoredDerivative::Bytes(Vec::new())),
        (sealed.pop().unwrap(), StoredDerivative::OtherEdition),
        (sealed.pop().unwrap(), StoredDerivative::Foreign),
        (sealed.pop().unwrap(), StoredDerivative::Foreign),
        (flipped.into(), StoredDerivative::Foreign),
        (right.slice(..right.len() - 1), StoredDerivative::Foreign),
        ([&right[..], b"x"].concat().into(), StoredDerivative::Foreign),
        (vec![0; 17 * 1024 * 1024].into(), StoredDerivative::Foreign),
        (Bytes::from_static(PNG), StoredDerivative::Foreign),
        (Bytes::new(), StoredDerivative::Foreign),
        (right, StoredDerivative::Bytes(b"small picture".to_vec())),
    ] {
        world.blobs.put(&one.small(), &mut Some(found.clone())).await.unwrap();
        assert_eq!(kept().await, answer, "{} bytes", found.len());
    }
    world.helpdesk.delete_derivative(&one, Derivative::Small).await.unwrap();
    assert_eq!(kept().await, StoredDerivative::Nothing);
    let too_large = world.helpdesk.store_derivative(&one, Derivative::Small, 5, &vec![0; 17 * 1024 * 1024]).await;
    assert!(too_large.is_err() && kept().await == StoredDerivative::Nothing, "what could not be read again is not kept");
}
