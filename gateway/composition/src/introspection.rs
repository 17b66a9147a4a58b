//! A schema from the answer to an introspection query, for servers that do not print theirs.
//!
//! Introspection does not tell where directives are applied, so keys and all else that federation
//! says by directives is missing: what comes out is the schema of a server that knows no federation.
//!
//! ```
//! let answer = serde_json::json!({ "data": { "__schema": {
//!     "queryType": { "name": "Query" },
//!     "types": [{ "kind": "OBJECT", "name": "Query", "interfaces": [], "fields": [
//!         { "name": "a", "args": [], "type": { "kind": "SCALAR", "name": "Int", "ofType": null } },
//!     ] }],
//!     "directives": [],
//! } } });
//! let sdl = composition::introspection::sdl(&answer)?;
//! assert!(sdl.contains("a: Int"));
//! # Ok::<(), composition::introspection::Error>(())
//! ```

mod write;

use apollo_compiler::ast::Document;
use serde::Deserialize;
use serde_json::Value;

/// The queries to ask with, the newest first. A server of an older specification refuses those that
/// name what it does not know; the last is understood by all.
pub const QUERIES: &[&str] = &[NEWEST, OLDEST];

/// A query with what newer specifications added. Lists and non-nulls nest as deep as in the query of
/// the reference implementation.
macro_rules! query {
    ($type:literal, $directive:literal, $value:literal, $deprecated:literal) => {
        concat!(
            "query IntrospectionQuery { __schema { queryType { name } mutationType { name } \
             subscriptionType { name } types { kind name description ",
            $type,
            " fields(includeDeprecated: true) { name description args",
            $deprecated,
            " { ...Value } type { ...Type } isDeprecated deprecationReason } inputFields",
            $deprecated,
            " { ...Value } interfaces { name } enumValues(includeDeprecated: true) { name description \
             isDeprecated deprecationReason } possibleTypes { name } } \
             directives { name description ",
            $directive,
            " locations args",
            $deprecated,
            " { ...Value } } } } \
             fragment Value on __InputValue { name description type { ...Type } defaultValue ",
            $value,
            " } fragment Type on __Type { kind name ofType { kind name ofType { kind name ofType { kind \
             name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { \
             kind name ofType { kind name } } } } } } } } } }"
        )
    };
}

/// Of the specification of October 2021, with `isOneOf` of September 2025 left out: most servers
/// have the one and not the other.
const NEWEST: &str = query!(
    "specifiedByURL",
    "isRepeatable",
    "isDeprecated deprecationReason",
    "(includeDeprecated: true)"
);

/// Of the specification of June 2018.
const OLDEST: &str = query!("", "", "", "");

/// Why an answer gives no schema.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server answers with errors instead; this is the first one's text.
    #[error("the server answers: {0}")]
    Refused(String),

    /// The answer is none to an introspection query.
    #[error("the answer is not introspection's: {0}")]
    Answer(#[from] serde_json::Error),

    /// What it describes cannot be written in GraphQL.
    #[error("the answer describes no schema: {0}")]
    Schema(String),
}

/// Writes the schema that an answer to one of [`QUERIES`] describes.
///
/// # Errors
///
/// [`Error`] if the answer is an error or no answer to such a query.
pub fn sdl(answer: &Value) -> Result<String, Error> {
    let schema = answer.pointer("/data/__schema");
    let Some(schema) = schema.filter(|one| !one.is_null()) else {
        let first = answer.pointer("/errors/0/message").and_then(Value::as_str);
        return Err(Error::Refused(first.unwrap_or("nothing").to_owned()));
    };
    let schema = Schema::deserialize(schema)?;
    let text = write::run(&schema);
    let document = Document::parse(text, "introspection.graphql").map_err(|broken| {
        let first = broken.errors.iter().next().map(|one| one.error.to_string());
        Error::Schema(first.unwrap_or_default())
    })?;
    Ok(document.to_string())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    query_type: Option<Named>,
    mutation_type: Option<Named>,
    subscription_type: Option<Named>,
    types: Vec<Type>,
    #[serde(default)]
    directives: Vec<Directive>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Type {
    kind: Kind,
    name: String,
    description: Option<String>,
    #[serde(rename = "specifiedByURL")]
    specified_by_url: Option<String>,
    fields: Option<Vec<Field>>,
    input_fields: Option<Vec<InputValue>>,
    interfaces: Option<Vec<Named>>,
    enum_values: Option<Vec<EnumValue>>,
    possible_types: Option<Vec<Named>>,
}

#[derive(Clone, Copy, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Kind {
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    InputObject,
    List,
    NonNull,
}

#[derive(Deserialize)]
struct Field {
    name: String,
    description: Option<String>,
    #[serde(default)]
    args: Vec<InputValue>,
    #[serde(rename = "type")]
    ty: TypeReference,
    #[serde(flatten)]
    deprecation: Deprecation,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InputValue {
    name: String,
    description: Option<String>,
    #[serde(rename = "type")]
    ty: TypeReference,
    /// A value in GraphQL's own notation.
    default_value: Option<String>,
    #[serde(flatten)]
    deprecation: Deprecation,
}

#[derive(Deserialize)]
struct EnumValue {
    name: String,
    description: Option<String>,
    #[serde(flatten)]
    deprecation: Deprecation,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Deprecation {
    #[serde(default)]
    is_deprecated: bool,
    deprecation_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TypeReference {
    kind: Kind,
    name: Option<String>,
    of_type: Option<Box<TypeReference>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Directive {
    name: String,
    description: Option<String>,
    #[serde(default)]
    is_repeatable: bool,
    locations: Vec<String>,
    #[serde(default)]
    args: Vec<InputValue>,
}
