//! Every index leads somewhere, and nothing waits for what comes later.

use super::Flaw;
use crate::plan::{
    AnswerValue, ContextArgument, Entities, Need, NodeId, Part, PartKind, Plan,
    RepresentationField, RepresentationValue, Source, Supplier, Typename,
};

pub(super) fn check(plan: &Plan) -> Result<(), Flaw> {
    let always = plan.conditions.first();
    if always.is_none_or(|first| first.any_of != [Vec::new()]) {
        return Err(Flaw::new("conditions", "the first does not always hold"));
    }
    for (index, fetch) in plan.fetches.iter().enumerate() {
        let at = format!("fetch {index}");
        if fetch.after.iter().any(|other| other.index() >= index) {
            return Err(Flaw::new(at, "it waits for a later fetch"));
        }
        let roots = fetch
            .parts
            .iter()
            .filter(|part| matches!(part.kind, PartKind::Root))
            .count();
        if fetch.parts.is_empty() || (roots > 0 && fetch.parts.len() > 1) {
            return Err(Flaw::new(at, "its parts cannot travel together"));
        }
        for part in &fetch.parts {
            if part.shape.index() >= plan.shapes.len() || part.at.index() >= plan.nodes.len() {
                return Err(Flaw::new(at, "a part leads nowhere"));
            }
            if let PartKind::Entities(entities) = &part.kind {
                let sent = &entities.representation;
                for field in sent.key.iter().chain(&sent.requires) {
                    sent_field(plan, part.at, field, &at)?;
                }
                for need in &sent.needs {
                    self::need(plan, part, entities, need, &at)?;
                }
                for argument in &entities.context {
                    setters(plan, part.at, argument, &at)?;
                }
            }
        }
    }
    for (index, node) in plan.nodes.iter().enumerate() {
        let at = format!("node {index}");
        if node.parent.is_some_and(|parent| parent.index() >= index) {
            return Err(Flaw::new(at, "it stands before its parent"));
        }
        let id = NodeId(u32::try_from(index).unwrap_or(u32::MAX));
        for (source, of) in (0..).zip(&node.sources) {
            if let Source::Part { fetch, part } = of {
                let part = plan
                    .fetches
                    .get(fetch.index())
                    .and_then(|f| f.parts.get(*part as usize));
                if part.is_none_or(|part| part.at != id) {
                    return Err(Flaw::new(at, "a source is no part at this node"));
                }
            }
            if plan.shape_of(id, source).is_none() {
                return Err(Flaw::new(at, format!("source {source} leads nowhere")));
            }
        }
        // Where no type is possible, no object stands.
        if let Typename::Read { from, possible } = &node.typename
            && !possible.is_empty()
        {
            suppliers(plan, id, from, &at)?;
        }
    }
    for (index, selection) in plan.selections.iter().enumerate() {
        let at = format!("selection {index}");
        for field in selection.groups.iter().flat_map(|group| &group.fields) {
            match &field.value {
                AnswerValue::Leaf { from, .. } => suppliers(plan, selection.node, from, &at)?,
                AnswerValue::Object {
                    from,
                    selection: inner,
                    ..
                } => {
                    suppliers(plan, selection.node, from, &at)?;
                    let below = plan.selections.get(inner.index()).map(|inner| inner.node);
                    let below = below.and_then(|below| plan.nodes.get(below.index()));
                    if below.is_none_or(|below| below.parent != Some(selection.node)) {
                        return Err(Flaw::new(at, "an object is written at a foreign node"));
                    }
                }
                AnswerValue::Typename | AnswerValue::Introspection { .. } => {}
            }
        }
    }
    Ok(())
}

fn need(plan: &Plan, part: &Part, entities: &Entities, need: &Need, at: &str) -> Result<(), Flaw> {
    let slots = plan.shapes[part.shape.index()].fields.len();
    if need.slots.iter().any(|&slot| slot as usize >= slots) {
        return Err(Flaw::new(at, "a need is no field's"));
    }
    let arguments = entities.context.len();
    if need
        .context
        .iter()
        .any(|&index| index as usize >= arguments)
    {
        return Err(Flaw::new(at, "a need is of no argument"));
    }
    need.requires
        .iter()
        .try_for_each(|field| sent_field(plan, part.at, field, at))
}

/// Who sets a context stands above, the nearest first.
fn setters(plan: &Plan, at: NodeId, argument: &ContextArgument, place: &str) -> Result<(), Flaw> {
    let parent = |node: NodeId| {
        let parent = plan.nodes[node.index()].parent;
        parent.filter(|parent| parent.index() < node.index())
    };
    let mut above = parent(at);
    for setter in &argument.setters {
        while above.is_some_and(|node| node != setter.at) {
            above = above.and_then(parent);
        }
        let Some(node) = above else {
            return Err(Flaw::new(place, "a context is set by who is not above"));
        };
        for field in &setter.values {
            sent_field(plan, node, field, place)?;
        }
        above = parent(node);
    }
    Ok(())
}

fn sent_field(
    plan: &Plan,
    node: NodeId,
    field: &RepresentationField,
    at: &str,
) -> Result<(), Flaw> {
    match &field.value {
        RepresentationValue::Typename => Ok(()),
        RepresentationValue::Leaf(from) => suppliers(plan, node, from, at),
        RepresentationValue::Object {
            from,
            node: below,
            fields,
        } => {
            suppliers(plan, node, from, at)?;
            if plan
                .nodes
                .get(below.index())
                .is_none_or(|below| below.parent != Some(node))
            {
                return Err(Flaw::new(
                    at,
                    format!("{} is read at a foreign node", field.name),
                ));
            }
            fields
                .iter()
                .try_for_each(|field| sent_field(plan, *below, field, at))
        }
    }
}

fn suppliers(plan: &Plan, node: NodeId, from: &[Supplier], at: &str) -> Result<(), Flaw> {
    if from.is_empty() {
        return Err(Flaw::new(at, "nobody supplies a value"));
    }
    for supplier in from {
        let shape = plan.shape_of(node, supplier.source);
        let slot = shape.and_then(|shape| {
            plan.shapes
                .get(shape.index())?
                .fields
                .get(supplier.slot as usize)
        });
        if slot.is_none() {
            return Err(Flaw::new(at, "a supplier leads nowhere"));
        }
    }
    Ok(())
}
