//! `DIRECTIVE_COMPOSITION_ERROR`, `LINK_IMPORT_NAME_MISMATCH`: the custom directives that
//! `@composeDirective` carries into the supergraph.

use apollo_compiler::Node;
use apollo_compiler::ast::DirectiveDefinition;
use indexmap::{IndexMap, IndexSet};

use super::directives::Repeat;
use super::{Merger, Position};
use crate::diagnostic::{Code, HintCode, Place};
use crate::link::{FEDERATION, LINK, Role, Version, string_argument};

/// What is composed.
#[derive(Debug, Default)]
pub(crate) struct Composition {
    /// By the identity of the specification.
    features: IndexMap<String, Feature>,
    /// (subgraph, local name) of every directive that is composed.
    applied: IndexSet<(usize, String)>,
    definitions: IndexMap<String, Node<DirectiveDefinition>>,
}

/// A specification in the supergraph.
#[derive(Debug)]
pub(crate) struct Feature {
    pub(crate) identity: String,
    pub(crate) version: Version,
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

/// One `@composeDirective` that is well formed.
struct Request {
    subgraph: usize,
    /// Without `@`.
    local: String,
    /// The name in the specification, with `@`.
    element: String,
    identity: String,
    version: Version,
    definition: Node<DirectiveDefinition>,
    place: Place,
}

pub(super) fn collect(merger: &mut Merger<'_>) -> Composition {
    let requests = requests(merger);
    let mut composition = Composition::default();
    let mut identities: IndexSet<&str> = IndexSet::new();
    for request in &requests {
        identities.insert(&request.identity);
    }
    let mut refused: IndexSet<&str> = IndexSet::new();
    for identity in &identities {
        let own: Vec<&Request> = requests
            .iter()
            .filter(|request| request.identity == *identity)
            .collect();
        let majors: IndexSet<u32> = own.iter().map(|request| request.version.major).collect();
        if majors.len() > 1 {
            let places = own.iter().map(|request| request.place.clone()).collect();
            merger.error(
                Code::DirectiveCompositionError,
                format!("core feature \"{identity}\" requested to be merged has major version mismatch across subgraphs"),
                places,
            );
            refused.insert(identity);
        }
        hint_other_majors(merger, identity, &own);
    }
    hint_uncomposed_majors(merger, &identities);
    // One name for each directive, one directive for each name.
    for request in &requests {
        let other = requests.iter().find(|other| {
            other.local == request.local
                && (other.identity != request.identity || other.element != request.element)
        });
        if let Some(other) = other
            && refused.insert(request.identity.as_str())
        {
            let places = vec![request.place.clone(), other.place.clone()];
            let indexes = [request.subgraph, other.subgraph];
            if indexes[0] <= indexes[1] {
                let message = format!(
                    "composed directive \"@{}\" does not refer to the same directive in every subgraph",
                    request.local
                );
                merger.error(Code::DirectiveCompositionError, message, places);
            }
        }
        let renamed = requests.iter().find(|other| {
            other.identity == request.identity
                && other.element == request.element
                && other.local != request.local
        });
        if let Some(other) = renamed
            && refused.insert(request.identity.as_str())
        {
            merger.error(
                Code::DirectiveCompositionError,
                format!("composed directive is not named consistently in all subgraphs but \"@{}\" in subgraph \"{}\" and \"@{}\" in subgraph \"{}\"", request.local, merger.subgraphs[request.subgraph].name, other.local, merger.subgraphs[other.subgraph].name),
                vec![request.place.clone(), other.place.clone()],
            );
        }
    }
    check_import_names(merger, &requests, &mut refused);
    for request in &requests {
        if refused.contains(request.identity.as_str()) {
            continue;
        }
        let latest = requests
            .iter()
            .filter(|other| other.identity == request.identity && other.element == request.element)
            .max_by(|one, other| {
                one.version
                    .cmp(&other.version)
                    .then(one.subgraph.cmp(&other.subgraph))
            })
            .unwrap_or(request);
        let feature = composition
            .features
            .entry(request.identity.clone())
            .or_insert_with(|| Feature {
                identity: request.identity.clone(),
                version: request.version,
                imports: Vec::new(),
            });
        feature.version = feature.version.max(request.version);
        let import = (request.element.clone(), format!("@{}", request.local));
        if !feature.imports.contains(&import) {
            feature.imports.push(import);
        }
        composition
            .applied
            .insert((request.subgraph, request.local.clone()));
        for argument in &latest.definition.arguments {
            merger.note_usage(&argument.ty, Position::Input);
        }
        composition
            .definitions
            .insert(request.local.clone(), latest.definition.clone());
    }
    composition
}

fn requests(merger: &mut Merger<'_>) -> Vec<Request> {
    let subgraphs = merger.subgraphs;
    let mut all: Vec<Request> = Vec::new();
    for (index, subgraph) in subgraphs.iter().enumerate() {
        let directives = &subgraph.schema.schema_definition.directives;
        for directive in subgraph.links.on_type(directives, Role::ComposeDirective) {
            let place = subgraph.place(directive.location());
            let mut refuse = |message: String| {
                merger.error(
                    Code::DirectiveCompositionError,
                    message,
                    vec![place.clone()],
                );
            };
            let Some(name) = string_argument(directive, "name") else {
                refuse(format!(
                    "argument to @composeDirective in subgraph \"{}\" cannot be NULL or an empty string",
                    subgraph.name
                ));
                continue;
            };
            let Some(local) = name.strip_prefix('@') else {
                refuse(format!(
                    "argument to @composeDirective \"{name}\" in subgraph \"{}\" must have a leading \"@\"",
                    subgraph.name
                ));
                continue;
            };
            let role = subgraph.links.role(local);
            if matches!(
                role,
                Some(
                    Role::Tag
                        | Role::Inaccessible
                        | Role::Authenticated
                        | Role::RequiresScopes
                        | Role::Policy
                        | Role::Cost
                        | Role::ListSize
                )
            ) {
                merger.hint(
                    HintCode::DirectiveCompositionInfo,
                    format!("directive \"{name}\" should not be explicitly manually composed since it is a federation directive composed by default"),
                );
                continue;
            }
            let known = role.is_some()
                || matches!(
                    local,
                    "deprecated" | "specifiedBy" | "link" | "skip" | "include"
                );
            let Some((feature, element)) = subgraph.links.source_of(local) else {
                if subgraph.schema.directive_definitions.contains_key(local) || known {
                    refuse(format!(
                        "directive \"{name}\" in subgraph \"{}\" cannot be composed because it is not a member of a core feature",
                        subgraph.name
                    ));
                } else {
                    refuse(format!(
                        "could not find matching directive definition for argument to @composeDirective \"{name}\" in subgraph \"{}\"",
                        subgraph.name
                    ));
                }
                continue;
            };
            if known || feature.identity == FEDERATION || feature.identity == LINK {
                refuse(format!(
                    "composing federation directive \"{name}\" in subgraph \"{}\" is not supported",
                    subgraph.name
                ));
                continue;
            }
            let Some(definition) = subgraph.schema.directive_definitions.get(local) else {
                refuse(format!(
                    "could not find matching directive definition for argument to @composeDirective \"{name}\" in subgraph \"{}\"",
                    subgraph.name
                ));
                continue;
            };
            all.push(Request {
                subgraph: index,
                local: local.to_owned(),
                element,
                identity: feature.identity.clone(),
                version: feature.version,
                definition: definition.clone(),
                place,
            });
        }
    }
    all
}

/// Specifications that nobody composes should still agree on their major version.
fn hint_uncomposed_majors(merger: &mut Merger<'_>, composed: &IndexSet<&str>) {
    let mut majors: IndexMap<&str, IndexSet<u32>> = IndexMap::new();
    for subgraph in merger.subgraphs {
        for feature in &subgraph.links.features {
            majors
                .entry(&feature.identity)
                .or_default()
                .insert(feature.version.major);
        }
    }
    for (identity, majors) in majors {
        if majors.len() > 1 && !composed.contains(identity) {
            merger.hint(
                HintCode::DirectiveCompositionInfo,
                format!("non-composed core feature \"{identity}\" has major version mismatch across subgraphs"),
            );
        }
    }
}

/// A subgraph that uses the specification without composing it may be left behind.
fn hint_other_majors(merger: &mut Merger<'_>, identity: &str, own: &[&Request]) {
    let Some(first) = own.first() else {
        return;
    };
    for subgraph in merger.subgraphs {
        let other = subgraph
            .links
            .features
            .iter()
            .find(|feature| feature.identity == identity)
            .is_some_and(|feature| feature.version.major != first.version.major);
        if other
            && !own
                .iter()
                .any(|request| merger.subgraphs[request.subgraph].name == subgraph.name)
        {
            merger.hint(
                HintCode::DirectiveCompositionInfo,
                format!("non-composed core feature \"{identity}\" has major version mismatch across subgraphs"),
            );
            return;
        }
    }
}

/// `LINK_IMPORT_NAME_MISMATCH`: every subgraph that imports a composed directive calls it the same.
fn check_import_names<'r>(
    merger: &mut Merger<'_>,
    requests: &'r [Request],
    refused: &mut IndexSet<&'r str>,
) {
    for request in requests {
        if refused.contains(request.identity.as_str()) {
            continue;
        }
        for subgraph in merger.subgraphs {
            let feature = subgraph
                .links
                .features
                .iter()
                .find(|one| one.identity == request.identity);
            let Some(feature) = feature else {
                continue;
            };
            let local = feature.local(&request.element);
            let defined = subgraph
                .schema
                .directive_definitions
                .contains_key(local.as_str());
            if local != request.local && defined {
                let places = vec![request.place.clone(), subgraph.place(feature.span)];
                merger.error(
                    Code::LinkImportNameMismatch,
                    format!("the import for \"{}\" of \"{}\" has different names across subgraphs: \"@{}\" and \"@{local}\"", request.element, request.identity, request.local),
                    places,
                );
                refused.insert(request.identity.as_str());
                break;
            }
        }
    }
}
