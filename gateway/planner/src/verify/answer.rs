//! The answer has the client's fields in the client's order, whatever the variables are.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ast::{DirectiveList, Value};
use apollo_compiler::executable::{Field, Operation, Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Name};
use indexmap::IndexMap;
use supergraph::{Kind, Supergraph};

use super::{Flaw, flow};
use crate::plan::{
    AnswerField, AnswerValue, ConditionId, FetchId, NodeId, PartKind, Plan, SelectionId, Source,
    TypeFilter, Typename,
};

/// More variables than these are tried in a few combinations instead of in every one.
const VARIABLES_MAX: usize = 4;

/// Larger answers are checked as far as this many objects.
const OBJECTS_MAX: usize = 4_000;

struct Check<'c> {
    plan: &'c Plan,
    graph: &'c Supergraph,
    document: &'c ExecutableDocument,
    values: BTreeMap<&'c str, bool>,
    seen: BTreeSet<(SelectionId, Vec<*const SelectionSet>)>,
}

pub(super) fn check(
    plan: &Plan,
    graph: &Supergraph,
    document: &ExecutableDocument,
    operation: &Operation,
) -> Result<(), Flaw> {
    let mut variables: BTreeSet<&str> = BTreeSet::new();
    mentioned(&operation.selection_set, &mut variables);
    for fragment in document.fragments.values() {
        mentioned(&fragment.selection_set, &mut variables);
    }
    let rounds: Vec<usize> = if variables.len() <= VARIABLES_MAX {
        (0..1 << variables.len()).collect()
    } else {
        vec![0, usize::MAX, 0x5555_5555, 0x3333_3333]
    };
    for round in rounds {
        let bit = |index: usize| round >> index.min(usize::BITS as usize - 1) & 1 == 1;
        let values = variables
            .iter()
            .enumerate()
            .map(|(i, &name)| (name, bit(i)))
            .collect();
        let mut check = Check {
            plan,
            graph,
            document,
            values,
            seen: BTreeSet::new(),
        };
        check.selection(plan.root, &[&operation.selection_set], "the answer")?;
    }
    Ok(())
}

/// The variables of `@skip` and `@include`.
fn mentioned<'d>(set: &'d SelectionSet, into: &mut BTreeSet<&'d str>) {
    for selection in &set.selections {
        let (directives, inner) = match selection {
            Selection::Field(field) => (&field.directives, Some(&field.selection_set)),
            Selection::InlineFragment(inline) => (&inline.directives, Some(&inline.selection_set)),
            Selection::FragmentSpread(spread) => (&spread.directives, None),
        };
        for directive in directives
            .iter()
            .filter(|d| d.name == "skip" || d.name == "include")
        {
            let argument = directive.specified_argument_by_name("if");
            into.extend(
                argument
                    .and_then(|value| value.as_variable())
                    .map(Name::as_str),
            );
        }
        if let Some(inner) = inner {
            mentioned(inner, into);
        }
    }
}

impl<'c> Check<'c> {
    fn selection(
        &mut self,
        id: SelectionId,
        sets: &[&'c SelectionSet],
        path: &str,
    ) -> Result<(), Flaw> {
        let key = sets.iter().map(|&set| std::ptr::from_ref(set)).collect();
        if self.seen.len() > OBJECTS_MAX || !self.seen.insert((id, key)) {
            return Ok(());
        }
        let selection = &self.plan.selections[id.index()];
        let typename = &self.plan.nodes[selection.node.index()].typename;
        let types: Vec<&str> = match typename {
            // Where nobody is asked for the type, the answer must be the same for all.
            Typename::Fixed(name) => self.objects(name),
            // An interface's name is not the last word.
            Typename::Read { possible, .. } => {
                let names = possible.iter().map(|name| &**name);
                names.filter(|name| self.is_object(name)).collect()
            }
        };
        for ty in types {
            let mut wanted: IndexMap<&str, Vec<&'c Field>> = IndexMap::new();
            for set in sets {
                self.collect(set, ty, &mut BTreeSet::new(), &mut wanted)?;
            }
            let group = selection.groups.iter().find(|group| match &group.types {
                TypeFilter::Any => true,
                TypeFilter::OneOf(names) => {
                    let name = match typename {
                        Typename::Fixed(name) => name,
                        Typename::Read { .. } => ty,
                    };
                    names.iter().any(|one| **one == *name)
                }
            });
            let written: Vec<&AnswerField> = group
                .into_iter()
                .flat_map(|group| &group.fields)
                .filter(|field| self.holds(field.condition))
                .filter(|field| !field.unless.is_some_and(|unless| self.holds(unless)))
                .collect();
            let written_keys: Vec<&str> =
                written.iter().map(|field| &*field.response_key).collect();
            let wanted_keys: Vec<&str> = wanted.keys().copied().collect();
            if written_keys != wanted_keys {
                return Err(Flaw::new(
                    path,
                    format!("{ty} has the fields {written_keys:?} instead of {wanted_keys:?}"),
                ));
            }
            for (field, (key, occurrences)) in written.into_iter().zip(wanted) {
                self.field(
                    selection.node,
                    field,
                    &occurrences,
                    &format!("{path}.{key}"),
                )?;
            }
        }
        Ok(())
    }

    fn field(
        &mut self,
        node: NodeId,
        field: &AnswerField,
        occurrences: &[&'c Field],
        path: &str,
    ) -> Result<(), Flaw> {
        let (from, inner) = match &field.value {
            AnswerValue::Typename | AnswerValue::Introspection { .. } => return Ok(()),
            AnswerValue::Leaf { from, .. } => (from, None),
            AnswerValue::Object {
                from, selection, ..
            } => (from, Some(*selection)),
        };
        let supplier = from.iter().find(|supplier| self.holds(supplier.condition));
        let supplier = supplier.ok_or_else(|| Flaw::new(path, "nobody supplies it"))?;
        let slot = self.plan.shape_of(node, supplier.source).and_then(|shape| {
            self.plan.shapes[shape.index()]
                .fields
                .get(supplier.slot as usize)
        });
        let is_object = slot.is_some_and(|slot| slot.object.is_some());
        if is_object != inner.is_some() {
            return Err(Flaw::new(path, "its supplier is of another kind"));
        }
        let fetch = flow::source(self.plan, node, supplier.source);
        if !fetch.is_some_and(|fetch| self.is_made(node, fetch, supplier.source)) {
            return Err(Flaw::new(path, "the request that supplies it is not made"));
        }
        let Some(inner) = inner else { return Ok(()) };
        let mut sets: Vec<&'c SelectionSet> = Vec::new();
        for occurrence in occurrences {
            if !sets
                .iter()
                .any(|known| std::ptr::eq(*known, &occurrence.selection_set))
            {
                sets.push(&occurrence.selection_set);
            }
        }
        self.selection(inner, &sets, path)
    }

    /// Whether the fetch is made, and the part of it that a source comes from is asked.
    fn is_made(&self, at: NodeId, fetch: FetchId, source: u32) -> bool {
        let of = &self.plan.fetches[fetch.index()];
        if !self.holds(of.condition) {
            return false;
        }
        let node = &self.plan.nodes[at.index()];
        match node.sources[source as usize] {
            Source::Part { part, .. } => match &of.parts[part as usize].kind {
                PartKind::Root => true,
                PartKind::Entities(entities) => self.holds(entities.condition),
            },
            Source::Slot { parent, .. } => node
                .parent
                .is_some_and(|above| self.is_made(above, fetch, parent)),
        }
    }

    fn holds(&self, id: ConditionId) -> bool {
        self.plan.conditions[id.index()].any_of.iter().any(|all| {
            all.iter()
                .all(|literal| self.values.get(&*literal.variable) == Some(&literal.expected))
        })
    }

    /// `CollectFields` of the GraphQL specification.
    fn collect(
        &self,
        set: &'c SelectionSet,
        ty: &str,
        spread: &mut BTreeSet<&'c str>,
        into: &mut IndexMap<&'c str, Vec<&'c Field>>,
    ) -> Result<(), Flaw> {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) if self.includes(&field.directives) => {
                    let key = field.response_key().as_str();
                    into.entry(key).or_default().push(field);
                }
                Selection::InlineFragment(fragment) if self.includes(&fragment.directives) => {
                    let on = fragment.type_condition.as_ref().map(Name::as_str);
                    if on.is_none_or(|on| self.applies(on, ty)) {
                        self.collect(&fragment.selection_set, ty, spread, into)?;
                    }
                }
                Selection::FragmentSpread(named) if self.includes(&named.directives) => {
                    if !spread.insert(&named.fragment_name) {
                        continue;
                    }
                    let fragment = self.document.fragments.get(&named.fragment_name);
                    let fragment =
                        fragment.ok_or_else(|| Flaw::new("document", "a fragment is missing"))?;
                    if self.applies(fragment.type_condition(), ty) {
                        self.collect(&fragment.selection_set, ty, spread, into)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The types that an object of this type can be.
    fn objects(&self, name: &'c str) -> Vec<&'c str> {
        let graph = self.graph;
        match graph.type_id(name).map(|ty| graph.ty(ty)) {
            Some(ty) if ty.kind != Kind::Object && !ty.possible.is_empty() => ty
                .possible
                .iter()
                .map(|&object| &*graph.ty(object).name)
                .collect(),
            _ => vec![name],
        }
    }

    fn is_object(&self, name: &str) -> bool {
        let ty = self.graph.type_id(name);
        ty.is_none_or(|ty| self.graph.ty(ty).kind == Kind::Object)
    }

    fn applies(&self, condition: &str, ty: &str) -> bool {
        condition == ty
            || match (self.graph.type_id(condition), self.graph.type_id(ty)) {
                (Some(condition), Some(ty)) => self.graph.ty(condition).possible.contains(&ty),
                _ => false,
            }
    }

    fn includes(&self, directives: &DirectiveList) -> bool {
        [("skip", false), ("include", true)]
            .into_iter()
            .all(|(name, expected)| {
                let argument = directives
                    .get(name)
                    .and_then(|d| d.specified_argument_by_name("if"));
                match argument.map(|value| &**value) {
                    Some(Value::Boolean(value)) => *value == expected,
                    Some(Value::Variable(name)) => self.values[name.as_str()] == expected,
                    _ => true,
                }
            })
    }
}
