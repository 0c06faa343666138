//! What customers do, one verb a file.
