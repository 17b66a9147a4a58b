//! Valid subgraphs → one schema that carries everything, with the join directives that say who
//! resolves what.
//!
//! Types are visited in the order in which the subgraphs mention them, so equal input gives equal
//! output. Enums come last: how one is merged depends on where the others use it.

mod access;
mod arguments;
mod composed;
mod directives;
mod enums;
mod executable;
mod external;
mod features;
mod fields;
mod implied_version;
mod inputs;
mod join;
mod join_fields;
mod kinds;
mod overrides;
mod sharing;
mod strategies;
mod type_reference;
mod types;

use std::fmt;

use apollo_compiler::ast::Type;
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Schema, name};

pub(crate) use composed::Composition;
pub(crate) use implied_version::minor as federation_minor;
pub(crate) use join::directive;
use kinds::Kind;
pub(crate) use overrides::Overrides;
pub(crate) use strategies::{alternatives, conjoin};

use crate::diagnostic::{Code, Diagnostic, Hint, HintCode, Place};
use crate::holders::Holders;
use crate::link::Role;
use crate::places;
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

/// What the subgraphs make together.
pub(crate) struct Merged {
    /// The types with their join directives; the directive definitions of subgraphs only.
    pub(crate) schema: Schema,
    /// The names of the subgraphs as values of `join__Graph`.
    pub(crate) graphs: Vec<Name>,
    pub(crate) overrides: Overrides,
    /// The federation directives that appear, with their names.
    pub(crate) features: IndexMap<Role, Name>,
    pub(crate) composition: Composition,
    pub(crate) hints: Vec<Hint>,
}

/// How a merged type is reached: by answers, by questions, or both.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    input: bool,
    output: bool,
}

/// The state of one merge.
pub(crate) struct Merger<'a> {
    pub(crate) subgraphs: &'a [Subgraph<Valid>],
    holders: &'a Holders,
    graphs: Vec<Name>,
    pub(crate) errors: Vec<Diagnostic>,
    hints: Vec<Hint>,
    /// The types that are of several kinds.
    disputed: IndexSet<Name>,
    usage: IndexMap<Name, Usage>,
    /// (abstract type, type that it can be), from every subgraph.
    subtypes: IndexSet<(Name, Name)>,
    overrides: Overrides,
    features: IndexMap<Role, Name>,
    composition: Composition,
}

/// An element in the subgraphs that have it, by their order.
pub(crate) type Sources<'a, T> = Vec<(usize, &'a T)>;

pub(crate) fn run(subgraphs: &[Subgraph<Valid>]) -> Result<Merged, Vec<Diagnostic>> {
    let mut holders = Holders::new(subgraphs);
    let kinds = kinds::settle(subgraphs, &mut holders);
    let mut merger = Merger {
        subgraphs,
        holders: &holders,
        graphs: join::graph_names(subgraphs.iter().map(|one| one.name.as_str())),
        errors: Vec::new(),
        hints: Vec::new(),
        disputed: kinds.disputes.keys().cloned().collect(),
        usage: IndexMap::default(),
        subtypes: subtypes(subgraphs),
        overrides: Overrides::default(),
        features: IndexMap::default(),
        composition: Composition::default(),
    };
    implied_version::hint(&mut merger);
    merger.features = features::collect(&mut merger);
    let requests = composed::collect(&mut merger);
    // Without knowing which directives mean the same, the rest would be guesswork.
    if !merger.errors.is_empty() {
        return Err(merger.errors);
    }
    merger.composition = composed::define(&mut merger, &requests);
    kinds::report(&mut merger, &kinds);
    merger.overrides = overrides::collect(&mut merger);
    let mut schema = Schema::new();
    for directive in executable::merge(&mut merger) {
        schema
            .directive_definitions
            .insert(directive.name.clone(), directive.into());
    }
    extension_with_no_base(&mut merger, kinds.of.keys());
    for later in [false, true] {
        for (name, kind) in &kinds.of {
            if (*kind == Kind::Enum) == later
                && let Some(merged) = merger.merge_type(name, *kind)
            {
                schema.types.insert(name.clone(), merged);
            }
        }
    }
    types::complete_interface_objects(&mut merger, &mut schema);
    access::spread_access_from_interface_objects(&mut merger, &mut schema);
    access::spread_access_to_interfaces(&mut merger, &mut schema);
    set_roots(&mut schema);
    directives::merge_on_schema(&mut merger, &mut schema);
    no_queries(&mut merger);
    if !merger.errors.is_empty() {
        return Err(merger.errors);
    }
    Ok(Merged {
        schema,
        graphs: merger.graphs,
        overrides: merger.overrides,
        features: merger.features,
        composition: merger.composition,
        hints: merger.hints,
    })
}

/// `EXTENSION_WITH_NO_BASE`: somebody must define a type that others extend.
fn extension_with_no_base<'n>(merger: &mut Merger<'_>, names: impl Iterator<Item = &'n Name>) {
    for name in names {
        if matches!(name.as_str(), "Query" | "Mutation" | "Subscription") {
            continue;
        }
        // Upgrading has made definitions of the extensions of Federation 1.
        if merger
            .having(name)
            .all(|(_, one)| one.extended.contains(name))
        {
            let places = merger.type_places(name);
            merger.error(
                Code::ExtensionWithNoBase,
                format!("type \"{name}\" is an extension type, but there is no type definition for \"{name}\" in any subgraph"),
                places,
            );
        }
    }
}

/// `NO_QUERIES`: a graph that nobody can ask is none.
fn no_queries(merger: &mut Merger<'_>) {
    let any = merger
        .subgraphs
        .iter()
        .any(|one| one.schema.schema_definition.query.is_some());
    if !any {
        // Every subgraph could have one: at its schema definition, or at its start.
        let places = merger
            .subgraphs
            .iter()
            .map(|one| one.place(one.schema.schema_definition.location()))
            .collect();
        merger.error(
            Code::NoQueries,
            "no queries found in any subgraph: a supergraph must have a query root type",
            places,
        );
    }
}

impl<'a> Merger<'a> {
    /// The subgraphs that have a type.
    pub(crate) fn having(
        &self,
        ty: &str,
    ) -> impl Iterator<Item = (usize, &'a Subgraph<Valid>)> + use<'a> {
        let subgraphs = self.subgraphs;
        let indexes = self.holders.of(ty);
        indexes
            .iter()
            .map(move |index| (*index, &subgraphs[*index]))
    }

    fn merge_type(&mut self, name: &Name, kind: Kind) -> Option<ExtendedType> {
        match kind {
            Kind::Scalar => Some(types::scalar(self, name)),
            Kind::Object => types::object(self, name),
            Kind::Interface => types::interface(self, name),
            Kind::Union => Some(types::union(self, name)),
            Kind::Input => inputs::merge(self, name),
            Kind::Enum => enums::merge(self, name),
        }
    }

    pub(crate) fn error(&mut self, code: Code, message: impl Into<String>, places: Vec<Place>) {
        self.errors.push(Diagnostic::new(code, message, places));
    }

    pub(crate) fn hint(&mut self, code: HintCode, message: impl Into<String>, places: Vec<Place>) {
        self.hints.push(Hint {
            code,
            message: message.into(),
            places,
        });
    }

    /// `subgraph "a"`, `subgraphs "a" and "b"`.
    pub(crate) fn names(&self, indexes: &[usize]) -> String {
        let quoted: Vec<String> = indexes
            .iter()
            .map(|index| format!("\"{}\"", self.subgraphs[*index].name))
            .collect();
        match quoted.as_slice() {
            [one] => format!("subgraph {one}"),
            [first @ .., last] => format!("subgraphs {} and {last}", first.join(", ")),
            [] => "no subgraph".to_owned(),
        }
    }

    /// Where the subgraphs define a type.
    pub(crate) fn type_places(&self, name: &str) -> Vec<Place> {
        self.having(name)
            .filter_map(|(_, subgraph)| {
                let ty = subgraph.schema.types.get(name)?;
                Some(subgraph.place(ty.location()))
            })
            .collect()
    }

    /// Where the subgraphs define a field or a value of an enum.
    pub(crate) fn field_places(&self, ty: &str, field: &str) -> Vec<Place> {
        self.having(ty)
            .filter_map(|(_, subgraph)| {
                let span = match subgraph.schema.types.get(ty)? {
                    ExtendedType::InputObject(input) => input.fields.get(field)?.location(),
                    ExtendedType::Enum(one) => one.values.get(field)?.location(),
                    _ => schemas::field(&subgraph.schema, ty, field)?.location(),
                };
                Some(subgraph.place(span))
            })
            .collect()
    }

    /// What the supergraph calls a federation directive.
    fn feature(&self, role: Role) -> Name {
        let known = self.features.get(&role).cloned();
        known.unwrap_or_else(|| Name::new_static_unchecked(&role.element()[1..]))
    }

    fn note_usage(&mut self, ty: &Type, position: Position) {
        let usage = self.usage.entry(ty.inner_named_type().clone()).or_default();
        match position {
            Position::Input => usage.input = true,
            Position::Output => usage.output = true,
        }
    }

    fn is_subtype(&self, base: &Name, sub: &Name) -> bool {
        self.subtypes.contains(&(base.clone(), sub.clone()))
    }
}

/// Where a type reference stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Position {
    /// In an argument or an input field.
    Input,
    /// In a field's result.
    Output,
}

fn subtypes(subgraphs: &[Subgraph<Valid>]) -> IndexSet<(Name, Name)> {
    let mut all = IndexSet::default();
    for subgraph in subgraphs {
        for (name, ty) in &subgraph.schema.types {
            for interface in schemas::interfaces(ty) {
                all.insert((interface.clone(), name.clone()));
            }
            if let ExtendedType::Union(union) = ty {
                for member in &union.members {
                    all.insert((name.clone(), member.name.clone()));
                }
            }
        }
    }
    all
}

fn set_roots(schema: &mut Schema) {
    let root = |name: Name| schema.types.contains_key(&name).then(|| name.into());
    let (query, mutation, subscription) = (
        root(name!("Query")),
        root(name!("Mutation")),
        root(name!("Subscription")),
    );
    let definition = schema.schema_definition.make_mut();
    definition.query = query;
    definition.mutation = mutation;
    definition.subscription = subscription;
}

/// The distinct descriptions of an element: the commonest, the first of equals.
pub(crate) fn merge_description<'d>(
    merger: &mut Merger<'_>,
    what: fmt::Arguments<'_>,
    descriptions: impl Iterator<Item = Option<&'d apollo_compiler::Node<str>>>,
) -> Option<apollo_compiler::Node<str>> {
    let mut counts: IndexMap<&str, (usize, &apollo_compiler::Node<str>)> = IndexMap::default();
    let mut nothing = None;
    for description in descriptions.flatten() {
        if description.is_empty() {
            nothing = Some(description);
        } else {
            counts.entry(&**description).or_insert((0, description)).0 += 1;
        }
    }
    if counts.len() > 1 {
        let places = counts
            .values()
            .filter_map(|(_, text)| places::of_span(merger.subgraphs, text.location()?))
            .collect();
        merger.hint(
            HintCode::InconsistentDescription,
            format!("{what} has inconsistent descriptions across subgraphs"),
            places,
        );
    }
    let most = counts.values().map(|(count, _)| *count).max();
    counts
        .values()
        .find(|(count, _)| Some(*count) == most)
        .map(|(_, text)| *text)
        // Who describes with nothing does so if nobody has more to say.
        .or(nothing)
        .map(|text| apollo_compiler::Node::new_str(text))
}
