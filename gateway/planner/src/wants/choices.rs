//! Who can be asked for one field.

use std::rc::Rc;

use smallvec::smallvec;
use supergraph::{FieldSet, Kind, SubgraphId, TypeId};

use super::{Choice, Estimate, Here, Terrain, Via, Want};
use crate::budget::cost;
use crate::error::Error;
use crate::goals::AskedId;
use crate::map::Few;
use crate::routes::Routes;
use crate::sites::{Held, Site};

/// A way, and where it leads: the site of the object in the field; none for a leaf.
pub(super) type Way = (Choice, Option<Site>);

impl<'g> Terrain<'g> {
    /// Every way to satisfy a want, those that miss least; the order is that of the subgraphs.
    pub(crate) fn choices(&mut self, want: &Want, here: Here<'_>) -> Result<Few<Choice>, Error> {
        let mut found: Few<Way> = Few::new();
        self.present_choices(want, here, &mut found)?;
        let settled = found
            .iter()
            .any(|(choice, _)| choice.below == 0 && choice.missing.is_empty());
        if settled {
            found.retain(|(choice, _)| choice.below == 0 && choice.missing.is_empty());
        } else {
            self.entered_choices(want, here, &mut found)?;
        }
        let mut shared = None;
        if found.iter().any(|(choice, _)| choice.missing.is_empty()) {
            shared = self.shared(want, &found)?;
            found.retain(|(choice, _)| choice.missing.is_empty());
        } else if found.len() > 1 {
            return self.united(want, &found);
        }
        let ways = found.into_iter().map(|(choice, _)| choice);
        Ok(ways.chain(shared).collect())
    }

    /// The way to a field that only one subgraph has: most fields. What lies below is not looked
    /// at, since nothing depends on it.
    pub(crate) fn only_way(
        &mut self,
        want: &Want,
        here: Here<'_>,
    ) -> Result<Option<Choice>, Error> {
        let Some(ty) = want.types.single() else {
            return Ok(None);
        };
        let Some(only) = self.only_holder(want.asked, ty) else {
            return Ok(None);
        };
        self.budget.spend(cost::CHOICE)?;
        let question = Rc::clone(self.goals.asked(want.asked));
        let name = &question.name;
        let mut sites = (0..)
            .zip(here.present)
            .filter(|(_, site)| site.subgraph == only);
        let way = match (sites.next(), sites.next()) {
            (Some((index, &site)), None) => {
                let held = self.sites.held(site, ty, name);
                let is_here = held.is_some_and(|held| !held.needs_input())
                    && self.is_at_hand(want, here, index);
                is_here.then(|| (Via::Present(index), Few::new()))
            }
            (None, _) => self.entry(want, name, only, here)?,
            (Some(_), Some(_)) => None,
        };
        Ok(way.map(|(via, opens)| Choice {
            vias: smallvec![via],
            opens,
            below: 0,
            missing: Rc::clone(&self.nothing),
        }))
    }

    /// The subgraph that alone has a field of a type.
    pub(crate) fn only_holder(&self, asked: AskedId, ty: TypeId) -> Option<SubgraphId> {
        let definition = self.graph.ty(ty);
        let name = &self.goals.asked(asked).name;
        let mut within = definition.fields.get(name)?.within.keys();
        let (Some(&only), None) = (within.next(), within.next()) else {
            return None;
        };
        let as_object = definition.interfaces.iter().any(|&interface| {
            let within = &self.graph.ty(interface).within;
            within.values().any(|within| within.interface_object)
        });
        (!as_object).then_some(only)
    }

    /// Whether objects of all types that are wanted stand at a site.
    fn is_at_hand(&mut self, want: &Want, here: Here<'_>, index: u32) -> bool {
        let site = here.present[index as usize];
        let stands = site.named.is_none_or(|named| {
            let types = self.sites.run_time(site.subgraph, named);
            want.types.is_within(&types)
        });
        let covered = here.covered.get(index as usize).and_then(Option::as_ref);
        stands && covered.is_none_or(|covered| want.types.is_within(covered))
    }

    pub(super) fn present_choices(
        &mut self,
        want: &Want,
        here: Here<'_>,
        found: &mut Few<Way>,
    ) -> Result<(), Error> {
        let question = Rc::clone(self.goals.asked(want.asked));
        let name = &question.name;
        for (index, &site) in (0..).zip(here.present) {
            self.budget.spend(cost::CHOICE + want.types.len())?;
            if !self.is_at_hand(want, here, index) {
                continue;
            }
            let held = self.held_alike(want, name, site);
            if held.is_none_or(Held::needs_input) {
                continue;
            }
            found.push(self.choice(want, site, Via::Present(index), Few::new())?);
        }
        Ok(())
    }

    pub(super) fn entered_choices(
        &mut self,
        want: &Want,
        here: Here<'_>,
        found: &mut Few<Way>,
    ) -> Result<(), Error> {
        let question = Rc::clone(self.goals.asked(want.asked));
        let name = &question.name;
        for subgraph in self.graph.subgraph_ids() {
            self.budget.spend(cost::CHOICE)?;
            let asked_here = |choice: &Choice| match choice.vias[..] {
                [Via::Present(index)] => here.present[index as usize].subgraph == subgraph,
                _ => false,
            };
            if found.iter().any(|(choice, _)| asked_here(choice)) {
                continue;
            }
            let Some((via, opens)) = self.entry(want, name, subgraph, here)? else {
                continue;
            };
            let site = Site::entity(subgraph);
            found.push(self.choice(want, site, via, opens)?);
        }
        Ok(())
    }

    /// How a subgraph is entered for a field, and what must be entered for that.
    fn entry(
        &mut self,
        want: &Want,
        name: &str,
        subgraph: SubgraphId,
        here: Here<'_>,
    ) -> Result<Option<(Via, Few<SubgraphId>)>, Error> {
        if here.barred.contains(&subgraph) {
            return Ok(None);
        }
        let site = Site::entity(subgraph);
        let Some(opens) = self.opens(want, name, site, here)? else {
            return Ok(None);
        };
        let held = self.held_alike(want, name, site);
        let via = if held.is_some_and(Held::needs_input) {
            Via::Require(subgraph)
        } else {
            Via::Enter(subgraph)
        };
        Ok(Some((via, opens)))
    }

    /// The field, if the site can be asked for it on all types in the same way.
    fn held_alike(&self, want: &Want, name: &str, site: Site) -> Option<Held<'g>> {
        // Then it is asked of the interface, whatever holds it for a type.
        let by_interface = || {
            let named = site.named.map(|named| self.graph.ty(named));
            let field = named.and_then(|named| named.fields.get(name));
            field.is_some_and(|field| field.within.contains_key(&site.subgraph))
        };
        // An entity is asked for by one name, that of its type or of an interface object.
        let alike_held = |first: Held<'_>, held: Held<'_>| {
            let kind = |held: Held<'_>| self.graph.ty(held.holder).kind;
            let is_one = site.named.is_some() || kind(held) == Kind::Object;
            kind(first) == kind(held) && (is_one || first.holder == held.holder)
        };
        let mut alike: Option<Held<'g>> = None;
        for ty in want.types.iter() {
            let held = self.sites.held(site, ty, name)?;
            if let Some(first) = alike
                && !(first.field.ty == held.field.ty
                    && first.field.requires == held.field.requires
                    && first.field.provides == held.field.provides
                    && (alike_held(first, held) || by_interface()))
            {
                return None;
            }
            alike.get_or_insert(held);
        }
        alike
    }

    /// What must be entered to ask a subgraph for a field as an entity; none if it cannot be.
    ///
    /// A subgraph that was entered for objects of other types costs no more, but there must be a
    /// way into it for these as well.
    fn opens(
        &mut self,
        want: &Want,
        name: &str,
        site: Site,
        here: Here<'_>,
    ) -> Result<Option<Few<SubgraphId>>, Error> {
        let mut opens: Few<SubgraphId> = Few::new();
        let Some(held) = self.held_alike(want, name, site) else {
            return Ok(None);
        };
        let door = self.sites.door(site.subgraph, held);
        for ty in want.types.iter() {
            if self.is_query(ty) {
                opens.push(site.subgraph);
                continue;
            }
            let routes = self.routes(ty, door, here)?;
            let Some(route) = routes.to(door) else {
                return Ok(None);
            };
            let entered = |(index, known): (usize, &Site)| {
                let is_there = known.subgraph == site.subgraph && known.entity;
                is_there
                    && (known.named == door.as_object || door.as_object.is_none())
                    && here.is_covered(index, ty)
            };
            if !here.present.iter().enumerate().any(entered) {
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
        if opens.iter().any(|opened| here.barred.contains(opened)) {
            return Ok(None);
        }
        let at_hand = |subgraph: SubgraphId| {
            let known = |known: &Site| {
                known.subgraph == subgraph && (subgraph != site.subgraph || known.entity)
            };
            here.present.iter().any(known)
        };
        opens.retain(|subgraph| !at_hand(*subgraph));
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

    pub(super) fn choice(
        &mut self,
        want: &Want,
        site: Site,
        via: Via,
        opens: Few<SubgraphId>,
    ) -> Result<Way, Error> {
        let below = self.below(want, site);
        let estimate = match below {
            Some(below) => self.estimate(&want.subs, &[below])?,
            None => Estimate {
                requests: 0,
                missing: Rc::clone(&self.nothing),
            },
        };
        let choice = Choice {
            vias: smallvec![via],
            opens,
            below: estimate.requests,
            missing: estimate.missing,
        };
        Ok((choice, below))
    }

    /// The site of the object in the wanted field; none for a leaf.
    pub(super) fn below(&mut self, want: &Want, site: Site) -> Option<Site> {
        if want.subs.is_empty() {
            return None;
        }
        let question = Rc::clone(self.goals.asked(want.asked));
        let name = &question.name;
        let ty = want.types.first()?;
        let held = self.sites.held(site, ty, name)?;
        Some(self.sites.below(site, ty, held, name))
    }
}
