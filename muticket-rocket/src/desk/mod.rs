//! What supporters do, one verb a file.
