//! A GraphQL request, whichever way it came.

use apollo_compiler::response::{JsonMap, JsonValue};

use crate::code::Code;
use crate::refusal::Refusal;

/// What a client asks: the parameters of GraphQL over HTTP and of `subscribe` messages.
///
/// Source: <https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters>
#[derive(Clone, Debug, Default)]
pub(crate) struct OperationRequest {
    pub(crate) query: String,
    pub(crate) operation_name: Option<String>,
    pub(crate) variables: JsonMap,
    /// `extensions.tenonPlan`: how the plan is to be shown, for transports without headers.
    pub(crate) plan: Option<Box<str>>,
}

impl OperationRequest {
    /// Reads the JSON body of a POST.
    pub(crate) fn from_json(body: &[u8]) -> Result<Self, Refusal> {
        let value: JsonValue =
            serde_json::from_slice(body).map_err(|_| bad("the body is not JSON"))?;
        match value {
            JsonValue::Object(parameters) => Self::from_parameters(parameters),
            JsonValue::Array(_) => Err(Refusal::new(
                Code::BatchingNotSupported,
                "several operations in one request are not supported",
            )),
            _ => Err(bad("the body is not a JSON object")),
        }
    }

    /// Reads the parameters of a GET, in which objects are JSON texts.
    pub(crate) fn from_query_string(query: &str) -> Result<Self, Refusal> {
        let mut parameters = JsonMap::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let value: JsonValue = match &*name {
                "query" => value.as_ref().into(),
                // An empty parameter is the way in which forms leave one out.
                "operationName" | "variables" | "extensions" if value.is_empty() => continue,
                "operationName" => value.as_ref().into(),
                "variables" | "extensions" => serde_json::from_str(&value)
                    .map_err(|_| bad(format!("the parameter {name} is not JSON")))?,
                _ => continue,
            };
            if parameters.insert(name.as_ref(), value).is_some() {
                return Err(bad(format!("the parameter {name} is given twice")));
            }
        }
        Self::from_parameters(parameters)
    }

    /// Reads the parameters of any form.
    pub(crate) fn from_parameters(mut parameters: JsonMap) -> Result<Self, Refusal> {
        let extensions = optional_object(&mut parameters, "extensions")?;
        let query = match parameters.remove("query") {
            Some(JsonValue::String(query)) => query.as_str().to_owned(),
            Some(JsonValue::Null) | None if extensions.contains_key("persistedQuery") => {
                // The message and the code are those that clients of automatic persisted queries
                // know; they then send the document.
                return Err(Refusal::new(
                    Code::PersistedQueryNotSupported,
                    "PersistedQueryNotSupported",
                ));
            }
            Some(JsonValue::Null) | None => return Err(bad("the parameter query is missing")),
            Some(_) => return Err(bad("the parameter query is not a string")),
        };
        let operation_name = match parameters.remove("operationName") {
            Some(JsonValue::String(name)) => Some(name.as_str().to_owned()),
            Some(JsonValue::Null) | None => None,
            Some(_) => return Err(bad("the parameter operationName is not a string")),
        };
        let variables = optional_object(&mut parameters, "variables")?;
        let plan = extensions.get("tenonPlan").and_then(JsonValue::as_str);
        Ok(Self {
            query,
            operation_name,
            variables,
            plan: plan.map(Box::from),
        })
    }
}

fn optional_object(parameters: &mut JsonMap, name: &str) -> Result<JsonMap, Refusal> {
    match parameters.remove(name) {
        Some(JsonValue::Object(object)) => Ok(object),
        Some(JsonValue::Null) | None => Ok(JsonMap::new()),
        Some(_) => Err(bad(format!("the parameter {name} is not an object"))),
    }
}

fn bad(message: impl Into<String>) -> Refusal {
    Refusal::new(Code::BadRequest, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(outcome: Result<OperationRequest, Refusal>, expected: Result<&str, Code>) {
        match (outcome, expected) {
            (Ok(request), Ok(query)) => assert_eq!(request.query, query),
            (Err(refusal), Err(code)) => assert_eq!(refusal.code(), code),
            (outcome, _) => panic!("{outcome:?}"),
        }
    }

    #[test]
    fn bodies() {
        let json = |text: &str| OperationRequest::from_json(text.as_bytes());
        check(json(r#"{"query":"{a}"}"#), Ok("{a}"));
        check(
            json(
                r#"{"query":"{a}","variables":null,"operationName":null,"extensions":null,"x":1}"#,
            ),
            Ok("{a}"),
        );
        for bad in [
            "",
            "{",
            "1",
            "{}",
            r#"{"query":1}"#,
            r#"{"query":null}"#,
            r#"{"query":"{a}","variables":[]}"#,
            r#"{"query":"{a}","operationName":{}}"#,
            r#"{"query":"{a}","extensions":"x"}"#,
        ] {
            check(json(bad), Err(Code::BadRequest));
        }
        check(json("[]"), Err(Code::BatchingNotSupported));
        check(
            json(r#"{"extensions":{"persistedQuery":{}}}"#),
            Err(Code::PersistedQueryNotSupported),
        );
    }

    #[test]
    fn query_strings() {
        let query = OperationRequest::from_query_string;
        check(query("query=%7Ba%7D&variables=%7B%7D&other=1"), Ok("{a}"));
        check(query("query=%7Ba%7D&variables=&operationName="), Ok("{a}"));
        check(query("query=%7Ba%7D&variables=1"), Err(Code::BadRequest));
        check(query("query=%7Ba%7D&variables=x"), Err(Code::BadRequest));
        check(query("query=a&query=b"), Err(Code::BadRequest));
        check(query(""), Err(Code::BadRequest));
    }
}
