//! Introspection does not walk in circles.
//!
//! ```text
//! passes  { __schema { types { fields { type { interfaces { name } } } } } }
//! breaks  { __schema { types { fields { type { fields { type { fields { name } } } } } } } }
//! ```
//!
//! Why: the lists that lead from types to types multiply; some levels of them answer a short
//! query with megabytes. No tool asks for three.

use std::collections::HashMap;

use apollo_compiler::executable::{Operation, Selection, SelectionSet};
use apollo_compiler::{Name, Node};

use super::Check;

/// The lists of types and of what leads to types.
const LISTS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

/// Of the reference implementation.
const LISTS_MAX: usize = 2;

pub(super) fn run(check: &mut Check<'_>, operation: &Node<Operation>) {
    let document = check.document;
    let mut heights = HashMap::new();
    // The query type may be reached again from below, in the payload of a mutation.
    for field in operation.all_fields(document) {
        if matches!(field.name.as_str(), "__schema" | "__type")
            && height(check, &field.selection_set, &mut heights) > LISTS_MAX
        {
            let message = format!(
                "`{}` asks for more than {LISTS_MAX} lists of fields or types within one another",
                field.name
            );
            check.report(message, &[field.name.location()]);
        }
    }
}

/// How many of the lists stand within one another; each fragment is measured once.
fn height<'d>(
    check: &Check<'d>,
    set: &'d SelectionSet,
    heights: &mut HashMap<&'d Name, usize>,
) -> usize {
    let below = set.selections.iter().map(|selection| match selection {
        Selection::Field(field) => {
            let own = usize::from(LISTS.contains(&field.name.as_str()));
            own + height(check, &field.selection_set, heights)
        }
        Selection::InlineFragment(fragment) => height(check, &fragment.selection_set, heights),
        Selection::FragmentSpread(spread) => {
            let name = &spread.fragment_name;
            if let Some(&known) = heights.get(name) {
                return known;
            }
            let fragment = check.document.fragments.get(name);
            let height = fragment.map_or(0, |fragment| {
                height(check, &fragment.selection_set, heights)
            });
            heights.insert(name, height);
            height
        }
    });
    below.max().unwrap_or(0)
}
