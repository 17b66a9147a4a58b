//! `EXTERNAL_ON_INTERFACE`: the fields of an interface are resolved by nobody, so none is external.

use crate::diagnostic::{Code, Diagnostic};
use crate::link::Role;
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

pub(super) fn run(subgraph: &Subgraph<Valid>, found: &mut Vec<Diagnostic>) {
    for (name, ty) in subgraph
        .schema
        .types
        .iter()
        .filter(|(_, ty)| ty.is_interface())
    {
        for field in schemas::fields(ty)
            .into_iter()
            .flat_map(|fields| fields.values())
        {
            for directive in subgraph.links.on(&field.directives, Role::External) {
                found.push(subgraph.error(
                    Code::ExternalOnInterface,
                    format!("interface type field \"{name}.{}\" is marked @external but @external is not allowed on interface fields", field.name),
                    directive.location(),
                ));
            }
        }
    }
}
