//! [`Subgraph<Parsed>`] → [`Subgraph<Linked>`]: which name means what.
//!
//! Every other module asks [`Links`] for the local name of a federation directive, because `@link`
//! may rename each of them. A schema that links neither the link specification nor federation is a
//! Federation 1 schema, where the names are fixed and other links mean nothing.

mod definitions;
mod import;
mod role;
mod url;

use apollo_compiler::ast::{self, Definition, DirectiveList};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::{Name, Node, Schema, schema};
use indexmap::{IndexMap, IndexSet};

pub(crate) use role::Role;
pub(crate) use url::{Version, parse as parse_url};

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{Linked, Parsed, Subgraph};
use crate::validate;

pub(crate) const FEDERATION: &str = "https://specs.apollo.dev/federation";
pub(crate) const LINK: &str = "https://specs.apollo.dev/link";

/// The newest published version of Federation 2 that we speak.
const FEDERATION_MINOR_MAX: u32 = 14;

/// The federation that a schema is written for.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Federation {
    One,
    /// With its minor version.
    Two(u32),
}

/// What a schema links.
#[derive(Clone, Debug)]
pub(crate) struct Links {
    pub(crate) federation: Federation,
    pub(crate) features: Vec<Feature>,
    roles: IndexMap<Name, Role>,
    names: IndexMap<Role, Name>,
}

/// One `@link`.
#[derive(Clone, Debug)]
pub(crate) struct Feature {
    /// The URL without its version.
    pub(crate) identity: String,
    pub(crate) version: Version,
    /// What its elements are prefixed with here; its own directive has this name.
    pub(crate) alias: String,
    /// The name as the URL gives it.
    pub(crate) name: String,
    pub(crate) imports: Vec<import::Import>,
    pub(crate) span: Option<SourceSpan>,
}

impl Feature {
    /// The local name of an element of this feature, written with `@` if it is a directive.
    pub(crate) fn local(&self, element: &str) -> String {
        if let Some(import) = self.imports.iter().find(|import| import.element == element) {
            return import.local.trim_start_matches('@').to_owned();
        }
        let bare = element.trim_start_matches('@');
        if element.starts_with('@') && bare == self.name {
            return self.alias.clone();
        }
        format!("{}__{bare}", self.alias)
    }
}

impl Links {
    /// The role of the directive that is called `name` here.
    pub(crate) fn role(&self, name: &str) -> Option<Role> {
        self.roles.get(name).copied()
    }

    /// What the directive with this role is called here.
    pub(crate) fn name(&self, role: Role) -> Option<&Name> {
        self.names.get(&role)
    }

    /// The feature that a local directive comes from, and its name there with `@`.
    pub(crate) fn source_of(&self, local: &str) -> Option<(&Feature, String)> {
        for feature in &self.features {
            for import in &feature.imports {
                if import.local.strip_prefix('@') == Some(local) {
                    return Some((feature, import.element.clone()));
                }
            }
        }
        for feature in &self.features {
            if feature.alias == local {
                return Some((feature, format!("@{}", feature.name)));
            }
            if let Some(element) = local
                .strip_prefix(feature.alias.as_str())
                .and_then(|rest| rest.strip_prefix("__"))
            {
                return Some((feature, format!("@{element}")));
            }
        }
        None
    }

    /// The applications with this role on a type or the schema.
    pub(crate) fn on_type<'a>(
        &'a self,
        list: &'a schema::DirectiveList,
        role: Role,
    ) -> impl Iterator<Item = &'a schema::Component<ast::Directive>> {
        let name = self.name(role);
        list.iter().filter(move |one| Some(&one.name) == name)
    }

    /// The applications with this role on a field, argument or value.
    pub(crate) fn on<'a>(
        &'a self,
        list: &'a DirectiveList,
        role: Role,
    ) -> impl Iterator<Item = &'a Node<ast::Directive>> {
        let name = self.name(role);
        list.iter().filter(move |one| Some(&one.name) == name)
    }

    pub(crate) fn type_has(&self, list: &schema::DirectiveList, role: Role) -> bool {
        self.on_type(list, role).next().is_some()
    }

    pub(crate) fn has(&self, list: &DirectiveList, role: Role) -> bool {
        self.on(list, role).next().is_some()
    }

    /// Claims roles for the upgraded form of a Federation 1 schema.
    pub(crate) fn upgrade(&mut self) {
        self.federation = Federation::Two(definitions::UPGRADED_MINOR);
        self.claim(Role::Shareable, Name::new_static_unchecked("shareable"));
    }

    /// Some libraries define directives of Federation 2 without linking them; upgraded, they mean
    /// what they say.
    fn claim_defined(&mut self, document: &ast::Document) {
        if self.federation != Federation::One {
            return;
        }
        for role in [
            Role::Shareable,
            Role::Inaccessible,
            Role::Override,
            Role::ComposeDirective,
            Role::InterfaceObject,
        ] {
            let name = &role.element()[1..];
            let defined = document.definitions.iter().any(|definition| {
                matches!(definition, Definition::DirectiveDefinition(one) if one.name == name)
            });
            if defined && self.name(role).is_none() {
                self.claim(role, Name::new_static_unchecked(name));
            }
        }
    }

    fn claim(&mut self, role: Role, name: Name) {
        self.roles.insert(name.clone(), role);
        self.names.insert(role, name);
    }
}

pub(crate) fn run(subgraph: Subgraph<Parsed>) -> Result<Subgraph<Linked>, Vec<Diagnostic>> {
    let mut problems = Problems {
        subgraph: &subgraph,
        found: Vec::new(),
    };
    let mut links = resolve(&mut problems);
    if !problems.found.is_empty() {
        return Err(problems.found);
    }
    links.claim_defined(&subgraph.document);
    definitions::check(&links, &mut problems);
    let found = problems.found;
    if !found.is_empty() {
        return Err(found);
    }
    let document = definitions::without_builtins(&subgraph.document);
    let added = definitions::missing(&links, &document);
    let schema = validate::graphql::run(&subgraph, &document, &added, &links)?;
    let extended = extended_only(&document);
    Ok(subgraph.into_state(|_| Linked {
        schema,
        links,
        extended,
    }))
}

fn extended_only(document: &ast::Document) -> IndexSet<Name> {
    let (mut extended, mut defined) = (IndexSet::new(), IndexSet::new());
    for definition in &document.definitions {
        let Some(name) = definition.name() else {
            continue;
        };
        match definition {
            Definition::DirectiveDefinition(_)
            | Definition::OperationDefinition(_)
            | Definition::FragmentDefinition(_) => {}
            _ if definitions::is_extension(definition) => {
                extended.insert(name.clone());
            }
            _ => {
                defined.insert(name.clone());
            }
        }
    }
    extended.retain(|name| !defined.contains(name));
    extended
}

/// The errors of linking, each at its place.
pub(crate) struct Problems<'a> {
    pub(crate) subgraph: &'a Subgraph<Parsed>,
    pub(crate) found: Vec<Diagnostic>,
}

impl Problems<'_> {
    pub(crate) fn push(&mut self, code: Code, message: &str, span: Option<SourceSpan>) {
        let place = self
            .subgraph
            .place_in(&self.subgraph.document.sources, span);
        self.found.push(Diagnostic::new(
            code,
            format!("[{}] {message}", self.subgraph.name),
            vec![place],
        ));
    }
}

fn resolve(problems: &mut Problems<'_>) -> Links {
    let applied = applied_to_schema(&problems.subgraph.document);
    let Some(link_name) = link_directive_name(&applied) else {
        return federation_one();
    };
    let mut features: Vec<Feature> = Vec::new();
    let mut imported: IndexMap<String, String> = IndexMap::new();
    for directive in applied.iter().filter(|one| one.name == link_name) {
        let Some(feature) = import::read(directive, problems) else {
            continue;
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

fn federation_one() -> Links {
    let mut links = Links {
        federation: Federation::One,
        features: Vec::new(),
        roles: IndexMap::new(),
        names: IndexMap::new(),
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

/// The text of a string argument.
pub(crate) fn string_argument<'a>(directive: &'a ast::Directive, name: &str) -> Option<&'a str> {
    directive.specified_argument_by_name(name)?.as_str()
}

/// Takes out of a schema what federation itself puts into every subgraph.
pub(crate) fn strip(schema: &mut Schema, links: &Links) {
    definitions::strip(schema, links);
}
