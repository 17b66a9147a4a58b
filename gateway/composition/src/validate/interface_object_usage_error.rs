//! `INTERFACE_OBJECT_USAGE_ERROR`: an interface object adds fields to entities that others know,
//! so it needs a key to find them.

use crate::diagnostic::{Code, Diagnostic};
use crate::link::Role;
use crate::subgraph::{Subgraph, Valid};

pub(super) fn run(subgraph: &Subgraph<Valid>, found: &mut Vec<Diagnostic>) {
    for name in &subgraph.facts.interface_objects {
        let Some(ty) = subgraph.schema.types.get(name) else {
            continue;
        };
        if !subgraph.links.type_has(ty.directives(), Role::Key) {
            let span = ty.location();
            found.push(subgraph.error(
                Code::InterfaceObjectUsageError,
                format!("the @interfaceObject directive can only be applied to entity types but type \"{name}\" has no @key in this subgraph"),
                span,
            ));
        }
    }
}
