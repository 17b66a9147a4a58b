//! Subgraphs that answer what a test says, and remember what they were asked.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use apollo_compiler::response::JsonMap;
use async_trait::async_trait;
use bytes::Bytes;
use executor::{Answer, Fetch, FetchError, Request, Response};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use planner::plan::{OperationKind, Plan};
use serde_json::{Value, json};
use supergraph::Supergraph;

/// Scripted subgraphs. A subgraph that has nothing left to say fails the test.
#[derive(Default)]
pub(crate) struct Script {
    lines: Mutex<HashMap<String, VecDeque<Line>>>,
    asked: Mutex<Vec<Asked>>,
}

/// One request, as a subgraph saw it.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) subgraph: String,
    pub(crate) kind: OperationKind,
    pub(crate) body: Value,
    /// On the paused clock.
    pub(crate) at: Duration,
}

struct Line {
    result: Result<Response, FetchError>,
    delay: Duration,
}

impl Script {
    /// `subgraph` says this next.
    pub(crate) fn says(self, subgraph: &str, body: &Value) -> Self {
        self.sends(subgraph, &body.to_string())
    }

    /// The same with these bytes.
    pub(crate) fn sends(self, subgraph: &str, body: &str) -> Self {
        let response = Response {
            status: 200,
            content_type: Some("application/json; charset=utf-8".to_owned()),
            body: Bytes::copy_from_slice(body.as_bytes()),
        };
        self.ends(subgraph, Ok(response))
    }

    pub(crate) fn ends(self, subgraph: &str, result: Result<Response, FetchError>) -> Self {
        self.line(subgraph, result, Duration::ZERO)
    }

    /// `subgraph` says this after a while.
    pub(crate) fn says_late(self, subgraph: &str, delay: Duration, body: &Value) -> Self {
        let response = Response {
            status: 200,
            content_type: None,
            body: Bytes::from(body.to_string()),
        };
        self.line(subgraph, Ok(response), delay)
    }

    fn line(self, subgraph: &str, result: Result<Response, FetchError>, delay: Duration) -> Self {
        let mut lines = self.lines.lock().unwrap();
        let queue = lines.entry(subgraph.to_owned()).or_default();
        queue.push_back(Line { result, delay });
        drop(lines);
        self
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The representations that a subgraph's only request carried.
    #[track_caller]
    pub(crate) fn representations(&self, subgraph: &str) -> Value {
        let asked = self.asked();
        let mut asked = asked.iter().filter(|asked| asked.subgraph == subgraph);
        let first = asked.next().expect("the subgraph is asked");
        assert!(asked.next().is_none(), "{subgraph} is asked once");
        first.body["variables"]["r_entities"].clone()
    }

    fn next(&self, request: &Request) -> Line {
        let subgraph = request.subgraph.to_string();
        let mut lines = self.lines.lock().unwrap();
        let line = lines.get_mut(&subgraph).and_then(VecDeque::pop_front);
        let body = serde_json::from_slice(&request.body).expect("a request is JSON");
        self.asked.lock().unwrap().push(Asked {
            subgraph,
            kind: request.kind,
            body,
            at: START.with(tokio::time::Instant::elapsed),
        });
        line.unwrap_or_else(|| panic!("{} is not expected to be asked", request.subgraph))
    }
}

thread_local! {
    static START: tokio::time::Instant = tokio::time::Instant::now();
}

#[async_trait]
impl Fetch for Script {
    async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        let line = self.next(&request);
        if !line.delay.is_zero() {
            tokio::time::sleep(line.delay).await;
        }
        line.result
    }

    /// Each line is an event.
    async fn subscribe(
        &self,
        request: Request,
    ) -> Result<BoxStream<'static, Result<Bytes, FetchError>>, FetchError> {
        let first = self.next(&request).result?;
        let mut lines = self.lines.lock().unwrap();
        let rest = lines.remove(&*request.subgraph).unwrap_or_default();
        let rest = rest.into_iter().map(|line| line.result);
        let events = [Ok(first)].into_iter().chain(rest);
        let events: Vec<_> = events.map(|event| event.map(|event| event.body)).collect();
        Ok(stream::iter(events).boxed())
    }
}

pub(crate) fn supergraph() -> Arc<Supergraph> {
    let sdl = r#"
        schema
          @link(url: "https://specs.apollo.dev/link/v1.0")
          @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
        { query: Query }
        directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
        directive @join__graph(name: String!, url: String!) on ENUM_VALUE
        directive @join__type(graph: join__Graph!, key: join__FieldSet) repeatable on OBJECT
        scalar link__Import
        scalar join__FieldSet
        enum link__Purpose { SECURITY EXECUTION }
        enum join__Graph { CATALOG @join__graph(name: "catalog", url: "http://catalog") }
        type Query @join__type(graph: CATALOG) { "All of them." products: [Product] }
        type Product @join__type(graph: CATALOG) { name: String }
    "#;
    Arc::new(Supergraph::parse(sdl).expect("it is a supergraph"))
}

pub(crate) fn variables(values: Value) -> JsonMap {
    serde_json::from_value(values).unwrap()
}

pub(crate) async fn execute(plan: &Plan, script: &Script, values: Value) -> Answer {
    executor::execute(plan, &supergraph(), &variables(values), script).await
}

/// The answer is exactly this, its order of keys included.
#[track_caller]
pub(crate) fn assert_answer(answer: &Answer, expected: &Value) {
    let body = str::from_utf8(&answer.body).unwrap();
    let seen: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"));
    assert_eq!(body, expected.to_string(), "\n{seen:#}\n");
    let errors = seen["errors"].as_array().map_or(0, Vec::len);
    assert_eq!(answer.errors, errors);
}

/// The answer to a plan without variables is exactly this.
pub(crate) async fn check(plan: &Plan, script: &Script, expected: Value) {
    let answer = execute(plan, script, json!({})).await;
    assert_answer(&answer, &expected);
}

/// Three products of the catalog.
pub(crate) fn catalog() -> Script {
    Script::default().says(
        "catalog",
        &json!({"data": {"products": [
            {"_id": "1", "name": "Chair"},
            {"_id": "2", "name": "Table"},
            {"_id": "3", "name": "Lamp"},
        ]}}),
    )
}
