//! Events, each answered by the rest of the plan.

use std::sync::Arc;

use executor::{Answer, FetchError};
use futures_util::StreamExt;
use planner::plan::OperationKind;
use serde_json::{Value, json};

use crate::plans::Shop;
use crate::script::{Script, supergraph, variables};

async fn events(script: Arc<Script>) -> Result<Vec<Answer>, Answer> {
    let plan = Shop {
        kind: OperationKind::Subscription,
        ..Shop::default()
    }
    .plan();
    let variables = Arc::new(variables(json!({})));
    let answers = executor::subscribe(Arc::new(plan), supergraph(), variables, script).await?;
    Ok(answers.collect().await)
}

fn body(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

#[tokio::test]
async fn each_event_gets_its_own_answer() {
    let event = |id: u32| json!({"data": {"products": [{"_id": id, "name": format!("n{id}")}]}});
    let script = Script::default()
        .says("catalog", &event(1))
        .says("catalog", &event(2))
        .says("prices", &json!({"data": {"_entities": [{"price": 10}]}}))
        .says("prices", &json!({"data": {"_entities": [{"price": 20}]}}))
        .says("stock", &json!({"data": {"_entities": [{"stock": 1}]}}))
        .says("stock", &json!({"data": {"_entities": [null]}}));
    let script = Arc::new(script);
    let answers = events(Arc::clone(&script)).await.unwrap();
    let bodies: Vec<Value> = answers.iter().map(body).collect();
    assert_eq!(
        bodies,
        [
            json!({"data": {"products": [{"name": "n1", "price": 10, "stock": 1}]}}),
            json!({"data": {"products": [{"name": "n2", "price": 20, "stock": null}]}}),
        ]
    );
    let kinds: Vec<OperationKind> = script.asked().iter().map(|asked| asked.kind).collect();
    assert_eq!(kinds, [OperationKind::Subscription; 5]);
}

#[tokio::test]
async fn an_event_with_errors_is_answered_with_them() {
    let script = Script::default().says(
        "catalog",
        &json!({"data": {"products": null}, "errors": [{"message": "no", "path": ["products"]}]}),
    );
    let answers = events(Arc::new(script)).await.unwrap();
    assert_eq!(answers.len(), 1);
    assert_eq!(body(&answers[0])["errors"][0]["path"], json!(["products"]));
}

#[tokio::test]
async fn a_broken_source_ends_the_answers_with_an_error() {
    let script = Script::default()
        .says("catalog", &json!({"data": {"products": []}}))
        .ends(
            "catalog",
            Err(FetchError::Broken("reset by 10.0.0.7".to_owned())),
        )
        .says("catalog", &json!({"data": {"products": []}}));
    let answers = events(Arc::new(script)).await.unwrap();
    assert_eq!(answers.len(), 2);
    let last = body(&answers[1]);
    assert_eq!(last["errors"][0]["extensions"]["code"], "SUBREQUEST_FAILED");
    assert!(!last.to_string().contains("10.0.0.7"));
}

#[tokio::test]
async fn a_source_that_cannot_be_opened_is_an_answer_without_data() {
    let script = Script::default().ends("catalog", Err(FetchError::Status(503)));
    let answer = events(Arc::new(script)).await.unwrap_err();
    assert_eq!(
        body(&answer),
        json!({"errors": [{
            "message": "the subscription cannot be opened",
            "extensions": {"code": "SUBREQUEST_FAILED", "serviceName": "catalog"},
        }]})
    );
}
