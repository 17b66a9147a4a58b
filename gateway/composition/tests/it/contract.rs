//! Contracts: each test composes one graph and looks at what a filter leaves of its API.

use composition::contract::{Error, Filter, Unreachable, filter};
use composition::{Code, SubgraphInput, compose};

const GRAPH: &str = r#"
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag"])
type Query {
  product(id: ID!, draft: Boolean @tag(name: "internal")): Product @tag(name: "public")
  search(filter: Filter): [Result] @tag(name: "public")
  audit: Audit @tag(name: "internal")
}
interface Named { name: String @tag(name: "public") code: Int }
type Product implements Named @key(fields: "id") @tag(name: "public") {
  id: ID!
  name: String
  code: Int
  cost: Int @tag(name: "internal")
}
type Review implements Named { name: String code: Int @tag(name: "internal") text: String @tag(name: "public") }
union Result @tag(name: "public") = Product | Review
type Audit @tag(name: "internal") { line: Line }
type Line @tag(name: "line") { at: Int }
input Filter { text: String secret: Int @tag(name: "internal") order: Order }
enum Order { NAME COST @tag(name: "internal") }
"#;

fn supergraph(sdl: &str) -> String {
    compose(&[SubgraphInput {
        name: "s".to_owned(),
        url: String::new(),
        sdl: sdl.to_owned(),
    }])
    .expect("the graph composes")
    .supergraph
}

fn tags(tags: &[&str]) -> Vec<String> {
    tags.iter().map(|tag| (*tag).to_owned()).collect()
}

#[track_caller]
fn check(include: &[&str], exclude: &[&str], unreachable: Unreachable, expected: &str) {
    let wanted = Filter {
        include: tags(include),
        exclude: tags(exclude),
        unreachable,
    };
    let variant = filter(&supergraph(GRAPH), &wanted).expect("something is left");
    let words = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ")
    };
    assert_eq!(words(&variant.api_schema), words(expected));
    // A router reads the variant like any other supergraph, and filtering again changes nothing.
    assert_eq!(filter(&variant.supergraph, &wanted), Ok(variant));
}

#[test]
fn excluded_tags_hide_what_has_them() {
    check(
        &[],
        &["internal"],
        Unreachable::Keep,
        "input Filter { text: String order: Order }
         type Line { at: Int }
         interface Named { name: String }
         enum Order { NAME }
         type Product implements Named { id: ID! name: String code: Int }
         type Query { product(id: ID!): Product search(filter: Filter): [Result] }
         union Result = Product | Review
         type Review implements Named { name: String text: String }",
    );
}

#[test]
fn unreachable_types_go_if_asked_for() {
    check(
        &[],
        &["internal"],
        Unreachable::Hide,
        "input Filter { text: String order: Order }
         interface Named { name: String }
         enum Order { NAME }
         type Product implements Named { id: ID! name: String code: Int }
         type Query { product(id: ID!): Product search(filter: Filter): [Result] }
         union Result = Product | Review
         type Review implements Named { name: String text: String }",
    );
}

#[test]
fn included_tags_hide_the_fields_and_unions_without() {
    // `Review.name` has no tag, so nobody can promise `Named.name`.
    check(
        &["public"],
        &["internal"],
        Unreachable::Hide,
        "input Filter { text: String order: Order }
         enum Order { NAME }
         type Product { id: ID! name: String code: Int }
         type Query { product(id: ID!): Product search(filter: Filter): [Result] }
         union Result = Product | Review
         type Review { text: String }",
    );
}

#[track_caller]
fn check_refused(include: &[&str], exclude: &[&str], code: Code) {
    let wanted = Filter {
        include: tags(include),
        exclude: tags(exclude),
        unreachable: Unreachable::Hide,
    };
    match filter(&supergraph(GRAPH), &wanted) {
        Err(Error::Invalid(found)) => {
            assert!(found.iter().any(|one| one.code == code), "{found:?}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_contract_that_leaves_nothing_is_refused() {
    check_refused(&["nobody"], &[], Code::QueryRootTypeInaccessible);
}

#[test]
fn a_field_of_a_hidden_type_must_be_hidden_with_it() {
    check_refused(&[], &["line"], Code::ReferencedInaccessible);
}

#[test]
fn a_tag_in_both_lists_is_refused() {
    let wanted = Filter {
        include: tags(&["a"]),
        exclude: tags(&["a"]),
        unreachable: Unreachable::Keep,
    };
    assert_eq!(
        filter(&supergraph(GRAPH), &wanted),
        Err(Error::Contradiction("a".to_owned()))
    );
}

#[test]
fn text_that_is_no_supergraph_is_refused() {
    assert!(matches!(
        filter("type Query {", &Filter::default()),
        Err(Error::Supergraph(_))
    ));
}
