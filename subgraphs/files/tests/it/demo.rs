//! The demo, inserted while several instances start.

use std::time::Duration;

use futures_util::future::try_join_all;
use kit::testing::gateway::{Gateway, context};
use kit::testing::{Folder, Fresh};
use serde_json::json;

use crate::world::owner;

/// So many, that some find an upload begun and not finished.
const INSTANCES: usize = 4;

#[tokio::test]
async fn instances_that_start_at_once_insert_one_demo() {
    for store in Fresh::documents() {
        let folder = Folder::new();
        let mut context = context(files::NAME, folder.path());
        context.config.store = store.url().clone();
        let opening = (0..INSTANCES).map(|_| files::open(context.clone()));
        let services = try_join_all(opening).await.expect("all of them start");

        let gateway = Gateway::before(&services[0], context.clock.clone());
        let query = "{ files(first: 10) { edges { node { name size } } } }";
        let answer = gateway.json(&owner(), query, json!({})).await;
        assert_eq!(
            answer["data"]["files"]["edges"],
            json!([
                { "node": { "name": "prices.csv", "size": 56 } },
                { "node": { "name": "welcome.txt", "size": 65 } },
            ])
        );
        for service in services {
            service.tasks.shutdown(Duration::from_secs(5)).await;
        }
    }
}
