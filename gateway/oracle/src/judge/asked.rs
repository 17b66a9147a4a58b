//! What an operation asks for at one object, whichever fragments it stands in.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ast::Type;
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Name};

/// What is asked under one key: the types of the fields, what is asked below, and their names.
pub(super) type Asked<'d> = (Vec<Type>, Vec<&'d SelectionSet>, BTreeSet<&'d Name>);

/// Adds what selections ask for, by response key.
pub(super) fn collect<'d>(
    selections: &'d [Selection],
    document: &'d ExecutableDocument,
    fields: &mut BTreeMap<Name, Asked<'d>>,
) {
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                let known = fields.entry(field.response_key().clone()).or_default();
                known.0.push(field.ty().clone());
                known.1.push(&field.selection_set);
                known.2.insert(&field.name);
            }
            Selection::InlineFragment(fragment) => {
                collect(&fragment.selection_set.selections, document, fields);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.fragment_name) {
                    collect(&fragment.selection_set.selections, document, fields);
                }
            }
        }
    }
}
