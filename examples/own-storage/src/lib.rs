#![doc = include_str!("../README.md")]

mod file;
mod storage;

pub use crate::file::FileError;
pub use crate::storage::JsonStorage;
