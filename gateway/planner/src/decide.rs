//! Chooses, for all that is wanted at one position together, who is asked for what.
//!
//! ```text
//! before  name: A or B    price: B    reviews: A (needs C below) or C
//! after   name: B         price: B    reviews: C          two requests, not three
//! ```
//!
//! The problem is that of locating facilities: entering a subgraph costs a request, and once it is
//! entered everything in it is free. Greedy here; the search over whole plans corrects it.

use supergraph::SubgraphId;

use crate::map::Few;
use crate::wants::Choice;

/// Which choice each want takes, by index.
#[derive(Debug)]
pub(crate) struct Decision {
    pub(crate) picks: Vec<usize>,
    pub(crate) requests: u32,
    /// The subgraphs that could have been entered first instead, best first.
    pub(crate) rivals: Vec<SubgraphId>,
}

/// The steps that deciding takes: a round for each subgraph that is entered, and a look at every
/// way in each.
pub(crate) fn steps(wants: &[Few<Choice>]) -> usize {
    let ways: usize = wants.iter().map(Few::len).sum();
    let most = wants
        .iter()
        .flatten()
        .map(|choice| choice.opens.len())
        .sum::<usize>();
    ways + most
}

/// Decides. `preferred` is entered first, if it is among the rivals.
pub(crate) fn decide(wants: &[Few<Choice>], preferred: Option<SubgraphId>) -> Decision {
    let mut entered: Vec<SubgraphId> = Vec::new();
    for choices in wants {
        if let [only] = choices.as_slice() {
            enter(&mut entered, &only.opens);
        } else {
            // What all ways have in common is entered anyway.
            for &subgraph in &choices[0].opens {
                if choices
                    .iter()
                    .all(|choice| choice.opens.contains(&subgraph))
                {
                    enter(&mut entered, &[subgraph]);
                }
            }
        }
    }
    let mut rivals = Vec::new();
    // Each round enters a subgraph; what they save shrinks, so this ends.
    loop {
        let mut gains: Vec<(i64, SubgraphId)> = Vec::new();
        let mut candidates: Vec<SubgraphId> = wants
            .iter()
            .flatten()
            .flat_map(|choice| choice.opens.iter().copied())
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        candidates.retain(|subgraph| !entered.contains(subgraph));
        let before: i64 = wants.iter().map(|choices| best(choices, &entered).1).sum();
        for subgraph in candidates {
            let mut more = entered.clone();
            more.push(subgraph);
            let after: i64 = wants.iter().map(|choices| best(choices, &more).1).sum();
            gains.push((before - after - 1, subgraph));
        }
        gains.sort_by_key(|&(gain, subgraph)| (-gain, subgraph));
        let unmet = wants.iter().any(|choices| {
            let pick = best(choices, &entered).0;
            choices[pick]
                .opens
                .iter()
                .any(|subgraph| !entered.contains(subgraph))
        });
        let Some(&(gain, first)) = gains.first() else {
            break;
        };
        if gain <= 0 && !unmet {
            break;
        }
        let ties: Vec<SubgraphId> = gains
            .iter()
            .filter(|(other, _)| *other + 1 >= gain)
            .map(|&(_, s)| s)
            .collect();
        let mut chosen = first;
        if rivals.is_empty() && ties.len() > 1 {
            if let Some(preferred) = preferred.filter(|preferred| ties.contains(preferred)) {
                chosen = preferred;
            }
            rivals = ties;
            rivals.retain(|&rival| rival != chosen);
        }
        if gain < 0 {
            break;
        }
        entered.push(chosen);
    }
    let mut picks = Vec::with_capacity(wants.len());
    let mut below = 0;
    for choices in wants {
        let (pick, _) = best(choices, &entered);
        enter(&mut entered, &choices[pick].opens);
        below += choices[pick].below;
        picks.push(pick);
    }
    let requests = below + u32::try_from(entered.len()).expect("there are few subgraphs");
    Decision {
        picks,
        requests,
        rivals,
    }
}

/// The cheapest way once some subgraphs are entered.
fn best(choices: &[Choice], entered: &[SubgraphId]) -> (usize, i64) {
    let cost = |choice: &Choice| {
        let opens = choice
            .opens
            .iter()
            .filter(|subgraph| !entered.contains(subgraph))
            .count();
        i64::try_from(opens).expect("there are few subgraphs") + i64::from(choice.below)
    };
    let costs = choices.iter().map(cost).enumerate();
    // The first of equals: those at hand stand before those that must be entered.
    costs
        .min_by_key(|&(index, cost)| (cost, index))
        .expect("every want has a choice")
}

fn enter(entered: &mut Vec<SubgraphId>, opens: &[SubgraphId]) {
    for &subgraph in opens {
        if !entered.contains(&subgraph) {
            entered.push(subgraph);
        }
    }
}
