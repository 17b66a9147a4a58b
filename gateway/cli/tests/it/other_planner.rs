//! Our supergraphs are everybody's: another planner plans on them.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use composition::{Composed, compose, explain};
use serde_json::{Value, json};

use crate::clients;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

/// The graph of the platform, and the example of each rule of composition.
fn supergraphs() -> Vec<(String, String)> {
    let platform = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema/supergraph.graphql");
    let text = std::fs::read_to_string(platform).unwrap();
    let mut all = vec![("platform".to_owned(), text)];
    for code in explain::Published::all() {
        if let Some(example) = explain::explain(code).example
            && let Ok(Composed { supergraph, .. }) = compose(&explain::subgraphs(example.obeys))
        {
            all.push((code.to_string(), supergraph));
        }
    }
    all
}

#[test]
fn another_planner_plans_every_root_field_of_our_supergraphs() {
    if !clients::installed() {
        return;
    }
    let mut planner = Command::new("node")
        .arg("plan.mjs")
        .current_dir(folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node runs");
    let mut questions = planner.stdin.take().unwrap();
    let graphs = supergraphs();
    let count = graphs.len();
    let asking = std::thread::spawn(move || {
        for (name, supergraph) in graphs {
            let question = json!({ "name": name, "supergraph": supergraph });
            writeln!(questions, "{question}").expect("the planner reads");
        }
    });
    let (mut answers, mut plans) = (0, 0);
    for line in BufReader::new(planner.stdout.take().unwrap()).lines() {
        let answer: Value = serde_json::from_str(&line.unwrap()).expect("it prints JSON");
        assert!(answer["error"].is_null(), "{answer}");
        plans += answer["plans"].as_u64().unwrap();
        answers += 1;
    }
    asking.join().unwrap();
    assert!(planner.wait().unwrap().success());
    assert_eq!(answers, count);
    // One for each root field; the platform alone has some forty.
    assert!(plans > 100, "only {plans} plans");
}
