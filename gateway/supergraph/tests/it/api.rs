use supergraph::Supergraph;

const SDL: &str = r#"
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)
  @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)
{ query: Query }
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
directive @requiresScopes(scopes: [[requiresScopes__Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @tag(name: String!) repeatable on FIELD_DEFINITION
scalar requiresScopes__Scope
scalar link__Import
scalar join__FieldSet
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph { A @join__graph(name: "a", url: "http://a") B @join__graph(name: "b-c", url: "http://b") }
type Query @join__type(graph: A) @join__type(graph: B) {
  "One user."
  me(secret: Int @inaccessible, plain: Int): User @join__field(graph: A) @deprecated(reason: "old")
}
interface Named @join__type(graph: B) { name: String }
type User implements Named
  @join__type(graph: A, key: "id") @join__type(graph: B, key: "id")
  @join__implements(graph: B, interface: "Named")
  @requiresScopes(scopes: [["u"]])
{
  id: ID!
  name: String @join__field(graph: B)
  hidden: Hidden @join__field(graph: B) @inaccessible
  bill: Int @join__field(graph: B, requires: "name") @requiresScopes(scopes: [["a", "b"], ["c"]])
}
type Hidden @join__type(graph: B) @inaccessible { x: Int }
enum Color @join__type(graph: A) { RED GREEN @inaccessible }
"#;

#[test]
fn machinery_and_inaccessible_elements_are_hidden() {
    let graph = Supergraph::parse(SDL).expect("it is a supergraph");
    let text = graph.api_schema().to_string();
    assert!(text.contains("\"One user.\""), "{text}");
    assert!(
        text.contains("me(plain: Int): User @deprecated(reason: \"old\")"),
        "{text}"
    );
    assert!(text.contains("type User implements Named"), "{text}");
    for hidden in [
        "join__",
        "link",
        "Hidden",
        "hidden",
        "secret",
        "GREEN",
        "requiresScopes",
    ] {
        assert!(!text.contains(hidden), "{hidden} is visible in {text}");
    }
}

#[test]
fn directives_for_operations_are_shown_whoever_defines_them() {
    let sdl = SDL
        .replace(
            "{ query: Query }",
            r#"@link(url: "https://example.com/audit/v1.0", import: ["@audited", "@owner"]) { query: Query }
            directive @audited(why: String = "asked") on FIELD
            directive @owner(name: String) on FIELD_DEFINITION"#,
        );
    let graph = Supergraph::parse(&sdl).expect("it is a supergraph");
    let text = graph.api_schema().to_string();
    assert!(
        text.contains("directive @audited(why: String = \"asked\") on FIELD"),
        "{text}"
    );
    assert!(!text.contains("@owner"), "{text}");
}

#[test]
fn access_demands_of_field_and_type_are_joined() {
    let graph = Supergraph::parse(SDL).expect("it is a supergraph");
    let bill = graph.requirement("User", "bill").expect("it has scopes");
    let lists = |text: &[&[&str]]| -> Vec<Vec<String>> {
        text.iter()
            .map(|all| all.iter().map(|&s| s.to_owned()).collect())
            .collect()
    };
    assert_eq!(bill.scopes, lists(&[&["a", "b", "u"], &["c", "u"]]));
    assert!(!bill.authenticated);
    let me = graph
        .requirement("Query", "me")
        .expect("its type has scopes");
    assert_eq!(me.scopes, lists(&[&["u"]]));
    assert!(graph.requirement("Named", "name").is_none());
}

#[test]
fn subgraphs_have_the_names_that_composition_was_given() {
    let graph = Supergraph::parse(SDL).expect("it is a supergraph");
    let found: Vec<_> = graph.subgraphs().collect();
    assert_eq!(found, [("a", "http://a"), ("b-c", "http://b")]);
}

#[test]
fn what_is_not_a_supergraph_is_refused() {
    assert!(Supergraph::parse("type Query { a: Int }").is_err());
    assert!(Supergraph::parse("type Query {").is_err());
}
