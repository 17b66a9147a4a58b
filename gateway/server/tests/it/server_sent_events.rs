//! GraphQL over server-sent events, and multipart responses.

use serde_json::json;

use crate::graph::{Graph, post, send};

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
