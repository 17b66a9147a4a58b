//! Reads all links of a schema, and gives each federation directive its local name.
//!
//! `UNKNOWN_LINK_VERSION`, `UNKNOWN_FEDERATION_LINK_VERSION` and most of
//! `INVALID_LINK_DIRECTIVE_USAGE` arise here.

use std::sync::OnceLock;

use apollo_compiler::ast::{self, Definition};
use apollo_compiler::{Name, Node};
use indexmap::IndexMap;

use super::{
    FEDERATION, Feature, Federation, LINK, Links, Problems, Role, Version, import, string_argument,
};
use crate::diagnostic::{Code, Diagnostic};

/// The newest published version of Federation 2 that we speak.
const FEDERATION_MINOR_MAX: u32 = 14;

pub(super) fn run(problems: &mut Problems<'_>) -> Links {
    let applied = applied_to_schema(&problems.subgraph.document);
    let Some(link_name) = link_directive_name(&applied) else {
        return federation_one();
    };
    let mut features: Vec<Feature> = Vec::new();
    let mut imported: IndexMap<String, String> = IndexMap::new();
    for directive in applied.iter().filter(|one| one.name == link_name) {
        // Without the identifier the names of the whole schema are in doubt.
        let Some(feature) = import::read(directive, problems) else {
            return federation_one();
        };
        let span = directive.location();
        if feature.identity == LINK && feature.version != (Version { major: 1, minor: 0 }) {
            problems.push(
                Code::UnknownLinkVersion,
                &format!(
                    "schema uses unknown version {} of the link spec",
                    feature.version
                ),
                span,
            );
        }
        if feature.identity == FEDERATION
            && (feature.version.major != 2 || feature.version.minor > FEDERATION_MINOR_MAX)
        {
            problems.push(
                Code::UnknownFederationLinkVersion,
                &format!(
                    "invalid version {} for the federation feature in @link directive on schema",
                    feature.version
                ),
                span,
            );
            continue;
        }
        if features
            .iter()
            .any(|other| other.identity == feature.identity)
        {
            problems.push(
                Code::InvalidLinkDirectiveUsage,
                &format!(
                    "cannot link feature \"{}\" since it has already been linked",
                    feature.identity
                ),
                span,
            );
            continue;
        }
        if let Some(other) = features.iter().find(|other| other.alias == feature.alias) {
            problems.push(
                Code::InvalidLinkDirectiveUsage,
                &format!(
                    "cannot link feature {} as \"{}\" since another feature \"{}\" already uses that alias; rename one via \"as\"",
                    feature.identity, feature.alias, other.identity
                ),
                span,
            );
            continue;
        }
        for import in &feature.imports {
            if let Some(other) = imported.insert(import.local.clone(), feature.identity.clone())
                && other != feature.identity
            {
                problems.push(
                    Code::InvalidLinkDirectiveUsage,
                    &format!(
                        "cannot import \"{}\" from feature \"{}\" since it was previously imported from feature \"{other}\"",
                        import.local, feature.identity
                    ),
                    span,
                );
            }
        }
        features.push(feature);
    }
    let Some(federation) = features.iter().find(|one| one.identity == FEDERATION) else {
        let mut links = federation_one();
        refuse_separate_features(&features, None, problems);
        for (identity, role) in SEPARATE {
            if let Some(feature) = features.iter().find(|one| one.identity == *identity)
                && let Ok(name) = Name::new(&feature.local(role.element()))
            {
                links.claim(*role, name);
            }
        }
        links.features = features;
        return links;
    };
    let mut links = Links {
        federation: Federation::Two(federation.version.minor),
        features: Vec::new(),
        roles: IndexMap::new(),
        names: IndexMap::new(),
        definitions: OnceLock::new(),
    };
    for role in Role::ALL {
        if role.since() > federation.version.minor {
            continue;
        }
        if let Ok(name) = Name::new(&federation.local(role.element())) {
            links.claim(*role, name);
        }
    }
    import::check_known(federation, problems);
    refuse_separate_features(&features, Some(federation), problems);
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

/// A directive that is imported from federation must not come from its own specification as well.
fn refuse_separate_features(
    features: &[Feature],
    federation: Option<&Feature>,
    problems: &mut Problems<'_>,
) {
    for (identity, role) in SEPARATE {
        let Some(feature) = features.iter().find(|one| one.identity == *identity) else {
            continue;
        };
        let twice = federation.is_some_and(|federation| {
            federation
                .imports
                .iter()
                .any(|import| import.element == role.element())
        });
        let unusable = federation.is_none() && *role != Role::Tag;
        if twice || unusable {
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
        roles: IndexMap::new(),
        names: IndexMap::new(),
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

/// Whether a schema with these mistakes in its links can be judged as if it had none: where the
/// link specification itself is linked, or only the version of federation is unknown.
pub(super) fn can_go_on(document: &ast::Document, found: &[Diagnostic]) -> bool {
    let links_link = applied_to_schema(document).iter().any(|directive| {
        string_argument(directive, "url")
            .is_some_and(|url| url.starts_with("https://specs.apollo.dev/link/"))
    });
    let bad_identifier = found
        .iter()
        .any(|one| one.code == Code::InvalidLinkIdentifier);
    let version_only = found
        .iter()
        .all(|one| one.code == Code::UnknownFederationLinkVersion);
    !bad_identifier && (links_link || version_only)
}

/// Every directive on `schema` and its extensions.
fn applied_to_schema(document: &ast::Document) -> Vec<Node<ast::Directive>> {
    let mut all = Vec::new();
    for definition in &document.definitions {
        let directives = match definition {
            Definition::SchemaDefinition(schema) => &schema.directives,
            Definition::SchemaExtension(schema) => &schema.directives,
            _ => continue,
        };
        all.extend(directives.iter().cloned());
    }
    all
}

/// What `@link` is called here; nothing if this schema does not use the link specification.
fn link_directive_name(applied: &[Node<ast::Directive>]) -> Option<Name> {
    for directive in applied {
        let Some(url) = string_argument(directive, "url") else {
            continue;
        };
        let named = |expected: &str| directive.name == expected;
        if url.starts_with("https://specs.apollo.dev/link/") {
            let alias = string_argument(directive, "as").unwrap_or("link");
            if named(alias) {
                return Some(directive.name.clone());
            }
        }
        let federation = url
            .strip_prefix("https://specs.apollo.dev/federation/")
            .or_else(|| url.strip_prefix("http://specs.apollo.dev/federation/"));
        if federation.is_some() && named("link") {
            return Some(directive.name.clone());
        }
    }
    None
}
