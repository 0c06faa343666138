//! Which crates and modules may depend on which.

use cargo_metadata::MetadataCommand;
use muticket_tidy::{assert_none, files, root};

/// Examples and tests may use all crates. rocket and axum use web, and web, diesel, inbound, conformance and world use the core.
/// Otherwise none uses another. The core and the pictures use no other crate, and only web uses the pictures.
///
/// The example of a storage is written as by an outside author, who uses only the core.
#[test]
fn crates_know_only_those_below_them() {
    let allowed: [(&str, &[&str]); 10] = [
        ("muticket-axum", &["muticket-core", "muticket-web"]),
        ("muticket-core", &[]),
        ("muticket-diesel", &["muticket-core"]),
        ("muticket-inbound", &["muticket-core"]),
        ("muticket-pictures", &[]),
        ("muticket-rocket", &["muticket-core", "muticket-web"]),
        ("muticket-web", &["muticket-core", "muticket-pictures"]),
        ("muticket-conformance", &["muticket-core"]),
        ("muticket-world", &["muticket-core"]),
        ("own-storage", &["muticket-core"]),
    ];
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap();
    let mut offences = Vec::new();
    for (name, below) in allowed {
        let package = metadata.packages.iter().find(|package| package.name.as_str() == name).unwrap();
        for dependency in &package.dependencies {
            let ours = metadata.packages.iter().any(|package| package.name.as_str() == dependency.name);
            let for_tests = dependency.kind == cargo_metadata::DependencyKind::Development;
            if ours && !for_tests && !below.contains(&dependency.name.as_str()) {
                offences.push(format!("{name} -> {}", dependency.name));
            }
        }
    }
    assert_none("an arrow runs the wrong way", &offences);
}

/// A site that uses the rules with its own storage pays for nothing else.
#[test]
fn the_core_without_features_brings_no_runtime_no_web_no_sql_and_no_tls() {
    let cargo = std::process::Command::new(env!("CARGO"))
        .args(["tree", "--package", "muticket-core", "--edges", "normal", "--prefix", "none", "--format", "{p}", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
    let tree = String::from_utf8(cargo.stdout).unwrap();
    let unwanted = [
        "tokio",
        "rocket",
        "axum",
        "hyper",
        "diesel",
        "libsqlite3-sys",
        "rustls",
        "ring",
        "openssl",
        "minijinja",
        "image",
        "object_store",
    ];
    let found = tree.lines().filter(|line| unwanted.contains(&line.split(' ').next().unwrap_or_default()));
    assert_none("the core brings more than the rules need", &found.map(str::to_owned).collect::<Vec<_>>());
}

/// Rules take and return values. They use no port, no door and no use case.
#[test]
fn the_rules_of_the_core_are_pure() {
    let pure = [
        "ticket/",
        "routing.rs",
        "rating.rs",
        "access.rs",
        "viewer.rs",
        "user.rs",
        "refusal.rs",
        "problem.rs",
        "supporter.rs",
        "category.rs",
        "settings.rs",
        "history.rs",
        "language.rs",
    ];
    let impure = [
        "crate::storage",
        "crate::host::",
        "crate::helpdesk",
        "crate::portal",
        "crate::desk",
        "crate::backend",
        "crate::mail",
        "crate::courier",
    ];
    let is_rule =
        |path: &str| path.strip_prefix("muticket-core/src/").is_some_and(|path| pure.iter().any(|rule| path.starts_with(rule)));
    let mut offences = Vec::new();
    for file in files("rs").into_iter().filter(|file| is_rule(&file.path)) {
        let code = file.code();
        offences.extend(impure.iter().filter(|room| code.contains(**room)).map(|room| format!("{} knows {room}", file.path)));
        if code.contains("async ") || code.contains("&dyn ") {
            offences.push(format!("{} waits, or asks an object", file.path));
        }
    }
    assert_none("a rule is not pure", &offences);
}

/// A door writes notifications into the outbox. Only the courier knows how letters are sent.
#[test]
fn no_door_knows_the_mailer() {
    let doors = ["portal/", "desk/", "backend/", "draft.rs", "situation.rs", "conversation.rs", "overview.rs", "upload.rs"];
    // These doors read addresses: a letter that came in, and an address that is assigned to a user.
    let exempt = [
        "muticket-core/src/backend/incoming.rs",
        "muticket-core/src/backend/received.rs",
        "muticket-core/src/backend/senders.rs",
    ];
    let is_door = |path: &str| {
        let inside = path.strip_prefix("muticket-core/src/").filter(|_| !exempt.contains(&path));
        inside.is_some_and(|path| doors.iter().any(|door| path.starts_with(door)))
    };
    let knows = |code: &str| ["crate::mail::", "crate::courier", "Mailer"].iter().any(|name| code.contains(name));
    let offences: Vec<_> =
        files("rs").into_iter().filter(|file| is_door(&file.path) && knows(&file.code())).map(|file| file.path).collect();
    assert_none("a door knows the mailer", &offences);
}

/// A storage stores rows and decides nothing.
#[test]
fn no_storage_knows_a_rule() {
    let storages = ["muticket-diesel/src/", "muticket-core/src/storage/"];
    let is_storage = |path: &str| storages.iter().any(|storage| path.starts_with(storage));
    let rules = ["access::allows", "routing::", "may_rate", "Visitor"];
    let knows = |code: &str| rules.iter().any(|rule| code.contains(rule));
    let offences: Vec<_> =
        files("rs").into_iter().filter(|file| is_storage(&file.path) && knows(&file.code())).map(|file| file.path).collect();
    assert_none("a storage knows a rule", &offences);
}
