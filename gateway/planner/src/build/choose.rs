//! Decides who is asked for what is wanted at a position, and notes what could have been.

use super::{Alternative, Builder, Point};
use crate::decide;
use crate::draft::PositionId;
use crate::error::Error;
use crate::wants::{Choice, Here, Via, Want};

impl Builder<'_, '_> {
    pub(super) fn decide(
        &mut self,
        at: PositionId,
        wants: Vec<Want>,
    ) -> Result<Vec<(Want, Choice)>, Error> {
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
        let mut refined = Vec::with_capacity(wants.len());
        for want in wants {
            match self.terrain.only_way(&want, here)? {
                Some(choice) => refined.push((want, vec![choice])),
                None => refined.extend(self.terrain.refine(vec![want], here)?),
            }
        }
        Ok(refined)
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
}
