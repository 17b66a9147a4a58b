//! Finds who tells the run-time types of objects.

use supergraph::TypeId;

use super::Builder;
use crate::draft::{Alias, PositionId, Told};
use crate::error::Error;
use crate::routes::{Door, Mode};
use crate::sites::Site;
use crate::type_set::TypeSet;
use crate::wants::Here;

impl Builder<'_, '_> {
    /// Sees to it that the run-time type of the object is told.
    pub(super) fn tell_type(&mut self, at: PositionId) -> Result<(), Error> {
        let position = &self.draft.positions[at];
        let is_told = position.typename.is_some() || self.is_telling(at);
        if position.types.len() <= 1 || is_told {
            return Ok(());
        }
        let types = position.types.clone();
        let sources = position.sources.iter();
        let teller = sources.enumerate().find(|(_, source)| {
            self.terrain.sites.tells_type(source.site)
                && (!source.site.entity || source.site.named.is_some())
        });
        let index = match teller {
            Some((index, _)) => u32::try_from(index).expect("positions have few sources"),
            None => match self.half_teller(at) {
                Some((index, aliases)) => return self.tell_aliases(at, index, aliases),
                None => self.enter_interface(at, &types)?,
            },
        };
        let by = self.told_by(at, index, &types);
        self.draft.positions[at].typename = Some(Told {
            by,
            aliases: Vec::new(),
        });
        Ok(())
    }

    fn is_telling(&self, at: PositionId) -> bool {
        self.telling.iter().any(|&(place, _)| place == at)
    }

    /// Asks a source of a position for `__typename`.
    fn told_by(&mut self, at: PositionId, index: u32, types: &TypeSet) -> (u32, u32) {
        let object = self.draft.positions[at].sources[index as usize].object;
        (index, self.draft.typename(object, types))
    }

    /// A source that tells the types of some objects, and of others only that they are of one of
    /// the interfaces that its subgraph has as objects.
    ///
    /// ```text
    /// interface Node { id: ID! }     type User implements Node { id: ID! }
    /// type Media implements Node @key(fields: "id") @interfaceObject { id: ID! }
    /// ```
    fn half_teller(&self, at: PositionId) -> Option<(u32, Vec<(TypeId, TypeSet)>)> {
        let position = &self.draft.positions[at];
        let graph = self.terrain.graph;
        (0..).zip(&position.sources).find_map(|(index, source)| {
            let Site {
                subgraph,
                named: Some(named),
                ..
            } = source.site
            else {
                return None;
            };
            let possible = &graph.ty(named).within.get(&subgraph)?.possible;
            let as_object = |&&ty: &&TypeId| self.terrain.sites.is_interface_object(subgraph, ty);
            let aliases = possible.iter().filter(as_object).map(|&ty| {
                let types = TypeSet::of_sorted(&graph.ty(ty).possible);
                (ty, types.and(&position.types))
            });
            (possible.len() > 1).then(|| (index, aliases.collect()))
        })
    }

    /// Sees to it that someone tells what objects are that a source calls by another name.
    fn tell_aliases(
        &mut self,
        at: PositionId,
        index: u32,
        aliases: Vec<(TypeId, TypeSet)>,
    ) -> Result<(), Error> {
        let types = self.draft.positions[at].types.clone();
        let mut told = Vec::with_capacity(aliases.len());
        for (name, types) in aliases {
            if !types.is_empty() {
                self.telling.push((at, name));
                let teller = self.enter_interface(at, &types);
                self.telling.pop();
                let teller = teller?;
                let by = self.told_by(at, teller, &types);
                told.push(Alias { name, types, by });
            }
        }
        let by = self.told_by(at, index, &types);
        self.draft.positions[at].typename = Some(Told { by, aliases: told });
        Ok(())
    }

    /// Asks a subgraph that has the interface as an interface.
    fn enter_interface(&mut self, at: PositionId, types: &TypeSet) -> Result<u32, Error> {
        let (sites, covered) = (self.sites(at), self.covered(at));
        let barred = self.barred(at);
        let here = Here {
            present: &sites,
            covered: &covered,
            typed: false,
            barred: &barred,
        };
        let first = types.first().expect("positions have types");
        let mut best: Option<((usize, usize), Door)> = None;
        for subgraph in self.terrain.graph.subgraph_ids() {
            let door = Door {
                subgraph,
                as_object: None,
            };
            let routes = self.terrain.routes(first, door, here)?;
            let Some(route) = routes.to(door) else {
                continue;
            };
            let Mode::Interface(interface) = route.mode else {
                continue;
            };
            if route.opens.iter().any(|opened| barred.contains(opened)) {
                continue;
            }
            let known = self.terrain.sites.run_time(subgraph, interface);
            let cost = (types.without(&known).len(), route.opens.len());
            if best.is_none_or(|(best, _)| cost < best) {
                best = Some((cost, door));
            }
        }
        let Some((_, door)) = best else {
            let name = &self.terrain.graph.ty(first).name;
            return Err(Error::Unreachable {
                field: format!("{name}.__typename"),
            });
        };
        self.enter(at, door, types)
    }
}
