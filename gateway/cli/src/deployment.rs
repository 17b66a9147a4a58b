//! What `docker-compose.yml`, the `Dockerfile` and `schema/tenon.yaml` say, against the program:
//! nobody here has an engine to start them with.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::Parser as _;
use serde_norway::Value;

use crate::args::{Arguments, Command, SubgraphAction};
use crate::platform::{self, SUBGRAPHS};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(repository().join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The compose file with its anchors resolved and its merge keys merged.
fn compose() -> Value {
    let mut compose: Value = serde_norway::from_str(&read("docker-compose.yml")).expect("YAML");
    compose.apply_merge().expect("merge keys are maps");
    compose
}

fn texts(value: &Value) -> Vec<String> {
    value
        .as_sequence()
        .expect("a list")
        .iter()
        .map(|text| text.as_str().expect("a text").to_owned())
        .collect()
}

fn environment(service: &Value) -> BTreeMap<String, String> {
    let Some(map) = service["environment"].as_mapping() else {
        return BTreeMap::new();
    };
    map.iter()
        .map(|(name, value)| {
            (
                name.as_str().unwrap().to_owned(),
                value.as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

/// The services that run our image, with what their command line means.
fn ours() -> BTreeMap<String, (Value, Command)> {
    let compose = compose();
    let services = compose["services"].as_mapping().expect("services").clone();
    services
        .into_iter()
        .filter(|(_, service)| service["image"] == "tenon:latest")
        .map(|(name, service)| {
            let arguments = std::iter::once("tenon".to_owned()).chain(texts(&service["command"]));
            let arguments = Arguments::try_parse_from(arguments)
                .unwrap_or_else(|error| panic!("{name:?}: {error}"));
            (
                name.as_str().unwrap().to_owned(),
                (service, arguments.command.expect("a command")),
            )
        })
        .collect()
}

#[test]
fn every_role_is_a_service_with_a_command_that_parses() {
    let names: BTreeSet<String> = ours().into_keys().collect();
    let expected = SUBGRAPHS
        .iter()
        .map(|subgraph| subgraph.name)
        .chain(["gateway"]);
    assert_eq!(names, expected.map(str::to_owned).collect());
    for (name, (_, command)) in ours() {
        match command {
            Command::Serve(serve) => assert_eq!(serve.config, Path::new("/schema/tenon.yaml")),
            Command::Subgraph(subgraph) => {
                assert_eq!(platform::named(subgraph.name).name, name);
                assert!(matches!(subgraph.action, SubgraphAction::Serve { .. }));
            }
            other => panic!("{name} runs {other:?}"),
        }
    }
}

#[test]
fn every_variable_is_one_that_its_service_reads() {
    let gateway = [
        "TENON_LISTEN",
        "TENON_CONFIG",
        server::config::PUBLIC_URL_VARIABLE,
        server::config::SIGNING_KEY_VARIABLE,
        crate::log::VARIABLE,
    ];
    for (name, (service, _)) in ours() {
        for variable in environment(&service).keys() {
            let known = if name == "gateway" {
                gateway.contains(&variable.as_str())
            } else {
                let read = kit::config::VARIABLES
                    .iter()
                    .any(|known| known.name == variable);
                read || variable == "TENON_LISTEN" || variable == crate::log::VARIABLE
            };
            assert!(known, "{name} does not read {variable}");
        }
    }
}

#[test]
fn every_subgraph_reads_its_environment_as_its_own_configuration() {
    const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for (name, (service, _)) in ours() {
        if name == "gateway" {
            continue;
        }
        let set = environment(&service)
            .into_iter()
            .map(|(name, value)| (name, substituted(&value, KEY)));
        let config = kit::config::Config::from_env(&name, set)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(
            config.events.is_some(),
            "{name} hears of the others' events"
        );
        assert!(!config.demo, "{name} has no demo unless it is asked for");
    }
}

/// A value as the engine would hand it over: the default after `:-`, or `given` where a variable is
/// required.
fn substituted(value: &str, given: &str) -> String {
    let Some((before, rest)) = value.split_once("${") else {
        return value.to_owned();
    };
    let (inside, after) = rest.split_once('}').expect("a variable ends");
    let value = inside
        .split_once(":-")
        .map_or(given, |(_, default)| default);
    format!("{before}{value}{}", substituted(after, given))
}

#[test]
fn ports_and_health_paths_are_those_that_the_services_listen_on() {
    let graph = gateway_config();
    for (name, (service, _)) in ours() {
        let listen = environment(&service)["TENON_LISTEN"].clone();
        let (_, port) = listen.rsplit_once(':').expect("an address");
        let test = texts(&service["healthcheck"]["test"]);
        assert_eq!(test[0], "CMD");
        let arguments = Arguments::try_parse_from(&test[1..]).expect("a command line of ours");
        let Some(Command::Health(health)) = arguments.command else {
            panic!("{name} is checked by {test:?}")
        };
        assert_eq!(
            health.url.to_string(),
            format!("http://127.0.0.1:{port}/health"),
            "{name}"
        );
        match graph
            .subgraphs
            .iter()
            .find(|subgraph| subgraph.name == name)
        {
            Some(subgraph) => assert_eq!(
                subgraph.url.to_string(),
                format!("http://{name}:{port}/graphql")
            ),
            None => assert_eq!(
                texts(&service["ports"]),
                [format!("127.0.0.1:{port}:{port}")]
            ),
        }
    }
}

#[test]
fn the_gateway_leads_every_door_to_its_subgraph_and_trusts_identity() {
    let graph = gateway_config();
    let doors: BTreeSet<(String, String)> = graph
        .doors
        .iter()
        .map(|door| (door.prefix().to_owned(), door.subgraph().to_owned()))
        .collect();
    let expected = SUBGRAPHS.iter().flat_map(|subgraph| {
        subgraph
            .doors
            .iter()
            .map(|door| ((*door).to_owned(), subgraph.name.to_owned()))
    });
    assert_eq!(doors, expected.collect());
    let server::config::AuthConfig::Tokens { issuer, jwks, .. } = &graph.auth else {
        panic!("{:?}", graph.auth)
    };
    assert_eq!(jwks.host(), Some("identity"));
    let (identity, _) = &ours()["identity"];
    assert_eq!(
        &substituted(&environment(identity)["TENON_PUBLIC_URL"], ""),
        issuer
    );
}

fn gateway_config() -> server::config::Config {
    server::config::Config::parse(&read("schema/tenon.yaml"), |_| None)
        .expect("the gateway's configuration")
}

#[test]
fn no_secret_stands_in_the_file() {
    let compose = read("docker-compose.yml");
    for line in compose
        .lines()
        .filter(|line| line.contains("PASSWORD") || line.contains("_KEY"))
    {
        let value = line.trim_start_matches([' ', '#']);
        assert!(
            value.starts_with("make") || value.contains("${") && value.contains(":?"),
            "{line}"
        );
    }
}

#[test]
fn the_image_builds_this_binary_and_holds_the_schemas() {
    let dockerfile = read("Dockerfile");
    let stages: Vec<&str> = dockerfile
        .lines()
        .filter(|line| line.starts_with("FROM "))
        .collect();
    let [console, build, _run] = stages[..] else {
        panic!("one stage builds the console, one the binary, one runs: {stages:?}");
    };
    assert!(console.starts_with("FROM node:"), "{console}");
    let rust = env!("CARGO_PKG_RUST_VERSION");
    assert!(build.starts_with(&format!("FROM rust:{rust}")), "{build}");
    assert!(
        dockerfile.contains("web-console/dist web-console/dist"),
        "the binary is built with the console"
    );
    assert!(dockerfile.contains("--package cli --bin tenon"));
    assert!(
        dockerfile.contains("/schema /schema"),
        "tenon.yaml stands at /schema"
    );
    let environment = dockerfile
        .lines()
        .find_map(|line| line.strip_prefix("ENV "))
        .expect("variables");
    for pair in environment.split(' ') {
        let (name, _) = pair.split_once('=').expect("NAME=value");
        let known = kit::config::VARIABLES
            .iter()
            .any(|known| known.name == name);
        assert!(known || name == "TENON_LISTEN", "{name}");
    }
    let command = dockerfile
        .lines()
        .find_map(|line| line.strip_prefix("CMD "))
        .expect("a command");
    let command: Vec<String> = serde_norway::from_str(command).expect("a list");
    let parsed = Arguments::try_parse_from(std::iter::once("tenon".to_owned()).chain(command));
    assert!(matches!(
        parsed.expect("it parses").command,
        Some(Command::Dev(_))
    ));
}
