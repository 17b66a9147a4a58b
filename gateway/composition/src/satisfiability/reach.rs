//! What can be resolved from a place: by the subgraph itself, and by those that its keys lead to.

use std::rc::Rc;

use apollo_compiler::{Name, Schema};
use indexmap::{IndexMap, IndexSet};

use super::place::{Contexts, Place, PlaceId, Places};
use crate::context;
use crate::diagnostic;
use crate::field_set::{FieldSet, Selection};
use crate::link::{Role, string_argument};
use crate::merge::Merged;
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

/// Field sets nest a few levels; following keys of keys any deeper than this finds nothing new.
const DEPTH_MAX: usize = 32;

/// How often the keys of an object are followed in one search. Real graphs need one for each type
/// and subgraph; only keys that nest into each other in circles need more.
const WORK_MAX: usize = 500_000;

/// Where do the keys of an object of this type lead from a place, without these subgraphs?
type Question = (Name, PlaceId, Vec<usize>);

/// Answers, and remembers answers, for one set of override labels.
pub(super) struct Reach<'g> {
    pub(super) subgraphs: &'g [Subgraph<Valid>],
    pub(super) merged: &'g Merged,
    pub(super) api: &'g Schema,
    labels: IndexSet<&'g str>,
    places: Places,
    /// Where keys lead, the place itself first.
    moves: IndexMap<Question, Vec<PlaceId>>,
    /// What is being computed right now; asked again, it answers with what is certain.
    pending: IndexSet<Question>,
    /// The subgraphs whose keys are being looked at; what such a key needs must come from others.
    pub(super) entering: Vec<usize>,
    /// Whether something was answered from `pending`, so that the result must not be kept.
    provisional: bool,
    /// For each subgraph: (type, field) → the contexts that it needs.
    contexts: Vec<IndexMap<(Name, Name), Vec<String>>>,
    /// For each type: the contexts that it sets.
    sets: IndexMap<Name, Vec<(usize, String)>>,
    depth: usize,
    work: usize,
    /// [`WORK_MAX`] was reached; answers from then on are guesses.
    pub(super) exhausted: bool,
    /// (subgraph, abstract type) → its object types there.
    objects: IndexMap<(usize, Name), Rc<IndexSet<Name>>>,
    /// The same for the API.
    api_objects: IndexMap<Name, Rc<IndexSet<Name>>>,
}

impl<'g> Reach<'g> {
    pub(super) fn new(
        subgraphs: &'g [Subgraph<Valid>],
        merged: &'g Merged,
        api: &'g Schema,
        labels: IndexSet<&'g str>,
    ) -> Self {
        let mut sets: IndexMap<Name, Vec<(usize, String)>> = IndexMap::new();
        let mut contexts = Vec::new();
        for (index, subgraph) in subgraphs.iter().enumerate() {
            let mut needs: IndexMap<(Name, Name), Vec<String>> = IndexMap::new();
            for one in context::contextual_arguments(&subgraph.schema, &subgraph.links) {
                if let Some(source) = one.source {
                    let key = (one.ty.clone(), one.field.name.clone());
                    needs.entry(key).or_default().push(source.context);
                }
            }
            contexts.push(needs);
            for (name, ty) in &subgraph.schema.types {
                for directive in subgraph.links.on_type(ty.directives(), Role::Context) {
                    let set = string_argument(directive, "name")
                        .unwrap_or_default()
                        .to_owned();
                    for object in schemas::runtime_types(&subgraph.schema, name) {
                        sets.entry(object).or_default().push((index, set.clone()));
                    }
                }
            }
        }
        Self {
            subgraphs,
            merged,
            api,
            labels,
            places: Places::default(),
            moves: IndexMap::new(),
            pending: IndexSet::new(),
            entering: Vec::new(),
            provisional: false,
            contexts,
            sets,
            depth: 0,
            work: 0,
            exhausted: false,
            objects: IndexMap::new(),
            api_objects: IndexMap::new(),
        }
    }

    /// The object types that a type can be in a subgraph. Asked for every field, so remembered.
    pub(super) fn objects_at(&mut self, subgraph: usize, ty: &Name) -> Rc<IndexSet<Name>> {
        let schema = &self.subgraphs[subgraph].schema;
        let entry = self.objects.entry((subgraph, ty.clone()));
        let known = entry
            .or_insert_with(|| Rc::new(schemas::runtime_types(schema, ty).into_iter().collect()));
        Rc::clone(known)
    }

    /// The object types that a type can be in the API.
    pub(super) fn api_objects(&mut self, ty: &Name) -> Rc<IndexSet<Name>> {
        let api = self.api;
        let entry = self.api_objects.entry(ty.clone());
        let known =
            entry.or_insert_with(|| Rc::new(schemas::runtime_types(api, ty).into_iter().collect()));
        Rc::clone(known)
    }

    pub(super) fn place(&self, id: PlaceId) -> &Place {
        self.places.get(id)
    }

    pub(super) fn at(&mut self, subgraph: usize, local: &Name, provided: FieldSet) -> PlaceId {
        self.places.id(Place {
            subgraph,
            local: local.clone(),
            provided,
        })
    }

    /// Every subgraph that has the root type can be asked first.
    pub(super) fn roots(&mut self, root: &Name) -> IndexSet<PlaceId> {
        let with: Vec<usize> = (0..self.subgraphs.len())
            .filter(|index| self.subgraphs[*index].schema.types.contains_key(root))
            .collect();
        with.into_iter()
            .map(|index| self.at(index, root, FieldSet::default()))
            .collect()
    }

    /// The contexts below an object of this type.
    pub(super) fn contexts_after(&self, ty: &Name, before: &Contexts) -> Contexts {
        let mut after = before.clone();
        after.extend(self.sets.get(ty).into_iter().flatten().cloned());
        after
    }

    /// Where a router stands after taking a field of an object: the type is still that of the
    /// field in each subgraph. Empty if nobody it can ask resolves the field.
    pub(super) fn advance(
        &mut self,
        ty: &Name,
        places: &IndexSet<PlaceId>,
        field: &Name,
        contexts: &Contexts,
    ) -> IndexSet<PlaceId> {
        let mut results = IndexSet::new();
        for place in places {
            for moved in self.moves(ty, *place) {
                let resolved = self.resolve(ty, moved, field, Some(contexts));
                results.extend(resolved);
            }
        }
        results
    }

    /// The place after `field`, if the subgraph at `place` resolves it itself.
    pub(super) fn resolve(
        &mut self,
        ty: &Name,
        place: PlaceId,
        field: &Name,
        contexts: Option<&Contexts>,
    ) -> Option<PlaceId> {
        let Place {
            subgraph: index,
            local,
            provided,
        } = self.place(place).clone();
        let subgraph = &self.subgraphs[index];
        let definition = schemas::field(&subgraph.schema, &local, field)?;
        let below = provided_below(&subgraph.schema, &provided, ty, &local, field);
        if below.is_none() {
            if subgraph.facts.is_external(&local, field) || !self.is_active(index, &local, field) {
                return None;
            }
            let coordinate = (local.clone(), field.clone());
            if let Some(contexts) = contexts
                && let Some(needs) = self.contexts[index].get(&coordinate)
                && !needs
                    .iter()
                    .all(|name| contexts.contains(&(index, name.clone())))
            {
                return None;
            }
            if let Some(requires) = subgraph.facts.requires.get(&coordinate)
                && !self.can_require(ty, place, &requires.set)
            {
                return None;
            }
        }
        let mut provided = below.unwrap_or_default();
        if let Some(more) = subgraph.facts.provides.get(&(local.clone(), field.clone())) {
            provided.0.extend(more.set.0.iter().cloned());
        }
        let target = definition.ty.inner_named_type().clone();
        Some(self.at(index, &target, provided))
    }

    /// Neither taken over by another subgraph nor waiting to take over.
    fn is_active(&self, index: usize, ty: &Name, field: &Name) -> bool {
        let coordinate = (ty.clone(), field.clone());
        let on = |label: &Option<String>| {
            label
                .as_deref()
                .is_none_or(|label| self.labels.contains(label))
        };
        if let Some(overridden) = self.merged.overrides.overridden(index, &coordinate)
            && on(&overridden.label)
        {
            return false;
        }
        self.merged
            .overrides
            .from(index, &coordinate)
            .is_none_or(|taken| on(&taken.label))
    }

    /// Where the keys of an object lead from a place: the place itself, then every subgraph for
    /// which the key can be had on the way.
    pub(super) fn moves(&mut self, ty: &Name, place: PlaceId) -> Vec<PlaceId> {
        let mut entering = self.entering.clone();
        entering.sort_unstable();
        entering.dedup();
        let memo = (ty.clone(), place, entering);
        if let Some(known) = self.moves.get(&memo) {
            return known.clone();
        }
        self.exhausted |= self.work >= WORK_MAX;
        if self.pending.contains(&memo) || self.depth >= DEPTH_MAX || self.exhausted {
            self.provisional = true;
            return vec![place];
        }
        self.work += 1;
        self.pending.insert(memo.clone());
        self.depth += 1;
        let before = std::mem::replace(&mut self.provisional, false);
        let mut reached = vec![place];
        let mut entrances = self.entrances(ty);
        // Each round enters at least one more subgraph or is the last.
        loop {
            let count = reached.len();
            let mut left = Vec::new();
            for (index, local, key) in entrances {
                let entered = self.at(index, &local, FieldSet::default());
                if reached.contains(&entered) {
                    continue;
                }
                let can = match &key {
                    None => true,
                    Some(key) => {
                        self.entering.push(index);
                        let can = self.collect(ty, &reached, key);
                        self.entering.pop();
                        can
                    }
                };
                if can {
                    reached.push(entered);
                } else {
                    left.push((index, local, key));
                }
            }
            entrances = left;
            if reached.len() == count {
                break;
            }
        }
        self.depth -= 1;
        self.pending.shift_remove(&memo);
        if !self.provisional {
            self.moves.insert(memo, reached.clone());
        }
        // What was provisional inside stays so for whoever asked, unless nobody is waiting.
        self.provisional = (self.provisional || before) && !self.pending.is_empty();
        reached
    }

    /// The ways into other subgraphs: (subgraph, type there, key), a key unless it is a root.
    fn entrances(&self, ty: &Name) -> Vec<(usize, Name, Option<FieldSet>)> {
        let mut all = Vec::new();
        for (index, subgraph) in self.subgraphs.iter().enumerate() {
            if self.entering.contains(&index) {
                continue;
            }
            if ty == "Query" {
                if subgraph.schema.types.contains_key(ty) {
                    all.push((index, ty.clone(), None));
                }
                continue;
            }
            let mut locals = vec![ty.clone()];
            let interfaces = self.merged.schema.types.get(ty);
            for interface in interfaces.into_iter().flat_map(schemas::interfaces) {
                if subgraph.facts.interface_objects.contains(interface) {
                    locals.push(interface.clone());
                }
            }
            for local in locals {
                for key in subgraph
                    .facts
                    .keys_of(&local)
                    .iter()
                    .filter(|key| key.is_resolvable())
                {
                    all.push((index, local.clone(), Some(key.fields.set.clone())));
                }
            }
        }
        all
    }

    pub(super) fn subgraph_names(&self, places: &IndexSet<PlaceId>) -> String {
        let names: IndexSet<String> = places
            .iter()
            .map(|place| format!("\"{}\"", self.subgraphs[self.place(*place).subgraph].name))
            .collect();
        names.into_iter().collect::<Vec<_>>().join(", ")
    }

    /// Where the subgraphs define a field.
    pub(super) fn field_places(&self, ty: &str, field: &str) -> Vec<diagnostic::Place> {
        self.subgraphs
            .iter()
            .filter_map(|subgraph| {
                let one = schemas::field(&subgraph.schema, ty, field)?;
                Some(subgraph.place(one.location()))
            })
            .collect()
    }
}

/// What is provided below a field; nothing if the field itself is not provided.
fn provided_below(
    schema: &Schema,
    provided: &FieldSet,
    ty: &Name,
    local: &Name,
    field: &Name,
) -> Option<FieldSet> {
    let mut below: Option<FieldSet> = None;
    for selection in &provided.0 {
        match selection {
            Selection::Field { name, children, .. } if name == field => {
                below
                    .get_or_insert_default()
                    .0
                    .extend(children.0.iter().cloned());
            }
            Selection::Field { .. } => {}
            Selection::Fragment { on, children } => {
                let applies =
                    on == ty || on == local || schemas::runtime_types(schema, on).contains(ty);
                if applies && let Some(inner) = provided_below(schema, children, ty, local, field) {
                    below.get_or_insert_default().0.extend(inner.0);
                }
            }
        }
    }
    below
}
