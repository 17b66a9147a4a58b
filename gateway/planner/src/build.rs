//! Builds a draft: goes from position to position, decides who is asked, and asks.
//!
//! At each position, first what is at hand, then what must be entered, then what lies below, and
//! last the fields with requirements, which by then find what they need. Inputs are always
//! settled before the visit that needs them exists, and an existing visit is given more inputs
//! only if none of them waits for it: so drafts have no cycles.

mod ask;
mod choose;
mod enter;
mod require;
mod root;
mod tell;

use std::collections::{BTreeMap, BTreeSet};

use supergraph::{Kind, SubgraphId, TypeId};

use crate::budget::cost;
use crate::draft::table::Likeness;
use crate::draft::{Draft, Origin, PositionId, Source, Told, VisitId};
use crate::error::Error;
use crate::goals::{AskedId, GoalSetId};
use crate::map::{Few, IndexMap};
use crate::sites::Site;
use crate::type_set::TypeSet;
use crate::wants::{Choice, Terrain, Via, Want};

/// Injected demands may nest: requirements of requirements of keys. Real graphs stay below ten.
const NESTED_MAX: usize = 256;

/// A decision that could have gone another way.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum Point {
    /// Which subgraph is entered first at a position.
    Entered(u64),
    /// Who is asked for one field of a position.
    Asked(u64, AskedId, TypeId),
}

/// What a decision may be: subgraphs, or the vias of a choice.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Alternative {
    Entered(SubgraphId),
    Asked(Few<Via>),
}

/// Decisions that differ from the greedy ones.
pub(crate) type Deviations = BTreeMap<Point, Alternative>;

/// What else decisions could have been.
pub(crate) type Points = IndexMap<Point, Vec<Alternative>>;

pub(crate) struct Builder<'t, 'g> {
    pub(crate) terrain: &'t mut Terrain<'g>,
    pub(crate) draft: Draft,
    deviations: &'t Deviations,
    /// Positions, by key, whose objects get a key of their own in the answer.
    apart: &'t BTreeSet<u64>,
    /// The decisions that were open, from the root on, with what else they could have been.
    pub(crate) points: Points,
    /// The subgraphs that are being entered, with where.
    entering: Vec<(PositionId, SubgraphId)>,
    /// The positions of which someone is being found who tells the types of those objects that go
    /// by the name of an interface.
    telling: Vec<(PositionId, TypeId)>,
    /// The fields whose requirements are being settled.
    requiring: Vec<(PositionId, AskedId, TypeId)>,
    depth: usize,
}

impl<'t, 'g> Builder<'t, 'g> {
    pub(crate) fn new(
        terrain: &'t mut Terrain<'g>,
        deviations: &'t Deviations,
        apart: &'t BTreeSet<u64>,
    ) -> Self {
        // Most sets are wanted at one position each.
        let draft = Draft::with_room(terrain.goals.len());
        Self {
            terrain,
            draft,
            deviations,
            apart,
            points: Points::default(),
            entering: Vec::new(),
            telling: Vec::new(),
            requiring: Vec::new(),
            depth: 0,
        }
    }

    /// Sees to it that goals are met at a position.
    pub(crate) fn fulfil(&mut self, at: PositionId, sets: &[GoalSetId]) -> Result<(), Error> {
        self.terrain.budget.spend(cost::POSITION)?;
        self.depth += 1;
        if self.depth > NESTED_MAX {
            return Err(Error::TooComplex {
                what: "the depth",
                limit: NESTED_MAX as u64,
            });
        }
        let done = self.settle(at, sets);
        self.depth -= 1;
        done
    }

    /// Whether null in a field takes the object away if it is of one type, and not if of another.
    fn is_written_by_type(&self, want: &Want) -> bool {
        let name = &self.terrain.goals.asked(want.asked).name;
        let fields = want.types.iter();
        let fields = fields.filter_map(|ty| self.terrain.graph.ty(ty).fields.get(name));
        let mut wrappings = fields.map(|field| Likeness::new(&field.ty, None));
        let first = wrappings.next();
        want.client_key.is_some() && !wrappings.all(|one| Some(one) == first)
    }

    fn settle(&mut self, at: PositionId, sets: &[GoalSetId]) -> Result<(), Error> {
        let types = self.draft.positions[at].types.clone();
        self.nobody_told(at, sets, &types)?;
        let resolved = &self.draft.positions[at].resolved;
        let known = |asked, ty| resolved.get(&(asked, ty)).copied();
        let gathered = self.terrain.gather(sets, &types, &known)?;
        let wanted = || gathered.wants.iter().chain(&gathered.again);
        if types.len() > 1 {
            let primary = self.draft.positions[at]
                .sources
                .first()
                .map(|source| source.site);
            if gathered.typename
                || wanted().any(|want| want.types != types || self.is_written_by_type(want))
                || primary.is_some_and(|site| self.terrain.sites.tells_type(site))
            {
                self.tell_type(at)?;
            }
        }
        let again = gathered.again;
        let chosen = self.decide(at, gathered.wants)?;
        if types.len() > 1 && chosen.iter().any(|(want, _)| want.types != types) {
            self.tell_type(at)?;
        }
        self.reserve(at, &chosen);

        let of = |stage: Stage| {
            chosen
                .iter()
                .filter(move |(_, choice)| Stage::of(choice) == stage)
        };
        let at_once = || of(Stage::Present).chain(of(Stage::Entered));
        for (want, choice) in at_once() {
            self.take(at, want, choice)?;
        }
        for (want, _) in at_once() {
            self.below(at, want)?;
        }
        for want in &again {
            self.below(at, want)?;
        }
        for (want, choice) in of(Stage::Required) {
            self.take(at, want, choice)?;
            self.below(at, want)?;
        }
        Ok(())
    }

    /// Makes room for what is about to be asked.
    fn reserve(&mut self, at: PositionId, chosen: &[(Want, Choice)]) {
        let position = &mut self.draft.positions[at];
        position.results.reserve(chosen.len());
        let types = chosen.iter().map(|(want, _)| want.types.len());
        position.resolved.reserve(types.sum());
        if let [source] = position.sources[..] {
            let is_present = |(_, choice): &&(Want, Choice)| Stage::of(choice) == Stage::Present;
            let present = chosen.iter().filter(is_present).count();
            self.draft.reserve(source.object, present);
        }
    }

    /// An interface that no subgraph has objects of stands for itself, where a subgraph has it as
    /// an object: its type cannot be told, and where others have it as an interface, nothing
    /// stands that could be asked elsewhere.
    fn nobody_told(
        &mut self,
        at: PositionId,
        sets: &[GoalSetId],
        types: &TypeSet,
    ) -> Result<(), Error> {
        let source = self.draft.positions[at].sources.first();
        let site = source.map(|source| source.site);
        for &set in sets {
            let set = self.terrain.goals.set(set);
            for goal in &set.goals {
                let Some(ty) = goal.types.single() else {
                    continue;
                };
                let definition = self.terrain.graph.ty(ty);
                if definition.kind != Kind::Interface {
                    continue;
                }
                let name = &self.terrain.goals.asked(goal.asked).name;
                let defined = || {
                    let field = definition.fields.get(name);
                    site.is_some_and(|site| {
                        field.is_some_and(|field| field.within.contains_key(&site.subgraph))
                    })
                };
                let told = if name == "__typename" {
                    types.is_empty()
                } else {
                    !types.is_empty() || defined()
                };
                if !told {
                    return Err(Error::Unreachable {
                        field: format!("{}.{name}", definition.name),
                    });
                }
            }
        }
        Ok(())
    }

    fn sites(&self, at: PositionId) -> Few<Site> {
        let alias = self.telling.iter().rev().find(|(place, _)| *place == at);
        let sources = self.draft.positions[at].sources.iter();
        let site = |source: &Source| match alias {
            // All that it is about are objects that it calls by this name.
            Some(&(_, name)) if self.calls(source.site, name) => Site {
                named: Some(name),
                ..source.site
            },
            _ => source.site,
        };
        sources.map(site).collect()
    }

    /// Whether objects may go by the name of an interface at a site.
    fn calls(&self, site: Site, name: TypeId) -> bool {
        let graph = self.terrain.graph;
        let within = site
            .named
            .and_then(|named| graph.ty(named).within.get(&site.subgraph));
        within.is_some_and(|within| within.possible.contains(&name))
    }

    fn covered(&self, at: PositionId) -> Few<Option<TypeSet>> {
        let sources = self.draft.positions[at].sources.iter();
        sources
            .map(|source| match source.origin {
                Origin::Visit(visit) if source.site.entity => {
                    Some(self.draft.visits[visit].types.clone())
                }
                Origin::Visit(_) | Origin::Slot { .. } => None,
            })
            .collect()
    }

    fn barred(&self, at: PositionId) -> Few<SubgraphId> {
        let here = self.entering.iter().filter(|(position, _)| *position == at);
        here.map(|&(_, subgraph)| subgraph).collect()
    }

    /// Whether the run-time type of the object can be told.
    fn is_typed(&self, at: PositionId) -> bool {
        let position = &self.draft.positions[at];
        position.types.len() == 1
            || position.typename.is_some()
            || position
                .sources
                .iter()
                .any(|source| self.terrain.sites.tells_type(source.site))
    }

    /// The visits that must be made before goals that are met at a position can be read there.
    fn suppliers(
        &mut self,
        at: PositionId,
        set: GoalSetId,
        types: &TypeSet,
        into: &mut BTreeSet<VisitId>,
    ) -> Result<(), Error> {
        let set = self.terrain.goals.set(set);
        for goal in &set.goals {
            self.terrain.budget.spend(1)?;
            let position = &self.draft.positions[at];
            if self.terrain.goals.asked(goal.asked).name == "__typename" {
                into.extend(self.type_tellers(at));
                continue;
            }
            let mut results: Vec<usize> = Vec::new();
            for ty in goal
                .types
                .and(types)
                .iter()
                .filter(|&ty| position.types.contains(ty))
            {
                let result = position.resolved[&(goal.asked, ty)];
                if !results.contains(&result) {
                    results.push(result);
                }
            }
            for result in results {
                let resolved = self.draft.positions[at].results[result].clone();
                let objects = resolved.suppliers.iter().map(|supplied| supplied.object);
                into.extend(objects.map(|object| self.draft.objects[object].visit));
                if let (Some(child), Some(sub)) = (resolved.child, goal.sub) {
                    into.extend(self.type_tellers(child));
                    let inner = self.draft.positions[child].types.clone();
                    self.suppliers(child, sub, &inner, into)?;
                }
            }
        }
        Ok(())
    }

    /// The visits that tell the run-time type at a position, if any are needed for that.
    fn type_tellers(&self, at: PositionId) -> Few<VisitId> {
        let position = &self.draft.positions[at];
        let visit = |(source, _): (u32, u32)| {
            let object = position.sources[source as usize].object;
            self.draft.objects[object].visit
        };
        let told = position.typename.iter();
        told.flat_map(Told::tellers).map(visit).collect()
    }

    fn unreachable(&self, want: &Want) -> Error {
        let ty = want
            .types
            .first()
            .map_or("?", |ty| self.terrain.graph.ty(ty).name.as_str());
        let name = &self.terrain.goals.asked(want.asked).name;
        let field = format!("{ty}.{name}");
        if self.terrain.divided.contains(&want.asked) {
            Error::Divided { field }
        } else {
            Error::Unreachable { field }
        }
    }
}

/// When a want is seen to, in this order.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Stage {
    Present,
    Entered,
    Required,
}

impl Stage {
    fn of(choice: &Choice) -> Self {
        let stage = |via: &Via| match via {
            Via::Present(_) => Self::Present,
            Via::Enter(_) => Self::Entered,
            Via::Require(_) => Self::Required,
        };
        let last = choice.vias.iter().map(stage).max();
        last.unwrap_or(Self::Present)
    }
}
/// The key of the root position: FNV's offset basis.
const ROOT_KEY: u64 = 0xcbf2_9ce4_8422_2325;
