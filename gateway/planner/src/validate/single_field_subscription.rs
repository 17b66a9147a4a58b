//! A subscription has one root field.
//!
//! ```text
//! passes  subscription { changed { id } ...rest }  fragment rest on Subscription { changed { at } }
//! breaks  subscription { changed { id } removed { id } }
//! ```
//!
//! The rule of [Single Root Field](https://spec.graphql.org/October2021/#sec-Single-root-field):
//! it counts response keys, so selections that merge are one.

use std::collections::BTreeSet;

use apollo_compiler::Node;
use apollo_compiler::executable::Operation;

use super::Check;

pub(super) fn run(check: &mut Check<'_>, operation: &Node<Operation>) {
    if !operation.is_subscription() {
        return;
    }
    let fields = operation.root_fields(check.document);
    let keys: BTreeSet<_> = fields.map(|field| field.response_key()).collect();
    if keys.len() > 1 {
        let name = operation.name.as_ref();
        let name = name.map_or_else(String::new, |name| format!(" `{name}`"));
        let message = format!("the subscription{name} has more than one root field");
        check.report(message, &[operation.location()]);
    }
}
