//! `__schema` and `__type` are answered from the API schema, without any subgraph.

use apollo_compiler::introspection;
use apollo_compiler::request::RequestError;
use apollo_compiler::response::{ExecutionResponse, JsonMap};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};

/// Answers a document that asks for nothing else.
///
/// # Errors
///
/// When lists that contain each other are nested so deeply that the answer would be huge.
pub(crate) fn introspect(
    document: &Valid<ExecutableDocument>,
    schema: &Valid<Schema>,
    variables: &JsonMap,
) -> Result<ExecutionResponse, RequestError> {
    let operation = document.operations.iter().next();
    let operation = operation.expect("the planner puts one operation into the document");
    introspection::check_max_depth(document, operation)?;
    introspection::partial_execute(
        schema,
        &schema.implementers_map(),
        document,
        operation,
        Valid::assume_valid_ref(variables),
    )
}
