//! `EXTERNAL_ON_INTERFACE`: the fields of an interface are resolved by nobody, so none is external.

use apollo_compiler::Node;
use apollo_compiler::schema::ExtendedType;

use crate::diagnostic::{Code, Diagnostic};
use crate::link::Role;
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

pub(super) fn run(subgraph: &Subgraph<Valid>, found: &mut Vec<Diagnostic>) {
    for (name, field) in subgraph.facts.external_fields() {
        let interface = subgraph.schema.types.get(name);
        if !interface.is_some_and(ExtendedType::is_interface) {
            continue;
        }
        let directive = schemas::field(&subgraph.schema, name, field).and_then(|definition| {
            let mut marks = subgraph.links.on(&definition.directives, Role::External);
            marks.next()
        });
        found.push(subgraph.error(
            Code::ExternalOnInterface,
            format!("interface type field \"{name}.{field}\" is marked @external but @external is not allowed on interface fields"),
            directive.and_then(Node::location),
        ));
    }
}
