//! `tenon.yaml`.

use std::time::Duration;

use serde_json::json;
use server::config::{
    AuthConfig, Config, ConfigError, PUBLIC_URL_VARIABLE, SIGNING_KEY_VARIABLE, SchemaSource,
    development,
};
use server::{Auth, Gateway, Introspection, Mode};

use crate::graph::{Graph, ask, start};

const FULL: &str = r"
listen: 0.0.0.0:4000
public_url: https://api.example.com
subgraphs:
  billing: { url: http://billing:4005/graphql, schema: { file: schema/billing.graphql } }
  elsewhere:
    url: [ http://one.elsewhere/graphql, http://two.elsewhere/graphql ]
    schema: { introspect: true }
auth: { issuer: https://api.example.com, jwks: http://identity:4001/.well-known/jwks.json }
doors: { /hooks: billing }
override_labels: { new-billing: 25, percent(5): 0 }
connections: { connect_deadline: 500ms }
limits: { fetch_deadline: 3s, body_bytes_max: 2MiB, document_depth_max: 20 }
stop_deadline: 1m
mode: dev
console: false
introspection: false
cors:
  origins: [ https://app.example.com, http://localhost:3000 ]
  methods: [ POST ]
  headers: [ X-Own ]
  exposed_headers: []
  credentials: true
  max_age: 1h
";

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, |_| None)
}

#[track_caller]
fn check(text: &str, problems: &[&str]) {
    let error = parse(text).unwrap_err().to_string();
    assert_eq!(error.lines().collect::<Vec<_>>(), problems);
}

#[test]
fn everything_can_be_said() {
    let config = parse(FULL).unwrap();
    assert_eq!(config.listen.to_string(), "0.0.0.0:4000");
    let [billing, elsewhere] = config.subgraphs.as_slice() else {
        panic!("{:?}", config.subgraphs);
    };
    assert_eq!(billing.name, "billing");
    assert_eq!(billing.url, "http://billing:4005/graphql");
    assert_eq!(elsewhere.url, "http://one.elsewhere/graphql");
    assert_eq!(elsewhere.others, ["http://two.elsewhere/graphql"]);
    assert_eq!(
        billing.schema,
        SchemaSource::File("schema/billing.graphql".into())
    );
    assert_eq!(elsewhere.schema, SchemaSource::Introspect);
    assert!(matches!(config.auth, AuthConfig::Tokens { ref audience, .. } if audience == "tenon"));
    assert_eq!(config.doors[0].prefix(), "/hooks");
    assert_eq!(config.override_labels["new-billing"], "25".parse().unwrap());
    assert_eq!(config.override_labels["percent(5)"], "0".parse().unwrap());
    assert_eq!(
        config.connections.connect_deadline,
        Duration::from_millis(500)
    );
    assert_eq!(config.limits.fetch_deadline, Duration::from_secs(3));
    assert_eq!(config.limits.body_bytes_max, 2 * 1024 * 1024);
    assert_eq!(config.limits.document_depth_max, 20);
    assert_eq!(config.stop_deadline, Duration::from_secs(60));
    assert_eq!(config.mode, Mode::Dev);
    assert_eq!(config.console, Some(false));
    assert_eq!(config.introspection, Introspection::Inspectors);
    let cors = config.cors.unwrap();
    assert_eq!(cors.origins.len(), 2);
    assert_eq!(cors.methods, ["POST"]);
    assert_eq!(cors.headers, ["x-own"]);
    assert!(cors.exposed_headers.is_empty() && cors.credentials);
    assert_eq!(cors.max_age, Duration::from_secs(3600));
}

#[test]
fn origins_are_exact() {
    let refused =
        "cors.origins: must be an exact origin such as https://app.example.com, or a list of such";
    check("cors: { origins: [ '*' ] }", &[refused]);
    check(
        "cors: { origins: [ https://app.example.com/ ] }",
        &[refused],
    );
    check(
        "cors: {}",
        &["cors.origins: is missing: an exact origin such as https://app.example.com"],
    );
}

#[test]
fn everything_has_a_default() {
    let config = parse("").unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:4000");
    assert_eq!(config.mode, Mode::Serve);
    assert_eq!(config.limits, server::Limits::default());
    assert_eq!(config.auth, AuthConfig::Unsaid);
    assert_eq!(parse("auth: off").unwrap().auth, AuthConfig::Off);
}

#[test]
fn everything_wrong_is_said_at_once() {
    check(
        "
        lisen: 1
        listen: here
        subgraphs:
          billing: { ulr: http://x/graphql, schema: { file: a, introspect: true } }
          apps: { url: [ http://x/a, http://y/b ], schema: { file: a } }
        auth: { issuer: x }
        doors: { files: files, /hooks: nobody }
        limits: { fetch_deadline: 3, body_bytes_max: 1GB, requests_max: 0, colour: red }
        mode: fast
        ",
        &[
            "listen: `here` is not an address such as 0.0.0.0:4000",
            "subgraphs.billing.url: is missing: the URL of its GraphQL endpoint",
            "subgraphs.billing.schema: give either a file or introspect: true",
            "subgraphs.billing.ulr: is not a setting; did you mean `url`?",
            "subgraphs.apps.url: the URLs of one subgraph have the same path",
            "auth.jwks: is missing: the URL of the issuer's keys",
            "doors.files: `files` is not the prefix of a door: use `/` and segments of a-z, 0-9, `-`, `_` and `.`",
            "limits.body_bytes_max: `1GB` is not a size such as 65536, 100kB, 64KiB or 16MiB",
            "limits.requests_max: must be at least 1",
            "limits.fetch_deadline: `3` is not a time such as 500ms, 15s, 2m or 1h",
            "limits.colour: is not a setting",
            "mode: must be dev or serve",
            "lisen: is not a setting; did you mean `listen`?",
            "doors./hooks: `nobody` is no subgraph",
        ],
    );
    assert!(matches!(parse(": ["), Err(ConfigError::Yaml(_))));
}

#[test]
fn the_signing_key_comes_from_the_environment() {
    let with = |value: &'static str| {
        Config::parse("", move |name| {
            (name == SIGNING_KEY_VARIABLE).then(|| value.to_owned())
        })
    };
    let config = with("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc").unwrap();
    assert!(config.signer.is_some());
    let error = with("secret-that-is-wrong").unwrap_err().to_string();
    assert!(
        error.starts_with(SIGNING_KEY_VARIABLE) && !error.contains("secret"),
        "{error}"
    );
}

#[test]
fn one_public_url_is_enough() {
    let issuer = |text: &str, variable: Option<&'static str>| {
        let config = Config::parse(text, move |name| {
            variable
                .filter(|_| name == PUBLIC_URL_VARIABLE)
                .map(str::to_owned)
        })
        .unwrap();
        match config.auth {
            AuthConfig::Tokens { issuer, .. } => issuer,
            other => panic!("{other:?}"),
        }
    };
    let silent = "auth: { jwks: http://identity/jwks.json }";
    let written = format!("public_url: https://file.example\n{silent}");
    let explicit = "auth: { issuer: https://other.example, jwks: http://identity/jwks.json }";
    assert_eq!(issuer(&written, None), "https://file.example");
    assert_eq!(
        issuer(&written, Some("https://variable.example")),
        "https://variable.example"
    );
    assert_eq!(
        issuer(silent, Some("https://variable.example/")),
        "https://variable.example"
    );
    assert_eq!(
        issuer(explicit, Some("https://variable.example")),
        "https://other.example"
    );
    check(
        silent,
        &["auth.issuer: is missing: a text, or give a public_url"],
    );
}

#[tokio::test]
async fn serving_needs_a_word_about_auth() {
    let folder = std::path::Path::new(".");
    let error = parse("").unwrap().into_options(folder).await.err().unwrap();
    assert!(error.to_string().starts_with("auth: "), "{error}");
    let options = parse("auth: off")
        .unwrap()
        .into_options(folder)
        .await
        .unwrap();
    assert!(matches!(options.auth, Auth::Off));
}

#[tokio::test]
async fn a_schema_that_cannot_be_read_is_named() {
    let text = "
        auth: off
        subgraphs: { a: { url: http://127.0.0.1:1/graphql, schema: { file: nowhere.graphql } } }
    ";
    let folder = std::path::Path::new("/nonexistent");
    let error = parse(text)
        .unwrap()
        .into_options(folder)
        .await
        .err()
        .unwrap();
    assert!(
        error.to_string().contains("/nonexistent/nowhere.graphql"),
        "{error}"
    );
}

#[tokio::test]
async fn a_list_of_subgraphs_is_a_graph() {
    let graph = Graph::new();
    let mut list = Vec::new();
    let mut listening = Vec::new();
    for subgraph in [&graph.products, &graph.reviews] {
        let server = start(subgraph.router()).await;
        let url = format!("http://{}/graphql", server.address);
        list.push(json!({ "name": subgraph.name, "url": url, "sdl": subgraph.sdl }));
        listening.push(server);
    }
    let options = development(&json!(list).to_string()).unwrap();
    let router = Gateway::new(options).unwrap().router();
    let answer = ask(&router, "{ secret products { cost } }").await;
    let data = json!({ "secret": "s3cret", "products": [{ "cost": 10 }, { "cost": 5 }] });
    assert_eq!(answer, json!({ "data": data }));
    assert!(development("{}").is_err());
    assert!(development(r#"[{"name":"a","url":"nowhere","sdl":""}]"#).is_err());
}

#[tokio::test]
async fn a_subgraph_that_prints_no_schema_is_introspected() {
    let refused = json!({ "errors": [{ "message": "there is no _service" }] }).to_string();
    let int = json!({ "kind": "SCALAR", "name": "Int", "ofType": null });
    let field = json!({ "name": "a", "args": [], "type": int });
    let query = json!({ "kind": "OBJECT", "name": "Query", "interfaces": [], "fields": [field] });
    let told =
        json!({ "data": { "__schema": { "queryType": { "name": "Query" }, "types": [query] } } });
    let told = told.to_string();
    let router = axum::Router::new().fallback(move |question: String| {
        let refuses = question.contains("_service");
        std::future::ready(if refuses {
            refused.clone()
        } else {
            told.clone()
        })
    });
    let server = start(router).await;
    let text = format!(
        "
        auth: off
        subgraphs: {{ a: {{ url: http://{}/graphql, schema: {{ introspect: true }} }} }}
        ",
        server.address
    );
    let folder = std::path::Path::new(".");
    let options = parse(&text).unwrap().into_options(folder).await.unwrap();
    let sdl = &options.subgraphs[0].sdl;
    assert!(sdl.contains("a: Int"), "{sdl}");
    Gateway::new(options).unwrap();
}

#[tokio::test]
async fn a_subgraph_can_be_asked_for_its_schema() {
    let answer = json!({ "data": { "_service": { "sdl": "type Query { a: Int }" } } });
    let answer = answer.to_string();
    let router = axum::Router::new().fallback(move || std::future::ready(answer.clone()));
    let server = start(router).await;
    let text = format!(
        "
        auth: off
        subgraphs: {{ a: {{ url: http://{}/graphql, schema: {{ introspect: true }} }} }}
        ",
        server.address
    );
    let folder = std::path::Path::new(".");
    let options = parse(&text).unwrap().into_options(folder).await.unwrap();
    assert_eq!(options.subgraphs[0].sdl, "type Query { a: Int }");
    Gateway::new(options).unwrap();
}
