//! What a request reads was answered before it is made.

use std::collections::BTreeSet;

use super::Flaw;
use crate::plan::{
    Entities, FetchId, NodeId, PartKind, Plan, RepresentationField, RepresentationTypename,
    RepresentationValue, Source, Supplier, TypeFilter, Typename,
};

pub(super) fn check(plan: &Plan) -> Result<(), Flaw> {
    let mut behind: Vec<BTreeSet<FetchId>> = Vec::with_capacity(plan.fetches.len());
    for (index, fetch) in plan.fetches.iter().enumerate() {
        let mut all: BTreeSet<FetchId> = fetch.after.iter().copied().collect();
        for other in &fetch.after {
            all.extend(behind[other.index()].iter().copied());
        }
        for (number, part) in (0..).zip(&fetch.parts) {
            let mut read = BTreeSet::new();
            match &part.kind {
                PartKind::Root => {
                    // Where root fields are asked again below, there must be an object.
                    if plan.nodes[part.at.index()].parent.is_some() {
                        read.extend(source(plan, part.at, 0));
                    }
                }
                PartKind::Entities(entities) => {
                    let own = Source::Part {
                        fetch: FetchId(u32::try_from(index).unwrap_or(u32::MAX)),
                        part: number,
                    };
                    entity(plan, part.at, entities, own, &mut read);
                }
            }
            if let Some(early) = read.difference(&all).next() {
                return Err(Flaw::new(
                    format!("fetch {index}"),
                    format!("it reads from fetch {} without waiting for it", early.0),
                ));
            }
        }
        behind.push(all);
    }
    Ok(())
}

fn entity(plan: &Plan, at: NodeId, entities: &Entities, own: Source, read: &mut BTreeSet<FetchId>) {
    read.extend(source(plan, at, 0));
    let sent = &entities.representation;
    if tells(plan, at, own) {
        // Who tells the types of some objects is asked of those that the last teller points out.
        if let Typename::Read { from, .. } = &plan.nodes[at.index()].typename {
            let last = from.last().map(|supplier| supplier.source);
            let last = last.filter(|&last| plan.nodes[at.index()].sources[last as usize] != own);
            read.extend(last.and_then(|last| source(plan, at, last)));
        }
    } else if entities.types != TypeFilter::Any
        || matches!(sent.typename, RepresentationTypename::Runtime)
    {
        typename(plan, at, read);
    }
    for field in sent.key.iter().chain(&sent.requires) {
        value(plan, at, field, read);
    }
    for setter in entities.context.iter().flat_map(|one| &one.setters) {
        if setter.types != TypeFilter::Any {
            typename(plan, setter.at, read);
        }
        for field in &setter.values {
            value(plan, setter.at, field, read);
        }
    }
}

/// Whether a part tells the run-time types at its node.
fn tells(plan: &Plan, at: NodeId, part: Source) -> bool {
    let node = &plan.nodes[at.index()];
    matches!(&node.typename, Typename::Read { from, .. }
        if from.iter().any(|supplier| node.sources[supplier.source as usize] == part))
}

fn value(plan: &Plan, at: NodeId, field: &RepresentationField, read: &mut BTreeSet<FetchId>) {
    if field.types != TypeFilter::Any {
        typename(plan, at, read);
    }
    match &field.value {
        RepresentationValue::Typename => typename(plan, at, read),
        RepresentationValue::Leaf(from) => suppliers(plan, at, from, read),
        RepresentationValue::Object { from, node, fields } => {
            suppliers(plan, at, from, read);
            fields
                .iter()
                .for_each(|field| value(plan, *node, field, read));
        }
    }
}

fn typename(plan: &Plan, at: NodeId, read: &mut BTreeSet<FetchId>) {
    if let Typename::Read { from, .. } = &plan.nodes[at.index()].typename {
        suppliers(plan, at, from, read);
    }
}

fn suppliers(plan: &Plan, at: NodeId, from: &[Supplier], read: &mut BTreeSet<FetchId>) {
    read.extend(
        from.iter()
            .filter_map(|supplier| source(plan, at, supplier.source)),
    );
}

/// The fetch whose response has a source's rows.
pub(super) fn source(plan: &Plan, at: NodeId, index: u32) -> Option<FetchId> {
    let node = &plan.nodes[at.index()];
    match *node.sources.get(index as usize)? {
        Source::Part { fetch, .. } => Some(fetch),
        Source::Slot { parent, .. } => source(plan, node.parent?, parent),
    }
}
