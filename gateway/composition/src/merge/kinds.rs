//! `TYPE_KIND_MISMATCH`: a type is of one kind. Where it is of several the first counts, and who
//! has it as another kind is left out, so that the rest can be judged.

use apollo_compiler::Name;
use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::ExtendedType;

use super::Merger;
use crate::diagnostic::Code;
use crate::holders::Holders;
use crate::places;
use crate::subgraph::{Subgraph, Valid};

/// The kinds of types; an interface object counts as an interface.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Kind {
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    Input,
}

impl Kind {
    fn of(subgraph: &Subgraph<Valid>, name: &Name, ty: &ExtendedType) -> Self {
        match ty {
            ExtendedType::Scalar(_) => Self::Scalar,
            ExtendedType::Object(_) if subgraph.facts.interface_objects.contains(name) => {
                Self::Interface
            }
            ExtendedType::Object(_) => Self::Object,
            ExtendedType::Interface(_) => Self::Interface,
            ExtendedType::Union(_) => Self::Union,
            ExtendedType::Enum(_) => Self::Enum,
            ExtendedType::InputObject(_) => Self::Input,
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Scalar => "Scalar Type",
            Self::Object => "Object Type",
            Self::Interface => "Interface Type",
            Self::Union => "Union Type",
            Self::Enum => "Enum Type",
            Self::Input => "Input Object Type",
        }
    }
}

/// The kind of every type.
pub(super) struct Kinds {
    /// In the order in which the subgraphs mention the types.
    pub(super) of: IndexMap<Name, Kind>,
    /// The types of several kinds: who has each of them.
    pub(super) disputes: IndexMap<Name, IndexMap<Kind, Vec<usize>>>,
}

/// Finds the kind of every type; of a disputed one only those who agree with the first remain.
pub(super) fn settle(subgraphs: &[Subgraph<Valid>], holders: &mut Holders) -> Kinds {
    let mut all: IndexMap<Name, IndexMap<Kind, Vec<usize>>> = IndexMap::default();
    for (index, subgraph) in subgraphs.iter().enumerate() {
        for (name, ty) in &subgraph.schema.types {
            if ty.is_built_in() {
                continue;
            }
            let kind = Kind::of(subgraph, name, ty);
            let kinds = all.entry(name.clone()).or_default();
            kinds.entry(kind).or_default().push(index);
        }
    }
    let (mut of, mut disputes) = (IndexMap::default(), IndexMap::default());
    for (name, kinds) in all {
        let Some((kind, indexes)) = kinds.first() else {
            continue;
        };
        of.insert(name.clone(), *kind);
        if kinds.len() > 1 {
            holders.restrict(&name, indexes.clone());
            disputes.insert(name, kinds);
        }
    }
    Kinds { of, disputes }
}

/// Reports the disputes.
pub(super) fn report(merger: &mut Merger<'_>, kinds: &Kinds) {
    for (name, disputed) in &kinds.disputes {
        let who: Vec<String> = disputed
            .iter()
            .map(|(kind, indexes)| format!("{} in {}", kind.describe(), merger.names(indexes)))
            .collect();
        let places = places::of(merger.subgraphs, places::Element::Type(name));
        merger.error(
            Code::TypeKindMismatch,
            format!(
                "type \"{name}\" has mismatched kind: it is defined as {}",
                who.join(" but ")
            ),
            places,
        );
    }
}
