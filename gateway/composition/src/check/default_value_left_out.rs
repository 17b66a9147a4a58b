//! `INVALID_GRAPHQL`: a default value that a subgraph gives must be one in the whole as well, where
//! other subgraphs may have taken values of its enum, or fields of its input, away.

use apollo_compiler::Schema;
use apollo_compiler::ast::{InputValueDefinition, Type, Value};
use apollo_compiler::schema::ExtendedType;

use crate::diagnostic::{Code, Diagnostic};
use crate::places::{self, Element};
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

pub(super) fn run(subgraphs: &[Subgraph<Valid>], supergraph: &Schema, found: &mut Vec<Diagnostic>) {
    let mut check = |element: Element<'_>, value: &InputValueDefinition| {
        if let Some(default) = &value.default_value
            && let Some(left_out) = left_out(supergraph, &value.ty, default)
        {
            found.push(Diagnostic::new(
                Code::InvalidGraphql,
                format!(
                    "the default value {} of \"{}\" is none of type \"{}\" any more: not all subgraphs have \"{left_out}\"",
                    default.serialize().no_indent(),
                    value.name, value.ty
                ),
                places::of(subgraphs, element),
            ));
        }
    };
    for (name, ty) in &supergraph.types {
        let fields = schemas::fields(ty).into_iter().flat_map(|all| all.values());
        for field in fields {
            for argument in &field.arguments {
                let element = Element::Argument(name, &field.name, &argument.name);
                check(element, argument);
            }
        }
        if let ExtendedType::InputObject(input) = ty {
            for field in input.fields.values() {
                check(Element::Member(name, &field.name), field);
            }
        }
    }
}

/// What a value names that its type does not have. The parser bounds how deep values nest.
fn left_out(supergraph: &Schema, ty: &Type, value: &Value) -> Option<String> {
    match value {
        Value::List(values) => {
            let item = if ty.is_list() { ty.item_type() } else { ty };
            let mut values = values.iter();
            values.find_map(|one| left_out(supergraph, item, one))
        }
        Value::Enum(name) => {
            let enumeration = supergraph.get_enum(ty.inner_named_type())?;
            let known = enumeration.values.contains_key(name);
            (!known).then(|| format!("{}.{name}", enumeration.name))
        }
        Value::Object(fields) => {
            let input = supergraph.get_input_object(ty.inner_named_type())?;
            fields.iter().find_map(|(name, given)| {
                let Some(field) = input.fields.get(name) else {
                    return Some(format!("{}.{name}", input.name));
                };
                left_out(supergraph, &field.ty, given)
            })
        }
        _ => None,
    }
}
