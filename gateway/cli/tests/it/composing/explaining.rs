//! `tenon explain`.

use std::path::Path;

use super::tenon;

#[test]
fn a_code_is_explained_with_examples() {
    let said = tenon(Path::new("."), &["explain", "KEY_FIELDS_HAS_ARGS"]);
    assert_eq!(said.code, Some(0));
    for part in [
        "may\ntake arguments",
        "This breaks it:",
        "Composition answers:\n\n    KEY_FIELDS_HAS_ARGS: [shop] on type",
        "This obeys it:",
        "See https://",
    ] {
        assert!(said.out.contains(part), "no {part:?} in\n{}", said.out);
    }
}

#[test]
fn a_hint_is_explained_with_examples() {
    let said = tenon(Path::new("."), &["explain", "inconsistent-entity"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    for part in [
        "INCONSISTENT_ENTITY\n\nA type has a `@key`",
        "This gives it:",
        "This does not:",
    ] {
        assert!(said.out.contains(part), "no {part:?} in\n{}", said.out);
    }
}

#[test]
fn every_code_is_listed() {
    let said = tenon(Path::new("."), &["explain"]);
    assert_eq!(said.code, Some(0));
    for code in composition::explain::Published::all() {
        assert!(said.out.contains(code.as_str()), "{code}");
    }
}

#[test]
fn an_unknown_code_gets_a_guess() {
    let said = tenon(Path::new("."), &["explain", "KEY_FIELD_HAS_ARGS"]);
    assert_eq!(said.code, Some(1));
    assert_eq!(
        said.err,
        "error: `KEY_FIELD_HAS_ARGS` is not a code; did you mean `KEY_FIELDS_HAS_ARGS`?\n"
    );
}

#[test]
fn a_text_like_no_code_gets_the_way_to_all() {
    let said = tenon(Path::new("."), &["explain", "XYZ"]);
    assert_eq!(said.code, Some(1));
    assert_eq!(
        said.err,
        "error: `XYZ` is not a code; `tenon explain` lists them\n"
    );
}
