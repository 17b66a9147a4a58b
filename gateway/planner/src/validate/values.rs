//! Visits every value of an operation together with the type that is expected of it.

use std::collections::HashSet;

use apollo_compiler::executable::{Operation, Selection, SelectionSet};
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use apollo_compiler::{ExecutableDocument, Node, Schema, ast};

/// A value, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Site<'d> {
    pub(super) value: &'d Node<ast::Value>,
    /// The type of the argument, input field or list item.
    pub(super) expected: &'d ast::Type,
    /// Whether the argument or input field has a default for when the value is absent.
    pub(super) has_default: bool,
}

impl<'d> Site<'d> {
    fn of(definition: &'d ast::InputValueDefinition, value: &'d Node<ast::Value>) -> Self {
        Self {
            value,
            expected: &definition.ty,
            has_default: definition.default_value.is_some(),
        }
    }

    /// The input object that the value is to be, if it is to be one.
    pub(super) fn input_object(&self, schema: &'d Schema) -> Option<&'d InputObjectType> {
        match schema.types.get(self.expected.inner_named_type())? {
            ExtendedType::InputObject(ty) => Some(ty),
            _ => None,
        }
    }
}

/// Visits the values in arguments, those of directives included, and in defaults of variables;
/// each fragment once.
pub(super) fn each<'d>(
    schema: &'d Schema,
    document: &'d ExecutableDocument,
    operation: &'d Operation,
    visit: &mut dyn FnMut(Site<'d>),
) {
    let mut roots: Vec<Site<'d>> = Vec::new();
    directives(schema, &operation.directives, &mut roots);
    for variable in &operation.variables {
        directives(schema, &variable.directives, &mut roots);
        roots.extend(variable.default_value.iter().map(|value| Site {
            value,
            expected: &variable.ty,
            has_default: false,
        }));
    }
    let mut seen = HashSet::new();
    let mut left: Vec<&'d SelectionSet> = vec![&operation.selection_set];
    while let Some(set) = left.pop() {
        for selection in &set.selections {
            directives(schema, selection.directives(), &mut roots);
            match selection {
                Selection::Field(field) => {
                    arguments(&field.definition.arguments, &field.arguments, &mut roots);
                    left.push(&field.selection_set);
                }
                Selection::InlineFragment(fragment) => left.push(&fragment.selection_set),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.fragment_name)
                        && seen.insert(&spread.fragment_name)
                    {
                        directives(schema, &fragment.directives, &mut roots);
                        left.push(&fragment.selection_set);
                    }
                }
            }
        }
    }
    while let Some(site) = roots.pop() {
        visit(site);
        match &**site.value {
            ast::Value::List(items) => roots.extend(items.iter().map(|value| Site {
                value,
                expected: site.expected.item_type(),
                has_default: false,
            })),
            ast::Value::Object(fields) => {
                if let Some(ty) = site.input_object(schema) {
                    roots.extend(
                        fields.iter().filter_map(|(name, value)| {
                            Some(Site::of(ty.fields.get(name)?, value))
                        }),
                    );
                }
            }
            _ => {}
        }
    }
}

fn directives<'d>(schema: &'d Schema, list: &'d ast::DirectiveList, out: &mut Vec<Site<'d>>) {
    for directive in &list.0 {
        if let Some(definition) = schema.directive_definitions.get(&directive.name) {
            arguments(&definition.arguments, &directive.arguments, out);
        }
    }
}

fn arguments<'d>(
    definitions: &'d [Node<ast::InputValueDefinition>],
    given: &'d [Node<ast::Argument>],
    out: &mut Vec<Site<'d>>,
) {
    out.extend(given.iter().filter_map(|argument| {
        let mut definitions = definitions.iter();
        let definition = definitions.find(|definition| definition.name == argument.name)?;
        Some(Site::of(definition, &argument.value))
    }));
}
