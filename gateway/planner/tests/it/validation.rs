//! Documents that the specification accepts or rejects.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use apollo_compiler::validation::Valid;
use apollo_compiler::{Schema, ast};
use serde_json::Value;

/// No schema tells that this scalar refuses the value: in the implementation from which the case
/// was recorded, code behind the scalar does, as a subgraph's may.
const BEYOND_SCHEMA: [&str; 1] = ["graphql-js/a7d9a9dd9286"];

const SCHEMA: &str = "
    directive @oneOf on INPUT_OBJECT
    input By @oneOf { id: Int name: String }
    type Query {
        by(by: By): Int number(n: Int!): Int orDefault(n: Int! = 1): Int
        tag(hue: [Hue!]): Tag grid(rows: [[Int]] of: Grid): Int pet: Pet cat: Cat
    }
    enum Hue { PLAIN WARM }
    input Grid { rows: [Int] columns: [Int] }
    interface Pet { tag(hue: [Hue!]): Tag }
    type Cat implements Pet { tag(hue: [Hue!]): Tag }
    type Dog implements Pet { tag(hue: [Hue!]): Tag }
    type Tag { tag(hue: [Hue!]): Tag text: String }
    type Subscription { changed: Item removed: Item }
    type Item { id: Int at: Int }
";

fn schema(sdl: &str) -> Valid<Schema> {
    // Schemas of other implementations use it without a definition.
    let one_of = match sdl.contains("@oneOf") && !sdl.contains("directive @oneOf") {
        true => "directive @oneOf on INPUT_OBJECT",
        false => "",
    };
    Schema::parse_and_validate(format!("{sdl}\n{one_of}"), "schema.graphql")
        .expect("the schema is valid")
}

/// The messages with the places they point to, as `message (line:column)`.
fn violations(schema: &Valid<Schema>, text: &str) -> Vec<String> {
    let document = match ast::Document::parse(text, "operation.graphql") {
        Ok(document) => document,
        Err(failed) => return vec![failed.errors.to_string()],
    };
    let violations = planner::validate(schema, &document).err();
    let written = violations.into_iter().flatten().map(|violation| {
        let places = violation.places.iter();
        let places: Vec<_> = places
            .map(|at| format!("{}:{}", at.line, at.column))
            .collect();
        format!("{} ({})", violation.message, places.join(", "))
    });
    written.collect()
}

#[track_caller]
fn check(document: &str, expected: &[&str]) {
    assert_eq!(
        violations(&schema(SCHEMA), document),
        expected,
        "{document}"
    );
}

/// What is said of two fields of one key with unequal lists.
fn differing(key: &str, places: &str) -> String {
    format!(
        "Fields \"{key}\" conflict because they have differing arguments. Use different aliases on \
         the fields to fetch both if this was intentional. ({places})"
    )
}

#[test]
fn lists_of_fields_that_merge_are_equal() {
    for document in [
        "{ tag(hue: [PLAIN, WARM]) { text } tag(hue: [PLAIN, WARM]) { text } }",
        "query ($h: [Hue!]) { tag(hue: $h) { text } tag(hue: $h) { text } }",
        "query ($h: Hue!) { tag(hue: [$h, WARM]) { text } tag(hue: [$h, WARM]) { text } }",
        "{ tag(hue: []) { text } other: tag(hue: [PLAIN]) { text } }",
        "{ pet { ... on Cat { tag(hue: []) { text } } ... on Dog { tag(hue: [WARM]) { text } } } }",
        "{ a: tag { tag(hue: []) { text } } b: tag { tag(hue: [WARM]) { text } } }",
        // What stands below is merged only where the fields above are.
        "{ pet { ... on Cat { tag { tag(hue: []) { text } } }
                 ... on Dog { tag { tag(hue: [WARM]) { text } } } } }",
        "{ grid(rows: [[1], []]) grid(rows: [[1], []]) }",
        "{ grid(of: { rows: [1], columns: [] }) grid(of: { columns: [], rows: [1] }) }",
    ] {
        check(document, &[]);
    }
}

#[test]
fn lists_of_fields_that_merge_do_not_differ_in_length() {
    for (document, key, places) in [
        (
            "{ tag(hue: []) { text } tag(hue: [PLAIN, WARM]) { text } }",
            "tag",
            "1:3, 1:25",
        ),
        (
            "{ a: tag(hue: [PLAIN]) { text } a: tag(hue: []) { text } }",
            "a",
            "1:3, 1:33",
        ),
        (
            "{ ...f tag(hue: []) { text } } fragment f on Query { tag(hue: [PLAIN]) { text } }",
            "tag",
            "1:8, 1:54",
        ),
        (
            "{ ...f ...g } fragment f on Query { tag { ...h } } fragment g on Query \
             { tag { tag(hue: []) { text } } } fragment h on Tag { tag(hue: [WARM]) { text } }",
            "tag",
            "1:80, 1:126",
        ),
        (
            "{ grid(rows: [[1], []]) grid(rows: [[1], [2]]) }",
            "grid",
            "1:3, 1:25",
        ),
        (
            "{ grid(of: { rows: [] }) grid(of: { rows: [1] }) }",
            "grid",
            "1:3, 1:26",
        ),
        (
            "{ grid(of: { rows: [], columns: [] }) grid(of: { rows: [], rows: [] }) }",
            "grid",
            "1:3, 1:39",
        ),
        (
            "{ cat { ... on Pet { tag(hue: []) { text } } tag(hue: [WARM]) { text } } }",
            "tag",
            "1:46, 1:22",
        ),
        (
            "{ tag { tag(hue: []) { text } } tag { tag(hue: [WARM]) { text } } }",
            "tag",
            "1:9, 1:39",
        ),
        (
            "{ pet { ... on Cat { tag { tag(hue: []) { text } } } tag { tag(hue: [WARM]) { text } } \
             ... on Dog { tag { text } } } }",
            "tag",
            "1:28, 1:60",
        ),
    ] {
        check(document, &[&differing(key, places)]);
    }
}

#[test]
fn a_list_is_compared_with_those_that_differ_from_it_only() {
    check(
        "{ tag(hue: []) { text } tag(hue: []) { text } tag(hue: [WARM]) { text } }",
        &[&differing("tag", "1:3, 1:47")],
    );
    // As far as both have items, the first is like each of the others, which are not alike.
    check(
        "{ tag(hue: []) { text } tag(hue: [PLAIN]) { text } tag(hue: [WARM]) { text } }",
        &[
            &differing("tag", "1:3, 1:25"),
            &differing("tag", "1:3, 1:52"),
        ],
    );
}

#[test]
fn fragments_that_double_merge_in_a_moment() {
    let mut document = String::from("{ tag { ...f0 } }");
    for at in 0..60 {
        let next = at + 1;
        document += &format!(
            " fragment f{at} on Tag {{ tag {{ ...f{next} }} other: tag {{ ...f{next} }} \
             tag {{ text ...f{next} }} }}"
        );
    }
    let end = |lists: &str| format!("{document} fragment f60 on Tag {{ {lists} }}");
    check(
        &end("one: tag { tag(hue: []) { text } } two: tag { tag(hue: [WARM]) { text } }"),
        &[],
    );
    let found = violations(
        &schema(SCHEMA),
        &end("one: tag { tag(hue: []) { text } } one: tag { tag(hue: [WARM]) { text } }"),
    );
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn operations_share_the_work_of_merging() {
    let fields: Vec<_> = (0..2_000).map(|at| format!("a{at}: __typename")).collect();
    let document = |others: usize| {
        let others: Vec<_> = (0..others)
            .map(|at| format!("query q{at} {{ __typename }}"))
            .collect();
        format!(
            "query q {{ one: tag {{ tag(hue: []) {{ text }} }} two: tag {{ tag(hue: [WARM]) {{ text }} }} {} }} {}",
            fields.join(" "),
            others.join(" ")
        )
    };
    check(&document(10), &[]);
    check(
        &document(200),
        &["the fields of the operation merge in too many combinations (1:1)"],
    );
}

#[test]
fn floods_of_lists_are_told_up_to_a_limit() {
    let fields = |key: fn(usize) -> String| {
        let fields = (0..2_000).map(|at| format!("{}grid(rows: [[{at}]])", key(at)));
        format!(
            "{{ grid(rows: []) {} }}",
            fields.collect::<Vec<_>>().join(" ")
        )
    };
    check(&fields(|at| format!("a{at}: ")), &[]);
    assert_eq!(
        violations(&schema(SCHEMA), &fields(|_| String::new())).len(),
        100
    );
}

#[test]
fn introspection_does_not_walk_in_circles() {
    check(
        "{ __schema { types { fields { type { interfaces { name } } } } } }",
        &[],
    );
    let message = "`__type` asks for more than 2 lists of fields or types within one another (1:3)";
    check(
        "{ __type(name: \"Item\") { ...f } } fragment f on __Type { fields { type { ...g } } } \
         fragment g on __Type { fields { type { possibleTypes { name } } } }",
        &[message],
    );
}

#[test]
fn a_default_of_null_is_no_default() {
    check("query ($n: Int = 1) { number(n: $n) }", &[]);
    check("query ($n: Int = null) { orDefault(n: $n) }", &[]);
    check(
        "query ($n: Int = null) { number(n: $n) }",
        &[
            "variable `$n` of type `Int` is null by default and cannot be used as `Int!` (1:36, 1:8)",
        ],
    );
    check(
        "query ($b: Boolean = null) { __typename @skip(if: $b) }",
        &[
            "variable `$b` of type `Boolean` is null by default and cannot be used as `Boolean!` \
           (1:51, 1:8)",
        ],
    );
}

#[test]
fn one_of_takes_one_field_that_is_not_null() {
    check("query ($a: String!) { by(by: { name: $a }) }", &[]);
    check("{ by(by: { id: 1 }) }", &[]);
    check(
        "{ by(by: { id: 1, name: \"a\" }) }",
        &["`By` takes exactly one field, and 2 are given (1:10)"],
    );
    check(
        "{ by(by: {}) }",
        &["`By` takes exactly one field, and 0 are given (1:10)"],
    );
    check(
        "{ by(by: { id: null }) }",
        &["`By.id` must not be null (1:16)"],
    );
    check(
        "query ($a: String) { by(by: { name: $a }) }",
        &["variable `$a` of type `String` may be null, and `By.name` must not be (1:37, 1:8)"],
    );
    check(
        "query ($by: By = { id: 1, name: \"a\" }) { by(by: $by) }",
        &["`By` takes exactly one field, and 2 are given (1:18)"],
    );
}

#[test]
fn a_subscription_has_one_root_field() {
    check(
        "subscription { changed { id } ...rest } fragment rest on Subscription { changed { at } }",
        &[],
    );
    check(
        "subscription s { changed { id } removed { id } }",
        &["the subscription `s` has more than one root field (1:1)"],
    );
}

#[test]
fn operations_without_a_root_type_are_left_out() {
    let document = ast::Document::parse("query a { __typename } mutation b { x }", "o.graphql");
    let document = document.expect("it can be parsed");
    let valid = planner::validate(&schema(SCHEMA), &document).expect("it is valid");
    assert_eq!(valid.operations.named.keys().collect::<Vec<_>>(), ["a"]);
}

#[test]
fn recorded_documents_get_the_recorded_verdicts() {
    let folder = std::env::var_os("TENON_TEST_CONFORMANCE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"),
        PathBuf::from,
    );
    let file = folder.join("misc/validation-operations.json");
    let Ok(text) = fs::read_to_string(&file) else {
        let mut out = std::io::stderr().lock();
        let message = format_args!("SKIPPED: no recorded documents at {}\n", file.display());
        let _ = std::io::Write::write_fmt(&mut out, message);
        return;
    };
    let recorded: Value = serde_json::from_str(&text).expect("recorded documents are JSON");
    let text = |value: &Value| value.as_str().expect("it is a string").to_owned();
    let schemas = recorded["schemas"].as_object().expect("schemas by id");
    let schemas: BTreeMap<&str, Valid<Schema>> = schemas
        .iter()
        .map(|(id, sdl)| (id.as_str(), schema(&text(sdl))))
        .collect();
    let cases = recorded["cases"].as_array().expect("a list of cases");
    let mut wrong = Vec::new();
    for case in cases {
        let violations = violations(
            &schemas[&*text(&case["schema_id"])],
            &text(&case["operation"]),
        );
        let as_recorded = Value::Bool(violations.is_empty()) == case["valid"];
        if as_recorded == BEYOND_SCHEMA.contains(&&*text(&case["id"])) {
            wrong.push(format!("{} {}: {violations:?}", case["rule"], case["id"]));
        }
    }
    assert!(
        cases.len() >= 430,
        "only {} cases are recorded",
        cases.len()
    );
    assert!(
        wrong.is_empty(),
        "{} are wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
