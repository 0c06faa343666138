//! The file: opened by one process at a time, and replaced as a whole.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use muticket_core::storage::{StorageError, StorageFault};

use crate::unit::Tables;

/// The file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// Another process has it open, or another storage in this one.
    #[error("{} is in use by another process", .0.display())]
    InUse(PathBuf),
    /// It holds something else, or only a part of what was there. It is left as it is.
    #[error("{} is damaged, or contains no tickets: restore a copy, or choose another file", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        #[source]
        cause: serde_json::Error,
    },
    /// The system does not let us read or write it, or the files beside it.
    #[error("{} cannot be read or written", .path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
}

/// The file, ours alone.
pub(crate) struct StateFile {
    path: PathBuf,
    _lock: Lock,
}

impl StateFile {
    /// Locks the file and reads it.
    pub(crate) fn open(path: &Path) -> Result<(Self, Tables), FileError> {
        let refused = |cause| FileError::Refused { path: path.to_owned(), cause };
        let lock = Lock::take(&beside(path, ".lock")).map_err(|error| match error {
            TryLockError::WouldBlock => FileError::InUse(path.to_owned()),
            TryLockError::Error(cause) => refused(cause),
        })?;
        let tables = match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|cause| FileError::Damaged { path: path.to_owned(), cause })?,
            Err(cause) if cause.kind() == ErrorKind::NotFound => Tables::default(),
            Err(cause) => return Err(refused(cause)),
        };
        // The working folder may change later.
        let path = std::path::absolute(path).map_err(refused)?;
        Ok((Self { path, _lock: lock }, tables))
    }

    /// Puts a new file in the place of the old one. After a crash there is the one or the other, whole.
    pub(crate) fn replace(&self, tables: &Tables) -> Result<(), StorageError> {
        self.try_replace(tables).map_err(|cause| {
            let kind = match cause.kind() {
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StorageFault::NotWritable,
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StorageFault::NotWritable,
                _ => StorageFault::Other,
            };
            StorageError::fault(kind, FileError::Refused { path: self.path.clone(), cause })
        })
    }

    fn try_replace(&self, tables: &Tables) -> io::Result<()> {
        let new = beside(&self.path, ".new");
        let mut file = File::create(&new)?;
        file.write_all(&serde_json::to_vec(tables)?)?;
        file.sync_all()?;
        fs::rename(&new, &self.path)?;
        // That there is a new file is known to its folder, which is to be kept too; on Windows a folder cannot be opened.
        match self.path.parent() {
            Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
            _ => Ok(()),
        }
    }
}

/// The file of the same name with an ending behind it.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// A file beside ours that is locked as long as this lives, and no longer than the process. Ours will not do: each commit makes a new one.
struct Lock(File);

impl Lock {
    fn take(path: &Path) -> Result<Self, TryLockError> {
        let file = File::options().create(true).append(true).open(path).map_err(TryLockError::Error)?;
        file.try_lock()?;
        Ok(Self(file))
    }
}

impl Drop for Lock {
    /// Closing alone may come too late: a process that this one is just starting has its files open too, for a moment.
    fn drop(&mut self) {
        drop(self.0.unlock());
    }
}
