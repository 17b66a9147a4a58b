//! Fields that are merged have equal lists and input objects in their arguments.
//!
//! ```text
//! passes  { tag(of: [A, B]) { id }  tag(of: [A, B]) { at } }
//! passes  { pet { ... on Cat { tag(of: []) { id } }  ... on Dog { tag(of: [A]) { id } } } }
//! breaks  { tag(of: []) { id }  tag(of: [A, B]) { at } }
//! ```
//!
//! Part of [Field Selection Merging](https://spec.graphql.org/October2021/#sec-Field-Selection-Merging).
//! `apollo-compiler` compares lists as far as both have items, and objects by the fields of one of
//! them. Whatever else may differ it finds, so fields without such literals do not matter here.

use std::collections::{HashMap, HashSet, VecDeque};
use std::ptr;

use apollo_compiler::executable::{Field, Operation, Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Name, Node, Schema, ast};
use indexmap::IndexMap;

use super::{Check, VIOLATIONS_MAX};

/// How often selections are looked at for one document, each time that they are merged with
/// others. Documents of people need thousands. It ends hostile ones, in which fragments are merged
/// in ever new combinations, within tens of milliseconds.
const VISITS_MAX: usize = 500_000;

pub(super) fn run(check: &mut Check<'_>, operation: &Node<Operation>) {
    let (schema, document) = (check.schema, check.document);
    let Some(numbers) = number(document, operation) else {
        return;
    };
    // Documents may have many operations, and have the time of one.
    let visits_left = VISITS_MAX / document.operations.len().max(1);
    let mut merge = Merge {
        schema,
        document,
        numbers,
        visits_left,
        conflicts: Vec::new(),
        conflicting: HashSet::new(),
    };
    let merged = merge.operation(operation);
    for (first, other) in merge.conflicts.into_iter().take(VIOLATIONS_MAX) {
        let message = format!(
            "Fields \"{}\" conflict because they have differing arguments. Use different aliases \
             on the fields to fetch both if this was intentional.",
            first.response_key()
        );
        let places = [first, other].map(|field| field.response_key().location());
        check.report(message, &places);
    }
    if merged.is_err() {
        let message = "the fields of the operation merge in too many combinations".to_owned();
        check.report(message, &[operation.location()]);
    }
}

/// Numbers the fields that have lists or objects in their arguments: those with equal arguments
/// have equal numbers. Nothing, if all fields of one response key are equal.
fn number(
    document: &ExecutableDocument,
    operation: &Operation,
) -> Option<HashMap<*const Field, usize>> {
    let mut numbers = HashMap::new();
    let mut known = HashMap::new();
    let mut of_keys = HashMap::new();
    let mut any_differ = false;
    for field in operation.all_fields(document) {
        let mut arguments = field.arguments.iter();
        if !arguments.any(|argument| has_parts(&argument.value)) {
            continue;
        }
        let next = known.len();
        let number = *known.entry(sorted_arguments(field)).or_insert(next);
        numbers.insert(ptr::from_ref::<Field>(field), number);
        any_differ |= *of_keys.entry(field.response_key()).or_insert(number) != number;
    }
    any_differ.then_some(numbers)
}

fn has_parts(value: &ast::Value) -> bool {
    matches!(value, ast::Value::List(_) | ast::Value::Object(_))
}

fn sorted_arguments(field: &Field) -> Vec<(Name, ast::Value)> {
    let arguments = field.arguments.iter();
    let mut arguments: Vec<_> = arguments
        .map(|argument| (argument.name.clone(), sorted(&argument.value)))
        .collect();
    arguments.sort_by(|(one, _), (other, _)| one.cmp(other));
    arguments
}

/// The value with the fields of objects in an order of their own: theirs in the document does not
/// matter.
fn sorted(value: &ast::Value) -> ast::Value {
    match value {
        ast::Value::List(items) => {
            let items = items.iter().map(|item| Node::new(sorted(item)));
            ast::Value::List(items.collect())
        }
        ast::Value::Object(fields) => {
            let fields = fields.iter();
            let mut fields: Vec<_> = fields
                .map(|(name, value)| (name.clone(), Node::new(sorted(value))))
                .collect();
            fields.sort_by(|(one, _), (other, _)| one.cmp(other));
            ast::Value::Object(fields)
        }
        _ => value.clone(),
    }
}

/// Merges the selection sets of an operation, as the values of its fields are.
struct Merge<'d> {
    schema: &'d Schema,
    document: &'d ExecutableDocument,
    numbers: HashMap<*const Field, usize>,
    visits_left: usize,
    /// Fields that cannot be merged: the first of a key, and one that is not like it.
    conflicts: Vec<(&'d Field, &'d Field)>,
    /// The latter of these: each is wrong once, with however many types it is merged.
    conflicting: HashSet<*const Field>,
}

/// The fields of one response key.
#[derive(Default)]
struct Same<'d> {
    /// By the object type that they are selected of.
    of_objects: IndexMap<&'d Name, Vec<&'d Field>>,
    /// Selected of interfaces and unions: these are merged with all others.
    of_abstract: Vec<&'d Field>,
}

/// The selections have been looked at as often as is allowed.
struct TooManyVisits;

impl<'d> Merge<'d> {
    fn operation(&mut self, operation: &'d Operation) -> Result<(), TooManyVisits> {
        // Sets that are merged again, in the same order, have nothing new in them.
        let mut seen = HashSet::new();
        let mut left = vec![vec![&operation.selection_set]];
        while let Some(sets) = left.pop() {
            for same in self.by_key(sets)?.into_values() {
                let mut groups: Vec<_> = same.of_objects.into_values().collect();
                if groups.is_empty() {
                    groups.push(Vec::new());
                }
                for mut fields in groups {
                    self.spend(fields.len() + same.of_abstract.len())?;
                    fields.extend(&same.of_abstract);
                    self.compare(&fields);
                    if self.conflicts.len() >= VIOLATIONS_MAX {
                        return Ok(());
                    }
                    let below = fields.into_iter().map(|field| &field.selection_set);
                    let below: Vec<_> = below.filter(|set| !set.is_empty()).collect();
                    let addresses = below.iter().map(|set| ptr::from_ref::<SelectionSet>(set));
                    if !below.is_empty() && seen.insert(addresses.collect::<Vec<_>>()) {
                        left.push(below);
                    }
                }
            }
        }
        Ok(())
    }

    /// The fields of sets that are merged, in their order; each fragment counts once.
    fn by_key(
        &mut self,
        sets: Vec<&'d SelectionSet>,
    ) -> Result<IndexMap<&'d Name, Same<'d>>, TooManyVisits> {
        let mut by_key: IndexMap<_, Same<'d>> = IndexMap::new();
        let mut fragments = HashSet::new();
        let mut left = VecDeque::from(sets);
        while let Some(set) = left.pop_front() {
            self.spend(set.selections.len())?;
            let is_object = self.schema.get_object(&set.ty).is_some();
            for selection in &set.selections {
                match selection {
                    Selection::Field(field) => {
                        let same = by_key.entry(field.response_key()).or_default();
                        match is_object {
                            true => same.of_objects.entry(&set.ty).or_default().push(&**field),
                            false => same.of_abstract.push(&**field),
                        }
                    }
                    Selection::InlineFragment(fragment) => left.push_back(&fragment.selection_set),
                    Selection::FragmentSpread(spread) => {
                        if let Some(fragment) = self.document.fragments.get(&spread.fragment_name)
                            && fragments.insert(&spread.fragment_name)
                        {
                            left.push_back(&fragment.selection_set);
                        }
                    }
                }
            }
        }
        Ok(by_key)
    }

    /// What is equal to the first is equal to each other, so the first is compared with each.
    fn compare(&mut self, fields: &[&'d Field]) {
        let mut first = None;
        for &field in fields {
            let Some(&number) = self.numbers.get(&ptr::from_ref(field)) else {
                continue;
            };
            let &mut (first, expected) = first.get_or_insert((field, number));
            if number != expected && self.conflicting.insert(ptr::from_ref(field)) {
                self.conflicts.push((first, field));
            }
        }
    }

    fn spend(&mut self, visits: usize) -> Result<(), TooManyVisits> {
        self.visits_left = self.visits_left.checked_sub(visits).ok_or(TooManyVisits)?;
        Ok(())
    }
}
