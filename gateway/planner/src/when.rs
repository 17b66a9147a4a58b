//! Finds out when each field of a draft is asked for, and each visit made.
//!
//! The client says when it wants a field. A visit is made when any of its fields is wanted, and
//! what a visit needs is wanted when the visit is made; so visits are gone through from the last
//! to the first.

use crate::map::IndexSet;

use crate::condition::When;
use crate::draft::{Draft, ObjectId, PositionId};
use crate::error::Error;
use crate::goals::GoalSetId;
use crate::requests;
use crate::type_set::TypeSet;
use crate::wants::Terrain;

pub(crate) fn run(
    terrain: &mut Terrain<'_>,
    draft: &mut Draft,
    goals: GoalSetId,
) -> Result<(), Error> {
    let mut seen = IndexSet::default();
    client(terrain, draft, 0, goals, &mut seen)?;
    for visit in requests::order(draft).into_iter().rev() {
        let when = wanted(draft, draft.visits[visit].object);
        let position = draft.visits[visit].position;
        let inputs: Vec<(TypeSet, GoalSetId)> = {
            let visit = &draft.visits[visit];
            visit.keys.iter().chain(&visit.requires).cloned().collect()
        };
        for (types, set) in inputs {
            input(terrain, draft, position, set, &types, &when)?;
        }
        for context in draft.visits[visit].context.clone() {
            let types = draft.positions[context.from].types.clone();
            input(terrain, draft, context.from, context.value, &types, &when)?;
        }
        draft.visits[visit].when = when;
    }
    fill(draft);
    Ok(())
}

/// Asks for `__typename` of every object of which all else may be skipped.
///
/// An object of which nothing is asked is `{}`; but some servers, async-graphql among them, answer
/// null instead, as if there were no object.
fn fill(draft: &mut Draft) {
    let mut bare = Vec::new();
    for field in draft.objects.iter().flat_map(|object| &object.fields) {
        let Some(child) = field.child else { continue };
        let fields = &draft.objects[child].fields;
        let mut asked = When::NEVER;
        for conjunction in fields.iter().flat_map(|inner| {
            let rest = inner.when.given(&field.when);
            rest.alternatives().to_vec()
        }) {
            if asked.is_too_long() {
                break;
            }
            asked.or_all_of(conjunction);
        }
        if !asked.is_always() && !asked.is_never() {
            let types = fields.iter().map(|inner| inner.types.clone());
            let types = types.reduce(|some, more| some.or(&more));
            bare.push((child, types.expect("something is asked")));
        }
    }
    for (object, types) in bare {
        draft.typename(object, &types);
    }
}

/// When anything is wanted of an object. `__typename` alone is always wanted.
fn wanted(draft: &Draft, object: ObjectId) -> When {
    let fields = &draft.objects[object].fields;
    let mut when = When::NEVER;
    for field in fields.iter().filter(|field| field.asked.is_some()) {
        when.or(&field.when);
    }
    if when.is_never() {
        When::always()
    } else {
        when
    }
}

fn client(
    terrain: &mut Terrain<'_>,
    draft: &mut Draft,
    at: PositionId,
    set: GoalSetId,
    seen: &mut IndexSet<(PositionId, GoalSetId)>,
) -> Result<(), Error> {
    if !seen.insert((at, set)) {
        return Ok(());
    }
    let set = terrain.goals.set(set);
    for goal in &set.goals {
        for (result, _) in results(terrain, draft, at, goal.asked, &goal.types)? {
            let child = want(draft, at, result, &goal.when);
            if let (Some(child), Some(sub)) = (child, goal.sub) {
                client(terrain, draft, child, sub, seen)?;
            }
        }
    }
    Ok(())
}

fn input(
    terrain: &mut Terrain<'_>,
    draft: &mut Draft,
    at: PositionId,
    set: GoalSetId,
    types: &TypeSet,
    when: &When,
) -> Result<(), Error> {
    let set = terrain.goals.set(set);
    for goal in &set.goals {
        for (result, _) in results(terrain, draft, at, goal.asked, &goal.types.and(types))? {
            let child = want(draft, at, result, when);
            if let (Some(child), Some(sub)) = (child, goal.sub) {
                let inner = draft.positions[child].types.clone();
                input(terrain, draft, child, sub, &inner, when)?;
            }
        }
    }
    Ok(())
}

/// What a field of some types was resolved to, each with a type.
fn results(
    terrain: &mut Terrain<'_>,
    draft: &Draft,
    at: PositionId,
    asked: crate::goals::AskedId,
    types: &TypeSet,
) -> Result<Vec<(usize, supergraph::TypeId)>, Error> {
    terrain.budget.spend(types.len())?;
    let position = &draft.positions[at];
    let mut results: Vec<(usize, supergraph::TypeId)> = Vec::new();
    for ty in types.iter() {
        if let Some(&result) = position.resolved.get(&(asked, ty))
            && !results.iter().any(|(known, _)| *known == result)
        {
            results.push((result, ty));
        }
    }
    Ok(results)
}

/// Notes that a field is wanted, and returns the position below.
fn want(draft: &mut Draft, at: PositionId, result: usize, when: &When) -> Option<PositionId> {
    let resolved = &draft.positions[at].results[result];
    for supplied in &resolved.suppliers {
        draft.objects[supplied.object].fields[supplied.field]
            .when
            .or(when);
    }
    resolved.child
}
