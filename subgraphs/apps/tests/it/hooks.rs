//! The doors at which platforms knock.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use kit::testing::gateway::Answer;
use serde_json::{Value, json};

use crate::world::{SECRET, VERIFY_TOKEN, World, messages, sign};

#[tokio::test]
async fn every_entry_of_a_post_is_one_event_in_order() {
    for world in World::on_every_engine().await {
        let source = world.new_source("META_PAGE").await;
        let status = world.post(&source, &messages(&["m_2", "m_1", "m_3"])).await;
        assert_eq!(status, StatusCode::OK);
        let events = world.events().await;
        let keys: Vec<&Value> = events.iter().map(|event| &event["dedupeKey"]).collect();
        assert_eq!(keys, ["message:m_2", "message:m_1", "message:m_3"]);
        assert_eq!(
            events[0]["sender"],
            json!({ "channel": "MESSENGER", "scope": "100", "value": "7" })
        );
        world.stop().await;
    }
}

#[tokio::test]
async fn an_event_shows_what_the_platform_said() {
    for world in World::on_every_engine().await {
        let source = world.new_source("META_PAGE").await;
        world.post(&source, &messages(&["m_1"])).await;
        let document = "{ webhookEvents { edges { node {
        app { slug } source { id lastEventAt } channel status occurredAt receivedAt payload
        message { externalId threadId senderId text isEcho attachments { kind } statusUpdate }
    } } } }";
        let data = world.data(document, json!({})).await;
        let event = &data["webhookEvents"]["edges"][0]["node"];
        assert_eq!(event["app"]["slug"], "shop");
        assert_eq!(event["source"]["id"], source.as_str());
        assert_eq!(event["source"]["lastEventAt"], event["receivedAt"]);
        assert_eq!(event["status"], "RECEIVED");
        assert_eq!(event["occurredAt"], "2023-11-14T22:13:20Z");
        assert_eq!(
            event["payload"],
            messages(&["m_1"])["entry"][0]["messaging"][0]
        );
        assert_eq!(
            event["message"],
            json!({ "externalId": "m_1", "threadId": "7", "senderId": "7", "text": "text of m_1",
                "isEcho": false, "attachments": [], "statusUpdate": null })
        );
        world.stop().await;
    }
}

#[tokio::test]
async fn the_same_again_is_counted_and_makes_no_event() {
    for world in World::on_every_engine().await {
        let source = world.new_source("META_PAGE").await;
        for _ in 0..3 {
            assert_eq!(
                world.post(&source, &messages(&["m_1", "m_2"])).await,
                StatusCode::OK
            );
        }
        world.post(&source, &messages(&["m_2", "m_3", "m_3"])).await;
        let events = world.events().await;
        let counts: Vec<(&Value, &Value)> = events
            .iter()
            .map(|event| (&event["dedupeKey"], &event["duplicates"]))
            .collect();
        assert_eq!(
            counts,
            [
                (&json!("message:m_1"), &json!(2)),
                (&json!("message:m_2"), &json!(3)),
                (&json!("message:m_3"), &json!(1)),
            ]
        );
        world.stop().await;
    }
}

#[tokio::test]
async fn two_sources_may_receive_the_same_ids() {
    for world in World::on_every_engine().await {
        let source = world.new_source("META_PAGE").await;
        let app = world.app("other").await;
        let other = world.source(&app, "META_PAGE").await;
        world.post(&source, &messages(&["m_1"])).await;
        world.post(&other, &messages(&["m_1"])).await;
        assert_eq!(world.events().await.len(), 2);
        world.stop().await;
    }
}

#[tokio::test]
async fn what_is_not_genuine_stores_nothing_and_learns_nothing() {
    for world in World::on_every_engine().await {
        let source = world.new_source("META_PAGE").await;
        let body = messages(&["m_1"]).to_string().into_bytes();
        let right = sign(SECRET, &body);
        let wrong = sign("another-secret-of-somebody", &body);
        let tampered = messages(&["m_2"]).to_string().into_bytes();
        let unknown = format!("{}zzzz", &source[..source.len() - 4]);
        let refused = |answer: Answer| {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
            answer.body
        };
        let bodies = [
            refused(world.post_raw(&source, body.clone(), &wrong).await),
            refused(world.post_raw(&source, body.clone(), "").await),
            refused(world.post_raw(&source, tampered, &right).await),
            refused(world.post_raw(&source, b"not json".to_vec(), &wrong).await),
            refused(world.post_raw(&unknown, body.clone(), &right).await),
            refused(world.post_raw("nonsense", body, &right).await),
        ];
        assert!(bodies.iter().all(|body| *body == bodies[0]));
        assert_eq!(world.events().await, Vec::<Value>::new());
        world.stop().await;
    }
}

#[tokio::test]
async fn genuine_nonsense_is_a_bad_request() {
    for world in World::on_every_engine().await {
        let source = world.new_source("META_PAGE").await;
        for body in [
            "",
            "{",
            "[]",
            r#"{"object":"instagram","entry":[]}"#,
            "\u{feff}{}",
        ] {
            let answer = world
                .post_raw(&source, body.into(), &sign(SECRET, body.as_bytes()))
                .await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        }
        let deep = "[".repeat(100_000).into_bytes();
        let signature = sign(SECRET, &deep);
        let answer = world.post_raw(&source, deep, &signature).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(world.post(&source, &messages(&[])).await, StatusCode::OK);
        assert_eq!(world.events().await.len(), 0);
        world.stop().await;
    }
}

#[tokio::test]
async fn a_body_without_end_is_refused() {
    for world in World::on_every_engine().await {
        let source = world.new_source("META_PAGE").await;
        let body = vec![b' '; 5 * 1024 * 1024];
        let signature = sign(SECRET, &body);
        let answer = world.post_raw(&source, body, &signature).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        world.stop().await;
    }
}

#[tokio::test]
async fn text_that_databases_dislike_is_kept_as_it_came() {
    for world in World::on_every_engine().await {
        let source = world.new_source("META_PAGE").await;
        let mut body = messages(&["m_1"]);
        body["entry"][0]["messaging"][0]["message"]["text"] =
            json!("nul \u{0}, 'quote', \u{1f600}");
        assert_eq!(world.post(&source, &body).await, StatusCode::OK);
        let document = "{ webhookEvents { edges { node { message { text } } } } }";
        let data = world.data(document, json!({})).await;
        let text = &data["webhookEvents"]["edges"][0]["node"]["message"]["text"];
        assert_eq!(text, "nul \u{0}, 'quote', \u{1f600}");
        world.stop().await;
    }
}

async fn shake(world: &World, source: &str, query: &str) -> Answer {
    let request = Request::get(format!("/hooks/{source}?{query}"))
        .body(Body::empty())
        .expect("a request");
    world.gateway.send(request).await
}

#[tokio::test]
async fn the_challenge_is_repeated_to_who_knows_the_token() {
    for world in World::on_every_engine().await {
        let source = world.new_source("META_PAGE").await;
        let query = |token: &str| {
            format!("hub.mode=subscribe&hub.verify_token={token}&hub.challenge=1158201444")
        };
        let unknown = format!("{}zzzz", &source[..source.len() - 4]);
        let wrong = shake(&world, &source, &query("a-token-that-nobody-knows")).await;
        let nobody = shake(&world, &unknown, &query(VERIFY_TOKEN)).await;
        let bare = shake(&world, &source, "").await;
        for answer in [&wrong, &nobody, &bare] {
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
            assert_eq!(answer.body, wrong.body);
        }
        let verified = async || {
            let document = "{ apps { edges { node { sources { verified } } } } }";
            let data = world.data(document, json!({})).await;
            data["apps"]["edges"][0]["node"]["sources"][0]["verified"].clone()
        };
        assert_eq!(verified().await, false);
        let answer = shake(&world, &source, &query(VERIFY_TOKEN)).await;
        assert_eq!(
            (answer.status, answer.body.as_ref()),
            (StatusCode::OK, b"1158201444".as_ref())
        );
        assert_eq!(verified().await, true);
        world.stop().await;
    }
}

#[tokio::test]
async fn lists_are_filtered() {
    for world in World::on_every_engine().await {
        let source = world.new_source("META_PAGE").await;
        let app = world.app("other").await;
        let other = world.source(&app, "META_WHATSAPP").await;
        world.post(&source, &messages(&["m_1"])).await;
        let body = json!({ "object": "whatsapp_business_account", "entry": [{ "id": "waba", "changes": [
        { "field": "messages", "value": { "metadata": { "phone_number_id": "5" }, "statuses": [
            { "id": "wamid.1", "status": "read", "timestamp": "1700000000", "recipient_id": "49" },
        ] } },
    ] }] });
        assert_eq!(world.post(&other, &body).await, StatusCode::OK);
        let document = "query($filter: WebhookEventFilter) {
        webhookEvents(filter: $filter) { edges { node { type } } }
    }";
        let cases = [
            (json!({}), vec!["message.read", "message.received"]),
            (json!({ "appId": app }), vec!["message.read"]),
            (json!({ "appId": "nonsense" }), vec![]),
            (
                json!({ "type": ["message.received", "x"] }),
                vec!["message.received"],
            ),
            (json!({ "type": [] }), vec![]),
            (json!({ "type": ["message"] }), vec![]),
            (json!({ "channel": ["WHATSAPP"] }), vec!["message.read"]),
            (
                json!({ "status": ["RECEIVED"] }),
                vec!["message.read", "message.received"],
            ),
            (json!({ "status": ["DEAD"] }), vec![]),
            (json!({ "until": "2020-01-01T00:00:00Z" }), vec![]),
            (
                json!({ "since": "2020-01-01T00:00:00Z", "channel": ["MESSENGER"] }),
                vec!["message.received"],
            ),
        ];
        for (filter, kinds) in cases {
            let data = world.data(document, json!({ "filter": filter })).await;
            let edges = data["webhookEvents"]["edges"].as_array().expect("edges");
            let found: Vec<&Value> = edges.iter().map(|edge| &edge["node"]["type"]).collect();
            assert_eq!(found, kinds, "{filter}");
        }
        world.stop().await;
    }
}

#[tokio::test]
async fn any_sender_that_signs_may_use_a_generic_source() {
    for world in World::on_every_engine().await {
        let app = world.app("shop").await;
        let document = "mutation($app: ID!, $secret: String!) {
            createWebhookSource(input: { appId: $app, kind: HMAC_GENERIC, secret: $secret }) {
                source { id }
            }
        }";
        let variables = json!({ "app": app, "secret": SECRET });
        let data = world.data(document, variables).await;
        let source = data["createWebhookSource"]["source"]["id"]
            .as_str()
            .expect("an id");
        let body = json!({ "type": "order.paid", "id": "o-1" }).to_string();
        let post = async |header| {
            let request = Request::post(format!("/hooks/{source}"))
                .header(header, sign(SECRET, body.as_bytes()))
                .body(Body::from(body.clone()))
                .expect("a request");
            world.gateway.send(request).await.status
        };
        assert_eq!(post("x-hub-signature-256").await, StatusCode::UNAUTHORIZED);
        assert_eq!(post("x-signature-256").await, StatusCode::OK);
        let events = world.events().await;
        assert_eq!(events.len(), 1);
        assert_eq!(events[0]["type"], "order.paid");
        assert_eq!(events[0]["sender"], Value::Null);
        world.stop().await;
    }
}
