//! Mutations change a counter, and whoever looks at it sees what is true then.

use std::sync::Mutex;
use std::time::Duration;

use apollo_compiler::ast::{Definition, Document, Selection};
use async_trait::async_trait;
use bytes::Bytes;
use executor::{Fetch, FetchError, Request, Response};
use futures_util::stream::BoxStream;
use serde_json::{Map, Value, json};

use crate::graph;
use crate::script::{assert_answer, variables};

const TYPES: &str = r#"
enum join__Graph {
  COUNTING @join__graph(name: "counting", url: "")
  WATCHING @join__graph(name: "watching", url: "")
}
type Query @join__type(graph: COUNTING) @join__type(graph: WATCHING) {
  total: Int @join__field(graph: WATCHING)
}
type Mutation @join__type(graph: COUNTING) @join__type(graph: WATCHING) {
  add(by: Int!): Counter @join__field(graph: COUNTING)
  look: Int @join__field(graph: WATCHING)
}
type Counter @join__type(graph: COUNTING, key: "id") @join__type(graph: WATCHING, key: "id") {
  id: ID!
  query: Query @join__field(graph: COUNTING)
  seen: Int @join__field(graph: WATCHING)
}
"#;

/// One counter behind two subgraphs. The slower one looks at it when it begins to answer.
#[derive(Default)]
struct Counter {
    count: Mutex<i64>,
    log: Mutex<Vec<String>>,
}

impl Counter {
    fn note(&self, what: String) {
        self.log.lock().unwrap().push(what);
    }

    fn add(&self, by: i64) -> i64 {
        let mut count = self.count.lock().unwrap();
        *count += by;
        *count
    }

    /// The fields of a selection, in its order.
    fn resolve(&self, selections: &[Selection], representations: usize) -> Value {
        let mut object = Map::new();
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    let value = match field.name.as_str() {
                        "add" => {
                            let by = field.arguments[0].value.to_i32().unwrap();
                            let count = self.add(by.into());
                            self.note(format!("added {by}: {count}"));
                            self.resolve(&field.selection_set, 0)
                        }
                        "look" | "seen" | "total" => {
                            let count = self.add(0);
                            self.note(format!("{}: {count}", field.name));
                            json!(count)
                        }
                        "query" => self.resolve(&field.selection_set, 0),
                        "_entities" => {
                            let entity = |_| self.resolve(&field.selection_set, 0);
                            (0..representations).map(entity).collect()
                        }
                        "__typename" => json!("Counter"),
                        "id" => json!("the one"),
                        other => panic!("{other} is not expected"),
                    };
                    object.insert(field.response_name().to_string(), value);
                }
                Selection::InlineFragment(fragment) => {
                    let inner = self.resolve(&fragment.selection_set, 0);
                    object.extend(inner.as_object().unwrap().clone());
                }
                Selection::FragmentSpread(_) => panic!("none is expected"),
            }
        }
        Value::Object(object)
    }
}

#[async_trait]
impl Fetch for Counter {
    async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let document = Document::parse(body["query"].as_str().unwrap(), "request").unwrap();
        let Definition::OperationDefinition(operation) = &document.definitions[0] else {
            panic!("it is an operation");
        };
        let representations = body["variables"]["representations"].as_array();
        let representations = representations.map_or(0, Vec::len);
        let data = self.resolve(&operation.selection_set, representations);
        if *request.subgraph == *"watching" {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        self.note(format!("{} is done", request.subgraph));
        Ok(Response {
            status: 200,
            content_type: None,
            body: Bytes::from(json!({ "data": data }).to_string()),
        })
    }

    async fn subscribe(
        &self,
        _: Request,
    ) -> Result<BoxStream<'static, Result<Bytes, FetchError>>, FetchError> {
        Err(FetchError::Status(404))
    }
}

async fn check(operation: &str, data: Value, log: &[&str]) {
    check_with(operation, json!({}), data, log).await;
}

async fn check_with(operation: &str, values: Value, data: Value, log: &[&str]) {
    let (graph, plan) = graph::plan(TYPES, operation);
    let counter = Counter::default();
    let answer = executor::execute(&plan, &graph, &variables(values), &counter).await;
    assert_answer(&answer, &json!({ "data": data }));
    assert_eq!(*counter.log.lock().unwrap(), log);
}

#[tokio::test(start_paused = true)]
async fn what_one_needs_is_done_before_the_next_begins() {
    check(
        "mutation { b: add(by: 1) { id seen } a: add(by: 10) { seen } }",
        json!({"b": {"id": "the one", "seen": 1}, "a": {"seen": 11}}),
        &[
            "added 1: 1",
            "counting is done",
            "seen: 1",
            "watching is done",
            "added 10: 11",
            "counting is done",
            "seen: 11",
            "watching is done",
        ],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn neighbours_in_one_subgraph_travel_together_in_their_order() {
    check(
        "mutation { z: add(by: 1) { id } y: add(by: 2) { id } x: add(by: 4) { seen } }",
        json!({"z": {"id": "the one"}, "y": {"id": "the one"}, "x": {"seen": 7}}),
        &[
            "added 1: 1",
            "added 2: 3",
            "added 4: 7",
            "counting is done",
            "seen: 7",
            "watching is done",
        ],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn subgraphs_take_turns_as_the_client_says() {
    check(
        "mutation { look add(by: 5) { id } again: look }",
        json!({"look": 0, "add": {"id": "the one"}, "again": 5}),
        &[
            "look: 0",
            "watching is done",
            "added 5: 5",
            "counting is done",
            "look: 5",
            "watching is done",
        ],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_query_in_a_payload_sees_its_mutation_and_not_the_next() {
    check(
        "mutation { one: add(by: 1) { query { total } } two: add(by: 1) { query { total } } }",
        json!({"one": {"query": {"total": 1}}, "two": {"query": {"total": 2}}}),
        &[
            "added 1: 1",
            "counting is done",
            "total: 1",
            "watching is done",
            "added 1: 2",
            "counting is done",
            "total: 2",
            "watching is done",
        ],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_first_place_that_applies_decides_whose_turn_it_is() {
    let operation = "mutation ($c: Boolean!) {
        a: add(by: 1) @include(if: $c) { id } look a: add(by: 1) { seen }
    }";
    check_with(
        operation,
        json!({"c": true}),
        json!({"a": {"id": "the one", "seen": 1}, "look": 1}),
        &[
            "added 1: 1",
            "counting is done",
            "seen: 1",
            "watching is done",
            "look: 1",
            "watching is done",
        ],
    )
    .await;
    check_with(
        operation,
        json!({"c": false}),
        json!({"look": 0, "a": {"seen": 1}}),
        &[
            "look: 0",
            "watching is done",
            "added 1: 1",
            "counting is done",
            "seen: 1",
            "watching is done",
        ],
    )
    .await;
}
