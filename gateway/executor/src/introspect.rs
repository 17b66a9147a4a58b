//! `__schema` and `__type` are answered from the API schema, without any subgraph.

use apollo_compiler::introspection;
use apollo_compiler::request::RequestError;
use apollo_compiler::response::{ExecutionResponse, GraphQLError, JsonMap};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};

/// Answers a document that asks for nothing else: the values by response key, and errors as JSON.
///
/// Lists that contain each other are not followed so deeply that the answer becomes huge; that is
/// an error.
pub(crate) fn introspect(
    document: &Valid<ExecutableDocument>,
    schema: &Valid<Schema>,
    variables: &JsonMap,
) -> (Option<JsonMap>, Vec<String>) {
    let print =
        |error: &GraphQLError| serde_json::to_string(error).expect("an error is plain data");
    match run(document, schema, variables) {
        Ok(response) => (response.data, response.errors.iter().map(print).collect()),
        Err(error) => (
            None,
            vec![print(&error.to_graphql_error(&document.sources))],
        ),
    }
}

fn run(
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
