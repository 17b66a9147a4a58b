//! From the text of a document to operations that are ready to be planned.

use std::sync::{Arc, Mutex};

use apollo_compiler::ast;
use apollo_compiler::parser::Parser;
use apollo_compiler::schema::Schema;
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Node, executable};
use planner::plan::OperationKind;
use supergraph::Supergraph;

use super::complexity::{self, too_complex};
use super::demands::Demands;
use super::prepared::{Case, Prepared};
use crate::code::Code;
use crate::limits::Limits;
use crate::recent::Recent;
use crate::refusal::{Error, Location, Refusal};

/// How many errors of one document are listed. People mend the first few; a hostile document
/// could have one for each token.
pub(super) const ERRORS_MAX: usize = 20;

/// How many plans are kept for one operation: one for each set of demands that callers did not
/// meet, and each set of override labels. Roles are few, and so are shares of requests.
const PLANS_MAX: usize = 16;

/// A document that is valid for one generation of the graph.
pub(crate) struct Document {
    pub(super) executable: Arc<Valid<ExecutableDocument>>,
    operations: Vec<Arc<Operation>>,
    /// Those of a kind for which the graph has no root type.
    rootless: Vec<Rootless>,
}

struct Rootless {
    name: Option<Box<str>>,
    kind: &'static str,
}

/// One operation of a document.
pub(crate) struct Operation {
    pub(super) name: Option<Box<str>>,
    pub(super) kind: OperationKind,
    pub(super) definition: Node<executable::Operation>,
    /// Whether it asks for the schema.
    pub(super) introspects: bool,
    /// What a caller must show to see all of it.
    pub(super) demands: Demands,
    plans: Mutex<Recent<Case, Arc<Prepared>>>,
}

impl Document {
    /// parse → limit → validate, in the order that keeps hostile text cheap.
    pub(super) fn read(
        supergraph: &Supergraph,
        text: &str,
        limits: &Limits,
    ) -> Result<Self, Refusal> {
        let ast = parse(text, limits)?;
        complexity::check(&ast, limits)?;
        let executable = validate(&ast, supergraph.api_schema())?;
        let operations = executable
            .operations
            .iter()
            .map(|definition| Arc::new(Operation::new(supergraph, &executable, definition)))
            .collect();
        Ok(Self {
            rootless: rootless(&ast, &executable),
            executable: Arc::new(executable),
            operations,
        })
    }

    /// Where a definition of a variable stands.
    pub(super) fn place(
        &self,
        variable: &Node<executable::VariableDefinition>,
    ) -> Option<Location> {
        let range = variable
            .location()?
            .line_column_range(&self.executable.sources)?;
        Some(Location {
            line: range.start.line,
            column: range.start.column,
        })
    }

    /// The operation of this name, or the only one.
    pub(super) fn operation(&self, name: Option<&str>) -> Result<&Arc<Operation>, Refusal> {
        let refuse = |message| Refusal::new(Code::OperationResolutionFailure, message);
        let chosen = |rootless: &&Rootless| match name {
            Some(_) => rootless.name.as_deref() == name,
            None => self.operations.is_empty(),
        };
        if let Some(Rootless { kind, .. }) = self.rootless.iter().find(chosen) {
            let message = format!("the graph has no {kind} type");
            return Err(Refusal::new(Code::OperationResolutionFailure, message));
        }
        match (name, self.operations.as_slice()) {
            (Some(name), operations) => operations
                .iter()
                .find(|operation| operation.name.as_deref() == Some(name))
                .ok_or_else(|| refuse("the document has no operation of this name")),
            (None, [only]) => Ok(only),
            (None, []) => Err(refuse("the document has no operation")),
            (None, _) => Err(refuse("the document has several operations; name one")),
        }
    }
}

impl Operation {
    fn new(
        supergraph: &Supergraph,
        document: &ExecutableDocument,
        definition: &Node<executable::Operation>,
    ) -> Self {
        Self {
            name: definition.name.as_ref().map(|name| name.as_str().into()),
            kind: match definition.operation_type {
                ast::OperationType::Query => OperationKind::Query,
                ast::OperationType::Mutation => OperationKind::Mutation,
                ast::OperationType::Subscription => OperationKind::Subscription,
            },
            // The query type may be reached again from below.
            introspects: definition
                .all_fields(document)
                .any(|field| matches!(field.name.as_str(), "__schema" | "__type")),
            definition: definition.clone(),
            demands: Demands::of(supergraph, document, definition),
            plans: Mutex::new(Recent::new(2 * PLANS_MAX)),
        }
    }

    /// The plan for a case, if it was made before.
    pub(super) fn prepared(&self, case: &Case) -> Option<Arc<Prepared>> {
        self.plans().find(case)
    }

    /// Keeps a plan.
    pub(super) fn keep(&self, case: Case, prepared: Arc<Prepared>) {
        self.plans().insert(case, prepared, 1);
    }

    fn plans(&self) -> std::sync::MutexGuard<'_, Recent<Case, Arc<Prepared>>> {
        self.plans.lock().expect("no holder of the lock panics")
    }
}

fn rootless(ast: &ast::Document, executable: &ExecutableDocument) -> Vec<Rootless> {
    let definitions = ast.definitions.iter();
    let operations = definitions.filter_map(|definition| match definition {
        ast::Definition::OperationDefinition(operation) => Some(operation),
        _ => None,
    });
    operations
        .filter(|operation| match &operation.name {
            Some(name) => !executable.operations.named.contains_key(name),
            None => executable.operations.anonymous.is_none(),
        })
        .map(|operation| Rootless {
            name: operation.name.as_ref().map(|name| name.as_str().into()),
            kind: operation.operation_type.name(),
        })
        .collect()
}

fn parse(text: &str, limits: &Limits) -> Result<ast::Document, Refusal> {
    if text.len() > limits.document_bytes_max {
        let bytes = limits.document_bytes_max;
        return Err(too_complex(&format!("it has more than {bytes} bytes")));
    }
    // The parser counts selection sets, values and types in one depth, so its own limit is wider;
    // it only has to protect the stack.
    let depth_max = limits.document_depth_max * 2 + 50;
    let mut parser = Parser::new()
        .token_limit(limits.document_tokens_max)
        .recursion_limit(depth_max);
    parser.parse_ast(text, "").map_err(|failed| {
        if parser.tokens_reached() > limits.document_tokens_max {
            let tokens = limits.document_tokens_max;
            return too_complex(&format!("it has more than {tokens} tokens"));
        }
        if parser.recursion_reached() > depth_max {
            return too_complex("it is nested too deep");
        }
        refuse_syntax(&failed.errors)
    })
}

fn validate(
    ast: &ast::Document,
    schema: &Valid<Schema>,
) -> Result<Valid<ExecutableDocument>, Refusal> {
    let code = Code::GraphqlValidationFailed;
    planner::validate(schema, ast).map_err(|violations| {
        let errors = violations.into_iter().take(ERRORS_MAX).map(|violation| {
            let mut error = Error::new(code, violation.message);
            error.locations = violation
                .places
                .iter()
                .map(|place| Location {
                    line: place.line,
                    column: place.column,
                })
                .collect();
            error
        });
        Refusal::with_errors(code, errors.collect())
    })
}

fn refuse_syntax(diagnostics: &DiagnosticList) -> Refusal {
    let code = Code::GraphqlParseFailed;
    let errors = diagnostics.iter().take(ERRORS_MAX).map(|diagnostic| {
        let json = diagnostic.to_json();
        let mut error = Error::new(code, json.message);
        error.locations = json
            .locations
            .iter()
            .map(|place| Location {
                line: place.line,
                column: place.column,
            })
            .collect();
        error
    });
    Refusal::with_errors(code, errors.collect())
}
