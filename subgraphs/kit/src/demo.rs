//! The tenant that `tenon dev` shows, with ids that never change, so that the demo data of one
//! subgraph can refer to that of another.

use uuid::Uuid;

use crate::id::{Id, Kind, ServiceAccountId, TenantId, UserId};

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
