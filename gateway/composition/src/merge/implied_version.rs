//! The version of federation that a subgraph needs: what it links, or more if another specification
//! that it links came with a later one.

use super::Merger;
use crate::diagnostic::HintCode;
use crate::link::{Feature, Federation, Version};
use crate::subgraph::{Subgraph, Valid};

/// (specification, from its version 0.x, minor version of federation that it came with).
const CAME_WITH: &[(&str, u32, u32)] = &[
    ("https://specs.apollo.dev/authenticated", 1, 5),
    ("https://specs.apollo.dev/requiresScopes", 1, 5),
    ("https://specs.apollo.dev/policy", 1, 6),
    ("https://specs.apollo.dev/source", 1, 7),
    ("https://specs.apollo.dev/context", 1, 8),
    ("https://specs.apollo.dev/cost", 1, 9),
    ("https://specs.apollo.dev/connect", 1, 10),
    ("https://specs.apollo.dev/connect", 2, 11),
    ("https://specs.apollo.dev/connect", 3, 12),
    ("https://specs.apollo.dev/cacheTag", 1, 12),
];

/// The minor version of federation that a subgraph needs.
pub(crate) fn minor(subgraph: &Subgraph<Valid>) -> u32 {
    let linked = linked(subgraph);
    implied(subgraph).map_or(linked, |(_, minor)| minor.max(linked))
}

/// `IMPLICITLY_UPGRADED_FEDERATION_VERSION`.
pub(super) fn hint(merger: &mut Merger<'_>) {
    for subgraph in merger.subgraphs {
        if !matches!(subgraph.links.federation, Federation::Two(_)) {
            continue;
        }
        let linked = linked(subgraph);
        if let Some((feature, minor)) = implied(subgraph)
            && minor > linked
        {
            let place = subgraph.place(feature.span);
            merger.hint(
                HintCode::ImplicitlyUpgradedFederationVersion,
                format!(
                    "subgraph \"{}\" has been implicitly upgraded from federation v2.{linked} to v2.{minor}, which \"{}/{}\" came with",
                    subgraph.name, feature.identity, feature.version
                ),
                vec![place],
            );
        }
    }
}

fn linked(subgraph: &Subgraph<Valid>) -> u32 {
    match subgraph.links.federation {
        Federation::One => 0,
        Federation::Two(minor) => minor,
    }
}

/// The linked specification that needs the latest federation, the first of equals.
fn implied(subgraph: &Subgraph<Valid>) -> Option<(&Feature, u32)> {
    let mut latest: Option<(&Feature, u32)> = None;
    for feature in &subgraph.links.features {
        let needs = CAME_WITH.iter().rev().find(|(identity, since, _)| {
            let since = Version {
                major: 0,
                minor: *since,
            };
            feature.identity == *identity && feature.version >= since
        });
        if let Some((_, _, minor)) = needs
            && latest.is_none_or(|(_, known)| *minor > known)
        {
            latest = Some((feature, *minor));
        }
    }
    latest
}
