//! Compares whole drafts: the greedy one first, then those that deviate from it.
//!
//! The cost of a draft is not the sum of the costs of its parts, since two positions may share a
//! request. So each alternative is built whole and counted. One decision is changed at a time; a
//! change that makes the draft better stays, until nothing does or the bound is reached.

use std::collections::{BTreeMap, BTreeSet};

use supergraph::TypeId;

use crate::build::{Alternative, Builder, Deviations, Point};
use crate::draft::{Draft, Origin};
use crate::error::Error;
use crate::goals::GoalSetId;
use crate::plan::OperationKind;
use crate::requests::{self, Cost, Request};
use crate::wants::Terrain;

/// The best draft that was found, with its requests.
pub(crate) struct Found {
    pub(crate) draft: Draft,
    pub(crate) requests: Vec<Request>,
}

/// Once the first draft stands, comparing others may use this share of the budget; when it is
/// used up, the best so far is taken.
const SHARE: u64 = 2;

pub(crate) fn best(
    terrain: &mut Terrain<'_>,
    kind: OperationKind,
    root: TypeId,
    goals: GoalSetId,
    alternatives_max: u32,
) -> Result<Found, Error> {
    let mut deviations = Deviations::new();
    let nothing = BTreeSet::new();
    let mut attempt = |deviations: &Deviations| -> Result<_, Error> {
        let builder = Builder::new(terrain, deviations, &nothing);
        let (draft, points) = builder.build(kind, root, goals)?;
        let requests = requests::join(&draft);
        let cost = requests::cost(&draft, &requests);
        let worn = terrain.budget.spent() > terrain.budget.limit() / SHARE;
        Ok((Found { draft, requests }, cost, points, worn))
    };
    let (mut best, mut cost, mut points, mut worn) = attempt(&deviations)?;
    let mut left = alternatives_max;
    let mut improved = true;
    'search: while improved && cost > FLOOR {
        improved = false;
        let open: Vec<(Point, Alternative)> = points
            .iter()
            .flat_map(|(&point, all)| all.iter().map(move |other| (point, other.clone())))
            .collect();
        for (point, alternative) in open {
            if worn || left == 0 {
                break 'search;
            }
            if deviations.get(&point) == Some(&alternative) {
                continue;
            }
            left -= 1;
            let mut changed = deviations.clone();
            changed.insert(point, alternative);
            // A deviation may lead nowhere; the draft in hand does not.
            let Ok((found, new, more, now_worn)) = attempt(&changed) else {
                continue;
            };
            worn = now_worn;
            if new < cost {
                (best, cost, points, deviations) = (found, new, more, changed);
                improved = true;
            }
        }
    }
    let apart = apart(&best.draft);
    if !apart.is_empty() {
        let builder = Builder::new(terrain, &deviations, &apart);
        let (draft, _) = builder.build(kind, root, goals)?;
        let requests = requests::join(&draft);
        best = Found { draft, requests };
    }
    Ok(best)
}

/// Positions that share a key of an answer with others, and of which more is asked elsewhere.
///
/// ```text
/// review { ... on A { product { id name } }  ... on B { product { id } } }
/// ```
///
/// If `name` is somebody else's, only the products of `A` are to be asked for; under one key,
/// those of `B` would be as well.
fn apart(draft: &Draft) -> BTreeSet<u64> {
    let mut busy = vec![false; draft.positions.len()];
    for visit in &draft.visits {
        let mut at = Some(visit.position);
        while let Some(position) = at.filter(|&position| !busy[position]) {
            busy[position] = true;
            at = draft.positions[position].parent;
        }
    }
    let mut sharing: BTreeMap<(usize, u32, u32), Vec<usize>> = BTreeMap::new();
    for (id, position) in draft.positions.iter().enumerate() {
        for source in &position.sources {
            if let (Origin::Slot { parent, slot }, Some(above)) = (source.origin, position.parent) {
                sharing.entry((above, parent, slot)).or_default().push(id);
            }
        }
    }
    let shared = sharing
        .into_values()
        .filter(|positions| positions.len() > 1);
    let busy = shared.flatten().filter(|&position| busy[position]);
    busy.map(|position| draft.positions[position].key).collect()
}

/// Nothing is better than one request.
const FLOOR: Cost = Cost {
    requests: 1,
    depth: 1,
    fields: usize::MAX,
};
