//! [`Subgraph<Parsed>`] → [`Subgraph<Linked>`]: which name means what.
//!
//! Every other module asks [`Links`] for the local name of a federation directive, because `@link`
//! may rename each of them. A schema that links neither the link specification nor federation is a
//! Federation 1 schema, where the names are fixed and other links mean nothing.

mod definitions;
mod import;
mod names;
mod resolve;
mod role;
mod url;

use std::sync::OnceLock;

use apollo_compiler::ast::{self, Definition, DirectiveList};
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::{Name, Node, Schema, schema};

pub(crate) use role::Role;
pub(crate) use url::{Version, parse as parse_url};

use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::{Linked, Parsed, Subgraph};
use crate::validate;

pub(crate) const FEDERATION: &str = "https://specs.apollo.dev/federation";
pub(crate) const LINK: &str = "https://specs.apollo.dev/link";

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
    /// What federation itself defines under these names; read when first asked for.
    definitions: OnceLock<ast::Document>,
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

    /// What is linked under this identity.
    pub(crate) fn feature(&self, identity: &str) -> Option<&Feature> {
        self.features.iter().find(|one| one.identity == identity)
    }

    /// The import that takes the place of a directive of this name: the name belongs to a feature
    /// whose directive is imported under another one.
    pub(crate) fn shadowing(&self, local: &str) -> Option<&str> {
        let prefixed = names::prefix(local).and_then(|(alias, element)| {
            let feature = self.features.iter().find(|one| one.alias == alias)?;
            Some((feature, element))
        });
        let (feature, element) = prefixed.or_else(|| {
            let feature = self.features.iter().find(|one| one.alias == local)?;
            Some((feature, feature.name.as_str()))
        })?;
        let import = feature
            .imports
            .iter()
            .find(|import| import.element.strip_prefix('@') == Some(element))?;
        let name = import.local.trim_start_matches('@');
        (name != local).then_some(name)
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

    /// What federation itself defines, under the names that it has here.
    fn definitions(&self) -> &ast::Document {
        self.definitions.get_or_init(|| definitions::all(self))
    }

    fn claim(&mut self, role: Role, name: Name) {
        self.definitions = OnceLock::new();
        self.roles.insert(name.clone(), role);
        self.names.insert(role, name);
    }
}

pub(crate) fn run(subgraph: Subgraph<Parsed>) -> Result<Subgraph<Linked>, Vec<Diagnostic>> {
    let mut problems = Problems {
        subgraph: &subgraph,
        found: Vec::new(),
    };
    let Some(mut links) = resolve::run(&mut problems) else {
        return Err(problems.found);
    };
    let document = definitions::without_ignored(&links, &subgraph.document);
    links.claim_defined(&document);
    definitions::check(&links, &document, &mut problems);
    let prior = problems.found;
    let added = definitions::missing(&links, &document);
    let checked = validate::graphql::run(&subgraph, &document, &added, &links, prior)?;
    let extended = extended_only(&document);
    Ok(subgraph.into_state(|_| Linked {
        schema: checked.schema,
        links,
        extended,
        pending: checked.pending,
    }))
}

/// The types that a document extends without defining them.
fn extended_only(document: &ast::Document) -> IndexSet<Name> {
    let (mut extended, mut defined) = (IndexSet::default(), IndexSet::default());
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

/// The text of a string argument.
pub(crate) fn string_argument<'a>(directive: &'a ast::Directive, name: &str) -> Option<&'a str> {
    directive.specified_argument_by_name(name)?.as_str()
}

/// Whether a definition extends another one.
pub(crate) fn is_extension(definition: &Definition) -> bool {
    definitions::is_extension(definition)
}

/// The fields of `Query` that belong to the subgraph protocol.
pub(crate) const SERVICE_FIELDS: &[&str] = definitions::SERVICE_FIELDS;

/// Takes out of a schema what federation itself puts into every subgraph.
pub(crate) fn strip(schema: &mut Schema, links: &Links) {
    definitions::strip(schema, links);
}
