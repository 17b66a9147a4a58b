//! What changed between two versions of an API, and whom it hurts.
//!
//! ```
//! use composition::compare::{Level, compare, read};
//!
//! let old = read("type Query { a: Int b: Int }", "old.graphql").unwrap();
//! let new = read("type Query { a: Int! }", "new.graphql").unwrap();
//! let changes = compare(&old, &new);
//! assert_eq!(changes[0].path, "Query.b");
//! assert_eq!(changes[0].level(), Level::Breaking);
//! assert_eq!(changes[1].level(), Level::Safe);
//! ```

use std::fmt;

use apollo_compiler::ast::{DirectiveDefinition, DirectiveLocation};
use apollo_compiler::validation::{Valid, WithErrors};
use apollo_compiler::{Name, Node, Schema, name};

mod code;
mod directives;
mod fields;
mod inputs;
mod schema;
mod texts;
mod type_references;
mod types;
mod usage;

pub use code::{ChangeCode, Level};
pub use usage::Usage;

/// One difference between two schemas.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Change {
    /// What kind of difference.
    pub code: ChangeCode,
    /// Where, as a schema coordinate: `Type`, `Type.field`, `Type.field(argument:)`, `Enum.VALUE`,
    /// `@directive` or `@directive(argument:)`.
    pub path: String,
    /// What, for people.
    pub message: String,
    /// The coordinate by whose use an operation meets the change: of a removed field the field, of
    /// a new required argument the field that has it.
    pub met_by: String,
}

impl Change {
    /// Whom it hurts.
    pub fn level(&self) -> Level {
        self.code.level()
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.code, self.path, self.message)
    }
}

/// A text that is not the schema of an API; the message shows where.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadSchema(String);

impl From<WithErrors<Schema>> for BadSchema {
    fn from(broken: WithErrors<Schema>) -> Self {
        Self(broken.errors.to_string())
    }
}

/// Reads the schema of an API; `file` is what errors call it. `@oneOf` needs no definition.
///
/// # Errors
///
/// [`BadSchema`] if the text is not a valid schema.
pub fn read(text: &str, file: &str) -> Result<Valid<Schema>, BadSchema> {
    let mut schema = Schema::parse(text, file)?;
    let definitions = &mut schema.directive_definitions;
    definitions.entry(ONE_OF).or_insert_with(|| {
        Node::new(DirectiveDefinition {
            description: None,
            name: ONE_OF,
            arguments: Vec::new(),
            repeatable: false,
            locations: vec![DirectiveLocation::InputObject],
        })
    });
    Ok(schema.validate()?)
}

/// Built in by the specification, and not yet by the parser.
const ONE_OF: Name = name!("oneOf");

/// Every difference from `old` to `new`: the breaking ones first, then the dangerous, then the
/// safe, each in the order of the schemas.
pub fn compare(old: &Valid<Schema>, new: &Valid<Schema>) -> Vec<Change> {
    let mut changes = Changes::default();
    schema::compare(old, new, &mut changes);
    types::compare(old, new, &mut changes);
    directives::compare(old, new, &mut changes);
    let mut changes = changes.list;
    changes.sort_by_key(Change::level);
    changes
}

/// What was found so far.
#[derive(Default)]
struct Changes {
    list: Vec<Change>,
}

impl Changes {
    /// A change that an operation meets where it uses `path` itself.
    fn push(&mut self, code: ChangeCode, path: &str, message: String) {
        self.push_met_by(code, path, path, message);
    }

    fn push_met_by(&mut self, code: ChangeCode, path: &str, met_by: &str, message: String) {
        self.list.push(Change {
            code,
            path: path.to_owned(),
            message,
            met_by: met_by.to_owned(),
        });
    }
}
