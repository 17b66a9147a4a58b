//! One folder for each published hint under `tests/hints/`: `arises.graphql` gives it, and
//! `absent.graphql` is much the same without. Beside each stands what composition says, as in
//! `tests/cases/`.

use std::fs;
use std::path::{Path, PathBuf};

use composition::{HintCode, compose};

use super::cases;

/// Hints that composition never gives, and why.
const WITHOUT_A_CASE: &[(HintCode, &str)] = &[
    (
        HintCode::InconsistentTypeSystemDirectiveRepeatable,
        "published, but no composer gives it any more",
    ),
    (
        HintCode::InconsistentTypeSystemDirectiveLocations,
        "published, but no composer gives it any more",
    ),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hints")
}

#[track_caller]
fn check(path: &Path, code: HintCode, arises: bool) {
    let text = fs::read_to_string(path).expect("the case can be read");
    let composed = compose(&cases::subgraphs(&text)).expect("the graph composes");
    let hint = composed.hints.iter().find(|hint| hint.code == code);
    assert_eq!(hint.is_some(), arises, "{}", path.display());
    if let Some(hint) = hint {
        assert!(!hint.places.is_empty(), "{hint} has no place");
    }
    cases::golden(&path.with_extension("expected"), &cases::answer(&text).0);
}

#[test]
fn every_hint_arises_with_its_place_and_can_be_avoided() {
    for code in HintCode::ALL {
        if !WITHOUT_A_CASE.iter().any(|(other, _)| other == code) {
            let folder = folder().join(code.as_str());
            check(&folder.join("arises.graphql"), *code, true);
            check(&folder.join("absent.graphql"), *code, false);
        }
    }
}

#[test]
fn every_folder_is_a_hint() {
    for entry in fs::read_dir(folder()).expect("the folder of hints can be read") {
        let name = entry.expect("an entry can be read").file_name();
        let known = HintCode::ALL.iter().any(|code| name == code.as_str());
        assert!(known, "{} is not a hint", name.display());
    }
}
