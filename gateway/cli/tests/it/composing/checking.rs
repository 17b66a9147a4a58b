//! `tenon check`.

use super::{CONFIG, MISTAKEN, folder, tenon};

const OLD: &str = "type Query { a: Int b: Int c: Int }\n";
const NEW: &str = "type Query { a: Int! d: Int }\n";

/// Compares `new.graphql` to `old.graphql`, with what stands in `operations`.
const CHECK_OPERATIONS: [&str; 7] = [
    "check",
    "--against",
    "old.graphql",
    "--schema",
    "new.graphql",
    "--operations",
    "operations",
];

#[test]
fn a_check_tells_what_breaks() {
    let folder = folder(&[("old.graphql", OLD), ("new.graphql", NEW)]);
    let said = tenon(
        folder.path(),
        &[
            "check",
            "--against",
            "old.graphql",
            "--schema",
            "new.graphql",
        ],
    );
    assert_eq!(said.code, Some(1));
    let wanted = "breaking  FIELD_REMOVED Query.b: is removed
breaking  FIELD_REMOVED Query.c: is removed
safe      FIELD_TYPE_NARROWED Query.a: was `Int` and is `Int!` now
safe      FIELD_ADDED Query.d: is added
2 breaking, 0 unused, 0 dangerous, 2 safe
";
    assert_eq!(said.out, wanted);
}

#[test]
fn recorded_operations_tell_which_changes_anybody_meets() {
    let folder = folder(&[
        ("old.graphql", OLD),
        ("new.graphql", NEW),
        ("operations/good.graphql", "{ a }"),
        ("operations/deep/bad.json", r#"{ "query": "{ a b }" }"#),
        ("operations/wrong.graphql", "{ z }"),
    ]);
    let said = tenon(folder.path(), &CHECK_OPERATIONS);
    assert_eq!(said.code, Some(1));
    for line in [
        "breaking  FIELD_REMOVED Query.b: is removed\n",
        "unused    FIELD_REMOVED Query.c: is removed\n",
        "operation deep/bad.json would be invalid\n",
        "operation wrong.graphql is invalid already\n",
        "1 breaking, 1 unused, 0 dangerous, 2 safe; 1 of 3 operations would be invalid\n",
    ] {
        assert!(said.out.contains(line), "no {line:?} in\n{}", said.out);
    }

    std::fs::remove_dir_all(folder.path().join("operations/deep")).unwrap();
    let said = tenon(folder.path(), &CHECK_OPERATIONS);
    assert_eq!(said.code, Some(0), "{}", said.out);

    let mut arguments = CHECK_OPERATIONS.to_vec();
    arguments.extend(["--format", "json"]);
    let report = tenon(folder.path(), &arguments).json();
    assert_eq!(report["ok"], true);
    assert_eq!(report["summary"]["unused"], 2);
    assert_eq!(report["operations"][0]["fate"], "valid");
}

#[test]
fn a_check_composes_and_reads_supergraphs() {
    let folder = folder(&[
        ("tenon.yaml", CONFIG),
        ("shop.graphql", "type Query { a: Int b: Int }"),
    ]);
    let composed = tenon(folder.path(), &["compose", "--out", "before.graphql"]);
    assert_eq!(composed.code, Some(0), "{}", composed.err);
    let arguments = ["check", "--against", "before.graphql"];
    let said = tenon(folder.path(), &arguments);
    let nothing = "0 breaking, 0 unused, 0 dangerous, 0 safe\n";
    assert_eq!(
        (said.code, said.out.as_str()),
        (Some(0), nothing),
        "{}",
        said.err
    );

    std::fs::write(folder.path().join("shop.graphql"), "type Query { a: Int }").unwrap();
    let said = tenon(folder.path(), &arguments);
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("FIELD_REMOVED Query.b"), "{}", said.out);

    std::fs::write(folder.path().join("shop.graphql"), MISTAKEN).unwrap();
    let said = tenon(folder.path(), &arguments);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("help: tenon explain"), "{}", said.err);
    let mut arguments = arguments.to_vec();
    arguments.extend(["--format", "json"]);
    let report = tenon(folder.path(), &arguments).json();
    assert_eq!(report["errors"][0]["code"], "KEY_FIELDS_HAS_ARGS");
}

#[test]
fn without_a_valid_operation_every_change_is_met() {
    let folder = folder(&[
        ("old.graphql", OLD),
        ("new.graphql", NEW),
        ("operations/README.md", "nothing yet"),
    ]);
    let said = tenon(folder.path(), &CHECK_OPERATIONS);
    assert_eq!(said.code, Some(1), "{}", said.out);
    let wanted = "error: operations holds no operations: there is no *.graphql or *.json in it\n";
    assert_eq!(said.err, wanted);

    let recorded = folder.path().join("operations/one.json");
    std::fs::write(&recorded, r#"{ "document": "{ a }" }"#).unwrap();
    let said = tenon(folder.path(), &CHECK_OPERATIONS);
    assert_eq!(said.code, Some(1), "{}", said.out);
    let wanted =
        "one.json holds no recorded operation: expected {\"query\": \"…\"}, or a list of such";
    assert!(said.err.contains(wanted), "{}", said.err);

    std::fs::write(&recorded, r#"{ "query": "{ ofAnotherGraph }" }"#).unwrap();
    let said = tenon(folder.path(), &CHECK_OPERATIONS);
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(said.out.contains("2 breaking, 0 unused"), "{}", said.out);
}
