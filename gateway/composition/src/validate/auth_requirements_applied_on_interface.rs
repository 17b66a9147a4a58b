//! `AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE`: who may see an interface follows from its
//! implementations, so a requirement on the interface itself would promise what nobody checks.

use crate::diagnostic::{Code, Diagnostic};
use crate::link::Role;
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

const ROLES: &[Role] = &[Role::Authenticated, Role::RequiresScopes, Role::Policy];

pub(super) fn run(subgraph: &Subgraph<Valid>, found: &mut Vec<Diagnostic>) {
    for (name, ty) in &subgraph.schema.types {
        let interface_object = subgraph.facts.interface_objects.contains(name);
        if !ty.is_interface() && !interface_object {
            continue;
        }
        let mut report = |what: String, span| {
            found.push(subgraph.error(
                Code::AuthRequirementsAppliedOnInterface,
                format!("invalid use of an access directive on {what}: it cannot be applied on interfaces, interface fields and interface objects"),
                span,
            ));
        };
        for role in ROLES {
            for directive in subgraph.links.on_type(ty.directives(), *role) {
                report(format!("\"{name}\""), directive.location());
            }
            if interface_object {
                continue;
            }
            for field in schemas::fields(ty)
                .into_iter()
                .flat_map(|fields| fields.values())
            {
                for directive in subgraph.links.on(&field.directives, *role) {
                    report(
                        format!("field \"{name}.{}\"", field.name),
                        directive.location(),
                    );
                }
            }
        }
    }
}
