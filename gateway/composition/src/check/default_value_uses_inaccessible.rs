//! `DEFAULT_VALUE_USES_INACCESSIBLE`: a default value that clients see cannot name what they do not.

use apollo_compiler::Schema;
use apollo_compiler::ast::{InputValueDefinition, Type, Value};
use apollo_compiler::schema::ExtendedType;

use crate::diagnostic::{Code, Diagnostic};
use crate::places::{self, Element};
use crate::schemas;
use crate::specifications::Specifications;
use crate::subgraph::{Subgraph, Valid};

pub(super) fn run(
    subgraphs: &[Subgraph<Valid>],
    supergraph: &Schema,
    hidden: &str,
    found: &mut Vec<Diagnostic>,
) {
    let specifications = Specifications::linked_by(supergraph);
    let mut check = |coordinate: String, element: Element<'_>, value: &InputValueDefinition| {
        if value.directives.has(hidden) {
            return;
        }
        if let Some(default) = &value.default_value
            && let Some(used) = hidden_in(supergraph, hidden, &value.ty, default)
        {
            found.push(Diagnostic::new(
                Code::DefaultValueUsesInaccessible,
                format!("\"{used}\" is @inaccessible but is used in the default value of \"{coordinate}\", which is in the API schema"),
                places::of(subgraphs, element),
            ));
        }
    };
    for (name, ty) in &supergraph.types {
        if !specifications.leave_type(name, ty) || ty.directives().has(hidden) {
            continue;
        }
        for field in schemas::fields(ty)
            .into_iter()
            .flat_map(|fields| fields.values())
        {
            if field.directives.has(hidden) {
                continue;
            }
            for argument in &field.arguments {
                check(
                    format!("{name}.{}({}:)", field.name, argument.name),
                    Element::Argument(name, &field.name, &argument.name),
                    argument,
                );
            }
        }
        if let ExtendedType::InputObject(input) = ty {
            for field in input.fields.values() {
                check(
                    format!("{name}.{}", field.name),
                    Element::Member(name, &field.name),
                    field,
                );
            }
        }
    }
}

/// The hidden element that a value names. The parser bounds how deep values nest.
fn hidden_in(supergraph: &Schema, hidden: &str, ty: &Type, value: &Value) -> Option<String> {
    match value {
        Value::List(values) => {
            let item = if ty.is_list() { ty.item_type() } else { ty };
            values
                .iter()
                .find_map(|one| hidden_in(supergraph, hidden, item, one))
        }
        Value::Enum(name) => {
            let enumeration = supergraph.get_enum(ty.inner_named_type())?;
            let is_hidden = enumeration.values.get(name)?.directives.has(hidden);
            is_hidden.then(|| format!("{}.{name}", enumeration.name))
        }
        Value::Object(fields) => {
            let input = supergraph.get_input_object(ty.inner_named_type())?;
            fields.iter().find_map(|(name, given)| {
                let field = input.fields.get(name)?;
                if field.directives.has(hidden) {
                    return Some(format!("{}.{name}", input.name));
                }
                hidden_in(supergraph, hidden, &field.ty, given)
            })
        }
        _ => None,
    }
}
