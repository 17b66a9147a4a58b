//! Recorded graphs on which reference composers agree. They stand beside the repository, not in it;
//! where they are absent the test says so and passes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use composition::batch::answer_line;
use serde_json::Value;

/// What was reached; less is a regression.
const VERDICTS: usize = 692;
const CODES: usize = 369;

fn folder() -> PathBuf {
    std::env::var_os("TENON_TEST_CONFORMANCE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"),
        PathBuf::from,
    )
}

fn codes(list: &Value) -> BTreeSet<&str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one.as_str().or_else(|| one["code"].as_str()))
        .collect()
}

#[test]
fn recorded_graphs_get_the_recorded_verdicts_and_codes() {
    let folder = folder().join("composition");
    if !folder.is_dir() {
        eprintln!("SKIPPED: no recorded graphs at {}", folder.display());
        return;
    }
    let (mut verdicts, mut exact, mut wrong) = (0, 0, Vec::new());
    for file in ["guild.json", "cosmo.json", "cosmo-subgraph.json"] {
        let text = fs::read_to_string(folder.join(file)).expect("recorded graphs can be read");
        let cases: Value = serde_json::from_str(&text).expect("recorded graphs are JSON");
        for case in cases.as_array().expect("recorded graphs are a list") {
            let answer: Value =
                serde_json::from_str(&answer_line(&case.to_string())).expect("an answer is JSON");
            let expected = &case["expect"];
            if answer["ok"] != expected["ok"] {
                wrong.push(case["id"].clone());
                continue;
            }
            verdicts += 1;
            if answer["ok"] == Value::Bool(false) {
                if codes(&answer["errors"]) == codes(&expected["codes"]) {
                    exact += 1;
                } else {
                    wrong.push(case["id"].clone());
                }
            }
        }
    }
    assert!(
        verdicts >= VERDICTS && exact >= CODES,
        "{verdicts} verdicts and {exact} codes; wrong: {wrong:?}"
    );
}
