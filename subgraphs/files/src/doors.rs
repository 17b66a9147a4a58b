//! The doors that are not GraphQL: uploads by tus, downloads by plain HTTP.
//!
//! A request comes with a signed link, or with the gateway's token on behalf of a client that has
//! signed in. Whatever it may not see does not exist for it: unknown, foreign and forbidden answer
//! alike.

mod answer;
mod download;
mod upload;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use http::HeaderMap;
use kit::token::InternalVerifier;
use kit::viewer::{Caller, Scope};

use crate::domain::signature::{Link, Purpose};
use crate::platform::Platform;

/// What every door needs.
pub(crate) struct Doors {
    pub(crate) platform: Platform,
    pub(crate) verifier: InternalVerifier,
}

/// The routes below `/files`.
pub(crate) fn router(doors: Doors) -> Router {
    Router::new()
        .route("/files/uploads", post(upload::create).options(upload::options))
        .route(
            "/files/uploads/{id}",
            get(answer::not_allowed)
                .head(upload::head)
                .patch(upload::patch)
                .delete(upload::terminate)
                .options(upload::options),
        )
        .route("/files/{id}", get(download::get).head(download::get))
        // Bodies are read piece by piece, and each upload has a limit of its own.
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::new(doors))
}

impl Doors {
    /// The scope that a link to `id` opens, if it is ours and for one of these purposes.
    fn by_link(
        &self,
        id: &str,
        query: Option<&str>,
        purposes: &[Purpose],
    ) -> Option<(Scope, Link)> {
        let link = Link::parse(query?)?;
        let platform = &self.platform;
        let valid = purposes.contains(&link.purpose)
            && platform
                .keys
                .verify(&link, id, platform.clock.now())
                .is_ok();
        valid.then(|| (Scope::system(link.tenant, "a signed link"), link))
    }

    /// The scope of the client that the gateway speaks for, if it may do this.
    fn by_token(&self, headers: &HeaderMap, scope_name: &str) -> Option<Scope> {
        match self.verifier.verify(headers, self.platform.clock.now()) {
            Ok(Caller::Viewer(viewer)) if viewer.scopes.contains(scope_name) => {
                Some(viewer.scope())
            }
            _ => None,
        }
    }
}
