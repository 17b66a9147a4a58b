//! One folder for each published code under `tests/cases/`: `breaks.graphql` breaks the rule,
//! `passes.graphql` keeps it, `breaks_…` and `passes_…` are finer points and bugs that were; beside
//! each stands what composition says.
//!
//! `UPDATE_CASES=1 cargo nextest run -p composition` writes what stands beside them; review it like
//! code.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use composition::{Code, SubgraphInput, compose};

/// Codes that cannot arise from a graph, and why.
const WITHOUT_A_CASE: &[(Code, &str)] = &[
    (
        Code::UnsupportedLinkedFeature,
        "unknown linked features are left alone",
    ),
    (Code::UnsupportedFeature, "nothing published is unsupported"),
    (
        Code::InvalidFederationSupergraph,
        "about reading a supergraph, which composition writes",
    ),
    (
        Code::DownstreamServiceError,
        "about fetching a schema, which composition does not do",
    ),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// The subgraphs of a file, each after a line `# subgraph: NAME`.
pub(crate) fn subgraphs(text: &str) -> Vec<SubgraphInput> {
    text.split("# subgraph: ")
        .skip(1)
        .map(|part| {
            let (name, sdl) = part
                .split_once('\n')
                .expect("a name stands on a line of its own");
            SubgraphInput {
                name: name.trim().to_owned(),
                url: format!("http://{}/graphql", name.trim()),
                sdl: sdl.to_owned(),
            }
        })
        .collect()
}

/// What composition says, without the definitions that every supergraph has.
pub(crate) fn answer(text: &str) -> (String, Vec<Code>) {
    match compose(&subgraphs(text)) {
        Ok(composed) => {
            let mut out = String::new();
            for hint in &composed.hints {
                let _ = writeln!(out, "hint {hint}\n");
            }
            for block in composed.supergraph.split("\n\n") {
                let machinery = [
                    "directive @join__",
                    "directive @link(",
                    "scalar join__",
                    "scalar link__",
                    "enum link__",
                    "input join__",
                    "  \"\"\"\n  `EXECUTION`",
                ];
                if !machinery.iter().any(|start| block.starts_with(start)) {
                    let _ = writeln!(out, "{}\n", block.trim_end());
                }
            }
            (format!("{}\n", out.trim_end()), Vec::new())
        }
        Err(errors) => {
            let mut out = String::new();
            for error in &errors {
                let _ = writeln!(out, "{error}");
            }
            (out, errors.iter().map(|error| error.code).collect())
        }
    }
}

#[track_caller]
fn check(path: &Path, code: Code) {
    let text = fs::read_to_string(path).expect("the case can be read");
    let (answer, codes) = answer(&text);
    let breaks = path
        .file_stem()
        .is_some_and(|stem| stem.to_string_lossy().starts_with("breaks"));
    assert_eq!(
        codes.contains(&code),
        breaks,
        "{}:\n{answer}",
        path.display()
    );
    assert_eq!(codes.is_empty(), !breaks, "{}:\n{answer}", path.display());
    golden(&path.with_extension("expected"), &answer);
}

/// Compares with what is expected, or makes it so.
#[track_caller]
pub(crate) fn golden(expected: &Path, answer: &str) {
    if std::env::var_os("UPDATE_CASES").is_some() {
        fs::write(expected, answer).expect("the answer can be written");
    }
    let wanted = fs::read_to_string(expected).unwrap_or_default();
    assert_eq!(
        answer,
        wanted,
        "{} differs; see the head of this file",
        expected.display()
    );
}

#[test]
fn every_case_gets_the_answer_beside_it() {
    for code in Code::ALL {
        let Ok(entries) = fs::read_dir(folder().join(code.as_str())) else {
            continue;
        };
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| entry.expect("an entry can be read").path())
            .filter(|path| path.extension().is_some_and(|one| one == "graphql"))
            .collect();
        paths.sort();
        for path in paths {
            check(&path, *code);
        }
    }
}

#[test]
fn every_code_has_a_case_that_breaks_its_rule() {
    for code in Code::ALL {
        let excused = WITHOUT_A_CASE.iter().any(|(other, _)| other == code);
        let path = folder().join(code.as_str()).join("breaks.graphql");
        assert!(excused || path.exists(), "{code} has no {}", path.display());
    }
}

#[test]
fn every_folder_is_a_code() {
    for entry in fs::read_dir(folder()).expect("the folder of cases can be read") {
        let name = entry.expect("an entry can be read").file_name();
        let known = Code::ALL.iter().any(|code| name == code.as_str());
        assert!(known, "{} is not a code", name.display());
    }
}
