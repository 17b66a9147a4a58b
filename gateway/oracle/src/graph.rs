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
    /// Whether its root types have names of its own.
    pub(crate) names_roots: bool,
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
    /// The default, if it is a field of an input.
    pub(crate) default: Option<String>,
    pub(crate) shareable: bool,
    /// Hidden from clients.
    pub(crate) inaccessible: bool,
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

/// An argument.
#[derive(Clone, Debug)]
pub(crate) struct Argument {
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) default: Option<String>,
    /// The field of `@fromContext`.
    pub(crate) from_context: Option<String>,
}

/// The root types, as all but their subgraphs call them.
pub(crate) const ROOTS: [&str; 3] = ["Query", "Mutation", "Subscription"];

impl Graph {
    pub(crate) fn subgraph(&self, name: &str) -> Option<&Subgraph> {
        self.subgraphs.iter().find(|subgraph| subgraph.name == name)
    }
}

impl Subgraph {
    /// What a type is called in its schema.
    pub(crate) fn local_name<'n>(&self, name: &'n str) -> &'n str {
        match name {
            "Query" if self.names_roots => "MyQuery",
            "Mutation" if self.names_roots => "MyMutation",
            "Subscription" if self.names_roots => "MySubscription",
            other => other,
        }
    }

    /// What all but its schema call a root type.
    pub(crate) fn root(&self, local: &str) -> String {
        let root = ROOTS.iter().find(|root| self.local_name(root) == local);
        root.map_or(local, |root| root).to_owned()
    }

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

    /// Whether one of the keys has a field; what an object in it has is another's.
    pub(crate) fn is_in_key(&self, field: &str) -> bool {
        self.keys.iter().any(|key| {
            let mut depth = 0;
            key.fields.split(' ').any(|word| {
                depth += i32::from(word == "{") - i32::from(word == "}");
                depth == 0 && word == field
            })
        })
    }
}

impl Field {
    pub(crate) fn new(name: &str, ty: Type) -> Self {
        Self {
            name: name.to_owned(),
            ty,
            arguments: Vec::new(),
            default: None,
            shareable: false,
            inaccessible: false,
            external: false,
            requires: None,
            provides: None,
            overrides: None,
        }
    }
}
