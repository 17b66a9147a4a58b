//! What the console asks of the gateway itself.

use axum::Router;
use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use server::{Console, FormerGraph, Gateway, GatewayOptions, Mode};

use crate::auth::{Issuer, token};
use crate::graph::{Answer, Graph, ask, gateway, post, send};

fn options(graph: &Graph) -> GatewayOptions {
    let mut options = graph.options();
    options.console = Some(Console::default());
    options
}

async fn get(router: &Router, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(router, request.body(Body::empty()).unwrap()).await
}

async fn read(router: &Router, what: &str) -> Value {
    let answer = get(router, &format!("/console/api/{what}"), &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

fn subgraph<'a>(report: &'a Value, name: &str) -> &'a Value {
    let all = report["subgraphs"].as_array().unwrap();
    all.iter().find(|one| one["name"] == name).unwrap()
}

fn refusal<'a>(report: &'a Value, code: &str) -> &'a Value {
    let all = report["refusals"].as_array().unwrap();
    all.iter()
        .find(|one| one["code"] == code)
        .unwrap_or_else(|| panic!("nothing was refused with {code}: {report:#}"))
}

#[tokio::test]
async fn in_development_everybody_may_look() {
    let router = gateway(options(&Graph::new()));
    let console = read(&router, "").await;
    assert_eq!(console["mode"], "dev");
    assert_eq!(console["permitted"], true);
    assert_eq!(console["signedIn"], false);
    for what in ["gateway", "subgraphs", "schema"] {
        read(&router, what).await;
    }
}

#[tokio::test]
async fn elsewhere_only_who_has_the_scope() {
    let mut options = Issuer::new().options(&Graph::new());
    options.console = Some(Console::default());
    options.mode = Mode::Serve;
    let router = gateway(options);
    let bearer = |scopes: &str| format!("Bearer {}", token(scopes, 300));
    let (reader, other) = (bearer("gateway:read"), bearer("products:cost"));
    for what in ["gateway", "subgraphs", "schema"] {
        let path = format!("/console/api/{what}");
        let answer = get(&router, &path, &[]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.code(), "UNAUTHENTICATED");
        assert!(answer.headers.contains_key("www-authenticate"));
        let answer = get(&router, &path, &[("authorization", &other)]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.code(), "FORBIDDEN");
        let answer = get(&router, &path, &[("authorization", &reader)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let answer = get(&router, &path, &[("authorization", "Bearer x")]).await;
        assert_eq!(answer.code(), "UNAUTHENTICATED");
    }
    let console = get(&router, "/console/api", &[]).await.json();
    assert_eq!(console["permitted"], false);
    let console = get(&router, "/console/api", &[("authorization", &reader)]).await;
    assert_eq!(console.json()["permitted"], true);
    assert_eq!(console.json()["signedIn"], true);
}

#[tokio::test]
async fn who_may_look_may_see_plans() {
    let mut options = Issuer::new().options(&Graph::new());
    options.mode = Mode::Serve;
    let router = gateway(options);
    let body = json!({ "query": "{ products { name } }" });
    for (scopes, shown) in [("gateway:read", true), ("other", false)] {
        let bearer = format!("Bearer {}", token(scopes, 300));
        let headers = [("tenon-plan", "json"), ("authorization", &bearer)];
        let answer = send(&router, post(&body, &headers)).await.json();
        assert_eq!(answer.get("extensions").is_some(), shown, "{answer}");
    }
}

#[tokio::test]
async fn what_is_not_there_or_not_to_be_read_is_refused() {
    let router = gateway(options(&Graph::new()));
    let answer = get(&router, "/console/api/secrets", &[]).await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::NOT_FOUND, json!("NOT_FOUND"))
    );
    let request = Request::post("/console/api/gateway").body(Body::empty());
    let answer = send(&router, request.unwrap()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.headers["allow"], "GET, HEAD");
    let without = gateway(Graph::new().options());
    let answer = get(&without, "/console/api", &[]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn operations_and_caches_are_counted() {
    let router = gateway(options(&Graph::new()));
    for _ in 0..3 {
        ask(&router, "{ products { name } }").await;
    }
    ask(&router, "mutation { rename(id: 1) { name } }").await;
    ask(&router, "{ broken }").await;
    let report = read(&router, "gateway").await;
    assert_eq!(report["operations"]["queries"], 4);
    assert_eq!(report["operations"]["mutations"], 1);
    assert_eq!(report["operations"]["withErrors"], 1);
    assert_eq!(report["operations"]["running"], 0);
    assert_eq!(report["documents"]["hits"], 2);
    assert_eq!(report["documents"]["misses"], 3);
    assert_eq!(report["documents"]["entries"], 3);
    assert_eq!(report["plans"], json!({ "hits": 2, "misses": 3 }));
    assert_eq!(report["latency"]["count"], 5);
    assert_eq!(report["generation"], 1);
    let series = &report["series"];
    let sum = |key: &str| -> u64 {
        let steps = series[key].as_array().unwrap();
        steps.iter().map(|step| step.as_u64().unwrap()).sum()
    };
    assert_eq!((sum("requests"), sum("failures")), (5, 1));
}

#[tokio::test]
async fn refusals_are_kept_by_code_without_what_they_quote() {
    let router = gateway(options(&Graph::new()));
    for number in 0..7 {
        ask(&router, &format!("{{ nothing{number} }}")).await;
    }
    ask(&router, "{ product(id: {secret: \"hunter2\"}) { name } }").await;
    ask(&router, "{ \"hunter2\" }").await;
    send(
        &router,
        Request::get("/graphql?query={a}")
            .header("origin", "https://evil.example")
            .body(Body::empty())
            .unwrap(),
    )
    .await;
    let report = read(&router, "gateway").await;
    let invalid = refusal(&report, "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(invalid["count"], 8);
    let examples = invalid["examples"].as_array().unwrap();
    assert_eq!(examples.len(), 5);
    assert!(
        examples[1]["message"]
            .as_str()
            .unwrap()
            .contains("nothing6")
    );
    assert!(examples[0]["requestId"].is_string());
    refusal(&report, "GRAPHQL_PARSE_FAILED");
    refusal(&report, "CSRF_PREFLIGHT_REQUIRED");
    assert!(!report.to_string().contains("hunter2"), "{report:#}");
}

#[tokio::test]
async fn fields_that_a_caller_may_not_see_are_refusals() {
    let mut options = Issuer::new().options(&Graph::new());
    options.console = Some(Console::default());
    let router = gateway(options);
    ask(&router, "{ products { name cost } }").await;
    let report = read(&router, "gateway").await;
    let refused = refusal(&report, "UNAUTHORIZED_FIELD_OR_TYPE");
    let message = refused["examples"][0]["message"].as_str().unwrap();
    assert!(message.contains("`products.cost`"), "{message}");
}

#[tokio::test]
async fn each_subgraph_says_how_it_is() {
    let graph = Graph::new();
    let router = gateway(options(&graph));
    ask(&router, "{ products { name reviews { text } } }").await;
    ask(&router, "{ broken }").await;
    let report = read(&router, "subgraphs").await;
    let products = subgraph(&report, "products");
    assert_eq!(products["transport"], "embedded");
    assert_eq!(products["url"], Value::Null);
    assert_eq!(products["state"], "up");
    assert_eq!(products["requests"], 2);
    assert_eq!(products["failures"]["graphql"], 1);
    assert_eq!(products["lastFailure"]["kind"], "graphql");
    assert_eq!(products["latency"]["count"], 2);
    assert_eq!(products["schema"]["source"], "embedded");
    assert!(products["sentBytes"].as_u64().unwrap() > 10);
    assert!(products["receivedBytes"].as_u64().unwrap() > 10);
    let reviews = subgraph(&report, "reviews");
    assert_eq!(reviews["requests"], 1);
    assert_eq!(reviews["schema"]["types"], 3);
    assert_eq!(reviews["schema"]["fields"], 7);
}

#[tokio::test]
async fn a_silent_subgraph_is_asked_whether_it_answers() {
    let graph = Graph::new();
    let mut options = options(&graph);
    let http = server::transport::Http::new(server::transport::HttpOptions::default());
    let nowhere = "http://127.0.0.1:1/graphql".parse().unwrap();
    let sdl = graph.reviews.sdl.clone();
    options.subgraphs[1] = server::SubgraphEndpoint::over_http("reviews", nowhere, sdl, &http);
    let router = gateway(options);
    let report = read(&router, "subgraphs").await;
    let products = subgraph(&report, "products");
    assert_eq!(
        (&products["state"], &products["requests"]),
        (&json!("up"), &json!(0))
    );
    let reviews = subgraph(&report, "reviews");
    assert_eq!(reviews["state"], "down");
    assert_eq!(reviews["lastFailure"]["kind"], "connect");
    assert_eq!(reviews["failures"]["connect"], 0, "no client was failed");
    assert_eq!(reviews["transport"], "http");
    assert_eq!(reviews["url"], "http://127.0.0.1:1/graphql");
    let asked = graph.products.asked().len();
    read(&router, "subgraphs").await;
    assert_eq!(graph.products.asked().len(), asked, "it was asked just now");
    ask(&router, "{ reviewCount }").await;
    let report = read(&router, "subgraphs").await;
    let reviews = subgraph(&report, "reviews");
    assert_eq!(reviews["failures"]["connect"], 1);
    assert_eq!(reviews["lastFailure"]["kind"], "connect");
}

#[tokio::test]
async fn the_schema_is_shown_with_what_changed_since_the_one_before() {
    let graph = Graph::new();
    let gateway = Gateway::new(options(&graph)).unwrap();
    let router = gateway.router();
    let first = get(&router, "/console/api/schema", &[]).await;
    let etag = first.headers["etag"].to_str().unwrap().to_owned();
    let unchanged = get(&router, "/console/api/schema", &[("if-none-match", &etag)]).await;
    assert_eq!(unchanged.status, StatusCode::NOT_MODIFIED);
    let first = first.json();
    assert_eq!(first["generation"], 1);
    assert_eq!(first["previous"], Value::Null);
    assert_eq!(first["changes"], json!([]));
    assert!(
        first["supergraph"]
            .as_str()
            .unwrap()
            .contains("@join__graph")
    );
    assert!(first["api"].as_str().unwrap().contains("type Product"));
    assert_eq!(first["subgraphs"][0]["name"], "products");

    let mut subgraphs = graph.in_process();
    let sdl = &mut subgraphs[1].sdl;
    *sdl = sdl.replace("reviewCount: Int!", "reviewsInAll: Int!");
    gateway.replace(subgraphs, None).unwrap();
    let second = get(&router, "/console/api/schema", &[("if-none-match", &etag)]).await;
    assert_eq!(second.status, StatusCode::OK);
    let second = second.json();
    assert_eq!(second["generation"], 2);
    assert_eq!(second["previous"]["supergraph"], first["supergraph"]);
    assert_eq!(second["previous"]["api"], first["api"]);
    let changes = second["changes"].as_array().unwrap();
    assert_eq!(changes[0]["code"], "FIELD_REMOVED");
    assert_eq!(changes[0]["level"], "breaking");
    assert_eq!(changes[0]["path"], "Query.reviewCount");
    assert_eq!(changes[1]["code"], "FIELD_ADDED");
}

#[tokio::test]
async fn graphs_of_another_process_may_be_remembered() {
    let graph = Graph::new();
    let old = FormerGraph {
        since: std::time::SystemTime::UNIX_EPOCH,
        until: std::time::SystemTime::UNIX_EPOCH,
        supergraph: "type Query { old: Int }".to_owned(),
        api: "type Query { old: Int }".to_owned(),
    };
    let remembering = |former: Vec<FormerGraph>| {
        let mut options = options(&graph);
        options.console = Some(Console {
            former,
            ..Console::default()
        });
        Gateway::new(options).unwrap()
    };
    let first = remembering(vec![old.clone()]);
    let report = read(&first.router(), "schema").await;
    assert_eq!(report["previous"]["since"], "1970-01-01T00:00:00.000Z");
    assert_eq!(report["changes"][0]["path"], "Query.old");
    // A restart without a change does not forget what the last change was.
    let second = remembering(first.graphs());
    assert_eq!(second.graphs()[1], old);
    let report = read(&second.router(), "schema").await;
    assert_eq!(report["changes"][0]["path"], "Query.old");
}

#[tokio::test]
async fn hints_say_where() {
    let graph = Graph::new();
    let mut options = options(&graph);
    for (subgraph, text) in options.subgraphs.iter_mut().zip(["one", "another"]) {
        let sdl = &subgraph.sdl;
        subgraph.sdl = sdl.replace(
            "type Product @key",
            &format!("\"{text}\" type Product @key"),
        );
    }
    let report = read(&gateway(options), "schema").await;
    let hint = &report["hints"][0];
    assert_eq!(hint["code"], "INCONSISTENT_DESCRIPTION");
    assert_eq!(hint["level"], "warn");
    let place = &hint["places"][0];
    assert_eq!(place["subgraph"], "products");
    assert!(place["line"].as_u64().unwrap() > 1, "{hint}");
}

#[tokio::test]
async fn counting_goes_on_over_generations() {
    let graph = Graph::new();
    let gateway = Gateway::new(options(&graph)).unwrap();
    let router = gateway.router();
    ask(&router, "{ products { name } }").await;
    gateway.replace(graph.in_process(), None).unwrap();
    let report = read(&router, "subgraphs").await;
    assert_eq!(subgraph(&report, "products")["requests"], 1);
    let schema = read(&router, "schema").await;
    assert_eq!(schema["previous"], Value::Null, "nothing has changed");
}

#[tokio::test]
async fn without_pages_the_query_page_says_how_to_build_them() {
    let page = get(&gateway(options(&Graph::new())), "/", &[]).await;
    assert!(page.text.contains("make console"), "{}", page.text);
    let page = get(&gateway(Graph::new().options()), "/", &[]).await;
    assert!(!page.text.contains("make console"), "{}", page.text);
}

#[tokio::test]
async fn pages_are_served_beside_the_interface() {
    let mut options = options(&Graph::new());
    let pages = Router::new()
        .route("/", axum::routing::get(async || "home"))
        .route("/console/{*path}", axum::routing::get(async || "page"));
    options.console = Some(Console {
        pages: Some(pages),
        ..Console::default()
    });
    let router = gateway(options);
    assert_eq!(get(&router, "/", &[]).await.text, "home");
    assert_eq!(get(&router, "/console/explore", &[]).await.text, "page");
    assert_eq!(read(&router, "").await["mode"], "dev");
    assert_eq!(get(&router, "/health", &[]).await.text, "ok\n");
}
