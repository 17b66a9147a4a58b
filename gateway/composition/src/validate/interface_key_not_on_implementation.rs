//! `INTERFACE_KEY_NOT_ON_IMPLEMENTATION`: whoever finds an interface by a key must find each of
//! its implementations by it.

use crate::diagnostic::{Code, Diagnostic};
use crate::facts::{Key, same_selections};
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

/// The first key that cannot be read among those that this rule compares; published composition
/// says nothing else of such a subgraph.
pub(super) fn unreadable(subgraph: &Subgraph<Valid>) -> Option<Diagnostic> {
    let error = |ty: &str, key: &Key| {
        let code = key.fields.unreadable?;
        let message = format!("the key \"{}\" of \"{ty}\" cannot be read", key.fields.text);
        Some(subgraph.error(code, message, key.fields.span))
    };
    let interfaces = subgraph.schema.types.iter();
    for (name, _) in interfaces.filter(|(_, ty)| ty.is_interface()) {
        for key in subgraph.facts.keys_of(name) {
            if let Some(error) = error(name, key) {
                return Some(error);
            }
            for object in schemas::runtime_types(&subgraph.schema, name) {
                for own in subgraph.facts.keys_of(&object) {
                    if let Some(error) = error(&object, own) {
                        return Some(error);
                    }
                    if same(own, key) {
                        break;
                    }
                }
            }
        }
    }
    None
}

fn same(one: &Key, other: &Key) -> bool {
    same_selections(&one.fields.set, &other.fields.set)
        && one.fields.decorations == other.fields.decorations
}

pub(super) fn run(subgraph: &Subgraph<Valid>, found: &mut Vec<Diagnostic>) {
    for (name, ty) in subgraph
        .schema
        .types
        .iter()
        .filter(|(_, ty)| ty.is_interface())
    {
        let implementations = schemas::runtime_types(&subgraph.schema, name);
        for key in subgraph.facts.keys_of(ty.name()) {
            let lacking = |resolvable_too: bool| -> Vec<String> {
                implementations
                    .iter()
                    .filter(|object| {
                        !subgraph.facts.keys_of(object).iter().any(|own| {
                            same(own, key)
                                && (!resolvable_too || own.is_resolvable() || !key.is_resolvable())
                        })
                    })
                    .map(|object| format!("\"{object}\""))
                    .collect()
            };
            let missing = lacking(false);
            let (types, reason) = if missing.is_empty() {
                (lacking(true), "has it, but not as resolvable")
            } else {
                (missing, "does not have it")
            };
            if types.is_empty() {
                continue;
            }
            found.push(subgraph.error(
                Code::InterfaceKeyNotOnImplementation,
                format!(
                    "key @key(fields: \"{}\") on interface type \"{name}\" is missing on implementation type(s) {}, which {reason}",
                    key.fields.text,
                    types.join(", ")
                ),
                key.fields.span,
            ));
        }
    }
}
