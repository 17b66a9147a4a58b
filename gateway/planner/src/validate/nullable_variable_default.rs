//! A default of null does not make a nullable variable fit where null may not stand.
//!
//! ```text
//! passes  query ($n: Int = 1)    { field(nonNull: $n) }
//! breaks  query ($n: Int = null) { field(nonNull: $n) }
//! ```
//!
//! Part of [All Variable Usages Are Allowed](https://spec.graphql.org/October2021/#sec-All-Variable-Usages-are-Allowed).

use apollo_compiler::Node;
use apollo_compiler::executable::Operation;

use super::{Check, values};

pub(super) fn run(check: &mut Check<'_>, operation: &Node<Operation>) {
    let nulls: Vec<_> = operation
        .variables
        .iter()
        .filter(|variable| {
            let default = variable.default_value.as_ref();
            !variable.ty.is_non_null() && default.is_some_and(|value| value.is_null())
        })
        .collect();
    if nulls.is_empty() {
        return;
    }
    let mut found = Vec::new();
    values::each(check.schema, check.document, operation, &mut |site| {
        let name = site.value.as_variable();
        let variable = nulls.iter().find(|variable| Some(&variable.name) == name);
        if let Some(variable) = variable
            && site.expected.is_non_null()
            && !site.has_default
        {
            found.push((variable, site));
        }
    });
    for (variable, site) in found {
        let message = format!(
            "variable `${}` of type `{}` is null by default and cannot be used as `{}`",
            variable.name, variable.ty, site.expected
        );
        check.report(message, &[site.value.location(), variable.location()]);
    }
}
