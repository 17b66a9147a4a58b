//! Hostile documents end in an error at once.

use std::fmt::Write;
use std::time::{Duration, Instant};

use kit::precheck::{Refusal, parse};
use kit::testing::gateway::viewer;
use kit::{demo, viewer::Caller};
use serde_json::json;

use crate::notes::{Asked, open};

/// Far more than a refusal takes, far less than what it prevents.
const AT_ONCE: Duration = Duration::from_millis(500);

/// Fragments of which each spreads the next twice.
fn doubling(fragments: usize) -> String {
    let mut text = "{ ...F0 ...F0 }".to_owned();
    for number in 0..fragments {
        let next = number + 1;
        write!(
            text,
            " fragment F{number} on Query {{ ...F{next} ...F{next} }}"
        )
        .expect("a String takes every write");
    }
    write!(text, " fragment F{fragments} on Query {{ motto }}")
        .expect("a String takes every write");
    text
}

#[track_caller]
fn too_complex(text: &str) {
    let start = Instant::now();
    let parsed = parse(text);
    assert!(
        matches!(parsed, Err(Refusal::TooComplex(_) | Refusal::Cycle(_))),
        "{:?}",
        parsed.err()
    );
    assert!(start.elapsed() < AT_ONCE, "{:?}", start.elapsed());
}

#[test]
fn fragments_that_double_are_refused() {
    too_complex(&doubling(24));
    too_complex(&doubling(45));
}

#[test]
fn fragments_that_contain_themselves_are_refused() {
    too_complex("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }");
    too_complex("{ motto } fragment A on Query { a { ...A } }");
}

#[test]
fn deep_documents_are_refused_before_anything_recurses() {
    too_complex(&"{a".repeat(10_000));
    too_complex(&format!("{{ a(b: {}", "[".repeat(50_000)));
    too_complex(&format!("{{ a(b: {}", "{a:".repeat(30_000)));
    let mut chain = "{ ...F0 }".to_owned();
    for number in 0..2_000 {
        write!(
            chain,
            " fragment F{number} on Query {{ ...F{} }}",
            number + 1
        )
        .unwrap();
    }
    too_complex(&chain);
}

#[test]
fn wide_documents_are_refused() {
    let aliases: String = (0..501).map(|number| format!("a{number}:motto ")).collect();
    too_complex(&format!("{{ {aliases} }}"));
    too_complex(&"a ".repeat(20_000));
    too_complex(&" ".repeat(200_000));
}

#[test]
fn what_clients_write_is_parsed() {
    assert!(parse("query A($a: [Int!] = [1]) { motto } query B { motto }").is_ok());
    assert!(parse("{ a(text: \"{[(\\\"\", block: \"\"\"{{{ \\\"\"\" [\"\"\") } # {{{").is_ok());
    assert!(parse(&doubling(7)).is_ok());
    let deep = format!("{}a{}", "{a".repeat(40), "}".repeat(40));
    assert!(parse(&deep).is_ok());
    assert!(matches!(parse("{ a("), Err(Refusal::Syntax { .. })));
    assert!(matches!(
        parse("{ a(b: \"open) }"),
        Err(Refusal::Syntax { .. })
    ));
    assert!(matches!(parse(""), Err(Refusal::Syntax { .. })));
}

#[test]
fn what_is_allowed_is_parsed_in_linear_time() {
    // The parser itself must not double its work at each level.
    for open in ["[", "{a:"] {
        let close = if open == "[" { "]" } else { "}" };
        let value = format!("{}1{}", open.repeat(45), close.repeat(45));
        let start = Instant::now();
        assert!(parse(&format!("{{ a(b: {value}) }}")).is_ok());
        assert!(start.elapsed() < AT_ONCE, "{:?}", start.elapsed());
    }
}

#[tokio::test]
async fn a_subgraph_refuses_them_with_a_code() {
    let (_service, gateway) = open(&Asked::default());
    for caller in [
        Caller::Anonymous,
        viewer(demo::TENANT, demo::USER_OWNER, &["notes:read"]),
    ] {
        let start = Instant::now();
        let answer = gateway.json(&caller, &doubling(30), json!({})).await;
        assert!(start.elapsed() < AT_ONCE);
        let code = &answer["errors"][0]["extensions"]["code"];
        assert_eq!(code, "DOCUMENT_TOO_COMPLEX");
    }
}

#[tokio::test]
async fn the_largest_allowed_document_is_validated_soon() {
    let (_service, gateway) = open(&Asked::default());
    let start = Instant::now();
    let answer = gateway
        .json(&Caller::Anonymous, &doubling(7), json!({}))
        .await;
    assert_eq!(answer["data"]["motto"], "write it down");
    // A debug build on a busy machine.
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
}
