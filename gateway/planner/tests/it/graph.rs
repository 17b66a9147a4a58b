//! Supergraphs for tests: their types, with the machinery added that all of them carry.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::validation::Valid;
use planner::{Options, Plan};
use supergraph::Supergraph;

const MACHINERY: &str = r#"
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
{ query: Query ROOTS }
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, overrideLabel: String, usedOverridden: Boolean, contextArguments: [join__ContextArgument!]) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
directive @context(name: String!) repeatable on INTERFACE | OBJECT | UNION
scalar link__Import
scalar join__FieldSet
scalar join__FieldValue
input join__ContextArgument { name: String! type: String! context: String! selection: join__FieldValue! }
enum link__Purpose { SECURITY EXECUTION }
"#;

/// Reads a supergraph of which only the types are given.
pub(crate) fn parse(types: &str) -> Supergraph {
    let root = |name: &str| types.contains(&format!("type {name} "));
    let mut roots = String::new();
    for (operation, name) in [("mutation", "Mutation"), ("subscription", "Subscription")] {
        if root(name) {
            roots.push_str(&format!(" {operation}: {name}"));
        }
    }
    let sdl = format!("{}{types}", MACHINERY.replace(" ROOTS", &roots));
    Supergraph::parse(&sdl).expect("it is a supergraph")
}

pub(crate) fn document(graph: &Supergraph, text: &str) -> Valid<ExecutableDocument> {
    ExecutableDocument::parse_and_validate(graph.api_schema(), text, "operation.graphql")
        .expect("the operation is valid")
}

/// Plans with the usual options.
pub(crate) fn plan(graph: &Supergraph, text: &str) -> Result<Plan, planner::Error> {
    planner::plan(graph, &document(graph, text), None, &Options::default())
}
