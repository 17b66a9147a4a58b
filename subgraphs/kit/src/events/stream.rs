//! A log on Redis Streams, for readers in other processes.
//!
//! One stream for each log; the entry of the event at position `p` has the id `p-0`. Entries are
//! only ever added right behind the last one, by a script that Redis runs as one step, so a stream
//! has no holes: it is a suffix of the log, cut to a length. The log itself stays in the subgraph's
//! own store; a stream that was emptied, cut or restored is filled again from there.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::streams::{StreamRangeReply, StreamReadReply};
use redis::{AsyncConnectionConfig, FromRedisValue as _};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{Batch, Error, Event, Glance, Log, Storage, Wanted};
use crate::error::chain;
use crate::id::TenantId;
use crate::time::Timestamp;

/// Entries kept in a stream. A consumer that was away for longer than this many events finds a
/// hole, which it reports; at a few hundred bytes each a stream stays below 100 MB.
const LENGTH_MAX: u64 = 100_000;

/// Entries added by one script, which holds up every other client of Redis for its time.
const CHUNK: u32 = 128;

/// Chunks in one round of the dispatcher; the next round goes on.
const CHUNKS_MAX: usize = 64;

/// Redis answers in well under a millisecond.
const TIMEOUT: Duration = Duration::from_secs(5);

/// How long a reader waits in Redis before it asks again, less than [`TIMEOUT`].
const BLOCK: Duration = Duration::from_secs(2);

/// Adds entries behind the last one, if that is the expected one, and returns the last.
///
/// `KEYS[1]` the stream; `ARGV` the expected last position, the first position if the stream may
/// be begun anew (else 0), the length to keep, then for each entry its position and five fields.
const APPEND: &str = r"
local entries = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local last = 0
if #entries > 0 then last = tonumber(string.match(entries[1][1], '^(%d+)')) end
local first = tonumber(ARGV[2])
if first > 0 then
  redis.call('DEL', KEYS[1])
elseif last ~= tonumber(ARGV[1]) then
  return last
end
for i = 4, #ARGV, 6 do
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], ARGV[i] .. '-0',
    'tenant', ARGV[i + 1], 'topic', ARGV[i + 2], 'key', ARGV[i + 3],
    'payload', ARGV[i + 4], 'at', ARGV[i + 5])
  last = tonumber(ARGV[i])
end
return last
";

/// One log's stream and a connection to it, made when it is needed.
pub(super) struct Stream {
    client: redis::Client,
    key: String,
    connection: Option<MultiplexedConnection>,
}

impl Stream {
    pub(super) fn new(client: redis::Client, namespace: &str, log: &str) -> Self {
        Self {
            client,
            key: format!("{namespace}:events:{log}"),
            connection: None,
        }
    }

    /// Runs a command; after a failure the next one connects anew.
    async fn ask<T: redis::FromRedisValue>(&mut self, command: &redis::Cmd) -> Result<T, Error> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                let config = AsyncConnectionConfig::new()
                    .set_connection_timeout(Some(TIMEOUT))
                    .set_response_timeout(Some(TIMEOUT));
                self.client
                    .get_multiplexed_async_connection_with_config(&config)
                    .await?
            }
        };
        let answer = command.query_async(&mut connection).await?;
        self.connection = Some(connection);
        Ok(answer)
    }

    /// The last position in the stream; 0 if it is empty.
    async fn last(&mut self) -> Result<u64, Error> {
        let mut command = redis::cmd("XREVRANGE");
        command.arg(&self.key).arg("+").arg("-").arg("COUNT").arg(1);
        let entries: StreamRangeReply = self.ask(&command).await?;
        Ok(entries.ids.first().map_or(0, |entry| position(&entry.id)))
    }

    /// The next entries behind `after`, as soon as there are any; none after [`BLOCK`].
    pub(super) async fn read(
        &mut self,
        log: &'static str,
        wanted: &Wanted,
        after: u64,
        limit: u32,
    ) -> Result<Batch, Error> {
        let mut command = redis::cmd("XREAD");
        command
            .arg("COUNT")
            .arg(limit)
            .arg("BLOCK")
            .arg(BLOCK.as_secs() * 1_000)
            .arg("STREAMS")
            .arg(&self.key)
            .arg(format!("{after}-0"));
        let reply: Option<StreamReadReply> = self.ask(&command).await?;
        let streams = reply.map(|reply| reply.keys).unwrap_or_default();
        let mut batch = Batch::nothing(after);
        for entry in streams.into_iter().flat_map(|stream| stream.ids) {
            let at = position(&entry.id);
            if batch.upto == after {
                // The stream has no holes, so what is missing before its first entry was cut.
                batch.floor = at.saturating_sub(1);
            }
            batch.upto = at;
            let event = event(log, at, &entry.map)?;
            if wanted.topics.is_empty() || wanted.topics.contains(&event.topic.as_str()) {
                batch.events.push(event);
            }
        }
        batch.head = batch.upto;
        Ok(batch)
    }
}

/// The longest pause after failures in a row.
const PAUSE_MAX: Duration = Duration::from_secs(2);

/// How often a stream is looked at while nothing happens, so that one which was emptied is filled.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Keeps a stream level with its log.
pub(super) struct Publisher {
    stream: Stream,
    /// The last position in the stream as far as this publisher knows, and when it looked.
    last: Option<(u64, Instant)>,
    length_max: u64,
}

impl Publisher {
    pub(super) const fn new(stream: Stream) -> Self {
        Self {
            stream,
            last: None,
            length_max: LENGTH_MAX,
        }
    }

    /// Follows the log until `stop`, while this process leads.
    ///
    /// Two publishers do no harm, since each adds only right behind the last entry; one is enough.
    pub(super) async fn run(mut self, log: &Log, leads: &AtomicBool, stop: &CancellationToken) {
        let mut failures: u32 = 0;
        loop {
            let head = log.seen();
            let mut pause = Duration::ZERO;
            if leads.load(Ordering::Relaxed) {
                let brought = tokio::select! {
                    biased;
                    () = stop.cancelled() => return,
                    brought = self.bring_to(log.storage(), head) => brought,
                };
                if let Err(error) = brought {
                    if failures == 0 {
                        let (log, error) = (log.name(), chain(&error));
                        tracing::error!(log, error, "events wait for the bus");
                    }
                    failures = failures.saturating_add(1);
                    pause = PAUSE_MAX.min(Duration::from_millis(50) * 2_u32.pow(failures.min(6)));
                } else if failures > 0 {
                    tracing::info!(log = log.name(), "the bus carries events again");
                    failures = 0;
                }
            } else {
                self.last = None;
            }
            let woken = async {
                sleep(pause).await;
                // In time, also when the lease or the stream was lost and nothing new happens.
                let _ = timeout(LOOK_EVERY, log.grown(head)).await;
            };
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = woken => {}
            }
        }
    }

    /// Adds what the log has and the stream has not, at least up to `seen`.
    async fn bring_to(&mut self, log: &dyn Storage, seen: u64) -> Result<(), Error> {
        let known = self.last.take();
        let mut last = match known {
            Some((last, looked_at)) if looked_at.elapsed() < LOOK_EVERY => {
                if last == seen {
                    self.last = known;
                    return Ok(());
                }
                last
            }
            _ => self.stream.last().await?,
        };
        let everything = Wanted {
            tenant: None,
            topics: &[],
            key: None,
        };
        for _ in 0..CHUNKS_MAX {
            // The stream may be ahead of what was seen, since the log goes on meanwhile: never of the
            // log's head, if that is looked up after the stream's end.
            let Glance { head, floor, .. } = log.glance().await?;
            if last == head {
                break;
            }
            // The stream is empty, cut off from what the log still has, or of another log's life.
            let anew = last == 0 || last < floor || last > head;
            let after = if anew {
                floor.max(head.saturating_sub(self.length_max))
            } else {
                last
            };
            let batch = log.read(&everything, after, CHUNK).await?;
            let Some(first) = batch.events.first() else {
                break;
            };
            if anew && last != 0 {
                tracing::warn!(stream = self.stream.key, last, head, "begins a stream anew");
            }
            let mut command = redis::cmd("EVAL");
            command
                .arg(APPEND)
                .arg(1)
                .arg(&self.stream.key)
                .arg(after)
                .arg(if anew { first.position } else { 0 })
                .arg(self.length_max);
            for event in &batch.events {
                command
                    .arg(event.position)
                    .arg(event.tenant.to_string())
                    .arg(&event.topic)
                    .arg(&event.key)
                    .arg(event.payload.to_string())
                    .arg(event.at.as_micros());
            }
            last = self.stream.ask(&command).await?;
        }
        self.last = Some((last, Instant::now()));
        Ok(())
    }
}

/// The position in an entry's id `{position}-0`.
fn position(id: &str) -> u64 {
    id.split_once('-')
        .and_then(|(position, _)| position.parse().ok())
        .unwrap_or(0)
}

fn event(
    log: &'static str,
    position: u64,
    fields: &HashMap<String, redis::Value>,
) -> Result<Event, Error> {
    let corrupt = || Error::Corrupt { position };
    let text = |name: &str| {
        let value = fields.get(name).ok_or_else(corrupt)?;
        String::from_redis_value_ref(value).map_err(|_| corrupt())
    };
    let at: i64 = text("at")?.parse().map_err(|_| corrupt())?;
    Ok(Event {
        log,
        position,
        tenant: TenantId::parse(&text("tenant")?).ok_or_else(corrupt)?,
        topic: text("topic")?,
        key: text("key")?,
        payload: serde_json::from_str(&text("payload")?).map_err(|_| corrupt())?,
        at: Timestamp::from_micros(at).map_err(|_| corrupt())?,
    })
}
