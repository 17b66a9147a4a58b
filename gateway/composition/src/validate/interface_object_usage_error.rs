//! `INTERFACE_OBJECT_USAGE_ERROR`: an interface object adds fields to entities that others know,
//! so it needs a key to find them.

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{Subgraph, Valid};

pub(super) fn run(subgraph: &Subgraph<Valid>, found: &mut Vec<Diagnostic>) {
    for name in &subgraph.facts.interface_objects {
        if subgraph.facts.keys_of(name).is_empty() {
            let span = subgraph.schema.types.get(name).and_then(|ty| ty.location());
            found.push(subgraph.error(
                Code::InterfaceObjectUsageError,
                format!("the @interfaceObject directive can only be applied to entity types but type \"{name}\" has no @key in this subgraph"),
                span,
            ));
        }
    }
}
