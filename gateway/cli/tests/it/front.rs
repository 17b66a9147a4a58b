//! The front of the graph: who is let in, and what is refused.

use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::post;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::clients::{self, Client};
use crate::world::{Api, Dev, Process, free_port, wait_ready};

/// 1.1 kB whose expansion has 2^24 fields.
fn doubling_fragments() -> String {
    const DOUBLINGS: usize = 24;
    let doublings: String = (0..DOUBLINGS)
        .map(|number| {
            let next = number + 1;
            format!("fragment f{number} on Query {{ ...f{next} ...f{next} }} ")
        })
        .collect();
    format!("{{ ...f0 }} {doublings}fragment f{DOUBLINGS} on Query {{ __typename }}")
}

#[tokio::test]
async fn hostile_documents_are_refused_at_once() {
    let dev = Dev::start().await;
    let token = dev.api.token("OWNER").await;
    let nested = format!(
        "{{ viewer {{ tenant {{ id }} }} {} }}",
        "... on Query { ".repeat(5_000) + "__typename" + &" }".repeat(5_000)
    );
    let aliases: String = (0..20_000)
        .map(|number| format!("a{number}: __typename "))
        .collect();
    let circle = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }".to_owned();
    for document in [
        doubling_fragments(),
        nested,
        format!("{{ {aliases} }}"),
        circle,
    ] {
        for token in ["", token.as_str()] {
            let start = Instant::now();
            let answer = dev.api.ask(token, &document, json!({})).await;
            let elapsed = start.elapsed();
            assert!(answer["errors"][0]["message"].is_string(), "{answer:#}");
            assert_eq!(answer.get("data"), None, "{answer:#}");
            assert!(elapsed < Duration::from_secs(2), "{elapsed:?}: {answer:#}");
        }
    }
    let answer = dev.api.data(&token, "{ __typename }", json!({})).await;
    assert_eq!(answer, json!({ "__typename": "Query" }));
}

#[tokio::test]
async fn the_audits_of_graphql_over_http_pass() {
    if !clients::installed() {
        return;
    }
    let dev = Dev::start().await;
    let url = format!("{}/graphql", dev.api.base);
    let mut audits = Client::start("audit.mjs", &[&url]);
    let mut passed = 0;
    while let Some(audit) = audits.next_if_any().await {
        assert_eq!(audit["status"], "ok", "{audit:#}");
        passed += 1;
    }
    assert!(audits.finish().await);
    assert!(passed > 50, "only {passed} audits ran");
}

#[tokio::test]
async fn without_a_token_only_the_schema_is_shown() {
    let dev = Dev::start().await;
    let introspection = "{ __schema { queryType { fields {
        name args { name type { kind ofType { name } } }
    } } mutationType { name } subscriptionType { name } } __type(name: \"Customer\") {
        fields { name }
    } }";
    let shown = dev.api.data("", introspection, json!({})).await;
    assert_eq!(shown["__schema"]["mutationType"]["name"], "Mutation");
    assert_eq!(
        shown["__schema"]["subscriptionType"]["name"],
        "Subscription"
    );
    let fields = shown["__type"]["fields"].as_array().expect("fields");
    assert!(fields.contains(&json!({ "name": "invoices" })));

    let fields = shown["__schema"]["queryType"]["fields"]
        .as_array()
        .expect("fields");
    assert!(fields.len() > 20);
    let mut asked = 0;
    for field in fields {
        let arguments = field["args"].as_array().expect("arguments");
        let needed: Vec<&Value> = arguments
            .iter()
            .filter(|argument| argument["type"]["kind"] == "NON_NULL")
            .collect();
        if needed
            .iter()
            .any(|argument| argument["type"]["ofType"]["name"] != "ID")
        {
            continue;
        }
        let name = field["name"].as_str().expect("a name");
        let query = match needed.as_slice() {
            [] => format!("{{ {name} {{ __typename }} }}"),
            _ => format!("{{ {name}(id: \"app_01jgfjjz00e008000000000001\") {{ __typename }} }}"),
        };
        let answer = dev.api.ask("", &query, json!({})).await;
        let code = &answer["errors"][0]["extensions"]["code"];
        assert_eq!(code, "UNAUTHORIZED_FIELD_OR_TYPE", "{query}: {answer:#}");
        assert!(
            answer["data"].is_null() || answer["data"][name].is_null(),
            "{query}: {answer:#}"
        );
        asked += 1;
    }
    assert!(asked > 20, "only {asked} fields were asked for");
}

#[tokio::test]
async fn what_is_no_token_of_ours_is_refused_with_401() {
    let dev = Dev::start().await;
    let token = dev.api.token("OWNER").await;
    let (signed, signature) = token.rsplit_once('.').expect("three parts");
    let reversed: String = signature.chars().rev().collect();
    let nobodys = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c3JfMDFqZ2ZqanowMGUwMDgwMDAwMDAwMDAwMDEifQ.";
    let body = json!({ "query": "{ __typename }" }).to_string();
    for authorization in [
        "Bearer".to_owned(),
        "Bearer x".to_owned(),
        "Basic YTpi".to_owned(),
        format!("Bearer {nobodys}"),
        format!("Bearer {signed}."),
        format!("Bearer {signed}.{reversed}"),
    ] {
        let headers = [
            ("content-type", "application/json"),
            ("authorization", authorization.as_str()),
        ];
        let (status, headers, answer) = dev
            .api
            .send(Method::POST, "/graphql", &headers, body.clone())
            .await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{authorization}");
        assert!(headers.contains_key("www-authenticate"), "{authorization}");
        let answer: Value = serde_json::from_slice(&answer).expect("JSON");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert_eq!(answer.get("data"), None);
    }
    let answer = dev.api.data(&token, "{ __typename }", json!({})).await;
    assert_eq!(answer, json!({ "__typename": "Query" }));
}

/// `tenon serve --subgraphs` on a file with this content.
pub(crate) async fn serve(list: &Value) -> (Process, Api, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("subgraphs.json");
    std::fs::write(&file, list.to_string()).expect("a file");
    let listen = format!("127.0.0.1:{}", free_port());
    let file = file.to_str().expect("a UTF-8 path");
    let arguments = ["serve", "--subgraphs", file, "--listen", &listen];
    let mut process = Process::start(&arguments, &[], &folder.path().join("log"));
    let api = Api::new(format!("http://{listen}"));
    wait_ready(&api, &mut process).await;
    (process, api, folder)
}

#[tokio::test]
async fn a_plain_list_of_subgraphs_is_served_without_asking_who_comes() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let subgraph = Router::new().route(
        "/graphql",
        post(async || axum::Json(json!({ "data": { "answer": 42 } }))),
    );
    let subgraph = tokio::spawn(async { axum::serve(listener, subgraph).await });
    let sdl = "extend schema @link(
            url: \"https://specs.apollo.dev/federation/v2.5\", import: [\"@requiresScopes\"]
        )
        type Query { answer: Int @requiresScopes(scopes: [[\"answers:read\"]]) }";
    let url = format!("http://{address}/graphql");
    let (process, api, _folder) =
        serve(&json!([{ "name": "answers", "url": url, "sdl": sdl }])).await;

    let (status, ..) = api.send(Method::GET, "/health", &[], "").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        api.data("", "{ answer }", json!({})).await,
        json!({ "answer": 42 })
    );
    assert!(process.output().contains("WARN"), "{}", process.output());
    subgraph.abort();
}
