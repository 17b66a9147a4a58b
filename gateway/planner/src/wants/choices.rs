//! Who can be asked for one field.

use std::rc::Rc;

use supergraph::{FieldSet, SubgraphId, TypeId};

use super::{Choice, Estimate, Here, Terrain, Via, Want};
use crate::budget::cost;
use crate::error::Error;
use crate::routes::Routes;
use crate::sites::{Held, Site};

/// A way, and where it leads: the site of the object in the field; none for a leaf.
pub(super) type Way = (Choice, Option<Site>);

impl<'g> Terrain<'g> {
    /// Every way to satisfy a want, those that miss least; the order is that of the subgraphs.
    pub(crate) fn choices(&mut self, want: &Want, here: Here<'_>) -> Result<Vec<Choice>, Error> {
        let mut found: Vec<Way> = Vec::new();
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

    pub(super) fn present_choices(
        &mut self,
        want: &Want,
        here: Here<'_>,
        found: &mut Vec<Way>,
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
            if held.is_none_or(Held::needs_input) {
                continue;
            }
            let via = Via::Present(u32::try_from(index).expect("positions have few sites"));
            found.push(self.choice(want, site, via, Vec::new())?);
        }
        Ok(())
    }

    pub(super) fn entered_choices(
        &mut self,
        want: &Want,
        here: Here<'_>,
        found: &mut Vec<Way>,
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
            let requires = held.is_some_and(Held::needs_input);
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
    pub(super) fn choice(
        &mut self,
        want: &Want,
        site: Site,
        via: Via,
        opens: Vec<SubgraphId>,
    ) -> Result<Way, Error> {
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
    pub(super) fn below(&mut self, want: &Want, site: Site) -> Option<Site> {
        if want.subs.is_empty() {
            return None;
        }
        let name = self.goals.asked(want.asked).name.clone();
        let ty = want.types.first()?;
        let held = self.sites.held(site, ty, &name)?;
        Some(self.sites.below(site, ty, held, &name))
    }
}
