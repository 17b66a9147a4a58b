//! Where a subgraph is asked once for two uses, so that what one makes null the other misses.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ast::Type;
use apollo_compiler::executable::{Field, Operation, Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Name};
use planner::plan::{
    ContextSetter, NodeId, PartKind, Plan, Representation, RepresentationField,
    RepresentationValue, Typename,
};

use super::asked::collect;
use crate::facts::{Facts, possible_in_api};

/// Whether a field of one object is asked for under several keys.
pub(crate) fn repeats(document: &ExecutableDocument, operation: &Operation) -> bool {
    repeats_below(&[&operation.selection_set], document)
}

fn repeats_below(sets: &[&SelectionSet], document: &ExecutableDocument) -> bool {
    let mut fields = BTreeMap::new();
    for set in sets {
        collect(&set.selections, document, &mut fields);
    }
    let mut names: Vec<&Name> = fields
        .values()
        .flat_map(|field| field.2.iter().copied())
        .collect();
    let count = names.len();
    names.sort();
    names.dedup();
    names.len() < count
        || fields
            .values()
            .any(|field| repeats_below(&field.1, document))
}

/// Whether something takes more away when it is null than the single execution says: an object that
/// must not be null in one of the subgraphs that share it, or a field that must not be null of an
/// object and may be of the interface that it is asked of, by which the single execution goes.
pub(crate) fn disagrees(set: &SelectionSet, document: &ExecutableDocument, facts: &Facts) -> bool {
    let is_stricter = |field: &Field| {
        let objects = possible_in_api(facts.api(), &set.ty);
        let mut known = objects
            .iter()
            .filter_map(|object| facts.find_field(object, &field.name));
        known.any(|known| {
            let ty = if field.selection_set.is_empty() {
                &known.ty
            } else {
                &known.strict
            };
            nulls(ty) != nulls(field.ty())
        })
    };
    set.selections.iter().any(|selection| match selection {
        Selection::Field(field) => {
            is_stricter(field) || disagrees(&field.selection_set, document, facts)
        }
        Selection::InlineFragment(fragment) => disagrees(&fragment.selection_set, document, facts),
        Selection::FragmentSpread(spread) => document
            .fragments
            .get(&spread.fragment_name)
            .is_some_and(|fragment| disagrees(&fragment.selection_set, document, facts)),
    })
}

/// From outside in, what must not be null.
fn nulls(ty: &Type) -> Vec<bool> {
    let items = ty.is_list().then(|| nulls(ty.item_type()));
    [vec![ty.is_non_null()], items.unwrap_or_default()].concat()
}

/// Whether objects that the client sees are sent on, as requirements, keys or context: what makes
/// one null for the client then fails there as well, since nobody is asked for it twice. So does a
/// field of an object around that sets a context and must not be null: it takes that object.
pub(crate) fn sends_on(plan: &Plan, facts: &Facts) -> bool {
    let seen: BTreeSet<NodeId> = plan.selections.iter().map(|one| one.node).collect();
    let takes_its_object = |setter: &ContextSetter| {
        let names = match &plan.nodes[setter.at.index()].typename {
            Typename::Fixed(name) => std::slice::from_ref(name),
            Typename::Read { possible, .. } => possible,
        };
        names.iter().any(|name| {
            let mut fields = setter.values.iter();
            fields.any(|field| {
                let known = facts.find_field(name, &field.name);
                known.is_some_and(|known| known.strict.is_non_null())
            })
        })
    };
    let parts = plan.fetches.iter().flat_map(|fetch| &fetch.parts);
    parts
        .filter_map(|part| match &part.kind {
            PartKind::Entities(entities) => Some(entities),
            PartKind::Root => None,
        })
        .any(|entities| {
            let Representation { key, requires, .. } = &entities.representation;
            let setters = entities.context.iter().flat_map(|one| &one.setters);
            if setters.clone().any(takes_its_object) {
                return true;
            }
            let context = setters.flat_map(|one| &one.values);
            let mut fields = key.iter().chain(requires).chain(context);
            fields.any(|field| has_seen(field, &seen))
        })
}

/// Whether objects whose type another subgraph tells are asked for fields that only some types are
/// wanted to have: they are asked of all, and what one makes null is null whatever its type.
pub(crate) fn asks_before_types_are_told(plan: &Plan) -> bool {
    plan.selections.iter().any(|selection| {
        let told_later = match &plan.nodes[selection.node.index()].typename {
            Typename::Read { from, .. } => from.first().is_some_and(|by| by.source != 0),
            Typename::Fixed(_) => false,
        };
        told_later && selection.groups.len() > 1
    })
}

fn has_seen(field: &RepresentationField, seen: &BTreeSet<NodeId>) -> bool {
    match &field.value {
        RepresentationValue::Typename | RepresentationValue::Leaf(_) => false,
        RepresentationValue::Object { node, fields, .. } => {
            seen.contains(node) || fields.iter().any(|field| has_seen(field, seen))
        }
    }
}
