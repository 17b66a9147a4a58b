//! `tenon config schema`: the JSON Schema of `tenon.yaml`.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;

pub(crate) fn run() -> Result<ExitCode> {
    let mut schema = server::config::json_schema();
    // The gateway itself is told of one contract, on the command line.
    let tags = |which: &str| json!({ "description": which, "type": "array", "items": { "type": "string" } });
    schema["properties"]["contracts"] = json!({
        "description": "Variants of the graph for some of its clients, by their names",
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "include": tags("Only what has one of these tags. Default: everything"),
                "exclude": tags("Nothing that has one of these tags. Default: none"),
                "hide_unreachable": {
                    "description": "Nor types that no operation reaches. Default false",
                    "type": "boolean",
                },
            },
        },
    });
    let mut out = std::io::stdout().lock();
    writeln!(out, "{schema:#}")?;
    Ok(ExitCode::SUCCESS)
}
