//! The JSON Schema of `tenon.yaml`, for editors that complete and check as one types.
//!
//! It says what the readers take; a test compares the two.

use serde_json::{Map, Value, json};

/// A section of the limits: what kind of number each is, and what it bounds.
const LIMITS: [(&str, Kind, &str); 20] = [
    (
        "body_bytes_max",
        Kind::Size,
        "The largest body of a GraphQL request. Default 1MiB",
    ),
    (
        "body_deadline",
        Kind::Duration,
        "How long such a body may take to arrive. Default 10s",
    ),
    (
        "document_bytes_max",
        Kind::Size,
        "The largest document. Default 100kB",
    ),
    (
        "document_tokens_max",
        Kind::Count,
        "The most tokens in a document. Default 20000",
    ),
    (
        "document_depth_max",
        Kind::Count,
        "How deep selection sets may stand in one another. Default 100",
    ),
    (
        "document_selections_max",
        Kind::Count,
        "The most selections once fragments are spread. Default 20000",
    ),
    (
        "document_aliases_max",
        Kind::Count,
        "The most aliases once fragments are spread. Default 1000",
    ),
    (
        "document_root_fields_max",
        Kind::Count,
        "The most fields at the root. Default 200",
    ),
    (
        "operations_bytes_max",
        Kind::Size,
        "The memory for documents and plans of late. Default 128MiB",
    ),
    (
        "request_deadline",
        Kind::Duration,
        "How long an operation may take in all. Default 60s",
    ),
    (
        "requests_max",
        Kind::Count,
        "How many operations run at once. Default 2000",
    ),
    (
        "fetch_deadline",
        Kind::Duration,
        "How long one request to a subgraph may take. Default 15s",
    ),
    (
        "fetch_bytes_max",
        Kind::Size,
        "The largest response of a subgraph. Default 64MiB",
    ),
    (
        "event_bytes_max",
        Kind::Size,
        "The largest event of a subgraph's subscription. Default 4MiB",
    ),
    (
        "subscriptions_max",
        Kind::Count,
        "How many subscriptions run at once. Default 20000",
    ),
    (
        "sockets_max",
        Kind::Count,
        "How many WebSockets are open at once. Default 20000",
    ),
    (
        "socket_operations_max",
        Kind::Count,
        "How many operations run at once on one WebSocket. Default 100",
    ),
    (
        "socket_init_deadline",
        Kind::Duration,
        "How long a WebSocket may stay silent at first. Default 10s",
    ),
    (
        "write_deadline",
        Kind::Duration,
        "How long one message to a client may take to leave. Default 30s",
    ),
    (
        "door_idle_max",
        Kind::Duration,
        "How long nothing may move behind a door. Default 60s",
    ),
];

/// What a number counts.
#[derive(Clone, Copy)]
enum Kind {
    Count,
    Duration,
    Size,
}

impl Kind {
    fn schema(self, description: &str) -> Value {
        let name = match self {
            Self::Count => "count",
            Self::Duration => "duration",
            Self::Size => "size",
        };
        json!({ "$ref": format!("#/$defs/{name}"), "description": description })
    }
}

/// The schema, of draft 2020-12.
pub fn json_schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tenon.yaml",
        "description": "The configuration of a Tenon gateway",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "listen": text("Where to listen. Default 127.0.0.1:4000", "0.0.0.0:4000"),
            "public_url": text(
                "The origin that clients see; TENON_PUBLIC_URL says it instead. Default: their Host",
                "https://api.example.com",
            ),
            "subgraphs": subgraphs(),
            "auth": auth(),
            "doors": doors(),
            "override_labels": override_labels(),
            "connections": connections(),
            "limits": limits(),
            "stop_deadline": Kind::Duration.schema(
                "What running requests have when the gateway stops. Default 20s",
            ),
            "mode": {
                "description": "For developers, who see plans, or for clients. Default serve",
                "enum": ["serve", "dev"],
            },
            "console": flag("The web console at /. Default: in mode dev only"),
            "introspection": flag(
                "Whether everybody sees the schema, or only callers with the scope gateway:read. \
                 Default true",
            ),
            "cors": cors(),
        },
        "$defs": {
            "count": { "type": "integer", "minimum": 1, "examples": [100] },
            "duration": {
                "type": "string",
                "pattern": "^[0-9]+ ?(ms|s|m|h)$",
                "examples": ["15s"],
            },
            "size": {
                "type": ["string", "integer"],
                "pattern": "^[0-9]+ ?(B|kB|MB|KiB|MiB)?$",
                "minimum": 1,
                "examples": ["1MiB"],
            },
        },
    })
}

fn text(description: &str, example: &str) -> Value {
    json!({ "description": description, "type": "string", "examples": [example] })
}

fn flag(description: &str) -> Value {
    json!({ "description": description, "type": "boolean", "examples": [true] })
}

fn texts(description: &str, examples: &[&str]) -> Value {
    json!({
        "description": description,
        "type": "array",
        "items": { "type": "string" },
        "examples": [examples],
    })
}

/// An object with these keys and no others.
fn object(description: &str, required: &[&str], properties: &Value) -> Value {
    json!({
        "description": description,
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
    })
}

/// An object whose keys are names of the operator's, such as this one.
fn named(description: &str, example: &str, value: &Value) -> Value {
    json!({
        "description": description,
        "type": "object",
        "propertyNames": { "examples": [example] },
        "additionalProperties": value,
    })
}

fn subgraphs() -> Value {
    let url = json!({
        "description": "Where it answers GraphQL; several are its instances",
        "anyOf": [
            { "type": "string" },
            { "type": "array", "items": { "type": "string" }, "minItems": 1 },
        ],
        "examples": ["http://billing:4005/graphql"],
    });
    let mut schema = object(
        "Where its schema is",
        &[],
        &json!({
            "file": text("A file, beside this one", "schema/billing.graphql"),
            "introspect": flag("Ask the subgraph at the start: by `_service { sdl }`, or by introspection if it has none"),
        }),
    );
    schema["oneOf"] = json!([{ "required": ["file"] }, { "required": ["introspect"] }]);
    schema["examples"] = json!([{ "file": "schema/billing.graphql" }]);
    let one = json!({ "url": url, "schema": schema });
    named(
        "The parts of the graph by their names",
        "billing",
        &object("A subgraph", &["url", "schema"], &one),
    )
}

fn auth() -> Value {
    let tokens = object(
        "By RS256 tokens, whose keys are published",
        &["jwks"],
        &json!({
            "issuer": text("The claim `iss`. Default: public_url", "https://api.example.com"),
            "audience": text("The claim `aud`. Default tenon", "tenon"),
            "jwks": text("Where the keys are", "http://identity:4001/.well-known/jwks.json"),
        }),
    );
    json!({
        "description": "How clients are recognised",
        "anyOf": [tokens, { "const": "off", "description": "Not at all: nothing is enforced" }],
    })
}

fn doors() -> Value {
    let subgraph = json!({ "type": "string", "examples": ["billing"] });
    named(
        "Paths that lead to a subgraph as they are",
        "/hooks",
        &subgraph,
    )
}

fn override_labels() -> Value {
    let share = json!({ "type": "number", "minimum": 0, "maximum": 100, "examples": [25] });
    let description = "For how many of 100 requests labels of @override are active";
    named(description, "new-billing", &share)
}

fn connections() -> Value {
    object(
        "How subgraphs are connected to",
        &[],
        &json!({
            "connect_deadline": Kind::Duration.schema("How long connecting may take. Default 2s"),
            "idle_max": Kind::Duration.schema("How long an unused connection is kept. Default 60s"),
            "idle_connections_max": Kind::Count.schema("How many are kept to one host. Default 256"),
        }),
    )
}

fn limits() -> Value {
    let properties: Map<String, Value> = LIMITS
        .iter()
        .map(|(name, kind, description)| ((*name).to_owned(), kind.schema(description)))
        .collect();
    let description = "What clients, documents and subgraphs may cost";
    object(description, &[], &properties.into())
}

fn cors() -> Value {
    object(
        "Pages of other origins that may ask. Default none",
        &["origins"],
        &json!({
            "origins": texts("Their exact origins", &["https://app.example.com"]),
            "methods": texts("Default GET and POST", &["GET", "POST"]),
            "headers": texts("Headers of requests", &["authorization", "content-type"]),
            "exposed_headers": texts("Headers of answers", &["x-request-id"]),
            "credentials": flag("Whether browsers send cookies. Default false"),
            "max_age": Kind::Duration.schema("How long browsers remember this. Default 10m"),
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::config::section::Problems;

    /// A value that a schema allows, with every key that it names.
    fn sample(root: &Value, schema: &Value) -> Value {
        if let Some(example) = schema.pointer("/examples/0") {
            return example.clone();
        }
        if let Some(reference) = schema["$ref"].as_str() {
            let pointer = reference.trim_start_matches('#');
            return sample(root, root.pointer(pointer).expect("it is defined"));
        }
        if let Some(first) = schema.pointer("/enum/0") {
            return first.clone();
        }
        if let Some(first) = schema.pointer("/anyOf/0") {
            return sample(root, first);
        }
        let mut keys = Map::new();
        for (name, value) in schema["properties"].as_object().into_iter().flatten() {
            keys.insert(name.clone(), sample(root, value));
        }
        if let Some(name) = schema.pointer("/propertyNames/examples/0") {
            let name = name.as_str().expect("a name").to_owned();
            keys.insert(name, sample(root, &schema["additionalProperties"]));
        }
        keys.into()
    }

    /// The part of the schema that is about a path of keys.
    fn about<'s>(schema: &'s Value, path: &[&str]) -> Option<&'s Value> {
        let [key, rest @ ..] = path else {
            return Some(schema);
        };
        let tokens = schema.pointer("/anyOf/0");
        let own = schema["properties"].get(key);
        let next = own
            .or_else(|| tokens?["properties"].get(key))
            .or_else(|| Some(&schema["additionalProperties"]).filter(|value| value.is_object()))?;
        about(next, rest)
    }

    #[test]
    fn the_schema_says_what_is_read() {
        let schema = json_schema();
        let text = sample(&schema, &schema).to_string();
        let problems = Problems::default();
        let config = Config::read(&text, |_| None, &problems).expect("it is YAML");
        assert_eq!(config.subgraphs.len(), 1);
        let asked = problems.asked();
        assert!(asked.len() > 40, "{asked:?}");
        for path in asked {
            let keys: Vec<&str> = path.split('.').collect();
            assert!(
                about(&schema, &keys).is_some(),
                "{path} is not in the schema"
            );
        }
        assert_eq!(problems.into_list(), [], "of {text}");
    }
}
