//! [`Subgraph<Linked>`] → [`Subgraph<Valid>`]: the rules that one subgraph must keep by itself.
//!
//! Each rule is a file named after the code it reports. All of them run; each reports all it finds.

mod deprecated_required;
mod extension_kinds;
pub(crate) mod graphql;
mod root_names;
mod shadowed_imports;
pub(crate) mod values;

mod auth_requirements_applied_on_interface;
mod context_rules;
mod context_selection;
mod cost_applied_to_interface_field;
mod external_on_interface;
mod external_unused;
mod interface_key_not_on_implementation;
mod interface_object_usage_error;
mod invalid_shareable_usage;
mod list_size;

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

pub(crate) fn run(mut subgraph: Subgraph<Linked>) -> Result<Subgraph<Valid>, Vec<Diagnostic>> {
    let mut found = std::mem::take(&mut subgraph.state.pending);
    let pending = !found.is_empty();
    let (facts, wrong_fields) = facts::collect(&subgraph);
    let valid = subgraph.into_state(|linked| Valid {
        schema: linked.schema,
        links: linked.links,
        extended: linked.extended,
        facts,
    });
    // What Federation 1 tolerated is repaired first, and judged when it is Federation 2.
    if valid.links.federation == Federation::One {
        return if pending { Err(found) } else { Ok(valid) };
    }
    found.extend(wrong_fields);
    let halting = valid.facts.halting.clone();
    let halting = halting.or_else(|| interface_key_not_on_implementation::unreadable(&valid));
    if let Some(halting) = halting {
        return Err(vec![halting]);
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
