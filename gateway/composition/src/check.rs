//! The rules of the whole: what no single subgraph can break.

mod default_value_left_out;
mod default_value_uses_inaccessible;
mod inaccessible;
mod interface_field_no_implem;
mod missing_transitive_auth_requirements;
mod requires_invalid_fields;

use apollo_compiler::Schema;
use apollo_compiler::collections::IndexSet;
use apollo_compiler::diagnostic::ToCliReport;

use crate::api;
use crate::diagnostic::{Code, Diagnostic};
use crate::link::Role;
use crate::merge::Merged;
use crate::places;
use crate::subgraph::{Subgraph, Valid};

/// `INVALID_SUBGRAPH_NAME`: the join specification needs a name for itself.
pub(crate) fn reserved_name(subgraph: Subgraph<Valid>) -> Result<Subgraph<Valid>, Vec<Diagnostic>> {
    if subgraph.name != "_" {
        return Ok(subgraph);
    }
    let message = "invalid name \"_\" for a subgraph: this name is reserved";
    Err(vec![subgraph.error(
        Code::InvalidSubgraphName,
        message,
        None,
    )])
}

/// `INVALID_SUBGRAPH_NAME`: each subgraph has a name, and one of its own.
pub(crate) fn names(subgraphs: &[Subgraph<Valid>]) -> Result<(), Vec<Diagnostic>> {
    let mut found = Vec::new();
    let mut seen = IndexSet::default();
    for subgraph in subgraphs {
        let name = subgraph.name.as_str();
        let message = if name.is_empty() {
            Some("a subgraph needs a name".to_owned())
        } else if !seen.insert(name) {
            Some(format!("several subgraphs are called \"{name}\""))
        } else {
            None
        };
        if let Some(message) = message {
            found.push(subgraph.error(Code::InvalidSubgraphName, message, None));
        }
    }
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// Checks that what is left when the hidden is gone is a schema. Without subgraphs, as for a
/// supergraph of which nothing else is known, mistakes have no place.
pub(crate) fn hidden_elements(
    subgraphs: &[Subgraph<Valid>],
    supergraph: &Schema,
    hidden: &str,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    inaccessible::run(subgraphs, supergraph, hidden, &mut found);
    default_value_uses_inaccessible::run(subgraphs, supergraph, hidden, &mut found);
    found
}

/// Checks the merged schema and derives the API.
pub(crate) fn run(
    subgraphs: &[Subgraph<Valid>],
    merged: &Merged,
    supergraph: &Schema,
) -> Result<Schema, Vec<Diagnostic>> {
    let mut found = Vec::new();
    interface_field_no_implem::run(subgraphs, supergraph, &mut found);
    requires_invalid_fields::run(subgraphs, supergraph, &mut found);
    missing_transitive_auth_requirements::run(subgraphs, merged, supergraph, &mut found);
    if !found.is_empty() {
        return Err(found);
    }
    let hidden = merged
        .features
        .get(&Role::Inaccessible)
        .map_or("inaccessible", |name| name.as_str());
    let own_directives = merged
        .schema
        .directive_definitions
        .keys()
        .cloned()
        .collect();
    found.extend(invalid(subgraphs, supergraph));
    default_value_left_out::run(subgraphs, supergraph, &mut found);
    if !found.is_empty() {
        return Err(found);
    }
    let api = api::derive(supergraph, hidden, &own_directives);
    let found = hidden_elements(subgraphs, supergraph, hidden);
    if found.is_empty() {
        Ok(api)
    } else {
        Err(found)
    }
}

/// `INVALID_GRAPHQL`: what merging makes of valid schemas is not always one.
fn invalid(subgraphs: &[Subgraph<Valid>], supergraph: &Schema) -> Vec<Diagnostic> {
    let Err(broken) = supergraph.clone().validate() else {
        return Vec::new();
    };
    let errors = broken.errors.iter().map(|one| {
        // What is merged keeps the places of what it was merged from.
        let place = one
            .error
            .location()
            .and_then(|span| places::of_span(subgraphs, span));
        Diagnostic::new(
            Code::InvalidGraphql,
            one.error.to_string(),
            place.into_iter().collect(),
        )
    });
    errors.collect()
}
