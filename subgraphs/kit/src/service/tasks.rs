//! What runs beside the requests: owned, watched, and awaited at the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::health::Health;

/// The tasks of one subgraph. Dropping it aborts them; [`Tasks::shutdown`] lets them finish.
#[derive(Debug, Default)]
pub struct Tasks {
    running: JoinSet<()>,
    stop: CancellationToken,
    broken: Arc<AtomicBool>,
}

impl Tasks {
    /// No tasks yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a task. It gets the token on which to stop, and must not end before that: a task that
    /// does makes the subgraph unready, so that whoever watches it starts it anew.
    pub fn spawn<F, Fut>(&mut self, name: &'static str, task: F)
    where
        F: FnOnce(CancellationToken) -> Fut,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let task = task(self.stop.clone());
        let watch = Watch {
            name,
            stop: self.stop.clone(),
            broken: Arc::clone(&self.broken),
        };
        self.running.spawn(async move {
            let _watch = watch;
            task.await;
        });
    }

    /// Cancelled when the subgraph stops: what streams to clients ends then.
    #[must_use]
    pub fn stop(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Adds to `health` that all tasks still run.
    #[must_use]
    pub fn watched_by(&self, health: Health) -> Health {
        let broken = Arc::clone(&self.broken);
        health.needs("tasks", move || {
            let broken = broken.load(Ordering::Relaxed);
            async move {
                if broken {
                    return Err("a task has ended");
                }
                Ok(())
            }
        })
    }

    /// Asks all tasks to stop and waits for them; those that still run after `deadline` are
    /// aborted.
    pub async fn shutdown(mut self, deadline: Duration) {
        self.stop.cancel();
        let ended = async { while self.running.join_next().await.is_some() {} };
        if tokio::time::timeout(deadline, ended).await.is_err() {
            tracing::warn!(
                tasks = self.running.len(),
                "tasks did not stop in time and were aborted"
            );
            self.running.shutdown().await;
        }
    }
}

/// Notices when its task ends, by a panic too.
struct Watch {
    name: &'static str,
    stop: CancellationToken,
    broken: Arc<AtomicBool>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.stop.is_cancelled() {
            self.broken.store(true, Ordering::Relaxed);
            tracing::error!(task = self.name, "a task ended while the subgraph runs");
        }
    }
}
