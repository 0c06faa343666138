//! The oldest Rust version that the project compiles with. It is set in one place.

use cargo_metadata::MetadataCommand;
use muticket_tidy::{assert_none, root};

/// No dependency needs a newer Rust than the project states. Clippy checks the project's own code (`incompatible_msrv`).
#[test]
fn no_dependency_needs_a_newer_rust_than_we_say() {
    let mut command = MetadataCommand::new();
    command.manifest_path(root().join("Cargo.toml")).other_options(["--all-features", "--locked"].map(str::to_owned));
    let metadata = command.exec().unwrap();
    let ours = metadata.packages.iter().find(|package| package.name.as_str() == "muticket-core").unwrap();
    let ours = ours.rust_version.clone().expect("it stands in Cargo.toml");
    let newer = metadata.packages.iter().filter_map(|package| {
        let needed = package.rust_version.as_ref().filter(|needed| **needed > ours)?;
        Some(format!(
            "{} {} needs {needed}, and `rust-version` is {ours}: `cargo update -p {} --precise` an older one",
            package.name, package.version, package.name
        ))
    });
    assert_none("a dependency needs a newer Rust", &newer.collect::<Vec<_>>());
}

/// The lint that checks this is on for every crate.
#[test]
fn clippy_looks_after_it() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let manifest = read("Cargo.toml");
    assert!(manifest.contains("\nincompatible_msrv = \"warn\"\n"));
    assert!(read(".ci/run").contains("cargo clippy --workspace --all-targets --all-features -- --deny warnings"));
    let members = manifest.split("members = [").nth(1).and_then(|rest| rest.split(']').next()).unwrap();
    let silent = members.split('"').skip(1).step_by(2).filter(|member| {
        let own = read(&format!("{member}/Cargo.toml"));
        !own.contains("rust-version.workspace = true") || !own.contains("[lints]\nworkspace = true")
    });
    assert_none("a crate does not say which Rust it needs", &silent.map(str::to_owned).collect::<Vec<_>>());
}
