//! The one place where credentials are sealed, opened and thrown away.
//!
//! What must never happen: a credential that is shown without a record of it. The record is durable
//! before the answer exists; if it cannot be written, nothing is shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use kit::documents;
use kit::id::UserId;
use kit::time::Timestamp;
use kit::viewer::{Principal, Scope};

use crate::domain::access::{Access, Outcome};
use crate::domain::connection::{Connection, Renewal, Status, Token};
use crate::domain::provider::{Kind, Values};
use crate::domain::secret::Secret;
use crate::domain::{AccessId, ConnectionId};
use crate::seal::{CannotOpen, KeyRing, Place};
use crate::store::Store;

/// Credentials, sealed in the store.
#[derive(Clone)]
pub(crate) struct Vault {
    store: Store,
    ring: Arc<KeyRing>,
}

/// Why the vault could not do what was asked; none of it is the client's doing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The store failed.
    #[error("the store of credentials failed")]
    Documents(#[from] documents::Error),
    /// A stored credential was changed or moved.
    #[error("a stored credential cannot be used")]
    CannotOpen(#[from] CannotOpen),
}

/// A wish to store a credential that was checked.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) provider: Kind,
    pub(crate) name: String,
    pub(crate) values: Values,
    pub(crate) rotate_by: Option<Timestamp>,
    pub(crate) by: Principal,
    /// The client's name for the call.
    pub(crate) call: Option<String>,
}

/// What became of a wish to change a connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Changed {
    /// It is so now.
    Done(Box<Connection>),
    /// The viewer has no such connection.
    Unknown,
    /// The client has read another version; this is the present one.
    Conflict(i64),
    /// Its credential is gone for ever.
    Revoked,
    /// It is for another provider.
    OtherProvider,
    /// The call's name was used for another wish.
    CallReused,
}

/// A wish to see a credential.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) connection: ConnectionId,
    pub(crate) by: Principal,
    pub(crate) purpose: String,
    /// Which parts; all if nothing is said.
    pub(crate) fields: Option<Vec<String>>,
    pub(crate) request_id: Option<String>,
}

/// What became of an [`Ask`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Revealed {
    /// The values, and the record that they were shown.
    Values(Vec<(String, Secret)>, AccessId),
    /// The viewer has no such connection.
    Unknown,
    /// The credential has no such part.
    NoSuchField(String),
    /// There is no credential any more.
    Revoked,
}

/// How often a change that needs no version is tried against others at the same time.
const TRIES_MAX: usize = 8;

impl Vault {
    pub(crate) const fn new(store: Store, ring: Arc<KeyRing>) -> Self {
        Self { store, ring }
    }

    /// Makes a connection. A call that is repeated finds what it has made.
    pub(crate) async fn create(
        &self,
        scope: &Scope,
        wish: &Wish,
        now: Timestamp,
    ) -> Result<Changed, Error> {
        let id = ConnectionId::new(now);
        let owner = owner(wish.by);
        let connection = Connection {
            id,
            tenant: scope.tenant(),
            version: 1,
            name: wish.name.clone(),
            provider: wish.provider,
            owner,
            status: Status::Active,
            hint: wish.provider.provider().hint(&wish.values),
            sealed: self.seal(scope, id, 1, &wish.values),
            sealed_version: 1,
            key: self.ring.primary().to_owned(),
            key_version: 1,
            created_at: now,
            rotate_by: wish.rotate_by,
            created_by_call: wish.call.clone(),
            calls: Vec::new(),
        };
        match (self.store.insert(scope, &connection).await, &wish.call) {
            (Ok(()), _) => Ok(Changed::Done(Box::new(connection))),
            (Err(documents::Error::Unique { .. }), Some(call)) => {
                self.made_before(scope, wish, call).await
            }
            (Err(error), _) => Err(error.into()),
        }
    }

    /// Gives a connection a new credential.
    pub(crate) async fn renew(
        &self,
        scope: &Scope,
        id: ConnectionId,
        expected_version: i64,
        wish: &Wish,
    ) -> Result<Changed, Error> {
        let Some(read) = self.store.connection(scope, id).await? else {
            return Ok(Changed::Unknown);
        };
        if read.has_call(wish.call.as_deref()) {
            return Ok(Changed::Done(Box::new(read)));
        }
        if read.status == Status::Revoked {
            return Ok(Changed::Revoked);
        }
        if read.provider != wish.provider {
            return Ok(Changed::OtherProvider);
        }
        if read.version != expected_version {
            return Ok(Changed::Conflict(read.version));
        }
        let renewed = read.renewed(Renewal {
            name: wish.name.clone(),
            hint: wish.provider.provider().hint(&wish.values),
            sealed: self.seal(scope, id, read.version + 1, &wish.values),
            key: self.ring.primary().to_owned(),
            rotate_by: wish.rotate_by,
            call: wish.call.clone(),
        });
        match self.store.replace(scope, &renewed).await {
            Ok(()) => Ok(Changed::Done(Box::new(renewed))),
            Err(documents::Error::Conflict) => {
                // Somebody was faster: perhaps the same call, sent twice at once.
                Ok(match self.store.connection(scope, id).await? {
                    None => Changed::Unknown,
                    Some(now) if now.has_call(wish.call.as_deref()) => Changed::Done(Box::new(now)),
                    Some(now) => Changed::Conflict(now.version),
                })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Throws a credential away. Doing it again changes nothing.
    pub(crate) async fn revoke(
        &self,
        scope: &Scope,
        id: ConnectionId,
        now: Timestamp,
    ) -> Result<Changed, Error> {
        let mut version = 0;
        for _ in 0..TRIES_MAX {
            let Some(read) = self.store.connection(scope, id).await? else {
                return Ok(Changed::Unknown);
            };
            if read.status == Status::Revoked {
                return Ok(Changed::Done(Box::new(read)));
            }
            version = read.version;
            let revoked = read.revoked();
            match self.store.replace_status(scope, &revoked, now).await {
                Ok(()) => return Ok(Changed::Done(Box::new(revoked))),
                Err(documents::Error::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Changed::Conflict(version))
    }

    /// Shows a credential, after it was recorded that it is shown.
    ///
    /// # Errors
    ///
    /// [`Error::CannotOpen`] if the stored credential was changed or moved, which is recorded too;
    /// [`Error::Documents`] if the record cannot be written. Nothing is shown then.
    pub(crate) async fn reveal(
        &self,
        scope: &Scope,
        ask: Ask,
        now: Timestamp,
    ) -> Result<Revealed, Error> {
        let Some(connection) = self.store.connection(scope, ask.connection).await? else {
            return Ok(Revealed::Unknown);
        };
        let wanted = match ask.fields {
            Some(fields) => fields,
            None => connection.sealed.keys().cloned().collect(),
        };
        let is_revoked = connection.status == Status::Revoked;
        let missing = wanted
            .iter()
            .find(|name| !connection.sealed.contains_key(*name));
        if let (false, Some(missing)) = (is_revoked, missing) {
            return Ok(Revealed::NoSuchField(missing.clone()));
        }
        let opened = if is_revoked {
            Ok(Vec::new())
        } else {
            self.open(&connection, &wanted)
        };
        let access = Access {
            id: AccessId::new(now),
            tenant: scope.tenant(),
            connection: connection.id,
            at: now,
            actor: ask.by.to_string(),
            purpose: ask.purpose,
            fields: wanted,
            outcome: match &opened {
                _ if is_revoked => Outcome::Denied,
                Ok(_) => Outcome::Granted,
                Err(_) => Outcome::Failed,
            },
            request_id: ask.request_id,
        };
        // INVARIANT: before anything is shown its record is durable.
        self.store.record(scope, &access).await?;
        if is_revoked {
            return Ok(Revealed::Revoked);
        }
        Ok(Revealed::Values(opened?, access.id))
    }

    fn seal(
        &self,
        scope: &Scope,
        connection: ConnectionId,
        version: i64,
        values: &Values,
    ) -> BTreeMap<String, Token> {
        let place = |field| Place {
            tenant: scope.tenant(),
            connection,
            field,
            version,
        };
        values
            .iter()
            .map(|(&field, value)| (field.to_owned(), self.ring.seal(place(field), value)))
            .collect()
    }

    fn open(
        &self,
        connection: &Connection,
        fields: &[String],
    ) -> Result<Vec<(String, Secret)>, CannotOpen> {
        let sealed = fields
            .iter()
            .filter_map(|field| Some((field, connection.sealed.get(field)?)));
        sealed
            .map(|(field, token)| {
                let place = Place {
                    tenant: connection.tenant,
                    connection: connection.id,
                    field,
                    version: connection.sealed_version,
                };
                Ok((field.clone(), self.ring.open(place, token)?))
            })
            .collect()
    }

    /// What a call of this name has made, if it wished for the same.
    async fn made_before(&self, scope: &Scope, wish: &Wish, call: &str) -> Result<Changed, Error> {
        let Some(made) = self.store.connection_of_call(scope, call).await? else {
            return Ok(Changed::CallReused);
        };
        let is_same = if made.version == 1 {
            let fields: Vec<_> = made.sealed.keys().cloned().collect();
            let stored = self.open(&made, &fields)?;
            let wished = wish.values.iter();
            let wished = wished.map(|(&field, value)| (field.to_owned(), value.clone()));
            made.name == wish.name
                && made.rotate_by == wish.rotate_by
                && stored.into_iter().eq(wished)
        } else {
            // It has changed since; what was wished for is gone.
            true
        };
        Ok(
            if is_same && made.provider == wish.provider && made.owner == owner(wish.by) {
                Changed::Done(Box::new(made))
            } else {
                Changed::CallReused
            },
        )
    }
}

const fn owner(by: Principal) -> Option<UserId> {
    match by {
        Principal::User(id) => Some(id),
        Principal::ServiceAccount(_) => None,
    }
}

#[cfg(test)]
mod tests;
