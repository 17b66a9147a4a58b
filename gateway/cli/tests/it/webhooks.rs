//! Webhooks, from Meta's POST to the subscribers' screens, over crashes.

use std::collections::BTreeSet;
use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::clients::{self, Client};
use crate::meta::{Message, Page, sign};
use crate::world::{Api, Dev};

const RECEIVED: &str = "subscription($app: ID!, $after: String) {
    webhookReceived(appId: $app, after: $after) {
        cursor
        node {
            id
            message { externalId text }
            customer { id identities { kind scope value } }
        }
    }
}";

/// Transports and how to name them to the clients' script.
const TRANSPORTS: [&str; 2] = ["ws", "sse"];

fn subscribe(transport: &str, api: &Api, token: &str, app: &str, after: Option<&str>) -> Client {
    let url = format!("{}/graphql", api.base);
    let variables = json!({ "app": app, "after": after }).to_string();
    Client::start(
        "subscribe.mjs",
        &[transport, &url, token, RECEIVED, &variables],
    )
}

/// The edge in a result, which must have no errors.
fn edge(result: &Value) -> &Value {
    assert_eq!(result.get("errors"), None, "{result:#}");
    &result["data"]["webhookReceived"]
}

fn mid(edge: &Value) -> &str {
    edge["node"]["message"]["externalId"]
        .as_str()
        .expect("a message")
}

/// The next event, behind the line that says that the connection stands.
async fn next(client: &mut Client) -> Value {
    loop {
        let line = client.next().await;
        if line.get("ready").is_none() {
            return edge(&line).clone();
        }
    }
}

/// All edges up to that of the message `last`.
async fn until(client: &mut Client, last: &str) -> Vec<Value> {
    let mut edges = Vec::new();
    loop {
        let edge = next(client).await;
        let is_last = mid(&edge) == last;
        edges.push(edge);
        if is_last {
            return edges;
        }
    }
}

fn mids(edges: &[Value]) -> Vec<&str> {
    edges.iter().map(mid).collect()
}

/// A cursor behind which nothing has happened yet. There is none before the first event, and a
/// client cannot tell when its subscription stands: so events are sent until one is seen.
async fn cursor(api: &Api, token: &str, page: &Page) -> String {
    let mut client = subscribe("ws", api, token, &page.app, None);
    let mut sent = Vec::new();
    let first = loop {
        let probe = format!("probe-{}", sent.len());
        page.deliver(&[Message {
            mid: &probe,
            sender: "prober",
        }])
        .await;
        sent.push(probe);
        if let Ok(first) = tokio::time::timeout(Duration::from_millis(200), next(&mut client)).await
        {
            break first;
        }
    };
    let last = sent.last().expect("one was sent");
    let edge = match mid(&first) == last {
        true => first,
        false => until(&mut client, last).await.pop().expect("the last"),
    };
    client.stop().await;
    edge["cursor"].as_str().expect("a cursor").to_owned()
}

async fn stored(api: &Api, token: &str, page: &Page) -> Vec<(String, u64)> {
    let query = "query($app: ID!) { webhookEvents(first: 100, filter: { appId: $app }) {
        edges { node { message { externalId } duplicates } }
    } }";
    let found = api.data(token, query, json!({ "app": page.app })).await;
    let edges = found["webhookEvents"]["edges"].as_array().expect("edges");
    let read = |edge: &Value| {
        (
            mid(edge).to_owned(),
            edge["node"]["duplicates"].as_u64().unwrap(),
        )
    };
    edges.iter().map(read).collect()
}

#[tokio::test]
async fn two_entries_of_a_stranger_reach_every_subscriber_once_with_their_customer() {
    if !clients::installed() {
        return;
    }
    let dev = Dev::start().await;
    let token = dev.api.token("OWNER").await;
    let page = Page::open(&dev.api, &token, "100000000000777").await;
    let after = cursor(&dev.api, &token, &page).await;
    let mut subscribers =
        TRANSPORTS.map(|transport| subscribe(transport, &dev.api, &token, &page.app, Some(&after)));

    let entries = [
        Message {
            mid: "m-1",
            sender: "a-stranger",
        },
        Message {
            mid: "m-2",
            sender: "a-stranger",
        },
    ];
    page.deliver(&entries).await;
    let mut customers = BTreeSet::new();
    for subscriber in &mut subscribers {
        let edges = until(subscriber, "m-2").await;
        assert_eq!(mids(&edges), ["m-1", "m-2"]);
        for edge in &edges {
            assert_eq!(
                edge["node"]["customer"]["identities"],
                json!([{ "kind": "FACEBOOK_PSID", "scope": page.id, "value": "a-stranger" }])
            );
            let customer = edge["node"]["customer"]["id"].as_str().expect("a customer");
            customers.insert(customer.to_owned());
        }
    }
    assert_eq!(
        customers.len(),
        1,
        "one sender is one customer: {customers:?}"
    );

    // The same again, and what nobody has signed.
    page.deliver(&entries).await;
    let forged = page.body(&[Message {
        mid: "forged",
        sender: "a-stranger",
    }]);
    let of_another_body = sign(&page.body(&entries));
    for signature in ["", "sha256=", "sha256=00", of_another_body.as_str()] {
        assert_eq!(
            page.try_post(&forged, signature).await,
            Ok(StatusCode::UNAUTHORIZED)
        );
    }
    page.deliver(&[Message {
        mid: "m-3",
        sender: "a-stranger",
    }])
    .await;
    for subscriber in &mut subscribers {
        assert_eq!(mids(&until(subscriber, "m-3").await), ["m-3"]);
    }
    let stored = stored(&dev.api, &token, &page).await;
    let of_stranger: Vec<(&str, u64)> = stored
        .iter()
        .filter(|(mid, _)| !mid.starts_with("probe"))
        .map(|(mid, duplicates)| (mid.as_str(), *duplicates))
        .collect();
    assert_eq!(of_stranger, [("m-3", 0), ("m-2", 1), ("m-1", 1)]);

    let query = "query($page: String!) {
        customerByIdentity(kind: FACEBOOK_PSID, scope: $page, value: \"a-stranger\") { id }
    }";
    let found = dev
        .api
        .data(&token, query, json!({ "page": page.id }))
        .await;
    let found = found["customerByIdentity"]["id"]
        .as_str()
        .expect("the customer");
    assert!(customers.contains(found));
    for subscriber in subscribers {
        subscriber.stop().await;
    }
}

#[tokio::test]
async fn a_subscriber_that_comes_back_after_a_crash_misses_nothing_and_sees_nothing_twice() {
    if !clients::installed() {
        return;
    }
    let mut dev = Dev::start().await;
    let token = dev.api.token("OWNER").await;
    let page = Page::open(&dev.api, &token, "100000000000778").await;
    let after = cursor(&dev.api, &token, &page).await;

    let mut subscriber = subscribe("ws", &dev.api, &token, &page.app, Some(&after));
    page.deliver(&[Message {
        mid: "seen",
        sender: "sender",
    }])
    .await;
    let edges = until(&mut subscriber, "seen").await;
    assert_eq!(mids(&edges), ["seen"]);
    let seen = edges[0]["cursor"].as_str().expect("a cursor").to_owned();
    subscriber.stop().await;

    page.deliver(&[Message {
        mid: "unseen",
        sender: "sender",
    }])
    .await;
    dev.crash_and_restart().await;
    page.deliver(&[Message {
        mid: "later",
        sender: "sender",
    }])
    .await;
    for transport in TRANSPORTS {
        let mut subscriber = subscribe(transport, &dev.api, &token, &page.app, Some(&seen));
        let edges = until(&mut subscriber, "later").await;
        assert_eq!(mids(&edges), ["unseen", "later"], "{transport}");
        // It goes on living, and so does who comes back once more.
        let again = edges[0]["cursor"].as_str();
        let mut another = subscribe(transport, &dev.api, &token, &page.app, again);
        assert_eq!(
            mids(&until(&mut another, "later").await),
            ["later"],
            "{transport}"
        );
        let live = format!("live-{transport}");
        page.deliver(&[Message {
            mid: &live,
            sender: "sender",
        }])
        .await;
        assert_eq!(
            mids(&until(&mut subscriber, &live).await).last(),
            Some(&live.as_str())
        );
        assert_eq!(
            mids(&until(&mut another, &live).await).last(),
            Some(&live.as_str())
        );
        subscriber.stop().await;
        another.stop().await;
    }
}

#[tokio::test]
async fn what_was_acknowledged_in_a_burst_survives_kill_9() {
    if !clients::installed() {
        return;
    }
    let mut dev = Dev::start().await;
    let token = dev.api.token("OWNER").await;
    let page = std::sync::Arc::new(Page::open(&dev.api, &token, "100000000000779").await);
    let after = cursor(&dev.api, &token, &page).await;

    let names: Vec<String> = (0..60).map(|number| format!("burst-{number}")).collect();
    let mut posts = JoinSet::new();
    for name in names.clone() {
        let page = page.clone();
        posts.spawn(async move {
            let sender = format!("sender-of-{name}");
            let taken = page
                .try_deliver(&[Message {
                    mid: &name,
                    sender: &sender,
                }])
                .await;
            (name, taken)
        });
    }
    let mut acknowledged = BTreeSet::new();
    let mut killed = false;
    while let Some(post) = posts.join_next().await {
        let (name, taken) = post.expect("no panic");
        if taken == Ok(StatusCode::OK) {
            acknowledged.insert(name);
        }
        if acknowledged.len() >= 10 && !killed {
            dev.process.kill();
            killed = true;
        }
    }
    assert!(killed, "nothing was acknowledged");
    dev.crash_and_restart().await;
    let stored: BTreeSet<String> = stored(&dev.api, &token, &page)
        .await
        .into_iter()
        .map(|(mid, _)| mid)
        .collect();
    let lost: Vec<&String> = acknowledged.difference(&stored).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");

    // Meta sends again what was not acknowledged; nobody sees anything twice.
    for name in &names {
        let sender = format!("sender-of-{name}");
        page.deliver(&[Message {
            mid: name,
            sender: &sender,
        }])
        .await;
    }
    page.deliver(&[Message {
        mid: "last",
        sender: "sender",
    }])
    .await;
    let mut subscriber = subscribe("sse", &dev.api, &token, &page.app, Some(&after));
    let edges = until(&mut subscriber, "last").await;
    let mut seen = mids(&edges);
    assert_eq!(seen.pop(), Some("last"));
    seen.sort_unstable();
    let mut sent: Vec<&str> = names.iter().map(String::as_str).collect();
    sent.sort_unstable();
    assert_eq!(seen, sent);
    for edge in &edges {
        let sender = &edge["node"]["customer"]["identities"][0]["value"];
        assert!(
            sender
                .as_str()
                .is_some_and(|sender| sender.starts_with("sender")),
            "{edge:#}"
        );
    }
    subscriber.stop().await;
}
