//! Types, fields and who resolves them.

use apollo_compiler::Name;
use apollo_compiler::Schema;
use apollo_compiler::ast;
use apollo_compiler::collections::{HashMap, IndexMap};
use apollo_compiler::validation::Valid;

use crate::access::Requirement;
use crate::error::Error;
use crate::field_set::FieldSet;
use crate::parse;

/// A subgraph, as an index.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct SubgraphId(pub u16);

/// A named type, as an index. Types are numbered in the order of their names.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TypeId(pub u32);

/// One subgraph.
#[derive(Clone, Debug)]
pub struct Subgraph {
    /// The name, as composition was given it.
    pub name: Box<str>,
    /// Where it is served.
    pub url: Box<str>,
}

/// A federated graph.
#[derive(Clone, Debug)]
pub struct Supergraph {
    pub(crate) api: Valid<Schema>,
    pub(crate) subgraphs: Vec<Subgraph>,
    pub(crate) types: Vec<Type>,
    /// Looked up only, never iterated.
    pub(crate) by_name: HashMap<Name, TypeId>,
    pub(crate) roots: [Option<TypeId>; 3],
    pub(crate) sets_contexts: bool,
}

/// Which root operation type.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Root {
    /// `Query`.
    Query,
    /// `Mutation`.
    Mutation,
    /// `Subscription`.
    Subscription,
}

/// The kind of a type.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Kind {
    /// A scalar.
    Scalar,
    /// An enum.
    Enum,
    /// An object.
    Object,
    /// An interface.
    Interface,
    /// A union.
    Union,
    /// An input object.
    InputObject,
}

/// A named type.
#[derive(Clone, Debug)]
pub struct Type {
    /// Its name, the same in every subgraph.
    pub name: Name,
    /// Its kind in the supergraph.
    pub kind: Kind,
    /// Whether clients see it.
    pub accessible: bool,
    /// The object types that it may be at run time, sorted: of an object itself alone.
    pub possible: Vec<TypeId>,
    /// The interfaces it implements, sorted.
    pub interfaces: Vec<TypeId>,
    /// Its fields.
    pub fields: IndexMap<Name, Field>,
    /// The contexts that its objects set, for arguments of fields below them; of an object also
    /// those that its interfaces and unions set.
    pub contexts: Vec<Box<str>>,
    /// The values that clients see, sorted, if it is an enum.
    pub values: Vec<Box<str>>,
    /// What each subgraph that has the type says about it, by subgraph.
    pub within: IndexMap<SubgraphId, TypeIn>,
}

/// A type as one subgraph has it.
#[derive(Clone, Debug, Default)]
pub struct TypeIn {
    /// Its keys, in the subgraph's order.
    pub keys: Vec<Key>,
    /// Whether this is an interface that the subgraph has as an object.
    pub interface_object: bool,
    /// The types that it may be at run time in the subgraph, sorted. Interfaces that the subgraph
    /// has as objects stand among them.
    pub possible: Vec<TypeId>,
}

/// A key of an entity.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its fields.
    pub fields: FieldSet,
    /// Whether the subgraph answers representations with it.
    pub resolvable: bool,
}

/// A field of an object or interface.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// Its type in the supergraph.
    pub ty: ast::Type,
    /// The named type inside `ty`.
    pub named: TypeId,
    /// Whether clients see it.
    pub accessible: bool,
    /// What each subgraph that has it says about it, by subgraph.
    pub within: IndexMap<SubgraphId, FieldIn>,
    /// What clients must show; none if the field is open.
    pub requirement: Option<Requirement>,
}

/// A field as one subgraph has it.
#[derive(Clone, Debug)]
pub struct FieldIn {
    /// Its type in the subgraph.
    pub ty: ast::Type,
    /// The named type inside `ty`.
    pub named: TypeId,
    /// It is only mentioned: the subgraph resolves it on provided paths alone.
    pub external: bool,
    /// Another subgraph took it over; it is kept for keys and the like.
    pub used_overridden: bool,
    /// What its resolver needs to be sent.
    pub requires: Option<FieldSet>,
    /// What it resolves of the type below, although external there.
    pub provides: Option<FieldSet>,
    /// The field of another subgraph that it replaces.
    pub overrides: Option<Override>,
    /// The label under which another subgraph's field replaces this one.
    pub overridden_under: Option<Box<str>>,
    /// Arguments that are filled from ancestors.
    pub context: Vec<ContextArgument>,
}

/// `@override`.
#[derive(Clone, Debug)]
pub struct Override {
    /// The subgraph it takes the field from.
    pub from: Box<str>,
    /// The label that decides for each request; none if it always applies.
    pub label: Option<Box<str>>,
}

/// `@fromContext` on an argument.
#[derive(Clone, Debug)]
pub struct ContextArgument {
    /// The argument's name.
    pub name: Box<str>,
    /// Its type.
    pub ty: Box<str>,
    /// The context's name.
    pub context: Box<str>,
    /// What is selected at the ancestor.
    pub selection: FieldSet,
}

impl SubgraphId {
    /// The index as the table of subgraphs wants it.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl TypeId {
    /// The index as the table of types wants it.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl Supergraph {
    /// Reads a supergraph.
    ///
    /// # Errors
    ///
    /// [`Error`] if the text is not a schema, or not a supergraph.
    pub fn parse(sdl: &str) -> Result<Self, Error> {
        parse::parse(sdl)
    }

    /// What clients see, introspect and are validated against.
    pub fn api_schema(&self) -> &Valid<Schema> {
        &self.api
    }

    /// The name and URL of every subgraph, in the order of the supergraph.
    pub fn subgraphs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.subgraphs
            .iter()
            .map(|subgraph| (&*subgraph.name, &*subgraph.url))
    }

    /// Every subgraph, in order.
    pub fn subgraph_ids(&self) -> impl Iterator<Item = SubgraphId> + use<> {
        let count = u16::try_from(self.subgraphs.len()).expect("parsing bounds the subgraphs");
        (0..count).map(SubgraphId)
    }

    /// One subgraph.
    pub fn subgraph(&self, id: SubgraphId) -> &Subgraph {
        &self.subgraphs[id.index()]
    }

    /// One type.
    pub fn ty(&self, id: TypeId) -> &Type {
        &self.types[id.index()]
    }

    /// Every type.
    pub fn types(&self) -> impl Iterator<Item = (TypeId, &Type)> {
        (0..).map(TypeId).zip(&self.types)
    }

    /// The type of a name.
    pub fn type_id(&self, name: &str) -> Option<TypeId> {
        self.by_name.get(name).copied()
    }

    /// A root operation type.
    pub fn root(&self, root: Root) -> Option<TypeId> {
        self.roots[root as usize]
    }

    /// Whether any type sets a context.
    pub fn sets_contexts(&self) -> bool {
        self.sets_contexts
    }

    /// What clients must show to read a field; none if it is open, or does not exist.
    pub fn requirement(&self, ty: &str, field: &str) -> Option<&Requirement> {
        self.ty(self.type_id(ty)?)
            .fields
            .get(field)?
            .requirement
            .as_ref()
    }
}

impl Type {
    /// Whether objects of several types may stand where it is the type.
    pub fn is_abstract(&self) -> bool {
        matches!(self.kind, Kind::Interface | Kind::Union)
    }

    /// Whether its objects set a context.
    pub fn sets(&self, context: &str) -> bool {
        self.contexts.iter().any(|name| **name == *context)
    }

    /// Whether it has fields or members.
    pub fn is_composite(&self) -> bool {
        self.is_abstract() || self.kind == Kind::Object
    }
}
