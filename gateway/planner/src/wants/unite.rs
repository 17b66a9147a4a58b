//! Where nobody leads to all that is wanted below a field: several together.

use std::rc::Rc;

use super::choices::Way;
use super::{Choice, Estimate, Here, Leaf, Terrain, Via, Want};
use crate::error::Error;
use crate::sites::Site;

impl Terrain<'_> {
    /// Where nobody leads to all that is wanted: several together.
    pub(super) fn united(&mut self, want: &Want, found: &[Way]) -> Result<Vec<Choice>, Error> {
        let mut united: Vec<Choice> = Vec::new();
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
}
