//! The demo's tenant with one user for each role and a program; and a tenant beside it.

use kit::demo;
use kit::id::{TenantId, UserId};
use kit::sql::Error;
use kit::time::Timestamp;
use kit::viewer::Scope;
use serde_json::json;

use crate::domain::account::{ServiceAccount, Tenant, TenantStatus, User};
use crate::domain::role::Role;
use crate::domain::secret::SecretHash;
use crate::store::Store;

/// The demo's users: one for each role.
const USERS: [(UserId, &str, &str, Role); 7] = [
    (demo::USER_OWNER, "Olga Owens", "olga", Role::Owner),
    (demo::USER_ADMIN, "Adam Adeyemi", "adam", Role::Admin),
    (demo::USER_DEVELOPER, "Dana Dvořák", "dana", Role::Developer),
    (demo::USER_ANALYST, "Anil Anand", "anil", Role::Analyst),
    (demo::USER_SUPPORT, "Sam Sørensen", "sam", Role::Support),
    (demo::USER_BILLING, "Bea Bianchi", "bea", Role::Billing),
    (demo::USER_MEMBER, "Mei Mori", "mei", Role::Member),
];

/// The secret of the demo's program. It is written in the documentation, and opens nothing but the
/// demo.
const SECRET: &str = "demo-meter-secret";

/// The demo's user with a role.
pub(crate) fn user_with(role: Role) -> UserId {
    USERS
        .iter()
        .find(|(_, _, _, of)| *of == role)
        .map(|(id, ..)| *id)
        .expect("the demo has a user for each role")
}

/// Inserts what is not there yet.
pub(crate) async fn insert(store: &Store, now: Timestamp) -> Result<(), Error> {
    let scope = tenant(store, demo::TENANT, "acme", "Acme").await?;
    for (id, display_name, mailbox, role) in USERS {
        let user = User {
            id,
            display_name: display_name.to_owned(),
            email: format!("{mailbox}@acme.example"),
            roles: vec![role],
            created_at: now,
        };
        store.add_user(&scope, &user).await?;
    }
    let meter = ServiceAccount {
        id: demo::SERVICE_ACCOUNT,
        client_id: "demo-meter".to_owned(),
        scopes: ["billing:meter", "billing:read", "customers:read"]
            .map(str::to_owned)
            .into(),
        last_used_at: None,
    };
    let secret = SecretHash::of(SECRET);
    store.add_service_account(&scope, &meter, &secret).await?;

    let other = tenant(store, demo::OTHER_TENANT, "globex", "Globex").await?;
    let stranger = User {
        id: demo::OTHER_USER,
        display_name: "Gus Green".to_owned(),
        email: "gus@globex.example".to_owned(),
        roles: vec![Role::Owner],
        created_at: now,
    };
    store.add_user(&other, &stranger).await?;
    let robot = ServiceAccount {
        id: demo::OTHER_SERVICE_ACCOUNT,
        client_id: "globex-meter".to_owned(),
        scopes: vec!["billing:read".to_owned()],
        last_used_at: None,
    };
    store
        .add_service_account(&other, &robot, &SecretHash::of_nobody())
        .await
}

async fn tenant(store: &Store, id: TenantId, slug: &str, name: &str) -> Result<Scope, Error> {
    let scope = Scope::system(id, "the demo's data");
    let tenant = Tenant {
        id,
        slug: slug.to_owned(),
        name: name.to_owned(),
        status: TenantStatus::Active,
        settings: json!({ "locale": "en" }),
    };
    store.add_tenant(&scope, &tenant).await?;
    Ok(scope)
}
