//! Ways from the subgraphs in which an object is at hand to the others: which key opens which
//! subgraph, and what must be visited before for the fields of that key.

use std::rc::Rc;

use crate::map::{Few, IndexMap};
use supergraph::{FieldSet, Selection, SubgraphId, TypeId};

use crate::budget::Budget;
use crate::error::Error;
use crate::goals::possible;
use crate::sites::{Site, Sites};

/// As what an object is asked for.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum Mode {
    /// By its own type.
    Own,
    /// By an interface that the subgraph has as an interface, because the type is not known.
    Interface(TypeId),
    /// By an interface that the subgraph has as an object.
    InterfaceObject(TypeId),
}

impl Mode {
    /// The interface that the subgraph has as an object, if it is asked for that.
    pub(crate) fn as_object(self) -> Option<TypeId> {
        match self {
            Self::InterfaceObject(interface) => Some(interface),
            Self::Own | Self::Interface(_) => None,
        }
    }
}

/// Where a subgraph is entered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Door {
    pub(crate) subgraph: SubgraphId,
    /// The interface that it has as an object, if it is asked for that; a subgraph may have several
    /// of one type.
    pub(crate) as_object: Option<TypeId>,
}

/// How to enter a subgraph.
#[derive(Clone, Debug)]
pub(crate) struct Route<'g> {
    /// The subgraphs that must be entered, this one included, sorted.
    pub(crate) opens: Vec<SubgraphId>,
    pub(crate) key: &'g FieldSet,
    pub(crate) mode: Mode,
}

/// How to enter every subgraph at an object of one type.
#[derive(Debug)]
pub(crate) struct Routes<'g> {
    /// By subgraph, one for each of its doors; also for those in which the object is at hand.
    entries: Vec<Few<Route<'g>>>,
    /// By subgraph: what must be entered before its fields can be read. Nothing where the object
    /// is at hand.
    pub(crate) needs: Vec<Option<Vec<SubgraphId>>>,
}

impl<'g> Routes<'g> {
    /// The way through a door, if there is one.
    pub(crate) fn to(&self, door: Door) -> Option<&Route<'g>> {
        let all = &self.entries[door.subgraph.index()];
        all.iter()
            .find(|route| route.mode.as_object() == door.as_object)
    }
}

/// Where ways begin: at an object of some type.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Start {
    pub(crate) ty: TypeId,
    /// Where the object is at hand.
    pub(crate) present: Vec<Site>,
    /// Whether the object's type can be told there.
    pub(crate) typed: bool,
    /// The subgraphs that no way may enter.
    pub(crate) barred: Vec<SubgraphId>,
}

#[derive(Debug, Default)]
pub(crate) struct RouteMap<'g> {
    known: IndexMap<Start, Option<Rc<Routes<'g>>>>,
}

/// A key inside a key inside a key: beyond this, nested objects of keys must be read where they
/// stand.
const NESTED_MAX: u32 = 3;

impl<'g> RouteMap<'g> {
    pub(crate) fn from(
        &mut self,
        sites: &mut Sites<'g>,
        start: Start,
        budget: &mut Budget,
    ) -> Result<Rc<Routes<'g>>, Error> {
        self.find(sites, start, NESTED_MAX, budget)
    }

    fn find(
        &mut self,
        sites: &mut Sites<'g>,
        mut start: Start,
        depth: u32,
        budget: &mut Budget,
    ) -> Result<Rc<Routes<'g>>, Error> {
        start.present.sort_unstable();
        start.present.dedup();
        start.barred.sort_unstable();
        match self.known.get(&start) {
            Some(Some(routes)) => return Ok(Rc::clone(routes)),
            // Being looked for further out: whatever is found there does not need this.
            Some(None) => return Ok(Rc::new(nothing(sites))),
            None => {}
        }
        self.known.insert(start.clone(), None);
        let routes = Rc::new(self.search(sites, &start, depth, budget)?);
        self.known.insert(start, Some(Rc::clone(&routes)));
        Ok(routes)
    }

    fn search(
        &mut self,
        sites: &mut Sites<'g>,
        start: &Start,
        depth: u32,
        budget: &mut Budget,
    ) -> Result<Routes<'g>, Error> {
        let (ty, present, typed) = (start.ty, &start.present[..], start.typed);
        let graph = sites.graph;
        let mut routes = nothing(sites);
        for site in present {
            routes.needs[site.subgraph.index()] = Some(Vec::new());
        }
        let mut keys = keys(sites, ty);
        keys.retain(|(subgraph, ..)| !start.barred.contains(subgraph));
        // Each round settles at least one subgraph, or is the last.
        for _ in 0..=routes.needs.len() {
            let mut changed = false;
            // The cheapest way to learn the object's type.
            let telling = if typed {
                Some(Vec::new())
            } else {
                let tell = graph.subgraph_ids().filter(|&subgraph| {
                    let at_hand = present.iter().find(|site| site.subgraph == subgraph);
                    at_hand.map_or_else(
                        || sites.known_as(subgraph, ty) == Some(ty),
                        |&site| sites.tells_type(site),
                    )
                });
                tell.filter_map(|subgraph| routes.needs[subgraph.index()].clone())
                    .min_by_key(Vec::len)
            };
            for &(subgraph, mode, key) in &keys {
                budget.spend(1)?;
                let mut opens = match (mode, &telling) {
                    (Mode::Interface(_), _) if typed => continue,
                    (Mode::InterfaceObject(_), _) if typed => Vec::new(),
                    (Mode::Interface(interface) | Mode::InterfaceObject(interface), _)
                        if is_any_of(sites, present, interface) =>
                    {
                        Vec::new()
                    }
                    (Mode::Interface(_), _) | (_, None) => continue,
                    (Mode::Own | Mode::InterfaceObject(_), Some(telling)) => telling.clone(),
                };
                let found =
                    self.reads(sites, ty, key, present, &routes, depth, &mut opens, budget)?;
                if !found || opens.contains(&subgraph) {
                    continue;
                }
                opens.push(subgraph);
                opens.sort_unstable();
                opens.dedup();
                let all = &mut routes.entries[subgraph.index()];
                let same = |known: &&mut Route<'_>| known.mode.as_object() == mode.as_object();
                let known = all.iter_mut().find(same);
                if known
                    .as_ref()
                    .is_none_or(|known| opens.len() < known.opens.len())
                {
                    let route = Route {
                        opens: opens.clone(),
                        key,
                        mode,
                    };
                    match known {
                        Some(known) => *known = route,
                        None => all.push(route),
                    }
                    changed = true;
                }
                let need = &mut routes.needs[subgraph.index()];
                if need.as_ref().is_none_or(|known| opens.len() < known.len()) {
                    *need = Some(opens);
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        Ok(routes)
    }

    /// Whether all of a field set can be read from subgraphs with known needs, and what must be
    /// entered for it.
    #[expect(
        clippy::too_many_arguments,
        reason = "the state of one search, used in one place"
    )]
    fn reads(
        &mut self,
        sites: &mut Sites<'g>,
        ty: TypeId,
        fields: &'g FieldSet,
        present: &[Site],
        routes: &Routes<'g>,
        depth: u32,
        opens: &mut Vec<SubgraphId>,
        budget: &mut Budget,
    ) -> Result<bool, Error> {
        for selection in &fields.selections {
            match selection {
                Selection::Fragment { on, fields } => {
                    let graph = sites.graph;
                    let applies = on.as_ref().is_none_or(|name| {
                        graph
                            .type_id(name)
                            .is_some_and(|id| graph.ty(id).possible.contains(&ty))
                    });
                    if applies
                        && !self.reads(sites, ty, fields, present, routes, depth, opens, budget)?
                    {
                        return Ok(false);
                    }
                }
                Selection::Field { name, .. } if name == "__typename" => {}
                Selection::Field { name, fields, .. } => {
                    budget.spend(1)?;
                    let mut best: Option<Vec<SubgraphId>> = None;
                    for subgraph in sites.graph.subgraph_ids() {
                        let Some(need) = &routes.needs[subgraph.index()] else {
                            continue;
                        };
                        if best.as_ref().is_some_and(|best| best.len() <= need.len()) {
                            continue;
                        }
                        if self
                            .supplies(sites, ty, name, fields, present, subgraph, depth, budget)?
                        {
                            best = Some(need.clone());
                        }
                    }
                    let Some(best) = best else { return Ok(false) };
                    opens.extend(best);
                }
            }
        }
        Ok(true)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the state of one search, used in one place"
    )]
    fn supplies(
        &mut self,
        sites: &mut Sites<'g>,
        ty: TypeId,
        name: &str,
        fields: &'g FieldSet,
        present: &[Site],
        subgraph: SubgraphId,
        depth: u32,
        budget: &mut Budget,
    ) -> Result<bool, Error> {
        let entered = Site::entity(subgraph);
        let mut at_hand: Vec<Site> = present
            .iter()
            .copied()
            .filter(|site| site.subgraph == subgraph)
            .collect();
        if at_hand.is_empty() {
            at_hand.push(entered);
        }
        for site in at_hand {
            let Some(held) = sites.held(site, ty, name) else {
                continue;
            };
            if held.needs_input() {
                continue;
            }
            if fields.is_empty() {
                return Ok(true);
            }
            let below = sites.below(site, ty, held, name);
            let mut all = true;
            for inner in sites.run_time(subgraph, held.field.named).iter() {
                if depth == 0 {
                    all = false;
                    break;
                }
                let start = Start {
                    ty: inner,
                    present: vec![below],
                    typed: sites.tells_type(below),
                    barred: Vec::new(),
                };
                let nested = self.find(sites, start, depth - 1, budget)?;
                let mut opens = Vec::new();
                if !self.reads(
                    sites,
                    inner,
                    fields,
                    &[below],
                    &nested,
                    depth - 1,
                    &mut opens,
                    budget,
                )? {
                    all = false;
                    break;
                }
            }
            if all {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn nothing<'g>(sites: &Sites<'g>) -> Routes<'g> {
    let count = sites.graph.subgraphs().count();
    Routes {
        entries: vec![Few::new(); count],
        needs: vec![None; count],
    }
}

/// Whether an object whose type is not known is of some interface, whatever its type is: else it
/// cannot be asked for by that interface.
fn is_any_of(sites: &mut Sites<'_>, present: &[Site], interface: TypeId) -> bool {
    let all = possible(sites.graph, Some(interface));
    present.iter().any(|site| {
        let named = site.named.map(|named| sites.run_time(site.subgraph, named));
        named.is_some_and(|types| types.is_within(&all))
    })
}

/// The keys by which subgraphs can be entered at objects of a type.
fn keys<'g>(sites: &Sites<'g>, ty: TypeId) -> Vec<(SubgraphId, Mode, &'g FieldSet)> {
    let graph = sites.graph;
    let mut keys = Vec::new();
    let holders = std::iter::once(ty).chain(graph.ty(ty).interfaces.iter().copied());
    for holder in holders {
        for (&subgraph, within) in &graph.ty(holder).within {
            let mode = if holder == ty {
                Mode::Own
            } else if within.interface_object {
                Mode::InterfaceObject(holder)
            } else if within.possible.contains(&ty) {
                Mode::Interface(holder)
            } else {
                continue;
            };
            let resolvable = within.keys.iter().filter(|key| key.resolvable);
            keys.extend(resolvable.map(|key| (subgraph, mode, &key.fields)));
        }
    }
    keys
}
