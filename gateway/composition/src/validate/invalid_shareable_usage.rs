//! `INVALID_SHAREABLE_USAGE`: an interface's field is resolved by nobody and so shared by nobody;
//! and saying it twice in one declaration is a mistake.

use crate::diagnostic::{Code, Diagnostic};
use crate::link::Role;
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

pub(super) fn run(subgraph: &Subgraph<Valid>, found: &mut Vec<Diagnostic>) {
    let links = &subgraph.links;
    for (name, ty) in &subgraph.schema.types {
        let on_type: Vec<_> = links.on_type(ty.directives(), Role::Shareable).collect();
        for (index, directive) in on_type.iter().enumerate() {
            if on_type[..index]
                .iter()
                .any(|earlier| earlier.origin == directive.origin)
            {
                found.push(subgraph.error(
                    Code::InvalidShareableUsage,
                    format!("invalid duplicate application of @shareable on the same type declaration of \"{name}\": @shareable is only repeatable on types so it can be used simultaneously on a type definition and its extensions, but it should not be duplicated on the same definition/extension declaration"),
                    directive.location(),
                ));
            }
        }
        for field in schemas::fields(ty)
            .into_iter()
            .flat_map(|fields| fields.values())
        {
            let on_field: Vec<_> = links.on(&field.directives, Role::Shareable).collect();
            if ty.is_interface()
                && let Some(directive) = on_field.first()
            {
                found.push(subgraph.error(
                    Code::InvalidShareableUsage,
                    format!("invalid use of @shareable on field \"{name}.{}\": only object type fields can be marked with @shareable", field.name),
                    directive.location(),
                ));
            } else if let Some(directive) = on_field.get(1) {
                found.push(subgraph.error(
                    Code::InvalidShareableUsage,
                    format!(
                        "invalid duplicate application of @shareable on field \"{name}.{}\"",
                        field.name
                    ),
                    directive.location(),
                ));
            }
        }
    }
}
