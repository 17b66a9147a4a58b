//! GraphQL over server-sent events, and multipart responses.

use http_body_util::BodyExt;
use serde_json::json;
use server::Gateway;
use tower::ServiceExt;

use crate::auth::{Issuer, token};
use crate::graph::{Graph, gateway, post, send};

async fn ask(query: &str, accept: &str) -> crate::graph::Answer {
    let router = Graph::new().router();
    send(
        &router,
        post(&json!({ "query": query }), &[("accept", accept)]),
    )
    .await
}

#[tokio::test]
async fn events_are_answered_across_subgraphs() {
    let answer = ask(
        "subscription { changed { name reviews { text } } }",
        "text/event-stream",
    )
    .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.content_type(), "text/event-stream");
    assert_eq!(
        answer.text,
        "event: next\ndata: {\"data\":{\"changed\":{\"name\":\"table\",\"reviews\":[{\"text\":\"solid\"},{\"text\":\"heavy\"}]}}}\n\n\
         event: next\ndata: {\"data\":{\"changed\":{\"name\":\"chair\",\"reviews\":[]}}}\n\n\
         event: complete\ndata:\n\n"
    );
}

#[tokio::test]
async fn a_query_is_one_event() {
    let answer = ask("{ reviewCount }", "text/event-stream").await;
    assert_eq!(
        answer.text,
        "event: next\ndata: {\"data\":{\"reviewCount\":2}}\n\nevent: complete\ndata:\n\n"
    );
}

#[tokio::test]
async fn what_is_wrong_with_the_document_is_an_event() {
    let answer = ask("{ nothing }", "text/event-stream").await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.text.starts_with("event: next\ndata: {\"errors\":[{"),
        "{}",
        answer.text
    );
    assert!(answer.text.ends_with("event: complete\ndata:\n\n"));
}

#[tokio::test]
async fn a_client_that_prefers_json_gets_json_for_a_query_and_events_for_a_subscription() {
    let accept = "application/json, text/event-stream";
    let answer = ask("{ reviewCount }", accept).await;
    assert!(answer.content_type().starts_with("application/json"));
    let answer = ask("subscription { changed { id } }", accept).await;
    assert_eq!(answer.content_type(), "text/event-stream");
}

#[tokio::test]
async fn parts_of_one_response() {
    let accept = "multipart/mixed;subscriptionSpec=1.0, application/json";
    let answer = ask("subscription { changed { id } }", accept).await;
    assert!(
        answer
            .content_type()
            .starts_with("multipart/mixed;boundary=\"graphql\"")
    );
    assert_eq!(
        answer.text,
        "--graphql\r\ncontent-type: application/json\r\n\r\n\
         {\"payload\":{\"data\":{\"changed\":{\"id\":\"1\"}}}}\r\n\
         --graphql\r\ncontent-type: application/json\r\n\r\n\
         {\"payload\":{\"data\":{\"changed\":{\"id\":\"2\"}}}}\r\n\
         --graphql--\r\n"
    );
    let answer = ask("{ reviewCount }", accept).await;
    assert!(answer.content_type().starts_with("application/json"));
}

#[tokio::test]
async fn a_subscription_ends_with_its_token() {
    let router = gateway(Issuer::new().options(&Graph::new()));
    let authorization = format!("Bearer {}", token("", 1));
    let headers = [
        ("accept", "text/event-stream"),
        ("authorization", &authorization),
    ];
    let query = json!({ "query": "subscription { held { id } }" });
    let answer = send(&router, post(&query, &headers)).await;
    let events: Vec<&str> = answer.text.split("\n\n").collect();
    assert!(events[0].contains(r#""id":"1""#), "{}", answer.text);
    assert!(events[1].contains("UNAUTHENTICATED"), "{}", answer.text);
    assert!(events[2].starts_with("event: complete"), "{}", answer.text);
}

#[tokio::test]
async fn subscriptions_of_the_gateway_are_bounded() {
    let mut options = Graph::new().options();
    options.limits.subscriptions_max = 1;
    let router = gateway(options);
    let query = json!({ "query": "subscription { held { id } }" });
    let request = || post(&query, &[("accept", "text/event-stream")]);
    let held = router.clone().oneshot(request()).await.unwrap();
    let answer = send(&router, request()).await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.code(), "TOO_MANY_SUBSCRIPTIONS");
    drop(held);
    let held = router.clone().oneshot(request()).await.unwrap();
    assert_eq!(held.status(), 200);
}

#[tokio::test]
async fn a_running_subscription_stays_on_its_graph() {
    let graph = Graph::new();
    let gateway = Gateway::new(graph.options()).unwrap();
    let query = json!({ "query": "subscription { changed { reviews { text } } }" });
    let request = post(&query, &[("accept", "text/event-stream")]);
    let running = gateway.router().oneshot(request).await.unwrap();
    let mut subgraphs = graph.in_process();
    subgraphs.truncate(1);
    gateway.replace(subgraphs, None).unwrap();
    let text = running.into_body().collect().await.unwrap().to_bytes();
    let text = std::str::from_utf8(&text).unwrap();
    assert!(text.contains("solid") && !text.contains("errors"), "{text}");
}
