//! Tests of the file itself, which the contract does not cover.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use muticket_core::storage::{Storage, StorageError, StorageFault};
use own_storage::{FileError, JsonStorage};
use tempfile::TempDir;

fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("tickets.json");
    (folder, path)
}

async fn keep(storage: &dyn Storage, name: &'static str) -> Result<(), StorageError> {
    storage.run_write(move |unit| unit.secrets().insert(name, &[7; 32])).await
}

async fn is_kept(storage: &dyn Storage, name: &'static str) -> bool {
    let found: Result<_, StorageError> = storage.run_read(move |unit| unit.secrets().find(name)).await;
    found.unwrap().is_some()
}

#[tokio::test]
async fn what_was_stored_is_there_after_opening_again() {
    let (_folder, path) = folder();
    keep(&JsonStorage::open(&path).unwrap(), "first").await.unwrap();
    keep(&JsonStorage::open(&path).unwrap(), "second").await.unwrap();
    let storage = JsonStorage::open(&path).unwrap();
    assert!(is_kept(&storage, "first").await && is_kept(&storage, "second").await);
}

#[tokio::test]
async fn what_a_crash_left_half_written_does_no_harm() {
    let (folder, path) = folder();
    keep(&JsonStorage::open(&path).unwrap(), "before").await.unwrap();
    let whole = fs::read(&path).unwrap();
    fs::write(folder.path().join("tickets.json.new"), &whole[..whole.len() / 2]).unwrap();

    let storage = JsonStorage::open(&path).unwrap();
    assert!(is_kept(&storage, "before").await);
    keep(&storage, "after").await.unwrap();
    drop(storage);
    let storage = JsonStorage::open(&path).unwrap();
    assert!(is_kept(&storage, "before").await && is_kept(&storage, "after").await);
}

#[tokio::test]
async fn a_unit_that_cannot_be_written_leaves_nothing() {
    let (folder, path) = folder();
    let storage = JsonStorage::open(&path).unwrap();
    let in_the_way = folder.path().join("tickets.json.new");
    fs::create_dir(&in_the_way).unwrap();
    let error = keep(&storage, "lost").await.unwrap_err();
    assert!(matches!(error, StorageError::Failed { kind: StorageFault::Other, .. }));
    assert!(error.source().unwrap().to_string().contains("tickets.json"));
    assert!(!is_kept(&storage, "lost").await);

    fs::remove_dir(&in_the_way).unwrap();
    keep(&storage, "kept").await.unwrap();
    assert!(is_kept(&storage, "kept").await);
}

#[tokio::test]
async fn a_damaged_file_is_refused_by_its_name_and_left_as_it_is() {
    let (_folder, path) = folder();
    assert!(story(&path).status.success());
    let whole = fs::read_to_string(&path).unwrap();
    let half = &whole[..whole.len() / 2];
    let impossible = whole.replace("\"number\":1,", "\"number\":0,");
    for damaged in ["", "{}", "[1]", "\u{0}\u{0}", half, &impossible] {
        fs::write(&path, damaged).unwrap();
        let error = JsonStorage::open(&path).err().unwrap();
        assert!(matches!(error, FileError::Damaged { .. }), "{error:?}");
        assert!(error.to_string().contains("tickets.json"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), damaged);
    }
    assert_ne!(impossible, whole);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let (folder, _) = folder();
    let error = JsonStorage::open(folder.path().join("nowhere/tickets.json")).err().unwrap();
    assert!(matches!(error, FileError::Refused { .. }));
    assert!(error.to_string().contains("nowhere"), "{error}");
}

#[test]
fn a_second_process_is_refused_until_the_first_has_ended() {
    let (_folder, path) = folder();
    let storage = JsonStorage::open(&path).unwrap();
    assert!(matches!(JsonStorage::open(&path), Err(FileError::InUse(_))));
    let refused = story(&path);
    assert!(!refused.status.success());
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("tickets.json is in use"), "{said}");
    drop(storage);
    assert!(story(&path).status.success());
}

#[test]
fn the_story_goes_on_where_it_ended() {
    let (_folder, path) = folder();
    let tickets = |told: Output| {
        let told = String::from_utf8(told.stdout).unwrap();
        told.lines().filter_map(|line| line.split_once(" The printer")).map(|(number, _)| number.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(tickets(story(&path)), ["#1"]);
    assert_eq!(tickets(story(&path)), ["#2", "#1"]);
}

/// Runs the program of this example.
fn story(path: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_own-storage")).arg(path).output().unwrap()
}
