//! The file. One process at a time has it open, and each commit replaces it as a whole.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use muticket_core::MemoryStorage;
use muticket_core::storage::{StorageError, StorageFault};

/// The file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// Another process has it open, or another storage in this process.
    #[error("{} is in use by another process", .0.display())]
    InUse(PathBuf),
    /// It holds something else, or is incomplete. The file is left unchanged.
    #[error("{} is damaged, or contains no tickets: restore a copy, or choose another file", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        #[source]
        cause: serde_json::Error,
    },
    /// The operating system does not allow reading or writing the file, or the files beside it.
    #[error("{} cannot be read or written", .path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        #[source]
        cause: io::Error,
    },
}

/// The file, locked for this process.
pub(crate) struct StateFile {
    path: PathBuf,
    _lock: Lock,
}

impl StateFile {
    /// Locks the file and reads it.
    pub(crate) fn open(path: &Path) -> Result<(Self, MemoryStorage), FileError> {
        let refused = |cause| FileError::Refused { path: path.to_owned(), cause };
        let lock = Lock::take(&beside(path, ".lock")).map_err(|error| match error {
            TryLockError::WouldBlock => FileError::InUse(path.to_owned()),
            TryLockError::Error(cause) => refused(cause),
        })?;
        let content = match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|cause| FileError::Damaged { path: path.to_owned(), cause })?,
            Err(cause) if cause.kind() == ErrorKind::NotFound => MemoryStorage::new(),
            Err(cause) => return Err(refused(cause)),
        };
        // The working directory may change later.
        let path = std::path::absolute(path).map_err(refused)?;
        Ok((Self { path, _lock: lock }, content))
    }

    /// Replaces the file with a new one. After a crash, the old or the new file is there, and it is complete.
    pub(crate) fn replace(&self, content: &MemoryStorage) -> Result<(), StorageError> {
        self.try_replace(content).map_err(|cause| {
            let kind = match cause.kind() {
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StorageFault::NotWritable,
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StorageFault::NotWritable,
                _ => StorageFault::Other,
            };
            StorageError::fault(kind, FileError::Refused { path: self.path.clone(), cause })
        })
    }

    fn try_replace(&self, content: &MemoryStorage) -> io::Result<()> {
        let new = beside(&self.path, ".new");
        let mut file = File::create(&new)?;
        file.write_all(&serde_json::to_vec(content)?)?;
        file.sync_all()?;
        fs::rename(&new, &self.path)?;
        // The folder must be synced too, because it records that there is a new file. Windows cannot open a folder.
        match self.path.parent() {
            Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
            _ => Ok(()),
        }
    }
}

/// The path of the file with `ending` appended.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// A lock on a file beside the data file. It is held as long as this value lives, and at most as long as the process. The data file itself
/// cannot be locked, because each commit makes a new one.
struct Lock(File);

impl Lock {
    fn take(path: &Path) -> Result<Self, TryLockError> {
        let file = File::options().create(true).append(true).open(path).map_err(TryLockError::Error)?;
        file.try_lock()?;
        Ok(Self(file))
    }
}

impl Drop for Lock {
    /// Closing the file may unlock too late: a process that is just being started inherits the open file for a moment.
    fn drop(&mut self) {
        drop(self.0.unlock());
    }
}
