//! Decides who is asked for what is wanted at a position, and notes what could have been.

use smallvec::smallvec;

use super::{Alternative, Builder, Point};
use crate::decide;
use crate::draft::PositionId;
use crate::error::Error;
use crate::map::Few;
use crate::wants::{Choice, Here, Via, Want};

impl Builder<'_, '_> {
    pub(super) fn decide(
        &mut self,
        at: PositionId,
        wants: Vec<Want>,
    ) -> Result<Vec<(Want, Choice)>, Error> {
        if self.is_typed(at) {
            let refined = self.refine(at, wants)?;
            return self.pick(at, refined);
        }
        let mut refined = self.refine(at, wants.clone())?;
        // Whoever is asked without knowing the type may not lead to all that is wanted below.
        let is_short = |choice: &Choice| !choice.missing.is_empty();
        if refined
            .iter()
            .any(|(_, choices)| choices.iter().all(is_short))
        {
            self.tell_type(at)?;
            refined = self.refine(at, wants)?;
        }
        self.pick(at, refined)
    }

    fn refine(
        &mut self,
        at: PositionId,
        wants: Vec<Want>,
    ) -> Result<Vec<(Want, Few<Choice>)>, Error> {
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
        let mut refined = Vec::with_capacity(wants.len());
        for want in wants {
            match self.terrain.only_way(&want, here)? {
                Some(choice) => refined.push((want, smallvec![choice])),
                None => refined.extend(self.terrain.refine(want, here)?),
            }
        }
        Ok(refined)
    }

    fn pick(
        &mut self,
        at: PositionId,
        refined: Vec<(Want, Few<Choice>)>,
    ) -> Result<Vec<(Want, Choice)>, Error> {
        if refined.iter().all(|(_, choices)| choices.len() == 1) {
            self.terrain.budget.spend(refined.len())?;
            let only = |(want, mut choices): (Want, Few<Choice>)| (want, choices.swap_remove(0));
            return Ok(refined.into_iter().map(only).collect());
        }
        let key = self.draft.positions[at].key;
        let mut options = Vec::with_capacity(refined.len());
        let mut wants = Vec::with_capacity(refined.len());
        let mut open: Vec<(usize, Point, Vec<Few<Via>>)> = Vec::new();
        for (want, mut choices) in refined {
            if choices.is_empty() {
                return Err(self.unreachable(&want));
            }
            if choices.len() > 1 && !want.subs.is_empty() {
                let ty = want.types.first().expect("wants have types");
                let point = Point::Asked(key, want.asked, ty);
                let all: Vec<Few<Via>> = choices.iter().map(|choice| choice.vias.clone()).collect();
                if let Some(Alternative::Asked(vias)) = self.deviations.get(&point)
                    && all.contains(vias)
                {
                    choices.retain(|choice| choice.vias == *vias);
                }
                open.push((options.len(), point, all));
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
        if !decision.rivals.is_empty() {
            let rivals = decision.rivals.iter().copied().map(Alternative::Entered);
            self.points.insert(point, rivals.collect());
        }
        for (index, point, mut all) in open {
            let picked = &options[index][decision.picks[index]].vias;
            all.retain(|vias| vias != picked);
            let others = all.into_iter().map(Alternative::Asked);
            self.points.insert(point, others.collect());
        }
        let picked = options.into_iter().zip(decision.picks);
        let chosen = picked.map(|(mut choices, pick)| choices.swap_remove(pick));
        Ok(wants.into_iter().zip(chosen).collect())
    }
}
