//! Roots, and the description of the schema.

use apollo_compiler::Schema;
use apollo_compiler::schema::ComponentName;

use super::{ChangeCode, Changes, texts};

pub(super) fn compare(old: &Schema, new: &Schema, changes: &mut Changes) {
    let (one, other) = (&old.schema_definition, &new.schema_definition);
    root("query", one.query.as_ref(), other.query.as_ref(), changes);
    root(
        "mutation",
        one.mutation.as_ref(),
        other.mutation.as_ref(),
        changes,
    );
    root(
        "subscription",
        one.subscription.as_ref(),
        other.subscription.as_ref(),
        changes,
    );
    texts::description(
        "schema",
        one.description.as_deref(),
        other.description.as_deref(),
        changes,
    );
}

fn root(
    operation: &str,
    old: Option<&ComponentName>,
    new: Option<&ComponentName>,
    changes: &mut Changes,
) {
    match (old, new) {
        (Some(old), None) => changes.push(
            ChangeCode::RootRemoved,
            old,
            format!("there is no {operation} any more"),
        ),
        (None, Some(new)) => changes.push(
            ChangeCode::RootAdded,
            new,
            format!("there is a {operation} now"),
        ),
        (Some(old), Some(new)) if old.name != new.name => changes.push(
            ChangeCode::RootChanged,
            old,
            format!("the root of {operation} is `{}` now", new.name),
        ),
        _ => {}
    }
}
