//! Reads the applications of `@composeDirective`.

use crate::diagnostic::{Code, HintCode, Place};
use crate::link::{FEDERATION, LINK, Role, Version, string_argument};
use crate::merge::Merger;
use crate::subgraph::{Subgraph, Valid};

/// One `@composeDirective` that is well formed.
pub(in crate::merge) struct Request {
    pub(super) subgraph: usize,
    /// Without `@`.
    pub(super) local: String,
    /// The name in the specification, with `@`.
    pub(super) element: String,
    pub(super) identity: String,
    pub(super) version: Version,
    pub(super) place: Place,
}

/// What composition merges by itself.
const BY_DEFAULT: &[Role] = &[
    Role::Tag,
    Role::Inaccessible,
    Role::Authenticated,
    Role::RequiresScopes,
    Role::Policy,
    Role::Context,
];

/// Why an application asks for nothing.
enum Refusal {
    Error(String),
    /// It happens anyway.
    Hint(String),
}

pub(super) fn read(merger: &mut Merger<'_>) -> Vec<Request> {
    let subgraphs = merger.subgraphs;
    let mut all = Vec::new();
    for (index, subgraph) in subgraphs.iter().enumerate() {
        let directives = &subgraph.schema.schema_definition.directives;
        for directive in subgraph.links.on_type(directives, Role::ComposeDirective) {
            let place = subgraph.place(directive.location());
            let name = string_argument(directive, "name").unwrap_or_default();
            match one(subgraphs, index, name, place.clone()) {
                Ok(request) => all.push(request),
                Err(Refusal::Error(message)) => {
                    merger.error(Code::DirectiveCompositionError, message, vec![place]);
                }
                Err(Refusal::Hint(message)) => {
                    merger.hint(HintCode::DirectiveCompositionInfo, message, vec![place]);
                }
            }
        }
    }
    all
}

fn one(
    subgraphs: &[Subgraph<Valid>],
    index: usize,
    name: &str,
    place: Place,
) -> Result<Request, Refusal> {
    let subgraph = &subgraphs[index];
    let refuse = |why: &str| {
        let message = format!(
            "directive \"{name}\" in subgraph \"{}\" {why}",
            subgraph.name
        );
        Err(Refusal::Error(message))
    };
    if name.is_empty() {
        return Err(Refusal::Error(format!(
            "argument to @composeDirective in subgraph \"{}\" cannot be null or an empty string",
            subgraph.name
        )));
    }
    let Some(local) = name.strip_prefix('@') else {
        return refuse("cannot be composed because it does not begin with \"@\"");
    };
    let links = &subgraph.links;
    let role = links.role(local);
    if role.is_some_and(|role| BY_DEFAULT.contains(&role)) {
        return Err(Refusal::Hint(format!(
            "directive \"{name}\" should not be explicitly manually composed since it is a federation directive composed by default"
        )));
    }
    let source = links.source_of(local);
    let federations = source
        .as_ref()
        .is_some_and(|(feature, _)| feature.identity == FEDERATION || feature.identity == LINK);
    if role.is_some() || federations || local == "link" {
        return refuse("cannot be composed because it is a directive of federation");
    }
    let built_in = matches!(
        local,
        "deprecated" | "specifiedBy" | "oneOf" | "skip" | "include"
    );
    if !built_in && !subgraph.schema.directive_definitions.contains_key(local) {
        return refuse("cannot be composed because it is not defined there");
    }
    let Some((feature, element)) = source else {
        return refuse("cannot be composed because it is not a member of a core feature");
    };
    if feature.local(&element) != local {
        return refuse("cannot be composed because it is imported to a different name");
    }
    for role in [Role::Tag, Role::Inaccessible] {
        let other = subgraphs
            .iter()
            .find(|other| other.links.name(role).is_some_and(|name| name == local));
        if let Some(other) = other {
            return refuse(&format!(
                "cannot be composed because it conflicts with the federation directive \"{}\" in subgraph \"{}\", which is composed by default",
                role.element(),
                other.name
            ));
        }
    }
    Ok(Request {
        subgraph: index,
        local: local.to_owned(),
        element,
        identity: feature.identity.clone(),
        version: feature.version,
        place,
    })
}
