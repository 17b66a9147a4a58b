//! The root of an operation: where the first questions are asked.

use std::rc::Rc;

use crate::map::ShortMap;
use smallvec::smallvec;
use supergraph::TypeId;

use super::{Builder, Points, ROOT_KEY, Stage};
use crate::condition::When;
use crate::draft::{Draft, Position, VisitId};
use crate::error::Error;
use crate::goals::GoalSetId;
use crate::plan::OperationKind;
use crate::sites::Site;
use crate::type_set::TypeSet;
use crate::wants::{Choice, Here, Via, Want};

impl Builder<'_, '_> {
    /// Builds the draft of an operation.
    pub(crate) fn build(
        mut self,
        kind: OperationKind,
        root: TypeId,
        goals: GoalSetId,
    ) -> Result<(Draft, Points), Error> {
        self.draft.positions.push(Position {
            parent: None,
            types: TypeSet::one(root),
            sources: Vec::new(),
            resolved: ShortMap::default(),
            results: Vec::new(),
            typename: None,
            told: When::NEVER,
            key: ROOT_KEY,
        });
        match kind {
            OperationKind::Query => self.fulfil(0, &[goals])?,
            OperationKind::Mutation | OperationKind::Subscription => {
                self.one_after_the_other(root, goals)?;
            }
        }
        Ok((self.draft, self.points))
    }

    /// Root fields in the client's order, each asked of one subgraph. What one needs from others
    /// is done before the next begins; neighbours in one subgraph join if the first needs nothing.
    fn one_after_the_other(&mut self, root: TypeId, goals: GoalSetId) -> Result<(), Error> {
        let types = TypeSet::one(root);
        let gathered = self.terrain.gather(&[goals], &types, &|_, _| None)?;
        let mut group_start: VisitId = 0;
        let mut last: Option<u32> = None;
        for want in &gathered.wants {
            let choice = self.root_choice(want, root)?;
            let [Via::Enter(subgraph)] = choice.vias[..] else {
                return Err(self.unreachable(want));
            };
            debug_assert_eq!(Stage::of(&choice), Stage::Entered);
            let joined = last.filter(|&source| {
                self.draft.visits.len() == group_start + 1
                    && self.draft.positions[0].sources[source as usize]
                        .site
                        .subgraph
                        == subgraph
            });
            let source = joined.unwrap_or_else(|| {
                group_start = self.draft.visits.len();
                let source = self.visit_root(0, subgraph, root);
                self.draft.visits[group_start].after = (0..group_start).collect();
                source
            });
            last = Some(source);
            self.ask(0, want, &[source]);
            self.below(0, want)?;
        }
        Ok(())
    }

    /// The subgraph from which most is at hand.
    fn root_choice(&mut self, want: &Want, root: TypeId) -> Result<Choice, Error> {
        let question = Rc::clone(self.terrain.goals.asked(want.asked));
        let name = &question.name;
        let mut best: Option<Choice> = None;
        for subgraph in self.terrain.graph.subgraph_ids() {
            let site = Site {
                named: Some(root),
                entity: false,
                ..Site::entity(subgraph)
            };
            if self.terrain.sites.held(site, root, name).is_none() {
                continue;
            }
            let here = Here {
                present: &[site],
                covered: &[],
                typed: true,
                barred: &[],
            };
            let Some(mut choice) = self.terrain.choices(want, here)?.into_iter().next() else {
                continue;
            };
            choice.vias = smallvec![Via::Enter(subgraph)];
            let cost = |choice: &Choice| (choice.missing.len(), choice.below);
            if best.as_ref().is_none_or(|best| cost(&choice) < cost(best)) {
                best = Some(choice);
            }
        }
        best.ok_or_else(|| self.unreachable(want))
    }
}
