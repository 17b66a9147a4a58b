//! `INVALID_FIELD_SHARING`: a field that several subgraphs resolve must be shareable in each.

use super::Merger;
use super::fields::{Field, abstracted};
use crate::diagnostic::Code;

pub(super) fn check(merger: &mut Merger<'_>, field: &Field<'_>) {
    let coordinate = (field.ty.clone(), field.name.clone());
    if field.ty == "Subscription" {
        refuse_shared_events(merger, field);
    }
    let (mut shareable, mut not_shareable) = (Vec::new(), Vec::new());
    for (index, _) in field.present() {
        let facts = &merger.subgraphs[index].facts;
        if facts.is_fully_external(field.ty, field.name)
            || merger.overrides.overridden(index, &coordinate).is_some()
        {
            continue;
        }
        // An event has one source.
        let subscription = field.ty == "Subscription";
        if facts.is_shareable(field.ty, field.name) && !subscription {
            shareable.push(index);
        } else {
            not_shareable.push(index);
        }
    }
    for (index, interface) in abstracted(merger, field) {
        if merger.subgraphs[index]
            .facts
            .is_shareable(interface, field.name)
        {
            shareable.push(index);
        } else {
            not_shareable.push(index);
        }
    }
    if not_shareable.is_empty() || not_shareable.len() + shareable.len() < 2 {
        return;
    }
    let mut resolvers: Vec<usize> = not_shareable.iter().chain(&shareable).copied().collect();
    resolvers.sort_unstable();
    let message = format!(
        "non-shareable field \"{}\" is resolved from multiple subgraphs: it is resolved from {} and defined as non-shareable in {}",
        field.coordinate(),
        merger.names(&resolvers),
        merger.names(&not_shareable)
    );
    let places = merger.field_places(field.ty, field.name);
    merger.error(Code::InvalidFieldSharing, message, places);
}

/// An event has one source, whatever else may be shared.
fn refuse_shared_events(merger: &mut Merger<'_>, field: &Field<'_>) {
    let sharing: Vec<usize> = field
        .present()
        .map(|(index, _)| index)
        .filter(|index| {
            merger.subgraphs[*index]
                .facts
                .is_shareable(field.ty, field.name)
        })
        .collect();
    if !sharing.is_empty() {
        let who = merger.names(&sharing);
        let places = merger.field_places(field.ty, field.name);
        merger.error(
            Code::InvalidFieldSharing,
            format!("fields on the root level subscription object cannot be marked as shareable: \"{}\" is, in {who}", field.coordinate()),
            places,
        );
    }
}
