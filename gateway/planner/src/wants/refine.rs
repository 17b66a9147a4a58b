//! Splits a want over types where nobody serves all of them.
//!
//! ```text
//! before  things { label }: A has it for users, B for products
//! after   things { ... on User { label } ... on Product { label } }: A, B
//! ```

use std::rc::Rc;

use crate::map::{Few, IndexMap};
use smallvec::smallvec;
use supergraph::{FieldSet, SubgraphId, TypeId};

use super::{Choice, Here, Terrain, Via, Want};
use crate::error::Error;
use crate::goals::AskedId;
use crate::sites::Site;
use crate::type_set::TypeSet;

/// A want with all ways to satisfy it.
pub(crate) type Refined = (Want, Few<Choice>);

/// Who can be asked for a field of a type, and how: the subgraph, the field's type there, who holds
/// it if anybody does, what it requires and provides.
type Holders = Vec<(
    SubgraphId,
    String,
    Option<Holder>,
    Option<*const FieldSet>,
    Option<*const FieldSet>,
)>;

/// What holds a field of a type in a subgraph.
#[derive(Eq, Hash, PartialEq)]
enum Holder {
    TypeItself,
    InterfaceObject(TypeId),
}

impl Terrain<'_> {
    /// A want with all ways to satisfy it: for all its types together where somebody serves all of
    /// them, else for each group of types that are alike in who serves them.
    pub(crate) fn refine(&mut self, want: Want, here: Here<'_>) -> Result<Few<Refined>, Error> {
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
        let mut refined = Few::with_capacity(groups.len().max(1));
        if groups.len() <= 1 {
            self.keep(want, choices, here, &mut refined)?;
            return Ok(refined);
        }
        for types in groups {
            let part = want.of(types).into_owned();
            let choices = self.choices(&part, here)?;
            self.keep(part, choices, here, &mut refined)?;
        }
        Ok(refined)
    }

    /// Notes a want with the ways to satisfy it. If there are none for all its types together, as
    /// they have different keys or have none in some subgraphs, then for those that are alike in
    /// who can be asked.
    fn keep(
        &mut self,
        want: Want,
        choices: Few<Choice>,
        here: Here<'_>,
        refined: &mut Few<Refined>,
    ) -> Result<(), Error> {
        if want.types.len() == 1 || !choices.is_empty() {
            refined.push((want, choices));
            return Ok(());
        }
        let mut alike: IndexMap<Vec<Few<Via>>, Vec<TypeId>> = IndexMap::default();
        for ty in want.types.iter() {
            let choices = self.choices(&want.of(TypeSet::one(ty)), here)?;
            let vias = choices.into_iter().map(|choice| choice.vias);
            alike.entry(vias.collect()).or_default().push(ty);
        }
        for (vias, types) in alike {
            let part = want.of(types.into_iter().collect()).into_owned();
            let choices = if vias.is_empty() {
                smallvec![]
            } else {
                self.choices(&part, here)?
            };
            refined.push((part, choices));
        }
        Ok(())
    }

    /// The types of a want, grouped by who serves them.
    fn split(&mut self, want: &Want) -> Result<Vec<TypeSet>, Error> {
        let mut groups: IndexMap<Holders, Vec<TypeId>> = IndexMap::default();
        self.budget.spend(want.types.len())?;
        for ty in want.types.iter() {
            let holders = self.holders(want.asked, ty);
            groups.entry(holders).or_default().push(ty);
        }
        let sets = groups.into_values();
        Ok(sets.map(|types| types.into_iter().collect()).collect())
    }

    fn holders(&self, asked: AskedId, ty: TypeId) -> Holders {
        let question = Rc::clone(self.goals.asked(asked));
        let name = &question.name;
        let graph = self.graph;
        graph
            .subgraph_ids()
            .filter_map(|subgraph| {
                let site = Site::entity(subgraph);
                // An external field may be provided on the path: it counts as held here.
                let held = self.sites.held(site, ty, name);
                let field = held
                    .map(|held| held.field)
                    .or_else(|| graph.ty(ty).fields.get(name)?.within.get(&subgraph))?;
                Some((
                    subgraph,
                    field.ty.to_string(),
                    held.map(|held| {
                        if held.holder == ty {
                            Holder::TypeItself
                        } else {
                            Holder::InterfaceObject(held.holder)
                        }
                    }),
                    field.requires.as_ref().map(std::ptr::from_ref),
                    field.provides.as_ref().map(std::ptr::from_ref),
                ))
            })
            .collect()
    }
}
