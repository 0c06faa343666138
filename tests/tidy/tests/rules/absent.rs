//! Things that must not occur.

use muticket_tidy::{SourceFile, assert_none, files};

/// Files that only tests are compiled with.
const TESTS: [&str; 7] =
    ["/tests.rs", "/testing.rs", "/plans.rs", "/server_plans.rs", "/database/lists.rs", "/database/looked.rs", "/explained.rs"];

/// The library crates, without their tests.
fn library() -> Vec<SourceFile> {
    let is_library = |path: &str| {
        [
            "muticket-core/src/",
            "muticket-diesel/src/",
            "muticket-inbound/src/",
            "muticket-pictures/src/",
            "muticket-web/src/",
            "muticket-rocket/src/",
            "muticket-axum/src/",
        ]
        .iter()
        .any(|folder| path.starts_with(folder))
    };
    // Modules that contain only tests; their parents enable them.
    let is_test = |path: &str| path.contains("/tests/") || TESTS.iter().any(|name| path.ends_with(name));
    files("rs").into_iter().filter(|file| is_library(&file.path) && !is_test(&file.path)).collect()
}

fn offences(files: &[SourceFile], exempt: &[&str], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| !exempt.iter().any(|place| file.path.starts_with(place))) {
        for (number, line) in file.code().lines().enumerate() {
            found.extend(
                words.iter().filter(|word| line.contains(**word)).map(|word| format!("{}:{}: {word}", file.path, number + 1)),
            );
        }
    }
    found
}

#[test]
fn sql_is_only_in_muticket_diesel() {
    let words = ["diesel::", "sql_query", "SELECT ", "INSERT INTO", "DELETE FROM"];
    assert_none("SQL outside muticket-diesel", &offences(&library(), &["muticket-diesel/"], &words));
}

#[test]
fn a_framework_is_only_in_its_adapter() {
    assert_none("Rocket outside muticket-rocket", &offences(&library(), &["muticket-rocket/"], &["rocket::"]));
    assert_none("axum outside muticket-axum", &offences(&library(), &["muticket-axum/"], &["axum::", "hyper::", "tower::"]));
}

#[test]
fn no_time_and_no_chance_but_through_their_ports() {
    let words = ["Utc::now", "SystemTime::now", "Uuid::new_v4", "Uuid::now_v7", "env::var", "thread::sleep"];
    let ports = ["muticket-core/src/clock.rs", "muticket-core/src/id.rs"];
    assert_none("time or chance from elsewhere", &offences(&library(), &ports, &words));
}

#[test]
fn the_core_does_not_log() {
    let core: Vec<_> = library().into_iter().filter(|file| file.path.starts_with("muticket-core/")).collect();
    assert_none("the core logs", &offences(&core, &[], &["tracing::", "log::", "println!", "eprintln!"]));
}

#[test]
fn the_library_leaves_nothing_unfinished_and_does_not_panic_lightly() {
    let words = ["todo!(", "unimplemented!(", "panic!(", ".unwrap()", "dbg!(", "FIXME", "XXX"];
    assert_none("unfinished, or a panic", &offences(&library(), &[], &words));
}

/// A database error must not be reported as "nothing found", because that hides the failure.
#[test]
fn no_error_of_the_database_is_swallowed() {
    let statements: Vec<_> = library().into_iter().filter(|file| file.path.contains("muticket-diesel/src/statements/")).collect();
    assert!(!statements.is_empty(), "the statements have moved");
    let mut found = Vec::new();
    for file in &statements {
        let code = file.code();
        let asks = |part: &&str| {
            [".execute(", ".load(", ".load::", ".first(", ".get_result(", ".get_results("].iter().any(|word| part.contains(word))
        };
        let swallows = |part: &&str| [".ok()", ".unwrap_or"].iter().any(|word| part.contains(word));
        found.extend(code.split(';').filter(asks).filter(swallows).map(|part| format!("{}: {}", file.path, part.trim())));
    }
    assert_none("an error is swallowed", &found);
}

/// Only `dialect` and the modules of the databases may depend on which database it is.
#[test]
fn statements_are_written_once() {
    let statements: Vec<_> = library().into_iter().filter(|file| file.path.contains("muticket-diesel/src/statements/")).collect();
    let words = ["sqlite::", "Sqlite", "pg::", "mysql::", "sql_query", " sql::<", "(sql::<", "cfg(feature"];
    assert_none("a statement knows its database", &offences(&statements, &[], &words));
}

#[test]
fn no_test_is_switched_off() {
    let switched_off = concat!("#[", "ignore");
    let found: Vec<_> = files("rs").into_iter().filter(|file| file.text.contains(switched_off)).map(|file| file.path).collect();
    assert_none("a test is switched off", &found);
}

/// Templates only show their model. The doors decide who may do what.
#[test]
fn no_permission_and_no_inline_code_in_a_template() {
    let mut found = Vec::new();
    for file in files("html").into_iter().filter(|file| file.path.starts_with("muticket-web/templates/")) {
        let text = file.text.to_lowercase();
        for word in [
            "level",
            "group ==",
            "role ==",
            "<style",
            " style=",
            "<script>",
            " onclick",
            " onsubmit",
            " onload",
            "javascript:",
            "http://",
            "https://",
        ] {
            // The badge of a message shows the author's role at that time. It is a fact, not a permission.
            if text.contains(word) {
                found.push(format!("{}: {word}", file.path));
            }
        }
    }
    assert_none("a template decides, or runs code", &found);
}
