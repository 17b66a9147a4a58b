//! Reads all links of a schema, and gives each federation directive its local name.
//!
//! `UNKNOWN_LINK_VERSION`, `UNKNOWN_FEDERATION_LINK_VERSION` and most of
//! `INVALID_LINK_DIRECTIVE_USAGE` arise here.

use std::sync::OnceLock;

use apollo_compiler::ast::{self, Definition};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::{Name, Node};

use super::names::Features;
use super::{
    FEDERATION, Feature, Federation, LINK, Links, Problems, Role, Version, import, parse_url,
    string_argument,
};
use crate::diagnostic::Code;

/// The newest published version of Federation 2 that we speak.
pub(super) const FEDERATION_MINOR_MAX: u32 = 14;

/// What the links of a schema mean; the mistakes in them are reported beside those of the schema.
/// `None` if nothing else can be said of the schema without those that are wrong.
pub(super) fn run(problems: &mut Problems<'_>) -> Option<Links> {
    let applied = applied_to_schema(&problems.subgraph.document);
    let Some(bootstrap) = bootstrap(&applied) else {
        return Some(federation_one());
    };
    let implied = bootstrap.core.is_none();
    let mut features = Features::default();
    if let Some(core) = bootstrap.core {
        let before = problems.found.len();
        if let Some(core) = import::read(&applied[core], problems) {
            if core.version != (Version { major: 1, minor: 0 }) {
                problems.push(
                    Code::UnknownLinkVersion,
                    &format!(
                        "schema uses unknown version {} of the link spec",
                        core.version
                    ),
                    core.span,
                );
            } else if let Err(error) = features.add(core.clone()) {
                problems.push(
                    Code::InvalidLinkDirectiveUsage,
                    &error.to_string(),
                    core.span,
                );
            }
        }
        if problems.found.len() > before {
            return None;
        }
    }
    for (index, directive) in applied.iter().enumerate() {
        if directive.name != bootstrap.name || bootstrap.core == Some(index) {
            continue;
        }
        let before = problems.found.len();
        if let Some(feature) = import::read(directive, problems)
            && let Err(error) = features.add(feature)
        {
            problems.push(
                Code::InvalidLinkDirectiveUsage,
                &error.to_string(),
                directive.location(),
            );
        }
        // Who does not link the link specification does not learn of more than the first mistake.
        if implied && problems.found.len() > before {
            return None;
        }
    }
    Some(links(features.into_list(), problems))
}

/// Gives the directives of federation their names here.
fn links(features: Vec<Feature>, problems: &mut Problems<'_>) -> Links {
    let federation = features.iter().find(|one| one.identity == FEDERATION);
    let mut links = match federation {
        None => {
            refuse_separate_features(&features, problems);
            federation_one()
        }
        Some(federation) => {
            let known =
                federation.version.major == 2 && federation.version.minor <= FEDERATION_MINOR_MAX;
            if !known {
                problems.push(
                    Code::UnknownFederationLinkVersion,
                    &format!(
                        "invalid version {} for the federation feature in @link directive on schema",
                        federation.version
                    ),
                    federation.span,
                );
            }
            let mut links = Links {
                federation: Federation::Two(federation.version.minor),
                features: Vec::new(),
                roles: IndexMap::default(),
                names: IndexMap::default(),
                definitions: OnceLock::new(),
            };
            // Of an unknown version nobody knows the directives.
            let roles = if known { Role::ALL } else { &[] };
            for role in roles {
                if role.since() <= federation.version.minor
                    && let Ok(name) = Name::new(&federation.local(role.element()))
                {
                    links.claim(*role, name);
                }
            }
            links
        }
    };
    for (identity, role) in SEPARATE {
        if let Some(feature) = features.iter().find(|one| one.identity == *identity)
            && let Ok(name) = Name::new(&feature.local(role.element()))
        {
            links.claim(*role, name);
        }
    }
    links.features = features;
    links
}

/// Features that older schemas link on their own instead of importing them from federation.
const SEPARATE: &[(&str, Role)] = &[
    ("https://specs.apollo.dev/tag", Role::Tag),
    ("https://specs.apollo.dev/inaccessible", Role::Inaccessible),
];

/// Only federation itself brings `@inaccessible` to a subgraph.
fn refuse_separate_features(features: &[Feature], problems: &mut Problems<'_>) {
    for (identity, role) in SEPARATE {
        if let Some(feature) = features.iter().find(|one| one.identity == *identity)
            && *role != Role::Tag
        {
            problems.push(
                Code::InvalidLinkDirectiveUsage,
                &format!(
                    "import \"{}\" from the feature \"{FEDERATION}\" instead of using \"{identity}\"",
                    role.element()
                ),
                feature.span,
            );
        }
    }
}

pub(super) fn federation_one() -> Links {
    let mut links = Links {
        federation: Federation::One,
        features: Vec::new(),
        roles: IndexMap::default(),
        names: IndexMap::default(),
        definitions: OnceLock::new(),
    };
    for (role, name) in [
        (Role::Key, "key"),
        (Role::Requires, "requires"),
        (Role::Provides, "provides"),
        (Role::External, "external"),
        (Role::Tag, "tag"),
        (Role::Extends, "extends"),
    ] {
        links.claim(role, Name::new_static_unchecked(name));
    }
    links
}

/// Every directive on `schema`, then those on its extensions.
fn applied_to_schema(document: &ast::Document) -> Vec<Node<ast::Directive>> {
    let (mut all, mut extended) = (Vec::new(), Vec::new());
    for definition in &document.definitions {
        match definition {
            Definition::SchemaDefinition(schema) => all.extend(schema.directives.iter().cloned()),
            Definition::SchemaExtension(schema) => {
                extended.extend(schema.directives.iter().cloned());
            }
            _ => {}
        }
    }
    all.extend(extended);
    all
}

/// Where linking begins.
struct Bootstrap {
    /// What `@link` is called here.
    name: Name,
    /// Which directive of the schema links the link specification; nothing if only federation is
    /// linked, which implies it.
    core: Option<usize>,
}

/// Nothing if this schema does not use the link specification.
fn bootstrap(applied: &[Node<ast::Directive>]) -> Option<Bootstrap> {
    let core = applied.iter().position(|directive| {
        let url = string_argument(directive, "url").and_then(|url| parse_url(url).ok());
        let alias = string_argument(directive, "as").unwrap_or("link");
        url.is_some_and(|url| url.identity == LINK) && directive.name == alias
    });
    if let Some(core) = core {
        return Some(Bootstrap {
            name: applied[core].name.clone(),
            core: Some(core),
        });
    }
    applied
        .iter()
        .find(|directive| {
            directive.name == "link"
                && string_argument(directive, "url").is_some_and(|url| {
                    url.starts_with(FEDERATION)
                        || url.starts_with("http://specs.apollo.dev/federation")
                })
        })
        .map(|directive| Bootstrap {
            name: directive.name.clone(),
            core: None,
        })
}
