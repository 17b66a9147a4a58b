//! What the console asks of the gateway itself, which is no part of the graph: JSON below
//! `/console/api`, for developers and for callers with the scope `gateway:read`.
//!
//! Everything here is read, nothing is changed. Reading costs what printing costs: the numbers are
//! counted as things happen, in [`crate::tally`].

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::header::{ALLOW, CACHE_CONTROL};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method};
use serde::Serialize;
use serde_json::json;

use crate::auth::Caller;
use crate::code::Code;
use crate::gateway::{Mode, Shared};
use crate::protocol::plain;
use crate::refusal::Refusal;
use crate::request_id::RequestId;

mod gateway;
mod numbers;
mod printed;
mod schema;
mod subgraphs;

/// Where the interface is.
const PREFIX: &str = "/console/api";

/// Who may see how the gateway is, and how operations are planned and run.
pub(crate) const SCOPE: &str = "gateway:read";

/// What a console is made of.
#[derive(Clone, Debug, Default)]
pub struct Console {
    /// Its pages, served at `/` and below `/console`. If there are none, because nobody built
    /// them, `/` shows the small query page.
    pub pages: Option<Router>,
    /// Graphs that were served before, the latest first, as far as somebody remembers them. The
    /// console shows what changed since the first of them that was another one.
    pub former: Vec<FormerGraph>,
}

pub(crate) use printed::Printed;
pub use schema::FormerGraph;

/// What a browser gets.
#[derive(Clone, Debug)]
pub(crate) enum Pages {
    /// The small query page; there is no console.
    QueryPage,
    /// The small query page, because the console was not built.
    ConsoleNotBuilt,
    /// The console.
    Console(Router),
}

impl Pages {
    pub(crate) fn of(console: Option<Console>) -> Self {
        match console {
            None => Self::QueryPage,
            Some(Console { pages: None, .. }) => Self::ConsoleNotBuilt,
            Some(Console {
                pages: Some(pages), ..
            }) => Self::Console(pages),
        }
    }
}

/// The interface.
pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route(PREFIX, any(ask))
        .route("/console/api/", any(ask))
        .route("/console/api/{*rest}", any(ask))
}

async fn ask(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let id = RequestId::of(&parts.headers);
    let answer = match read(&shared, &parts).await {
        Ok(what) => answer(&shared, what, &parts.headers).await,
        Err(refusal) => Err(refusal),
    };
    answer.unwrap_or_else(|refusal| refuse(&shared, &refusal, &id))
}

/// What can be asked for.
enum What {
    Console { caller: Caller },
    Gateway,
    Subgraphs,
    Schema,
}

async fn read(shared: &Shared, request: &Parts) -> Result<What, Refusal> {
    let path = request.uri.path();
    let name = path.strip_prefix(PREFIX).unwrap_or_default();
    let caller = shared
        .authenticator
        .identify(&request.headers)
        .await?
        .caller;
    let what = match name.trim_matches('/') {
        "" => What::Console { caller },
        name => {
            let what = match name {
                "gateway" => What::Gateway,
                "subgraphs" => What::Subgraphs,
                "schema" => What::Schema,
                _ => {
                    return Err(Refusal::new(
                        Code::NotFound,
                        "there is nothing at this path",
                    ));
                }
            };
            check_access(shared, &caller)?;
            what
        }
    };
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return Err(Refusal::new(
            Code::MethodNotAllowed,
            "this can be read only, with GET",
        ));
    }
    Ok(what)
}

fn check_access(shared: &Shared, caller: &Caller) -> Result<(), Refusal> {
    match caller {
        caller if shared.may_inspect(caller) => Ok(()),
        Caller::Anonymous => Err(Refusal::new(
            Code::Unauthenticated,
            format!("sign in as somebody with the scope {SCOPE}"),
        )),
        Caller::Principal(_) => Err(Refusal::new(
            Code::Forbidden,
            format!("this needs the scope {SCOPE}"),
        )),
    }
}

async fn answer(
    shared: &Arc<Shared>,
    what: What,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    match what {
        What::Console { caller } => Ok(json_answer(&json!({
            "version": VERSION,
            "mode": mode(shared),
            "scope": SCOPE,
            "permitted": shared.may_inspect(&caller),
            "signedIn": caller != Caller::Anonymous,
        }))),
        What::Gateway => Ok(json_answer(&gateway::report(shared))),
        What::Subgraphs => Ok(json_answer(&subgraphs::report(shared).await)),
        What::Schema => schema::answer(shared, headers).await,
    }
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn mode(shared: &Shared) -> &'static str {
    match shared.mode {
        Mode::Dev => "dev",
        Mode::Serve => "serve",
    }
}

fn json_answer(value: &impl Serialize) -> Response {
    let mut response = axum::Json(value).into_response();
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    response
}

fn refuse(shared: &Shared, refusal: &Refusal, id: &RequestId) -> Response {
    shared.tally.refuse(refusal, Some(id));
    let mut response = plain::refuse(refusal);
    if refusal.code() == Code::MethodNotAllowed {
        let allowed = HeaderValue::from_static("GET, HEAD");
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}
