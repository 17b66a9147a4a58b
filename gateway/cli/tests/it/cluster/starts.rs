//! Two instances of one subgraph that start at the same moment on a store with nothing in it.

use kit::testing::Redis;

use super::{Keys, Subgraphs, fresh};
use crate::world::{free_port, wait_ready};

/// Whatever each of them makes at its first start (tables, keys, the demo), both find it.
#[tokio::test]
async fn every_subgraph_may_start_twice_at_once() {
    let Some(redis) = Redis::new() else { return };
    let subgraphs = Subgraphs {
        keys: Keys::print(),
        origin: "http://127.0.0.1:4000".to_owned(),
        events: redis.url(),
    };
    for name in Subgraphs::NAMES {
        let Some(store) = fresh(name).await else {
            return;
        };
        let both = [free_port(), free_port()].map(|port| subgraphs.start(name, port, &store));
        for mut instance in both {
            wait_ready(&instance.api, &mut instance.process).await;
        }
    }
}
