//! The definitions of the join specification and of the features that a supergraph uses.

use apollo_compiler::ast::EnumValueDefinition;
use apollo_compiler::schema::{Component, EnumType, ExtendedType};
use apollo_compiler::{Node, Schema, name};

use crate::link::Role;
use crate::merge::{Merged, directive};
use crate::subgraph::{Subgraph, Valid};

const LINK: &str = r#"
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar link__Import
enum link__Purpose {
  """
  `SECURITY` features provide metadata necessary to securely resolve fields.
  """
  SECURITY

  """
  `EXECUTION` features provide metadata necessary for operation execution.
  """
  EXECUTION
}
"#;

const JOIN: &str = r"
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
scalar join__FieldSet
";

/// The part of `@join__field` that every version has.
const JOIN_FIELD: &str = "graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean";

/// Join v0.4, with Federation 2.7: carries directives that composition does not interpret.
const DIRECTIVES_SINCE: u32 = 7;
/// Join v0.5, with Federation 2.8: contexts.
const CONTEXTS_SINCE: u32 = 8;
const JOIN_DIRECTIVE: &str = r"
directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION
scalar join__DirectiveArguments
";
const JOIN_CONTEXT: &str = r"
input join__ContextArgument {
  name: String!
  type: String!
  context: String!
  selection: join__FieldValue!
}
scalar join__FieldValue
";

const ANYWHERE: &str = "FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION";
const GUARDED: &str = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM";

/// The version of the join specification that a graph needs.
pub(super) fn join_version(minor: u32) -> &'static str {
    match minor {
        CONTEXTS_SINCE.. => "v0.5",
        DIRECTIVES_SINCE => "v0.4",
        _ => "v0.3",
    }
}

/// A schema of definitions only.
pub(super) fn schema(merged: &Merged, minor: u32) -> Schema {
    let text = sdl(merged, minor);
    let built = Schema::builder()
        .adopt_orphan_extensions()
        .parse(text, "join.graphql")
        .build();
    debug_assert!(built.is_ok(), "our own definitions are a schema");
    match built {
        Ok(schema) => schema,
        Err(broken) => broken.partial,
    }
}

fn sdl(merged: &Merged, minor: u32) -> String {
    let mut out = format!("{LINK}{JOIN}");
    let mut arguments = JOIN_FIELD.to_owned();
    if minor >= DIRECTIVES_SINCE {
        out.push_str(JOIN_DIRECTIVE);
        arguments.push_str(", overrideLabel: String");
    }
    if minor >= CONTEXTS_SINCE {
        out.push_str(JOIN_CONTEXT);
        arguments.push_str(", contextArguments: [join__ContextArgument!]");
    }
    out.push_str(&format!(
        "directive @join__field({arguments}) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION\n"
    ));
    let name = |role: Role| merged.features.get(&role);
    if let Some(name) = name(Role::Tag) {
        out.push_str(&format!(
            "directive @{name}(name: String!) repeatable on {ANYWHERE} | SCHEMA\n"
        ));
    }
    if let Some(name) = name(Role::Inaccessible) {
        out.push_str(&format!("directive @{name} on {ANYWHERE}\n"));
    }
    if let Some(name) = name(Role::Authenticated) {
        out.push_str(&format!("directive @{name} on {GUARDED}\n"));
    }
    if let Some(name) = name(Role::RequiresScopes) {
        out.push_str(&format!("directive @{name}(scopes: [[requiresScopes__Scope!]!]!) on {GUARDED}\nscalar requiresScopes__Scope\n"));
    }
    if let Some(name) = name(Role::Policy) {
        out.push_str(&format!("directive @{name}(policies: [[policy__Policy!]!]!) on {GUARDED}\nscalar policy__Policy\n"));
    }
    if let Some(name) = name(Role::Context) {
        out.push_str(&format!("directive @{name}(name: String!) repeatable on INTERFACE | OBJECT | UNION\ndirective @context__fromContext(field: context__ContextFieldValue) on ARGUMENT_DEFINITION\nscalar context__ContextFieldValue\n"));
    }
    if name(Role::Cost).is_some() || name(Role::ListSize).is_some() {
        let cost = name(Role::Cost).map_or("cost", |name| name.as_str());
        let list_size = name(Role::ListSize).map_or("cost__listSize", |name| name.as_str());
        out.push_str(&format!("directive @{cost}(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR\ndirective @{list_size}(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION\n"));
    }
    out
}

/// `enum join__Graph`, which says where each subgraph is.
pub(super) fn graphs(subgraphs: &[Subgraph<Valid>], merged: &Merged) -> ExtendedType {
    let values = subgraphs
        .iter()
        .zip(&merged.graphs)
        .map(|(subgraph, graph)| {
            let text = |value: &str| apollo_compiler::ast::Value::String(value.to_owned());
            let mut value = EnumValueDefinition {
                description: None,
                value: graph.clone(),
                directives: Default::default(),
            };
            value.directives.push(directive(
                "join__graph",
                vec![("name", text(&subgraph.name)), ("url", text(&subgraph.url))],
            ));
            (graph.clone(), Component::new(value))
        })
        .collect();
    ExtendedType::Enum(Node::new(EnumType {
        description: None,
        name: name!("join__Graph"),
        directives: Default::default(),
        values,
    }))
}
