//! The style sheet affects only the module.

use super::*;

/// All rules of the style sheet apply only inside `.muticket`, or to the page that has no host layout around it. Every outer block is one
/// of our layers, and every selector inside one begins with our class.
#[test]
fn no_style_reaches_out_of_the_module() {
    let source = &files("assets", "muticket.css")[0].1;
    let rules: String = source.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, rules)| rules)).collect();
    let mut open: Vec<String> = Vec::new();
    let mut said = String::new();
    for c in rules.chars() {
        match c {
            '{' => {
                let head = std::mem::take(&mut said).trim().to_owned();
                match open.len() {
                    0 => assert!(head.starts_with("@layer muticket."), "{head} is in no layer of ours"),
                    1 => assert!(
                        head.starts_with(".muticket") && !head.split('(').next().unwrap().contains(','),
                        "{head} reaches out"
                    ),
                    _ => assert!(!head.contains(":root") && !head.contains("html"), "{head} reaches out"),
                }
                open.push(head);
            }
            '}' => {
                assert!(open.pop().is_some(), "a brace too many");
                said.clear();
            }
            ';' => {
                let statement = std::mem::take(&mut said);
                assert!(
                    !open.is_empty() || statement.trim().starts_with("@layer muticket."),
                    "{statement} is in no layer of ours"
                );
            }
            other => said.push(other),
        }
    }
    assert!(open.is_empty(), "{open:?} is not closed");
}

/// The layer order that the guide tells hosts to begin with is the order in the style sheet.
#[test]
fn the_guide_says_the_order_of_the_layers() {
    let source = &files("assets", "muticket.css")[0].1;
    let order = source.lines().find(|line| line.starts_with("@layer") && line.ends_with(';')).unwrap();
    let guide = std::fs::read_to_string(folder("../docs/guide/look.md")).unwrap();
    assert!(guide.contains(order), "the guide does not say {order:?}");
}
