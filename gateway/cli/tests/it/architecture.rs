//! The directions in which crates may depend on one another, checked on cargo's own graph.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// No input or output, no clock, no runtime: equal input gives equal bytes.
const PURE: [&str; 3] = ["supergraph", "composition", "planner"];

/// Crates that bring a runtime, a clock, a network or randomness of their own. (Seeds of hash maps
/// are another matter: nothing that is written may depend on them, which golden tests show.)
const IMPURE: [&str; 16] = [
    "async-std",
    "axum",
    "chrono",
    "hyper",
    "hyper-util",
    "jiff",
    "mio",
    "rand",
    "reqwest",
    "smol",
    "socket2",
    "sqlx",
    "time",
    "tokio",
    "tower",
    "tungstenite",
];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the repository")
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(repository())
        .output()
        .expect("cargo runs, as it runs this test");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}

/// Our own crates with what they depend on outside tests: name → (folder, dependencies).
fn workspace() -> BTreeMap<String, (PathBuf, Vec<String>)> {
    let metadata = cargo(&[
        "metadata",
        "--format-version",
        "1",
        "--no-deps",
        "--offline",
    ]);
    let metadata: Value = serde_json::from_str(&metadata).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    packages
        .iter()
        .map(|package| {
            let manifest = Path::new(package["manifest_path"].as_str().expect("a path"));
            let folder = manifest.parent().expect("a manifest stands in a folder");
            let folder = folder
                .strip_prefix(repository())
                .expect("inside the repository");
            let dependencies = package["dependencies"].as_array().expect("a list");
            let dependencies = dependencies
                .iter()
                .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
                .map(|dependency| dependency["name"].as_str().expect("a name").to_owned())
                .collect();
            let name = package["name"].as_str().expect("a name").to_owned();
            (name, (folder.to_owned(), dependencies))
        })
        .collect()
}

#[test]
fn the_pure_crates_reach_no_runtime_clock_or_network() {
    for name in PURE {
        let tree = cargo(&[
            "tree",
            "--package",
            name,
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--offline",
        ]);
        let reached: Vec<&str> = tree
            .lines()
            .filter_map(|line| line.split(' ').next())
            .filter(|dependency| IMPURE.contains(dependency))
            .collect();
        assert!(reached.is_empty(), "{name} depends on {reached:?}");
    }
    // The check can fail: the executor does wait for answers.
    let tree = cargo(&[
        "tree",
        "--package",
        "server",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--offline",
    ]);
    assert!(tree.lines().any(|line| line.starts_with("tokio v")));
}

#[test]
fn dependencies_point_one_way() {
    let workspace = workspace();
    let folder_of = |name: &str| workspace.get(name).map(|(folder, _)| folder.as_path());
    assert_eq!(
        workspace.len(),
        16,
        "a new crate needs its place in this picture"
    );
    for (name, (folder, dependencies)) in &workspace {
        for dependency in dependencies {
            let Some(target) = folder_of(dependency) else {
                continue;
            };
            let allowed = if name == "cli" {
                true
            } else if folder.starts_with("gateway") {
                target.starts_with("gateway") && dependency != "cli"
            } else {
                dependency == "kit"
            };
            assert!(allowed, "{name} must not depend on {dependency}");
        }
    }
    let planner = &workspace["planner"].1;
    assert!(
        !planner.iter().any(|name| name == "composition"),
        "planner and composition meet in the SDL only"
    );
    assert!(
        !workspace["composition"]
            .1
            .iter()
            .any(|name| name == "planner")
    );
}

#[test]
fn versions_stand_in_the_root_manifest_only() {
    for (name, (folder, _)) in workspace() {
        let manifest = std::fs::read_to_string(repository().join(folder).join("Cargo.toml"))
            .expect("a manifest");
        let own_version = manifest.lines().find(|line| line.contains("version = \""));
        assert_eq!(own_version, None, "{name} names a version");
    }
}
