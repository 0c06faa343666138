//! The migrations are embedded by a macro that does not notice new folders.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
