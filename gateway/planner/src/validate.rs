//! Whether a document may be planned: the validation rules of the GraphQL specification.
//!
//! `apollo-compiler` knows nearly all of them. The rules beside this file are those that it lacks
//! or reads more narrowly than the specification. They run on documents in which it finds
//! nothing else wrong, because they rely on fragments without cycles and of bounded depth; each
//! does work linear in the document for each of its operations, or a bounded amount.

use apollo_compiler::executable::Operation;
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Node, Schema, ast};

mod values;

mod equal_lists;
mod introspection_depth;
mod nullable_variable_default;
mod one_of_values;
mod single_field_subscription;

/// Their order is that of their names; violations are sorted by place in the end.
const RULES: [fn(&mut Check<'_>, &Node<Operation>); 5] = [
    equal_lists::run,
    introspection_depth::run,
    nullable_variable_default::run,
    one_of_values::run,
    single_field_subscription::run,
];

/// Diagnostics of `apollo-compiler` that do not count.
///
/// The first is decided by [`single_field_subscription`]: it counts fields, where the
/// specification counts response keys. The second is no matter of validation: such an operation
/// cannot be executed, others of the same document can.
const OVERRULED: [&str; 2] = ["SubscriptionUsesMultipleFields", "UndefinedRootOperation"];

/// A rule that a document breaks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Violation {
    /// Which rule, and what breaks it.
    pub message: String,
    /// Where; the first place is the one to look at.
    pub places: Vec<Place>,
}

/// A place in a document; both count from 1.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character of the line.
    pub column: usize,
}

/// What a rule looks at, and what the rules have found.
struct Check<'d> {
    schema: &'d Schema,
    document: &'d ExecutableDocument,
    violations: Vec<Violation>,
}

impl Check<'_> {
    fn report(&mut self, message: String, at: &[Option<SourceSpan>]) {
        let sources = &self.document.sources;
        let ranges = at.iter().flatten();
        let violation = Violation {
            message,
            places: ranges
                .filter_map(|span| span.line_column_range(sources))
                .map(|range| Place {
                    line: range.start.line,
                    column: range.start.column,
                })
                .collect(),
        };
        // A fragment that several operations use is wrong once.
        if !self.violations.contains(&violation) && self.violations.len() < VIOLATIONS_MAX {
            self.violations.push(violation);
        }
    }
}

/// More than anybody reads; a hostile document could have one for each token.
const VIOLATIONS_MAX: usize = 100;

/// Validates a document against the schema that clients see.
///
/// Operations for whose kind the schema has no root type are left out of the result.
///
/// # Errors
///
/// What is wrong with the document; never empty.
pub fn validate(
    schema: &Valid<Schema>,
    document: &ast::Document,
) -> Result<Valid<ExecutableDocument>, Vec<Violation>> {
    let document = match document.to_executable_validate(schema) {
        Ok(valid) => valid,
        Err(failed) => {
            let violations: Vec<Violation> = failed
                .errors
                .iter()
                .filter(|diagnostic| !is_overruled(diagnostic.error.unstable_error_name()))
                .take(VIOLATIONS_MAX)
                .map(|diagnostic| {
                    let json = diagnostic.to_json();
                    let places = json.locations.iter().map(|place| Place {
                        line: place.line,
                        column: place.column,
                    });
                    Violation {
                        message: json.message,
                        places: places.collect(),
                    }
                })
                .collect();
            if !violations.is_empty() {
                return Err(violations);
            }
            // Nothing that counts is wrong with it.
            Valid::assume_valid(failed.partial)
        }
    };
    let mut check = Check {
        schema,
        document: &document,
        violations: Vec::new(),
    };
    for operation in document.operations.iter() {
        for rule in RULES {
            rule(&mut check, operation);
        }
    }
    let mut violations = check.violations;
    if violations.is_empty() {
        return Ok(document);
    }
    violations.sort_by_key(|violation| violation.places.first().copied());
    Err(violations)
}

fn is_overruled(name: Option<&str>) -> bool {
    name.is_some_and(|name| OVERRULED.contains(&name))
}
