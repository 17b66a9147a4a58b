//! A `@oneOf` input object has exactly one field, and that field is not null.
//!
//! ```text
//! passes  query ($a: String!) { field(by: { name: $a }) }
//! breaks  query ($a: String)  { field(by: { name: $a }) }
//! breaks  { field(by: { name: "a", id: 1 }) }
//! breaks  { field(by: { name: null }) }
//! ```
//!
//! The rule of the [`@oneOf` directive](https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects).

use apollo_compiler::executable::Operation;
use apollo_compiler::{Node, ast};

use super::{Check, values};

pub(super) fn run(check: &mut Check<'_>, operation: &Node<Operation>) {
    let (schema, document) = (check.schema, check.document);
    let mut found = Vec::new();
    values::each(schema, document, operation, &mut |site| {
        let ast::Value::Object(fields) = &**site.value else {
            return;
        };
        let Some(ty) = site.input_object(schema) else {
            return;
        };
        if !ty.directives.has("oneOf") {
            return;
        }
        let [(name, value)] = fields.as_slice() else {
            let (name, given) = (&ty.name, fields.len());
            let message = format!("`{name}` takes exactly one field, and {given} are given");
            found.push((message, vec![site.value.location()]));
            return;
        };
        if value.is_null() {
            let message = format!("`{}.{name}` must not be null", ty.name);
            found.push((message, vec![value.location()]));
        }
        let mut variables = operation.variables.iter();
        let variable = variables.find(|variable| value.as_variable() == Some(&variable.name));
        if let Some(variable) = variable.filter(|variable| !variable.ty.is_non_null()) {
            let message = format!(
                "variable `${}` of type `{}` may be null, and `{}.{name}` must not be",
                variable.name, variable.ty, ty.name
            );
            found.push((message, vec![value.location(), variable.location()]));
        }
    });
    for (message, places) in found {
        check.report(message, &places);
    }
}
