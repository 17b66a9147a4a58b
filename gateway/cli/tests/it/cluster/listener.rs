//! A subscriber to webhooks, with somebody else's client.

use std::time::Duration;

use serde_json::{Value, json};

use crate::clients::Client;
use crate::meta::{Message, Page};
use crate::world::{Api, PATIENCE};

const QUERY: &str = "subscription($app: ID, $after: String) {
    webhookReceived(appId: $app, after: $after) {
        cursor
        node {
            message { externalId }
            customer { id identities { kind scope value } }
        }
    }
}";

/// How long an opening is waited for until another is sent.
const OPENING_PAUSE: Duration = Duration::from_millis(300);

/// Openings that may go unheard before a test gives up.
const OPENINGS_MAX: u32 = 100;

/// A running subscription.
pub(super) struct Listener(Client);

impl Listener {
    /// Subscribes, behind a cursor if there is one.
    pub(super) fn resume(
        transport: &str,
        api: &Api,
        token: &str,
        page: &Page,
        after: Option<&str>,
    ) -> Self {
        let url = format!("{}/graphql", api.base);
        let variables = json!({ "app": page.app, "after": after }).to_string();
        let arguments = [transport, &url, token, QUERY, &variables];
        Self(Client::start("subscribe.mjs", &arguments))
    }

    /// Sends openings until one is heard: from then on nothing may be missed.
    pub(super) async fn until_heard(mut self, page: &Page) -> Self {
        for number in 0..OPENINGS_MAX {
            let mid = format!("opening-{number}");
            page.deliver(&[Message {
                mid: &mid,
                sender: "opener",
            }])
            .await;
            if let Ok(edge) = tokio::time::timeout(OPENING_PAUSE, self.next()).await {
                edge.expect("the subscription goes on");
                return self;
            }
        }
        panic!("no opening is heard")
    }

    /// The next edge; `None` if the subscription has ended or broken.
    pub(super) async fn next(&mut self) -> Option<Value> {
        loop {
            let line = tokio::time::timeout(PATIENCE, self.0.next_if_any()).await;
            let line = line.expect("something in time")?;
            if line.get("ready").is_none() {
                let edge = line.pointer("/data/webhookReceived")?;
                return (!edge.is_null()).then(|| edge.clone());
            }
        }
    }
}
