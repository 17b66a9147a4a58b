//! Where nobody leads to all that is wanted below a field: several together.

use std::rc::Rc;

use super::choices::Way;
use super::{Choice, Estimate, Here, Leaf, Terrain, Via, Want};
use crate::error::Error;
use crate::map::Few;
use crate::sites::Site;

/// More than three subgraphs hardly ever share a field and need each other for what is below it;
/// each costs a look at all others.
const SHARED_MAX: usize = 4;

impl Terrain<'_> {
    /// Where nobody leads to all that is wanted: several together.
    pub(super) fn united(&mut self, want: &Want, found: &[Way]) -> Result<Few<Choice>, Error> {
        if self.is_split(found) {
            self.divided.push(want.asked);
            return Ok(Few::new());
        }
        let mut united: Few<Choice> = Few::new();
        for (first, below) in found {
            let Some(below) = below else { continue };
            let mut sites = vec![*below];
            let mut choice = first.clone();
            let mut left: Vec<&Way> = found.iter().collect();
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

    /// Whether there is an interface's field that nobody leads to for all types.
    ///
    /// ```text
    /// node { id }     A knows the `id` of accounts, B that of chats, and no key leads on
    /// ```
    ///
    /// It is one question, and whom to believe in it cannot be said: A's account may be B's chat.
    /// Whoever asks about each type on its own says whom to believe.
    fn is_split(&self, found: &[Way]) -> bool {
        let question = |&(set, index): &Leaf| {
            let goals = self.goals.set(set);
            let goal = &goals.goals[index as usize];
            (goal.together.len() > 1).then(|| (set, goal.asked, goal.together.clone()))
        };
        let mut open = found.iter().map(|(choice, _)| {
            choice
                .missing
                .iter()
                .filter_map(question)
                .collect::<Vec<_>>()
        });
        let Some(first) = open.next() else {
            return false;
        };
        let left = open.fold(first, |mut left, other| {
            left.retain(|question| other.contains(question));
            left
        });
        !left.is_empty()
    }

    /// Where one leads to all that is wanted, but by visits below: several together, if that saves
    /// visits.
    ///
    /// ```text
    /// before  node: A, then for each object B        after  node: A and B at once
    /// ```
    pub(super) fn shared(&mut self, want: &Want, found: &[Way]) -> Result<Option<Choice>, Error> {
        let complete = found.iter().filter(|(choice, _)| choice.missing.is_empty());
        let cheapest = complete.min_by_key(|(choice, _)| (choice.below, choice.opens.len()));
        let Some((first, Some(below))) = cheapest else {
            return Ok(None);
        };
        let Some(named) = below.named.filter(|_| first.below > 0) else {
            return Ok(None);
        };
        let types = self.sites.run_time(below.subgraph, named);
        let (mut choice, mut sites) = (first.clone(), vec![*below]);
        while choice.below > 0 && choice.vias.len() < SHARED_MAX {
            let mut best: Option<(&Choice, Estimate, Site)> = None;
            for (other, site) in found {
                let Some(site) = *site else { continue };
                // Objects of which one subgraph knows more types than another may be null there.
                let alike = site
                    .named
                    .is_some_and(|named| self.sites.run_time(site.subgraph, named) == types);
                if !alike || sites.contains(&site) || matches!(other.vias[..], [Via::Require(_)]) {
                    continue;
                }
                let more: Vec<Site> = sites.iter().copied().chain([site]).collect();
                let estimate = self.estimate(&want.subs, &more)?;
                let least = best
                    .as_ref()
                    .map_or(choice.below, |(_, known, _)| known.requests);
                if estimate.missing.is_empty() && estimate.requests < least {
                    best = Some((other, estimate, site));
                }
            }
            let Some((other, estimate, site)) = best else {
                break;
            };
            choice.vias.extend(other.vias.iter().copied());
            choice.opens.extend(other.opens.iter().copied());
            choice.below = estimate.requests;
            sites.push(site);
        }
        choice.opens.sort_unstable();
        choice.opens.dedup();
        // The first says whether there is an object, and what is asked below waits for that: so
        // first comes what nobody waits for.
        let is_entered = |via: &Via| !matches!(via, Via::Present(_));
        choice.vias.sort_by_key(is_entered);
        Ok((choice.vias.len() > 1).then_some(choice))
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
        let mut found = Few::new();
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
}
