//! Refuses a document that would cost more to check than to read.
//!
//! Validation follows every spread of a fragment, so a kilobyte of fragments that double each other
//! keeps it busy for ever, and its own limits on depth and complexity come too late. This check
//! runs first and is linear in the length of the text: it scans, parses, and then counts what the
//! fragments expand to without expanding them.

use std::collections::HashMap;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationType, Selection, SelectionSet,
};
use async_graphql::{Name, Pos, Positioned, ServerError};

use crate::error::Code;

/// The gateway writes our documents; a hundred kilobytes are several times the largest of them.
const BYTES_MAX: usize = 100_000;

/// A token is three bytes or more in documents that mean something.
const TOKENS_MAX: usize = 15_000;

/// Levels of brackets in the text and of selections after expansion; parsing and validation recurse
/// on both, and the stack holds many times more.
const DEPTH_MAX: usize = 50;

/// Selections after expansion, of all operations and fragments together. Validating so many takes
/// some milliseconds.
const SELECTIONS_MAX: u64 = 20_000;

/// Fields of one operation's root: each may start a query of its own in a store.
const ROOT_FIELDS_MAX: u64 = 500;

/// Why a document is refused before it is validated.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Refusal {
    /// It asks for more than one request may.
    #[error("the document is too complex: {0}")]
    TooComplex(String),
    /// A fragment contains itself.
    #[error("fragment `{0}` contains itself")]
    Cycle(String),
    /// It is not a GraphQL document.
    #[error("{message}")]
    Syntax {
        /// What the parser says.
        message: String,
        /// Where.
        at: Option<Pos>,
    },
}

impl From<Refusal> for ServerError {
    fn from(refusal: Refusal) -> Self {
        let (code, at) = match &refusal {
            Refusal::TooComplex(_) | Refusal::Cycle(_) => (Code::DocumentTooComplex, None),
            Refusal::Syntax { at, .. } => (Code::GraphqlParseFailed, *at),
        };
        let mut error = Self::new(refusal.to_string(), at);
        let mut extensions = async_graphql::ErrorExtensionValues::default();
        extensions.set("code", code.as_str());
        error.extensions = Some(extensions);
        error
    }
}

/// Parses a document that is cheap enough to validate and execute.
///
/// # Errors
///
/// A [`Refusal`] if it is not, or if it is no document.
pub fn parse(text: &str) -> Result<ExecutableDocument, Refusal> {
    scan(text)?;
    let document = async_graphql::parser::parse_query(text).map_err(|error| Refusal::Syntax {
        at: error.positions().next(),
        message: error.to_string(),
    })?;
    measure(&document)?;
    Ok(document)
}

/// Looks at the text alone: its length, tokens and brackets.
fn scan(text: &str) -> Result<(), Refusal> {
    let too_complex = |what: String| Err(Refusal::TooComplex(what));
    if text.len() > BYTES_MAX {
        return too_complex(format!("more than {BYTES_MAX} bytes"));
    }
    let bytes = text.as_bytes();
    let (mut at, mut tokens, mut depth) = (0, 0, 0_usize);
    while at < bytes.len() {
        match bytes[at] {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at = end_of_line(bytes, at);
                continue;
            }
            b'"' => at = end_of_string(bytes, at),
            b'{' | b'[' | b'(' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            byte if is_word(byte) => {
                while at < bytes.len() && is_word(bytes[at]) {
                    at += 1;
                }
            }
            _ => at += 1,
        }
        tokens += 1;
        if tokens > TOKENS_MAX {
            return too_complex(format!("more than {TOKENS_MAX} tokens"));
        }
        if depth > DEPTH_MAX {
            return too_complex(format!("more than {DEPTH_MAX} levels"));
        }
    }
    Ok(())
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn end_of_line(bytes: &[u8], start: usize) -> usize {
    bytes[start..]
        .iter()
        .position(|&byte| byte == b'\n' || byte == b'\r')
        .map_or(bytes.len(), |length| start + length)
}

/// Where the string that starts at `start` ends; an open one ends with the text, which the parser
/// then reports.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let block = bytes[start..].starts_with(b"\"\"\"");
    let mut at = if block { start + 3 } else { start + 1 };
    while at < bytes.len() {
        if block {
            if bytes[at..].starts_with(b"\\\"\"\"") {
                at += 4;
            } else if bytes[at..].starts_with(b"\"\"\"") {
                return at + 3;
            } else {
                at += 1;
            }
        } else {
            match bytes[at] {
                b'"' => return at + 1,
                b'\n' | b'\r' => return at,
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
    }
    bytes.len()
}

/// What a selection set expands to.
#[derive(Clone, Copy, Default)]
struct Size {
    /// Selections at all levels.
    selections: u64,
    /// Fields at its own level, fragments included.
    breadth: u64,
    /// Levels, counting fields, inline fragments and spreads: what recursion costs.
    depth: usize,
}

enum Known {
    /// Being measured; meeting it again is a cycle.
    Open,
    Measured(Size),
}

struct Measure<'doc> {
    document: &'doc ExecutableDocument,
    fragments: HashMap<&'doc Name, Known>,
}

fn measure(document: &ExecutableDocument) -> Result<(), Refusal> {
    let mut measure = Measure {
        document,
        fragments: HashMap::with_capacity(document.fragments.len()),
    };
    let mut total: u64 = 0;
    for (_, operation) in document.operations.iter() {
        let size = measure.set(&operation.node.selection_set, 0)?;
        if size.breadth > ROOT_FIELDS_MAX {
            let what = format!("more than {ROOT_FIELDS_MAX} fields at the root");
            return Err(Refusal::TooComplex(what));
        }
        total = total.saturating_add(size.selections);
    }
    for name in document.fragments.keys() {
        total = total.saturating_add(measure.fragment(name, 0)?.selections);
    }
    if total > SELECTIONS_MAX {
        let what = format!("more than {SELECTIONS_MAX} selections after expansion");
        return Err(Refusal::TooComplex(what));
    }
    Ok(())
}

impl<'doc> Measure<'doc> {
    /// `level` counts the levels above, so that the recursion stops before it is too deep.
    fn set(&mut self, set: &'doc Positioned<SelectionSet>, level: usize) -> Result<Size, Refusal> {
        if level > DEPTH_MAX {
            return Err(too_deep());
        }
        let mut size = Size::default();
        for selection in &set.node.items {
            let (below, is_field) = match &selection.node {
                Selection::Field(field) => (self.set(&field.node.selection_set, level + 1)?, true),
                Selection::InlineFragment(fragment) => {
                    (self.set(&fragment.node.selection_set, level + 1)?, false)
                }
                Selection::FragmentSpread(spread) => (
                    self.fragment(&spread.node.fragment_name.node, level + 1)?,
                    false,
                ),
            };
            let breadth = if is_field { 1 } else { below.breadth };
            size.breadth = size.breadth.saturating_add(breadth);
            size.selections = size
                .selections
                .saturating_add(below.selections)
                .saturating_add(1);
            size.depth = size.depth.max(below.depth + 1);
        }
        Ok(size)
    }

    fn fragment(&mut self, name: &'doc Name, level: usize) -> Result<Size, Refusal> {
        match self.fragments.get(name) {
            Some(Known::Open) => return Err(Refusal::Cycle(name.to_string())),
            Some(Known::Measured(size)) => {
                // It was measured from a higher level; here it may reach too deep.
                if level + size.depth > DEPTH_MAX {
                    return Err(too_deep());
                }
                return Ok(*size);
            }
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(name) else {
            // Validation names the fragment that does not exist.
            return Ok(Size::default());
        };
        self.fragments.insert(name, Known::Open);
        let size = self.set(&fragment.node.selection_set, level)?;
        self.fragments.insert(name, Known::Measured(size));
        Ok(size)
    }
}

fn too_deep() -> Refusal {
    Refusal::TooComplex(format!("more than {DEPTH_MAX} levels"))
}

/// The names of the fields at the root of the operation that `operation_name` selects, if that
/// operation is a subscription.
pub(crate) fn subscribed_fields<'doc>(
    document: &'doc ExecutableDocument,
    operation_name: Option<&str>,
) -> Vec<&'doc Positioned<async_graphql::parser::types::Field>> {
    let operation = match (&document.operations, operation_name) {
        (DocumentOperations::Single(operation), _) => Some(operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) => operations.values().next(),
    };
    let mut fields = Vec::new();
    if let Some(operation) = operation
        && operation.node.ty == OperationType::Subscription
    {
        root_fields(document, &operation.node.selection_set, &mut fields);
    }
    fields
}

/// Ends because [`parse`] has refused cycles and counted the fields of the root.
fn root_fields<'doc>(
    document: &'doc ExecutableDocument,
    set: &'doc Positioned<SelectionSet>,
    fields: &mut Vec<&'doc Positioned<async_graphql::parser::types::Field>>,
) {
    for selection in &set.node.items {
        let below = match &selection.node {
            Selection::Field(field) => {
                fields.push(field);
                continue;
            }
            Selection::InlineFragment(fragment) => Some(&fragment.node.selection_set),
            Selection::FragmentSpread(spread) => document
                .fragments
                .get(&spread.node.fragment_name.node)
                .map(|fragment| &fragment.node.selection_set),
        };
        if let Some(below) = below {
            root_fields(document, below, fields);
        }
    }
}
