//! Rows of `signing_key`.

use kit::sql::Error;
use kit::time::Timestamp;

use super::Store;

/// A key that signs tokens, as it is stored: sealed.
pub(crate) struct SealedKey {
    /// Counts up; the newest signs, all are published.
    pub(crate) generation: i64,
    pub(crate) sealed: String,
}

/// Keys that are published: the one that signs and those whose tokens may still live.
const KEYS_MAX: i64 = 4;

impl Store {
    /// The keys, the newest first.
    pub(crate) async fn signing_keys(&self) -> Result<Vec<SealedKey>, Error> {
        let rows = self
            .db
            .system("keys sign for all tenants")
            .query("SELECT generation, sealed FROM signing_key ORDER BY generation DESC LIMIT $1")
            .bind(KEYS_MAX)
            .all()
            .await?;
        rows.iter()
            .map(|row| {
                Ok(SealedKey {
                    generation: row.get("generation")?,
                    sealed: row.get("sealed")?,
                })
            })
            .collect()
    }

    /// Adds a key, unless another instance has added one of this generation meanwhile.
    pub(crate) async fn add_signing_key(
        &self,
        key: SealedKey,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.db
            .system("keys sign for all tenants")
            .query(
                "INSERT INTO signing_key (generation, sealed, created_at)
                 VALUES ($1, $2, $3)
                 ON CONFLICT DO NOTHING",
            )
            .bind(key.generation)
            .bind(key.sealed)
            .bind(now)
            .execute()
            .await?;
        Ok(())
    }
}
