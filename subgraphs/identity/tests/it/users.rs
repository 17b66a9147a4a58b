//! The list of users, page by page.

use kit::demo;
use kit::testing::gateway::viewer;
use serde_json::{Value, json};

use crate::world::World;

const USERS: &str = "query($first: Int, $after: String, $search: String) {
    users(first: $first, after: $after, search: $search) {
        edges { node { displayName } }
        pageInfo { hasNextPage hasPreviousPage endCursor }
    }
}";

async fn page(world: &World, variables: Value) -> (Vec<String>, Value) {
    let caller = viewer(demo::TENANT, demo::USER_OWNER, &["identity:read"]);
    let answer = world.gateway.json(&caller, USERS, variables).await;
    assert_eq!(answer.get("errors"), None, "{answer}");
    let users = &answer["data"]["users"];
    let names = users["edges"].as_array().expect("edges").iter();
    let names = names.map(|edge| {
        edge["node"]["displayName"]
            .as_str()
            .expect("a name")
            .to_owned()
    });
    (names.collect(), users["pageInfo"].clone())
}

#[tokio::test]
async fn pages_follow_each_other_to_the_end() {
    for world in World::each().await {
        let (mut all, mut after) = (Vec::new(), Value::Null);
        for remaining in [true, true, false] {
            let (names, info) = page(&world, json!({ "first": 3, "after": after })).await;
            all.extend(names);
            assert_eq!(info["hasNextPage"], remaining);
            assert_eq!(info["hasPreviousPage"], !after.is_null());
            after = info["endCursor"].clone();
        }
        assert_eq!(all.len(), 7);
        assert_eq!(
            (all[0].as_str(), all[6].as_str()),
            ("Olga Owens", "Mei Mori")
        );
    }
}

#[tokio::test]
async fn a_search_looks_into_names_and_addresses_and_takes_no_pattern() {
    for world in World::each().await {
        let found = async |search: &str| page(&world, json!({ "search": search })).await.0;
        assert_eq!(found("DVOŘÁK").await, ["Dana Dvořák"]);
        assert_eq!(found("bea@").await, ["Bea Bianchi"]);
        assert_eq!(found("globex").await, [""; 0]);
        assert_eq!(found("%").await, [""; 0]);
        assert_eq!(found("o_ga").await, [""; 0]);
        assert_eq!(found("!").await, [""; 0]);
    }
}
