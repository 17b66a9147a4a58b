//! `customers` and `customerByIdentity`.

use serde_json::{Value, json};

use crate::world::World;

async fn world_of_three(world: &World) {
    for (kind, value, name) in [
        ("EXTERNAL_ID", "1", "Élodie 100%"),
        ("EMAIL", "grace@example.com", "Grace"),
        ("EXTERNAL_ID", "3", "Ada"),
    ] {
        let identity = json!({ "kind": kind, "scope": "tenant", "value": value });
        world
            .identify(json!({ "identities": [identity], "traits": { "displayName": name } }))
            .await;
    }
}

fn names(data: &Value) -> Vec<&Value> {
    let edges = data["customers"]["edges"].as_array().expect("edges");
    edges
        .iter()
        .map(|edge| &edge["node"]["displayName"])
        .collect()
}

#[tokio::test]
async fn lists_are_filtered_by_search_and_kind() {
    for world in World::on_every_engine().await {
        world_of_three(&world).await;
        let document = "query($filter: CustomerFilter) {
            customers(filter: $filter) { edges { node { displayName } } }
        }";
        let cases = [
            (json!({ "search": "éLODIE" }), vec!["Élodie 100%"]),
            (json!({ "search": "0%" }), vec!["Élodie 100%"]),
            (json!({ "search": "_" }), vec![]),
            (json!({ "identityKind": "EMAIL" }), vec!["Grace"]),
            (json!({ "identityKind": "EMAIL", "search": "ada" }), vec![]),
        ];
        for (filter, found) in cases {
            let data = world.data(document, json!({ "filter": filter })).await;
            assert_eq!(names(&data), found, "{filter}");
        }
        world.stop().await;
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap() {
    for world in World::on_every_engine().await {
        world_of_three(&world).await;
        let document = "query($after: String) { customers(first: 2, after: $after) {
            edges { node { displayName } } pageInfo { hasNextPage endCursor }
        } }";
        let first = world.data(document, json!({})).await;
        assert_eq!(first["customers"]["pageInfo"]["hasNextPage"], true);
        let after = &first["customers"]["pageInfo"]["endCursor"];
        let rest = world.data(document, json!({ "after": after })).await;
        assert_eq!(rest["customers"]["pageInfo"]["hasNextPage"], false);
        let mut all = [names(&first), names(&rest)].concat();
        all.sort_by_key(ToString::to_string);
        assert_eq!(all, ["Ada", "Grace", "Élodie 100%"]);
        world.stop().await;
    }
}

#[tokio::test]
async fn a_person_is_found_by_a_name_however_it_is_written() {
    for world in World::on_every_engine().await {
        world_of_three(&world).await;
        let document = "query($value: String!) {
            customerByIdentity(kind: EMAIL, scope: \"tenant\", value: $value) { displayName }
        }";
        for (value, name) in [
            ("GRACE@example.com", json!("Grace")),
            ("grace@example.org", Value::Null),
            ("nonsense", Value::Null),
        ] {
            let data = world.data(document, json!({ "value": value })).await;
            let found = &data["customerByIdentity"];
            assert_eq!(
                found.get("displayName").cloned().unwrap_or_default(),
                name,
                "{value}"
            );
        }
        world.stop().await;
    }
}
