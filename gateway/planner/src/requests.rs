//! Joins visits into requests.
//!
//! ```text
//! before  visit products at `a`, visit products at `b.c`, both after the first request
//! after   one request: { _e0: _entities(...) { ... } _e1: _entities(...) { ... } }
//! ```
//!
//! Why: a request costs a round trip; a second list of entities in it costs nearly nothing.
//! Never: two visits that wait for different requests, for then one would delay the other; and
//! never root fields.

use std::collections::BTreeMap;

use supergraph::SubgraphId;

use crate::draft::{Draft, VisitId};

/// Visits that travel together.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) subgraph: SubgraphId,
    pub(crate) visits: Vec<VisitId>,
    /// The requests whose answers it needs, sorted.
    pub(crate) after: Vec<usize>,
}

/// What a draft costs: requests, the longest chain of them, and the fields that are asked for.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Cost {
    pub(crate) requests: usize,
    pub(crate) depth: usize,
    pub(crate) fields: usize,
}

/// The requests of a draft, in an order in which each stands behind those it needs.
pub(crate) fn join(draft: &Draft) -> Vec<Request> {
    let mut requests: Vec<Request> = Vec::new();
    let mut behind: Vec<Vec<usize>> = Vec::new();
    let mut request_of: Vec<usize> = vec![usize::MAX; draft.visits.len()];
    let mut joined: BTreeMap<(SubgraphId, Vec<usize>), usize> = BTreeMap::new();
    for id in order(draft) {
        let visit = &draft.visits[id];
        let mut direct: Vec<usize> = visit.after.iter().map(|&other| request_of[other]).collect();
        direct.sort_unstable();
        direct.dedup();
        let mut all = direct.clone();
        for &request in &direct {
            all.extend(&behind[request]);
        }
        all.sort_unstable();
        all.dedup();
        let fresh = requests.len();
        let index = match visit.mode {
            None => fresh,
            Some(_) => *joined.entry((visit.subgraph, all.clone())).or_insert(fresh),
        };
        if index == fresh {
            requests.push(Request {
                subgraph: visit.subgraph,
                visits: vec![id],
                after: direct,
            });
            behind.push(all);
        } else {
            let request = &mut requests[index];
            request.visits.push(id);
            request.after.extend(direct);
            request.after.sort_unstable();
            request.after.dedup();
        }
        request_of[id] = index;
    }
    for request in &mut requests {
        // What another predecessor waits for need not be said.
        let after = std::mem::take(&mut request.after);
        let implied = |one: &usize| after.iter().any(|&other| behind[other].contains(one));
        request.after = after.iter().copied().filter(|one| !implied(one)).collect();
    }
    requests
}

pub(crate) fn cost(draft: &Draft, requests: &[Request]) -> Cost {
    let mut depths: Vec<usize> = Vec::with_capacity(requests.len());
    for request in requests {
        let before = request.after.iter().map(|&other| depths[other]).max();
        depths.push(before.unwrap_or(0) + 1);
    }
    Cost {
        requests: requests.len(),
        depth: depths.into_iter().max().unwrap_or(0),
        fields: draft.objects.iter().map(|object| object.fields.len()).sum(),
    }
}

/// The visits, each behind those it waits for; otherwise in the order in which they were made.
pub(crate) fn order(draft: &Draft) -> Vec<VisitId> {
    let mut order = Vec::with_capacity(draft.visits.len());
    let mut placed = vec![false; draft.visits.len()];
    while order.len() < draft.visits.len() {
        let before = order.len();
        for (id, visit) in draft.visits.iter().enumerate() {
            if !placed[id] && visit.after.iter().all(|&other| placed[other]) {
                placed[id] = true;
                order.push(id);
            }
        }
        // INVARIANT: visits never wait for each other in a circle; see `build`.
        assert!(
            order.len() > before,
            "visits wait for each other in a circle"
        );
    }
    order
}
