//! Tests of blobs in a folder.

use object_store::memory::InMemory;
use object_store::prefix::PrefixStore;

use super::*;

async fn read(blobs: &ObjectBlobs, key: &BlobKey) -> Option<Vec<u8>> {
    let mut source = blobs.get(key).await.unwrap()?;
    let mut bytes = Vec::new();
    while let Some(piece) = source.next().await.unwrap() {
        bytes.extend_from_slice(&piece);
    }
    Some(bytes)
}

struct Many(usize, Option<usize>);

#[async_trait]
impl ByteSource for Many {
    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        if Some(self.0) == self.1 {
            return Err(std::io::Error::other("the browser went away"));
        }
        self.0 = match self.0.checked_sub(1) {
            None => return Ok(None),
            Some(left) => left,
        };
        Ok(Some(Bytes::from(vec![self.0 as u8; 1024 * 1024])))
    }
}

#[tokio::test]
async fn bytes_come_back_as_they_went_in_and_can_be_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = ObjectBlobs::folder(folder.path().join("deep/down")).unwrap();
    blobs.check().await.unwrap();
    let key = BlobKey::from_stored("0123456789abcdef0123456789abcdef").unwrap();
    assert_eq!(read(&blobs, &key).await, None);
    assert_eq!(blobs.put(&key, &mut Many(12, None)).await.unwrap(), 12 * 1024 * 1024);
    assert_eq!(read(&blobs, &key).await.unwrap().len(), 12 * 1024 * 1024);
    blobs.delete(&key).await.unwrap();
    blobs.delete(&key).await.unwrap();
    assert_eq!(read(&blobs, &key).await, None);
}

#[tokio::test]
async fn another_object_store_keeps_blobs_below_its_prefix() {
    let bucket = Arc::new(InMemory::new());
    let blobs = ObjectBlobs::new(Arc::new(PrefixStore::new(bucket.clone(), "muticket")));
    let objects = || bucket.list(None).map(|object| object.unwrap().location.to_string()).collect::<Vec<_>>();
    let key = BlobKey::from_stored("0123456789abcdef0123456789abcdef").unwrap();
    for megabytes in [1, 5, 12] {
        blobs.put(&key, &mut Many(megabytes, None)).await.unwrap();
        assert_eq!(objects().await, [format!("muticket/{}", path(&key))]);
        assert_eq!(read(&blobs, &key).await.unwrap().len(), megabytes * 1024 * 1024);
    }
    assert!(matches!(blobs.put(&BlobKey::new(uuid::Uuid::nil()), &mut Many(12, Some(1))).await, Err(BlobError::Source(_))));
    blobs.delete(&key).await.unwrap();
    assert!(objects().await.is_empty());
}

#[tokio::test]
async fn nodes_that_start_at_once_do_not_disturb_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let check = |_| {
        let blobs = ObjectBlobs::folder(folder.path()).unwrap();
        tokio::spawn(async move { blobs.check().await })
    };
    for checked in (0..200).map(check).collect::<Vec<_>>() {
        checked.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_broken_upload_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = ObjectBlobs::folder(folder.path()).unwrap();
    let key = BlobKey::from_stored("0123456789abcdef0123456789abcdef").unwrap();
    for left in [1, 11] {
        let broken = blobs.put(&key, &mut Many(12, Some(left))).await;
        assert!(matches!(broken, Err(BlobError::Source(_))));
        assert_eq!(read(&blobs, &key).await, None);
    }
    let files = walk(folder.path());
    assert!(files.is_empty(), "{files:?}");
}

/// P-29
#[cfg(unix)]
#[tokio::test]
async fn no_link_is_followed() {
    use std::os::unix::fs::symlink;

    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let secret = outside.path().join("secret");
    std::fs::write(&secret, "secret").unwrap();
    // The folder itself may be a link, because the operator chose it.
    let chosen = outside.path().join("uploads");
    symlink(folder.path(), &chosen).unwrap();
    let blobs = ObjectBlobs::folder(&chosen).unwrap();
    let key = |last: &str| BlobKey::from_stored(&format!("0123456789abcdef0123456789abcd{last}")).unwrap();
    for last in ["01", "02", "03", "04"] {
        blobs.put(&key(last), &mut Some(Bytes::from_static(b"own"))).await.unwrap();
    }
    let file = |last: &str| folder.path().join(path(&key(last)).as_ref());
    for (last, to) in [("01", secret.clone()), ("02", file("04"))] {
        std::fs::remove_file(file(last)).unwrap();
        symlink(to, file(last)).unwrap();
    }
    // A folder that is a link, with a file of the right name in it.
    std::fs::rename(file("03").parent().unwrap(), outside.path().join("03")).unwrap();
    symlink(outside.path().join("03"), file("03").parent().unwrap()).unwrap();
    for last in ["01", "02", "03"] {
        assert!(matches!(blobs.get(&key(last)).await, Err(BlobError::NotAFile)), "{last}");
    }
    assert_eq!(read(&blobs, &key("04")).await.unwrap(), b"own");
    assert!(blobs.put(&key("03"), &mut Some(Bytes::from_static(b"new"))).await.is_err());
    assert!(blobs.delete(&key("03")).await.is_err(), "what lies elsewhere is not ours");
    blobs.delete(&key("01")).await.unwrap();
    assert_eq!(std::fs::read(&secret).unwrap(), b"secret");
    // Writing replaces a link by a file.
    blobs.put(&key("02"), &mut Some(Bytes::from_static(b"new"))).await.unwrap();
    assert_eq!(
        (read(&blobs, &key("02")).await.unwrap(), read(&blobs, &key("04")).await.unwrap()),
        (b"new".to_vec(), b"own".to_vec())
    );
}

#[tokio::test]
async fn what_a_killed_process_left_goes_with_its_blob() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = ObjectBlobs::folder(folder.path()).unwrap();
    let key = BlobKey::from_stored("0123456789abcdef0123456789abcdef").unwrap();
    blobs.put(&key, &mut Many(1, None)).await.unwrap();
    let file = walk(folder.path()).remove(0);
    std::fs::write(format!("{}#1", file.display()), "half").unwrap();
    blobs.delete(&key).await.unwrap();
    assert!(walk(folder.path()).is_empty());
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn a_folder_that_cannot_be_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let error = ObjectBlobs::folder(file.join("uploads")).unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("file/uploads"), "{source}");
}

/// one sentence names the folder, the problem and the remedy, each once.
#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named_with_the_remedy() {
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("uploads");
    let blobs = ObjectBlobs::folder(&folder).unwrap();
    blobs.check().await.unwrap();
    // Permissions of a folder do not stop root, who may run this test. A file in its place stops everyone.
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::write(&folder, "x").unwrap();
    let said = format!("{:?}", blobs.check().await.unwrap_err());
    let name = folder.display().to_string();
    assert_eq!(said.matches(&name).count(), 1, "{said}");
    assert!(said.contains("cannot be written: ") && said.contains("; make it writable for the user"), "{said}");
}
