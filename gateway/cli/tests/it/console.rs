//! What a browser gets: the console where it was built, the small query page elsewhere, nothing
//! from other hosts.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::front::serve;
use crate::world::{Api, Dev, PATIENCE};

/// Values of an attribute in a page.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let begin = format!(" {name}=\"");
    page.split(begin.as_str())
        .skip(1)
        .map(|rest| rest.split('"').next().expect("an end"))
        .collect()
}

async fn get(api: &Api, path: &str) -> (StatusCode, http::HeaderMap, String) {
    let (status, headers, body) = api.send(Method::GET, path, &[], "").await;
    (status, headers, String::from_utf8_lossy(&body).into_owned())
}

/// Whether the program that is tested was built with the console.
async fn is_built(api: &Api) -> bool {
    let (_, _, page) = get(api, "/").await;
    page.contains("/console/assets/")
}

#[tokio::test]
async fn a_browser_gets_a_page_that_comes_from_this_host_alone() {
    let dev = Dev::start().await;
    let (status, headers, page) = get(&dev.api, "/").await;
    assert_eq!(status, StatusCode::OK);
    let header = |name: &str| headers[name].to_str().expect("text");
    assert!(header("content-type").starts_with("text/html"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    let policy = header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let own = [
        format!("ws://{}", dev.api.base.trim_start_matches("http://")),
        format!("wss://{}", dev.api.base.trim_start_matches("http://")),
    ];
    for source in policy
        .split([' ', ';'])
        .filter(|source| source.contains(':'))
    {
        let is_data = matches!(source, "data:" | "blob:");
        assert!(
            is_data || own.contains(&source.to_owned()),
            "{source} in {policy}"
        );
    }
    assert!(!policy.contains("unsafe-eval"), "{policy}");
    let links = [attributes(&page, "src"), attributes(&page, "href")].concat();
    assert!(links.len() >= 2, "{page}");
    for link in links {
        assert!(link.starts_with('/') && !link.starts_with("//"), "{link}");
        let (status, ..) = get(&dev.api, link).await;
        assert_eq!(status, StatusCode::OK, "{link}");
    }
}

#[tokio::test]
async fn every_page_of_a_built_console_can_be_opened_by_its_path() {
    let dev = Dev::start().await;
    if !is_built(&dev.api).await {
        let required =
            std::env::var_os("TENON_TEST_SERVERS").is_some_and(|value| value == "required");
        assert!(!required, "the console is missing: run `make console`");
        eprintln!("SKIPPED: the console is missing; `make console` builds it");
        return;
    }
    let (_, _, home) = get(&dev.api, "/").await;
    let script = attributes(&home, "src");
    for page in ["explore", "live", "graph", "health", "customers/cus_1"] {
        let (status, headers, text) = get(&dev.api, &format!("/console/{page}")).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(headers.contains_key("content-security-policy"), "{page}");
        assert_eq!(attributes(&text, "src"), script, "{page}");
    }
    let accept = [("accept-encoding", "br")];
    let (status, headers, body) = dev.api.send(Method::GET, script[0], &accept, "").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["content-encoding"], "br");
    assert!(
        headers["cache-control"]
            .to_str()
            .expect("text")
            .contains("immutable")
    );
    assert!(body.len() < 120_000, "{} bytes for the shell", body.len());
}

#[tokio::test]
async fn a_restart_remembers_the_graph_that_was_served() {
    let mut dev = Dev::start().await;
    let schema = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    let (status, _, first) = get(&dev.api, "/console/api/schema").await;
    assert_eq!(status, StatusCode::OK, "{first}");
    assert_eq!(schema(&first)["previous"], Value::Null);
    let file = dev.data.path().join("gateway/graphs.json");
    let remembered = std::fs::read_to_string(&file).expect("it remembers");
    let other = remembered.replace("type Query", "type Query ");
    std::fs::write(&file, other).expect("it can be written");
    dev.crash_and_restart().await;
    let (_, _, second) = get(&dev.api, "/console/api/schema").await;
    assert!(schema(&second)["previous"]["supergraph"].is_string());
}

#[tokio::test]
async fn the_gateway_tells_how_it_and_its_subgraphs_are() {
    let dev = Dev::start().await;
    let token = dev.api.token("OWNER").await;
    dev.api
        .data(&token, "{ viewer { tenant { id } } }", json!({}))
        .await;
    let (_, _, text) = get(&dev.api, "/console/api/subgraphs").await;
    let report: Value = serde_json::from_str(&text).expect("JSON");
    let subgraphs = report["subgraphs"].as_array().expect("a list");
    assert_eq!(subgraphs.len(), 6);
    for subgraph in subgraphs {
        assert_eq!(subgraph["state"], "up", "{subgraph:#}");
        assert!(subgraph["schema"]["fields"].as_u64().expect("a number") > 5);
    }
    let (_, _, text) = get(&dev.api, "/console/api/gateway").await;
    let report: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(report["operations"]["queries"], 1);
    assert!(!text.contains(&token), "no token is kept");
}

/// Looks at the schema until it is of this generation.
async fn generation(api: &Api, number: u64) -> Value {
    let start = std::time::Instant::now();
    loop {
        let (_, _, text) = get(api, "/console/api/schema").await;
        let report: Value = serde_json::from_str(&text).expect("JSON");
        if report["generation"] == number {
            return report;
        }
        assert!(start.elapsed() < PATIENCE, "{report:#}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_signal_reads_the_schemas_anew() {
    let list =
        |sdl: &str| json!([{ "name": "a", "url": "http://127.0.0.1:1/graphql", "sdl": sdl }]);
    let (process, api, folder) = serve(&list("type Query { old: Int kept: Int }")).await;
    let file = folder.path().join("subgraphs.json");
    let reload = |text: String| {
        std::fs::write(&file, text).expect("it can be written");
        process.signal("HUP");
    };
    assert_eq!(generation(&api, 1).await["previous"], Value::Null);
    reload(list("type Query { new: Int kept: Int }").to_string());
    let report = generation(&api, 2).await;
    let paths = report["changes"].as_array().expect("a list").iter();
    let paths: Vec<&Value> = paths.map(|change| &change["path"]).collect();
    assert_eq!(paths, ["Query.old", "Query.new"]);
    // What cannot be served changes nothing, and the next one is taken again.
    reload(list("type Query { broken: Nothing }").to_string());
    let start = std::time::Instant::now();
    while !process.output().contains("the graph stays as it is") {
        assert!(start.elapsed() < PATIENCE, "{}", process.output());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    reload(list("type Query { newest: Int }").to_string());
    let report = generation(&api, 3).await;
    assert_eq!(report["changes"][1]["path"], "Query.kept");
}

#[test]
fn the_configuration_has_a_schema() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_tenon"))
        .args(["config", "schema"])
        .output()
        .expect("it runs");
    assert!(output.status.success());
    let schema: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(schema["title"], "tenon.yaml");
    for key in ["subgraphs", "limits", "cors", "contracts"] {
        assert!(schema["properties"][key].is_object(), "{key}");
    }
}
