//! Builds a draft: goes from position to position, decides who is asked, and asks.
//!
//! At each position, first what is at hand, then what must be entered, then what lies below, and
//! last the fields with requirements, which by then find what they need. Inputs are always
//! settled before the visit that needs them exists, and an existing visit is given more inputs
//! only if none of them waits for it: so drafts have no cycles.

mod enter;
mod root;

use std::collections::{BTreeMap, BTreeSet};

use supergraph::{SubgraphId, TypeId};

use crate::budget::cost;
use crate::decide;
use crate::draft::{Draft, Origin, Position, PositionId, Resolved, Source, Supplied, VisitId};
use crate::error::Error;
use crate::goals::{AskedId, GoalSetId};
use crate::sites::Site;
use crate::type_set::TypeSet;
use crate::wants::{Choice, Here, Terrain, Via, Want};

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
    Asked(Vec<Via>),
}

/// Decisions that differ from the greedy ones.
pub(crate) type Deviations = BTreeMap<Point, Alternative>;

pub(crate) struct Builder<'t, 'g> {
    pub(crate) terrain: &'t mut Terrain<'g>,
    pub(crate) draft: Draft,
    deviations: &'t Deviations,
    /// Positions, by key, whose objects get a key of their own in the answer.
    apart: &'t BTreeSet<u64>,
    /// The decisions that were open, with what they could have been.
    pub(crate) points: BTreeMap<Point, Vec<Alternative>>,
    /// The subgraphs that are being entered, with where.
    entering: Vec<(PositionId, SubgraphId)>,
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
        Self {
            terrain,
            draft: Draft::default(),
            deviations,
            apart,
            points: BTreeMap::new(),
            entering: Vec::new(),
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

    fn settle(&mut self, at: PositionId, sets: &[GoalSetId]) -> Result<(), Error> {
        let types = self.draft.positions[at].types.clone();
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
                || wanted().any(|want| want.types != types)
                || primary.is_some_and(|site| self.terrain.sites.tells_type(site))
            {
                self.tell_type(at)?;
            }
        }
        let again = gathered.again;
        let chosen = self.decide(at, gathered.wants)?;

        let mut asked = Vec::new();
        let mut requiring = Vec::new();
        for stage in [Stage::Present, Stage::Entered] {
            for (want, choice) in &chosen {
                if Stage::of(choice) == stage {
                    asked.push((want, self.take(at, want, choice)?));
                }
            }
        }
        for (want, choice) in &chosen {
            if Stage::of(choice) == Stage::Required {
                requiring.push((want, choice));
            }
        }
        for (want, ()) in asked {
            self.below(at, want)?;
        }
        for want in &again {
            self.below(at, want)?;
        }
        for (want, choice) in requiring {
            self.take(at, want, choice)?;
            self.below(at, want)?;
        }
        Ok(())
    }

    fn decide(&mut self, at: PositionId, wants: Vec<Want>) -> Result<Vec<(Want, Choice)>, Error> {
        let mut refined = self.refine(at, wants.clone())?;
        if !self.is_typed(at) && refined.iter().any(|(_, choices)| choices.is_empty()) {
            self.tell_type(at)?;
            refined = self.refine(at, wants)?;
        }
        self.pick(at, refined)
    }

    fn refine(
        &mut self,
        at: PositionId,
        wants: Vec<Want>,
    ) -> Result<Vec<(Want, Vec<Choice>)>, Error> {
        let sites = self.sites(at);
        let covered = self.covered(at);
        let barred = self.barred(at);
        let typed = self.is_typed(at);
        let here = Here {
            present: &sites,
            covered: &covered,
            typed,
            barred: &barred,
        };
        self.terrain.refine(wants, here)
    }

    fn pick(
        &mut self,
        at: PositionId,
        refined: Vec<(Want, Vec<Choice>)>,
    ) -> Result<Vec<(Want, Choice)>, Error> {
        let key = self.draft.positions[at].key;
        let mut options = Vec::with_capacity(refined.len());
        let mut wants = Vec::with_capacity(refined.len());
        for (want, mut choices) in refined {
            if choices.is_empty() {
                return Err(self.unreachable(&want));
            }
            if choices.len() > 1 && !want.subs.is_empty() {
                let ty = want.types.first().expect("wants have types");
                let point = Point::Asked(key, want.asked, ty);
                let all: Vec<Vec<Via>> = choices.iter().map(|choice| choice.vias.clone()).collect();
                if let Some(Alternative::Asked(vias)) = self.deviations.get(&point)
                    && all.contains(vias)
                {
                    choices.retain(|choice| choice.vias == *vias);
                }
                self.points
                    .insert(point, all.into_iter().map(Alternative::Asked).collect());
            }
            options.push(choices);
            wants.push(want);
        }
        let point = Point::Entered(key);
        let preferred = match self.deviations.get(&point) {
            Some(Alternative::Entered(subgraph)) => Some(*subgraph),
            _ => None,
        };
        self.terrain.budget.spend(decide::steps(&options))?;
        let decision = decide::decide(&options, preferred);
        if decision.rivals.len() > 1 {
            let rivals = decision
                .rivals
                .into_iter()
                .map(Alternative::Entered)
                .collect();
            self.points.insert(point, rivals);
        }
        let picked = options.into_iter().zip(decision.picks);
        let chosen = picked.map(|(mut choices, pick)| choices.swap_remove(pick));
        Ok(wants.into_iter().zip(chosen).collect())
    }

    /// Asks for a field, of whoever was chosen.
    fn take(&mut self, at: PositionId, want: &Want, choice: &Choice) -> Result<(), Error> {
        // Settling the inputs of another want may have brought this one.
        let position = &self.draft.positions[at];
        let open: TypeSet = want
            .types
            .iter()
            .filter(|&ty| !position.resolved.contains_key(&(want.asked, ty)))
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        let want = Want {
            types: open,
            ..want.clone()
        };
        let mut sources = Vec::with_capacity(choice.vias.len());
        for &via in &choice.vias {
            let source = self.source(at, &want, via)?;
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        // Again: entering for this want may have brought it.
        let position = &self.draft.positions[at];
        if want
            .types
            .iter()
            .any(|ty| position.resolved.contains_key(&(want.asked, ty)))
        {
            return self.take(at, &want, choice);
        }
        self.ask(at, &want, &sources);
        Ok(())
    }

    fn source(&mut self, at: PositionId, want: &Want, via: Via) -> Result<u32, Error> {
        match via {
            Via::Present(index) => Ok(index),
            Via::Enter(subgraph) => self.enter(at, subgraph, &want.types),
            Via::Require(subgraph) => self.require(at, subgraph, want),
        }
    }

    fn ask(&mut self, at: PositionId, want: &Want, sources: &[u32]) {
        let mut suppliers = Vec::with_capacity(sources.len());
        let mut below = Vec::with_capacity(sources.len());
        for &source in sources {
            let (supplied, inner) = self.ask_one(at, want, source);
            suppliers.push(supplied);
            below.extend(inner);
        }
        let child = (!want.subs.is_empty()).then(|| self.child(at, want, below));
        let position = &mut self.draft.positions[at];
        let result = position.results.len();
        position.results.push(Resolved { suppliers, child });
        for ty in want.types.iter() {
            position.resolved.insert((want.asked, ty), result);
        }
    }

    /// Asks one source of a position for a field.
    fn ask_one(&mut self, at: PositionId, want: &Want, index: u32) -> (Supplied, Option<Source>) {
        let source = self.draft.positions[at].sources[index as usize];
        let name = self.terrain.goals.asked(want.asked).name.clone();
        let ty = want.types.first().expect("wants have types");
        let held = self
            .terrain
            .sites
            .held(source.site, ty, &name)
            .expect("only sites that hold a field are chosen for it");
        let composite = self.terrain.graph.ty(held.field.named).is_composite();
        let shape = shape(&held.field.ty, composite);
        let key = self.child_key(at, want);
        let apart = self.apart.contains(&key).then(|| want.types.clone());
        let field = self.draft.field(
            source.object,
            (want.asked, shape, apart),
            &want.types,
            composite,
            want.client_key.as_ref(),
            &self.terrain.goals,
        );
        let asked = &self.draft.objects[source.object].fields[field];
        let (slot, child) = (asked.slot, asked.child);
        let supplied = Supplied {
            source: index,
            object: source.object,
            field,
            slot,
        };
        let inner = child.map(|object| Source {
            site: self.terrain.sites.below(source.site, ty, held, &name),
            object,
            origin: Origin::Slot {
                parent: index,
                slot,
            },
        });
        (supplied, inner)
    }

    fn child(&mut self, at: PositionId, want: &Want, sources: Vec<Source>) -> PositionId {
        let name = self.terrain.goals.asked(want.asked).name.clone();
        let possible = self.terrain.inner(&want.types, &name);
        let types = match sources.first() {
            Some(Source {
                site:
                    Site {
                        subgraph,
                        named: Some(named),
                        ..
                    },
                ..
            }) => self
                .terrain
                .sites
                .run_time(*subgraph, *named)
                .and(&possible),
            _ => possible,
        };
        let key = self.child_key(at, want);
        self.draft.positions.push(Position {
            parent: Some(at),
            types,
            sources,
            resolved: indexmap::IndexMap::new(),
            results: Vec::new(),
            typename: None,
            key,
        });
        self.draft.positions.len() - 1
    }

    fn child_key(&self, at: PositionId, want: &Want) -> u64 {
        let first = want.types.first().map_or(0, |ty| ty.0);
        mix(mix(self.draft.positions[at].key, want.asked.0), first)
    }

    /// Sees to what is wanted of the object in a field that was asked for.
    fn below(&mut self, at: PositionId, want: &Want) -> Result<(), Error> {
        if want.subs.is_empty() {
            return Ok(());
        }
        let mut results: Vec<(usize, Vec<TypeId>)> = Vec::new();
        for ty in want.types.iter() {
            let result = self.draft.positions[at].resolved[&(want.asked, ty)];
            match results.iter_mut().find(|(known, _)| *known == result) {
                Some((_, types)) => types.push(ty),
                None => results.push((result, vec![ty])),
            }
        }
        for (result, types) in results {
            let Some(child) = self.draft.positions[at].results[result].child else {
                continue;
            };
            let want = Want {
                types: types.into_iter().collect(),
                ..want.clone()
            };
            self.supplement(at, &want, result, child)?;
            self.fulfil(child, &want.subs)?;
        }
        Ok(())
    }

    /// Asks more sources for a field if those that were asked do not lead to all that is wanted
    /// of the object in it.
    fn supplement(
        &mut self,
        at: PositionId,
        want: &Want,
        result: usize,
        child: PositionId,
    ) -> Result<(), Error> {
        let below: Vec<Site> = self.sites(child);
        if below.iter().any(|site| site.entity) || below.first().is_none_or(|s| s.named.is_none()) {
            return Ok(());
        }
        if self
            .terrain
            .estimate(&want.subs, &below)?
            .missing
            .is_empty()
        {
            return Ok(());
        }
        let sites = self.sites(at);
        let covered = self.covered(at);
        let barred = self.barred(at);
        let typed = self.is_typed(at);
        let here = Here {
            present: &sites,
            covered: &covered,
            typed,
            barred: &barred,
        };
        let vias = self.terrain.supplement(want, here, &below)?;
        for via in vias {
            let source = self.source(at, want, via)?;
            let (supplied, inner) = self.ask_one(at, want, source);
            self.draft.positions[at].results[result]
                .suppliers
                .push(supplied);
            self.draft.positions[child].sources.extend(inner);
        }
        Ok(())
    }

    fn sites(&self, at: PositionId) -> Vec<Site> {
        self.draft.positions[at]
            .sources
            .iter()
            .map(|source| source.site)
            .collect()
    }

    fn covered(&self, at: PositionId) -> Vec<Option<TypeSet>> {
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

    fn barred(&self, at: PositionId) -> Vec<SubgraphId> {
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
                into.extend(self.type_teller(at));
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
                    into.extend(self.type_teller(child));
                    let inner = self.draft.positions[child].types.clone();
                    self.suppliers(child, sub, &inner, into)?;
                }
            }
        }
        Ok(())
    }

    /// The visit that tells the run-time type at a position, if one is needed for that.
    fn type_teller(&self, at: PositionId) -> Option<VisitId> {
        let position = &self.draft.positions[at];
        let (source, _) = position.typename?;
        Some(self.draft.objects[position.sources[source as usize].object].visit)
    }

    fn unreachable(&self, want: &Want) -> Error {
        let ty = want
            .types
            .first()
            .map_or("?", |ty| self.terrain.graph.ty(ty).name.as_str());
        let name = &self.terrain.goals.asked(want.asked).name;
        Error::Unreachable {
            field: format!("{ty}.{name}"),
        }
    }
}

/// When a want is seen to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
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
        let stages: Vec<Self> = choice.vias.iter().map(stage).collect();
        if stages.contains(&Self::Required) {
            Self::Required
        } else if stages.contains(&Self::Entered) {
            Self::Entered
        } else {
            Self::Present
        }
    }
}

/// A type as far as two fields under one key must agree in it.
fn shape(ty: &apollo_compiler::ast::Type, composite: bool) -> String {
    let text = ty.to_string();
    if composite {
        text.replace(ty.inner_named_type().as_str(), "")
    } else {
        text
    }
}

/// FNV-1a over the bytes of a number: keys that are equal in every run.
fn mix(key: u64, number: u32) -> u64 {
    number.to_le_bytes().iter().fold(key, |key, &byte| {
        (key ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The key of the root position: FNV's offset basis.
const ROOT_KEY: u64 = 0xcbf2_9ce4_8422_2325;
