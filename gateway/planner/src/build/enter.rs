//! Enters subgraphs: visits to a position, with what identifies the object there.

use std::collections::BTreeSet;

use crate::map::IndexMap;
use supergraph::{FieldSet, SubgraphId, TypeId};

use super::Builder;
use crate::condition::When;
use crate::draft::{Origin, PositionId, Source, Visit, VisitId};
use crate::error::Error;
use crate::goals::GoalSetId;
use crate::routes::{Door, Mode};
use crate::sites::{ProvidedId, Site};
use crate::type_set::TypeSet;
use crate::wants::Here;

/// What identifies objects to a subgraph.
pub(super) struct Identity {
    pub(super) mode: Mode,
    pub(super) keys: Vec<(TypeSet, GoalSetId)>,
    pub(super) after: BTreeSet<VisitId>,
}

impl Visit {
    /// Has the visit ask for objects of more types. Those that it asks for already keep their key.
    pub(super) fn admit(&mut self, types: &TypeSet, identity: Identity) {
        for (of, set) in identity.keys {
            let fresh = of.without(&self.types);
            if !fresh.is_empty() {
                self.keys.push((fresh, set));
            }
        }
        self.types = self.types.or(types);
        self.after.extend(identity.after);
    }
}

/// How a subgraph is entered, once all that it takes is asked for.
pub(super) enum Entrance {
    /// It was entered already, as this source.
    Source(u32),
    /// With this.
    Identity(Identity),
}

impl Builder<'_, '_> {
    /// The source by which a subgraph describes the object at a position.
    pub(super) fn enter(
        &mut self,
        at: PositionId,
        door: Door,
        types: &TypeSet,
    ) -> Result<u32, Error> {
        let entrance = self.entrance(at, door, types)?;
        Ok(self.pass(at, door, types, entrance))
    }

    /// Sees to it that a subgraph can be entered.
    pub(super) fn entrance(
        &mut self,
        at: PositionId,
        door: Door,
        types: &TypeSet,
    ) -> Result<Entrance, Error> {
        if let Some(root) = types.single().filter(|&ty| self.terrain.is_query(ty)) {
            return Ok(Entrance::Source(self.enter_root(at, door.subgraph, root)));
        }
        for (index, visit) in self.visits(at, door) {
            if types.is_within(&self.draft.visits[visit].types) {
                return Ok(Entrance::Source(index));
            }
        }
        let identity = self.identify(at, door, types)?;
        Ok(Entrance::Identity(identity))
    }

    /// Enters a subgraph: with others, if one of its visits can take more objects.
    pub(super) fn pass(
        &mut self,
        at: PositionId,
        door: Door,
        types: &TypeSet,
        entrance: Entrance,
    ) -> u32 {
        let identity = match entrance {
            Entrance::Source(index) => return index,
            Entrance::Identity(identity) => identity,
        };
        for (index, visit) in self.visits(at, door) {
            let known = &self.draft.visits[visit];
            let needs_more = !known.requires.is_empty() || !known.context.is_empty();
            if known.mode == Some(identity.mode)
                && !(needs_more && is_asked_alike(known.mode))
                && !self.any_waits(&identity.after, visit)
            {
                self.draft.visits[visit].admit(types, identity);
                return index;
            }
        }
        self.visit(at, door.subgraph, types, identity)
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

    pub(super) fn visit(
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
    pub(super) fn identify(
        &mut self,
        at: PositionId,
        door: Door,
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
            let Some((found, key)) = self.terrain.mode(ty, door, here)? else {
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
            self.entering.push((at, door.subgraph));
            let fulfilled = self.fulfil(at, &[set]);
            self.entering.pop();
            fulfilled?;
            self.suppliers(at, set, &types, &mut identity.after)?;
            identity.keys.push((types, set));
        }
        identity.after.extend(self.type_tellers(at));
        Ok(identity)
    }

    /// The visits through a door at a position that ask for an entity, with their sources.
    pub(super) fn visits(&self, at: PositionId, door: Door) -> Vec<(u32, VisitId)> {
        let sources = self.draft.positions[at].sources.iter().zip(0..);
        let visits = sources.filter_map(|(source, index)| match source.origin {
            Origin::Visit(visit) if source.site.entity => {
                let known = &self.draft.visits[visit];
                let as_object = known.mode.and_then(Mode::as_object);
                let known = Door {
                    subgraph: known.subgraph,
                    as_object,
                };
                (known == door).then_some((index, visit))
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

    pub(super) fn any_waits(&self, visits: &BTreeSet<VisitId>, other: VisitId) -> bool {
        visits.iter().any(|&visit| self.draft.waits(visit, other))
    }
}

/// Whether a visit asks all its objects for the same, whatever their types: then it can ask for a
/// field with requirements only if all its objects are wanted to have it.
pub(super) fn is_asked_alike(mode: Option<Mode>) -> bool {
    matches!(mode, Some(Mode::Interface(_) | Mode::InterfaceObject(_)))
}
