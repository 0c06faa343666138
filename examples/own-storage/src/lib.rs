#![doc = include_str!("../README.md")]

mod file;
mod json;
mod storage;
mod unit;

pub use crate::file::FileError;
pub use crate::storage::JsonStorage;
