//! Field sets of `@requires`, `@provides` and `@fromContext`, read without the gateway's code.

use apollo_compiler::ast;

/// A selection of fields.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldSet(pub(crate) Vec<Item>);

/// One field of a selection.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// The types that the fragments around it name.
    pub(crate) on: Vec<String>,
    pub(crate) name: String,
    pub(crate) arguments: Vec<(String, ast::Value)>,
    pub(crate) below: FieldSet,
}

impl FieldSet {
    /// Reads `a b { c }`.
    pub(crate) fn parse(text: &str) -> Self {
        let document = ast::Document::parse(format!("{{ {text} }}"), "fields")
            .expect("the generator writes field sets that can be read");
        let operation = document.definitions.iter().find_map(|definition| {
            definition
                .as_operation_definition()
                .map(|operation| operation.selection_set.clone())
        });
        let mut items = Vec::new();
        collect(&operation.unwrap_or_default(), &[], &mut items);
        Self(items)
    }

    /// What is selected of a field, under any type.
    pub(crate) fn below(&self, name: &str) -> Option<FieldSet> {
        let mut found = None;
        for item in &self.0 {
            if item.name == name {
                let below: &mut Self = found.get_or_insert_with(Self::default);
                below.0.extend(item.below.0.iter().cloned());
            }
        }
        found
    }
}

fn collect(selections: &[ast::Selection], on: &[String], items: &mut Vec<Item>) {
    for selection in selections {
        match selection {
            ast::Selection::Field(field) => {
                let mut below = Vec::new();
                collect(&field.selection_set, &[], &mut below);
                items.push(Item {
                    on: on.to_vec(),
                    name: field.name.to_string(),
                    arguments: field
                        .arguments
                        .iter()
                        .map(|argument| (argument.name.to_string(), (*argument.value).clone()))
                        .collect(),
                    below: FieldSet(below),
                });
            }
            ast::Selection::InlineFragment(fragment) => {
                let mut on = on.to_vec();
                on.extend(fragment.type_condition.iter().map(ToString::to_string));
                collect(&fragment.selection_set, &on, items);
            }
            ast::Selection::FragmentSpread(_) => {}
        }
    }
}
