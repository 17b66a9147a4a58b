//! `EXTERNAL_UNUSED`: `@external` only says where a key, a requirement, a provision or an
//! interface finds its field; without one of them it says nothing.

use crate::diagnostic::{Code, Diagnostic};
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

pub(super) fn run(subgraph: &Subgraph<Valid>, found: &mut Vec<Diagnostic>) {
    for (ty, name) in subgraph.facts.external_fields() {
        if subgraph.facts.is_used(ty, name) {
            continue;
        }
        let span = schemas::field(&subgraph.schema, ty, name).and_then(|field| field.location());
        found.push(subgraph.error(
            Code::ExternalUnused,
            format!("field \"{ty}.{name}\" is marked @external but is not used in any federation directive (@key, @provides, @requires) or to satisfy an interface; the field declaration has no use and should be removed (or the field should not be @external)"),
            span,
        ));
    }
}
