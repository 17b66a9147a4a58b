//! What an operation asks about the schema, as a query of its own that needs no subgraph.
//!
//! ```text
//! before  mutation { reset { query { a: __type(name: "User") { name } } } }
//! after   { _0: __type(name: "User") { name } }
//! ```
//!
//! The query type may be reached again from below, and so may these fields. They say the same
//! wherever they stand: each is asked once, under a key of its own.

use std::sync::Arc;

use apollo_compiler::ast::{Argument, Directive, DirectiveList, OperationType, Value};
use apollo_compiler::executable::{Field, InlineFragment, Operation, Selection, SelectionSet};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Node, name};

use crate::condition::Conjunction;
use crate::map::Few;
use crate::plan::Literal;

/// One field about the schema: where the document asks for it, and under which conditions.
pub(crate) type Introspected = Few<(Node<Field>, Conjunction)>;

/// The key of the field with this number.
pub(crate) fn key(index: u32) -> String {
    format!("_{index}")
}

/// The query that asks for all of them; none if there are none. `query` is the type that has them.
pub(crate) fn document(
    introspected: &[Introspected],
    query: Name,
    operation: &Operation,
    document: &ExecutableDocument,
) -> Option<Arc<Valid<ExecutableDocument>>> {
    if introspected.is_empty() {
        return None;
    }
    let mut selection_set = SelectionSet::new(query);
    for (index, asked) in (0..).zip(introspected) {
        for (field, all_of) in asked {
            let mut field = Field::clone(field);
            field.alias = Some(Name::new_unchecked(&key(index)));
            // Its own conditions are among those under which it stands here.
            field.directives = DirectiveList::new();
            let mut selection = Selection::from(field);
            for literal in all_of {
                selection = under(&selection_set.ty, literal, selection);
            }
            selection_set.selections.push(selection);
        }
    }
    let mut alone = ExecutableDocument::new();
    alone.operations.insert(Operation {
        operation_type: OperationType::Query,
        name: operation.name.clone(),
        variables: operation.variables.clone(),
        directives: DirectiveList::new(),
        selection_set,
    });
    alone.fragments.clone_from(&document.fragments);
    // It was valid as a part of the document.
    Some(Arc::new(Valid::assume_valid(alone)))
}

/// A selection that applies under a condition.
fn under(ty: &Name, literal: &Literal, selection: Selection) -> Selection {
    let name = if literal.expected {
        name!("include")
    } else {
        name!("skip")
    };
    let condition = Argument {
        name: name!("if"),
        value: Value::Variable(Name::new_unchecked(&literal.variable)).into(),
    };
    let directive = Directive {
        name,
        arguments: vec![condition.into()],
    };
    let mut fragment = InlineFragment::without_type_condition(ty.clone());
    fragment.directives.push(directive);
    fragment.selection_set.selections.push(selection);
    fragment.into()
}
