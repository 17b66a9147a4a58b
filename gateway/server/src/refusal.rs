//! Why a request is answered without being executed.

use bytes::Bytes;
use serde::Serialize;

use crate::code::Code;

/// Errors instead of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    code: Code,
    errors: Vec<Error>,
}

/// One error, as GraphQL writes it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Error {
    pub(crate) message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) path: Vec<serde_json::Value>,
    pub(crate) extensions: Extensions,
}

/// A place in the document; both count from 1.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Location {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Extensions {
    #[serde(serialize_with = "code_text")]
    code: Code,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes fields by reference"
)]
fn code_text<S: serde::Serializer>(code: &Code, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code.as_str())
}

impl Error {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            locations: Vec::new(),
            path: Vec::new(),
            extensions: Extensions { code },
        }
    }
}

impl Refusal {
    /// One error.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            errors: vec![Error::new(code, message)],
        }
    }

    /// Several errors of one code.
    pub(crate) fn with_errors(code: Code, errors: Vec<Error>) -> Self {
        debug_assert!(!errors.is_empty(), "a refusal says why");
        Self { code, errors }
    }

    pub(crate) fn code(&self) -> Code {
        self.code
    }

    pub(crate) fn errors(&self) -> &[Error] {
        &self.errors
    }

    /// `{"errors":[…]}`
    pub(crate) fn body(&self) -> Bytes {
        #[derive(Serialize)]
        struct Body<'a> {
            errors: &'a [Error],
        }
        let body = Body {
            errors: &self.errors,
        };
        serde_json::to_vec(&body)
            .expect("errors are plain data")
            .into()
    }
}
