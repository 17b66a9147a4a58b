//! Plans recorded from other planners: none of ours makes more requests, or, with as many, waits
//! longer.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// The recorded cases: where `TENON_TEST_CONFORMANCE` says, else beside the checkout.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("TENON_TEST_CONFORMANCE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"),
        PathBuf::from,
    );
    let found = folder.join("planner/plans.json").is_file();
    if !found {
        let mut message = std::io::stderr().lock();
        let _ = std::io::Write::write_fmt(
            &mut message,
            format_args!("SKIPPED: no recorded plans in {}\n", folder.display()),
        );
    }
    found.then_some(folder)
}

#[test]
fn recorded_plans_are_met() {
    let Some(folder) = folder() else { return };
    let read = |name: &str| -> Value {
        let text = std::fs::read_to_string(folder.join(name)).expect("the file is there");
        serde_json::from_str(&text).expect("it is JSON")
    };
    let (plans, graphs) = (read("planner/plans.json"), read("planner/supergraphs.json"));
    let mut checked = 0;
    let mut failed = Vec::new();
    for case in plans.as_array().expect("a list of cases") {
        let expected = &case["expect"];
        let Some(most) = expected["fetches_max"].as_u64() else {
            continue;
        };
        let graph = case["supergraph_id"]
            .as_str()
            .expect("a case names its graph");
        let line = json!({
            "id": case["id"],
            "supergraph": graphs[graph]["supergraph"],
            "operation": case["operation"],
        });
        let answer: Value = serde_json::from_str(&planner::batch::answer_line(&line.to_string()))
            .expect("an answer is JSON");
        checked += 1;
        let fewer = answer["requests"].as_u64() < expected["fetches_min"].as_u64();
        let within = answer["requests"]
            .as_u64()
            .is_some_and(|requests| requests <= most)
            && (fewer || answer["depth"].as_u64() <= expected["depth_max"].as_u64());
        if !within {
            failed.push(format!("{}: {answer} instead of {expected}", case["test"]));
        }
    }
    assert!(checked >= 100, "only {checked} plans are recorded");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
