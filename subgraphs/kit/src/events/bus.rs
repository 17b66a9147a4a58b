//! How one subgraph reads the events of another.
//!
//! In one process a registry of logs; between processes Redis Streams. Which of the two is the only
//! difference: positions, order and guarantees are the same.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;

use super::consumer::{Consumer, Handle, Source};
use super::stream::{Publisher, Stream};
use super::{Backing, Dispatcher, Error, Log};

/// Carries the events of all subgraphs. Cloning it shares the bus.
#[derive(Clone)]
pub struct Bus(Way);

#[derive(Clone)]
enum Way {
    InProcess(Arc<watch::Sender<BTreeMap<&'static str, Log>>>),
    Redis(Arc<Redis>),
}

struct Redis {
    client: redis::Client,
    /// What the keys of this installation begin with.
    namespace: String,
}

impl Redis {
    fn stream(&self, log: &str) -> Stream {
        Stream::new(self.client.clone(), &self.namespace, log)
    }
}

impl Bus {
    /// The bus of one process that holds all subgraphs.
    #[must_use]
    pub fn in_process() -> Self {
        Self(Way::InProcess(Arc::default()))
    }

    /// The bus between processes, over one Redis. Nothing is connected yet: events are delayed
    /// while Redis is down, and none is lost.
    ///
    /// # Errors
    ///
    /// [`Error::Redis`] if the text is no URL of a Redis server.
    pub fn redis(url: &str) -> Result<Self, Error> {
        Self::redis_in(url, "tenon")
    }

    /// Like [`redis`](Self::redis), for an installation that shares its Redis with others: all keys
    /// begin with `namespace`.
    ///
    /// # Errors
    ///
    /// [`Error::Redis`] if the text is no URL of a Redis server.
    pub fn redis_in(url: &str, namespace: &str) -> Result<Self, Error> {
        Ok(Self(Way::Redis(Arc::new(Redis {
            client: redis::Client::open(url)?,
            namespace: namespace.to_owned(),
        }))))
    }

    /// Puts a subgraph's log on the bus and returns the dispatcher that publishes it, to be run as
    /// a task of the subgraph.
    pub fn register(&self, log: &Log) -> Dispatcher {
        let publisher = match &self.0 {
            Way::InProcess(logs) => {
                logs.send_modify(|logs| {
                    logs.insert(log.name(), log.clone());
                });
                None
            }
            Way::Redis(redis) => Some(Publisher::new(redis.stream(log.name()))),
        };
        Dispatcher::new(log.clone(), publisher)
    }

    /// Reads the events of `log` with some `topics` (all if empty), from the oldest that is kept
    /// on, and hands each to `handle`: in order, at least once. The position is kept in the
    /// reader's `own` store under `name`, after the event was handled.
    ///
    /// Of several instances of the reader one works at a time. The returned consumer is to be run
    /// as a task of the subgraph.
    pub fn consume(
        &self,
        log: &'static str,
        topics: &'static [&'static str],
        name: &'static str,
        own: impl Into<Backing>,
        handle: impl Handle,
    ) -> Consumer {
        let source = match &self.0 {
            Way::InProcess(logs) => Source::Log(logs.subscribe()),
            Way::Redis(redis) => Source::Stream(Box::new(redis.stream(log))),
        };
        Consumer::new(log, topics, name, own.into(), source, Box::new(handle))
    }
}

/// Shows no URL, which may hold a password.
impl fmt::Debug for Bus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Way::InProcess(_) => "Bus(in process)",
            Way::Redis(_) => "Bus(redis)",
        })
    }
}
