//! The files in `schema/` are what the program prints. `make schema` rewrites them.

use std::path::{Path, PathBuf};
use std::process::Command;

fn schema() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema")
}

fn tenon(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tenon"))
        .args(arguments)
        .output()
        .expect("the binary runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[track_caller]
fn check(path: &Path, printed: &str) {
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == printed,
        "{} is stale: run `make schema`",
        path.display()
    );
}

#[test]
fn the_subgraphs_schemas_are_as_printed() {
    for name in [
        "identity",
        "files",
        "integrations",
        "apps",
        "customers",
        "billing",
    ] {
        let printed = tenon(&["subgraph", name, "sdl"]);
        check(
            &schema()
                .join("subgraphs")
                .join(name)
                .with_extension("graphql"),
            &printed,
        );
    }
}

#[test]
fn the_supergraph_and_what_clients_see_are_as_composed() {
    let folder = tempfile::tempdir().expect("a folder");
    let api = folder.path().join("api.graphql");
    let config = schema().join("tenon.yaml");
    let arguments = [
        "compose",
        "--config",
        config.to_str().unwrap(),
        "--api-out",
        api.to_str().unwrap(),
    ];
    check(&schema().join("supergraph.graphql"), &tenon(&arguments));
    check(
        &schema().join("api.graphql"),
        &std::fs::read_to_string(api).expect("the API's schema"),
    );
}
