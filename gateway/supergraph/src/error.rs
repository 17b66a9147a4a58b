//! Why a supergraph could not be read.

/// A supergraph that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The SDL is not a GraphQL schema; the diagnostics say where.
    #[error("the supergraph is not a valid schema: {0}")]
    Syntax(String),
    /// There is no `join__Graph` enum: this is not a supergraph.
    #[error("the schema has no join__Graph enum, so it is not a supergraph")]
    NotASupergraph,
    /// A join directive names a subgraph that `join__Graph` does not have.
    #[error("{at} refers to the unknown subgraph {graph}")]
    UnknownSubgraph {
        /// Where the directive stands.
        at: String,
        /// What it names.
        graph: String,
    },
    /// Something refers to a type that does not exist.
    #[error("{at} refers to the unknown type {name}")]
    UnknownType {
        /// Where it is referred to.
        at: String,
        /// The type's name.
        name: String,
    },
    /// The selection of a key, a requirement or a provision cannot be parsed.
    #[error("{at} has the unusable field set `{text}`")]
    FieldSet {
        /// Where the field set stands.
        at: String,
        /// Its text.
        text: String,
    },
    /// What is left after hiding inaccessible elements is not a schema.
    #[error("the API schema is not valid: {0}")]
    Api(String),
}
