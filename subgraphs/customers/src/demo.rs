//! What `tenon dev` shows: the customers who wrote to the demo's app. Inserting them again changes
//! nothing.

use kit::demo::{TENANT, fixed};
use kit::time::Timestamp;
use kit::viewer::Scope;
use serde_json::json;

use crate::domain::identity::{Identity, IdentityKind};
use crate::domain::profile::Change;
use crate::store::{Error, Identified, Identify, NewIdentity, Store};

/// The page that the demo's senders write to; apps' demo has the same.
const PAGE: &str = "100000000000001";

/// Name, id on the page, address.
///
/// Each has an account in billing's demo.
const CUSTOMERS: [(&str, &str, &str); 3] = [
    ("Ada Lovelace", "7000000000000001", "ada@example.com"),
    ("Grace Hopper", "7000000000000002", "grace@example.com"),
    ("Alan Turing", "7000000000000003", "alan@example.com"),
];

pub(crate) async fn insert(store: &Store, now: Timestamp) -> Result<(), Error> {
    let scope = Scope::system(TENANT, "demo data");
    for (number, (name, psid, email)) in (1..).zip(CUSTOMERS) {
        let identity = |kind, scope, value| NewIdentity {
            identity: Identity::new(kind, scope, value).expect("an identity"),
            verified: true,
        };
        let psid = identity(IdentityKind::FacebookPsid, PAGE, psid);
        let known = store
            .owners(&scope, std::slice::from_ref(&psid.identity))
            .await?;
        if !known.is_empty() {
            continue;
        }
        let traits = json!({ "displayName": name, "email": email, "plan": "gold" });
        let identify = Identify {
            identities: vec![psid, identity(IdentityKind::Email, "tenant", email)],
            change: Change::of_traits(traits).expect("traits"),
            observed_at: now,
            idempotency: None,
            new_id: fixed(number),
            source: "demo",
            now,
        };
        let identified = store.identify(&scope, identify).await?;
        debug_assert!(
            matches!(identified, Identified::Done { .. }),
            "the demo's customers are valid: {identified:?}"
        );
    }
    Ok(())
}
