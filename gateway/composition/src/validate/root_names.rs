//! `ROOT_QUERY_USED`, `ROOT_MUTATION_USED`, `ROOT_SUBSCRIPTION_USED`: a root type with a name of
//! its own is renamed to the default name, which must then be free.

use apollo_compiler::schema::{ComponentName, ExtendedType};
use apollo_compiler::{Name, Schema, name};

use super::graphql::rename;
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{Parsed, Subgraph};

pub(super) fn run(subgraph: &Subgraph<Parsed>, schema: &mut Schema) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (default, code) in [
        (name!("Query"), Code::RootQueryUsed),
        (name!("Mutation"), Code::RootMutationUsed),
        (name!("Subscription"), Code::RootSubscriptionUsed),
    ] {
        let Some(used) = slot(schema, &default).map(|one| one.name.clone()) else {
            // A `schema` definition that leaves a root out means what it says, but composition
            // cannot tell such a type from a root.
            adopt(schema, &default);
            continue;
        };
        if used == default {
            continue;
        }
        if let Some(existing) = schema.types.get(&default) {
            found.push(Diagnostic::new(
                code,
                format!(
                    "[{}] the schema has a type named \"{default}\" but it is not set as the root type (\"{used}\" is instead): this is not supported by federation",
                    subgraph.name
                ),
                vec![subgraph.place_in(&schema.sources, existing.location())],
            ));
            // The root takes its place, so that the rest of the schema can be judged.
            schema.types.shift_remove(&default);
        }
        rename(schema, &used, &default);
        if let Some(root) = slot_mut(schema, &default) {
            root.name = default;
        }
    }
    found
}

fn slot<'a>(schema: &'a Schema, default: &Name) -> Option<&'a ComponentName> {
    let definition = &schema.schema_definition;
    match default.as_str() {
        "Query" => definition.query.as_ref(),
        "Mutation" => definition.mutation.as_ref(),
        _ => definition.subscription.as_ref(),
    }
}

fn slot_mut<'a>(schema: &'a mut Schema, default: &Name) -> Option<&'a mut ComponentName> {
    let definition = schema.schema_definition.make_mut();
    match default.as_str() {
        "Query" => definition.query.as_mut(),
        "Mutation" => definition.mutation.as_mut(),
        _ => definition.subscription.as_mut(),
    }
}

fn adopt(schema: &mut Schema, default: &Name) {
    if !schema
        .types
        .get(default)
        .is_some_and(ExtendedType::is_object)
    {
        return;
    }
    let root = Some(ComponentName::from(default.clone()));
    let definition = schema.schema_definition.make_mut();
    match default.as_str() {
        "Query" => definition.query = root,
        "Mutation" => definition.mutation = root,
        _ => definition.subscription = root,
    }
}
