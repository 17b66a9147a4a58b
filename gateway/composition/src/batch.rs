//! Many graphs, one a line: the protocol by which composers are compared.
//!
//! In: `{"id", "subgraphs": [{"name", "url", "sdl"}]}`. Out, for the same `id`: `{"ok": true,
//! "supergraph", "api_schema", "hints": [{"code", "level", "message"}]}` or `{"ok": false,
//! "errors": [{"code", "message", "places"}]}`.

use serde::{Deserialize, Serialize};
use serde_json::value::Value;

use crate::{SubgraphInput, compose};

#[derive(Deserialize)]
struct Request {
    id: Value,
    subgraphs: Vec<RequestSubgraph>,
}

#[derive(Deserialize)]
struct RequestSubgraph {
    name: String,
    url: Option<String>,
    sdl: String,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Composed {
        id: Value,
        ok: bool,
        supergraph: String,
        api_schema: String,
        hints: Vec<Said>,
    },
    Refused {
        id: Value,
        ok: bool,
        errors: Vec<Said>,
    },
}

#[derive(Serialize)]
struct Said {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    places: Vec<String>,
}

/// Answers one line with one line, without the line break. A line that is no request is answered
/// with an error as well.
pub fn answer_line(line: &str) -> String {
    let answer = match serde_json::from_str::<Request>(line) {
        Ok(request) => answer(request),
        Err(error) => Answer::Refused {
            id: Value::Null,
            ok: false,
            errors: vec![Said {
                code: "BAD_REQUEST",
                message: error.to_string(),
                places: Vec::new(),
            }],
        },
    };
    serde_json::to_string(&answer).expect("an answer is strings and lists, which always serialise")
}

fn answer(request: Request) -> Answer {
    let subgraphs: Vec<SubgraphInput> = request
        .subgraphs
        .into_iter()
        .map(|one| SubgraphInput {
            name: one.name,
            url: one.url.unwrap_or_default(),
            sdl: one.sdl,
        })
        .collect();
    match compose(&subgraphs) {
        Ok(composed) => Answer::Composed {
            id: request.id,
            ok: true,
            supergraph: composed.supergraph,
            api_schema: composed.api_schema,
            hints: composed
                .hints
                .into_iter()
                .map(|hint| Said {
                    code: hint.code.as_str(),
                    message: hint.message,
                    places: hint.places.iter().map(ToString::to_string).collect(),
                })
                .collect(),
        },
        Err(errors) => Answer::Refused {
            id: request.id,
            ok: false,
            errors: errors
                .into_iter()
                .map(|error| Said {
                    code: error.code.as_str(),
                    message: error.message,
                    places: error.places.iter().map(ToString::to_string).collect(),
                })
                .collect(),
        },
    }
}
