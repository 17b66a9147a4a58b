//! OAuth 2.0 client credentials (RFC 6749, 4.4): a program's name and secret for a token.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kit::viewer::{Principal, Scope};
use url::form_urlencoded;

use super::{Doors, Refusal};
use crate::domain::secret::{SECRET_BYTES_MAX, SecretHash};
use crate::domain::token::{Bearer, LIFETIME};

pub(super) async fn answer(
    State(doors): State<Arc<Doors>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let form = form(&body)?;
    let field = |name: &str| form.get(name).map(String::as_str);
    match field("grant_type") {
        Some("client_credentials") => {}
        Some(_) => return Err(Refusal::UnsupportedGrantType),
        None => return Err(Refusal::InvalidRequest),
    }
    let (client_id, secret) = match (basic(&headers)?, field("client_secret")) {
        (Some(basic), None) => basic,
        (None, Some(secret)) => {
            let client_id = field("client_id").ok_or(Refusal::InvalidRequest)?;
            (client_id.to_owned(), secret.to_owned())
        }
        (None, None) => return Err(Refusal::InvalidClient),
        // RFC 6749, 2.3: one method of authentication.
        (Some(_), Some(_)) => return Err(Refusal::InvalidRequest),
    };
    let bearer = sign_in(&doors, &client_id, &secret).await?;
    let bearer = match field("scope") {
        None | Some("") => bearer,
        Some(asked) => Bearer {
            grant: bearer
                .grant
                .narrowed_to(asked)
                .map_err(|_| Refusal::InvalidScope)?,
            ..bearer
        },
    };
    Ok(doors.issue(&bearer, LIFETIME))
}

/// The program with this name and secret. An unknown name takes as long as a wrong secret.
async fn sign_in(doors: &Doors, client_id: &str, secret: &str) -> Result<Bearer, Refusal> {
    if secret.len() > SECRET_BYTES_MAX || client_id.len() > SECRET_BYTES_MAX {
        return Err(Refusal::InvalidClient);
    }
    let known = doors.store.credentials(client_id).await?;
    let hash = known
        .as_ref()
        .map_or_else(SecretHash::of_nobody, |known| known.secret.clone());
    let fits = hash.fits(secret);
    let Some(known) = known.filter(|_| fits) else {
        tracing::info!("a program could not sign in");
        return Err(Refusal::InvalidClient);
    };
    let scope = Scope::system(known.tenant, "the secret of a program has opened it");
    let now = doors.clock.now();
    doors.store.note_use(&scope, known.account.id, now).await?;
    Ok(Bearer {
        tenant: known.tenant,
        principal: Principal::ServiceAccount(known.account.id),
        roles: Vec::new(),
        grant: known.account.grant(),
    })
}

/// The fields of the form, each of which may appear once.
fn form(body: &[u8]) -> Result<HashMap<String, String>, Refusal> {
    let mut form = HashMap::new();
    for (name, value) in form_urlencoded::parse(body).into_owned() {
        if form.insert(name, value).is_some() {
            return Err(Refusal::InvalidRequest);
        }
    }
    Ok(form)
}

/// Name and secret of HTTP's basic authentication, which OAuth encodes as form values first.
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, Refusal> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let decode = || {
        let value = value.to_str().ok()?;
        let (scheme, encoded) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("basic").then_some(())?;
        let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (name, secret) = text.split_once(':')?;
        Some((decoded(name)?, decoded(secret)?))
    };
    decode().map(Some).ok_or(Refusal::InvalidClient)
}

/// A form value by itself.
fn decoded(text: &str) -> Option<String> {
    // `&` and `=` would begin another value; encoded ones come as `%26` and `%3D`.
    if text.contains(['&', '=']) {
        return None;
    }
    let mut parsed = form_urlencoded::parse(text.as_bytes());
    Some(
        parsed
            .next()
            .map_or_else(String::new, |(name, _)| name.into_owned()),
    )
}
