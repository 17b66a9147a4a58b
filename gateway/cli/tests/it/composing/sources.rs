//! Where schemas come from: files, servers, the configuration itself.

use serde_json::{Value, json};

use super::{folder, serve, serve_schema, tenon};

#[test]
fn rovers_configuration_composes_from_a_file_a_url_and_a_text() {
    let asked = serve_schema("type Query { two: Int }");
    let config = format!(
        "federation_version: =2.12
subgraphs:
  one: {{ routing_url: http://one/graphql, schema: {{ file: schemas/one.graphql }} }}
  two: {{ schema: {{ subgraph_url: '{asked}' }} }}
  three:
    routing_url: http://three/graphql
    schema:
      sdl: |
        type Query {{ three: Colour }}
        enum Colour {{ RED }}
"
    );
    let folder = folder(&[
        ("supergraph.yaml", &config),
        ("schemas/one.graphql", "type Query { one: Int }"),
    ]);
    let said = tenon(
        folder.path(),
        &[
            "compose",
            "--config",
            "supergraph.yaml",
            "--out",
            "all.graphql",
            "--api-out",
            "api.graphql",
        ],
    );
    assert_eq!(
        (said.code, said.out.as_str()),
        (Some(0), ""),
        "{}",
        said.err
    );
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let supergraph = read("all.graphql");
    for url in ["http://one/graphql", &asked, "http://three/graphql"] {
        assert!(
            supergraph.contains(&format!("url: \"{url}\"")),
            "{supergraph}"
        );
    }
    let api = read("api.graphql");
    for field in ["one: Int", "two: Int", "three: Colour"] {
        assert!(api.contains(field), "{api}");
    }
}

/// What a server says to introspection if it has one field.
fn introspected() -> Value {
    let int = json!({ "kind": "SCALAR", "name": "Int", "ofType": null });
    let field = json!({ "name": "old", "args": [], "type": int });
    let query = json!({ "kind": "OBJECT", "name": "Query", "interfaces": [], "fields": [field] });
    json!({ "data": { "__schema": { "queryType": { "name": "Query" }, "types": [query] } } })
}

#[test]
fn a_server_without_an_sdl_is_introspected_with_the_headers_that_it_wants() {
    let url = serve(|asked| {
        let trusted = asked.contains("x-key: s3cret");
        let refused = |message: &str| json!({ "errors": [{ "message": message }] });
        match asked {
            _ if !trusted => refused("who are you?"),
            asked if asked.contains("_service") => refused("there is no _service"),
            asked if asked.contains("isRepeatable") => refused("there is no isRepeatable"),
            _ => introspected(),
        }
    });
    let config = |key: &str| {
        format!(
            "subgraphs:
  old: {{ schema: {{ subgraph_url: '{url}', introspection_headers: {{ x-key: '{key}' }} }} }}
"
        )
    };
    let folder = folder(&[
        ("good.yaml", &config("${env.KEY:-s3cret}")),
        ("bad.yaml", &config("hunter2")),
        ("unset.yaml", &config("${env.NOBODY_SETS_THIS}")),
    ]);
    let said = tenon(folder.path(), &["compose", "--config", "good.yaml"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("old: Int"), "{}", said.out);

    let said = tenon(folder.path(), &["compose", "--config", "bad.yaml"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("who are you?"), "{}", said.err);
    assert!(!said.err.contains("hunter2"), "{}", said.err);

    let said = tenon(folder.path(), &["compose", "--config", "unset.yaml"]);
    assert_eq!(said.code, Some(1));
    let wanted = "introspection_headers: the environment has no NOBODY_SETS_THIS";
    assert!(said.err.contains(wanted), "{}", said.err);
}

#[test]
fn every_schema_that_cannot_be_read_is_named() {
    let config = "
subgraphs:
  one: { url: http://one, schema: { file: one.graphql } }
  two: { url: 'http://127.0.0.1:9/graphql', schema: { introspect: true } }
";
    let folder = folder(&[("tenon.yaml", config)]);
    let said = tenon(folder.path(), &["compose"]);
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
    for start in [
        "error: the schema of one cannot be read from one.graphql: ",
        "error: the schema of two cannot be read from http://127.0.0.1:9/graphql: ",
    ] {
        let found = said.err.lines().any(|line| line.starts_with(start));
        assert!(found, "no {start:?} in\n{}", said.err);
    }
}

#[test]
fn an_unknown_key_for_rover_is_an_error() {
    let folder = folder(&[(
        "supergraph.yaml",
        "subgraphs: { one: { routing_url: 'http://one', schema: { sdl: 'type Query { a: Int }', files: x } } }",
    )]);
    let said = tenon(folder.path(), &["compose", "--config", "supergraph.yaml"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("files"), "{}", said.err);
}
