//! Loads many things with one statement, within one request.
//!
//! A loader belongs to one request, or to one event of a subscription: it is made when that starts
//! and dropped when it ends, so nothing that one viewer loaded is ever shown to another, and no
//! event is shown what an earlier one saw. See
//! [`Builder::per_request`](crate::schema::Builder::per_request).

use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;

use dataloader::BatchFn;
use dataloader::cached;
use futures_util::future::BoxFuture;

use crate::error::{Code, fault, refuse};

/// Keys in one statement. The databases take tens of thousands of parameters, but a plan for more
/// than some hundreds is slower than two statements.
const BATCH_MAX: usize = 500;

/// How often a load gives way to others before it starts its batch. Loads that wait for an earlier
/// batch are let go one by one, so what they ask for next arrives over as many turns as there are
/// of them: a hundred on a full page. A turn costs well under a microsecond, a statement some
/// hundreds of them.
const TURNS: usize = 128;

/// Loads a `V` by its `K`; loads that are asked for at the same time travel together, and the same
/// key is asked once.
pub struct Loader<K, V>(cached::Loader<K, Loaded<V>, Batch<K, V>>)
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static;

/// Nothing there, or the batch failed; the failure was logged once, for all keys.
type Loaded<V> = Result<Option<V>, Failed>;

#[derive(Clone, Copy, Debug)]
struct Failed;

type Load<K, V> =
    Arc<dyn Fn(Vec<K>) -> BoxFuture<'static, Result<HashMap<K, V>, Failed>> + Send + Sync>;

struct Batch<K, V>(Load<K, V>);

impl<K, V> BatchFn<K, Loaded<V>> for Batch<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    async fn load(&mut self, keys: &[K]) -> HashMap<K, Loaded<V>> {
        match (self.0)(keys.to_vec()).await {
            Ok(mut found) => keys
                .iter()
                .map(|key| (key.clone(), Ok(found.remove(key))))
                .collect(),
            Err(failed) => keys.iter().map(|key| (key.clone(), Err(failed))).collect(),
        }
    }
}

impl<K, V> Loader<K, V>
where
    K: Clone + Debug + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// A loader over `load`, which answers with what exists of the keys it is given.
    pub fn new<F, Fut, E>(load: F) -> Self
    where
        F: Fn(Vec<K>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<HashMap<K, V>, E>> + Send + 'static,
        E: StdError + Send + Sync + 'static,
    {
        let load: Load<K, V> = Arc::new(move |keys| {
            let found = load(keys);
            Box::pin(async move {
                found.await.map_err(|error| {
                    // Logs; the error that the client sees is made for each field below.
                    let _ = fault(error);
                    Failed
                })
            })
        });
        let loader = cached::Loader::new(Batch(load));
        Self(
            loader
                .with_max_batch_size(BATCH_MAX)
                .with_yield_count(TURNS),
        )
    }

    /// The thing with this key, or nothing.
    ///
    /// # Errors
    ///
    /// [`Code::Internal`] if the store failed.
    pub async fn load(&self, key: K) -> async_graphql::Result<Option<V>> {
        match self.0.try_load(key).await {
            Ok(Ok(found)) => Ok(found),
            // Every key of a batch gets an answer, so a missing one is a failed batch as well.
            Ok(Err(Failed)) | Err(_) => Err(failed()),
        }
    }

    /// The things with these keys, in their order.
    ///
    /// # Errors
    ///
    /// [`Code::Internal`] if the store failed.
    pub async fn load_many(&self, keys: Vec<K>) -> async_graphql::Result<Vec<Option<V>>> {
        let found = self
            .0
            .try_load_many(keys.clone())
            .await
            .map_err(|_| failed())?;
        keys.iter()
            .map(|key| match found.get(key) {
                Some(Ok(found)) => Ok(found.clone()),
                Some(Err(Failed)) | None => Err(failed()),
            })
            .collect()
    }
}

fn failed() -> async_graphql::Error {
    refuse(Code::Internal, "something went wrong on our side")
}
