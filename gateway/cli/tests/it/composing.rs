//! `tenon compose`, `tenon explain` and `tenon check`, as people and programs use them.

use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

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

/// Answers one request with the schema of a subgraph.
fn serve_schema(sdl: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/graphql", listener.local_addr().unwrap());
    let body = serde_json::json!({ "data": { "_service": { "sdl": sdl } } }).to_string();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
        let length = body.len();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
        write!(stream, "{head}\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
        // The body of the request is read, so that closing does not reset the connection.
        let _ended = stream.shutdown(std::net::Shutdown::Write);
        for line in lines {
            if line.is_err() {
                break;
            }
        }
    });
    url
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
    let report = tenon(folder.path(), &["compose", "--format", "json"]).json();
    assert_eq!(report["hints"][0]["level"], "warn");
    assert!(
        report["supergraph"]
            .as_str()
            .unwrap()
            .contains("join__Graph")
    );
}

#[test]
fn a_watched_file_is_composed_again_when_it_changes() {
    let folder = folder(&[("tenon.yaml", CONFIG), ("shop.graphql", MISTAKEN)]);
    let mut program = Command::new(env!("CARGO_BIN_EXE_tenon"))
        .current_dir(folder.path())
        .args(["compose", "--watch", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut out = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut err = BufReader::new(program.stderr.take().unwrap()).lines();
    let mut report = || serde_json::from_str::<Value>(&out.next().unwrap().unwrap()).unwrap();
    assert_eq!(report()["ok"], false);
    let mended = MISTAKEN.replace("(locale: String)", "");
    std::fs::write(folder.path().join("shop.graphql"), mended).unwrap();
    assert_eq!(report()["ok"], true);
    assert_eq!(err.next().unwrap().unwrap(), "changed: shop.graphql");
    program.kill().unwrap();
    program.wait().unwrap();
}

#[test]
fn a_code_is_explained_with_examples() {
    let said = tenon(Path::new("."), &["explain", "KEY_FIELDS_HAS_ARGS"]);
    assert_eq!(said.code, Some(0));
    for part in [
        "may\ntake arguments",
        "This breaks it:",
        "Composition answers:\n\n    KEY_FIELDS_HAS_ARGS: [shop] on type",
        "This obeys it:",
        "See https://",
    ] {
        assert!(said.out.contains(part), "no {part:?} in\n{}", said.out);
    }
}

#[test]
fn every_code_is_listed() {
    let said = tenon(Path::new("."), &["explain"]);
    assert_eq!(said.code, Some(0));
    for code in composition::Code::ALL {
        assert!(said.out.contains(code.as_str()), "{code}");
    }
}

#[test]
fn an_unknown_code_gets_a_guess() {
    let said = tenon(Path::new("."), &["explain", "KEY_FIELD_HAS_ARGS"]);
    assert_eq!(said.code, Some(1));
    assert_eq!(
        said.err,
        "error: `KEY_FIELD_HAS_ARGS` is not a code; did you mean `KEY_FIELDS_HAS_ARGS`?\n"
    );
}

const OLD: &str = "type Query { a: Int b: Int c: Int }\n";
const NEW: &str = "type Query { a: Int! d: Int }\n";

#[test]
fn a_check_tells_what_breaks() {
    let folder = folder(&[("old.graphql", OLD), ("new.graphql", NEW)]);
    let said = tenon(
        folder.path(),
        &[
            "check",
            "--against",
            "old.graphql",
            "--schema",
            "new.graphql",
        ],
    );
    assert_eq!(said.code, Some(1));
    let wanted = "breaking  FIELD_REMOVED Query.b: is removed
breaking  FIELD_REMOVED Query.c: is removed
safe      FIELD_TYPE_NARROWED Query.a: was `Int` and is `Int!` now
safe      FIELD_ADDED Query.d: is added
2 breaking, 0 unused, 0 dangerous, 2 safe
";
    assert_eq!(said.out, wanted);
}

#[test]
fn recorded_operations_tell_which_changes_anybody_meets() {
    let folder = folder(&[
        ("old.graphql", OLD),
        ("new.graphql", NEW),
        ("operations/good.graphql", "{ a }"),
        ("operations/deep/bad.json", r#"{ "query": "{ a b }" }"#),
        ("operations/wrong.graphql", "{ z }"),
    ]);
    let arguments = [
        "check",
        "--against",
        "old.graphql",
        "--schema",
        "new.graphql",
        "--operations",
        "operations",
    ];
    let said = tenon(folder.path(), &arguments);
    assert_eq!(said.code, Some(1));
    for line in [
        "breaking  FIELD_REMOVED Query.b: is removed\n",
        "unused    FIELD_REMOVED Query.c: is removed\n",
        "operation deep/bad.json would be invalid\n",
        "operation wrong.graphql is invalid already\n",
        "1 breaking, 1 unused, 0 dangerous, 2 safe; 1 of 3 operations would be invalid\n",
    ] {
        assert!(said.out.contains(line), "no {line:?} in\n{}", said.out);
    }

    std::fs::remove_dir_all(folder.path().join("operations/deep")).unwrap();
    let said = tenon(folder.path(), &arguments);
    assert_eq!(said.code, Some(0), "{}", said.out);

    let mut arguments = arguments.to_vec();
    arguments.extend(["--format", "json"]);
    let report = tenon(folder.path(), &arguments).json();
    assert_eq!(report["ok"], true);
    assert_eq!(report["summary"]["unused"], 2);
    assert_eq!(report["operations"][0]["fate"], "valid");
}

#[test]
fn a_check_composes_and_reads_supergraphs() {
    let folder = folder(&[
        ("tenon.yaml", CONFIG),
        ("shop.graphql", "type Query { a: Int b: Int }"),
    ]);
    let composed = tenon(folder.path(), &["compose", "--out", "before.graphql"]);
    assert_eq!(composed.code, Some(0), "{}", composed.err);
    let arguments = ["check", "--against", "before.graphql"];
    let said = tenon(folder.path(), &arguments);
    let nothing = "0 breaking, 0 unused, 0 dangerous, 0 safe\n";
    assert_eq!(
        (said.code, said.out.as_str()),
        (Some(0), nothing),
        "{}",
        said.err
    );

    std::fs::write(folder.path().join("shop.graphql"), "type Query { a: Int }").unwrap();
    let said = tenon(folder.path(), &arguments);
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("FIELD_REMOVED Query.b"), "{}", said.out);

    std::fs::write(folder.path().join("shop.graphql"), MISTAKEN).unwrap();
    let said = tenon(folder.path(), &arguments);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("help: tenon explain"), "{}", said.err);
    let mut arguments = arguments.to_vec();
    arguments.extend(["--format", "json"]);
    let report = tenon(folder.path(), &arguments).json();
    assert_eq!(report["errors"][0]["code"], "KEY_FIELDS_HAS_ARGS");
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
