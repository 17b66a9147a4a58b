//! Hostile operations are planned or refused, within counted work.

use std::fmt::Write as _;

use planner::Options;

use crate::graph;

/// A graph whose every field can be asked of ten subgraphs, of entities and of values.
fn everywhere() -> String {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    let mut graphs = String::new();
    let mut keyed = String::new();
    let mut plain = String::new();
    for name in names {
        let upper = name.to_uppercase();
        let _ = write!(graphs, "{upper} @join__graph(name: \"{name}\", url: \"\") ");
        let _ = write!(keyed, "@join__type(graph: {upper}, key: \"id\") ");
        let _ = write!(plain, "@join__type(graph: {upper}) ");
    }
    format!(
        "enum join__Graph {{ {graphs} }}
        type Query {plain} {{ t: T v: V }}
        type T {keyed} {{ id: ID! n: Int t(a: Int): T v: V ts: [T] }}
        type V {plain} {{ n: Int v: V t: T }}
        "
    )
}

/// A union of many members, each with its own fields, in two subgraphs.
fn crowded(members: usize) -> String {
    let mut types = String::from(
        "enum join__Graph { A @join__graph(name: \"a\", url: \"\") B @join__graph(name: \"b\", url: \"\") }
        type Query @join__type(graph: A) @join__type(graph: B) { all: U @join__field(graph: A) }\n",
    );
    let mut union = String::new();
    let mut joins = String::new();
    for index in 0..members {
        let _ = writeln!(
            types,
            "type M{index} @join__type(graph: A, key: \"id\") @join__type(graph: B, key: \"id\") {{
              id: ID! a: Int @join__field(graph: A) b: Int @join__field(graph: B) all: U @join__field(graph: A)
            }}"
        );
        let _ = write!(union, "{} M{index}", if index == 0 { "" } else { " |" });
        let _ = write!(joins, "@join__unionMember(graph: A, member: \"M{index}\") ");
    }
    let _ = writeln!(types, "union U @join__type(graph: A) {joins} = {union}");
    types
}

/// Plans, and checks that this ends in a plan or in the one refusal there is for hostile work.
#[track_caller]
fn check(types: &str, operation: &str) {
    let graph = graph::parse(types);
    // Validation has its own limits; they are not the subject here.
    let document = apollo_compiler::ExecutableDocument::parse(
        graph.api_schema(),
        operation,
        "operation.graphql",
    )
    .map(apollo_compiler::validation::Valid::assume_valid)
    .expect("it can be parsed");
    if let Err(error) = planner::plan(&graph, &document, None, &Options::default()) {
        assert_eq!(error.code(), "PLAN_TOO_COMPLEX", "{error}");
    }
}

fn doubling(levels: usize, body: &str) -> String {
    let mut text = String::from("{ t { ...F0 } }\n");
    for level in 0..levels {
        let next = format!("...F{}", level + 1);
        let _ = writeln!(
            text,
            "fragment F{level} on T {{ {} }}",
            body.replace("NEXT", &next)
        );
    }
    let _ = writeln!(text, "fragment F{levels} on T {{ n }}");
    text
}

#[test]
fn fragments_that_double_at_one_level() {
    check(&everywhere(), &doubling(60, "NEXT NEXT"));
}

#[test]
fn fragments_that_double_below_a_field() {
    check(&everywhere(), &doubling(40, "t { NEXT } t { NEXT NEXT }"));
}

#[test]
fn fragments_that_double_below_aliases() {
    check(&everywhere(), &doubling(40, "x: t { NEXT } y: t { NEXT }"));
}

#[test]
fn fragments_that_double_below_different_arguments() {
    check(
        &everywhere(),
        &doubling(40, "x: t(a: 1) { NEXT } y: t(a: 2) { NEXT }"),
    );
}

#[test]
fn thousands_of_aliases() {
    let mut text = String::from("{ t {");
    for index in 0..3000 {
        let _ = write!(text, " a{index}: t(a: {index}) {{ n v {{ n }} }}");
    }
    check(&everywhere(), &format!("{text} }} }}"));
}

#[test]
fn deep_nesting() {
    let text = format!(
        "{{ t {}{{ n }}{} }}",
        "{ v { t ".repeat(60),
        "} }".repeat(60)
    );
    check(&everywhere(), &text);
}

#[test]
fn many_conditions_on_one_field() {
    let mut names = String::new();
    let mut uses = String::new();
    for index in 0..40 {
        let _ = write!(names, "$c{index}: Boolean! ");
        let _ = write!(uses, "n @include(if: $c{index}) id @skip(if: $c{index}) ");
    }
    check(
        &everywhere(),
        &format!("query Q({names}) {{ t {{ {uses} }} }}"),
    );
}

#[test]
fn many_pairs_of_conditions_on_one_field() {
    let mut names = String::new();
    let mut uses = String::new();
    for index in 0..40 {
        let _ = write!(names, "$a{index}: Boolean! $b{index}: Boolean! ");
        let _ = write!(uses, "n @include(if: $a{index}) @skip(if: $b{index}) id ");
    }
    check(
        &everywhere(),
        &format!("query Q({names}) {{ t {{ {uses} }} }}"),
    );
}

#[test]
fn a_hundred_members_in_each_other() {
    let all = |inner: &str| -> String {
        let member = |index| format!("... on M{index} {{ a b all {{ {inner} }} }}");
        (0..100).map(member).collect()
    };
    check(
        &crowded(100),
        &format!("{{ all {{ {} }} }}", all("__typename")),
    );
    check(
        &crowded(100),
        &format!("{{ all {{ {} }} }}", all(&all("__typename"))),
    );
}

#[test]
fn a_small_allowance_refuses_what_a_large_one_plans() {
    let graph = graph::parse(&everywhere());
    let document = graph::document(&graph, "{ t { n t { n v { n } } } }");
    let plan = |steps_max| {
        let options = Options {
            steps_max,
            ..Options::default()
        };
        planner::plan(&graph, &document, None, &options)
    };
    assert!(plan(Options::default().steps_max).is_ok());
    let refusal = plan(20).expect_err("twenty steps lead nowhere");
    assert_eq!(refusal.code(), "PLAN_TOO_COMPLEX");
}

/// A path through fields of two subgraphs in turn, so that each step is a request of its own.
fn in_turn(first: &str, second: &str, steps: usize) -> String {
    let step = |index| if index % 2 == 0 { first } else { second };
    let open: String = (0..steps)
        .map(|index| format!("{} {{ ", step(index)))
        .collect();
    format!("{open}n {}", "} ".repeat(steps))
}

#[test]
fn chains_of_different_length_share_their_requests() {
    let types = r#"
        enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") C @join__graph(name: "c", url: "") }
        type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) { t: T @join__field(graph: A) }
        type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: C, key: "id") {
          id: ID!
          n: Int @join__field(graph: B) @join__field(graph: C)
          b: T @join__field(graph: B)
          c: T @join__field(graph: C)
        }
    "#;
    let operation = format!(
        "{{ t {{ {} x: {} y: {} }} }}",
        in_turn("b", "c", 30),
        in_turn("b", "c", 20),
        in_turn("c", "b", 24),
    );
    let plan = graph::plan(&graph::parse(types), &operation).expect("it can be planned");
    assert_eq!((plan.requests(), plan.depth()), (31, 31));
}
