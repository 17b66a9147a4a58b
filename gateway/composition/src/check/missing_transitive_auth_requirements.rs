//! `MISSING_TRANSITIVE_AUTH_REQUIREMENTS`: a field computed from guarded fields must demand at
//! least what they demand, or it would leak them.

use apollo_compiler::ast::Directive;
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node, Schema};

use crate::context;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::field_set::{FieldSet, Selection};
use crate::link::Role;
use crate::merge::{Merged, alternatives, conjoin};
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

/// Where demands are written, and under which names.
struct Guards<'a> {
    supergraph: &'a Schema,
    features: &'a IndexMap<Role, Name>,
}

/// What somebody must have to see an element.
#[derive(Clone, Debug, Default)]
struct Demand {
    authenticated: bool,
    /// Alternatives, each a set of names; no alternative at all means no demand.
    scopes: Vec<Vec<String>>,
    policies: Vec<Vec<String>>,
}

pub(super) fn run(
    subgraphs: &[Subgraph<Valid>],
    merged: &Merged,
    supergraph: &Schema,
    found: &mut Vec<Diagnostic>,
) {
    let guarded = [Role::Authenticated, Role::RequiresScopes, Role::Policy]
        .iter()
        .any(|role| merged.features.contains_key(role));
    if !guarded {
        return;
    }
    let names = Guards {
        supergraph,
        features: &merged.features,
    };
    for subgraph in subgraphs {
        for ((ty, field), fields) in &subgraph.facts.requires {
            let place = subgraph.place(fields.span);
            check(
                &names,
                ty,
                field,
                &[(ty.clone(), fields.set.clone())],
                "@requires",
                &place,
                found,
            );
        }
        for contextual in context::contextual_arguments(&subgraph.schema, &subgraph.links) {
            let Some(source) = &contextual.source else {
                continue;
            };
            let sets: Vec<(Name, FieldSet)> =
                context::types_that_set(&subgraph.schema, &subgraph.links, &source.context)
                    .into_iter()
                    .map(|ty| {
                        let set = context::resolve_on(
                            &subgraph.schema,
                            &subgraph.links,
                            ty,
                            &source.selection,
                        )
                        .0;
                        (ty.clone(), set)
                    })
                    .collect();
            let place = subgraph.place(contextual.directive.location());
            check(
                &names,
                contextual.ty,
                &contextual.field.name,
                &sets,
                "@fromContext",
                &place,
                found,
            );
        }
    }
}

fn check(
    guards: &Guards<'_>,
    ty: &Name,
    field: &Name,
    sets: &[(Name, FieldSet)],
    through: &str,
    place: &Place,
    found: &mut Vec<Diagnostic>,
) {
    let mut has = Demand::default();
    has.add_type(guards, ty);
    has.add_field(guards, ty, field);
    for (from, set) in sets {
        let mut missing = None;
        // Whoever takes a value from another object reaches that object.
        let mut needs = Demand::default();
        needs.add_type(guards, from);
        if !has.covers(&needs) {
            missing = Some(from.to_string());
        }
        walk(guards, set, &has, &mut missing);
        if let Some(coordinate) = missing {
            found.push(Diagnostic::new(
                Code::MissingTransitiveAuthRequirements,
                format!("field \"{ty}.{field}\" does not specify necessary @authenticated, @requiresScopes and/or @policy auth requirements to access the transitive field \"{coordinate}\" data from {through} selection set"),
                vec![place.clone()],
            ));
            return;
        }
    }
}

/// Finds a selected field that demands more than `has`.
fn walk(guards: &Guards<'_>, set: &FieldSet, has: &Demand, missing: &mut Option<String>) {
    for selection in &set.0 {
        match selection {
            Selection::Field {
                parent,
                name,
                children,
                ..
            } => {
                let mut needs = Demand::default();
                needs.add_field(guards, parent, name);
                if let Some(definition) = schemas::field(guards.supergraph, parent, name) {
                    let target = definition.ty.inner_named_type().clone();
                    let narrowed: IndexSet<&Name> = narrowed_to(children);
                    if narrowed.is_empty() {
                        needs.add_type(guards, &target);
                    }
                }
                if !has.covers(&needs) {
                    missing.get_or_insert_with(|| format!("{parent}.{name}"));
                }
                walk(guards, children, has, missing);
            }
            Selection::Fragment { on, children } => {
                let mut needs = Demand::default();
                needs.add_type(guards, on);
                if !has.covers(&needs) {
                    missing.get_or_insert_with(|| on.to_string());
                }
                walk(guards, children, has, missing);
            }
        }
    }
}

/// The types that every part of a selection narrows to; none if some part does not.
fn narrowed_to(set: &FieldSet) -> IndexSet<&Name> {
    let mut all = IndexSet::default();
    for selection in &set.0 {
        match selection {
            Selection::Fragment { on, .. } => {
                all.insert(on);
            }
            Selection::Field { .. } => return IndexSet::default(),
        }
    }
    all
}

impl Demand {
    fn add_type(&mut self, guards: &Guards<'_>, ty: &Name) {
        if let Some(definition) = guards.supergraph.types.get(ty) {
            self.add(guards, definition.directives().iter().map(|one| &one.node));
        }
    }

    fn add_field(&mut self, guards: &Guards<'_>, ty: &Name, field: &Name) {
        if let Some(definition) = schemas::field(guards.supergraph, ty, field) {
            self.add(guards, definition.directives.iter());
            // The value's type is part of the answer.
            let target = definition.ty.inner_named_type();
            if matches!(
                guards.supergraph.types.get(target),
                Some(ExtendedType::Scalar(_) | ExtendedType::Enum(_))
            ) {
                self.add_type(guards, target);
            }
        }
    }

    fn add<'a>(
        &mut self,
        guards: &Guards<'_>,
        directives: impl Iterator<Item = &'a Node<Directive>>,
    ) {
        for directive in directives {
            let is = |role: Role| guards.features.get(&role) == Some(&directive.name);
            if is(Role::Authenticated) {
                self.authenticated = true;
            } else if is(Role::RequiresScopes) {
                self.scopes = both(&self.scopes, &alternatives(directive, "scopes"));
            } else if is(Role::Policy) {
                self.policies = both(&self.policies, &alternatives(directive, "policies"));
            }
        }
    }

    fn covers(&self, needs: &Self) -> bool {
        (!needs.authenticated || self.authenticated)
            && implies(&self.scopes, &needs.scopes)
            && implies(&self.policies, &needs.policies)
    }
}

fn both(left: &[Vec<String>], right: &[Vec<String>]) -> Vec<Vec<String>> {
    if left.is_empty() {
        return right.to_vec();
    }
    if right.is_empty() {
        return left.to_vec();
    }
    conjoin(left, right)
}

/// Whether everybody who has one of `has` also has one of `needs`.
fn implies(has: &[Vec<String>], needs: &[Vec<String>]) -> bool {
    // An empty alternative is had by everybody.
    if needs.is_empty() || needs.iter().any(Vec::is_empty) {
        return true;
    }
    !has.is_empty()
        && has.iter().all(|own| {
            needs
                .iter()
                .any(|needed| needed.iter().all(|one| own.contains(one)))
        })
}
