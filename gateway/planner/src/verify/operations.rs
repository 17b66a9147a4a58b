//! A subgraph is asked only for what it can resolve.

use apollo_compiler::Name;
use apollo_compiler::ast::{self, Selection};
use supergraph::{FieldIn, FieldSet, Root, SubgraphId, Supergraph, TypeId};

use super::Flaw;
use crate::options::Options;
use crate::plan::{Entities, Fetch, OperationKind, PartKind, Plan, RepresentationField};

struct Asked<'a> {
    graph: &'a Supergraph,
    options: &'a Options,
    subgraph: SubgraphId,
    at: String,
}

/// What is known about the object at which fields are asked for.
#[derive(Clone, Copy)]
struct Object<'a> {
    /// Field sets that are provided on the path here.
    provided: &'a [&'a FieldSet],
    /// What was sent for it, if it is an entity.
    sent: Option<&'a Entities>,
}

pub(super) fn check(plan: &Plan, graph: &Supergraph, options: &Options) -> Result<(), Flaw> {
    for (index, fetch) in plan.fetches.iter().enumerate() {
        let at = format!("fetch {index}");
        let subgraph = graph
            .subgraph_ids()
            .find(|&id| *graph.subgraph(id).name == *fetch.subgraph)
            .ok_or_else(|| Flaw::new(at.as_str(), "it asks an unknown subgraph"))?;
        let document = ast::Document::parse(fetch.operation.as_ref(), "operation.graphql")
            .map_err(|_| Flaw::new(at.as_str(), "its operation cannot be parsed"))?;
        let [ast::Definition::OperationDefinition(operation)] = document.definitions.as_slice()
        else {
            return Err(Flaw::new(at, "it does not have one operation"));
        };
        let asked = Asked {
            graph,
            options,
            subgraph,
            at,
        };
        asked.fetch(plan, fetch, operation)?;
    }
    Ok(())
}

impl Asked<'_> {
    fn flaw(&self, what: impl Into<String>) -> Flaw {
        Flaw::new(self.at.as_str(), what)
    }

    fn fetch(
        &self,
        plan: &Plan,
        fetch: &Fetch,
        operation: &ast::OperationDefinition,
    ) -> Result<(), Flaw> {
        if let PartKind::Root = fetch.parts[0].kind {
            let is_root = fetch.parts[0].at.index() == 0;
            let root = match plan.kind {
                OperationKind::Mutation if is_root => Root::Mutation,
                OperationKind::Subscription if is_root => Root::Subscription,
                _ => Root::Query,
            };
            let root = self
                .graph
                .root(root)
                .ok_or_else(|| self.flaw("there is no such root"))?;
            let object = Object {
                provided: &[],
                sent: None,
            };
            return self.selections(&operation.selection_set, root, object);
        }
        if operation.selection_set.len() != fetch.parts.len() {
            return Err(self.flaw("its parts are not those of its operation"));
        }
        for (part, selection) in fetch.parts.iter().zip(&operation.selection_set) {
            let (PartKind::Entities(entities), Selection::Field(field)) = (&part.kind, selection)
            else {
                return Err(self.flaw("entities travel with something else"));
            };
            if field.name != "_entities" || *field.response_name() != *entities.response_key {
                return Err(self.flaw("a part is not asked for under its key"));
            }
            for selection in &field.selection_set {
                let Selection::InlineFragment(fragment) = selection else {
                    return Err(self.flaw("entities have no fields of their own"));
                };
                let ty = self.condition(fragment.type_condition.as_ref())?;
                let object = Object {
                    provided: &[],
                    sent: Some(entities),
                };
                self.selections(&fragment.selection_set, ty, object)?;
            }
        }
        Ok(())
    }

    fn condition(&self, name: Option<&Name>) -> Result<TypeId, Flaw> {
        let name = name.ok_or_else(|| self.flaw("a fragment names no type"))?;
        let ty = self.graph.type_id(name);
        ty.filter(|&ty| self.graph.ty(ty).within.contains_key(&self.subgraph))
            .ok_or_else(|| self.flaw(format!("the subgraph has no type {name}")))
    }

    fn selections(
        &self,
        selections: &[Selection],
        ty: TypeId,
        object: Object<'_>,
    ) -> Result<(), Flaw> {
        for selection in selections {
            match selection {
                Selection::Field(field) if field.name == "__typename" => {}
                Selection::Field(field) => self.field(field, ty, object)?,
                Selection::InlineFragment(fragment) => {
                    let inner = match &fragment.type_condition {
                        Some(name) => self.condition(Some(name))?,
                        None => ty,
                    };
                    self.selections(&fragment.selection_set, inner, object)?;
                }
                Selection::FragmentSpread(_) => return Err(self.flaw("it spreads a fragment")),
            }
        }
        Ok(())
    }

    fn field(&self, field: &ast::Field, ty: TypeId, object: Object<'_>) -> Result<(), Flaw> {
        let definition = self.graph.ty(ty);
        let coordinate = || format!("{}.{}", definition.name, field.name);
        let within = definition
            .fields
            .get(&field.name)
            .and_then(|known| known.within.get(&self.subgraph))
            .ok_or_else(|| self.flaw(format!("the subgraph has no field {}", coordinate())))?;
        // An interface resolves nothing: its objects do.
        let possible = &definition.within[&self.subgraph].possible;
        // What the objects provide counts if all of them do.
        let mut provided: Vec<&FieldSet> = within.provides.iter().collect();
        let provides = |ty: &TypeId| {
            let field = self.graph.ty(*ty).fields.get(&field.name)?;
            field.within.get(&self.subgraph)?.provides.as_ref()
        };
        if let Some(sets) = possible.iter().map(provides).collect::<Option<Vec<_>>>() {
            provided.extend(sets);
        }
        for &run_time in possible {
            let own = self.graph.ty(run_time).fields.get(&field.name);
            let own = own
                .and_then(|known| known.within.get(&self.subgraph))
                .unwrap_or(within);
            if !self.resolves(own, run_time, &field.name, object) {
                return Err(self.flaw(format!("the subgraph does not resolve {}", coordinate())));
            }
            let filled = |name: &str| field.arguments.iter().any(|known| known.name == *name);
            if own.context.iter().any(|argument| !filled(&argument.name)) {
                return Err(self.flaw(format!("{} lacks a context", coordinate())));
            }
            if let Some(required) = &own.requires {
                let sent = object.sent.map(|entities| &entities.representation);
                let sent = sent.ok_or_else(|| {
                    self.flaw(format!("{} is asked without an entity", coordinate()))
                })?;
                let all: Vec<&RepresentationField> =
                    sent.key.iter().chain(&sent.requires).collect();
                if !is_sent(required, &all) {
                    return Err(self.flaw(format!("{} lacks what it requires", coordinate())));
                }
            }
        }
        if !field.selection_set.is_empty() {
            for set in object.provided {
                nested(set, &field.name, &mut provided);
            }
            let inner = Object {
                provided: &provided,
                sent: None,
            };
            self.selections(&field.selection_set, within.named, inner)?;
        }
        Ok(())
    }

    fn resolves(&self, field: &FieldIn, _ty: TypeId, name: &str, object: Object<'_>) -> bool {
        let active = |label: &str| self.options.active_labels.contains(label);
        let replaced = field.overridden_under.as_deref().is_some_and(active);
        let label = field
            .overrides
            .as_ref()
            .and_then(|over| over.label.as_deref());
        let waits = label.is_some_and(|label| !active(label));
        let provided = object.provided.iter().any(|set| mentions(set, name));
        let moved = field.used_overridden && field.overridden_under.is_none();
        let external = (field.external || moved) && !provided;
        !(replaced || waits || external)
    }
}

fn mentions(set: &FieldSet, wanted: &str) -> bool {
    set.selections.iter().any(|selection| match selection {
        supergraph::Selection::Field { name, .. } => name == wanted,
        supergraph::Selection::Fragment { fields, .. } => mentions(fields, wanted),
    })
}

fn nested<'s>(set: &'s FieldSet, wanted: &str, into: &mut Vec<&'s FieldSet>) {
    for selection in &set.selections {
        match selection {
            supergraph::Selection::Field { name, fields, .. } if name == wanted => {
                into.push(fields);
            }
            supergraph::Selection::Fragment { fields, .. } => nested(fields, wanted, into),
            supergraph::Selection::Field { .. } => {}
        }
    }
}

/// Whether a representation holds the fields of a requirement, fragments aside.
fn is_sent(required: &FieldSet, sent: &[&RepresentationField]) -> bool {
    required.selections.iter().all(|selection| match selection {
        supergraph::Selection::Field { name, .. } => {
            name == "__typename" || sent.iter().any(|field| *field.name == **name)
        }
        supergraph::Selection::Fragment { .. } => true,
    })
}
