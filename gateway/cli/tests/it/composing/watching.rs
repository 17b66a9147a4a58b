//! `--watch`: composed again when something changes.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{CONFIG, MISTAKEN, folder, serve};

#[test]
fn a_watched_file_is_composed_again_when_it_changes() {
    let folder = folder(&[("tenon.yaml", CONFIG), ("shop.graphql", MISTAKEN)]);
    let mut program = Command::new(env!("CARGO_BIN_EXE_tenon"))
        .current_dir(folder.path())
        .args(["compose", "--watch", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut out = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut err = BufReader::new(program.stderr.take().unwrap()).lines();
    let mut report = || serde_json::from_str::<Value>(&out.next().unwrap().unwrap()).unwrap();
    assert_eq!(report()["ok"], false);
    let mended = MISTAKEN.replace("(locale: String)", "");
    std::fs::write(folder.path().join("shop.graphql"), mended).unwrap();
    assert_eq!(report()["ok"], true);
    assert_eq!(err.next().unwrap().unwrap(), "changed: shop.graphql");
    assert_eq!(err.next().unwrap().unwrap(), "composed 1 subgraph");
    program.kill().unwrap();
    program.wait().unwrap();
}

#[test]
fn a_watched_server_is_asked_again() {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let url = serve(move |_| {
        let count = asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let field = if count == 0 { "before" } else { "after" };
        json!({ "data": { "_service": { "sdl": format!("type Query {{ {field}: Int }}") } } })
    });
    let config = format!("subgraphs: {{ it: {{ url: '{url}', schema: {{ introspect: true }} }} }}");
    let folder = folder(&[("tenon.yaml", &config)]);
    let mut program = Command::new(env!("CARGO_BIN_EXE_tenon"))
        .current_dir(folder.path())
        .args(["compose", "--watch", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut out = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut err = BufReader::new(program.stderr.take().unwrap()).lines();
    assert!(out.next().unwrap().unwrap().contains("before: Int"));
    assert!(out.next().unwrap().unwrap().contains("after: Int"));
    assert_eq!(err.next().unwrap().unwrap(), "composed 1 subgraph");
    assert_eq!(err.next().unwrap().unwrap(), "changed: the schema of it");
    program.kill().unwrap();
    program.wait().unwrap();
}

#[test]
fn a_watched_file_may_be_missing_at_first() {
    let folder = folder(&[("tenon.yaml", CONFIG)]);
    let mut program = Command::new(env!("CARGO_BIN_EXE_tenon"))
        .current_dir(folder.path())
        .args(["compose", "--watch", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut out = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut err = BufReader::new(program.stderr.take().unwrap()).lines();
    let failed = err.next().unwrap().unwrap();
    assert!(failed.contains("shop.graphql"), "{failed}");
    let told = out.next().unwrap().unwrap();
    assert!(told.starts_with(r#"{"ok":false,"#), "{told}");
    std::fs::write(folder.path().join("shop.graphql"), "type Query { a: Int }").unwrap();
    assert!(out.next().unwrap().unwrap().contains("a: Int"));
    program.kill().unwrap();
    program.wait().unwrap();
}
