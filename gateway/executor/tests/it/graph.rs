//! Supergraphs for tests: their types, with the machinery added that all of them carry, and plans
//! made by the planner itself.

use apollo_compiler::ExecutableDocument;
use planner::Options;
use planner::plan::Plan;
use supergraph::Supergraph;

const MACHINERY: &str = r#"
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__type(graph: join__Graph!, key: join__FieldSet, isInterfaceObject: Boolean) repeatable on OBJECT | INTERFACE
directive @join__field(graph: join__Graph, requires: join__FieldSet, external: Boolean, contextArguments: [join__ContextArgument!]) repeatable on FIELD_DEFINITION
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT
directive @context(name: String!) repeatable on OBJECT
scalar link__Import
scalar join__FieldSet
scalar join__FieldValue
input join__ContextArgument { name: String! type: String! context: String! selection: join__FieldValue! }
enum link__Purpose { SECURITY EXECUTION }
"#;

/// Reads a supergraph of which only the types are given, and plans an operation on it.
pub(crate) fn plan(types: &str, operation: &str) -> (Supergraph, Plan) {
    let mutation = match types.contains("type Mutation ") {
        true => "mutation: Mutation",
        false => "",
    };
    let sdl = format!(
        r#"
        schema
          @link(url: "https://specs.apollo.dev/link/v1.0")
          @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
        {{ query: Query {mutation} }}
        {MACHINERY}{types}"#
    );
    let graph = Supergraph::parse(&sdl).unwrap();
    let document =
        ExecutableDocument::parse_and_validate(graph.api_schema(), operation, "operation").unwrap();
    let plan = planner::plan(&graph, &document, None, &Options::default()).unwrap();
    (graph, plan)
}
