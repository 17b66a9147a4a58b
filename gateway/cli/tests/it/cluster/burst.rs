//! Webhooks while an instance dies, and Redis with all that is in it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use http::StatusCode;
use serde_json::{Value, json};

use super::listener::Listener;
use super::{Cluster, eventually};
use crate::clients;
use crate::meta::{Message, Page};
use crate::world::Api;

/// Bodies of two messages each.
const POSTS: usize = 150;

/// Posts at a time, as a platform that catches up.
const AT_ONCE: usize = 8;

/// Posts until the instance is killed.
const KILLED_AFTER: usize = 50;

/// Posts until Redis is lost.
const REDIS_LOST_AFTER: usize = 100;

/// People who write, each again and again.
const SENDERS: usize = 40;

/// A body that is not taken so often will never be, and a subscription not be served.
const TRIES_MAX: u32 = 50;

/// Between two tries of one body. Platforms wait much longer.
const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// The two messages of a post, as (message, sender).
fn post(number: usize) -> [(String, String); 2] {
    [0, 1].map(|half| {
        let nth = number * 2 + half;
        (format!("burst-{nth}"), format!("sender-{}", nth % SENDERS))
    })
}

fn all_messages() -> BTreeSet<String> {
    (0..POSTS).flat_map(post).map(|(mid, _)| mid).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_survives_an_instance_of_apps_and_the_loss_of_redis() {
    if !clients::installed() {
        return;
    }
    let Some(mut cluster) = Cluster::start().await else {
        return;
    };
    let api = cluster.api.clone();
    let token = api.token("OWNER").await;
    let page = Page::open(&api, &token, "200000000000002").await;

    // Nobody else comes this way now: the next connection is the gateway's for the listener.
    let connections = cluster.apps_balancer.count();
    let listener = Listener::resume("ws", &cluster.gateways[0].api, &token, &page, None);
    let serving = cluster.apps_balancer.led(connections).await;
    let listener = listener.until_heard(&page).await;

    let taken = AtomicUsize::new(0);
    let burst = stream::iter(0..POSTS).for_each_concurrent(AT_ONCE, async |number| {
        deliver(&page, number).await;
        taken.fetch_add(1, Ordering::Relaxed);
    });
    let reached = |posts: usize| {
        let taken = &taken;
        eventually("a part of the burst is taken", async move || {
            (taken.load(Ordering::Relaxed) >= posts).then_some(())
        })
    };
    let breaking = async {
        reached(KILLED_AFTER).await;
        let mut apps = cluster.apps.iter_mut();
        let instance = apps.find(|instance| instance.port == serving);
        instance
            .expect("apps is behind its balancer")
            .process
            .kill();
        reached(REDIS_LOST_AFTER).await;
        cluster.redis.stop();
        cluster.redis.start();
    };
    let hearing = hear_all(listener, &api, &token, &page);
    let ((), (), heard) = tokio::join!(burst, breaking, hearing);

    let mut stored = stored(&api, &token, &page).await;
    stored.retain(|mid| mid.starts_with("burst"));
    assert_eq!(stored.len(), POSTS * 2, "each is stored once");
    assert_eq!(stored.into_iter().collect::<BTreeSet<_>>(), all_messages());
    assert_eq!(heard.len(), POSTS * 2, "each is heard once");
    assert_eq!(heard.into_iter().collect::<BTreeSet<_>>(), all_messages());
    everybody_is_a_customer(&api, &token, &page).await;
}

/// Sends a post until it is taken, as Meta does.
async fn deliver(page: &Page, number: usize) {
    let [first, second] = post(number);
    let messages = [&first, &second].map(|(mid, sender)| Message { mid, sender });
    for _ in 0..TRIES_MAX {
        match page.try_deliver(&messages).await {
            Ok(StatusCode::OK) => return,
            Ok(status) => assert!(status.is_server_error(), "refused with {status}"),
            Err(_) => {}
        }
        tokio::time::sleep(RETRY_PAUSE).await;
    }
    panic!("post {number} is never taken")
}

/// Hears the burst, resuming where the subscription broke.
async fn hear_all(mut listener: Listener, api: &Api, token: &str, page: &Page) -> Vec<String> {
    let mut heard = Vec::new();
    let mut cursor = None;
    let mut broken = 0;
    while heard.len() < POSTS * 2 {
        let Some(edge) = listener.next().await else {
            broken += 1;
            assert!(broken < TRIES_MAX, "nobody serves the subscription");
            listener = Listener::resume("sse", api, token, page, cursor.as_deref());
            continue;
        };
        cursor = edge["cursor"].as_str().map(str::to_owned);
        let mid = edge["node"]["message"]["externalId"]
            .as_str()
            .expect("a message");
        if mid.starts_with("burst") {
            heard.push(mid.to_owned());
        }
    }
    assert!(
        broken > 0,
        "the instance that served the subscription was killed"
    );
    heard
}

/// The messages of all stored events.
async fn stored(api: &Api, token: &str, page: &Page) -> Vec<String> {
    const QUERY: &str = "query($app: ID, $after: String) {
        webhookEvents(first: 100, after: $after, filter: { appId: $app }) {
            edges { node { message { externalId } } }
            pageInfo { hasNextPage endCursor }
        }
    }";
    let mut stored = Vec::new();
    let mut after = Value::Null;
    loop {
        let variables = json!({ "app": page.app, "after": after });
        let data = api.data(token, QUERY, variables).await;
        let events = &data["webhookEvents"];
        let edges = events["edges"].as_array().expect("edges");
        let mids = edges
            .iter()
            .map(|edge| &edge["node"]["message"]["externalId"]);
        stored.extend(mids.map(|mid| mid.as_str().expect("a message").to_owned()));
        if events["pageInfo"]["hasNextPage"] == false {
            return stored;
        }
        after = events["pageInfo"]["endCursor"].clone();
    }
}

/// Customers hears of the events over Redis, whoever published them.
async fn everybody_is_a_customer(api: &Api, token: &str, page: &Page) {
    let fields = (0..SENDERS).map(|number| {
        format!("s{number}: customerByIdentity(kind: FACEBOOK_PSID, scope: \"{}\", value: \"sender-{number}\") {{ id }}\n", page.id)
    });
    let query = format!("{{ {} }}", fields.collect::<String>());
    eventually("everybody is a customer", async || {
        let data = api.data(token, &query, json!({})).await;
        let found = data.as_object().expect("an object");
        let ids: BTreeSet<_> = found
            .values()
            .filter_map(|one| one["id"].as_str())
            .collect();
        (ids.len() == SENDERS).then_some(())
    })
    .await;
}
