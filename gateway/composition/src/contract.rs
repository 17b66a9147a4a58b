//! Contracts: a composed graph with some of its elements hidden, chosen by their tags.
//!
//! By the published rules of Apollo's contracts:
//!
//! - What is tagged with an excluded tag is hidden, whatever else it is tagged with.
//! - If tags are included, a union and a field of an object or interface is hidden unless it has one
//!   of them. A tag of an object or interface counts for all of its fields. Scalars, enums, inputs
//!   and arguments have no need of a tag.
//! - An interface's field is hidden with the same field of one of its implementations.
//! - A type of which nothing is left is hidden.
//! - If asked for, so is a type that no operation reaches any more.
//!
//! Hiding is saying `@inaccessible`, so that routers still see and use everything. What is left must
//! be a schema by the rules of `@inaccessible`.

mod mark;
mod reachable;

use apollo_compiler::ast::{Directive, Value};
use apollo_compiler::collections::IndexSet;
use apollo_compiler::schema::{Component, ComponentOrigin, ExtendedType};
use apollo_compiler::{Name, Node, Schema};

use crate::diagnostic::Diagnostic;
use crate::specifications::Specifications;
use crate::{api, check, emit, schemas};

const TAG: &str = "https://specs.apollo.dev/tag/";
const INACCESSIBLE: &str = "https://specs.apollo.dev/inaccessible/";

/// What `@inaccessible` is where a supergraph does not link it yet.
const DEFINITION: &str = "extend schema @link(url: \"https://specs.apollo.dev/inaccessible/v0.2\", for: SECURITY)\n\
    directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION\n";

/// Which elements a contract shows.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Filter {
    /// Only what has one of these tags; everything if there are none.
    pub include: Vec<String>,
    /// Nothing that has one of these tags.
    pub exclude: Vec<String>,
    /// What becomes of types that no operation reaches.
    pub unreachable: Unreachable,
}

/// What becomes of types that no operation reaches.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Unreachable {
    /// They stay in the API schema.
    #[default]
    Keep,
    /// They are hidden.
    Hide,
}

/// A graph as one contract shows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Variant {
    /// The whole supergraph, in which the rest is `@inaccessible`.
    pub supergraph: String,
    /// What the clients of the contract see.
    pub api_schema: String,
}

/// Why a contract cannot be made.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Error {
    /// The text is no supergraph: it does not parse or is not valid.
    #[error("the supergraph is not valid: {0}")]
    Supergraph(String),

    /// A tag stands in both lists.
    #[error("tag \"{0}\" is both included and excluded")]
    Contradiction(String),

    /// What is left is no schema; above all if nothing is left.
    #[error("what is left is not a schema: {}", list(.0))]
    Invalid(Vec<Diagnostic>),
}

fn list(diagnostics: &[Diagnostic]) -> String {
    let texts: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    texts.join("; ")
}

/// Makes the variant of a supergraph, as [`compose`](crate::compose) or another composer wrote it,
/// that a filter shows.
///
/// # Errors
///
/// [`Error::Invalid`] with every mistake of what is left, [`Error::Supergraph`] and
/// [`Error::Contradiction`] if the input makes no sense.
pub fn filter(supergraph: &str, filter: &Filter) -> Result<Variant, Error> {
    if let Some(both) = filter
        .include
        .iter()
        .find(|one| filter.exclude.contains(one))
    {
        return Err(Error::Contradiction(both.clone()));
    }
    let mut schema = read(supergraph)?;
    let hidden = match local_name(&schema, INACCESSIBLE) {
        Some(name) => name,
        None => {
            schema = read(&format!("{supergraph}\n{DEFINITION}"))?;
            for directive in &mut schema.schema_definition.make_mut().directives.0 {
                directive.origin = ComponentOrigin::Definition;
            }
            Name::new_static_unchecked("inaccessible")
        }
    };
    // A supergraph without tags has nothing to choose by, which the rules cover as well.
    let tag = local_name(&schema, TAG).unwrap_or(Name::new_static_unchecked("tag"));
    mark::run(&mut schema, filter, &tag, &hidden);
    mark::empty(&mut schema, &hidden);
    if filter.unreachable == Unreachable::Hide {
        reachable::hide_others(&mut schema, &hidden);
    }
    let found = check::hidden_elements(&[], &schema, &hidden);
    if !found.is_empty() {
        return Err(Error::Invalid(found));
    }
    let api = api::derive(&schema, &hidden, &own_directives(&schema));
    Ok(Variant {
        supergraph: emit::print(&schema),
        api_schema: emit::print(&api),
    })
}

fn read(text: &str) -> Result<Schema, Error> {
    let parsed = Schema::parse_and_validate(text, "supergraph.graphql");
    parsed
        .map(apollo_compiler::validation::Valid::into_inner)
        .map_err(|broken| {
            let first = broken.errors.iter().next().map(|one| one.error.to_string());
            Error::Supergraph(first.unwrap_or_else(|| "it does not parse".to_owned()))
        })
}

/// What a supergraph calls the directive that a specification is named after.
fn local_name(schema: &Schema, specification: &str) -> Option<Name> {
    let links = schema.schema_definition.directives.get_all("link");
    let link = links.into_iter().find(|link| {
        let url = link.specified_argument_by_name("url");
        url.and_then(|url| url.as_str())
            .is_some_and(|url| url.starts_with(specification))
    })?;
    let bare = specification.trim_end_matches('/').rsplit('/').next()?;
    let imported = imported_as(link, &format!("@{bare}"));
    let renamed = link
        .specified_argument_by_name("as")
        .and_then(|one| one.as_str());
    Name::new(imported.or(renamed).unwrap_or(bare)).ok()
}

/// The name, without `@`, under which a link imports an element.
fn imported_as<'a>(link: &'a Directive, element: &str) -> Option<&'a str> {
    let imports = link.specified_argument_by_name("import")?.as_list()?;
    imports.iter().find_map(|one| {
        let name = match &**one {
            Value::String(name) => (name == element).then_some(name.as_str()),
            Value::Object(fields) => {
                let text = |wanted: &str| {
                    let field = fields.iter().find(|(name, _)| name == wanted);
                    field.and_then(|(_, value)| value.as_str())
                };
                text("name")
                    .filter(|name| *name == element)
                    .map(|name| text("as").unwrap_or(name))
            }
            _ => None,
        };
        name.map(|name| name.trim_start_matches('@'))
    })
}

/// The directives that clients may use in operations.
fn own_directives(schema: &Schema) -> IndexSet<Name> {
    let specifications = Specifications::linked_by(schema);
    let definitions = schema.directive_definitions.values();
    definitions
        .filter(|one| specifications.leave_directive(one))
        .filter(|one| one.locations.iter().any(|at| schemas::is_executable(*at)))
        .map(|one| one.name.clone())
        .collect()
}

fn is_hidden(schema: &Schema, ty: &str, hidden: &str) -> bool {
    let definition = schema.types.get(ty);
    definition.is_some_and(|ty| ty.directives().has(hidden))
}

/// Says that a type is hidden.
fn hide(ty: &mut ExtendedType, hidden: &Name) {
    if ty.directives().has(hidden) {
        return;
    }
    let directive = Component::new(inaccessible(hidden));
    match ty {
        ExtendedType::Scalar(one) => one.make_mut().directives.0.push(directive),
        ExtendedType::Object(one) => one.make_mut().directives.0.push(directive),
        ExtendedType::Interface(one) => one.make_mut().directives.0.push(directive),
        ExtendedType::Union(one) => one.make_mut().directives.0.push(directive),
        ExtendedType::Enum(one) => one.make_mut().directives.0.push(directive),
        ExtendedType::InputObject(one) => one.make_mut().directives.0.push(directive),
    }
}

fn inaccessible(hidden: &Name) -> Directive {
    Directive {
        name: hidden.clone(),
        arguments: Vec::new(),
    }
}

/// Says that an element of a type is hidden.
fn hide_element(list: &mut apollo_compiler::ast::DirectiveList, hidden: &Name) {
    if !list.has(hidden) {
        list.push(Node::new(inaccessible(hidden)));
    }
}
