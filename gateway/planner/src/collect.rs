//! Collects the client's fields: what is wanted at every position, under which conditions.
//!
//! ```text
//! before  { me { ...A } me @include(if: $x) { name } }   fragment A on User { id }
//! after   me: User [always] -> { id [always], name [$x] }
//! ```

mod contexts;
mod places;

use std::collections::BTreeMap;

use crate::map::{Few, IndexMap, IndexSet, ShortMap};
use apollo_compiler::Name;
use apollo_compiler::Node;
use apollo_compiler::ast::Value;
use apollo_compiler::executable::{self, ExecutableDocument, Field, Operation, SelectionSet};
use smallvec::smallvec;
use supergraph::{Supergraph, TypeId};

use crate::budget::{Budget, cost};
use crate::condition::{self, Conjunction, When};
use crate::error::Error;
use crate::goals::{Asked, AskedId, Goal, GoalSet, GoalSetId, Goals, Placed, possible};
use crate::sites::Sites;
use crate::type_set::TypeSet;
use contexts::Taken;

/// How deep selections may nest: far beyond any real operation, and shallow enough for the stack.
const DEPTH_MAX: usize = 128;

/// A selection set and the condition under which it applies.
type Source<'d> = (&'d SelectionSet, Conjunction);

/// What was collected: the selection sets by address, their conditions, and the types.
type Collected = (Few<(*const SelectionSet, Conjunction)>, TypeSet);

pub(crate) struct Collector<'d, 's> {
    graph: &'d Supergraph,
    sites: &'s mut Sites<'d>,
    document: &'d ExecutableDocument,
    /// Whether the fields of the set that is collected next must each stay on their own.
    apart: bool,
    memo: IndexMap<Collected, GoalSetId>,
    /// By set: what its fields and those below take from objects further up.
    contextual: IndexMap<GoalSetId, Few<Taken<'d>>>,
}

/// One field of the document at the position that is being collected.
struct Occurrence<'d> {
    /// Index of its response key.
    key: usize,
    field: &'d Node<Field>,
    types: TypeSet,
    all_of: Conjunction,
    place: usize,
}

struct Position<'d> {
    /// The response keys, numbered.
    keys: ShortMap<Name, usize>,
    occurrences: Vec<Occurrence<'d>>,
    spread: IndexSet<(Name, TypeSet, Conjunction)>,
}

/// Collects an operation from its root.
pub(crate) fn operation<'d>(
    sites: &mut Sites<'d>,
    document: &'d ExecutableDocument,
    operation: &'d Operation,
    root: TypeId,
    goals: &mut Goals,
    budget: &mut Budget,
) -> Result<GoalSetId, Error> {
    let mut collector = Collector {
        graph: sites.graph,
        sites,
        document,
        apart: operation.is_mutation(),
        memo: IndexMap::default(),
        contextual: IndexMap::default(),
    };
    let sources = vec![(&operation.selection_set, Vec::new())];
    collector.set(&sources, TypeSet::one(root), 0, goals, budget)
}

impl<'d> Collector<'d, '_> {
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
        let address = |&(set, ref all_of): &Source<'d>| (std::ptr::from_ref(set), all_of.clone());
        let collected: Collected = (sources.iter().map(address).collect(), types);
        if let Some(&id) = self.memo.get(&collected) {
            return Ok(id);
        }
        let types = collected.1.clone();
        budget.spend(cost::SET)?;
        let apart = std::mem::take(&mut self.apart);
        let mut position = Position {
            keys: ShortMap::default(),
            occurrences: Vec::new(),
            spread: IndexSet::default(),
        };
        let selections = sources.iter().map(|(set, _)| set.selections.len()).sum();
        position.keys.reserve(selections);
        position.occurrences.reserve(selections);
        for (set, all_of) in sources {
            self.walk(set, &types, all_of, &mut position, budget)?;
        }
        let Position {
            keys,
            mut occurrences,
            ..
        } = position;
        // Those of one key stand together, in the order of the document.
        occurrences.sort_by_key(|occurrence| occurrence.key);
        let mut set = GoalSet {
            goals: Vec::with_capacity(keys.len()),
            order: Vec::with_capacity(keys.len()),
            contexts: Few::new(),
        };
        let mut placed: Vec<(usize, Placed)> = Vec::with_capacity(occurrences.len());
        let of_one_key = occurrences.chunk_by(|one, next| one.key == next.key);
        for ((response_key, _), occurrences) in keys.into_vec().into_iter().zip(of_one_key) {
            for (types, chosen) in cells(occurrences, &types, budget)? {
                let index = u32::try_from(set.goals.len()).expect("the budget bounds the goals");
                let goal =
                    self.goal(response_key.clone(), &types, &chosen, depth, goals, budget)?;
                places::places(&chosen, index, budget, &mut placed)?;
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
            set = places::in_turn(set, goals)?;
        }
        let mut wanted = Few::new();
        if self.graph.sets_contexts() {
            wanted = self.contexts(&mut set, goals, budget)?;
        }
        let id = goals.add(set);
        if !wanted.is_empty() {
            self.contextual.insert(id, wanted);
        }
        self.memo.insert(collected, id);
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
                    let next = position.keys.len();
                    let name = field.response_key().clone();
                    let key = *position.keys.get_or_insert(name, next);
                    position.occurrences.push(Occurrence {
                        key,
                        field,
                        types: types.clone(),
                        all_of,
                        place: position.occurrences.len(),
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
        let asked = if matches!(field.name.as_str(), "__schema" | "__type") {
            introspected(occurrences, goals)
        } else {
            self.asked(field, goals)
        };
        let together = occurrences
            .iter()
            .fold(types.clone(), |all, occurrence| all.or(&occurrence.types));
        let fields = types
            .iter()
            .filter_map(|ty| self.graph.ty(ty).fields.get(&field.name));
        let composite = fields
            .map(|field| field.named)
            .any(|named| self.graph.ty(named).is_composite());
        let sub = if composite {
            let inner = self.sites.inner(types, &field.name);
            let mut sources: Few<Source<'d>> = Few::new();
            for occurrence in occurrences {
                let source = (&occurrence.field.selection_set, occurrence.all_of.clone());
                let same =
                    |known: &Source<'d>| std::ptr::eq(known.0, source.0) && known.1 == source.1;
                if !sources.iter().any(same) {
                    sources.push(source);
                }
            }
            // Clients see no inaccessible types.
            let inner = inner.filter(|&ty| self.graph.ty(ty).accessible);
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

/// A field about the schema: what it says does not depend on where it stands.
fn introspected(occurrences: &[&Occurrence<'_>], goals: &mut Goals) -> AskedId {
    let field = |one: &&Occurrence<'_>| (one.field.clone(), one.all_of.clone());
    let instance = goals.introspect(occurrences.iter().map(field).collect());
    goals.ask(Asked {
        name: occurrences[0].field.name.clone(),
        arguments: String::new(),
        variables: Vec::new(),
        instance,
    })
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

/// Some types, and the occurrences that apply to them.
type Cell<'o, 'd> = (TypeSet, Few<&'o Occurrence<'d>>);

/// The types of a position, grouped by which occurrences of one response key apply to them.
fn cells<'o, 'd>(
    occurrences: &'o [Occurrence<'d>],
    types: &TypeSet,
    budget: &mut Budget,
) -> Result<Few<Cell<'o, 'd>>, Error> {
    if let [only] = occurrences {
        return Ok(smallvec![(only.types.clone(), smallvec![only])]);
    }
    if occurrences
        .iter()
        .all(|occurrence| occurrence.types == *types)
    {
        return Ok(smallvec![(types.clone(), occurrences.iter().collect())]);
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
