//! The demo tenant's connections: three credentials that open nothing, and one record of access.
//!
//! Inserting it again changes nothing.

use kit::demo::{SERVICE_ACCOUNT, TENANT, USER_ADMIN, USER_OWNER};
use kit::id::UserId;
use kit::page::PageArgs;
use kit::time::Timestamp;
use kit::viewer::{Principal, Scope};

use crate::domain::provider::{Kind, Values};
use crate::domain::secret::Secret;
use crate::store::Store;
use crate::vault::{Ask, Changed, Error, Vault, Wish};

/// Inserts what is missing.
///
/// # Errors
///
/// Any [`Error`].
pub(crate) async fn insert(vault: &Vault, store: &Store, now: Timestamp) -> Result<(), Error> {
    let scope = Scope::system(TENANT, "demo data");
    let wishes = [
        wish(
            Kind::Mongodb,
            "Analytics cluster",
            USER_OWNER,
            &[(
                "connectionString",
                "mongodb+srv://demo:not-a-password@cluster0.example.net/analytics",
            )],
        ),
        wish(
            Kind::Telegram,
            "Support bot",
            USER_OWNER,
            &[("botToken", "1234567890:not-a-token-not-a-token")],
        ),
        wish(
            Kind::Meta,
            "WhatsApp business",
            USER_ADMIN,
            &[
                ("appId", "1000000000001"),
                ("appSecret", "not-a-secret"),
                ("accessToken", "not-a-token"),
            ],
        ),
    ];
    for wish in &wishes {
        let made = vault.create(&scope, wish, now).await?;
        if let (Kind::Mongodb, Changed::Done(connection)) = (wish.provider, made) {
            record_access(vault, store, &scope, connection.id, now).await?;
        }
    }
    Ok(())
}

fn wish(provider: Kind, name: &str, owner: UserId, values: &[(&'static str, &str)]) -> Wish {
    let values = values.iter();
    let values = values.map(|&(field, value)| (field, Secret::new(value.to_owned())));
    Wish {
        provider,
        name: name.to_owned(),
        values: values.collect::<Values>(),
        rotate_by: None,
        by: Principal::User(owner),
        call: Some(format!("demo: {name}")),
    }
}

async fn record_access(
    vault: &Vault,
    store: &Store,
    scope: &Scope,
    connection: crate::domain::ConnectionId,
    now: Timestamp,
) -> Result<(), Error> {
    let one = PageArgs {
        limit: 1,
        direction: kit::page::Direction::Forward,
        start: None,
    };
    let known = store.accesses(scope, Some(connection), &one).await?;
    if !known.items.is_empty() {
        return Ok(());
    }
    let ask = Ask {
        connection,
        by: Principal::ServiceAccount(SERVICE_ACCOUNT),
        purpose: "nightly export of usage".to_owned(),
        fields: None,
        request_id: None,
    };
    vault.reveal(scope, ask, now).await?;
    Ok(())
}
