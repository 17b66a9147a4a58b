//! Live events, from the subgraph over `graphql-transport-ws` and to clients both ways.

use http::StatusCode;
use serde_json::{Value, json};

use super::listener::Listener;
use super::{Cluster, Instance};
use crate::clients;
use crate::meta::{Message, Page, sign};

/// A WebSocket at one gateway and an SSE stream at the other hear the same.
pub(super) async fn events_arrive_with_their_customers(cluster: &Cluster, token: &str) {
    if !clients::installed() {
        return;
    }
    let page = Page::open(&cluster.api, token, "200000000000001").await;
    let [first, second] = &cluster.gateways;
    let listen = |transport, gateway: &Instance| {
        Listener::resume(transport, &gateway.api, token, &page, None)
    };
    let mut over_ws = listen("ws", first).until_heard(&page).await;
    let mut over_sse = listen("sse", second).until_heard(&page).await;

    let strangers = [
        Message {
            mid: "m-1",
            sender: "9001",
        },
        Message {
            mid: "m-2",
            sender: "9002",
        },
    ];
    page.deliver(&strangers).await;
    let mut heard = Vec::new();
    for message in strangers {
        let event = next(&mut over_ws).await;
        assert_eq!(event["message"]["externalId"], message.mid);
        let identity =
            json!({ "kind": "FACEBOOK_PSID", "scope": page.id, "value": message.sender });
        assert_eq!(
            event["customer"]["identities"],
            json!([identity]),
            "{event:#}"
        );
        assert_eq!(next(&mut over_sse).await, event);
        heard.push(event);
    }

    // The same again and a forgery are not heard; what comes next is.
    page.deliver(&strangers).await;
    let forged = page.body(&[Message {
        mid: "forged",
        sender: "9003",
    }]);
    let of_another_body = sign(&page.body(&strangers));
    let refused = page.try_post(&forged, &of_another_body).await;
    assert_eq!(refused, Ok(StatusCode::UNAUTHORIZED));
    page.deliver(&[Message {
        mid: "m-3",
        sender: "9001",
    }])
    .await;
    for listener in [&mut over_ws, &mut over_sse] {
        let event = next(listener).await;
        assert_eq!(event["message"]["externalId"], "m-3");
        assert_eq!(event["customer"]["id"], heard[0]["customer"]["id"]);
    }
}

/// The next event behind the openings, of which a listener may hear that of another.
async fn next(listener: &mut Listener) -> Value {
    loop {
        let edge = listener.next().await.expect("the subscription goes on");
        if edge["node"]["message"]["externalId"]
            .as_str()
            .is_some_and(|mid| mid.starts_with("m-"))
        {
            return edge["node"].clone();
        }
    }
}
