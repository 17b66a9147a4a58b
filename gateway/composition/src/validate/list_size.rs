//! `LIST_SIZE_APPLIED_TO_NON_LIST`, `LIST_SIZE_INVALID_ASSUMED_SIZE`,
//! `LIST_SIZE_INVALID_SLICING_ARGUMENT`, `LIST_SIZE_INVALID_SIZED_FIELD`: `@listSize` must speak of
//! a list, and of arguments and fields that exist.

use apollo_compiler::Name;
use apollo_compiler::Node;
use apollo_compiler::ast::{Directive, Type, Value};
use apollo_compiler::schema::FieldDefinition;

use crate::diagnostic::{Code, Diagnostic};
use crate::link::Role;
use crate::schemas;
use crate::subgraph::{Subgraph, Valid};

pub(super) fn run(subgraph: &Subgraph<Valid>, found: &mut Vec<Diagnostic>) {
    for (name, ty) in &subgraph.schema.types {
        for field in schemas::fields(ty)
            .into_iter()
            .flat_map(|fields| fields.values())
        {
            for directive in subgraph.links.on(&field.directives, Role::ListSize) {
                check(subgraph, name, field, directive, found);
            }
        }
    }
}

fn check(
    subgraph: &Subgraph<Valid>,
    ty: &Name,
    field: &FieldDefinition,
    directive: &Node<Directive>,
    found: &mut Vec<Diagnostic>,
) {
    let coordinate = format!("{ty}.{}", field.name);
    let mut report = |code: Code, message: String| {
        found.push(subgraph.error(code, message, directive.location()));
    };
    let sized = strings(directive, "sizedFields");
    if sized.is_none() && !field.ty.is_list() {
        report(
            Code::ListSizeAppliedToNonList,
            format!("\"{coordinate}\" is not a list"),
        );
    }
    if let Some(size) = directive
        .specified_argument_by_name("assumedSize")
        .and_then(|value| value.to_i32())
        && size < 0
    {
        report(
            Code::ListSizeInvalidAssumedSize,
            format!("assumed size of \"{coordinate}\" cannot be negative"),
        );
    }
    for slicing in strings(directive, "slicingArguments").unwrap_or_default() {
        match field
            .arguments
            .iter()
            .find(|argument| argument.name == slicing.as_str())
        {
            None => report(
                Code::ListSizeInvalidSlicingArgument,
                format!("slicing argument \"{slicing}\" is not an argument of \"{coordinate}\""),
            ),
            Some(argument) => {
                let int = matches!(&*argument.ty, Type::Named(name) | Type::NonNullNamed(name) if name == "Int");
                if !int {
                    report(
                        Code::ListSizeInvalidSlicingArgument,
                        format!(
                            "slicing argument \"{coordinate}({slicing}:)\" must be Int or Int!"
                        ),
                    );
                }
            }
        }
    }
    let Some(sized) = sized else {
        return;
    };
    let parent = field.ty.inner_named_type();
    if !schemas::is_composite(&subgraph.schema, parent) {
        report(
            Code::ListSizeInvalidSizedField,
            format!(
                "sized fields cannot be used because \"{}\" is not a composite type",
                field.ty
            ),
        );
        return;
    }
    for name in sized {
        match schemas::field(&subgraph.schema, parent, &name) {
            None => report(
                Code::ListSizeInvalidSizedField,
                format!("sized field \"{name}\" is not a field on type \"{parent}\""),
            ),
            Some(definition) if !definition.ty.is_list() => report(
                Code::ListSizeAppliedToNonList,
                format!("sized field \"{parent}.{name}\" is not a list"),
            ),
            Some(_) => {}
        }
    }
}

fn strings(directive: &Directive, name: &str) -> Option<Vec<String>> {
    match &**directive.specified_argument_by_name(name)? {
        Value::List(values) => Some(
            values
                .iter()
                .filter_map(|value| value.as_str().map(str::to_owned))
                .collect(),
        ),
        // A bare string is no list of names; none of its letters is an argument or a field.
        Value::String(one) => Some(vec![format!("\"{one}\"")]),
        _ => None,
    }
}
