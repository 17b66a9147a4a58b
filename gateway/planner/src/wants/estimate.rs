//! What it takes to satisfy goals, before anything is asked.

use std::rc::Rc;

use super::{Estimate, Here, Leaf, Terrain, Want};
use crate::decide::{self, Decision};
use crate::error::Error;
use crate::goals::GoalSetId;
use crate::sites::Site;

impl Terrain<'_> {
    /// What it takes to satisfy goals of an object at these sites, and what cannot be.
    pub(crate) fn estimate(
        &mut self,
        subs: &[GoalSetId],
        present: &[Site],
    ) -> Result<Estimate, Error> {
        let key = (subs.to_vec(), present.to_vec());
        if let Some(estimate) = self.estimates.get(&key) {
            return Ok(estimate.clone());
        }
        let Some(named) = present[0].named else {
            return Ok(Estimate {
                requests: 0,
                missing: Rc::clone(&self.nothing),
            });
        };
        let types = self.sites.run_time(present[0].subgraph, named);
        let typed = types.len() == 1 || present.iter().any(|&site| self.sites.tells_type(site));
        let read = subs
            .iter()
            .flat_map(|&id| self.goals.set(id).contexts.clone());
        let sets: Vec<GoalSetId> = subs.iter().copied().chain(read).collect();
        let gathered = self.gather(&sets, &types, &|_, _| None)?;
        let mut estimate = self.weigh(&gathered.wants, present, typed)?;
        if !typed && !estimate.missing.is_empty() {
            estimate = self.weigh(&gathered.wants, present, true)?;
            estimate.requests += 1;
        } else if !typed && gathered.typename {
            estimate.requests += 1;
        }
        self.estimates.insert(key, estimate.clone());
        Ok(estimate)
    }

    /// What it takes to satisfy some wants, whether or not the type of the object is known.
    fn weigh(&mut self, wants: &[Want], present: &[Site], typed: bool) -> Result<Estimate, Error> {
        let here = Here {
            present,
            covered: &[],
            typed,
            barred: &[],
        };
        let mut missing: Vec<Leaf> = Vec::new();
        let mut options = Vec::with_capacity(wants.len());
        for want in wants.iter().cloned() {
            for (want, choices) in self.refine(want, here)? {
                if choices.is_empty() {
                    missing.extend(&want.origins);
                } else {
                    options.push(choices);
                }
            }
        }
        self.budget.spend(decide::steps(&options))?;
        let Decision {
            picks, requests, ..
        } = decide::decide(&options, None);
        for (choices, pick) in options.iter().zip(picks) {
            missing.extend(choices[pick].missing.iter());
        }
        missing.sort_unstable();
        missing.dedup();
        Ok(Estimate {
            requests,
            missing: missing.into(),
        })
    }
}
