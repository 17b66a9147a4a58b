//! `tenon serve` with a contract of its configuration.

use serde_json::{Value, json};

use super::{folder, serve, tenon};
use crate::world::{Api, Process, free_port, wait_ready};

const SHOP: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@tag"])
type Query { open: Int @tag(name: "public") secret: Int }
"#;

/// Serves `SHOP`, whose schema the subgraph prints, with the contracts `public` and `nothing`.
fn config() -> String {
    let url = serve(|asked| match asked {
        asked if asked.contains("_service") => json!({ "data": { "_service": { "sdl": SHOP } } }),
        _ => json!({ "data": { "open": 1 } }),
    });
    format!(
        "
auth: off
subgraphs: {{ shop: {{ url: '{url}', schema: {{ introspect: true }} }} }}
contracts: {{ public: {{ include: [public] }}, nothing: {{ include: [none] }} }}
"
    )
}

#[tokio::test]
async fn a_contract_is_served_in_place_of_the_graph() {
    let folder = folder(&[("tenon.yaml", &config())]);
    let path = folder.path().join("tenon.yaml");
    let listen = format!("127.0.0.1:{}", free_port());
    let arguments = [
        "serve",
        "--config",
        path.to_str().expect("a UTF-8 path"),
        "--contract",
        "public",
        "--listen",
        &listen,
    ];
    let mut process = Process::start(&arguments, &[], &folder.path().join("log"));
    let api = Api::new(format!("http://{listen}"));
    wait_ready(&api, &mut process).await;

    let fields = "{ open __type(name: \"Query\") { fields { name } } }";
    let answer: Value = api.data("", fields, json!({})).await;
    let shown = json!({ "open": 1, "__type": { "fields": [{ "name": "open" }] } });
    assert_eq!(answer, shown);
}

#[test]
fn a_contract_that_cannot_be_served_says_why() {
    let folder = folder(&[("tenon.yaml", &config())]);
    for (name, reason) in [
        (
            "privat",
            "there is no contract `privat`, but public, nothing",
        ),
        ("nothing", "what is left is not a schema"),
    ] {
        let said = tenon(folder.path(), &["serve", "--contract", name]);
        assert_eq!(said.code, Some(1));
        assert!(said.err.contains(reason), "{}", said.err);
    }
}
