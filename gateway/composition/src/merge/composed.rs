//! `DIRECTIVE_COMPOSITION_ERROR`: the custom directives that `@composeDirective` carries into the
//! supergraph.
//!
//! [`collect`] finds what is asked for and whether the subgraphs agree on it; [`define`] chooses
//! whose definition counts: that of the newest version of the specification.

mod agreement;
mod requests;

use apollo_compiler::ast::DirectiveDefinition;
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::{Name, Node};

pub(super) use requests::Request;

use super::directives::Repeat;
use super::{Merger, Position};
use crate::diagnostic::Code;
use crate::link;

/// What is composed.
#[derive(Debug, Default)]
pub(crate) struct Composition {
    /// By the identity of the specification.
    features: IndexMap<String, Feature>,
    /// (subgraph, local name) of every directive that is composed.
    applied: IndexSet<(usize, String)>,
    /// By the name that all subgraphs give it.
    definitions: IndexMap<String, Node<DirectiveDefinition>>,
}

/// A specification in the supergraph.
#[derive(Debug)]
pub(crate) struct Feature {
    pub(crate) identity: String,
    pub(crate) version: link::Version,
    /// (name in the specification, name here), both with `@`.
    pub(crate) imports: Vec<(String, String)>,
}

impl Composition {
    pub(super) fn strategy(&self, subgraph: usize, local: &str) -> Option<Repeat> {
        if !self.applied.contains(&(subgraph, local.to_owned())) {
            return None;
        }
        let definition = self.definitions.get(local)?;
        Some(if definition.repeatable {
            Repeat::Many
        } else {
            Repeat::Once
        })
    }

    /// Whether a directive of this name is composed from any subgraph.
    pub(crate) fn has(&self, local: &str) -> bool {
        self.definitions.contains_key(local)
    }

    pub(crate) fn features(&self) -> impl Iterator<Item = &Feature> {
        self.features.values()
    }

    pub(crate) fn definitions(&self) -> impl Iterator<Item = &Node<DirectiveDefinition>> {
        self.definitions.values()
    }
}

/// What the subgraphs ask to compose. Errors of the merger say if they do not agree.
pub(super) fn collect(merger: &mut Merger<'_>) -> Vec<Request> {
    let requests = requests::read(merger);
    agreement::check_versions(merger, &requests);
    agreement::check_names(merger, &requests);
    requests
}

/// Composes what all subgraphs agree on.
pub(super) fn define(merger: &mut Merger<'_>, requests: &[Request]) -> Composition {
    let mut composition = Composition::default();
    for request in requests {
        let Some(version) = agreement::latest_version(requests, &request.identity) else {
            continue;
        };
        let feature = composition
            .features
            .entry(request.identity.clone())
            .or_insert_with(|| Feature {
                identity: request.identity.clone(),
                version,
                imports: Vec::new(),
            });
        let import = (request.element.clone(), format!("@{}", request.local));
        if !feature.imports.contains(&import) {
            feature.imports.push(import);
        }
        let key = (request.subgraph, request.local.clone());
        composition.applied.insert(key);
        if composition.definitions.contains_key(&request.local) {
            continue;
        }
        if let Some(definition) = definition(merger, request, version) {
            for argument in &definition.arguments {
                merger.note_usage(&argument.ty, Position::Input);
            }
            composition
                .definitions
                .insert(request.local.clone(), definition);
        }
    }
    composition
}

/// How the last subgraph that links this version of the specification defines the directive.
fn definition(
    merger: &mut Merger<'_>,
    request: &Request,
    version: link::Version,
) -> Option<Node<DirectiveDefinition>> {
    let (mut indexes, mut places) = (Vec::new(), Vec::new());
    for (index, subgraph) in merger.subgraphs.iter().enumerate().rev() {
        let feature = subgraph.links.feature(&request.identity);
        let Some(feature) = feature.filter(|one| one.version == version) else {
            continue;
        };
        let local = feature.local(&request.element);
        let defined = subgraph.schema.directive_definitions.get(local.as_str());
        if let Some(definition) = defined {
            let mut definition = definition.clone();
            // A subgraph that does not compose it may call it something else.
            if let Ok(name) = Name::new(&request.local) {
                definition.make_mut().name = name;
            }
            return Some(definition);
        }
        indexes.push(index);
        places.push(subgraph.place(feature.span));
    }
    let who = merger.names(&indexes);
    merger.error(
        Code::DirectiveCompositionError,
        format!(
            "core feature \"{}/{version}\" in {who} does not have a directive definition for \"@{}\"",
            request.identity, request.local
        ),
        places,
    );
    None
}
