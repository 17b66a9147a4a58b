//! No input panics or hangs: deep nesting, huge unions, keys in circles, text cut anywhere.

use std::fmt::Write;

use composition::{Code, SubgraphInput, compose};

fn one(sdl: &str) -> Vec<SubgraphInput> {
    vec![SubgraphInput {
        name: "s".to_owned(),
        url: String::new(),
        sdl: sdl.to_owned(),
    }]
}

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", import: [\"@key\", \"@requires\", \"@external\", \"@provides\"])\n";

#[test]
fn deep_nesting_is_refused() {
    let lists = format!(
        "type Query {{ a: {}Int{} }}",
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    assert_eq!(
        compose(&one(&lists)).unwrap_err()[0].code,
        Code::SyntaxError
    );
    let fields = format!("{}{}", "a {".repeat(50_000), "}".repeat(50_000));
    let key = format!("{LINK}type Query {{ t: T }} type T @key(fields: \"{fields}\") {{ a: T }}");
    assert_eq!(
        compose(&one(&key)).unwrap_err()[0].code,
        Code::KeyInvalidFields
    );
}

#[test]
fn wide_unions_compose() {
    let mut sdl = String::from("type Query { u: U }\nunion U = T0");
    for index in 1..3_000 {
        let _ = write!(sdl, " | T{index}");
    }
    for index in 0..3_000 {
        let _ = write!(sdl, "\ntype T{index} {{ a: Int }}");
    }
    assert!(compose(&one(&sdl)).is_ok());
}

#[test]
fn keys_in_circles_end_in_an_answer() {
    let subgraph = |name: &str, sdl: &str| SubgraphInput {
        name: name.to_owned(),
        url: String::new(),
        sdl: format!("{LINK}{sdl}"),
    };
    let graph = vec![
        subgraph(
            "a",
            "type Query { a: A } type A @key(fields: \"b { c }\") { b: B } type B @key(fields: \"a { b { c } }\") { a: A c: Int }",
        ),
        subgraph(
            "b",
            "type A @key(fields: \"b { a { b { c } } }\") { b: B x: Int } type B @key(fields: \"a { b { c } }\") { a: A c: Int }",
        ),
    ];
    let _ = compose(&graph);
}

#[test]
fn fragments_in_circles_are_refused() {
    let key = format!(
        "{LINK}type Query {{ t: T }} type T @key(fields: \"...F\") {{ id: ID! }} fragment F on T {{ ...F }}"
    );
    assert!(compose(&one(&key)).is_err());
    let nested = format!("{}id{}", "... on T {".repeat(1_000), "}".repeat(1_000));
    let key =
        format!("{LINK}type Query {{ t: T }} type T @key(fields: \"{nested}\") {{ id: ID! }}");
    assert_eq!(
        compose(&one(&key)).unwrap_err()[0].code,
        Code::KeyInvalidFields
    );
}

#[test]
fn ten_megabytes_end_in_an_answer() {
    const SIZE: usize = 10_000_000;
    let errors = compose(&one(&"{".repeat(SIZE))).unwrap_err();
    assert_eq!(errors[0].code, Code::SyntaxError);
    assert!(errors.len() <= 100, "{} errors", errors.len());
    // Without optimisation each of the several passes over a text takes a second for each 5 MB.
    let text = "x".repeat(SIZE / 5);
    let described = format!("\"\"\"{text}\"\"\"\ntype Query {{ a: Int }}");
    assert!(compose(&one(&described)).is_ok());
}

#[test]
fn a_mistake_far_behind_the_start_is_found() {
    let mut sdl = String::from("type Query { a: Int }\n");
    for index in 0..16_000 {
        let _ = writeln!(sdl, "type T{index} {{ a: Int }}");
    }
    sdl.push_str("type type type {");
    let errors = compose(&one(&sdl)).unwrap_err();
    assert_eq!(errors[0].code, Code::SyntaxError);
    assert_eq!(errors[0].places[0].line, 16_002);
}

/// Every field requires all fields of the level before, alternating between two subgraphs.
#[test]
fn requirements_that_share_requirements_are_cheap() {
    let subgraph = |own: usize| {
        let mut sdl = format!("{LINK}type T @key(fields: \"id\") {{ id: ID!");
        for level in (0..40).rev() {
            for field in ["a", "b"] {
                let _ = match (level % 2 == own, level) {
                    (false, 39) => Ok(()),
                    (false, _) => write!(sdl, " {field}{level}: Int @external"),
                    (true, 0) => write!(sdl, " {field}0: Int"),
                    (true, level) => {
                        let before = level - 1;
                        let needs = format!("a{before} b{before}");
                        write!(sdl, " {field}{level}: Int @requires(fields: \"{needs}\")")
                    }
                };
            }
        }
        sdl.push('}');
        if own == 0 {
            sdl.push_str(" type Query { t: T }");
        }
        SubgraphInput {
            name: format!("s{own}"),
            url: String::new(),
            sdl,
        }
    };
    let composed = compose(&[subgraph(0), subgraph(1)]);
    assert!(composed.is_ok(), "{composed:?}");
}

#[test]
fn alternatives_of_scopes_do_not_multiply_without_end() {
    let link = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", import: [\"@requiresScopes\", \"@shareable\"])";
    let graph: Vec<SubgraphInput> = (0..10)
        .map(|index| {
            let scopes: Vec<String> = (0..6).map(|one| format!("[\"s{index}_{one}\"]")).collect();
            SubgraphInput {
                name: format!("s{index}"),
                url: String::new(),
                sdl: format!(
                    "{link} type Query {{ a: Int @shareable @requiresScopes(scopes: [{}]) }}",
                    scopes.join(", ")
                ),
            }
        })
        .collect();
    assert!(compose(&graph).is_ok());
}

/// A small generator of numbers, the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }
}

/// Cuts, doubles and swaps pieces of real cases: the result is anything but valid.
#[test]
fn mangled_schemas_end_in_an_answer() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .flat_map(|entry| std::fs::read_dir(entry.unwrap().path()).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|one| one == "graphql"))
        .collect();
    files.sort();
    let texts: Vec<String> = files
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    let pieces: Vec<&str> = texts
        .iter()
        .flat_map(|text| text.split_whitespace())
        .collect();
    let mut numbers = Numbers(42);
    for round in 0..1_000 {
        let text = &texts[round % texts.len()];
        let mut graph = super::cases::subgraphs(text);
        for subgraph in &mut graph {
            let mut words: Vec<&str> = subgraph.sdl.split(' ').collect();
            for _ in 0..=numbers.below(3) {
                let at = numbers.below(words.len());
                match numbers.below(4) {
                    0 => {
                        words.remove(at);
                        words.push("");
                    }
                    1 => words.insert(at, pieces[numbers.below(pieces.len())]),
                    2 => words[at] = pieces[numbers.below(pieces.len())],
                    _ => {
                        let other = numbers.below(words.len());
                        words.swap(at, other);
                    }
                }
            }
            subgraph.sdl = words.join(" ");
        }
        let _ = compose(&graph);
    }
}
