//! Joins visits into requests.
//!
//! ```text
//! before  visit products at `a` and at `b.c`, after one request; at `d.e`, after two
//! after   one request, after those two: { _e0: _entities(...) _e1: _entities(...) _e2: ... }
//! ```
//!
//! Why: a request costs a round trip; a second list of entities in it costs nearly nothing. A
//! visit for which nothing waits may as well be made with a later one to the same subgraph.
//! Never: such that the longest chain of requests grows; and never root fields.

use std::collections::BTreeMap;

use supergraph::SubgraphId;

use crate::draft::{Draft, Object, VisitId};

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

/// How many requests may be looked at, over and over, to find those that can wait. Real plans need
/// some hundreds of looks; a plan of hundreds of requests keeps some that could have been saved.
const LOOKS_MAX: usize = 20_000;

/// The requests of a draft, in an order in which each stands behind those it needs.
pub(crate) fn join(draft: &Draft) -> Vec<Request> {
    let mut groups = level(draft);
    let mut looks = LOOKS_MAX;
    while delay(&mut groups, &mut looks) {}
    let mut behind: Vec<Vec<usize>> = Vec::with_capacity(groups.len());
    let mut requests = Vec::with_capacity(groups.len());
    for group in groups {
        let mut all = group.after.clone();
        all.extend(group.after.iter().flat_map(|&other| &behind[other]));
        all.sort_unstable();
        all.dedup();
        // What another predecessor waits for need not be said.
        let implied = |one: &usize| {
            let mut others = group.after.iter();
            others.any(|&other| behind[other].binary_search(one).is_ok())
        };
        let after = group.after.iter().copied().filter(|one| !implied(one));
        let after = after.collect();
        behind.push(all);
        requests.push(Request {
            subgraph: group.subgraph,
            visits: group.visits,
            after,
        });
    }
    requests
}

/// A request that others may still join.
struct Group {
    subgraph: SubgraphId,
    /// None joins root fields.
    joins: bool,
    visits: Vec<VisitId>,
    after: Vec<usize>,
    /// How long the longest chain before it is.
    level: usize,
}

/// Joins the visits to one subgraph that have equally long chains before them: none of them waits
/// for another, and whatever waits for them has a longer chain before it already.
fn level(draft: &Draft) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut group_of: Vec<usize> = vec![usize::MAX; draft.visits.len()];
    let mut joined: BTreeMap<(SubgraphId, usize), usize> = BTreeMap::new();
    for id in order(draft) {
        let visit = &draft.visits[id];
        let after: Vec<usize> = visit.after.iter().map(|&other| group_of[other]).collect();
        let level = after.iter().map(|&other| groups[other].level + 1).max();
        let level = level.unwrap_or(0);
        let fresh = groups.len();
        let index = match visit.mode {
            None => fresh,
            Some(_) => *joined.entry((visit.subgraph, level)).or_insert(fresh),
        };
        if index == fresh {
            groups.push(Group {
                subgraph: visit.subgraph,
                joins: visit.mode.is_some(),
                visits: vec![id],
                after,
                level,
            });
        } else {
            groups[index].visits.push(id);
            groups[index].after.extend(after);
        }
        group_of[id] = index;
    }
    ordered(groups)
}

/// Puts one request off until a later one to the same subgraph, if no chain becomes longer than
/// the longest. Says whether there was one.
fn delay(groups: &mut Vec<Group>, looks: &mut usize) -> bool {
    let Some((early, late)) = delayable(groups, looks) else {
        return false;
    };
    let moved = std::mem::take(&mut groups[early].visits);
    groups[late].visits.extend(moved);
    groups[late].visits.sort_unstable();
    let after = std::mem::take(&mut groups[early].after);
    groups[late].after.extend(after);
    for group in groups.iter_mut() {
        for other in group.after.iter_mut().filter(|other| **other == early) {
            *other = late;
        }
    }
    *groups = ordered(std::mem::take(groups));
    true
}

/// A request and the later one that it can wait for, the latest such first.
fn delayable(groups: &[Group], looks: &mut usize) -> Option<(usize, usize)> {
    let longest = groups.last()?.level;
    let mut latest = vec![longest; groups.len()];
    for (index, group) in groups.iter().enumerate().rev() {
        for &other in &group.after {
            latest[other] = latest[other].min(latest[index] - 1);
        }
    }
    let joinable = groups.iter().enumerate().filter(|(_, group)| group.joins);
    for (early, group) in joinable.clone().rev() {
        *looks = looks.checked_sub(groups.len())?;
        for (late, other) in joinable.clone().skip_while(|(late, _)| *late <= early) {
            let fits = group.subgraph == other.subgraph
                && group.level < other.level
                && other.level <= latest[early];
            if !fits {
                continue;
            }
            *looks = looks.checked_sub(groups.len())?;
            if !waits(groups, late, early) {
                return Some((early, late));
            }
        }
    }
    None
}

/// Whether one request waits for another, at once or through others.
fn waits(groups: &[Group], late: usize, early: usize) -> bool {
    let mut waiting = vec![false; groups.len()];
    waiting[late] = true;
    for index in (early..=late).rev() {
        if waiting[index] {
            groups[index]
                .after
                .iter()
                .for_each(|&other| waiting[other] = true);
        }
    }
    waiting[early]
}

/// Sorts requests by how long the chains before them are, and leaves out those without visits.
fn ordered(mut groups: Vec<Group>) -> Vec<Group> {
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); groups.len()];
    let mut open: Vec<usize> = Vec::with_capacity(groups.len());
    for (index, group) in groups.iter_mut().enumerate() {
        group.after.sort_unstable();
        group.after.dedup();
        group.level = 0;
        open.push(group.after.len());
        for &other in &group.after {
            behind[other].push(index);
        }
    }
    let mut ready: Vec<usize> = (0..groups.len())
        .filter(|&index| open[index] == 0)
        .collect();
    let mut next = 0;
    while let Some(&index) = ready.get(next) {
        next += 1;
        for &other in &behind[index] {
            groups[other].level = groups[other].level.max(groups[index].level + 1);
            open[other] -= 1;
            if open[other] == 0 {
                ready.push(other);
            }
        }
    }
    // INVARIANT: requests never wait for each other in a circle; those that join do not wait.
    debug_assert_eq!(ready.len(), groups.len(), "requests wait in a circle");
    let mut order: Vec<usize> = (0..groups.len())
        .filter(|&index| !groups[index].visits.is_empty())
        .collect();
    order.sort_by_key(|&index| groups[index].level);
    let mut place = vec![usize::MAX; groups.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old] = new;
    }
    let mut old: Vec<Option<Group>> = groups.into_iter().map(Some).collect();
    let sorted = order.into_iter().filter_map(|index| old[index].take());
    let moved = sorted.map(|mut group| {
        group
            .after
            .iter_mut()
            .for_each(|other| *other = place[*other]);
        group.after.sort_unstable();
        group
    });
    moved.collect()
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
        fields: draft.objects.iter().map(Object::width).sum(),
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
