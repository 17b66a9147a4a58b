//! `identifyCustomer`.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_graphql::{Context, InputObject, Object};
use kit::error::fault;
use kit::error::payload::ConflictError;
use kit::names::name_of;
use kit::scalar::Json;
use kit::time::{Clock, Timestamp};
use kit::viewer::viewer;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::errors::{CustomerError, IdentityConflictError};
use super::payload::CustomerPayload;
use super::query;
use crate::domain::CustomerId;
use crate::domain::identity::{Identity, IdentityKind};
use crate::domain::profile::{BadChange, Change};
use crate::store::{Identified, Identify, NewIdentity, Store};

#[derive(Default)]
pub(crate) struct IdentifyCustomer;

#[derive(Clone, Debug, InputObject)]
struct IdentityInput {
    kind: IdentityKind,
    /// The page, account or number for a platform's ids; a word of the tenant's choice otherwise
    scope: String,
    value: String,
    #[graphql(default)]
    verified: bool,
}

#[derive(Clone, Debug, InputObject)]
struct IdentifyCustomerInput {
    /// One to ten names of one person
    identities: Vec<IdentityInput>,
    /// `displayName`, `email` and `phone` go to the profile, everything else to the attributes
    traits: Option<Json>,
    observed_at: Option<Timestamp>,
    /// Two requests with the same key within a week are one
    idempotency_key: Option<String>,
}

/// Identities of one request: the names that one person has on a tenant's channels.
const IDENTITIES_MAX: usize = 10;

/// The most bytes of an idempotency key; a UUID has 36.
const IDEMPOTENCY_KEY_BYTES_MAX: usize = 128;

/// Who told of identities that a client named.
const SOURCE: &str = "identifyCustomer";

#[Object]
impl IdentifyCustomer {
    /// Says that these identities are one person, who is made if none of them is known
    #[graphql(requires_scopes = "customers:write")]
    async fn identify_customer(
        &self,
        ctx: &Context<'_>,
        input: IdentifyCustomerInput,
    ) -> async_graphql::Result<CustomerPayload> {
        let scope = viewer(ctx)?.scope();
        let now = ctx.data::<Arc<dyn Clock>>()?.now();
        let identify = match checked(input, now) {
            Ok(identify) => identify,
            Err(errors) => return Ok(CustomerPayload::refused(errors)),
        };
        let identified = ctx.data::<Store>()?.identify(&scope, identify).await;
        Ok(match identified.map_err(fault)? {
            Identified::Done { customer, created } => CustomerPayload::done(customer, created),
            Identified::Conflict(existing) => {
                let existing = query::customer(ctx, existing).await?;
                let conflict = IdentityConflictError::new(existing);
                CustomerPayload::refused(vec![CustomerError::IdentityConflict(conflict)])
            }
            Identified::KeyReused => {
                let message = "this key was used for another request";
                let conflict = ConflictError::new(message, &["input", "idempotencyKey"]);
                CustomerPayload::refused(vec![CustomerError::Conflict(conflict)])
            }
            Identified::Bad(bad) => {
                let traits = |bad: BadChange| {
                    let message = format!("{}: {}", bad.member, bad.message);
                    CustomerError::invalid(message, &["input", "traits"])
                };
                CustomerPayload::refused(bad.into_iter().map(traits).collect())
            }
        })
    }
}

/// The input as the store reads it, or everything that is wrong with it.
fn checked(input: IdentifyCustomerInput, now: Timestamp) -> Result<Identify, Vec<CustomerError>> {
    let mut errors = Vec::new();
    let fingerprint = fingerprint(&input);
    if input.identities.is_empty() || input.identities.len() > IDENTITIES_MAX {
        let message = format!("name 1 to {IDENTITIES_MAX} identities");
        errors.push(CustomerError::invalid(message, &["input", "identities"]));
    }
    // One identity named twice is vouched for if either of them is.
    let mut identities: BTreeMap<Identity, bool> = BTreeMap::new();
    for (index, named) in input.identities.iter().take(IDENTITIES_MAX).enumerate() {
        match Identity::new(named.kind, &named.scope, &named.value) {
            Ok(identity) => *identities.entry(identity).or_default() |= named.verified,
            Err(bad) => errors.push(CustomerError::invalid(
                bad.to_string(),
                &["input", "identities", &index.to_string(), bad.member()],
            )),
        }
    }
    let change = Change::of_traits(input.traits.unwrap_or_default().0).map_err(|bad| {
        errors.push(CustomerError::invalid(bad.message, &["input", bad.member]));
    });
    if let Some(key) = &input.idempotency_key
        && (key.is_empty()
            || key.len() > IDEMPOTENCY_KEY_BYTES_MAX
            || !key.bytes().all(|byte| byte.is_ascii_graphic()))
    {
        let message =
            format!("use 1 to {IDEMPOTENCY_KEY_BYTES_MAX} visible ASCII characters without spaces");
        errors.push(CustomerError::invalid(
            message,
            &["input", "idempotencyKey"],
        ));
    }
    match change {
        Ok(change) if errors.is_empty() => Ok(Identify {
            identities: identities
                .into_iter()
                .map(|(identity, verified)| NewIdentity { identity, verified })
                .collect(),
            change,
            // Nobody was seen in the future.
            observed_at: input.observed_at.unwrap_or(now).min(now),
            idempotency: input.idempotency_key.map(|key| (key, fingerprint)),
            new_id: CustomerId::new(now),
            source: SOURCE,
            now,
        }),
        _ => Err(errors),
    }
}

/// A text that is equal for equal requests.
fn fingerprint(input: &IdentifyCustomerInput) -> String {
    let identities: Vec<_> = input
        .identities
        .iter()
        .map(|it| json!([name_of(it.kind), it.scope, it.value, it.verified]))
        .collect();
    let traits = input.traits.as_ref().map(|traits| &traits.0);
    let content = json!([identities, traits, input.observed_at]);
    let digest = Sha256::digest(content.to_string());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
