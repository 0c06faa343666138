//! The reference implementation: everything in memory, for tests and examples.

/// Keeps everything in memory.
#[derive(Debug, Default)]
pub struct MemoryStorage {}
