//! What the README shows is what a newcomer sees.

use http::Method;

use crate::world::Dev;

#[tokio::test]
async fn the_readmes_query_has_the_readmes_answer() {
    let readme = include_str!("../../../../README.md");
    let (_, rest) = readme
        .split_once("content-type: application/json' -d '{\n")
        .expect("the README asks the graph");
    let (body, rest) = rest.split_once("\n}'").expect("the body ends");
    let (_, rest) = rest.split_once("```json\n").expect("an answer follows");
    let (answer, _) = rest.split_once("\n```").expect("the answer ends");

    let dev = Dev::start().await;
    let authorization = format!("Bearer {}", dev.api.token("OWNER").await);
    let headers = [
        ("content-type", "application/json"),
        ("authorization", authorization.as_str()),
    ];
    let body = format!("{{{body}}}");
    let (_, _, got) = dev.api.send(Method::POST, "/graphql", &headers, body).await;
    assert_eq!(String::from_utf8_lossy(&got), answer);
}
