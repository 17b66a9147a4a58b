//! Enters subgraphs: visits to a position, with what identifies the object there.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::map::IndexMap;
use supergraph::{FieldIn, FieldSet, SubgraphId, TypeId};

use super::Builder;
use crate::condition::When;
use crate::draft::{Contextual, Origin, PositionId, Setter, Source, Visit, VisitId};
use crate::error::Error;
use crate::goals::GoalSetId;
use crate::routes::Mode;
use crate::sites::{ProvidedId, Site};
use crate::type_set::TypeSet;
use crate::wants::{Here, Want};

/// What identifies objects to a subgraph.
struct Identity {
    mode: Mode,
    keys: Vec<(TypeSet, GoalSetId)>,
    after: BTreeSet<VisitId>,
}

/// What a field needs besides the key.
struct Inputs {
    requires: Option<GoalSetId>,
    context: Vec<Contextual>,
    after: BTreeSet<VisitId>,
}

impl Builder<'_, '_> {
    /// The source by which a subgraph describes the object at a position.
    pub(super) fn enter(
        &mut self,
        at: PositionId,
        subgraph: SubgraphId,
        types: &TypeSet,
    ) -> Result<u32, Error> {
        if let Some(root) = types.single().filter(|&ty| self.terrain.is_query(ty)) {
            return Ok(self.enter_root(at, subgraph, root));
        }
        for (index, visit) in self.visits(at, subgraph) {
            if types.is_within(&self.draft.visits[visit].types) {
                return Ok(index);
            }
        }
        let identity = self.identify(at, subgraph, types)?;
        for (index, visit) in self.visits(at, subgraph) {
            let known = &self.draft.visits[visit];
            let needs_more = !known.requires.is_empty() || !known.context.is_empty();
            if known.mode == Some(identity.mode)
                && !(needs_more && is_asked_alike(known.mode))
                && !self.any_waits(&identity.after, visit)
            {
                let known = &mut self.draft.visits[visit];
                known.types = known.types.or(types);
                known.keys.extend(identity.keys);
                known.after.extend(identity.after);
                return Ok(index);
            }
        }
        Ok(self.visit(at, subgraph, types, identity))
    }

    /// The source by which a subgraph describes the object once it was sent what a field requires.
    pub(super) fn require(
        &mut self,
        at: PositionId,
        subgraph: SubgraphId,
        want: &Want,
    ) -> Result<u32, Error> {
        let first = want.types.first().expect("wants have types");
        let point = (at, want.asked, first);
        if self.requiring.contains(&point) {
            return Err(self.unreachable(want));
        }
        let question = Rc::clone(self.terrain.goals.asked(want.asked));
        let name = &question.name;
        let held = self.terrain.sites.held(Site::entity(subgraph), first, name);
        let Some(held) = held.filter(|held| held.needs_input()) else {
            return self.enter(at, subgraph, &want.types);
        };
        self.requiring.push(point);
        let inputs = self.inputs(at, held.field, want);
        self.requiring.pop();
        let inputs = inputs?;

        for (index, visit) in self.visits(at, subgraph) {
            let known = &self.draft.visits[visit];
            if want.types.is_within(&known.types)
                && (known.types == want.types || !is_asked_alike(known.mode))
                && self.takes(visit, &inputs.after, &inputs)
            {
                self.send(visit, inputs, &want.types);
                return Ok(index);
            }
        }
        let mut identity = self.identify(at, subgraph, &want.types)?;
        identity.after.extend(&inputs.after);
        for (index, visit) in self.visits(at, subgraph) {
            if self.draft.visits[visit].mode == Some(identity.mode)
                && !is_asked_alike(Some(identity.mode))
                && self.takes(visit, &identity.after, &inputs)
            {
                let known = &mut self.draft.visits[visit];
                known.types = known.types.or(&want.types);
                known.keys.extend(identity.keys);
                known.after.extend(identity.after);
                self.send(visit, inputs, &want.types);
                return Ok(index);
            }
        }
        let index = self.visit(at, subgraph, &want.types, identity);
        let visit = self.draft.visits.len() - 1;
        self.send(visit, inputs, &want.types);
        Ok(index)
    }

    /// Whether a visit can be given more to send.
    fn takes(&self, visit: VisitId, after: &BTreeSet<VisitId>, inputs: &Inputs) -> bool {
        !self.any_waits(after, visit)
            && !inputs
                .requires
                .is_some_and(|set| self.conflicts(visit, set))
    }

    fn send(&mut self, visit: VisitId, inputs: Inputs, types: &TypeSet) {
        let visit = &mut self.draft.visits[visit];
        if let Some(set) = inputs.requires
            && !visit.requires.iter().any(|(_, known)| *known == set)
        {
            visit.requires.push((types.clone(), set));
        }
        for context in inputs.context {
            if !visit.context.contains(&context) {
                visit.context.push(context);
            }
        }
        visit.after.extend(inputs.after);
    }

    /// Sees to it that what a field needs is known.
    fn inputs(&mut self, at: PositionId, field: &FieldIn, want: &Want) -> Result<Inputs, Error> {
        let mut inputs = Inputs {
            requires: None,
            context: Vec::new(),
            after: BTreeSet::new(),
        };
        if let Some(required) = &field.requires {
            let set = self.settled(at, required, &want.types, &mut inputs.after)?;
            inputs.requires = Some(set);
        }
        for argument in &field.context {
            let Some(found) = self.setters(at, &argument.context)? else {
                return Err(self.unreachable(want));
            };
            let mut setters = Vec::with_capacity(found.len());
            for (above, types) in found {
                let after = &mut inputs.after;
                let value = self.settled(above, &argument.selection, &types, after)?;
                if !self.draft.positions[above].types.is_within(&types) {
                    // Whether an object sets it depends on what it is.
                    self.tell_type(above)?;
                }
                // Objects of different types may give different fields.
                inputs.after.extend(self.type_tellers(above));
                setters.push(Setter {
                    at: above,
                    types,
                    value,
                });
            }
            inputs.context.push(Contextual {
                asked: want.asked,
                argument: argument.name.clone(),
                ty: argument.ty.clone(),
                setters,
            });
        }
        Ok(inputs)
    }

    /// Meets the goals of a field set at a position, and notes the visits that supply them.
    fn settled(
        &mut self,
        at: PositionId,
        fields: &FieldSet,
        types: &TypeSet,
        after: &mut BTreeSet<VisitId>,
    ) -> Result<GoalSetId, Error> {
        let terrain = &mut *self.terrain;
        let set = terrain
            .goals
            .of_field_set(terrain.graph, fields, types, &mut terrain.budget)?;
        self.fulfil(at, &[set])?;
        self.suppliers(at, set, types, after)?;
        Ok(set)
    }

    /// The positions above of whose objects some set a context, with the types of those that set
    /// it and lead here: the nearest first, and the first at last all of whose objects set it.
    /// What an object sets is for those below it, not for itself.
    fn setters(
        &mut self,
        at: PositionId,
        context: &str,
    ) -> Result<Option<Vec<(PositionId, TypeSet)>>, Error> {
        let graph = self.terrain.graph;
        let sets = |ty: TypeId| graph.ty(ty).contexts.iter().any(|name| **name == *context);
        let sets_any = |ty: TypeId| {
            let holders = graph
                .types()
                .filter(|(_, holder)| holder.possible.contains(&ty));
            sets(ty) || holders.map(|(id, _)| id).any(sets)
        };
        let mut here = at;
        let mut found = Vec::new();
        loop {
            let Some(above) = self.draft.positions[here].parent else {
                return Ok(None);
            };
            let position = &self.draft.positions[above];
            let leading = position
                .resolved
                .iter()
                .filter(|(_, result)| position.results[**result].child == Some(here));
            let types: TypeSet = leading.map(|((_, ty), _)| *ty).collect();
            self.terrain.budget.spend(types.len())?;
            let setting = types.filter(|&ty| sets_any(ty));
            let is_last = setting.len() == types.len();
            if is_last || !setting.is_empty() {
                found.push((above, setting));
            }
            if is_last {
                return Ok(Some(found));
            }
            here = above;
        }
    }

    /// Root fields can be asked for anywhere, without a key.
    pub(super) fn enter_root(&mut self, at: PositionId, subgraph: SubgraphId, root: TypeId) -> u32 {
        let sources = self.draft.positions[at].sources.iter().enumerate();
        let found = sources.clone().find(|(_, source)| {
            matches!(source.origin, Origin::Visit(_)) && source.site.subgraph == subgraph
        });
        if let Some((index, _)) = found {
            return u32::try_from(index).expect("positions have few sources");
        }
        self.visit_root(at, subgraph, root)
    }

    /// A new visit that asks for root fields.
    pub(super) fn visit_root(&mut self, at: PositionId, subgraph: SubgraphId, root: TypeId) -> u32 {
        let after = self.primary_visit(at).into_iter().collect();
        let site = Site {
            subgraph,
            provided: ProvidedId::NOTHING,
            named: Some(root),
            entity: false,
        };
        self.add_visit(
            at,
            site,
            Visit {
                position: at,
                subgraph,
                mode: None,
                object: 0,
                types: TypeSet::one(root),
                keys: Vec::new(),
                requires: Vec::new(),
                context: Vec::new(),
                after,
                when: When::NEVER,
            },
        )
    }

    fn visit(
        &mut self,
        at: PositionId,
        subgraph: SubgraphId,
        types: &TypeSet,
        identity: Identity,
    ) -> u32 {
        let mut after = identity.after;
        // Its objects are known once those around them are.
        let mut around = Some(at);
        while let Some(position) = around {
            after.extend(self.primary_visit(position));
            around = self.draft.positions[position].parent;
        }
        let named = match identity.mode {
            Mode::Own => None,
            Mode::Interface(interface) | Mode::InterfaceObject(interface) => Some(interface),
        };
        let site = Site {
            named,
            ..Site::entity(subgraph)
        };
        self.add_visit(
            at,
            site,
            Visit {
                position: at,
                subgraph,
                mode: Some(identity.mode),
                object: 0,
                types: types.clone(),
                keys: identity.keys,
                requires: Vec::new(),
                context: Vec::new(),
                after,
                when: When::NEVER,
            },
        )
    }

    fn add_visit(&mut self, at: PositionId, site: Site, mut visit: Visit) -> u32 {
        let id = self.draft.visits.len();
        let table = self.draft.table();
        visit.object = self.draft.object(id, table);
        let source = Source {
            site,
            object: visit.object,
            origin: Origin::Visit(id),
        };
        self.draft.visits.push(visit);
        let sources = &mut self.draft.positions[at].sources;
        sources.push(source);
        u32::try_from(sources.len() - 1).expect("positions have few sources")
    }

    /// Sees to it that the keys are known by which a subgraph can be asked for objects of some
    /// types.
    fn identify(
        &mut self,
        at: PositionId,
        subgraph: SubgraphId,
        types: &TypeSet,
    ) -> Result<Identity, Error> {
        let mut mode = None;
        let mut keys: IndexMap<*const FieldSet, (&FieldSet, Vec<TypeId>)> = IndexMap::default();
        let (sites, covered, typed) = (self.sites(at), self.covered(at), self.is_typed(at));
        let barred = self.barred(at);
        let here = Here {
            present: &sites,
            covered: &covered,
            typed,
            barred: &barred,
        };
        for ty in types.iter() {
            let Some((found, key)) = self.terrain.mode(ty, subgraph, here)? else {
                let name = &self.terrain.graph.ty(ty).name;
                return Err(Error::Unreachable {
                    field: format!("{name}.__typename"),
                });
            };
            mode.get_or_insert(found);
            keys.entry(std::ptr::from_ref(key))
                .or_insert((key, Vec::new()))
                .1
                .push(ty);
        }
        let mode = mode.expect("wants have types");
        if mode == Mode::Own {
            self.tell_type(at)?;
        }
        let mut identity = Identity {
            mode,
            keys: Vec::new(),
            after: BTreeSet::new(),
        };
        for (_, (key, types)) in keys {
            let types: TypeSet = types.into_iter().collect();
            let terrain = &mut *self.terrain;
            let set =
                terrain
                    .goals
                    .of_field_set(terrain.graph, key, &types, &mut terrain.budget)?;
            self.entering.push((at, subgraph));
            let fulfilled = self.fulfil(at, &[set]);
            self.entering.pop();
            fulfilled?;
            self.suppliers(at, set, &types, &mut identity.after)?;
            identity.keys.push((types, set));
        }
        identity.after.extend(self.type_tellers(at));
        Ok(identity)
    }

    /// The visits to a subgraph at a position that ask for an entity, with their sources.
    fn visits(&self, at: PositionId, subgraph: SubgraphId) -> Vec<(u32, VisitId)> {
        let sources = self.draft.positions[at].sources.iter().zip(0..);
        let visits = sources.filter_map(|(source, index)| match source.origin {
            Origin::Visit(visit) if source.site.entity && source.site.subgraph == subgraph => {
                Some((index, visit))
            }
            Origin::Visit(_) | Origin::Slot { .. } => None,
        });
        visits.collect()
    }

    fn primary_visit(&self, at: PositionId) -> Option<VisitId> {
        let source = self.draft.positions[at].sources.first()?;
        // Root fields do not describe each other.
        if matches!(source.origin, Origin::Visit(_)) && !source.site.entity {
            return None;
        }
        Some(self.draft.objects[source.object].visit)
    }

    fn any_waits(&self, visits: &BTreeSet<VisitId>, other: VisitId) -> bool {
        visits.iter().any(|&visit| self.draft.waits(visit, other))
    }

    /// Whether a representation cannot hold both what a visit already sends and these goals.
    fn conflicts(&self, visit: VisitId, set: GoalSetId) -> bool {
        let visit = &self.draft.visits[visit];
        let sent = visit.keys.iter().chain(&visit.requires);
        sent.into_iter().any(|&(_, known)| self.differ(known, set))
    }

    /// Whether two sets want the same field with different arguments.
    fn differ(&self, a: GoalSetId, b: GoalSetId) -> bool {
        if a == b {
            return false;
        }
        let (a, b) = (self.terrain.goals.set(a), self.terrain.goals.set(b));
        let asked = |id| self.terrain.goals.asked(id);
        a.goals.iter().any(|x| {
            b.goals.iter().any(|y| {
                asked(x.asked).name == asked(y.asked).name
                    && (x.asked != y.asked
                        || matches!((x.sub, y.sub), (Some(x), Some(y)) if self.differ(x, y)))
            })
        })
    }
}

/// Whether a visit asks all its objects for the same, whatever their types: then it can ask for a
/// field with requirements only if all its objects are wanted to have it.
fn is_asked_alike(mode: Option<Mode>) -> bool {
    matches!(mode, Some(Mode::Interface(_) | Mode::InterfaceObject(_)))
}
