//! The licences, bans and sources of all dependencies, as `deny.toml` states them. cargo-deny reads the same file.

use std::collections::BTreeMap;

use cargo_metadata::{Metadata, MetadataCommand, Package};
use muticket_tidy::{assert_none, root};
use serde::Deserialize;
use spdx::{Expression, ParseMode};

#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    name: String,
    /// The only packages that may depend on it.
    #[serde(default)]
    wrappers: Vec<String>,
}

fn deny() -> Deny {
    let text = std::fs::read_to_string(root().join("deny.toml")).expect("the file is there");
    toml::from_str(&text).expect("it has the form that cargo-deny reads")
}

fn metadata() -> Metadata {
    let features = cargo_metadata::CargoOpt::AllFeatures;
    MetadataCommand::new().manifest_path(root().join("Cargo.toml")).features(features).exec().expect("Cargo knows its packages")
}

/// Whether the licence of the package lets us use it; the reason if not.
fn licence(package: &Package, licenses: &Licenses) -> Result<(), String> {
    let text = package.license.as_deref().ok_or("it states none")?;
    let expression = Expression::parse_mode(text, ParseMode::LAX).map_err(|error| error.to_string())?;
    let exceptions = licenses.exceptions.iter().filter(|exception| exception.name == package.name.as_str());
    let allowed: Vec<&String> = licenses.allow.iter().chain(exceptions.flat_map(|exception| &exception.allow)).collect();
    let is_allowed = expression.evaluate(|asked| allowed.iter().any(|licence| **licence == asked.to_string()));
    if is_allowed { Ok(()) } else { Err(text.to_owned()) }
}

#[test]
fn every_licence_is_allowed() {
    let licenses = deny().licenses;
    let refused = |package: &Package| licence(package, &licenses).err().map(|reason| format!("{}: {reason}", package.id));
    let refused: Vec<_> = metadata().packages.iter().filter_map(refused).collect();
    assert_none("a licence that deny.toml does not allow", &refused);
}

#[test]
fn only_those_depend_on_a_banned_crate_that_may() {
    let bans: BTreeMap<_, _> = deny().bans.deny.into_iter().map(|ban| (ban.name, ban.wrappers)).collect();
    let metadata = metadata();
    let names: BTreeMap<_, _> = metadata.packages.iter().map(|package| (&package.id, package.name.as_str())).collect();
    let mut offences = Vec::new();
    for node in metadata.resolve.iter().flat_map(|resolve| &resolve.nodes) {
        let user = names[&node.id];
        let is_banned = |name: &&str| bans.get(*name).is_some_and(|wrappers| !wrappers.iter().any(|wrapper| wrapper == user));
        let banned = node.deps.iter().map(|dep| names[&dep.pkg]).filter(is_banned);
        offences.extend(banned.map(|name| format!("{user} -> {name}")));
    }
    assert_none("a dependency that deny.toml bans", &offences);
}

#[test]
fn every_dependency_comes_from_the_registry_in_a_version_that_is_named() {
    let metadata = metadata();
    let is_ours = |package: &Package| metadata.workspace_members.contains(&package.id);
    let stray = metadata.packages.iter().filter(|package| match &package.source {
        Some(source) => !source.is_crates_io(),
        None => !is_ours(package),
    });
    let any_version = metadata.workspace_packages().into_iter().flat_map(|package| {
        let wild = package.dependencies.iter().filter(|dep| dep.path.is_none() && dep.req.to_string() == "*");
        wild.map(move |dep| format!("{} takes any version of {}", package.name, dep.name))
    });
    let offences: Vec<_> = stray.map(|package| format!("{} has another source", package.id)).chain(any_version).collect();
    assert_none("a dependency that deny.toml does not allow", &offences);
}
