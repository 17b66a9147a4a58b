//! [`Subgraph<Linked>`] → [`Subgraph<Valid>`]: the rules that one subgraph must keep by itself.
//!
//! Each rule is a file named after the code it reports. All of them run; each reports all it finds.

mod deprecated_required;
pub(crate) mod graphql;
mod root_names;
mod values;

mod auth_requirements_applied_on_interface;
mod context_rules;
mod cost_applied_to_interface_field;
mod external_on_interface;
mod external_unused;
mod interface_key_not_on_implementation;
mod interface_object_usage_error;
mod invalid_shareable_usage;
mod list_size;

use apollo_compiler::schema::ExtendedType;

use crate::diagnostic::Diagnostic;
use crate::facts;
use crate::link::Federation;
use crate::subgraph::{Linked, Subgraph, Valid};

type Rule = fn(&Subgraph<Valid>, &mut Vec<Diagnostic>);

const RULES: &[Rule] = &[
    interface_key_not_on_implementation::run,
    external_on_interface::run,
    external_unused::run,
    invalid_shareable_usage::run,
    interface_object_usage_error::run,
    context_rules::run,
    cost_applied_to_interface_field::run,
    list_size::run,
    auth_requirements_applied_on_interface::run,
];

pub(crate) fn run(subgraph: Subgraph<Linked>) -> Result<Subgraph<Valid>, Vec<Diagnostic>> {
    let (facts, mut found) = facts::collect(&subgraph);
    let valid = subgraph.into_state(|linked| Valid {
        schema: linked.schema,
        links: linked.links,
        extended: linked.extended,
        facts,
    });
    // What Federation 1 tolerated is repaired first, and judged when it is Federation 2.
    if valid.links.federation == Federation::One {
        return Ok(valid);
    }
    // Keys of interfaces are what many rules build on.
    let broken_interface_key = valid.facts.keys.iter().any(|(name, keys)| {
        valid
            .schema
            .types
            .get(name)
            .is_some_and(ExtendedType::is_interface)
            && keys.iter().any(|key| key.fields.broken)
    });
    if broken_interface_key {
        return Err(found);
    }
    for rule in RULES {
        rule(&valid, &mut found);
    }
    if found.is_empty() {
        Ok(valid)
    } else {
        Err(found)
    }
}
