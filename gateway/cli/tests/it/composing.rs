//! `tenon compose`, `tenon explain` and `tenon check`, as people and programs use them.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

mod checking;
mod explaining;
mod serving;
mod sources;
mod watching;

/// What the program said.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Said {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{}\n{}", self.out, self.err))
    }
}

/// Runs the program in a folder.
fn tenon(folder: &Path, arguments: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_tenon"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("the binary runs");
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

const CONFIG: &str = "
subgraphs:
  shop: { url: http://shop/graphql, schema: { file: shop.graphql } }
";

const MISTAKEN: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])
type Query { product: Product }
type Product @key(fields: "name") { name(locale: String): String! }
"#;

/// A server that answers every request by its text, head and body, until the test ends.
fn serve(answer: impl Fn(&str) -> Value + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/graphql", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut head, mut length) = (String::new(), 0);
            while reader.read_line(&mut head).is_ok_and(|bytes| bytes > 2) {
                let line = head.lines().last().unwrap_or_default().to_lowercase();
                if let Some(value) = line.strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            head.push_str(&String::from_utf8(body).unwrap());
            let body = answer(&head).to_string();
            let length = body.len();
            let status = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
            write!(
                &stream,
                "{status}\r\ncontent-length: {length}\r\n\r\n{body}"
            )
            .unwrap();
        }
    });
    url
}

fn serve_schema(sdl: &str) -> String {
    let answer = json!({ "data": { "_service": { "sdl": sdl } } });
    serve(move |_| answer.clone())
}

#[test]
fn an_error_is_shown_where_it_is() {
    let folder = folder(&[("tenon.yaml", CONFIG), ("shop.graphql", MISTAKEN)]);
    let said = tenon(folder.path(), &["compose"]);
    assert_eq!(said.code, Some(1));
    assert_eq!(said.out, "");
    let wanted = r#"error[KEY_FIELDS_HAS_ARGS]: [shop] on type "Product", for @key(fields: "name"): field Product.name cannot be included because it has arguments
  --> shop:3:14 (shop.graphql)
   |
 3 | type Product @key(fields: "name") { name(locale: String): String! }
   |              ^
  help: tenon explain KEY_FIELDS_HAS_ARGS

the graph does not compose: 1 error
"#;
    assert_eq!(said.err, wanted);
}

#[test]
fn a_schema_commands_no_terminal() {
    let folder = folder(&[
        ("tenon.yaml", CONFIG),
        ("shop.graphql", "type Query { a: Int }\u{1b}]0;owned\u{7}\0"),
    ]);
    let said = tenon(folder.path(), &["compose"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("SYNTAX_ERROR"), "{}", said.err);
    let commands = |letter: char| letter.is_control() && letter != '\n';
    assert!(!said.err.contains(commands), "{:?}", said.err);
}

#[test]
fn what_is_wrong_in_a_configuration_is_said_once() {
    for (text, wanted) in [
        (
            "just a text",
            "tenon.yaml: must be a mapping of keys to values\n",
        ),
        (
            "subgraphs:\n  a: 1\n  a: 2\n",
            "tenon.yaml: the configuration is not YAML: subgraphs: duplicate entry with key \"a\" at line 2 column 3\n",
        ),
    ] {
        let folder = folder(&[("tenon.yaml", text)]);
        let said = tenon(folder.path(), &["compose"]);
        assert_eq!(said.code, Some(1));
        assert_eq!(said.err, format!("error: {wanted}"));
    }
}

#[test]
fn a_program_gets_errors_as_json() {
    let folder = folder(&[("tenon.yaml", CONFIG), ("shop.graphql", MISTAKEN)]);
    let said = tenon(folder.path(), &["compose", "--format", "json"]);
    assert_eq!(said.code, Some(1));
    let report = said.json();
    assert_eq!(report["ok"], false);
    assert_eq!(report["errors"][0]["code"], "KEY_FIELDS_HAS_ARGS");
    let place = &report["errors"][0]["places"][0];
    assert_eq!(
        (&place["subgraph"], &place["line"]),
        (&"shop".into(), &3.into())
    );
}

#[test]
fn a_program_gets_what_cannot_be_read_as_json() {
    let folder = folder(&[("tenon.yaml", CONFIG)]);
    for command in [&["compose"][..], &["check", "--against", "shop.graphql"]] {
        let said = tenon(folder.path(), &[command, &["--format", "json"]].concat());
        assert_eq!(said.code, Some(1));
        let report = said.json();
        assert_eq!(report["ok"], false);
        let message = report["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("shop.graphql"), "{message}");
        assert!(said.err.contains(message), "{}", said.err);
    }
}

#[test]
fn a_contract_shows_a_part_of_the_graph() {
    let config = "
subgraphs:
  shop: { url: http://shop/graphql, schema: { file: shop.graphql } }
contracts:
  public: { include: [public], hide_unreachable: true }
  nothing: { include: [none] }
";
    let shop = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@tag"])
type Query { open: Int @tag(name: "public") secret: Secret }
type Secret { a: Int }
"#;
    let folder = folder(&[("tenon.yaml", config), ("shop.graphql", shop)]);
    let contract = |name| {
        let arguments = ["compose", "--contract", name, "--api-out", "api.graphql"];
        tenon(folder.path(), &arguments)
    };
    let said = contract("public");
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        said.out.contains("secret: Secret @inaccessible"),
        "{}",
        said.out
    );
    let api = std::fs::read_to_string(folder.path().join("api.graphql")).unwrap();
    assert!(api.contains("open: Int") && !api.contains("ecret"), "{api}");

    let said = contract("nothing");
    assert_eq!(said.code, Some(1));
    let start = "error[QUERY_ROOT_TYPE_INACCESSIBLE]: ";
    assert!(said.err.starts_with(start), "{}", said.err);

    let said = contract("privat");
    assert_eq!(said.code, Some(1));
    let wanted = "error: there is no contract `privat`, but public, nothing\n";
    assert_eq!(said.err, wanted);

    let whole = tenon(folder.path(), &["compose"]);
    assert!(whole.out.contains("secret: Secret\n"), "{}", whole.out);
    let file = folder.path().join("whole.graphql");
    std::fs::write(&file, whole.out).unwrap();
    let arguments = [
        "check",
        "--against",
        "whole.graphql",
        "--contract",
        "public",
    ];
    let said = tenon(folder.path(), &arguments);
    assert!(
        said.out.contains("FIELD_REMOVED Query.secret"),
        "{}",
        said.out
    );
}

#[test]
fn a_hint_is_shown_at_its_level() {
    let config = r#"
federation_version: 2
subgraphs:
  a: { routing_url: http://a, schema: { sdl: 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@shareable"]) type Query { size(of: Int, by: Int): Int @shareable }' } }
  b: { routing_url: http://b, schema: { sdl: 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@shareable"]) type Query { size(of: Int): Int @shareable }' } }
"#;
    let folder = folder(&[("tenon.yaml", config)]);
    let said = tenon(folder.path(), &["compose"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let start = "warn[INCONSISTENT_ARGUMENT_PRESENCE]: ";
    assert!(said.err.starts_with(start), "{}", said.err);
    for part in [
        "  --> a:1:122\n   |\n 1 | …",
        "size(of: Int, by: Int): Int",
        "  --> b:1:108\n",
        "  help: tenon explain INCONSISTENT_ARGUMENT_PRESENCE\n",
    ] {
        assert!(said.err.contains(part), "no {part:?} in\n{}", said.err);
    }
    let report = tenon(folder.path(), &["compose", "--format", "json"]).json();
    assert_eq!(report["hints"][0]["level"], "warn");
    assert_eq!(report["hints"][0]["places"][1]["subgraph"], "b");
    assert!(
        report["supergraph"]
            .as_str()
            .unwrap()
            .contains("join__Graph")
    );
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    // Long enough that it does not fit the pipe.
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema/tenon.yaml");
    let mut child = Command::new(env!("CARGO_BIN_EXE_tenon"))
        .args(["compose", "--config"])
        .arg(schema)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
