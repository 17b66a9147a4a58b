//! The choices at one position: which fields are wanted there, and who can be asked for each.

use std::rc::Rc;

use apollo_compiler::Name;
use indexmap::IndexMap;
use supergraph::{FieldSet, SubgraphId, Supergraph, TypeId};

use crate::budget::{Budget, cost};
use crate::decide::{self, Decision};
use crate::error::Error;
use crate::goals::{AskedId, GoalSetId, Goals, possible};
use crate::options::Options;
use crate::routes::{Mode, RouteMap, Routes};
use crate::sites::{Held, Site, Sites};
use crate::type_set::TypeSet;

/// A field that is wanted of objects of some types, all of which are alike in who resolves it.
#[derive(Clone, Debug)]
pub(crate) struct Want {
    pub(crate) asked: AskedId,
    pub(crate) types: TypeSet,
    pub(crate) subs: Vec<GoalSetId>,
    /// The client's name for it, if the client wants it.
    pub(crate) client_key: Option<Name>,
    /// The goals it stands for.
    pub(crate) origins: Vec<Leaf>,
}

/// One goal of one set, to say what cannot be reached.
pub(crate) type Leaf = (GoalSetId, u32);

/// One way to satisfy a want.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// Who is asked. The first decides whether there is an object; more than one only where none
    /// leads to all that is wanted below.
    pub(crate) vias: Vec<Via>,
    /// The subgraphs that must be entered for it.
    pub(crate) opens: Vec<SubgraphId>,
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

/// Everything that stays the same while alternatives are compared.
pub(crate) struct Terrain<'g> {
    pub(crate) graph: &'g Supergraph,
    pub(crate) sites: Sites<'g>,
    pub(crate) routes: RouteMap<'g>,
    pub(crate) goals: Goals,
    pub(crate) budget: Budget,
    estimates: IndexMap<(Vec<GoalSetId>, Vec<Site>), Option<Estimate>>,
}

/// Who can be asked for a field of a type, and how: the subgraph, the field's type there, whether
/// the type itself holds it, what it requires and provides.
type Holders = Vec<(
    SubgraphId,
    String,
    bool,
    Option<*const FieldSet>,
    Option<*const FieldSet>,
)>;

impl<'g> Terrain<'g> {
    pub(crate) fn new(graph: &'g Supergraph, options: &'g Options) -> Self {
        Self {
            graph,
            sites: Sites::new(graph, options),
            routes: RouteMap::default(),
            goals: Goals::default(),
            budget: Budget::new(options.steps_max),
            estimates: IndexMap::new(),
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
        let mut by_field: IndexMap<AskedId, (Option<Name>, Vec<Wanted>)> = IndexMap::new();
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
                let entry = by_field.entry(goal.asked).or_default();
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
        for (asked, (client_key, list)) in by_field {
            let mut cells: IndexMap<(Vec<usize>, Option<usize>), Vec<TypeId>> = IndexMap::new();
            let all = list
                .iter()
                .fold(list[0].types.clone(), |all, w| all.or(&w.types));
            self.budget.spend(cost::WANT + all.len() * list.len())?;
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
                let mut subs: Vec<GoalSetId> =
                    apply.iter().filter_map(|&index| list[index].sub).collect();
                subs.sort_unstable();
                subs.dedup();
                let want = Want {
                    asked,
                    types: types.into_iter().collect(),
                    subs,
                    client_key: client_key.clone(),
                    origins: apply.iter().map(|&index| list[index].origin).collect(),
                };
                if resolved.is_some() {
                    if !want.subs.is_empty() {
                        gathered.again.push(want);
                    }
                } else {
                    gathered.wants.push(want);
                }
            }
        }
        Ok(gathered)
    }

    fn holders(&self, asked: AskedId, ty: TypeId) -> Holders {
        let name = self.goals.asked(asked).name.clone();
        let graph = self.graph;
        graph
            .subgraph_ids()
            .filter_map(|subgraph| {
                let site = Site::entity(subgraph);
                // An external field may be provided on the path: it counts as held here.
                let held = self.sites.held(site, ty, &name);
                let field = held
                    .map(|held| held.field)
                    .or_else(|| graph.ty(ty).fields.get(&name)?.within.get(&subgraph))?;
                Some((
                    subgraph,
                    field.ty.to_string(),
                    held.is_some_and(|held| held.holder == ty),
                    field.requires.as_ref().map(std::ptr::from_ref),
                    field.provides.as_ref().map(std::ptr::from_ref),
                ))
            })
            .collect()
    }

    /// The wants with all ways to satisfy each: for all its types together where somebody serves
    /// all of them, else for each group of types that are alike in who serves them.
    pub(crate) fn refine(
        &mut self,
        wants: Vec<Want>,
        here: Here<'_>,
    ) -> Result<Vec<(Want, Vec<Choice>)>, Error> {
        let mut refined = Vec::with_capacity(wants.len());
        for want in wants {
            let choices = self.choices(&want, here)?;
            let at_hand = |choice: &Choice| {
                matches!(choice.vias[..], [Via::Present(_)])
                    && choice.below == 0
                    && choice.missing.is_empty()
            };
            let together = want.types.len() == 1
                || choices.iter().any(at_hand)
                || (!here.typed && !choices.is_empty());
            let groups = if together {
                Vec::new()
            } else {
                self.split(&want)?
            };
            if groups.len() <= 1 {
                refined.push((want, choices));
                continue;
            }
            for types in groups {
                let part = Want {
                    types,
                    ..want.clone()
                };
                let choices = self.choices(&part, here)?;
                refined.push((part, choices));
            }
        }
        Ok(refined)
    }

    /// The types of a want, grouped by who serves them.
    fn split(&mut self, want: &Want) -> Result<Vec<TypeSet>, Error> {
        let mut groups: IndexMap<Holders, Vec<TypeId>> = IndexMap::new();
        self.budget.spend(want.types.len())?;
        for ty in want.types.iter() {
            let holders = self.holders(want.asked, ty);
            groups.entry(holders).or_default().push(ty);
        }
        let sets = groups.into_values();
        Ok(sets.map(|types| types.into_iter().collect()).collect())
    }

    /// Every way to satisfy a want, those that miss least; the order is that of the subgraphs.
    pub(crate) fn choices(&mut self, want: &Want, here: Here<'_>) -> Result<Vec<Choice>, Error> {
        let mut found: Vec<(Choice, Option<Site>)> = Vec::new();
        self.present_choices(want, here, &mut found)?;
        let settled = found
            .iter()
            .any(|(choice, _)| choice.below == 0 && choice.missing.is_empty());
        if settled {
            found.retain(|(choice, _)| choice.below == 0 && choice.missing.is_empty());
        } else {
            self.entered_choices(want, here, &mut found)?;
        }
        if found.iter().any(|(choice, _)| choice.missing.is_empty()) {
            found.retain(|(choice, _)| choice.missing.is_empty());
        } else if found.len() > 1 {
            return self.united(want, &found);
        }
        Ok(found.into_iter().map(|(choice, _)| choice).collect())
    }

    fn present_choices(
        &mut self,
        want: &Want,
        here: Here<'_>,
        found: &mut Vec<(Choice, Option<Site>)>,
    ) -> Result<(), Error> {
        let name = self.goals.asked(want.asked).name.clone();
        for (index, &site) in here.present.iter().enumerate() {
            self.budget.spend(cost::CHOICE + want.types.len())?;
            if let Some(named) = site.named
                && !want
                    .types
                    .is_within(&self.sites.run_time(site.subgraph, named))
            {
                continue;
            }
            let covered = here.covered.get(index).and_then(Option::as_ref);
            if covered.is_some_and(|covered| !want.types.is_within(covered)) {
                continue;
            }
            let held = self.held_alike(want, &name, site);
            if held.is_none_or(|held| held.field.requires.is_some()) {
                continue;
            }
            let via = Via::Present(u32::try_from(index).expect("positions have few sites"));
            found.push(self.choice(want, site, via, Vec::new())?);
        }
        Ok(())
    }

    fn entered_choices(
        &mut self,
        want: &Want,
        here: Here<'_>,
        found: &mut Vec<(Choice, Option<Site>)>,
    ) -> Result<(), Error> {
        let name = self.goals.asked(want.asked).name.clone();
        for subgraph in self.graph.subgraph_ids() {
            self.budget.spend(cost::CHOICE)?;
            let asked_here = |choice: &Choice| match choice.vias[..] {
                [Via::Present(index)] => here.present[index as usize].subgraph == subgraph,
                _ => false,
            };
            if here.barred.contains(&subgraph) || found.iter().any(|(choice, _)| asked_here(choice))
            {
                continue;
            }
            let site = Site::entity(subgraph);
            let Some(opens) = self.opens(want, &name, site, here)? else {
                continue;
            };
            if opens.iter().any(|opened| here.barred.contains(opened)) {
                continue;
            }
            let held = self.held_alike(want, &name, site);
            let requires = held.is_some_and(|held| held.field.requires.is_some());
            let via = if requires {
                Via::Require(subgraph)
            } else {
                Via::Enter(subgraph)
            };
            found.push(self.choice(want, site, via, opens)?);
        }
        Ok(())
    }

    /// The field, if the site can be asked for it on all types in the same way.
    fn held_alike(&self, want: &Want, name: &str, site: Site) -> Option<Held<'g>> {
        let mut alike: Option<Held<'g>> = None;
        for ty in want.types.iter() {
            let held = self.sites.held(site, ty, name)?;
            if let Some(first) = alike
                && !(first.field.ty == held.field.ty
                    && first.field.requires == held.field.requires
                    && first.field.provides == held.field.provides
                    && self.graph.ty(first.holder).kind == self.graph.ty(held.holder).kind)
            {
                return None;
            }
            alike.get_or_insert(held);
        }
        alike
    }

    /// What must be entered to ask a subgraph for a field as an entity; none if it cannot be.
    fn opens(
        &mut self,
        want: &Want,
        name: &str,
        site: Site,
        here: Here<'_>,
    ) -> Result<Option<Vec<SubgraphId>>, Error> {
        let mut opens: Vec<SubgraphId> = Vec::new();
        let is_entity_here = here
            .present
            .iter()
            .any(|known| known.subgraph == site.subgraph && known.entity);
        let Some(held) = self.held_alike(want, name, site) else {
            return Ok(None);
        };
        for ty in want.types.iter() {
            if self.is_query(ty) {
                opens.push(site.subgraph);
                continue;
            }
            let routes = self.routes(ty, here)?;
            let Some(route) = &routes.entries[site.subgraph.index()] else {
                return Ok(None);
            };
            if !is_entity_here {
                opens.extend(route.opens.iter().copied());
            }
            if let Some(required) = &held.field.requires {
                let Some(needs) = self.required(ty, required, &routes, site.subgraph) else {
                    return Ok(None);
                };
                opens.extend(needs);
            }
        }
        opens.sort_unstable();
        opens.dedup();
        let at_hand = |subgraph: &SubgraphId| {
            here.present
                .iter()
                .any(|known| known.subgraph == *subgraph && *subgraph != site.subgraph)
        };
        opens.retain(|subgraph| !at_hand(subgraph));
        Ok(Some(opens))
    }

    /// The subgraphs that must be entered for a requirement, as far as its own fields say.
    fn required(
        &self,
        ty: TypeId,
        fields: &FieldSet,
        routes: &Routes<'g>,
        asking: SubgraphId,
    ) -> Option<Vec<SubgraphId>> {
        let mut opens = Vec::new();
        for selection in &fields.selections {
            let supergraph::Selection::Field { name, .. } = selection else {
                continue;
            };
            if name == "__typename" {
                continue;
            }
            let provider = self
                .graph
                .subgraph_ids()
                .filter(|&id| id != asking)
                .filter(|&id| {
                    let site = Site::entity(id);
                    self.sites.held(site, ty, name).is_some()
                });
            let own = Site::entity(asking);
            let needs = provider.filter_map(|id| routes.needs[id.index()].as_ref());
            match needs.min_by_key(|needs| needs.len()) {
                Some(needs) => opens.extend(needs.iter().copied()),
                None if self.sites.held(own, ty, name).is_some() => {}
                // It may still be provided where the object is at hand.
                None if self.graph.ty(ty).fields.contains_key(name) => {}
                None => return None,
            }
        }
        Some(opens)
    }

    pub(crate) fn routes(&mut self, ty: TypeId, here: Here<'_>) -> Result<Rc<Routes<'g>>, Error> {
        self.routes.from(
            &mut self.sites,
            ty,
            here.present,
            here.typed,
            &mut self.budget,
        )
    }

    /// How the subgraph is entered at objects of a type.
    pub(crate) fn mode(
        &mut self,
        ty: TypeId,
        subgraph: SubgraphId,
        here: Here<'_>,
    ) -> Result<Option<(Mode, &'g FieldSet)>, Error> {
        let routes = self.routes(ty, here)?;
        Ok(routes.entries[subgraph.index()]
            .as_ref()
            .map(|route| (route.mode, route.key)))
    }

    fn choice(
        &mut self,
        want: &Want,
        site: Site,
        via: Via,
        opens: Vec<SubgraphId>,
    ) -> Result<(Choice, Option<Site>), Error> {
        let below = self.below(want, site);
        let estimate = match below {
            Some(below) => self.estimate(&want.subs, &[below])?,
            None => Estimate {
                requests: 0,
                missing: Rc::new([]),
            },
        };
        let choice = Choice {
            vias: vec![via],
            opens,
            below: estimate.requests,
            missing: estimate.missing,
        };
        Ok((choice, below))
    }

    /// The site of the object in the wanted field; none for a leaf.
    fn below(&mut self, want: &Want, site: Site) -> Option<Site> {
        if want.subs.is_empty() {
            return None;
        }
        let name = self.goals.asked(want.asked).name.clone();
        let ty = want.types.first()?;
        let held = self.sites.held(site, ty, &name)?;
        Some(self.sites.below(site, ty, held, &name))
    }

    /// Where nobody leads to all that is wanted: several together.
    fn united(
        &mut self,
        want: &Want,
        found: &[(Choice, Option<Site>)],
    ) -> Result<Vec<Choice>, Error> {
        let mut united: Vec<Choice> = Vec::new();
        for (first, below) in found {
            let Some(below) = below else { continue };
            let mut sites = vec![*below];
            let mut choice = first.clone();
            let mut left: Vec<&(Choice, Option<Site>)> = found.iter().collect();
            while !choice.missing.is_empty() {
                let mut best: Option<(usize, Estimate, Vec<Site>)> = None;
                for (index, (_, other)) in left.iter().enumerate() {
                    let Some(other) = other else { continue };
                    if sites.contains(other) {
                        continue;
                    }
                    let mut more = sites.clone();
                    more.push(*other);
                    let estimate = self.estimate(&want.subs, &more)?;
                    let better = best.as_ref().is_none_or(|(_, known, _)| {
                        (estimate.missing.len(), estimate.requests)
                            < (known.missing.len(), known.requests)
                    });
                    if better && estimate.missing.len() < choice.missing.len() {
                        best = Some((index, estimate, more));
                    }
                }
                let Some((index, estimate, more)) = best else {
                    break;
                };
                let (added, _) = left.remove(index);
                choice.vias.extend(added.vias.iter().copied());
                choice.opens.extend(added.opens.iter().copied());
                choice.opens.sort_unstable();
                choice.opens.dedup();
                choice.below = estimate.requests;
                choice.missing = estimate.missing;
                sites = more;
            }
            let mut vias = choice.vias.clone();
            vias.sort_unstable();
            let same = |known: &Choice| {
                let mut known = known.vias.clone();
                known.sort_unstable();
                known == vias
            };
            if !united.iter().any(same) {
                united.push(choice);
            }
        }
        let least = united
            .iter()
            .map(|choice| choice.missing.len())
            .min()
            .unwrap_or(0);
        united.retain(|choice| choice.missing.len() == least);
        Ok(united)
    }

    /// Whoever else leads to what is missing below a field that `sites` were already asked for.
    pub(crate) fn supplement(
        &mut self,
        want: &Want,
        here: Here<'_>,
        sites: &[Site],
    ) -> Result<Vec<Via>, Error> {
        let mut missing = self.estimate(&want.subs, sites)?.missing;
        let mut sites = sites.to_vec();
        let mut vias = Vec::new();
        let mut found = Vec::new();
        if !missing.is_empty() {
            self.present_choices(want, here, &mut found)?;
            self.entered_choices(want, here, &mut found)?;
        }
        while !missing.is_empty() {
            let mut best: Option<(Via, Rc<[Leaf]>, Site)> = None;
            for (choice, below) in &found {
                let Some(below) = *below else { continue };
                if sites.contains(&below) {
                    continue;
                }
                let more: Vec<Site> = sites.iter().copied().chain([below]).collect();
                let estimate = self.estimate(&want.subs, &more)?;
                let least = best
                    .as_ref()
                    .map_or(missing.len(), |(_, known, _)| known.len());
                if estimate.missing.len() < least {
                    best = Some((choice.vias[0], estimate.missing, below));
                }
            }
            let Some((via, left, below)) = best else {
                break;
            };
            vias.push(via);
            sites.push(below);
            missing = left;
        }
        Ok(vias)
    }

    /// What it takes to satisfy goals of an object at these sites, and what cannot be.
    pub(crate) fn estimate(
        &mut self,
        subs: &[GoalSetId],
        present: &[Site],
    ) -> Result<Estimate, Error> {
        let key = (subs.to_vec(), present.to_vec());
        match self.estimates.get(&key) {
            Some(Some(estimate)) => return Ok(estimate.clone()),
            // Goals are finite trees, so this is never being estimated further out.
            Some(None) | None => {}
        }
        let Some(named) = present[0].named else {
            return Ok(Estimate {
                requests: 0,
                missing: Rc::new([]),
            });
        };
        let types = self.sites.run_time(present[0].subgraph, named);
        let typed = types.len() == 1 || present.iter().any(|&site| self.sites.tells_type(site));
        let here = Here {
            present,
            covered: &[],
            typed,
            barred: &[],
        };
        let gathered = self.gather(subs, &types, &|_, _| None)?;
        let mut missing: Vec<Leaf> = Vec::new();
        let mut options = Vec::with_capacity(gathered.wants.len());
        for (want, choices) in self.refine(gathered.wants, here)? {
            if choices.is_empty() {
                missing.extend(&want.origins);
            } else {
                options.push(choices);
            }
        }
        self.budget.spend(decide::steps(&options))?;
        let Decision {
            picks,
            mut requests,
            ..
        } = decide::decide(&options, None);
        if gathered.typename && !typed {
            requests += 1;
        }
        for (choices, pick) in options.iter().zip(picks) {
            missing.extend(choices[pick].missing.iter());
        }
        missing.sort_unstable();
        missing.dedup();
        let estimate = Estimate {
            requests,
            missing: missing.into(),
        };
        self.estimates.insert(key, Some(estimate.clone()));
        Ok(estimate)
    }

    /// The object types that a field of some types may lead to.
    pub(crate) fn inner(&self, types: &TypeSet, name: &str) -> TypeSet {
        types
            .iter()
            .filter_map(|ty| self.graph.ty(ty).fields.get(name))
            .flat_map(|field| {
                possible(self.graph, Some(field.named))
                    .iter()
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}
