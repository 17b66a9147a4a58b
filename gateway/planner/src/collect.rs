//! Collects the client's fields: what is wanted at every position, under which conditions.
//!
//! ```text
//! before  { me { ...A } me @include(if: $x) { name } }   fragment A on User { id }
//! after   me: User [always] -> { id [always], name [$x] }
//! ```

use std::collections::BTreeMap;

use crate::map::{IndexMap, IndexSet};
use apollo_compiler::Name;
use apollo_compiler::Node;
use apollo_compiler::ast::Value;
use apollo_compiler::executable::{self, ExecutableDocument, Field, Operation, SelectionSet};
use supergraph::{Supergraph, TypeId};

use crate::budget::{Budget, cost};
use crate::condition::{self, Conjunction, When};
use crate::error::Error;
use crate::goals::{Asked, AskedId, Goal, GoalSet, GoalSetId, Goals, Placed, possible};
use crate::type_set::TypeSet;

/// How deep selections may nest: far beyond any real operation, and shallow enough for the stack.
const DEPTH_MAX: usize = 128;

/// A selection set and the condition under which it applies.
type Source<'d> = (&'d SelectionSet, Conjunction);

/// What was collected: the selection sets by address, their conditions, and the types.
type Collected = (Vec<(*const SelectionSet, Conjunction)>, TypeSet);

pub(crate) struct Collector<'d> {
    graph: &'d Supergraph,
    document: &'d ExecutableDocument,
    /// Whether the fields of the set that is collected next must each stay on their own.
    apart: bool,
    memo: IndexMap<Collected, GoalSetId>,
}

/// One field of the document at the position that is being collected.
struct Occurrence<'d> {
    field: &'d Node<Field>,
    types: TypeSet,
    all_of: Conjunction,
    place: usize,
}

struct Position<'d> {
    by_key: IndexMap<Name, Vec<Occurrence<'d>>>,
    spread: IndexSet<(Name, TypeSet, Conjunction)>,
    places: usize,
}

/// Collects an operation from its root.
pub(crate) fn operation(
    graph: &Supergraph,
    document: &ExecutableDocument,
    operation: &Operation,
    root: TypeId,
    goals: &mut Goals,
    budget: &mut Budget,
) -> Result<GoalSetId, Error> {
    let mut collector = Collector {
        graph,
        document,
        apart: operation.is_mutation(),
        memo: IndexMap::default(),
    };
    let sources = vec![(&operation.selection_set, Vec::new())];
    collector.set(&sources, TypeSet::one(root), 0, goals, budget)
}

impl<'d> Collector<'d> {
    fn set(
        &mut self,
        sources: &[Source<'d>],
        types: TypeSet,
        depth: usize,
        goals: &mut Goals,
        budget: &mut Budget,
    ) -> Result<GoalSetId, Error> {
        if depth > DEPTH_MAX {
            return Err(Error::TooComplex {
                what: "the depth",
                limit: DEPTH_MAX as u64,
            });
        }
        let key: Vec<(*const SelectionSet, Conjunction)> = sources
            .iter()
            .map(|(set, all_of)| (std::ptr::from_ref::<SelectionSet>(set), all_of.clone()))
            .collect();
        if let Some(&id) = self.memo.get(&(key.clone(), types.clone())) {
            return Ok(id);
        }
        budget.spend(cost::SET)?;
        let apart = std::mem::take(&mut self.apart);
        let mut position = Position {
            by_key: IndexMap::default(),
            spread: IndexSet::default(),
            places: 0,
        };
        for (set, all_of) in sources {
            self.walk(set, &types, all_of, &mut position, budget)?;
        }
        let mut set = GoalSet::default();
        let mut placed: Vec<(usize, Placed)> = Vec::new();
        for (response_key, occurrences) in position.by_key {
            for (types, chosen) in cells(&occurrences, &types, budget)? {
                let index = u32::try_from(set.goals.len()).expect("the budget bounds the goals");
                let goal =
                    self.goal(response_key.clone(), &types, &chosen, depth, goals, budget)?;
                placed.extend(places(&chosen, index, budget)?);
                set.goals.push(goal);
            }
        }
        placed.sort_by_key(|(place, _)| *place);
        for (_, next) in placed {
            // Neighbours may be one: nothing stands between them.
            match set.order.last_mut() {
                Some(last)
                    if last.goal == next.goal
                        && (next.unless.is_none() || last.unless.is_some()) =>
                {
                    last.when.or_exactly(&next.when);
                }
                _ => set.order.push(next),
            }
        }
        if apart {
            set = in_turn(set, goals)?;
        }
        let id = goals.add(set);
        self.memo.insert((key, types), id);
        Ok(id)
    }

    fn walk(
        &self,
        set: &'d SelectionSet,
        types: &TypeSet,
        all_of: &Conjunction,
        position: &mut Position<'d>,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        for selection in &set.selections {
            budget.spend(1)?;
            let directives = match selection {
                executable::Selection::Field(field) => &field.directives,
                executable::Selection::InlineFragment(fragment) => &fragment.directives,
                executable::Selection::FragmentSpread(spread) => &spread.directives,
            };
            let Some(literals) = condition::literals(directives) else {
                continue;
            };
            let Some(all_of) = condition::and(all_of, &literals) else {
                continue;
            };
            match selection {
                executable::Selection::Field(field) => {
                    position.places += 1;
                    let place = position.places;
                    let key = field.response_key().clone();
                    let occurrences = position.by_key.entry(key).or_default();
                    occurrences.push(Occurrence {
                        field,
                        types: types.clone(),
                        all_of,
                        place,
                    });
                }
                executable::Selection::InlineFragment(fragment) => {
                    let types = match &fragment.type_condition {
                        Some(name) => types.and(&possible(self.graph, self.graph.type_id(name))),
                        None => types.clone(),
                    };
                    if !types.is_empty() {
                        self.walk(&fragment.selection_set, &types, &all_of, position, budget)?;
                    }
                }
                executable::Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.document.fragments.get(&spread.fragment_name) else {
                        let name = spread.fragment_name.to_string();
                        return Err(Error::Mismatch(format!("there is no fragment {name}")));
                    };
                    let condition = self.graph.type_id(fragment.type_condition());
                    let types = types.and(&possible(self.graph, condition));
                    let seen = (fragment.name.clone(), types.clone(), all_of.clone());
                    if !types.is_empty() && position.spread.insert(seen) {
                        self.walk(&fragment.selection_set, &types, &all_of, position, budget)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn goal(
        &mut self,
        response_key: Name,
        types: &TypeSet,
        occurrences: &[&Occurrence<'d>],
        depth: usize,
        goals: &mut Goals,
        budget: &mut Budget,
    ) -> Result<Goal, Error> {
        let field = occurrences[0].field;
        let mut when = When::NEVER;
        for occurrence in occurrences {
            budget.spend(cost::COMPARISON * when.alternatives().len())?;
            when.or_all_of(occurrence.all_of.clone());
        }
        let asked = self.asked(field, goals);
        let together = occurrences
            .iter()
            .fold(types.clone(), |all, occurrence| all.or(&occurrence.types));
        let mut inner: Vec<TypeId> = Vec::new();
        let mut composite = false;
        for ty in types.iter() {
            let Some(definition) = self.graph.ty(ty).fields.get(&field.name) else {
                continue;
            };
            let named = self.graph.ty(definition.named);
            composite |= named.is_composite();
            inner.extend(named.possible.iter().copied());
        }
        let sub = if composite {
            let mut sources: Vec<Source<'d>> = Vec::new();
            for occurrence in occurrences {
                let source = (&occurrence.field.selection_set, occurrence.all_of.clone());
                let same =
                    |known: &Source<'d>| std::ptr::eq(known.0, source.0) && known.1 == source.1;
                if !sources.iter().any(same) {
                    sources.push(source);
                }
            }
            // Clients see no inaccessible types.
            let inner = inner
                .into_iter()
                .filter(|&ty| self.graph.ty(ty).accessible)
                .collect();
            Some(self.set(&sources, inner, depth + 1, goals, budget)?)
        } else {
            None
        };
        Ok(Goal {
            response_key: Some(response_key),
            asked,
            types: types.clone(),
            together,
            when,
            sub,
        })
    }

    fn asked(&self, field: &Field, goals: &mut Goals) -> AskedId {
        let mut arguments: Vec<(&str, String)> = Vec::new();
        let mut variables = Vec::new();
        for argument in &field.arguments {
            variables_in(&argument.value, &mut variables);
            let value = argument.value.serialize().no_indent().to_string();
            arguments.push((argument.name.as_str(), value));
        }
        arguments.sort();
        let pairs: Vec<String> = arguments
            .iter()
            .map(|(name, value)| format!("{name}:{value}"))
            .collect();
        goals.ask(Asked {
            name: field.name.clone(),
            arguments: if pairs.is_empty() {
                String::new()
            } else {
                format!("({})", pairs.join(","))
            },
            variables,
            instance: 0,
        })
    }
}

/// The goals of a mutation, each as often as it has places: which one it stands at decides when it
/// takes effect.
fn in_turn(set: GoalSet, goals: &mut Goals) -> Result<GoalSet, Error> {
    let mut turns = GoalSet::default();
    for placed in set.order {
        if placed.unless.is_some() || placed.when.is_too_long() {
            return Err(Error::TooComplex {
                what: "the number of conditions of one field",
                limit: condition::ALTERNATIVES_MAX as u64,
            });
        }
        let goal = &set.goals[placed.goal as usize];
        let turn = u32::try_from(turns.goals.len()).expect("the budget bounds the goals");
        let asked = Asked {
            instance: turn + 1,
            ..goals.asked(goal.asked).clone()
        };
        turns.goals.push(Goal {
            asked: goals.ask(asked),
            when: placed.when.clone(),
            ..goal.clone()
        });
        turns.order.push(Placed {
            goal: turn,
            ..placed
        });
    }
    Ok(turns)
}

pub(crate) fn variables_in(value: &Value, into: &mut Vec<Name>) {
    match value {
        Value::Variable(name) if !into.contains(name) => into.push(name.clone()),
        Value::List(items) => items.iter().for_each(|item| variables_in(item, into)),
        Value::Object(fields) => fields
            .iter()
            .for_each(|(_, value)| variables_in(value, into)),
        _ => {}
    }
}

/// Where a response key stands, under which conditions: at the first of its occurrences that
/// applies.
fn places(
    occurrences: &[&Occurrence<'_>],
    goal: u32,
    budget: &mut Budget,
) -> Result<Vec<(usize, Placed)>, Error> {
    let mut places = Vec::new();
    let mut before = When::NEVER;
    for occurrence in occurrences {
        budget.spend(cost::EXCLUSION * before.alternatives().len())?;
        let when = When::all_of(occurrence.all_of.clone());
        let placed = match when.and_not(&before) {
            Some(when) => Placed {
                goal,
                when,
                unless: None,
            },
            // Saying it in one condition takes too many words.
            None => {
                budget.spend(cost::CONDITION * before.alternatives().len())?;
                Placed {
                    goal,
                    when,
                    unless: Some(before.clone()),
                }
            }
        };
        if !placed.when.is_never() {
            places.push((occurrence.place, placed));
        }
        before.or_all_of(occurrence.all_of.clone());
        if before.is_always() {
            break;
        }
    }
    Ok(places)
}

/// The types of a position, grouped by which occurrences of one response key apply to them.
fn cells<'o, 'd>(
    occurrences: &'o [Occurrence<'d>],
    types: &TypeSet,
    budget: &mut Budget,
) -> Result<Vec<(TypeSet, Vec<&'o Occurrence<'d>>)>, Error> {
    if occurrences
        .iter()
        .all(|occurrence| occurrence.types == *types)
    {
        return Ok(vec![(types.clone(), occurrences.iter().collect())]);
    }
    budget.spend(occurrences.len() * types.len())?;
    let mut cells: BTreeMap<Vec<usize>, Vec<TypeId>> = BTreeMap::new();
    for ty in types.iter() {
        let apply: Vec<usize> = occurrences
            .iter()
            .enumerate()
            .filter(|(_, occurrence)| occurrence.types.contains(ty))
            .map(|(index, _)| index)
            .collect();
        if !apply.is_empty() {
            cells.entry(apply).or_default().push(ty);
        }
    }
    let with_occurrences = |(apply, types): (Vec<usize>, Vec<TypeId>)| {
        let apply = apply.into_iter().map(|index| &occurrences[index]).collect();
        (types.into_iter().collect(), apply)
    };
    Ok(cells.into_iter().map(with_occurrences).collect())
}
