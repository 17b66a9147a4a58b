//! The schemas of a generation as texts, for people who want to see them.

use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use apollo_compiler::ast::{Definition, Document};
use composition::Hint;

use crate::console::{FormerGraph, Printed};

/// The graph's schemas.
pub(crate) struct GraphSchema {
    /// Since when it is served.
    pub(crate) since: SystemTime,
    pub(crate) supergraph: String,
    pub(crate) api: String,
    pub(crate) hints: Vec<Hint>,
    /// The graph before this one, if another one is known.
    pub(crate) former: Option<Arc<FormerGraph>>,
    /// What the console is told of it, once somebody has asked.
    pub(crate) printed: OnceLock<Printed>,
}

impl GraphSchema {
    /// What it is to the graph that takes its place `now`.
    pub(crate) fn to_former(&self, now: SystemTime) -> FormerGraph {
        FormerGraph {
            since: self.since,
            until: now,
            supergraph: self.supergraph.clone(),
            api: self.api.clone(),
        }
    }
}

/// Where a subgraph's schema came from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SchemaOrigin {
    /// The subgraph is part of this process.
    Embedded,
    /// A file.
    File,
    /// The subgraph, which was asked.
    Introspection,
    /// A list of subgraphs with their schemas.
    List,
}

impl SchemaOrigin {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::File => "file",
            Self::Introspection => "introspection",
            Self::List => "list",
        }
    }
}

/// One subgraph's schema.
pub(crate) struct SubgraphSchema {
    pub(crate) sdl: String,
    pub(crate) origin: SchemaOrigin,
    size: OnceLock<Size>,
}

/// How much a schema defines.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Size {
    /// Types that it defines or extends.
    pub(crate) types: usize,
    /// Their fields, those of inputs included.
    pub(crate) fields: usize,
}

impl SubgraphSchema {
    pub(crate) fn new(sdl: String, origin: SchemaOrigin) -> Self {
        Self {
            sdl,
            origin,
            size: OnceLock::new(),
        }
    }

    pub(crate) fn size(&self) -> Size {
        *self.size.get_or_init(|| Size::of(&self.sdl))
    }
}

impl Size {
    fn of(sdl: &str) -> Self {
        // It has been composed, so it can be read; what cannot counts nothing.
        let Ok(document) = Document::parse(sdl, "subgraph.graphql") else {
            return Self::default();
        };
        let mut size = Self::default();
        for definition in &document.definitions {
            let Some(fields) = fields(definition) else {
                continue;
            };
            size.types += 1;
            size.fields += fields;
        }
        size
    }
}

/// How many fields a type has; none for what is no type.
fn fields(definition: &Definition) -> Option<usize> {
    match definition {
        Definition::ObjectTypeDefinition(ty) => Some(ty.fields.len()),
        Definition::ObjectTypeExtension(ty) => Some(ty.fields.len()),
        Definition::InterfaceTypeDefinition(ty) => Some(ty.fields.len()),
        Definition::InterfaceTypeExtension(ty) => Some(ty.fields.len()),
        Definition::InputObjectTypeDefinition(ty) => Some(ty.fields.len()),
        Definition::InputObjectTypeExtension(ty) => Some(ty.fields.len()),
        Definition::EnumTypeDefinition(_)
        | Definition::EnumTypeExtension(_)
        | Definition::UnionTypeDefinition(_)
        | Definition::UnionTypeExtension(_)
        | Definition::ScalarTypeDefinition(_)
        | Definition::ScalarTypeExtension(_) => Some(0),
        Definition::OperationDefinition(_)
        | Definition::FragmentDefinition(_)
        | Definition::DirectiveDefinition(_)
        | Definition::SchemaDefinition(_)
        | Definition::SchemaExtension(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_counts_types_and_fields() {
        let schema = SubgraphSchema::new(
            "extend schema @link(url: \"x\") type Query { a: Int b: Int } enum E { A }
             input I { a: Int } extend type Other @key(fields: \"id\") { id: ID }"
                .to_owned(),
            SchemaOrigin::File,
        );
        assert_eq!(
            schema.size(),
            Size {
                types: 4,
                fields: 4
            }
        );
    }
}
