//! What the federation directives of one subgraph say, resolved: keys, requirements, what is
//! external, provided, shareable, used.

mod fields;

use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Schema};

use crate::diagnostic::{Code, Diagnostic};
use crate::field_set::{FieldSet, Selection};
use crate::link::{Federation, Role};
use crate::schemas;
use crate::subgraph::{Linked, Subgraph};

/// A field by type and name.
pub(crate) type Coordinate = (Name, Name);

/// Everything that later steps ask about a subgraph's directives.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) keys: IndexMap<Name, Vec<Key>>,
    pub(crate) requires: IndexMap<Coordinate, Fields>,
    pub(crate) provides: IndexMap<Coordinate, Fields>,
    pub(crate) interface_objects: IndexSet<Name>,
    /// The union of what makes a field external here.
    external: IndexSet<Coordinate>,
    /// Marked external because an old library asks for it, on a key of an extension.
    fake_external: IndexSet<Coordinate>,
    /// External, but some path provides it.
    provided: IndexSet<Coordinate>,
    /// Named in a key, a requirement, a provision or an interface.
    used: IndexSet<Coordinate>,
    shareable: IndexSet<Coordinate>,
    /// A mistake of the kind after which published composition says nothing else of a subgraph.
    pub(crate) halting: Option<Diagnostic>,
}

/// The `fields` of a directive.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    /// As written.
    pub(crate) text: String,
    pub(crate) set: FieldSet,
    /// Aliases and directives in it, in their order: mistakes, which yet tell sets apart.
    pub(crate) decorations: Vec<String>,
    pub(crate) span: Option<SourceSpan>,
    /// Something in it is wrong; reported where it was read.
    pub(crate) broken: bool,
    /// So wrong that nobody knows what it selects; the code that it was reported with.
    pub(crate) unreadable: Option<Code>,
}

/// One `@key`.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) fields: Fields,
    /// As written; resolvable if nothing is written.
    pub(crate) written_resolvable: Option<bool>,
    /// Stands on an extension of the type.
    pub(crate) extension: bool,
}

impl Key {
    pub(crate) fn is_resolvable(&self) -> bool {
        self.written_resolvable.unwrap_or(true)
    }
}

impl Facts {
    /// Marked external, and truly so.
    pub(crate) fn is_external(&self, ty: &Name, field: &Name) -> bool {
        let coordinate = (ty.clone(), field.clone());
        self.external.contains(&coordinate) && !self.fake_external.contains(&coordinate)
    }

    pub(crate) fn is_provided(&self, ty: &Name, field: &Name) -> bool {
        self.provided.contains(&(ty.clone(), field.clone()))
    }

    /// External on every path.
    pub(crate) fn is_fully_external(&self, ty: &Name, field: &Name) -> bool {
        self.is_external(ty, field) && !self.is_provided(ty, field)
    }

    pub(crate) fn is_used(&self, ty: &Name, field: &Name) -> bool {
        self.used.contains(&(ty.clone(), field.clone()))
    }

    pub(crate) fn is_shareable(&self, ty: &Name, field: &Name) -> bool {
        self.shareable.contains(&(ty.clone(), field.clone()))
    }

    pub(crate) fn keys_of(&self, ty: &str) -> &[Key] {
        self.keys.get(ty).map_or(&[], Vec::as_slice)
    }

    /// The places of `@external` that count.
    pub(crate) fn external_fields(&self) -> impl Iterator<Item = &Coordinate> {
        self.external
            .iter()
            .filter(|one| !self.fake_external.contains(*one))
    }
}

/// Collects the facts and reports every field set that is wrong.
pub(crate) fn collect(subgraph: &Subgraph<Linked>) -> (Facts, Vec<Diagnostic>) {
    let mut facts = Facts::default();
    let mut found = Vec::new();
    let schema = &subgraph.schema;
    let links = &subgraph.links;
    collect_external(subgraph, &mut facts);
    for (name, ty) in &schema.types {
        if links.type_has(ty.directives(), Role::InterfaceObject) {
            facts.interface_objects.insert(name.clone());
        }
        fields::keys(subgraph, name, ty, &mut facts, &mut found);
    }
    collect_fake_external(schema, &mut facts);
    for (name, ty) in &schema.types {
        fields::provides(subgraph, name, ty, &mut facts, &mut found);
    }
    for (name, ty) in &schema.types {
        fields::requires(subgraph, name, ty, &mut facts, &mut found);
    }
    fields::contexts(subgraph, &mut facts);
    collect_used_by_interfaces(schema, &mut facts);
    collect_shareable(subgraph, &mut facts);
    (facts, found)
}

fn collect_external(subgraph: &Subgraph<Linked>, facts: &mut Facts) {
    for (name, ty) in &subgraph.schema.types {
        // Federation 1 knew it on fields only.
        let whole = subgraph.links.federation != Federation::One
            && subgraph.links.type_has(ty.directives(), Role::External);
        for field in schemas::fields(ty)
            .into_iter()
            .flat_map(|fields| fields.values())
        {
            if whole || subgraph.links.has(&field.directives, Role::External) {
                facts.external.insert((name.clone(), field.name.clone()));
            }
        }
    }
}

fn collect_fake_external(schema: &Schema, facts: &mut Facts) {
    let mut fake = IndexSet::default();
    for key in facts.keys.values().flatten().filter(|key| key.extension) {
        mark(schema, &key.fields.set, &mut fake, Implementations::Leave);
    }
    fake.retain(|one| facts.external.contains(one));
    facts.fake_external = fake;
}

/// Whether a field of an interface stands for the same field of its implementations as well.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Implementations {
    Leave,
    Include,
}

/// Adds every field of a set.
fn mark(
    schema: &Schema,
    set: &FieldSet,
    into: &mut IndexSet<Coordinate>,
    implementations: Implementations,
) {
    set.visit(&mut |parent, name, _| {
        into.insert((parent.clone(), name.clone()));
        if implementations == Implementations::Include
            && let Some(ExtendedType::Interface(_)) = schema.types.get(parent)
        {
            for object in schemas::runtime_types(schema, parent) {
                into.insert((object, name.clone()));
            }
        }
    });
}

fn collect_used_by_interfaces(schema: &Schema, facts: &mut Facts) {
    for (name, ty) in schema.types.iter().filter(|(_, ty)| ty.is_object()) {
        for interface in schemas::interfaces(ty) {
            let fields = schema.types.get(interface).and_then(schemas::fields);
            for field in fields.into_iter().flat_map(|fields| fields.keys()) {
                facts.used.insert((name.clone(), field.clone()));
            }
        }
    }
}

fn collect_shareable(subgraph: &Subgraph<Linked>, facts: &mut Facts) {
    let schema = &subgraph.schema;
    let links = &subgraph.links;
    if links.federation == Federation::One {
        for (name, ty) in &schema.types {
            for field in schemas::fields(ty)
                .into_iter()
                .flat_map(|fields| fields.keys())
            {
                facts.shareable.insert((name.clone(), field.clone()));
            }
        }
        return;
    }
    let mut shareable = IndexSet::default();
    for key in facts.keys.values().flatten() {
        mark(
            schema,
            &key.fields.set,
            &mut shareable,
            Implementations::Leave,
        );
    }
    // What a subgraph provides on some path, another one has for all of them.
    shareable.extend(
        facts
            .provided
            .iter()
            .filter(|one| facts.external.contains(*one))
            .cloned(),
    );
    for (name, ty) in &schema.types {
        let ExtendedType::Object(object) = ty else {
            continue;
        };
        // On a type it speaks for the block that it stands on, not for other blocks.
        let blocks: Vec<_> = links
            .on_type(&object.directives, Role::Shareable)
            .map(|one| &one.origin)
            .collect();
        for field in object.fields.values() {
            if blocks.contains(&&field.origin) || links.has(&field.directives, Role::Shareable) {
                shareable.insert((name.clone(), field.name.clone()));
            }
        }
    }
    facts.shareable = shareable;
}

/// Whether two sets select the same, in whatever order.
pub(crate) fn same_selections(one: &FieldSet, other: &FieldSet) -> bool {
    one.0.len() == other.0.len()
        && one.0.iter().all(|left| {
            other.0.iter().any(|right| match (left, right) {
                (
                    Selection::Field { name, children, .. },
                    Selection::Field {
                        name: other_name,
                        children: other_children,
                        ..
                    },
                ) => name == other_name && same_selections(children, other_children),
                (
                    Selection::Fragment { on, children },
                    Selection::Fragment {
                        on: other_on,
                        children: other_children,
                    },
                ) => on == other_on && same_selections(children, other_children),
                _ => false,
            })
        })
}
