//! Finds out when each field of a draft is asked for, and each visit made.
//!
//! The client says when it wants a field. A visit is made when any of its fields is wanted, and
//! what a visit needs is wanted when the visit is made; so visits are gone through from the last
//! to the first.

use crate::map::{Few, IndexSet};

use crate::condition::When;
use crate::draft::{Draft, PositionId, Setter, Told, VisitId};
use crate::error::Error;
use crate::goals::{AskedId, Goal, GoalSetId};
use crate::requests;
use crate::type_set::TypeSet;
use crate::wants::Terrain;

pub(crate) fn run(
    terrain: &mut Terrain<'_>,
    draft: &mut Draft,
    goals: GoalSetId,
) -> Result<(), Error> {
    let mut seen = IndexSet::default();
    for position in &mut draft.positions {
        let told = position.typename.as_ref();
        if told.is_some_and(|told| !told.aliases.is_empty()) {
            // Without it, the other name of an object would be taken for its type.
            position.told = When::always();
        }
    }
    client(terrain, draft, 0, goals, &mut seen)?;
    for visit in requests::order(draft).into_iter().rev() {
        let when = wanted(draft, visit);
        let position = draft.visits[visit].position;
        for (types, set) in draft.visits[visit].keys.clone() {
            input(terrain, draft, position, set, &types, &when)?;
        }
        for required in draft.visits[visit].requires.clone() {
            let when = wanted_of(draft, visit, &required.by);
            input(
                terrain,
                draft,
                position,
                required.set,
                &required.types,
                &when,
            )?;
        }
        for context in draft.visits[visit].context.clone() {
            let when = wanted_of(draft, visit, &[context.asked]);
            for Setter { at, types, value } in context.setters {
                input(terrain, draft, at, value, &types, &when)?;
                let position = &mut draft.positions[at];
                if !position.types.is_within(&types) {
                    // Whether an object sets it depends on what it is.
                    position.told.or(&when);
                }
            }
        }
        if draft.visits[visit].mode.is_some() && !tells(draft, visit) {
            // Of which objects it asks, and as what, depends on their types.
            draft.positions[position].told.or(&when);
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
        if fields
            .iter()
            .any(|inner| inner.when.given(&field.when).is_always())
        {
            continue;
        }
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

/// When a visit is made. `__typename` alone is always wanted, unless it is known what for.
fn wanted(draft: &Draft, visit: VisitId) -> When {
    let fields = &draft.objects[draft.visits[visit].object].fields;
    let mut when = When::NEVER;
    for field in fields.iter().filter(|field| field.asked.is_some()) {
        when.or(&field.when);
    }
    if tells(draft, visit) {
        when.or(&draft.positions[draft.visits[visit].position].told);
    }
    if when.is_never() {
        When::always()
    } else {
        when
    }
}

/// When a visit is asked for one of some fields.
fn wanted_of(draft: &Draft, visit: VisitId, asked: &[AskedId]) -> When {
    let fields = &draft.objects[draft.visits[visit].object].fields;
    let mut when = When::NEVER;
    for field in fields {
        if field.asked.is_some_and(|one| asked.contains(&one)) {
            when.or(&field.when);
        }
    }
    when
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
        let results = results(terrain, draft, at, goal.asked, &goal.types)?;
        tell(terrain, draft, at, goal, results.len(), &goal.when);
        for (result, _) in results {
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
        let results = results(terrain, draft, at, goal.asked, &goal.types.and(types))?;
        tell(terrain, draft, at, goal, results.len(), when);
        for (result, _) in results {
            let child = want(draft, at, result, when);
            if let (Some(child), Some(sub)) = (child, goal.sub) {
                let inner = draft.positions[child].types.clone();
                input(terrain, draft, child, sub, &inner, when)?;
            }
        }
    }
    Ok(())
}

/// Notes that the run-time type of an object is wanted, if what becomes of a goal depends on it.
fn tell(
    terrain: &Terrain<'_>,
    draft: &mut Draft,
    at: PositionId,
    goal: &Goal,
    results: usize,
    when: &When,
) {
    let position = &mut draft.positions[at];
    let is_typename = terrain.goals.asked(goal.asked).name == "__typename";
    if is_typename || results > 1 || !position.types.is_within(&goal.types) {
        position.told.or(when);
    }
}

/// Whether a visit tells the run-time type of the objects that it is about.
fn tells(draft: &Draft, visit: VisitId) -> bool {
    let visit = &draft.visits[visit];
    let position = &draft.positions[visit.position];
    let told = position.typename.iter();
    told.flat_map(Told::tellers)
        .any(|(source, _)| position.sources[source as usize].object == visit.object)
}

/// What a field of some types was resolved to, each with a type.
fn results(
    terrain: &mut Terrain<'_>,
    draft: &Draft,
    at: PositionId,
    asked: AskedId,
    types: &TypeSet,
) -> Result<Few<(usize, supergraph::TypeId)>, Error> {
    terrain.budget.spend(types.len())?;
    let position = &draft.positions[at];
    let mut results: Few<(usize, supergraph::TypeId)> = Few::new();
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
