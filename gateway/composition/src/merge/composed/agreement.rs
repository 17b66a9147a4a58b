//! Whether all subgraphs mean the same by what they compose: one major version of a specification,
//! one name for each directive, one directive for each name.

use super::Request;
use crate::diagnostic::{Code, HintCode, Place};
use crate::link::Version;
use crate::merge::Merger;
use apollo_compiler::collections::{IndexMap, IndexSet};

/// The newest version of a specification among those who compose from it; the last of equals.
pub(super) fn latest_version(requests: &[Request], identity: &str) -> Option<Version> {
    requests
        .iter()
        .filter(|request| request.identity == identity)
        .map(|request| request.version)
        .max()
}

/// Major versions differ: an error between subgraphs that compose the specification, a hint if one
/// of them only links it.
pub(super) fn check_versions(merger: &mut Merger<'_>, requests: &[Request]) {
    let mut versions: IndexMap<&str, Vec<(usize, Version)>> = IndexMap::default();
    for (index, subgraph) in merger.subgraphs.iter().enumerate() {
        for feature in &subgraph.links.features {
            let known = versions.entry(&feature.identity).or_default();
            known.push((index, feature.version));
        }
    }
    for (identity, versions) in versions {
        let places = |merger: &Merger<'_>| link_places(merger, identity, &versions);
        let majors: IndexSet<u32> = versions.iter().map(|(_, one)| one.major).collect();
        if majors.len() < 2 {
            continue;
        }
        let composed: IndexSet<u32> = requests
            .iter()
            .filter(|request| request.identity == identity)
            .map(|request| request.version.major)
            .collect();
        let places = places(merger);
        if composed.len() > 1 {
            merger.error(
                Code::DirectiveCompositionError,
                format!("core feature \"{identity}\" requested to be merged has major version mismatch across subgraphs"),
                places,
            );
        } else {
            merger.hint(
                HintCode::DirectiveCompositionInfo,
                format!("non-composed core feature \"{identity}\" has major version mismatch across subgraphs"),
                places,
            );
        }
    }
}

fn link_places(merger: &Merger<'_>, identity: &str, versions: &[(usize, Version)]) -> Vec<Place> {
    versions
        .iter()
        .map(|(index, _)| {
            let subgraph = &merger.subgraphs[*index];
            let feature = subgraph.links.feature(identity);
            subgraph.place(feature.and_then(|one| one.span))
        })
        .collect()
}

/// One name for each directive, one directive for each name.
pub(super) fn check_names(merger: &mut Merger<'_>, requests: &[Request]) {
    let mut by_name: IndexMap<&str, Vec<&Request>> = IndexMap::default();
    let mut by_element: IndexMap<(&str, &str), Vec<&Request>> = IndexMap::default();
    for request in requests {
        by_name.entry(&request.local).or_default().push(request);
        let element = (request.identity.as_str(), request.element.as_str());
        by_element.entry(element).or_default().push(request);
    }
    for (name, own) in by_name {
        let meanings: IndexSet<(&str, &str)> = own
            .iter()
            .map(|one| (one.identity.as_str(), one.element.as_str()))
            .collect();
        if meanings.len() > 1 {
            let who: Vec<String> = own
                .iter()
                .map(|one| {
                    let subgraph = &merger.subgraphs[one.subgraph].name;
                    format!(
                        "\"{}\" of \"{}\" in subgraph \"{subgraph}\"",
                        one.element, one.identity
                    )
                })
                .collect();
            merger.error(
                Code::DirectiveCompositionError,
                format!(
                    "composed directive \"@{name}\" does not refer to the same directive in every subgraph: it is {}",
                    who.join(" but ")
                ),
                own.iter().map(|one| one.place.clone()).collect(),
            );
        }
    }
    for ((identity, element), own) in by_element {
        let names: IndexSet<&str> = own.iter().map(|one| one.local.as_str()).collect();
        if names.len() > 1 {
            let who: Vec<String> = own
                .iter()
                .map(|one| {
                    let subgraph = &merger.subgraphs[one.subgraph].name;
                    format!("\"@{}\" in subgraph \"{subgraph}\"", one.local)
                })
                .collect();
            merger.error(
                Code::DirectiveCompositionError,
                format!(
                    "composed directive is not named consistently in all subgraphs: it is {}",
                    who.join(" but ")
                ),
                own.iter().map(|one| one.place.clone()).collect(),
            );
        }
        hint_other_names(merger, identity, element, &own);
    }
}

/// `DIRECTIVE_COMPOSITION_WARN`: a subgraph that imports the directive without composing it calls it
/// something else, and could not begin to compose it.
fn hint_other_names(merger: &mut Merger<'_>, identity: &str, element: &str, own: &[&Request]) {
    let Some(first) = own.first() else {
        return;
    };
    let mut places = Vec::new();
    for (index, subgraph) in merger.subgraphs.iter().enumerate() {
        if own.iter().any(|one| one.subgraph == index) {
            continue;
        }
        let Some(feature) = subgraph.links.feature(identity) else {
            continue;
        };
        let import = feature.imports.iter().find(|one| one.element == element);
        if import.is_some_and(|import| import.local.strip_prefix('@') != Some(&first.local)) {
            places.push(subgraph.place(feature.span));
        }
    }
    if !places.is_empty() {
        merger.hint(
            HintCode::DirectiveCompositionWarn,
            format!("composed directive \"@{}\" is named differently in a subgraph that does not compose it: composing it there will need the same name", first.local),
            places,
        );
    }
}
