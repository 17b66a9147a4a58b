//! `tests/cases/*/`: a supergraph, an operation, and the plan as text.
//!
//! Where a case has a `plan.json`, a `plan.apollo.json` or a `plan.dot`, the plan has these forms; where it has
//! `variables.json`, `plan.under.txt` is the plan under these variables.
//!
//! `UPDATE=1 cargo nextest run -p planner golden` writes the plans.

use std::fs;
use std::path::Path;

use crate::graph;

#[test]
fn plans_are_as_reviewed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let update = std::env::var_os("UPDATE").is_some();
    let mut folders: Vec<_> = fs::read_dir(&root)
        .expect("the cases are there")
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    folders.sort();
    assert!(!folders.is_empty());
    let mut stale = Vec::new();
    for folder in folders {
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
        let graph = graph::parse(&read("supergraph.graphql"));
        let plan = graph::plan(&graph, &read("operation.graphql"))
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut forms = vec![
            ("plan.txt", plan.to_text()),
            ("plan.apollo.json", format!("{:#}\n", plan.to_apollo())),
            ("plan.json", format!("{:#}\n", plan.to_json())),
            ("plan.dot", plan.to_dot()),
        ];
        if let Ok(variables) = serde_json::from_str(&read("variables.json")) {
            forms.push(("plan.under.txt", plan.under(&variables).to_text()));
        }
        // Every case has the first form; others where they show something.
        for (name, text) in forms {
            if name != "plan.txt" && !folder.join(name).is_file() {
                continue;
            }
            if update {
                fs::write(folder.join(name), text).expect("the case can be written");
            } else if read(name) != text {
                stale.push(format!("{} {name}\n{text}", folder.display()));
            }
        }
    }
    assert!(
        stale.is_empty(),
        "plans have changed:\n{}",
        stale.join("\n")
    );
}

#[test]
fn equal_input_gives_equal_output() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/siblings_travel_together");
    let read = |name: &str| fs::read_to_string(root.join(name)).expect("the case is there");
    let (types, operation) = (read("supergraph.graphql"), read("operation.graphql"));
    let json = || {
        let graph = graph::parse(&types);
        graph::plan(&graph, &operation)
            .expect("it can be planned")
            .to_json()
            .to_string()
    };
    let first = json();
    for _ in 0..8 {
        assert_eq!(json(), first);
    }
}
