//! Paths that lead to a subgraph without GraphQL: uploads and downloads, webhooks, sign-in.
//!
//! A door adds and takes away nothing but headers of the connection, and whom a bearer token is
//! for: the subgraph behind it learns that as it does with GraphQL, from the gateway's own token.
//! Whoever stands behind the door checks who comes in, by signature, signed URL or that token.
//! Bodies stream both ways and may be large; what is bounded is how long nothing moves.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::{IntoResponse, Response};
use http::header::{self, HeaderName};
use http::uri::{Authority, PathAndQuery};
use http::{HeaderMap, HeaderValue, Request, Uri};

use self::stream::Failure;
use crate::auth::INTERNAL_HEADER;
use crate::code::Code;
use crate::gateway::Shared;
use crate::protocol::plain;
use crate::refusal::Refusal;
use crate::request_id::{REQUEST_ID_HEADER, RequestId};
use crate::tally::Ending;

mod stream;

/// A prefix of paths and the subgraph behind it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Door {
    prefix: String,
    subgraph: String,
}

/// A text that is no prefix of a door.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not the prefix of a door: use `/` and segments of a-z, 0-9, `-`, `_` and `.`")]
pub struct BadPrefix(String);

impl Door {
    /// Leads `prefix` and all paths below it to `subgraph`.
    ///
    /// # Errors
    ///
    /// [`BadPrefix`] if the prefix is not `/` and one or more segments, or is the gateway's own.
    pub fn new(prefix: &str, subgraph: &str) -> Result<Self, BadPrefix> {
        let bad = || BadPrefix(prefix.to_owned());
        let segments = prefix.strip_prefix('/').ok_or_else(bad)?;
        let is_segment = |segment: &str| {
            !matches!(segment, "" | "." | "..")
                && segment
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        let own = ["/graphql", "/health", "/ready"].contains(&prefix)
            || matches!(segments.split('/').next(), Some("console" | "query-page"));
        if !segments.split('/').all(is_segment) || own {
            return Err(bad());
        }
        Ok(Self {
            prefix: prefix.to_owned(),
            subgraph: subgraph.to_owned(),
        })
    }

    /// The path that it stands at.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The subgraph behind it.
    #[must_use]
    pub fn subgraph(&self) -> &str {
        &self.subgraph
    }
}

/// Headers that belong to one connection and end with it (RFC 9110, 7.6.1), and `expect`, which
/// the server has already answered.
const HOP_BY_HOP: [HeaderName; 9] = [
    header::CONNECTION,
    header::EXPECT,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("keep-alive"),
];

/// Carries one request through a door.
/// `door` is its index.
pub(crate) async fn pass(shared: Arc<Shared>, door: usize, request: Request<Body>) -> Response {
    let id = RequestId::of(request.headers());
    let carried = carry(&shared, &shared.doors[door], &id, request).await;
    let is_failure = match &carried {
        Ok(response) => response.status().is_server_error(),
        Err(_) => true,
    };
    shared.door_tallies[door].count(match is_failure {
        true => Ending::WithErrors,
        false => Ending::Clean,
    });
    carried.unwrap_or_else(|refusal| {
        shared.tally.refuse(&refusal, Some(&id));
        plain::refuse(&refusal).into_response()
    })
}

async fn carry(
    shared: &Shared,
    door: &Door,
    id: &RequestId,
    mut request: Request<Body>,
) -> Result<Response, Refusal> {
    let path_and_query = target(request.uri())?;
    let generation = shared.generation();
    let subgraph = generation.subgraph(&door.subgraph)?;

    let host = request.headers_mut().remove(header::HOST);
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .copied();
    clean(request.headers_mut());
    request.headers_mut().remove(INTERNAL_HEADER);
    let headers = request.headers_mut();
    headers.insert(REQUEST_ID_HEADER, id.header());
    if let Some(signer) = &shared.signer
        && has_bearer_token(request.headers())
    {
        let caller = shared
            .authenticator
            .identify(request.headers())
            .await?
            .caller;
        let token = signer.header(&caller, &subgraph.name);
        request.headers_mut().insert(INTERNAL_HEADER, token);
    }
    forward_origin(
        request.headers_mut(),
        shared.public_url.as_ref(),
        host,
        peer,
    );

    let mut parts = subgraph.url.clone().into_parts();
    parts.path_and_query = Some(path_and_query);
    *request.uri_mut() = Uri::from_parts(parts).expect("the URL of a subgraph is absolute");
    *request.version_mut() = http::Version::HTTP_11;
    request.extensions_mut().clear();

    let idle_max = shared.limits.door_idle_max;
    let sent = stream::send(&*subgraph.transport, request, idle_max).await;
    let mut response = sent.map_err(|error| {
        if let Failure::Idle | Failure::Body = error {
            return Refusal::new(Code::RequestTimeout, "nothing moved for too long");
        }
        tracing::warn!(
            subgraph.name = &*subgraph.name,
            error = &error as &dyn std::error::Error,
            "a request through the door {} failed",
            door.prefix
        );
        Refusal::new(
            Code::BadGateway,
            "the service behind this path cannot be reached",
        )
    })?;
    clean(response.headers_mut());
    Ok(response.map(|body| stream::with_idle_limit(body, idle_max)))
}

/// Other credentials, such as those of OpenID's token endpoint, are for the subgraph alone.
fn has_bearer_token(headers: &HeaderMap) -> bool {
    let is_bearer = |value: &HeaderValue| {
        let scheme = value.as_bytes().get(..7);
        scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer "))
    };
    headers.get_all(header::AUTHORIZATION).iter().any(is_bearer)
}

/// The path as it came, unless it tries to climb out of the door.
fn target(uri: &Uri) -> Result<PathAndQuery, Refusal> {
    let climbs = uri.path().split('/').any(|segment| {
        let decoded: Vec<u8> = percent_encoding::percent_decode_str(segment).collect();
        decoded
            .split(|byte| matches!(byte, b'/' | b'\\'))
            .any(|piece| matches!(piece, b"." | b".."))
    });
    match uri.path_and_query() {
        Some(target) if !climbs => Ok(target.clone()),
        _ => Err(Refusal::new(
            Code::BadRequest,
            "the path is not a plain path",
        )),
    }
}

/// Removes what belongs to the connection: the known names, and those that `Connection` lists.
fn clean(headers: &mut HeaderMap) {
    let listed: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in HOP_BY_HOP.iter().chain(&listed) {
        headers.remove(name);
    }
}

/// Tells the subgraph where the client came from and which origin it sees.
///
/// A client can send any `x-forwarded-for`; only the last entry, which is ours, is the truth of
/// this gateway's own connection.
fn forward_origin(
    headers: &mut HeaderMap,
    public_url: Option<&Uri>,
    host: Option<HeaderValue>,
    peer: Option<ConnectInfo<SocketAddr>>,
) {
    const FOR: &str = "x-forwarded-for";
    if let Some(ConnectInfo(peer)) = peer {
        let mut list: String = headers
            .get_all(FOR)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| [value, ", "])
            .collect();
        list.push_str(&peer.ip().to_string());
        if let Ok(value) = HeaderValue::try_from(list) {
            headers.insert(FOR, value);
        }
    }
    let scheme = public_url.and_then(Uri::scheme_str).unwrap_or("http");
    if let Ok(scheme) = HeaderValue::try_from(scheme) {
        headers.insert("x-forwarded-proto", scheme);
    }
    let public = public_url.and_then(Uri::authority).map(Authority::as_str);
    let host = public
        .and_then(|host| HeaderValue::try_from(host).ok())
        .or(host);
    match host {
        Some(host) => headers.insert("x-forwarded-host", host),
        None => headers.remove("x-forwarded-host"),
    };
}
