//! `INTERFACE_FIELD_NO_IMPLEM`: merging may give an interface a field that an implementation,
//! known to another subgraph only, does not have.

use apollo_compiler::Schema;

use crate::diagnostic::{Code, Diagnostic};
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

pub(super) fn run(subgraphs: &[Subgraph<Valid>], supergraph: &Schema, found: &mut Vec<Diagnostic>) {
    for (name, ty) in &supergraph.types {
        let Some(own) = schemas::fields(ty) else {
            continue;
        };
        for interface in schemas::interfaces(ty) {
            let fields = supergraph.types.get(interface).and_then(schemas::fields);
            for field in fields.into_iter().flat_map(|fields| fields.keys()) {
                if own.contains_key(field) {
                    continue;
                }
                let places = subgraphs
                    .iter()
                    .filter_map(|subgraph| {
                        let one = schemas::field(&subgraph.schema, interface, field)?;
                        Some(subgraph.place(one.location()))
                    })
                    .collect();
                found.push(Diagnostic::new(
                    Code::InterfaceFieldNoImplem,
                    format!("interface field \"{interface}.{field}\" is declared in some subgraphs but type \"{name}\", which implements \"{interface}\", does not have it in any subgraph"),
                    places,
                ));
            }
        }
    }
}
