//! Two schemas in a file under `tests/comparisons/`, what changed between them beside it.
//!
//! `UPDATE_CASES=1 cargo nextest run -p composition` writes what stands beside them; review it like
//! code.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use composition::compare::{Change, ChangeCode, Level, Usage, compare, read};

fn schema(text: &str) -> Valid<Schema> {
    read(text, "schema.graphql").unwrap_or_else(|bad| panic!("{bad}"))
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/comparisons");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|one| one == "graphql"))
        .collect();
    paths.sort();
    paths
}

fn changes(path: &Path) -> Vec<Change> {
    let text = fs::read_to_string(path).expect("the case can be read");
    let (old, new) = text.split_once("# new\n").expect("a case has two schemas");
    compare(&schema(old), &schema(new))
}

#[test]
fn every_case_gets_the_changes_beside_it() {
    for path in cases() {
        let mut answer = String::new();
        for change in changes(&path) {
            let _ = writeln!(answer, "{:<9} {change}", change.level());
        }
        let expected = path.with_extension("expected");
        if std::env::var_os("UPDATE_CASES").is_some() {
            fs::write(&expected, &answer).expect("the answer can be written");
        }
        let wanted = fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(answer, wanted, "{} differs", expected.display());
    }
}

#[test]
fn every_kind_of_change_has_a_case() {
    let all: Vec<Change> = cases().iter().flat_map(|path| changes(path)).collect();
    for code in ChangeCode::ALL {
        assert!(all.iter().any(|change| change.code == *code), "{code}");
    }
}

#[track_caller]
fn check(operation: &str, old: &str, new: &str, meets: &[&str]) {
    let (old, new) = (schema(old), schema(new));
    let document = ExecutableDocument::parse_and_validate(&old, operation, "operation.graphql")
        .unwrap_or_else(|invalid| panic!("{}", invalid.errors));
    let mut usage = Usage::default();
    usage.add(&old, &document);
    let met: Vec<String> = compare(&old, &new)
        .into_iter()
        .filter(|change| change.level() == Level::Breaking && usage.meets(change))
        .map(|change| change.path)
        .collect();
    assert_eq!(met, meets);
}

const OLD: &str = "
    type Query { a(x: Int, in: Box, of: Colour): Colour node: Node b: Int }
    interface Node { id: ID! name: String }
    type Product implements Node { id: ID! name: String price: Int }
    input Box { x: Int y: Shade }
    enum Colour { RED GREEN }
    enum Shade { DARK LIGHT }";

#[test]
fn an_operation_meets_the_change_of_a_field_that_it_selects() {
    let new = OLD.replace(" b: Int", "").replace(" price: Int", "");
    check("{ b }", OLD, &new, &["Query.b"]);
    let operation = "{ node { ...p } } fragment p on Node { id ... on Product { price } }";
    check(operation, OLD, &new, &["Product.price"]);
    check("{ node { name } }", OLD, &new, &[]);
}

#[test]
fn an_operation_meets_the_change_of_an_argument_that_it_gives() {
    let new = OLD.replace("x: Int, in", "in");
    check("{ a(x: 1) }", OLD, &new, &["Query.a(x:)"]);
    check("{ a }", OLD, &new, &[]);
}

#[test]
fn an_operation_meets_an_argument_that_it_must_give_now() {
    let new = OLD.replace("x: Int, in", "x: Int!, in");
    check("{ a }", OLD, &new, &["Query.a(x:)"]);
    check("{ b }", OLD, &new, &[]);
}

#[test]
fn a_variable_may_hold_every_value_of_its_type() {
    let new = OLD.replace(" LIGHT", "");
    let operation = "query ($in: Box) { a(in: $in) }";
    check(operation, OLD, &new, &["Shade.LIGHT"]);
    check("{ a(in: { y: LIGHT }) }", OLD, &new, &["Shade.LIGHT"]);
    check("{ a(in: { y: DARK }) }", OLD, &new, &[]);
}

#[test]
fn an_enum_that_is_returned_may_have_every_value() {
    let new = OLD.replace(" GREEN", "");
    check("{ a(of: RED) }", OLD, &new, &["Colour.GREEN"]);
    check("{ b }", OLD, &new, &[]);
}
