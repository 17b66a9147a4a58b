//! What only the inside of the crate can do: change the store behind the vault's back.

use kit::config::SecretKeys;
use kit::demo::{TENANT, USER_OWNER};
use kit::testing::Fresh;

use super::*;

struct World {
    vault: Vault,
    store: Store,
    documents: documents::Store,
    scope: Scope,
    now: Timestamp,
    _fresh: Fresh,
}

impl World {
    async fn all() -> Vec<Self> {
        let mut worlds = Vec::new();
        for fresh in Fresh::documents() {
            let documents = documents::Store::open(fresh.url(), "integrations");
            let documents = documents.await.expect("opens");
            let store = Store::open(&documents).await.expect("opens");
            let ring = KeyRing::new(&SecretKeys::generate());
            worlds.push(Self {
                vault: Vault::new(store.clone(), Arc::new(ring)),
                store,
                documents,
                scope: Scope::system(TENANT, "a test"),
                now: "2026-03-15T12:00:00Z".parse().expect("a time"),
                _fresh: fresh,
            });
        }
        worlds
    }

    async fn connection(&self, key: &str) -> Connection {
        let wish = Wish {
            provider: Kind::ServiceKey,
            name: "A service".to_owned(),
            values: Values::from([("key", Secret::new(key.to_owned()))]),
            rotate_by: None,
            by: Principal::User(USER_OWNER),
            call: None,
        };
        match self.vault.create(&self.scope, &wish, self.now).await {
            Ok(Changed::Done(connection)) => *connection,
            other => panic!("not stored: {other:?}"),
        }
    }

    async fn reveal(&self, connection: ConnectionId) -> Result<Revealed, Error> {
        let ask = Ask {
            connection,
            by: Principal::User(USER_OWNER),
            purpose: "a test".to_owned(),
            fields: None,
            request_id: None,
        };
        self.vault.reveal(&self.scope, ask, self.now).await
    }

    async fn outcomes(&self) -> Vec<Outcome> {
        let page = kit::page::PageArgs::forward(None, None).expect("a page");
        let found = self.store.accesses(&self.scope, None, &page).await;
        let found = found.expect("a page").items.into_iter();
        found.map(|(_, access)| access.outcome).collect()
    }
}

#[tokio::test]
async fn a_ciphertext_that_was_moved_is_refused_and_the_attempt_recorded() {
    for world in World::all().await {
        let mine = world.connection("mine").await;
        let theirs = world.connection("theirs").await;
        let moved = Connection {
            version: 2,
            sealed: theirs.sealed,
            ..mine.clone()
        };
        world
            .store
            .replace(&world.scope, &moved)
            .await
            .expect("replaced");
        let refused = world.reveal(mine.id).await;
        assert!(
            matches!(refused, Err(Error::CannotOpen(CannotOpen::Misplaced))),
            "{refused:?}"
        );
        assert_eq!(world.outcomes().await, [Outcome::Failed]);
    }
}

#[tokio::test]
async fn an_old_ciphertext_that_was_put_back_is_refused() {
    for world in World::all().await {
        let first = world.connection("first").await;
        let wish = Wish {
            provider: Kind::ServiceKey,
            name: "A service".to_owned(),
            values: Values::from([("key", Secret::new("second".to_owned()))]),
            rotate_by: None,
            by: Principal::User(USER_OWNER),
            call: None,
        };
        let renewed = world.vault.renew(&world.scope, first.id, 1, &wish).await;
        let Ok(Changed::Done(second)) = renewed else {
            panic!("not renewed: {renewed:?}");
        };
        let put_back = Connection {
            version: 3,
            sealed: first.sealed,
            ..*second
        };
        world
            .store
            .replace(&world.scope, &put_back)
            .await
            .expect("replaced");
        let refused = world.reveal(first.id).await;
        assert!(
            matches!(refused, Err(Error::CannotOpen(CannotOpen::Misplaced))),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn without_a_record_nothing_is_shown() {
    for world in World::all().await {
        let connection = world.connection("secret").await;
        let Some(db) = world.documents.sqlite() else {
            continue;
        };
        db.system("a test breaks the log of accesses")
            .query("ALTER TABLE document_secret_access RENAME TO gone")
            .execute()
            .await
            .expect("renamed");
        let refused = world.reveal(connection.id).await;
        assert!(matches!(refused, Err(Error::Documents(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn what_is_shown_is_on_record() {
    for world in World::all().await {
        let connection = world.connection("secret").await;
        let shown = world.reveal(connection.id).await.expect("shown");
        let Revealed::Values(values, id) = shown else {
            panic!("not shown: {shown:?}");
        };
        assert_eq!(
            values,
            [("key".to_owned(), Secret::new("secret".to_owned()))]
        );
        let access = world.store.access(&world.scope, id).await.expect("answers");
        let access = access.expect("a record");
        assert_eq!(access.outcome, Outcome::Granted);
        assert_eq!(access.fields, ["key"]);
        assert_eq!(access.actor, USER_OWNER.to_string());

        let revoked = world
            .vault
            .revoke(&world.scope, connection.id, world.now)
            .await;
        assert!(matches!(revoked, Ok(Changed::Done(_))), "{revoked:?}");
        let refused = world.reveal(connection.id).await.expect("answers");
        assert_eq!(refused, Revealed::Revoked);
        let mut outcomes = world.outcomes().await;
        outcomes.sort_by_key(|outcome| format!("{outcome:?}"));
        assert_eq!(outcomes, [Outcome::Denied, Outcome::Granted]);
    }
}

#[tokio::test]
async fn no_part_of_a_document_is_the_secret() {
    for world in World::all().await {
        let connection = world.connection("correct horse battery staple").await;
        let stored = world.store.connection(&world.scope, connection.id).await;
        let stored = stored.expect("answers").expect("a connection");
        let text = serde_json::to_string(&stored).expect("JSON");
        assert!(!text.contains("horse"), "{text}");
        assert!(!format!("{stored:?}").contains("gAAAA"));
    }
}
