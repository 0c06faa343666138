//! The rules of this repository, each as a test. `skipped` is a program of its own, because it must run last.

mod absent;
mod arrows;
mod circles;
mod compilers;
mod dependencies;
mod ids;
mod quotes;
mod shape;
