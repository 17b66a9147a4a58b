//! Who resolves what: the fields that a subgraph can be asked for at an object.

use crate::map::IndexMap;
use apollo_compiler::Name;
use supergraph::{FieldIn, FieldSet, Kind, Selection, SubgraphId, Supergraph, TypeId};

use crate::goals::possible;
use crate::options::Options;
use crate::routes::Door;
use crate::type_set::TypeSet;

/// What is provided on the path to an object, as an index; the first stands for nothing.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct ProvidedId(u32);

impl ProvidedId {
    pub(crate) const NOTHING: Self = Self(0);
}

/// A subgraph in which an object is at hand, and how.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Site {
    pub(crate) subgraph: SubgraphId,
    pub(crate) provided: ProvidedId,
    /// The type of the object's position in the subgraph; none if it was asked for as an entity
    /// of its own type.
    pub(crate) named: Option<TypeId>,
    /// Whether it was asked for as an entity at this very position.
    pub(crate) entity: bool,
}

impl Site {
    /// The subgraph as one that objects are asked from as entities of their own type.
    pub(crate) fn entity(subgraph: SubgraphId) -> Self {
        Self {
            subgraph,
            provided: ProvidedId::NOTHING,
            named: None,
            entity: true,
        }
    }
}

/// A field that can be asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held<'g> {
    /// The object type, or the interface that the subgraph has as an object.
    pub(crate) holder: TypeId,
    pub(crate) field: &'g FieldIn,
}

/// What may stand in a field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Standing {
    /// Objects of all types that the field's type allows.
    Possible,
    /// Objects of those types that all who share the field can return: since they return the same,
    /// there are no others.
    Agreed,
}

/// The graph under one set of override labels.
#[derive(Debug)]
pub(crate) struct Sites<'g> {
    pub(crate) graph: &'g Supergraph,
    options: &'g Options,
    standing: Standing,
    /// By the addresses of the field sets.
    provided: IndexMap<Vec<*const FieldSet>, Vec<&'g FieldSet>>,
    /// Run-time types of a position of some type in some subgraph.
    run_time: IndexMap<(SubgraphId, TypeId), TypeSet>,
    /// What all who share a field can return.
    agreed: IndexMap<(TypeId, Name), TypeSet>,
}

impl Held<'_> {
    /// Whether it can be asked for only of an entity, with what it needs.
    pub(crate) fn needs_input(self) -> bool {
        self.field.requires.is_some() || !self.field.context.is_empty()
    }
}

impl<'g> Sites<'g> {
    pub(crate) fn new(graph: &'g Supergraph, options: &'g Options, standing: Standing) -> Self {
        let mut provided = IndexMap::default();
        provided.insert(Vec::new(), Vec::new());
        Self {
            graph,
            options,
            standing,
            provided,
            run_time: IndexMap::default(),
            agreed: IndexMap::default(),
        }
    }

    /// The type that a subgraph knows objects of a type by: the type itself, or an interface that
    /// the subgraph has as an object.
    pub(crate) fn known_as(&self, subgraph: SubgraphId, ty: TypeId) -> Option<TypeId> {
        let definition = self.graph.ty(ty);
        if definition.within.contains_key(&subgraph) {
            return Some(ty);
        }
        let as_object = |&interface: &TypeId| self.is_interface_object(subgraph, interface);
        definition.interfaces.iter().copied().find(as_object)
    }

    pub(crate) fn is_interface_object(&self, subgraph: SubgraphId, ty: TypeId) -> bool {
        let within = self.graph.ty(ty).within.get(&subgraph);
        within.is_some_and(|within| within.interface_object)
    }

    /// Where a subgraph is entered for a field.
    pub(crate) fn door(&self, subgraph: SubgraphId, held: Held<'_>) -> Door {
        let is_object = self.is_interface_object(subgraph, held.holder);
        Door {
            subgraph,
            as_object: is_object.then_some(held.holder),
        }
    }

    /// The field, if the site can be asked for it on objects of the type.
    pub(crate) fn held(&self, site: Site, ty: TypeId, name: &str) -> Option<Held<'g>> {
        let definition = self.graph.ty(ty);
        if definition.within.contains_key(&site.subgraph)
            && let Some(field) = definition.fields.get(name)?.within.get(&site.subgraph)
        {
            return self
                .usable(site, ty, field, name)
                .then_some(Held { holder: ty, field });
        }
        definition.interfaces.iter().find_map(|&interface| {
            if !self.is_interface_object(site.subgraph, interface)
                || site
                    .named
                    .is_some_and(|named| self.goes_by_another(site.subgraph, named, interface, ty))
            {
                return None;
            }
            let field = self
                .graph
                .ty(interface)
                .fields
                .get(name)?
                .within
                .get(&site.subgraph)?;
            let usable = self.usable(site, ty, field, name)
                || self.is_provided(site.provided, interface, name);
            usable.then_some(Held {
                holder: interface,
                field,
            })
        })
    }

    /// Whether objects that stand for a type of a subgraph are there as another of the interface
    /// objects that they may go by, or may be: what one of them has, others do not.
    fn goes_by_another(
        &self,
        subgraph: SubgraphId,
        named: TypeId,
        interface: TypeId,
        ty: TypeId,
    ) -> bool {
        if named == interface || self.is_interface_object(subgraph, named) {
            return named != interface;
        }
        let Some(within) = self.graph.ty(named).within.get(&subgraph) else {
            return false;
        };
        let mut others = within.possible.iter().filter(|&&one| {
            one != interface
                && self.is_interface_object(subgraph, one)
                && self.graph.ty(one).possible.contains(&ty)
        });
        others.next().is_some()
    }

    fn usable(&self, site: Site, ty: TypeId, field: &FieldIn, name: &str) -> bool {
        let active = |label: &str| self.options.active_labels.contains(label);
        let replaced = field.overridden_under.as_deref().is_some_and(active);
        let waits = field
            .overrides
            .as_ref()
            .and_then(|over| over.label.as_deref())
            .is_some_and(|label| !active(label));
        if replaced || waits {
            return false;
        }
        // Under a label it is resolved as before, unless the label is active.
        let moved = field.used_overridden && field.overridden_under.is_none();
        !(field.external || moved) || self.is_provided(site.provided, ty, name)
    }

    fn is_provided(&self, provided: ProvidedId, ty: TypeId, name: &str) -> bool {
        provided != ProvidedId::NOTHING
            && self.provided[provided.0 as usize]
                .iter()
                .any(|set| self.mentions(set, ty, name))
    }

    fn mentions(&self, set: &FieldSet, ty: TypeId, wanted: &str) -> bool {
        set.selections.iter().any(|selection| match selection {
            Selection::Field { name, .. } => name == wanted,
            Selection::Fragment { on, fields } => {
                self.applies(on.as_ref(), ty) && self.mentions(fields, ty, wanted)
            }
        })
    }

    fn applies(&self, on: Option<&Name>, ty: TypeId) -> bool {
        on.is_none_or(|name| {
            let condition = self.graph.type_id(name);
            condition.is_some_and(|id| id == ty || self.graph.ty(id).possible.contains(&ty))
        })
    }

    /// The site of the object inside a field.
    pub(crate) fn below(&mut self, site: Site, ty: TypeId, held: Held<'g>, name: &str) -> Site {
        let mut sets: Vec<&'g FieldSet> = held.field.provides.iter().collect();
        if site.provided != ProvidedId::NOTHING {
            for set in self.provided[site.provided.0 as usize].clone() {
                self.nested(set, ty, name, &mut sets);
            }
        }
        let provided = if sets.is_empty() {
            ProvidedId::NOTHING
        } else {
            let key: Vec<*const FieldSet> =
                sets.iter().map(|&set| std::ptr::from_ref(set)).collect();
            let index = match self.provided.get_index_of(&key) {
                Some(index) => index,
                None => self.provided.insert_full(key, sets).0,
            };
            ProvidedId(u32::try_from(index).expect("there are no more than fields"))
        };
        Site {
            subgraph: site.subgraph,
            provided,
            named: Some(held.field.named),
            entity: false,
        }
    }

    fn nested(&self, set: &'g FieldSet, ty: TypeId, wanted: &str, into: &mut Vec<&'g FieldSet>) {
        for selection in &set.selections {
            match selection {
                Selection::Field { name, fields, .. } if name == wanted && !fields.is_empty() => {
                    into.push(fields);
                }
                Selection::Fragment { on, fields } if self.applies(on.as_ref(), ty) => {
                    self.nested(fields, ty, wanted, into);
                }
                Selection::Field { .. } | Selection::Fragment { .. } => {}
            }
        }
    }

    /// The types that objects at a position in a subgraph may have, in the supergraph's terms.
    pub(crate) fn run_time(&mut self, subgraph: SubgraphId, named: TypeId) -> TypeSet {
        if let Some(types) = self.run_time.get(&(subgraph, named)) {
            return types.clone();
        }
        let possible: &[TypeId] = match self.graph.ty(named).within.get(&subgraph) {
            Some(within) => &within.possible,
            None => &[],
        };
        let types: TypeSet = possible
            .iter()
            .flat_map(|&ty| self.graph.ty(ty).possible.iter().copied())
            .collect();
        self.run_time.insert((subgraph, named), types.clone());
        types
    }

    /// The types of objects that may stand in a field of some types.
    pub(crate) fn inner(&mut self, types: &TypeSet, name: &Name) -> TypeSet {
        let graph = self.graph;
        let of_one = |ty| {
            let named = graph.ty(ty).fields.get(name)?.named;
            Some(match self.standing {
                Standing::Possible => possible(graph, Some(named)),
                Standing::Agreed => self.agreed(ty, named, name),
            })
        };
        let all = types.iter().filter_map(of_one);
        all.reduce(|some, more| some.or(&more))
            .unwrap_or_else(|| TypeSet::of_sorted(&[]))
    }

    /// The types of objects that all who share a field can return. If there are none, the field
    /// is not shared in truth, and each returns objects of its own.
    fn agreed(&mut self, ty: TypeId, named: TypeId, name: &Name) -> TypeSet {
        let key = (ty, name.clone());
        if let Some(types) = self.agreed.get(&key) {
            return types.clone();
        }
        let graph = self.graph;
        let all = possible(graph, Some(named));
        let mut agreed = all.clone();
        for subgraph in graph.subgraph_ids() {
            let Some(held) = self.held(Site::entity(subgraph), ty, name) else {
                continue;
            };
            // Where others say an interface, an object may stand for all that implement it.
            let is_open = graph.ty(named).kind != Kind::Union
                && graph.ty(held.field.named).kind == Kind::Object;
            if !is_open {
                agreed = agreed.and(&self.run_time(subgraph, held.field.named));
            }
        }
        if agreed.is_empty() {
            agreed = all;
        }
        self.agreed.insert(key, agreed.clone());
        agreed
    }

    /// Whether `__typename` at a position in a subgraph is the object's own type.
    pub(crate) fn tells_type(&self, site: Site) -> bool {
        let Some(named) = site.named else { return true };
        let within = self.graph.ty(named).within.get(&site.subgraph);
        within.is_some_and(|within| {
            within
                .possible
                .iter()
                .all(|&ty| !self.is_interface_object(site.subgraph, ty))
        })
    }
}
