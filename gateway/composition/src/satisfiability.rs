//! Whether every field of the API can be reached from every root, whatever way a query takes.
//!
//! The search walks the API, not queries. A state is an object type together with all the places
//! where a router could stand when it holds such an object: the subgraphs that may have returned
//! it, with what they provide. From a place a router can move wherever it has a key for. A field
//! is reachable if one place, or one that it leads to, resolves it.
//!
//! More places can only help, so a state that contains an earlier one of the same type needs no
//! look; that keeps large graphs cheap.

mod abstract_types;
mod conditions;
mod explain;
mod place;
mod reach;
mod runtime_types;

use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::{ExtendedType, FieldDefinition};
use apollo_compiler::{Name, Schema};

use crate::diagnostic::{Code, Diagnostic, Hint};
use crate::merge::Merged;
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

use place::{Contexts, PlaceId};
use reach::Reach;

/// Real graphs have a few states for each type. Past this the answer would take minutes, so the
/// graph is refused with a code of its own.
const STATES_MAX: usize = 200_000;

/// Progressive overrides double the graphs to check with each label; up to this many labels every
/// combination is checked, beyond it each label alone against all others.
const LABELS_COMBINED_MAX: usize = 5;

pub(crate) fn run(
    subgraphs: &[Subgraph<Valid>],
    merged: &Merged,
    api: &Schema,
) -> Result<Vec<Hint>, Vec<Diagnostic>> {
    let labels: Vec<&str> = merged.overrides.labels().into_iter().collect();
    let (mut errors, mut hints) = (Vec::<Diagnostic>::new(), Vec::<Hint>::new());
    for active in combinations(&labels) {
        let mut reach = Reach::new(subgraphs, merged, api, active);
        let mut search = Search {
            reach: &mut reach,
            api,
            states: Vec::new(),
            seen: IndexMap::default(),
            reported: IndexSet::default(),
            errors: Vec::new(),
            hints: Vec::new(),
        };
        search.run();
        for error in search.errors {
            if !errors.iter().any(|known| known.message == error.message) {
                errors.push(error);
            }
        }
        for hint in search.hints {
            if !hints.contains(&hint) {
                hints.push(hint);
            }
        }
    }
    if errors.is_empty() {
        Ok(hints)
    } else {
        Err(errors)
    }
}

/// The sets of override labels to check with.
fn combinations<'a>(labels: &[&'a str]) -> Vec<IndexSet<&'a str>> {
    if labels.len() <= LABELS_COMBINED_MAX {
        return (0..1usize << labels.len())
            .map(|bits| {
                let chosen = labels
                    .iter()
                    .enumerate()
                    .filter(|(index, _)| bits >> index & 1 == 1);
                chosen.map(|(_, label)| *label).collect()
            })
            .collect();
    }
    let all: IndexSet<&str> = labels.iter().copied().collect();
    let mut sets = vec![IndexSet::default(), all.clone()];
    for label in labels {
        sets.push(IndexSet::from_iter([*label]));
        let mut without = all.clone();
        without.shift_remove(label);
        sets.push(without);
    }
    sets
}

/// An object type and where a router may stand.
struct State {
    ty: Name,
    places: IndexSet<PlaceId>,
    contexts: Contexts,
    /// How it was reached: the state before, the field, and whether the type was narrowed to.
    from: Option<(usize, Name)>,
}

struct Search<'a, 'g> {
    reach: &'a mut Reach<'g>,
    api: &'g Schema,
    states: Vec<State>,
    seen: IndexMap<Name, Vec<usize>>,
    /// (type, field) of what is known to be out of reach.
    reported: IndexSet<(Name, Name)>,
    errors: Vec<Diagnostic>,
    hints: Vec<Hint>,
}

impl Search<'_, '_> {
    fn run(&mut self) {
        for root in ["Query", "Mutation", "Subscription"] {
            let Some(ExtendedType::Object(object)) = self.api.types.get(root) else {
                continue;
            };
            let places = self.reach.roots(&object.name);
            self.push(State {
                ty: object.name.clone(),
                places,
                contexts: Contexts::default(),
                from: None,
            });
        }
        self.walk(0);
    }

    /// Expands every state from this one on.
    fn walk(&mut self, first: usize) {
        let mut next = first;
        while next < self.states.len() && next < STATES_MAX && !self.reach.exhausted {
            self.expand(next);
            next += 1;
        }
        if next < self.states.len() || self.reach.exhausted {
            self.errors.push(Diagnostic::new(
                Code::MaxValidationSubgraphPathsExceeded,
                "checking that every field can be reached takes more steps than any real graph needs",
                Vec::new(),
            ));
        }
    }

    fn push(&mut self, state: State) {
        if state.places.is_empty() {
            return;
        }
        let known = self.seen.entry(state.ty.clone()).or_default();
        let covered = known.iter().any(|index| {
            let other = &self.states[*index];
            other.places.is_subset(&state.places) && other.contexts.is_subset(&state.contexts)
        });
        if covered {
            return;
        }
        known.push(self.states.len());
        self.states.push(state);
    }

    fn expand(&mut self, index: usize) {
        let api = self.api;
        let ty = self.states[index].ty.clone();
        let Some(fields) = api.types.get(&ty).and_then(schemas::fields) else {
            return;
        };
        let places = self.states[index].places.clone();
        // A context comes from an ancestor, not from the object itself.
        let contexts = self.states[index].contexts.clone();
        let below = self.reach.contexts_after(&ty, &contexts);
        let offers = self.reach.offers(&ty, &places);
        for field in fields.values() {
            let offering = offers.get(&field.name).map_or(&[][..], Vec::as_slice);
            let results = self.reach.advance(&ty, offering, &field.name, &contexts);
            if results.is_empty() {
                self.report(index, &ty, &field.name, &places);
                continue;
            }
            let top = self.states[index].from.is_none();
            if top && ty == "Mutation" && results.len() > 1 {
                self.check_mutation(index, &ty, &field.name, &results);
            }
            self.follow(index, &ty, field, &results, &below);
        }
    }

    /// Goes on to the objects that a field returns.
    fn follow(
        &mut self,
        index: usize,
        ty: &Name,
        field: &FieldDefinition,
        results: &IndexSet<PlaceId>,
        contexts: &Contexts,
    ) {
        let target = field.ty.inner_named_type();
        match self.api.types.get(target) {
            Some(ExtendedType::Object(_)) => {
                let places = self.reach.arrive(results, target);
                self.push_from(index, field, target, places, contexts);
            }
            Some(ExtendedType::Interface(_) | ExtendedType::Union(_)) => {
                runtime_types::check(self, index, ty, &field.name, target, results);
                for object in self.reach.api_objects(target).iter() {
                    if self.reach.never(results, target, object) {
                        continue;
                    }
                    let Some(places) = self.reach.narrow(results, object) else {
                        self.report_unknown_type(index, &field.name, target, results);
                        break;
                    };
                    self.push_from(index, field, object, places, contexts);
                }
            }
            _ => {}
        }
    }

    fn push_from(
        &mut self,
        index: usize,
        field: &FieldDefinition,
        ty: &Name,
        places: IndexSet<PlaceId>,
        contexts: &Contexts,
    ) {
        self.push(State {
            ty: ty.clone(),
            places,
            contexts: contexts.clone(),
            from: Some((index, field.name.clone())),
        });
    }

    /// A change is made once, so of the subgraphs that share a mutation's field one must lead to
    /// everything below it.
    fn check_mutation(
        &mut self,
        index: usize,
        ty: &Name,
        field: &Name,
        results: &IndexSet<PlaceId>,
    ) {
        let api = self.api;
        let Some(definition) = schemas::field(api, ty, field) else {
            return;
        };
        let mut reasons: Vec<Diagnostic> = Vec::new();
        for place in results {
            let root = &self.states[index];
            let mut alone = Search {
                api,
                states: vec![State {
                    ty: root.ty.clone(),
                    places: root.places.clone(),
                    contexts: root.contexts.clone(),
                    from: None,
                }],
                seen: IndexMap::default(),
                reported: IndexSet::default(),
                errors: Vec::new(),
                hints: Vec::new(),
                reach: &mut *self.reach,
            };
            let contexts = Contexts::default();
            alone.follow(0, ty, definition, &IndexSet::from_iter([*place]), &contexts);
            alone.walk(1);
            if alone.errors.is_empty() {
                return;
            }
            reasons.extend(alone.errors.into_iter().take(1));
        }
        if !self.reported.insert((ty.clone(), field.clone())) {
            return;
        }
        let why: Vec<String> = reasons.into_iter().map(|reason| reason.message).collect();
        self.errors.push(Diagnostic::new(
            Code::SatisfiabilityError,
            format!(
                "queries using the mutation field \"{ty}.{field}\" must be satisfiable without calling that field in several subgraphs, but from every subgraph that has it something cannot be reached:\n{}",
                why.join("\n")
            ),
            self.reach.field_places(ty, field),
        ));
    }

    fn report(&mut self, index: usize, ty: &Name, field: &Name, places: &IndexSet<PlaceId>) {
        // What was answered after that is a guess.
        if self.reach.exhausted || !self.reported.insert((ty.clone(), field.clone())) {
            return;
        }
        let query = explain::query(&self.states, index, field, self.api);
        let reasons = explain::reasons(self.reach, ty, places, field);
        self.errors.push(Diagnostic::new(
            Code::SatisfiabilityError,
            format!("the following supergraph API query:\n{query}\ncannot be satisfied by the subgraphs because:\n{reasons}"),
            self.reach.field_places(ty, field),
        ));
    }

    /// An interface object tells no type, and nobody who does can be asked.
    fn report_unknown_type(
        &mut self,
        index: usize,
        field: &Name,
        target: &Name,
        places: &IndexSet<PlaceId>,
    ) {
        let typename = Name::new_static_unchecked("__typename");
        if !self.reported.insert((target.clone(), typename)) {
            return;
        }
        let query = explain::query(&self.states, index, field, self.api);
        let who = self.reach.subgraph_names(places);
        self.errors.push(Diagnostic::new(
            Code::SatisfiabilityError,
            format!("the following supergraph API query:\n{query}\ncannot be satisfied by the subgraphs because:\n- {who} returns \"{target}\" as an interface object, and no subgraph that knows its implementations can be reached by a key"),
            self.reach.field_places(&self.states[index].ty, field),
        ));
    }
}
