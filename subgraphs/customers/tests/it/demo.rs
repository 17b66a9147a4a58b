//! The demo, inserted while several instances start.

use std::time::Duration;

use futures_util::future::try_join_all;
use kit::testing::Fresh;
use kit::testing::gateway::{Gateway, context};
use serde_json::json;

use crate::world::owner;

/// So many, that some find nobody and are not the first to insert.
const INSTANCES: usize = 4;

#[tokio::test]
async fn instances_that_start_at_once_insert_one_demo() {
    for store in Fresh::sql().await {
        let folder = tempfile::tempdir().expect("a folder");
        let mut context = context(customers::NAME, folder.path());
        context.config.store = store.url().clone();
        let opening = (0..INSTANCES).map(|_| customers::open(context.clone()));
        let services = try_join_all(opening).await.expect("all of them start");

        let gateway = Gateway::before(&services[0], context.clock.clone());
        let query = "{ customers(first: 10) { edges { node { displayName } } } }";
        let answer = gateway.json(&owner(), query, json!({})).await;
        let edges = answer["data"]["customers"]["edges"].as_array();
        let names = edges.expect("customers").iter();
        let names: Vec<_> = names.map(|edge| &edge["node"]["displayName"]).collect();
        for (index, name) in names.iter().enumerate() {
            assert!(!names[..index].contains(name), "twice: {name}");
        }
        assert!(names.iter().any(|name| **name == "Ada Lovelace"));
        for service in services {
            service.tasks.shutdown(Duration::from_secs(5)).await;
        }
    }
}
