//! What clients see as `extensions.code`, and the HTTP status that goes with it.

use http::StatusCode;

/// The code of an error that the gateway itself answers.
///
/// Codes are API: added, never renamed. Errors of execution have the executor's codes or the
/// subgraphs' own.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Code {
    /// The request is no GraphQL request: broken JSON, or a parameter of the wrong type.
    BadRequest,
    /// A list of requests in one body.
    BatchingNotSupported,
    /// A request that a foreign web page could have sent without the user's will.
    CsrfPreflightRequired,
    /// A method that the path, or the operation, does not allow.
    MethodNotAllowed,
    /// No media type that the client accepts can be sent.
    NotAcceptable,
    /// The body's media type is not `application/json` in UTF-8.
    UnsupportedMediaType,
    /// The body is larger than is read.
    PayloadTooLarge,
    /// The token is missing its signature, its time, its issuer or its audience.
    Unauthenticated,
    /// Nobody can say now whether the token is good.
    AuthenticationUnavailable,
    /// The caller may see nothing of what the operation asks; also given field by field.
    UnauthorizedFieldOrType,
    /// The caller may not see the schema.
    IntrospectionDisabled,
    /// The caller may not see what stands at this path.
    Forbidden,
    /// Nothing stands at this path.
    NotFound,
    /// The document is no GraphQL.
    GraphqlParseFailed,
    /// The document does not fit the schema.
    GraphqlValidationFailed,
    /// The document is larger, deeper or asks for more than is taken.
    DocumentTooComplex,
    /// No plan was found within the work that is allowed for one.
    PlanTooComplex,
    /// The document has no operation of that name, or several and no name is given.
    OperationResolutionFailure,
    /// The variables do not fit the operation.
    BadUserInput,
    /// The document is named by its hash only.
    PersistedQueryNotSupported,
    /// More is running than the gateway takes at once.
    Overloaded,
    /// More subscriptions than one client, or the gateway, takes at once.
    TooManySubscriptions,
    /// The operation took longer than is allowed.
    RequestTimeout,
    /// The gateway stops; ask again and another will answer.
    ServerStopping,
    /// A subgraph behind a plain HTTP path cannot be reached.
    BadGateway,
    /// A fault of ours. What it was stands in the log.
    Internal,
}

impl Code {
    /// The text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::BatchingNotSupported => "BATCHING_NOT_SUPPORTED",
            Self::CsrfPreflightRequired => "CSRF_PREFLIGHT_REQUIRED",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::NotAcceptable => "NOT_ACCEPTABLE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::AuthenticationUnavailable => "AUTHENTICATION_UNAVAILABLE",
            Self::UnauthorizedFieldOrType => "UNAUTHORIZED_FIELD_OR_TYPE",
            Self::IntrospectionDisabled => "INTROSPECTION_DISABLED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::GraphqlParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::GraphqlValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::DocumentTooComplex => "DOCUMENT_TOO_COMPLEX",
            Self::PlanTooComplex => "PLAN_TOO_COMPLEX",
            Self::OperationResolutionFailure => "OPERATION_RESOLUTION_FAILURE",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::PersistedQueryNotSupported => "PERSISTED_QUERY_NOT_SUPPORTED",
            Self::Overloaded => "OVERLOADED",
            Self::TooManySubscriptions => "TOO_MANY_SUBSCRIPTIONS",
            Self::RequestTimeout => "REQUEST_TIMEOUT",
            Self::ServerStopping => "SERVER_STOPPING",
            Self::BadGateway => "BAD_GATEWAY",
            Self::Internal => "INTERNAL",
        }
    }

    /// The status of an answer that consists of this error alone, where the media type lets the
    /// status speak.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::BadRequest
            | Self::BatchingNotSupported
            | Self::GraphqlParseFailed
            | Self::GraphqlValidationFailed
            | Self::DocumentTooComplex
            | Self::PlanTooComplex
            | Self::OperationResolutionFailure
            | Self::BadUserInput
            | Self::PersistedQueryNotSupported => StatusCode::BAD_REQUEST,
            Self::CsrfPreflightRequired
            | Self::UnauthorizedFieldOrType
            | Self::IntrospectionDisabled
            | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Overloaded | Self::ServerStopping | Self::AuthenticationUnavailable => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::TooManySubscriptions => StatusCode::TOO_MANY_REQUESTS,
            Self::RequestTimeout => StatusCode::GATEWAY_TIMEOUT,
            Self::BadGateway => StatusCode::BAD_GATEWAY,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Who is at fault, in the eyes of HTTP: a well-formed request whose GraphQL is refused is
    /// answered with 200 under `application/json`, because in that media type the status speaks
    /// of HTTP only.
    pub(crate) const fn layer(self) -> Layer {
        match self {
            Self::GraphqlParseFailed
            | Self::GraphqlValidationFailed
            | Self::DocumentTooComplex
            | Self::PlanTooComplex
            | Self::OperationResolutionFailure
            | Self::BadUserInput
            | Self::UnauthorizedFieldOrType
            | Self::IntrospectionDisabled
            | Self::PersistedQueryNotSupported => Layer::Graphql,
            Self::BadRequest
            | Self::BatchingNotSupported
            | Self::CsrfPreflightRequired
            | Self::MethodNotAllowed
            | Self::NotAcceptable
            | Self::UnsupportedMediaType
            | Self::PayloadTooLarge
            | Self::Unauthenticated
            | Self::AuthenticationUnavailable
            | Self::Forbidden
            | Self::NotFound
            | Self::Overloaded
            | Self::TooManySubscriptions
            | Self::RequestTimeout
            | Self::ServerStopping
            | Self::BadGateway
            | Self::Internal => Layer::Http,
        }
    }
}

/// Which protocol an error belongs to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Layer {
    /// The request never reached GraphQL, or the gateway failed.
    Http,
    /// The request was good HTTP, its GraphQL was not.
    Graphql,
}
