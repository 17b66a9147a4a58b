//! A server that does not print its schema is introspected.

use apollo_compiler::ast::OperationType;
use apollo_compiler::introspection::partial_execute;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use composition::introspection::{Error, QUERIES, sdl};
use serde_json::{Value, json};

const SCHEMA: &str = r#"schema {
  query: Root
  mutation: Change
}

"Where it counts"
directive @mark(by: String = "a \"b\"") repeatable on FIELD | QUERY

"""
Everything.
In two lines.
"""
type Root implements Node & Named {
  id: ID!
  name: String @deprecated(reason: "too \"long\"")
  items("How many" first: Int! = 10, filter: Filter = {kinds: [RED], deep: {not: null}}): [[Item!]!]
}

type Change {
  set(kind: Kind): Boolean
}

interface Node {
  id: ID!
}

interface Named implements Node {
  id: ID!
  name: String
}

union Item = Root | Change

enum Kind {
  RED
  BLUE @deprecated
}

input Filter {
  kinds: [Kind!]
  deep: Filter
  not: Int
}

scalar Time @specifiedBy(url: "https://example.com/time")
"#;

/// What a server with this schema answers.
fn answer(schema: &Valid<Schema>, query: &str) -> Value {
    let document = ExecutableDocument::parse_and_validate(schema, query, "query.graphql")
        .expect("the query is valid");
    let operation = document.operations.get(None).expect("there is one");
    assert_eq!(operation.operation_type, OperationType::Query);
    let response = partial_execute(
        schema,
        &schema.implementers_map(),
        &document,
        operation,
        Valid::assume_valid_ref(&Default::default()),
    )
    .expect("introspection can be answered");
    serde_json::to_value(response).expect("an answer is JSON")
}

fn schema() -> Valid<Schema> {
    Schema::parse_and_validate(SCHEMA, "schema.graphql").expect("the schema is valid")
}

#[test]
fn what_a_server_tells_is_its_schema() {
    let sdl = sdl(&answer(&schema(), QUERIES[0])).expect("the answer is a schema");
    let again = Schema::parse_and_validate(&sdl, "again.graphql").expect("it is valid");
    let changes = composition::compare::compare(&schema(), &again);
    assert!(changes.is_empty(), "{changes:?}\n{sdl}");
    for text in [
        "Everything.\nIn two lines.",
        r#"@deprecated(reason: "too \"long\"")"#,
        r#"scalar Time @specifiedBy(url: "https://example.com/time")"#,
        "repeatable on FIELD | QUERY",
    ] {
        assert!(sdl.contains(text), "no {text} in\n{sdl}");
    }
}

#[test]
fn an_old_server_tells_what_it_knows() {
    let oldest = QUERIES.last().expect("there are some");
    let sdl = sdl(&answer(&schema(), oldest)).expect("the answer is a schema");
    assert!(sdl.contains("scalar Time\n"), "{sdl}");
    Schema::parse_and_validate(&sdl, "again.graphql").expect("it is valid");
}

#[test]
fn an_answer_without_a_schema_is_refused() {
    let refused = sdl(&json!({ "errors": [{ "message": "introspection is off" }] }));
    let Err(error) = refused else {
        panic!("there is no schema");
    };
    assert_eq!(
        error.to_string(),
        "the server answers: introspection is off"
    );
    let nonsense = json!({ "data": { "__schema": { "types": "all" } } });
    assert!(matches!(sdl(&nonsense), Err(Error::Answer(_))));
    let names =
        json!({ "data": { "__schema": { "types": [{ "kind": "OBJECT", "name": "a-b" }] } } });
    assert!(matches!(sdl(&names), Err(Error::Schema(_))));
}
