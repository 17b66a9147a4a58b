//! The plan: what to ask of which subgraph, and how the answers become the client's answer.
//!
//! The planner writes it, the executor runs it, and nothing in it is computed per request. Four
//! things stand beside each other and refer to one another by index:
//!
//! - [`Fetch`]es: a DAG of subgraph requests, each with pre-printed operation text;
//! - [`Shape`]s: the objects that a subgraph's response consists of, key by key, in order;
//! - [`Node`]s: positions in the answer; each says which rows, of which responses, describe the
//!   object at that position;
//! - [`Selection`]s: what the client wants written there, in the client's order.
//!
//! A *row* is one object of one response, a *slot* one of its keys. Nothing is merged: the object
//! at a node is the set of rows that its [`Source`]s lead to, and every field names the source
//! and the slot that supply it.

use std::sync::Arc;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::validation::Valid;

/// Declares an index into one of the plan's tables.
macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(pub u32);

        impl $name {
            /// The index as the tables want it.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

index!(/// Index into [`Plan::fetches`].
    FetchId);
index!(/// Index into [`Plan::nodes`].
    NodeId);
index!(/// Index into [`Plan::shapes`].
    ShapeId);
index!(/// Index into [`Plan::selections`].
    SelectionId);
index!(/// Index into [`Plan::conditions`]. `ConditionId(0)` always holds.
    ConditionId);

/// How to answer one operation.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Query, mutation or subscription.
    pub kind: OperationKind,
    /// In an order in which each stands behind those it needs. A subscription's source is the first.
    pub fetches: Vec<Fetch>,
    /// Positions; the first is the root of the answer, and a parent stands before its children.
    pub nodes: Vec<Node>,
    /// The objects of subgraph responses.
    pub shapes: Vec<Shape>,
    /// What to write at the nodes.
    pub selections: Vec<Selection>,
    /// Conditions, each evaluated once per request. The first always holds.
    pub conditions: Vec<Condition>,
    /// What to write at the root.
    pub root: SelectionId,
    /// The operation's `__schema` and `__type` fields, wherever they stand, to be answered without any
    /// subgraph: each under a key of its own.
    pub introspection: Option<Arc<Valid<ExecutableDocument>>>,
}

/// The kind of an operation.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum OperationKind {
    /// Read only; its fetches may be repeated and shared.
    Query,
    /// Root fields take effect one after the other; never shared or repeated.
    Mutation,
    /// The first fetch is a stream of events, each answered by the rest of the plan.
    Subscription,
}

/// A disjunction of conjunctions of `@skip`/`@include` variables.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Condition {
    /// The condition holds if all literals of one of these hold. `[[]]` always holds.
    pub any_of: Vec<Vec<Literal>>,
}

/// One boolean variable of the operation, or its negation.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Literal {
    /// The variable, without `$`.
    pub variable: Box<str>,
    /// The value that makes the literal hold.
    pub expected: bool,
}

/// One request to one subgraph.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// The subgraph's name.
    pub subgraph: Arc<str>,
    /// The fetches whose answers it needs, or whose effects must come first.
    pub after: Vec<FetchId>,
    /// Not sent when this does not hold.
    pub condition: ConditionId,
    /// The operation as it is sent.
    pub operation: Box<str>,
    /// The client's variables that the operation uses, without `$`.
    pub variables: Vec<Box<str>>,
    /// What the request consists of: exactly one [`PartKind::Root`], or one or more
    /// [`PartKind::Entities`] that travel together.
    pub parts: Vec<Part>,
}

/// What one request asks at one position of the answer.
#[derive(Clone, Debug)]
pub struct Part {
    /// The position that the part describes.
    pub at: NodeId,
    /// Whether the whole response, or one entity of a list, is the object.
    pub kind: PartKind,
    /// The object's shape.
    pub shape: ShapeId,
}

/// Where a part's objects stand in the response.
#[derive(Clone, Debug)]
pub enum PartKind {
    /// `data` itself is the one object, wherever the position repeats.
    Root,
    /// `data.<response_key>` is the list of objects, in the order of the representations.
    Entities(Entities),
}

/// A call to `_entities`.
#[derive(Clone, Debug)]
pub struct Entities {
    /// `_entities`, or an alias of it when several parts travel together.
    pub response_key: Box<str>,
    /// The variable that carries the representations, without `$`.
    pub variable: Box<str>,
    /// Which objects at the position are asked for, by runtime type.
    pub types: TypeFilter,
    /// Not asked when this does not hold.
    pub condition: ConditionId,
    /// What is sent for each.
    pub representation: Representation,
    /// Arguments whose values come from an ancestor (`@fromContext`). Objects with equal values
    /// share one call; each further set of values is a further aliased call.
    pub context: Vec<ContextArgument>,
}

/// A variable of a call to `_entities` whose value is read at an ancestor of the position.
#[derive(Clone, Debug)]
pub struct ContextArgument {
    /// The variable in the operation, without `$`.
    pub variable: Box<str>,
    /// The ancestors of which some objects set the context, the nearest first: the value is read at
    /// the first whose types let the object there pass.
    pub setters: Vec<ContextSetter>,
}

/// An ancestor that sets a context.
#[derive(Clone, Debug)]
pub struct ContextSetter {
    /// The ancestor.
    pub at: NodeId,
    /// Which of its objects set it, by runtime type.
    pub types: TypeFilter,
    /// The value, by the runtime type of the object: the first that its types let pass. Null if
    /// there is none.
    pub values: Vec<RepresentationField>,
}

/// The object that stands for an entity: `__typename` and the fields of a key, and requirements.
#[derive(Clone, Debug)]
pub struct Representation {
    /// What is sent as `__typename`, by the runtime type of the object.
    pub typename: RepresentationTypename,
    /// The fields of the key. If one is null, the entity is not asked for.
    pub key: Vec<RepresentationField>,
    /// The fields that the subgraph requires. Null is sent as null. An object that the key has a
    /// part of stands here with both parts, and is sent as it stands here.
    pub requires: Vec<RepresentationField>,
    /// What each field that is asked for needs besides the key, so that what cannot be read takes
    /// down nothing but the fields that need it. Empty if none needs anything.
    pub needs: Vec<Need>,
}

/// What some fields of an entity need besides its key.
#[derive(Clone, Debug)]
pub struct Need {
    /// The runtime types of which they are asked.
    pub types: TypeFilter,
    /// The fields, as slots of the part's shape.
    pub slots: Vec<u32>,
    /// What they require. Empty for the fields that require nothing.
    pub requires: Vec<RepresentationField>,
    /// Their arguments from ancestors, as indexes into [`Entities::context`].
    pub context: Vec<u32>,
}

/// The `__typename` of a representation.
#[derive(Clone, Debug)]
pub enum RepresentationTypename {
    /// The runtime type of the object.
    Runtime,
    /// This type, whatever the object's runtime type: the subgraph knows it as an
    /// `@interfaceObject`, or the position has only one type.
    Fixed(Arc<str>),
}

/// One field of a representation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RepresentationField {
    /// The field's name in the subgraph that is asked.
    pub name: Box<str>,
    /// The runtime types of the enclosing object that have the field.
    pub types: TypeFilter,
    /// Where its value comes from.
    pub value: RepresentationValue,
}

/// The value of a field of a representation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RepresentationValue {
    /// The runtime type of the enclosing object.
    Typename,
    /// A scalar, an enum value, or lists of them: copied as they are.
    Leaf(Vec<Supplier>),
    /// An object, or lists of objects, of which these fields are sent.
    Object {
        /// Who supplies the object, its nulls and its lists.
        from: Vec<Supplier>,
        /// The object's position.
        node: NodeId,
        /// Its fields.
        fields: Vec<RepresentationField>,
    },
}

/// The keys that an object in a subgraph's response has, in the order in which they are asked.
///
/// Selections of different possible types are united; a key that is asked with two different
/// meanings gets an alias of the planner's making, so that each key has one meaning.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Shape {
    /// One slot each.
    pub fields: Vec<ShapeField>,
    /// The slot of `__typename`, where the object's type is not known from the plan.
    pub typename: Option<u32>,
}

/// One key of a [`Shape`]; its slot is its index.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct ShapeField {
    /// The key in the subgraph's response.
    pub key: Box<str>,
    /// The shape of the object, or of the objects in the list or lists; none for a leaf.
    pub object: Option<ShapeId>,
}

/// A position in the answer: an object, wherever it repeats through lists.
#[derive(Clone, Debug)]
pub struct Node {
    /// The position above; none at the root.
    pub parent: Option<NodeId>,
    /// Where rows that describe the object come from. The first is primary: it decides whether
    /// there is an object, and how long the lists around it are.
    pub sources: Vec<Source>,
    /// How the object's runtime type is known.
    pub typename: Typename,
}

/// Where a row at a node comes from.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Source {
    /// From a slot of one of the parent's rows, with lists followed index by index.
    Slot {
        /// Index into the parent's [`Node::sources`].
        parent: u32,
        /// The slot of that row.
        slot: u32,
    },
    /// From a part of a fetch that stands at this node: the one object, or the entity that
    /// answers this object's representation.
    Part {
        /// The fetch.
        fetch: FetchId,
        /// Index into [`Fetch::parts`].
        part: u32,
    },
}

/// How the runtime type of an object is known.
#[derive(Clone, Debug)]
pub enum Typename {
    /// The position has only this type.
    Fixed(Arc<str>),
    /// It stands in a slot. The first supplier that has a row with a value decides. An unknown
    /// name, or the name of a type that cannot stand here, makes the object null with an error.
    Read {
        /// Who knows it.
        from: Vec<Supplier>,
        /// The object types that may stand here, sorted.
        possible: Arc<[Arc<str>]>,
    },
}

/// A set of runtime types.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum TypeFilter {
    /// All that can stand at the position.
    Any,
    /// These, sorted.
    OneOf(Arc<[Arc<str>]>),
}

/// Who supplies a field: the first of a list whose condition holds. At one object and under one
/// set of variables there is exactly one; if its row is missing, the field is null.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Supplier {
    /// Index into [`Node::sources`] of the enclosing object's node.
    pub source: u32,
    /// The slot of that row.
    pub slot: u32,
    /// When it is this one.
    pub condition: ConditionId,
}

/// What is written at a node, in the client's order.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The node.
    pub node: NodeId,
    /// One list of fields for each group of runtime types that have the same; the first group
    /// that has the object's type applies. A type in no group is an object without fields.
    pub groups: Vec<SelectionGroup>,
}

/// The fields that are written for some runtime types.
#[derive(Clone, Debug)]
pub struct SelectionGroup {
    /// The types.
    pub types: TypeFilter,
    /// The fields. One response key may occur several times, under conditions that exclude each
    /// other, where its place among the others depends on variables.
    pub fields: Vec<AnswerField>,
}

/// One field of the answer.
#[derive(Clone, Debug)]
pub struct AnswerField {
    /// The client's response key.
    pub response_key: Box<str>,
    /// Left out when this does not hold.
    pub condition: ConditionId,
    /// Left out when this holds: the response key then stands further up.
    pub unless: Option<ConditionId>,
    /// Its value.
    pub value: AnswerValue,
}

/// The value of a field of the answer.
#[derive(Clone, Debug)]
pub enum AnswerValue {
    /// The object's runtime type.
    Typename,
    /// What [`Plan::introspection`] says under a key.
    Introspection {
        /// The response key there.
        key: Box<str>,
    },
    /// A scalar or enum value, or lists of them.
    Leaf {
        /// Who supplies it.
        from: Vec<Supplier>,
        /// Lists and nullability.
        wrapping: Wrapping,
        /// What may stand there.
        leaf: Leaf,
    },
    /// An object, or lists of objects.
    Object {
        /// Who supplies it: its null, and the length of its lists.
        from: Vec<Supplier>,
        /// Lists and nullability.
        wrapping: Wrapping,
        /// What is written of it. Its node's parent is this selection's node.
        selection: SelectionId,
    },
}

/// The lists and non-nulls around a named type, from outside in: `[A!]` is one list, nullable,
/// of items that are not.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Wrapping {
    /// One for each list: whether the list itself must not be null.
    pub lists: Vec<Nullability>,
    /// Whether the innermost value must not be null.
    pub item: Nullability,
}

/// Whether null may stand somewhere.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Nullability {
    /// It may.
    Nullable,
    /// It may not: it makes the enclosing value null, with an error.
    NonNull,
}

/// What JSON a leaf may be.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Leaf {
    /// A whole number from -2^31 to 2^31-1.
    Int,
    /// A number.
    Float,
    /// A string.
    String,
    /// `true` or `false`.
    Boolean,
    /// A string; a number is written as a string.
    Id,
    /// One of these strings, sorted.
    Enum(Arc<[Box<str>]>),
    /// Any JSON.
    Custom,
}

impl ConditionId {
    /// The condition that always holds.
    pub const ALWAYS: Self = Self(0);
}

impl Plan {
    /// How many requests the plan makes when every condition holds.
    pub fn requests(&self) -> usize {
        self.fetches.len()
    }

    /// The length of the longest chain of fetches that wait for one another.
    pub fn depth(&self) -> usize {
        let mut depths: Vec<usize> = Vec::with_capacity(self.fetches.len());
        for fetch in &self.fetches {
            let before = fetch.after.iter().map(|id| depths[id.index()]).max();
            depths.push(before.unwrap_or(0) + 1);
        }
        depths.into_iter().max().unwrap_or(0)
    }
}
