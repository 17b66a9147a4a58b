//! What federation itself defines, under the names and in the version of a schema's links.
//!
//! The text of the specifications is parsed once for all subgraphs: parsing it for each cost more
//! than reading a small subgraph.

use std::sync::LazyLock;

use apollo_compiler::Name;
use apollo_compiler::ast::{Definition, DirectiveDefinition, DirectiveLocation, Document, Type};

use super::super::{FEDERATION, Federation, LINK, Links, Role};

static SPECIFIED: LazyLock<Document> = LazyLock::new(|| {
    Document::parse(include_str!("federation.graphql"), "federation.graphql")
        .expect("the text is a constant, and right")
});

/// The definitions under their local names. A name that is none, as an import can ask for, leaves
/// its definition out; it breaks the schema that uses it as well.
pub(in super::super) fn all(links: &Links) -> Document {
    let names = LocalNames::of(links);
    Document {
        sources: SPECIFIED.sources.clone(),
        definitions: SPECIFIED
            .definitions
            .iter()
            .filter_map(|definition| local(definition, links, &names))
            .collect(),
    }
}

/// One definition as this schema sees it, if it is there in its version.
fn local(definition: &Definition, links: &Links, names: &LocalNames) -> Option<Definition> {
    match definition {
        Definition::DirectiveDefinition(directive) => {
            let mut directive = directive.clone();
            let own = directive.make_mut();
            if own.name == "link" {
                own.name = names.link.clone()?;
            } else {
                let role = Role::of_element(&own.name)?;
                own.name = links.name(role)?.clone();
                age(own, role, links.federation);
            }
            for argument in &mut own.arguments {
                if let Some(to) = names.of_type(argument.ty.inner_named_type()) {
                    let to = to.clone()?;
                    let argument = argument.make_mut();
                    rename(argument.ty.make_mut(), &to);
                }
            }
            Some(Definition::DirectiveDefinition(directive))
        }
        Definition::EnumTypeDefinition(purpose) => {
            let mut purpose = purpose.clone();
            purpose.make_mut().name = names.purpose.clone()?;
            Some(Definition::EnumTypeDefinition(purpose))
        }
        Definition::ScalarTypeDefinition(scalar) => {
            let since = match scalar.name.as_str() {
                "Scope" => Some(Role::RequiresScopes.since()),
                "Policy" => Some(Role::Policy.since()),
                "ContextFieldValue" => Some(Role::FromContext.since()),
                _ => None,
            };
            if since.is_some_and(|since| links.federation < Federation::Two(since)) {
                return None;
            }
            let mut scalar = scalar.clone();
            let to = names.of_type(&scalar.name).and_then(Clone::clone)?;
            scalar.make_mut().name = to;
            Some(Definition::ScalarTypeDefinition(scalar))
        }
        _ => None,
    }
}

/// Takes away what came with later versions.
fn age(directive: &mut DirectiveDefinition, role: Role, federation: Federation) {
    let minor = match federation {
        Federation::One => 0,
        Federation::Two(minor) => minor,
    };
    match role {
        Role::Tag if minor < 3 => directive
            .locations
            .retain(|location| *location != DirectiveLocation::Schema),
        // Federation 1 has it only by upgrading, which is to a version in which it is repeatable.
        Role::Shareable => directive.repeatable = minor >= 2 || federation == Federation::One,
        Role::Override if minor < 7 => directive.arguments.retain(|one| one.name != "label"),
        _ => {}
    }
}

/// What this schema calls the elements that are no directives with a role; nothing where the link
/// gives a name that is none.
struct LocalNames {
    link: Option<Name>,
    purpose: Option<Name>,
    import: Option<Name>,
    /// The scalars of federation, under their names there.
    scalars: [(&'static str, Option<Name>); 4],
}

impl LocalNames {
    fn of(links: &Links) -> Self {
        let link = links.feature(LINK);
        let federation = links.feature(FEDERATION);
        let of_link = |element: &str| {
            let local = link.map_or_else(
                || format!("link__{element}"),
                |feature| feature.local(element),
            );
            Name::new(&local).ok()
        };
        let scalar = |element: &'static str| {
            let local =
                federation.map_or_else(|| format!("_{element}"), |feature| feature.local(element));
            (element, Name::new(&local).ok())
        };
        Self {
            link: Name::new(link.map_or("link", |feature| feature.alias.as_str())).ok(),
            purpose: of_link("Purpose"),
            import: of_link("Import"),
            scalars: ["FieldSet", "Scope", "Policy", "ContextFieldValue"].map(scalar),
        }
    }

    /// What a type of the specifications is called here; the outer nothing is GraphQL's own types.
    fn of_type(&self, name: &str) -> Option<&Option<Name>> {
        match name {
            "Purpose" => Some(&self.purpose),
            "Import" => Some(&self.import),
            _ => {
                let known = self.scalars.iter().find(|(element, _)| *element == name);
                known.map(|(_, local)| local)
            }
        }
    }
}

fn rename(ty: &mut Type, to: &Name) {
    match ty {
        Type::Named(name) | Type::NonNullNamed(name) => *name = to.clone(),
        Type::List(inner) | Type::NonNullList(inner) => rename(inner, to),
    }
}
