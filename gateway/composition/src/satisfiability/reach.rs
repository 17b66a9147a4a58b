//! What can be resolved from a place: by the subgraph itself, and by those that its keys lead to.

use std::collections::BTreeSet;
use std::rc::Rc;

use apollo_compiler::collections::{HashMap, IndexMap, IndexSet};
use apollo_compiler::{Name, Schema};

use super::place::{Contexts, Place, PlaceId, Places};
use crate::context;
use crate::diagnostic;
use crate::field_set::{FieldSet, Selection};
use crate::holders::Holders;
use crate::link::{Role, string_argument};
use crate::merge::Merged;
use crate::places;
use crate::schemas::{self, Implementations};
use crate::subgraph::{Subgraph, Valid};

/// Field sets nest a few levels; following keys of keys any deeper than this finds nothing new.
const DEPTH_MAX: usize = 32;

/// How often the keys of an object are followed in one search. Real graphs need one for each type
/// and subgraph; only keys that nest into each other in circles need more.
const WORK_MAX: usize = 500_000;

/// How many selections may wait for each other, through keys and requirements of requirements. Real
/// graphs need a handful; each level takes stack.
const DESCENT_MAX: usize = 256;

/// Where do the keys of an object of this type lead from a place, without these subgraphs?
type Question = (Name, PlaceId, Vec<usize>);

/// Can what a field requires be had at a place, without these subgraphs?
type Requirement = (Name, PlaceId, Name, Vec<usize>);

/// Answers, and remembers answers, for one set of override labels.
pub(super) struct Reach<'g> {
    pub(super) subgraphs: &'g [Subgraph<Valid>],
    pub(super) merged: &'g Merged,
    pub(super) api: &'g Schema,
    labels: IndexSet<&'g str>,
    places: Places,
    /// Where keys lead, the place itself first.
    moves: IndexMap<Question, Rc<[PlaceId]>>,
    holders: Holders,
    /// For each type: the ways into subgraphs.
    entrances: IndexMap<Name, Rc<[Entrance]>>,
    /// What is being computed right now; asked again, it answers with what is certain.
    pending: IndexSet<Question>,
    /// The same for what fields require.
    requirements: IndexMap<Requirement, bool>,
    requiring: IndexSet<Requirement>,
    /// The subgraphs whose keys are being looked at; what such a key needs must come from others.
    pub(super) entering: Vec<usize>,
    /// Whether something was answered from `pending` or `requiring`, so that the result must not be
    /// kept.
    provisional: bool,
    /// For each subgraph: (type, field) → the contexts that it needs.
    contexts: Vec<IndexMap<(Name, Name), Vec<String>>>,
    /// For each type: the contexts that it sets.
    sets: IndexMap<Name, Vec<(usize, String)>>,
    depth: usize,
    descent: usize,
    work: usize,
    /// [`WORK_MAX`] or [`DESCENT_MAX`] was reached; answers from then on are guesses.
    pub(super) exhausted: bool,
    /// (subgraph, abstract type) → its object types there.
    objects: IndexMap<(usize, Name), Rc<IndexSet<Name>>>,
    implementations: Vec<Implementations>,
    /// The same for the API.
    api_objects: IndexMap<Name, Rc<IndexSet<Name>>>,
    api_implementations: Implementations,
    /// The same for what is merged, hidden or not.
    merged_objects: IndexMap<Name, Rc<IndexSet<Name>>>,
    merged_implementations: Implementations,
}

/// A way into a subgraph.
struct Entrance {
    subgraph: usize,
    /// The type there.
    local: Name,
    /// What must be known to enter; nothing for a root.
    key: Option<FieldSet>,
}

impl<'g> Reach<'g> {
    pub(super) fn new(
        subgraphs: &'g [Subgraph<Valid>],
        merged: &'g Merged,
        api: &'g Schema,
        labels: IndexSet<&'g str>,
    ) -> Self {
        let mut sets: IndexMap<Name, Vec<(usize, String)>> = IndexMap::default();
        let mut contexts = Vec::new();
        for (index, subgraph) in subgraphs.iter().enumerate() {
            let mut needs: IndexMap<(Name, Name), Vec<String>> = IndexMap::default();
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
                    for object in schemas::runtime_types(&merged.schema, name) {
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
            moves: IndexMap::default(),
            pending: IndexSet::default(),
            requirements: IndexMap::default(),
            requiring: IndexSet::default(),
            entering: Vec::new(),
            provisional: false,
            contexts,
            sets,
            depth: 0,
            descent: 0,
            work: 0,
            exhausted: false,
            objects: IndexMap::default(),
            implementations: subgraphs
                .iter()
                .map(|one| Implementations::of(&one.schema))
                .collect(),
            api_objects: IndexMap::default(),
            api_implementations: Implementations::of(api),
            merged_objects: IndexMap::default(),
            merged_implementations: Implementations::of(&merged.schema),
            holders: Holders::new(subgraphs),
            entrances: IndexMap::default(),
        }
    }

    /// The object types that a type can be in a subgraph. Asked for every field, so remembered.
    pub(super) fn objects_at(&mut self, subgraph: usize, ty: &Name) -> Rc<IndexSet<Name>> {
        let schema = &self.subgraphs[subgraph].schema;
        let implementations = &self.implementations[subgraph];
        let entry = self.objects.entry((subgraph, ty.clone()));
        let known = entry.or_insert_with(|| remembered(implementations, schema, ty));
        Rc::clone(known)
    }

    /// The object types that a type can be in the API.
    pub(super) fn api_objects(&mut self, ty: &Name) -> Rc<IndexSet<Name>> {
        let (api, implementations) = (self.api, &self.api_implementations);
        let entry = self.api_objects.entry(ty.clone());
        Rc::clone(entry.or_insert_with(|| remembered(implementations, api, ty)))
    }

    /// The object types that a type can be in what is merged.
    pub(super) fn merged_objects(&mut self, ty: &Name) -> Rc<IndexSet<Name>> {
        let (merged, implementations) = (&self.merged.schema, &self.merged_implementations);
        let entry = self.merged_objects.entry(ty.clone());
        Rc::clone(entry.or_insert_with(|| remembered(implementations, merged, ty)))
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

    /// The fields that an object has where a router can go with it, each with those places.
    pub(super) fn offers(
        &mut self,
        ty: &Name,
        places: &IndexSet<PlaceId>,
    ) -> HashMap<&'g Name, Vec<PlaceId>> {
        let mut reached = IndexSet::default();
        for place in places {
            reached.extend(self.moves(ty, *place).iter().copied());
        }
        let mut offers: HashMap<&Name, Vec<PlaceId>> = HashMap::default();
        for id in reached {
            let place = self.place(id);
            let definition = self.subgraphs[place.subgraph]
                .schema
                .types
                .get(&place.local);
            let fields = definition.and_then(schemas::fields);
            for field in fields.into_iter().flat_map(|fields| fields.keys()) {
                offers.entry(field).or_default().push(id);
            }
        }
        offers
    }

    /// Where a router stands after taking a field of an object at one of these places: the type is
    /// still that of the field in each subgraph. Empty if nobody it can ask resolves the field.
    pub(super) fn advance(
        &mut self,
        ty: &Name,
        places: &[PlaceId],
        field: &Name,
        contexts: &Contexts,
    ) -> IndexSet<PlaceId> {
        places
            .iter()
            .filter_map(|place| self.resolve(ty, *place, field, Some(contexts)))
            .collect()
    }

    /// The place after `field`, if the subgraph at `place` resolves it itself.
    pub(super) fn resolve(
        &mut self,
        ty: &Name,
        place: PlaceId,
        field: &Name,
        contexts: Option<&Contexts>,
    ) -> Option<PlaceId> {
        let here = self.place(place);
        let subgraph = &self.subgraphs[here.subgraph];
        let definition = schemas::field(&subgraph.schema, &here.local, field)?;
        let Place {
            subgraph: index,
            local,
            provided,
        } = here.clone();
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
                && !self.has_required(ty, place, field, &requires.set)
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

    /// Whether what a field requires can be had. Fields that require each other cannot: whichever
    /// comes first waits for the other.
    fn has_required(&mut self, ty: &Name, place: PlaceId, field: &Name, set: &FieldSet) -> bool {
        let memo = (ty.clone(), place, field.clone(), self.entered());
        if let Some(known) = self.requirements.get(&memo) {
            return *known;
        }
        self.exhausted |= self.work >= WORK_MAX;
        if self.requiring.contains(&memo) || self.exhausted {
            self.provisional = true;
            return false;
        }
        self.work += 1;
        self.requiring.insert(memo.clone());
        let before = std::mem::replace(&mut self.provisional, false);
        let can = self.can_require(ty, place, set);
        self.requiring.shift_remove(&memo);
        if !self.provisional || self.nobody_waits() {
            self.requirements.insert(memo, can);
        }
        self.provisional = (self.provisional || before) && !self.nobody_waits();
        can
    }

    /// The subgraphs whose keys are being looked at, for comparing.
    fn entered(&self) -> Vec<usize> {
        let mut entering = self.entering.clone();
        entering.sort_unstable();
        entering.dedup();
        entering
    }

    fn nobody_waits(&self) -> bool {
        self.pending.is_empty() && self.requiring.is_empty()
    }

    /// Goes one selection deeper, unless that is too deep.
    pub(super) fn descend(&mut self, look: impl FnOnce(&mut Self) -> bool) -> bool {
        if self.descent >= DESCENT_MAX {
            self.exhausted = true;
            return false;
        }
        self.descent += 1;
        let found = look(self);
        self.descent -= 1;
        found
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
    pub(super) fn moves(&mut self, ty: &Name, place: PlaceId) -> Rc<[PlaceId]> {
        let memo = (ty.clone(), place, self.entered());
        if let Some(known) = self.moves.get(&memo) {
            return Rc::clone(known);
        }
        self.exhausted |= self.work >= WORK_MAX;
        if self.pending.contains(&memo) || self.depth >= DEPTH_MAX || self.exhausted {
            self.provisional = true;
            return Rc::from([place]);
        }
        self.work += 1;
        self.pending.insert(memo.clone());
        self.depth += 1;
        let before = std::mem::replace(&mut self.provisional, false);
        let mut reached = vec![place];
        let entrances = self.entrances(ty);
        let mut open: Vec<&Entrance> = entrances
            .iter()
            .filter(|one| !self.entering.contains(&one.subgraph))
            .collect();
        // Each round enters at least one more subgraph or is the last.
        loop {
            let count = reached.len();
            let mut left = Vec::new();
            for entrance in open {
                let entered = self.at(entrance.subgraph, &entrance.local, FieldSet::default());
                if reached.contains(&entered) {
                    continue;
                }
                let can = match &entrance.key {
                    None => true,
                    Some(key) => {
                        self.entering.push(entrance.subgraph);
                        let can = self.collect(ty, &reached, key);
                        self.entering.pop();
                        can
                    }
                };
                if can {
                    reached.push(entered);
                } else {
                    left.push(entrance);
                }
            }
            open = left;
            if reached.len() == count {
                break;
            }
        }
        self.depth -= 1;
        self.pending.shift_remove(&memo);
        let reached: Rc<[PlaceId]> = reached.into();
        if !self.provisional {
            self.moves.insert(memo, Rc::clone(&reached));
        }
        // What was provisional inside stays so for whoever asked, unless nobody is waiting.
        self.provisional = (self.provisional || before) && !self.nobody_waits();
        reached
    }

    /// The ways into subgraphs with an object of this type, in the order of the subgraphs.
    fn entrances(&mut self, ty: &Name) -> Rc<[Entrance]> {
        if let Some(known) = self.entrances.get(ty) {
            return Rc::clone(known);
        }
        let definition = self.merged.schema.types.get(ty);
        let locals: Vec<&Name> = std::iter::once(ty)
            .chain(definition.into_iter().flat_map(schemas::interfaces))
            .collect();
        let holders: BTreeSet<usize> = locals
            .iter()
            .flat_map(|local| self.holders.of(local))
            .copied()
            .collect();
        let mut all = Vec::new();
        for index in holders {
            let facts = &self.subgraphs[index].facts;
            if ty == "Query" {
                all.push(Entrance {
                    subgraph: index,
                    local: ty.clone(),
                    key: None,
                });
                continue;
            }
            for local in &locals {
                if *local != ty && !facts.interface_objects.contains(*local) {
                    continue;
                }
                for key in facts
                    .keys_of(local)
                    .iter()
                    .filter(|key| key.is_resolvable())
                {
                    all.push(Entrance {
                        subgraph: index,
                        local: (*local).clone(),
                        key: Some(key.fields.set.clone()),
                    });
                }
            }
        }
        let all: Rc<[Entrance]> = all.into();
        self.entrances.insert(ty.clone(), Rc::clone(&all));
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
        places::of_field(self.subgraphs, &self.merged.schema, ty, field)
    }
}

/// The object types of a type, to be asked for often.
fn remembered(implementations: &Implementations, schema: &Schema, ty: &Name) -> Rc<IndexSet<Name>> {
    let objects = implementations.runtime_types(schema, ty);
    Rc::new(objects.into_iter().collect())
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
