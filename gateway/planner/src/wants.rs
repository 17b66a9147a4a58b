//! The choices at one position: which fields are wanted there, and who can be asked for each.

mod choices;
mod estimate;
mod refine;
mod unite;

use std::borrow::Cow;
use std::rc::Rc;

use crate::map::{Few, IndexMap, ShortMap};
use apollo_compiler::Name;
use supergraph::{FieldSet, SubgraphId, Supergraph, TypeId};

use crate::budget::{Budget, cost};
use crate::error::Error;
use crate::goals::{AskedId, GoalSetId, Goals};
use crate::options::Options;
use crate::routes::{Door, Mode, RouteMap, Routes, Start};
use crate::sites::{Site, Sites, Standing};
use crate::type_set::TypeSet;

/// A field that is wanted of objects of some types, all of which are alike in who resolves it.
#[derive(Clone, Debug)]
pub(crate) struct Want {
    pub(crate) asked: AskedId,
    pub(crate) types: TypeSet,
    pub(crate) subs: Few<GoalSetId>,
    /// The client's name for it, if the client wants it.
    pub(crate) client_key: Option<Name>,
    /// The goals it stands for.
    pub(crate) origins: Few<Leaf>,
}

impl Want {
    /// The want of some of the types only.
    pub(crate) fn of(&self, types: TypeSet) -> Cow<'_, Self> {
        if types == self.types {
            return Cow::Borrowed(self);
        }
        Cow::Owned(Self {
            types,
            ..self.clone()
        })
    }
}

/// One goal of one set, to say what cannot be reached.
pub(crate) type Leaf = (GoalSetId, u32);

/// One way to satisfy a want.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// Who is asked. The first decides whether there is an object; more than one only where none
    /// leads to all that is wanted below.
    pub(crate) vias: Few<Via>,
    /// The subgraphs that must be entered for it.
    pub(crate) opens: Few<SubgraphId>,
    /// The requests that are needed below.
    pub(crate) below: u32,
    pub(crate) missing: Rc<[Leaf]>,
}

/// Who is asked for a field.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum Via {
    /// A site at which the object is at hand.
    Present(u32),
    /// A subgraph that the object is asked from as an entity.
    Enter(SubgraphId),
    /// The same, with what the field requires.
    Require(SubgraphId),
}

/// What it takes to satisfy goals at some sites.
#[derive(Clone, Debug)]
pub(crate) struct Estimate {
    pub(crate) requests: u32,
    /// What cannot be reached.
    pub(crate) missing: Rc<[Leaf]>,
}

/// How one want is split over types, and what it already has.
pub(crate) struct Gathered {
    pub(crate) wants: Vec<Want>,
    /// Wanted anew of objects whose field was already asked for.
    pub(crate) again: Vec<Want>,
    pub(crate) typename: bool,
}

impl Gathered {
    /// Adds what is wanted of a field that is resolved, or is not yet.
    fn add(&mut self, want: Want, is_resolved: bool) {
        if !is_resolved {
            self.wants.push(want);
        } else if !want.subs.is_empty() {
            self.again.push(want);
        }
    }
}

/// What the position says about itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Here<'h> {
    pub(crate) present: &'h [Site],
    /// By site: the types that are asked for as entities there, if they are.
    pub(crate) covered: &'h [Option<TypeSet>],
    /// Whether the run-time type can be told.
    pub(crate) typed: bool,
    /// Subgraphs that must not be entered, because entering them is what this is for.
    pub(crate) barred: &'h [SubgraphId],
}

impl Here<'_> {
    /// Whether objects of a type stand at a site, as far as it depends on what was asked there.
    pub(crate) fn is_covered(&self, index: usize, ty: TypeId) -> bool {
        let covered = self.covered.get(index).and_then(Option::as_ref);
        covered.is_none_or(|covered| covered.contains(ty))
    }
}

/// Everything that stays the same while alternatives are compared.
pub(crate) struct Terrain<'g> {
    pub(crate) graph: &'g Supergraph,
    pub(crate) sites: Sites<'g>,
    pub(crate) routes: RouteMap<'g>,
    pub(crate) goals: Goals,
    pub(crate) budget: Budget,
    /// What is missing where nothing is.
    pub(crate) nothing: Rc<[Leaf]>,
    /// Fields to which several lead, each to a part of one question.
    pub(crate) divided: Few<AskedId>,
    estimates: IndexMap<(Vec<GoalSetId>, Vec<Site>), Estimate>,
}

impl<'g> Terrain<'g> {
    pub(crate) fn new(
        graph: &'g Supergraph,
        options: &'g Options,
        standing: Standing,
        budget: Budget,
    ) -> Self {
        Self {
            graph,
            sites: Sites::new(graph, options, standing),
            routes: RouteMap::default(),
            goals: Goals::default(),
            budget,
            nothing: Rc::new([]),
            divided: Few::new(),
            estimates: IndexMap::default(),
        }
    }

    pub(crate) fn is_query(&self, ty: TypeId) -> bool {
        self.graph.root(supergraph::Root::Query) == Some(ty)
    }

    /// Unites the goals of several sets, split into groups of types with the same goals. `known`
    /// numbers what a field of a type was already resolved to.
    pub(crate) fn gather(
        &mut self,
        sets: &[GoalSetId],
        types: &TypeSet,
        known: &dyn Fn(AskedId, TypeId) -> Option<usize>,
    ) -> Result<Gathered, Error> {
        struct Wanted {
            types: TypeSet,
            sub: Option<GoalSetId>,
            origin: Leaf,
        }
        fn subs<'w>(wanted: impl Iterator<Item = &'w Wanted>) -> Few<GoalSetId> {
            let mut subs: Few<GoalSetId> = wanted.filter_map(|wanted| wanted.sub).collect();
            subs.sort_unstable();
            subs.dedup();
            subs
        }
        let mut by_field: ShortMap<AskedId, (Option<Name>, Few<Wanted>)> = ShortMap::default();
        by_field.reserve(sets.iter().map(|&id| self.goals.set(id).goals.len()).sum());
        let mut typename = false;
        for &id in sets {
            let set = self.goals.set(id);
            for (index, goal) in set.goals.iter().enumerate() {
                self.budget.spend(cost::GOAL)?;
                let wanted = goal.types.and(types);
                if wanted.is_empty() {
                    continue;
                }
                let name = &self.goals.asked(goal.asked).name;
                if name == "__typename" {
                    typename = true;
                    continue;
                }
                if name == "__schema" || name == "__type" {
                    continue;
                }
                let index = u32::try_from(index).expect("the budget bounds the goals");
                let entry = by_field.get_or_insert(goal.asked, Default::default());
                if entry.0.is_none() {
                    entry.0.clone_from(&goal.response_key);
                }
                entry.1.push(Wanted {
                    types: wanted,
                    sub: goal.sub,
                    origin: (id, index),
                });
            }
        }
        let mut gathered = Gathered {
            wants: Vec::new(),
            again: Vec::new(),
            typename,
        };
        for (asked, (client_key, list)) in by_field.into_vec() {
            let all = list[1..]
                .iter()
                .fold(list[0].types.clone(), |all, w| all.or(&w.types));
            self.budget.spend(cost::WANT + all.len() * list.len())?;
            let first = all.first().and_then(|ty| known(asked, ty));
            let alike = all.iter().all(|ty| known(asked, ty) == first)
                && list.iter().all(|wanted| all.is_within(&wanted.types));
            if alike {
                let want = Want {
                    asked,
                    types: all,
                    subs: subs(list.iter()),
                    client_key,
                    origins: list.iter().map(|wanted| wanted.origin).collect(),
                };
                gathered.add(want, first.is_some());
                continue;
            }
            let mut cells: IndexMap<(Vec<usize>, Option<usize>), Vec<TypeId>> = IndexMap::default();
            for ty in all.iter() {
                let apply: Vec<usize> = list
                    .iter()
                    .enumerate()
                    .filter(|(_, wanted)| wanted.types.contains(ty))
                    .map(|(index, _)| index)
                    .collect();
                cells.entry((apply, known(asked, ty))).or_default().push(ty);
            }
            for ((apply, resolved), types) in cells {
                let want = Want {
                    asked,
                    types: types.into_iter().collect(),
                    subs: subs(apply.iter().map(|&index| &list[index])),
                    client_key: client_key.clone(),
                    origins: apply.iter().map(|&index| list[index].origin).collect(),
                };
                gathered.add(want, resolved.is_some());
            }
        }
        Ok(gathered)
    }

    /// The ways from here to all subgraphs; the one to `door` enters none that is barred.
    pub(crate) fn routes(
        &mut self,
        ty: TypeId,
        door: Door,
        here: Here<'_>,
    ) -> Result<Rc<Routes<'g>>, Error> {
        // A subgraph that was asked for objects of other types has none of this.
        let sites = here.present.iter().enumerate();
        let at_hand = sites.filter(|&(index, _)| here.is_covered(index, ty));
        let start = Start {
            ty,
            present: at_hand.map(|(_, &site)| site).collect(),
            typed: here.typed,
            barred: Vec::new(),
        };
        let (sites, budget) = (&mut self.sites, &mut self.budget);
        if here.barred.is_empty() {
            return self.routes.from(sites, start, budget);
        }
        let routes = self.routes.from(sites, start.clone(), budget)?;
        let is_barred = |opened: &SubgraphId| here.barred.contains(opened);
        let shortest = routes.to(door);
        if !shortest.is_some_and(|route| route.opens.iter().any(is_barred)) {
            return Ok(routes);
        }
        let start = Start {
            barred: here.barred.to_vec(),
            ..start
        };
        self.routes.from(sites, start, budget)
    }

    /// How the subgraph is entered at objects of a type.
    pub(crate) fn mode(
        &mut self,
        ty: TypeId,
        door: Door,
        here: Here<'_>,
    ) -> Result<Option<(Mode, &'g FieldSet)>, Error> {
        let routes = self.routes(ty, door, here)?;
        Ok(routes.to(door).map(|route| (route.mode, route.key)))
    }
}
