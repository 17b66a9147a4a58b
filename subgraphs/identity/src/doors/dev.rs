//! The demo's sign-in: a role for a token of the demo's tenant. Never where there is no demo.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use kit::demo;
use kit::viewer::{Principal, Scope};
use serde::Deserialize;

use super::{Doors, Refusal};
use crate::demo::user_with;
use crate::domain::role::Role;
use crate::domain::token::{Bearer, DEMO_LIFETIME};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    role: String,
}

pub(super) async fn answer(
    State(doors): State<Arc<Doors>>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let request: Request = serde_json::from_slice(&body).map_err(|_| Refusal::InvalidRequest)?;
    let role: Role = request.role.parse().map_err(|_| Refusal::InvalidRequest)?;
    let id = user_with(role);
    let scope = Scope::system(demo::TENANT, "the demo's sign-in");
    let mut users = doors.store.users(&scope, vec![id]).await?;
    let user = users.remove(&id).ok_or(Refusal::InvalidRequest)?;
    let bearer = Bearer {
        tenant: demo::TENANT,
        principal: Principal::User(id),
        grant: user.grant(),
        roles: user.roles,
    };
    Ok(doors.issue(&bearer, DEMO_LIFETIME))
}
