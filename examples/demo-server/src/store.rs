//! Where the demo stores its data, and how `--fresh` deletes it: only what the demo itself has made.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::options::Options;

/// The places that the options choose.
pub(crate) struct Places {
    /// The file of the database; `None` if it is on a server.
    file: Option<PathBuf>,
    /// The folder for attachments.
    pub(crate) uploads: PathBuf,
}

/// Why `--fresh` did not delete the data.
#[derive(Debug, thiserror::Error)]
pub enum FreshError {
    /// The database is on a server.
    #[error("`--fresh` only deletes SQLite files: empty the database on the server yourself")]
    NotAFile,
    /// The file may hold real data.
    #[error("`--fresh` deletes only databases whose names begin with muticket-demo: delete {} yourself", .0.display())]
    ForeignName(PathBuf),
    /// The file is not a SQLite database.
    #[error("`--fresh` does not delete {}: it is not a SQLite database", .0.display())]
    NotADatabase(PathBuf),
    /// The operating system refused to delete it.
    #[error("{} cannot be deleted", .0.display())]
    Refused(PathBuf, #[source] io::Error),
}

impl Places {
    pub(crate) fn of(options: &Options) -> Self {
        let database = options.database.as_str();
        let file = match database.strip_prefix("sqlite:") {
            Some(path) => Some(path.strip_prefix("//").unwrap_or(path)),
            None => Some(database).filter(|text| !text.contains("://")),
        };
        let file = file.map(PathBuf::from);
        let beside = || match &file {
            Some(file) => {
                let stem = file.file_stem().unwrap_or_default().to_string_lossy();
                file.with_file_name(format!("{stem}-uploads"))
            }
            None => PathBuf::from("muticket-demo-uploads"),
        };
        Self { uploads: options.uploads.clone().unwrap_or_else(beside), file }
    }

    /// Deletes the database and the attachments if they belong to the demo.
    pub(crate) fn clear(&self) -> Result<(), FreshError> {
        let file = self.file.as_ref().ok_or(FreshError::NotAFile)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if !name.starts_with("muticket-demo") {
            return Err(FreshError::ForeignName(file.clone()));
        }
        if is_something_else(file).map_err(|error| FreshError::Refused(file.clone(), error))? {
            return Err(FreshError::NotADatabase(file.clone()));
        }
        // Delete the log before the database: a log left alone would be applied to the next database.
        for ending in ["-shm", "-wal", ""] {
            let path = file.with_file_name(format!("{name}{ending}"));
            absent_is_fine(fs::remove_file(&path)).map_err(|error| FreshError::Refused(path, error))?;
        }
        clear_uploads(&self.uploads).map_err(|error| FreshError::Refused(self.uploads.clone(), error))
    }
}

/// Whether the file exists and was not written by SQLite. An empty file may be SQLite's.
fn is_something_else(file: &Path) -> io::Result<bool> {
    const MAGIC: &[u8] = b"SQLite format 3\0";
    let mut head = Vec::new();
    match fs::File::open(file) {
        Ok(file) => file.take(MAGIC.len() as u64).read_to_end(&mut head)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    Ok(!head.is_empty() && head != MAGIC)
}

/// Deletes files with the names of attachments, such as `4f/0123...4f`. Other files in the folder stay.
fn clear_uploads(folder: &Path) -> io::Result<()> {
    let hex = |name: &str| name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let is_shelf = |name: &str| name.len() == 2 && hex(name);
    let is_blob = |name: &str| {
        let key = name.strip_suffix("-small").unwrap_or(name);
        key.len() == 32 && hex(key)
    };
    for (shelf, kind) in entries(folder, is_shelf)? {
        if kind.is_dir() {
            for (blob, kind) in entries(&shelf, is_blob)? {
                if kind.is_file() {
                    fs::remove_file(blob)?;
                }
            }
            remove_if_empty(&shelf)?;
        }
    }
    remove_if_empty(folder)
}

/// The entries of the folder whose names are wanted. Symbolic links are not followed.
fn entries(folder: &Path, wanted: impl Fn(&str) -> bool) -> io::Result<Vec<(PathBuf, fs::FileType)>> {
    let mut found = Vec::new();
    let listed = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        listed => listed?,
    };
    for entry in listed {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(&wanted) {
            found.push((entry.path(), entry.file_type()?));
        }
    }
    Ok(found)
}

fn remove_if_empty(folder: &Path) -> io::Result<()> {
    match fs::remove_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
        removed => absent_is_fine(removed),
    }
}

fn absent_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(database: &Path) -> Places {
        Places::of(&Options { database: database.display().to_string(), ..Options::default() })
    }

    #[test]
    fn uploads_lie_beside_the_database() {
        let of = |database: &str| Places::of(&Options { database: database.to_owned(), ..Options::default() }).uploads;
        assert_eq!(of("sqlite:muticket-demo.sqlite"), Path::new("muticket-demo-uploads"));
        assert_eq!(of("sqlite:///data/shop.db"), Path::new("/data/shop-uploads"));
        assert_eq!(of("postgres://u:p@h/d"), Path::new("muticket-demo-uploads"));
    }

    #[test]
    fn starting_over_takes_the_demos_files_and_leaves_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let key = "0123456789abcdef0123456789abcdef";
        fs::create_dir_all(at("muticket-demo-uploads/ef")).unwrap();
        fs::create_dir_all(at("muticket-demo-uploads/holiday")).unwrap();
        for gone in ["muticket-demo.sqlite-wal", "muticket-demo.sqlite-shm", &format!("muticket-demo-uploads/ef/{key}-small")] {
            fs::write(at(gone), "x").unwrap();
        }
        fs::write(at("muticket-demo.sqlite"), b"SQLite format 3\0 and so on").unwrap();
        for kept in ["muticket-demo-uploads/holiday/photo.jpg", "muticket-demo-uploads/ef/notes.txt", "shop.sqlite"] {
            fs::create_dir_all(at(kept).parent().unwrap()).unwrap();
            fs::write(at(kept), "x").unwrap();
        }
        places(&at("muticket-demo.sqlite")).clear().unwrap();
        let mut left: Vec<_> = walk(folder.path()).iter().map(|p| p.strip_prefix(folder.path()).unwrap().to_owned()).collect();
        left.sort();
        let kept = ["muticket-demo-uploads/ef/notes.txt", "muticket-demo-uploads/holiday/photo.jpg", "shop.sqlite"];
        assert_eq!(left, kept.map(PathBuf::from));
    }

    #[test]
    fn nothing_to_delete_is_fine() {
        let folder = tempfile::tempdir().unwrap();
        places(&folder.path().join("muticket-demo.sqlite")).clear().unwrap();
    }

    #[test]
    fn files_of_others_are_not_deleted() {
        let folder = tempfile::tempdir().unwrap();
        for (name, expected) in
            [("shop.sqlite", "names begin with muticket-demo"), ("muticket-demo-thesis.odt", "not a SQLite database")]
        {
            let file = folder.path().join(name);
            fs::write(&file, "years of work").unwrap();
            let error = places(&file).clear().unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
            assert!(file.exists());
        }
        let server = Options { database: "postgres://u@h/d".to_owned(), ..Options::default() };
        assert!(matches!(Places::of(&server).clear(), Err(FreshError::NotAFile)));
    }

    fn walk(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
    }
}
