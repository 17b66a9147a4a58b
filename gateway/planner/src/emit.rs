//! From a draft to the plan that the executor reads.

mod answer;
mod representation;

use std::sync::Arc;

use crate::map::{IndexMap, IndexSet};
use apollo_compiler::Name;
use apollo_compiler::executable::Operation;
use supergraph::TypeId;

use crate::condition::When;
use crate::draft::{Alias, Draft, Origin, PositionId};
use crate::error::Error;
use crate::goals::GoalSetId;
use crate::plan::{
    Condition, ConditionId, Entities, Fetch, FetchId, Node, NodeId, OperationKind, Part, PartKind,
    Plan, Selection, SelectionId, Shape, ShapeField, ShapeId, Source, Supplier, TypeFilter,
    Typename,
};
use crate::print;
use crate::requests::Request;
use crate::type_set::TypeSet;
use crate::wants::Terrain;

/// The tables of the plan while they are filled.
struct Emitter<'e, 'g> {
    terrain: &'e mut Terrain<'g>,
    draft: &'e Draft,
    conditions: IndexSet<When>,
    selections: Vec<Selection>,
    selected: IndexMap<(PositionId, GoalSetId), SelectionId>,
    /// By position: whether clients see it.
    shown: Vec<bool>,
    names: IndexMap<TypeId, Arc<str>>,
    /// By visit: its fetch, and which part of it.
    parts: Vec<(FetchId, u32)>,
}

/// Writes the plan of a draft.
pub(crate) fn plan(
    terrain: &mut Terrain<'_>,
    draft: &Draft,
    requests: &[Request],
    operation: &Operation,
    kind: OperationKind,
    goals: GoalSetId,
) -> Result<Plan, Error> {
    let mut emitter = Emitter {
        terrain,
        draft,
        conditions: IndexSet::from_iter([When::always()]),
        selections: Vec::with_capacity(draft.positions.len()),
        selected: IndexMap::default(),
        shown: vec![false; draft.positions.len()],
        names: IndexMap::default(),
        parts: vec![(FetchId(0), 0); draft.visits.len()],
    };
    for (fetch, request) in requests.iter().enumerate() {
        for (part, &visit) in request.visits.iter().enumerate() {
            emitter.parts[visit] = (FetchId(narrow(fetch)), narrow(part));
        }
    }
    let definitions: Vec<(Name, String)> = operation
        .variables
        .iter()
        .map(|variable| {
            let default = variable.default_value.as_ref();
            let default = default.map(|value| format!("={}", value.serialize().no_indent()));
            let default = default.unwrap_or_default();
            (
                variable.name.clone(),
                format!("${}:{}{default}", variable.name, variable.ty),
            )
        })
        .collect();
    let root = emitter.selection(0, goals)?;
    let fetches = requests
        .iter()
        .map(|request| emitter.fetch(request, kind, &definitions))
        .collect::<Result<Vec<_>, _>>()?;
    let nodes = (0..draft.positions.len())
        .map(|at| emitter.node(at))
        .collect();
    let shapes = draft.tables.iter().map(shape).collect();
    Ok(Plan {
        kind,
        fetches,
        nodes,
        shapes,
        selections: emitter.selections,
        conditions: emitter
            .conditions
            .into_iter()
            .map(When::into_condition)
            .collect::<Vec<Condition>>(),
        root,
        introspection: None,
    })
}

fn shape(table: &crate::draft::table::Table) -> Shape {
    let field = |slot: &crate::draft::table::Slot| ShapeField {
        key: slot.key.as_str().into(),
        object: slot.table.map(|table| ShapeId(narrow(table))),
    };
    Shape {
        fields: table.slots.iter().map(field).collect(),
        typename: table.typename,
    }
}

impl Emitter<'_, '_> {
    fn fetch(
        &mut self,
        request: &Request,
        kind: OperationKind,
        definitions: &print::Definitions,
    ) -> Result<Fetch, Error> {
        let printed = print::request(self.terrain, self.draft, request, kind, definitions)?;
        let mut condition = When::NEVER;
        let mut parts = Vec::with_capacity(request.visits.len());
        for (index, &visit) in request.visits.iter().enumerate() {
            let visit = &self.draft.visits[visit];
            condition.or(&visit.when);
            let kind = match visit.mode {
                None => PartKind::Root,
                Some(mode) => {
                    let known = &printed.entities[index];
                    PartKind::Entities(Entities {
                        response_key: known.response_key.as_str().into(),
                        variable: known.variable.as_str().into(),
                        types: self.asked_filter(&visit.types, visit.position),
                        condition: self.condition(&visit.when),
                        representation: self.representation(visit, mode)?,
                        context: self.context(visit, &known.context)?,
                    })
                }
            };
            let shape = ShapeId(narrow(self.draft.objects[visit.object].table));
            parts.push(Part {
                at: NodeId(narrow(visit.position)),
                kind,
                shape,
            });
        }
        let name: &str = &self.terrain.graph.subgraph(request.subgraph).name;
        Ok(Fetch {
            subgraph: name.into(),
            after: request
                .after
                .iter()
                .map(|&other| FetchId(narrow(other)))
                .collect(),
            condition: self.condition(&condition),
            operation: printed.operation.into(),
            variables: printed.variables,
            parts,
        })
    }

    fn node(&mut self, at: PositionId) -> Node {
        let position = &self.draft.positions[at];
        let sources = position.sources.iter().map(|source| match source.origin {
            Origin::Slot { parent, slot } => Source::Slot { parent, slot },
            Origin::Visit(visit) => {
                let (fetch, part) = self.parts[visit];
                Source::Part { fetch, part }
            }
        });
        let sources = sources.collect();
        let types = self.standing(at);
        let position = &self.draft.positions[at];
        let typename = match types.single().filter(|_| position.types.len() == 1) {
            Some(ty) => Typename::Fixed(self.name(ty)),
            None => match &position.typename {
                Some(told) => {
                    let supplier = |(source, slot)| Supplier {
                        source,
                        slot,
                        condition: ConditionId::ALWAYS,
                    };
                    let names = told.aliases.iter().map(|alias| alias.name);
                    let names: TypeSet = types.iter().chain(names).collect();
                    Typename::Read {
                        from: told.tellers().map(supplier).collect(),
                        possible: names.iter().map(|ty| self.name(ty)).collect(),
                    }
                }
                // Nobody asks which type it is: it goes by the interface that a subgraph has as
                // an object. Where no type is possible, no object can stand.
                None => {
                    let named = position
                        .sources
                        .first()
                        .and_then(|source| source.site.named);
                    match named.filter(|_| !types.is_empty()) {
                        Some(named) => Typename::Fixed(self.name(named)),
                        None => Typename::Read {
                            from: Vec::new(),
                            possible: Arc::from([]),
                        },
                    }
                }
            },
        };
        Node {
            parent: position.parent.map(|parent| NodeId(narrow(parent))),
            sources,
            typename,
        }
    }

    /// The types that may stand at a position: where clients see it, none that are hidden.
    fn standing(&self, at: PositionId) -> TypeSet {
        let types = &self.draft.positions[at].types;
        if !self.shown[at] {
            return types.clone();
        }
        let graph = self.terrain.graph;
        types.filter(|&ty| graph.ty(ty).accessible)
    }

    fn name(&mut self, ty: TypeId) -> Arc<str> {
        let graph = self.terrain.graph;
        let name = self
            .names
            .entry(ty)
            .or_insert_with(|| graph.ty(ty).name.as_str().into());
        Arc::clone(name)
    }

    fn condition(&mut self, when: &When) -> ConditionId {
        if when.is_always() {
            return ConditionId::ALWAYS;
        }
        ConditionId(narrow(self.conditions.insert_full(when.clone()).0))
    }

    /// The filter that lets some of a position's types pass.
    fn filter(&mut self, types: &TypeSet, at: PositionId) -> TypeFilter {
        if self.standing(at).is_within(types) {
            return TypeFilter::Any;
        }
        self.names(types)
    }

    /// The filter that lets the types of a visit pass. Until someone tells more, an object may go
    /// by a name that stands for several types.
    fn asked_filter(&mut self, types: &TypeSet, at: PositionId) -> TypeFilter {
        let aliases = self.aliases(at).iter();
        let known = aliases.filter(|alias| alias.types.is_within(types));
        let names: TypeSet = types.iter().chain(known.map(|alias| alias.name)).collect();
        match self.filter(types, at) {
            TypeFilter::Any => TypeFilter::Any,
            TypeFilter::OneOf(_) => self.names(&names),
        }
    }

    fn aliases(&self, at: PositionId) -> &[Alias] {
        let told = self.draft.positions[at].typename.as_ref();
        told.map_or(&[], |told| &told.aliases)
    }

    fn names(&mut self, types: &TypeSet) -> TypeFilter {
        // Types are numbered by name, so this is sorted.
        TypeFilter::OneOf(types.iter().map(|ty| self.name(ty)).collect())
    }
}

/// Indices of a plan: the budget keeps them far below the range.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).expect("the budget bounds every table")
}
