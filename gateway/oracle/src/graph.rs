//! A federated graph as its subgraphs write it: what is generated, printed, composed and shrunk.

mod print;
mod read;

use std::collections::BTreeSet;

use apollo_compiler::ast::Type;

/// A graph of subgraphs, with what decides about `@override` labels.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub(crate) subgraphs: Vec<Subgraph>,
    /// The labels that are active in every request.
    pub(crate) active_labels: BTreeSet<String>,
}

/// One subgraph.
#[derive(Clone, Debug)]
pub(crate) struct Subgraph {
    pub(crate) name: String,
    pub(crate) federation: Federation,
    pub(crate) types: Vec<Definition>,
}

/// Which federation a subgraph is written for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Federation {
    /// Without `@link`; entities of others are extended with external keys.
    One,
    Two,
}

/// A type as one subgraph has it.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) implements: Vec<String>,
    pub(crate) keys: Vec<Key>,
    /// `@interfaceObject`.
    pub(crate) interface_object: bool,
    /// The contexts that it sets.
    pub(crate) contexts: Vec<String>,
    pub(crate) fields: Vec<Field>,
    /// The members of a union, the values of an enum.
    pub(crate) members: Vec<String>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Scalar,
    Enum,
    Object,
    Interface,
    Union,
    Input,
}

/// `@key`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Key {
    pub(crate) fields: String,
    pub(crate) resolvable: bool,
}

/// A field as one subgraph has it.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) shareable: bool,
    pub(crate) external: bool,
    pub(crate) requires: Option<String>,
    pub(crate) provides: Option<String>,
    pub(crate) overrides: Option<Override>,
}

/// `@override`.
#[derive(Clone, Debug)]
pub(crate) struct Override {
    pub(crate) from: String,
    pub(crate) label: Option<String>,
}

/// An argument, or a field of an input.
#[derive(Clone, Debug)]
pub(crate) struct Argument {
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) default: Option<String>,
    /// The field of `@fromContext`.
    pub(crate) from_context: Option<String>,
}

impl Graph {
    pub(crate) fn subgraph(&self, name: &str) -> Option<&Subgraph> {
        self.subgraphs.iter().find(|subgraph| subgraph.name == name)
    }
}

impl Subgraph {
    pub(crate) fn definition(&self, name: &str) -> Option<&Definition> {
        self.types.iter().find(|definition| definition.name == name)
    }
}

impl Definition {
    pub(crate) fn new(name: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            implements: Vec::new(),
            keys: Vec::new(),
            interface_object: false,
            contexts: Vec::new(),
            fields: Vec::new(),
            members: Vec::new(),
        }
    }

    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether a field is mentioned by one of the keys.
    pub(crate) fn is_in_key(&self, field: &str) -> bool {
        self.keys.iter().any(|key| {
            let mut words = key.fields.split(['{', '}', ' ']);
            words.any(|word| word == field)
        })
    }
}

impl Field {
    pub(crate) fn new(name: &str, ty: Type) -> Self {
        Self {
            name: name.to_owned(),
            ty,
            arguments: Vec::new(),
            shareable: false,
            external: false,
            requires: None,
            provides: None,
            overrides: None,
        }
    }
}
