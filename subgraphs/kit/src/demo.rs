//! The tenant that `tenon dev` shows, with ids that never change, so that the demo data of one
//! subgraph can refer to that of another.

use std::error::Error;
use std::time::Duration;

use tokio::time::{Instant, interval_at, sleep};
use uuid::Uuid;

use crate::events::Backing;
use crate::id::{Id, Kind, ServiceAccountId, TenantId, UserId};
use crate::service::OpenError;

/// The tenant that the demo's tokens are for.
pub const TENANT: TenantId = fixed(1);

/// A tenant beside it, whose data nobody in the demo may ever see.
pub const OTHER_TENANT: TenantId = fixed(2);

/// The demo's user with the role `OWNER`.
pub const USER_OWNER: UserId = fixed(1);
/// The demo's user with the role `ADMIN`.
pub const USER_ADMIN: UserId = fixed(2);
/// The demo's user with the role `DEVELOPER`.
pub const USER_DEVELOPER: UserId = fixed(3);
/// The demo's user with the role `ANALYST`.
pub const USER_ANALYST: UserId = fixed(4);
/// The demo's user with the role `SUPPORT`.
pub const USER_SUPPORT: UserId = fixed(5);
/// The demo's user with the role `BILLING`.
pub const USER_BILLING: UserId = fixed(6);
/// The demo's user with the role `MEMBER`.
pub const USER_MEMBER: UserId = fixed(7);
/// A user of the other tenant.
pub const OTHER_USER: UserId = fixed(8);

/// The demo's service account, a program that meters usage.
pub const SERVICE_ACCOUNT: ServiceAccountId = fixed(1);

/// A service account of the other tenant.
pub const OTHER_SERVICE_ACCOUNT: ServiceAccountId = fixed(2);

/// The id of the `number`th thing of its kind in the demo, such as the first app. A subgraph that
/// refers to another's demo data writes `fixed(1)` as well.
#[must_use]
pub const fn fixed<K: Kind>(number: u16) -> Id<K> {
    // A valid UUIDv7 of 1 January 2025, whose random bits are the number.
    const BASE: u128 = 0x0194_1f29_7c00_7000_8000_0000_0000_0000;
    Id::from_uuid(Uuid::from_u128(BASE | number as u128))
}

const FAILED: &str = "the demo cannot be inserted";

/// The lease of the instance that inserts the demo.
const LEASE: &str = "demo";
/// After this, the next instance begins where one that was killed has stopped.
const LEASE_LENGTH: Duration = Duration::from_secs(10);
/// A third of the lease, so that one slow answer does not lose it.
const LEASE_KEPT_EVERY: Duration = Duration::from_secs(3);
/// How often an instance that waits looks whether the lease is free.
const LEASE_POLL: Duration = Duration::from_millis(50);
/// Longer than a killed instance's lease and a few demos: who waits for so long will not get it.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// Waits until no other instance of the subgraph inserts its demo, then runs `insert`, which has to
/// pass over what is there already.
///
/// # Errors
///
/// [`OpenError`] if `insert` fails, the store does not answer, or the others do not end within a
/// minute.
pub async fn insert<E>(
    own: impl Into<Backing>,
    insert: impl Future<Output = Result<(), E>>,
) -> Result<(), OpenError>
where
    E: Error + Send + Sync + 'static,
{
    let storage = own.into().0;
    let waiting_since = Instant::now();
    let token = loop {
        if let Some(token) = storage.take_lease(LEASE, LEASE_LENGTH).await? {
            break token;
        }
        if waiting_since.elapsed() > WAIT_MAX {
            let why = "another instance has been inserting it for a minute";
            return Err(OpenError::new(FAILED, why));
        }
        sleep(LEASE_POLL).await;
    };
    // Side by side: what inserts may hold the only writer, and keeping the lease waits for it. A
    // lease that cannot be kept harms nobody, since the next one passes over what is there.
    let keeping = async {
        let mut ticks = interval_at(Instant::now() + LEASE_KEPT_EVERY, LEASE_KEPT_EVERY);
        loop {
            ticks.tick().await;
            if let Err(error) = storage.keep_lease(LEASE, token, LEASE_LENGTH).await {
                tracing::debug!(%error, "could not keep the lease of the demo");
            }
        }
    };
    let inserted = tokio::select! {
        inserted = insert => inserted,
        never = keeping => never,
    };
    storage.keep_lease(LEASE, token, Duration::ZERO).await?;
    inserted.map_err(|error| OpenError::new(FAILED, error))
}
