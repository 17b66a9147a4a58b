//! Documents that were written to hurt.

use std::fmt::Write;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::graph::{Graph, post, send};

/// Every hostile document is answered with this code, and at once: the time is that of a debug
/// build on a busy machine.
async fn check(document: &str, code: &str) {
    let router = Graph::new().router();
    let before = Instant::now();
    let answer = send(&router, post(&json!({ "query": document }), &[])).await;
    let elapsed = before.elapsed();
    assert_eq!(
        answer.code(),
        code,
        "{}",
        &answer.text[..answer.text.len().min(300)]
    );
    assert!(elapsed < Duration::from_secs(2), "took {elapsed:?}");
    assert!(
        answer.text.len() < 10_000,
        "the answer is as long as the question"
    );
}

#[tokio::test]
async fn doubling_fragments() {
    let mut document = String::from("{ ...f0 }");
    for n in 0..28 {
        write!(document, "fragment f{n} on Query{{...f{0} ...f{0}}}", n + 1).unwrap();
    }
    document.push_str("fragment f28 on Query{__typename}");
    assert!(document.len() < 1_200);
    check(&document, "DOCUMENT_TOO_COMPLEX").await;
}

#[tokio::test]
async fn many_aliases() {
    let aliases: String = (0..5_000).map(|n| format!("a{n}:__typename ")).collect();
    check(&format!("{{ {aliases} }}"), "DOCUMENT_TOO_COMPLEX").await;
    check(
        &format!("{{ products {{ {aliases} }} }}"),
        "DOCUMENT_TOO_COMPLEX",
    )
    .await;
}

#[tokio::test]
async fn deep_nesting() {
    let deep = format!("{}id{}", "{ products ".repeat(500), "}".repeat(500));
    check(&deep, "DOCUMENT_TOO_COMPLEX").await;
    let lists = format!(
        "{{ product(id: {}1{}) {{ id }} }}",
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    check(&lists, "DOCUMENT_TOO_COMPLEX").await;
    check(&"{".repeat(50_000), "DOCUMENT_TOO_COMPLEX").await;
}

#[tokio::test]
async fn many_tokens() {
    check(&"{a}".repeat(20_000), "DOCUMENT_TOO_COMPLEX").await;
    check(&"#\n".repeat(60_000), "DOCUMENT_TOO_COMPLEX").await;
}

#[tokio::test]
async fn cycles_of_fragments() {
    check(
        "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
        "GRAPHQL_VALIDATION_FAILED",
    )
    .await;
}

#[tokio::test]
async fn many_errors_are_not_all_listed() {
    let fields: String = (0..150).map(|n| format!("nothing{n} ")).collect();
    check(&format!("{{ {fields} }}"), "GRAPHQL_VALIDATION_FAILED").await;
}

#[tokio::test]
async fn fields_that_must_be_compared_with_each_other() {
    let selections = "products { id } ".repeat(190);
    let document = format!("{{ {selections} nothing }}");
    check(&document, "GRAPHQL_VALIDATION_FAILED").await;
    let inline = "...on Query { products { id name } } ".repeat(1_500);
    check(&format!("{{ {inline} }}"), "DOCUMENT_TOO_COMPLEX").await;
}
