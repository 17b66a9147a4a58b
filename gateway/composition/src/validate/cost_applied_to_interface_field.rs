//! `COST_APPLIED_TO_INTERFACE_FIELD`: the cost of an interface's field is that of the dearest
//! implementation.

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
            for directive in subgraph.links.on(&field.directives, Role::Cost) {
                found.push(subgraph.error(
                    Code::CostAppliedToInterfaceField,
                    format!(
                        "@cost cannot be applied to interface \"{name}.{}\"",
                        field.name
                    ),
                    directive.location(),
                ));
            }
        }
    }
}
