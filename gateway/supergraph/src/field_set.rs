//! Selections of keys, requirements and provisions.

use apollo_compiler::Name;
use apollo_compiler::ast;

use crate::error::Error;

/// A parsed `FieldSet`, such as `id organization { id }`.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct FieldSet {
    /// In the order of the text.
    pub selections: Vec<Selection>,
}

/// One selection of a [`FieldSet`].
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Selection {
    /// A field.
    Field {
        /// Its name.
        name: Name,
        /// Its arguments, sorted by name, values as compact GraphQL text.
        arguments: Vec<(Name, String)>,
        /// What is selected of it; empty for a leaf.
        fields: FieldSet,
    },
    /// An inline fragment.
    Fragment {
        /// Its type condition.
        on: Option<Name>,
        /// What is selected under it.
        fields: FieldSet,
    },
}

impl FieldSet {
    /// Parses the text of a field set, with or without the braces around it.
    pub(crate) fn parse(text: &str, at: impl Fn() -> String) -> Result<Self, Error> {
        let fail = || Error::FieldSet {
            at: at(),
            text: text.to_owned(),
        };
        let document = ast::Document::parse(format!("{{ {text} }}"), "field set")
            .or_else(|_| ast::Document::parse(text.to_owned(), "field set"))
            .map_err(|_| fail())?;
        let [ast::Definition::OperationDefinition(operation)] = document.definitions.as_slice()
        else {
            return Err(fail());
        };
        convert(&operation.selection_set).ok_or_else(fail)
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.selections.is_empty()
    }
}

/// `None` if there is a fragment spread: field sets have no fragments to spread.
fn convert(selections: &[ast::Selection]) -> Option<FieldSet> {
    let selections = selections
        .iter()
        .map(|selection| match selection {
            ast::Selection::Field(field) => {
                let mut arguments: Vec<(Name, String)> = field
                    .arguments
                    .iter()
                    .map(|a| (a.name.clone(), a.value.serialize().no_indent().to_string()))
                    .collect();
                arguments.sort();
                Some(Selection::Field {
                    name: field.name.clone(),
                    arguments,
                    fields: convert(&field.selection_set)?,
                })
            }
            ast::Selection::InlineFragment(fragment) => Some(Selection::Fragment {
                on: fragment.type_condition.clone(),
                fields: convert(&fragment.selection_set)?,
            }),
            ast::Selection::FragmentSpread(_) => None,
        })
        .collect::<Option<Vec<_>>>()?;
    Some(FieldSet { selections })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, legal: bool) {
        assert_eq!(
            FieldSet::parse(text, String::new).is_ok(),
            legal,
            "{text:?}"
        );
    }

    #[test]
    fn field_sets() {
        check("id", true);
        check("{ id }", true);
        check("id org { id ... on Team { name } }", true);
        check("price(currency: \"EUR\")", true);
        check("...F", false);
        check("id }", false);
    }
}
