//! Apps: making, listing, finding.

use kit::demo::USER_OWNER;
use serde_json::{Value, json};

use crate::world::World;

async fn create(world: &World, input: Value) -> Value {
    let document = "mutation($input: CreateAppInput!) { createApp(input: $input) {
        app { id name slug status version owner { id } }
        errors { __typename
            ... on ValidationError { path }
            ... on ConflictError { conflict: path }
        }
    } }";
    world.data(document, json!({ "input": input })).await["createApp"].clone()
}

#[tokio::test]
async fn a_new_app_belongs_to_who_made_it() {
    for world in World::on_every_engine().await {
        let made = create(&world, json!({ "name": " Café ", "slug": "cafe" })).await;
        assert_eq!(made["errors"], json!([]));
        let app = &made["app"];
        assert_eq!(app["name"], "Café");
        assert_eq!(app["status"], "ACTIVE");
        assert_eq!(app["version"], 1);
        assert_eq!(app["owner"]["id"], USER_OWNER.to_string());
        let document = "query($id: ID!) { app(id: $id) { name slug sources { id } } }";
        let found = world.data(document, json!({ "id": app["id"] })).await;
        assert_eq!(
            found["app"],
            json!({ "name": "Café", "slug": "cafe", "sources": [] })
        );
        world.stop().await;
    }
}

#[tokio::test]
async fn everything_wrong_with_an_input_is_told_at_once() {
    for world in World::on_every_engine().await {
        let input = json!({ "name": "", "slug": "Not a slug", "idempotencyKey": "" });
        let refused = create(&world, input).await;
        assert_eq!(refused["app"], Value::Null);
        let paths: Vec<&Value> = refused["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .map(|error| &error["path"][1])
            .collect();
        assert_eq!(paths, ["name", "slug", "idempotencyKey"]);
        world.stop().await;
    }
}

#[tokio::test]
async fn a_slug_is_taken_once_and_a_key_makes_one_app() {
    for world in World::on_every_engine().await {
        let input = json!({ "name": "Shop", "slug": "shop", "idempotencyKey": "k-1" });
        let first = create(&world, input.clone()).await;
        let again = create(&world, input).await;
        assert_eq!(first["app"]["id"], again["app"]["id"]);

        let taken = create(&world, json!({ "name": "Other", "slug": "shop" })).await;
        assert_eq!(taken["errors"][0]["conflict"], json!(["input", "slug"]));

        let reused = json!({ "name": "Other", "slug": "other", "idempotencyKey": "k-1" });
        let reused = create(&world, reused).await;
        assert_eq!(
            reused["errors"][0]["conflict"],
            json!(["input", "idempotencyKey"])
        );
        world.stop().await;
    }
}

#[tokio::test]
async fn lists_page_from_the_newest_and_search_names_and_slugs() {
    for world in World::on_every_engine().await {
        for (name, slug) in [("Éclair 100%", "one"), ("Bread", "two"), ("Cake", "three")] {
            create(&world, json!({ "name": name, "slug": slug })).await;
        }
        let document = "query($first: Int, $after: String, $search: String) {
        apps(first: $first, after: $after, search: $search) {
            edges { node { slug } } pageInfo { hasNextPage endCursor }
        }
    }";
        let slugs = |data: &Value| -> Vec<String> {
            let edges = data["apps"]["edges"].as_array().expect("edges");
            let slug = |edge: &Value| edge["node"]["slug"].as_str().expect("a slug").to_owned();
            edges.iter().map(slug).collect()
        };
        let page = world.data(document, json!({ "first": 2 })).await;
        assert_eq!(page["apps"]["pageInfo"]["hasNextPage"], true);
        assert_eq!(slugs(&page).len(), 2);
        let after = &page["apps"]["pageInfo"]["endCursor"];
        let rest = world
            .data(document, json!({ "first": 2, "after": after }))
            .await;
        assert_eq!(rest["apps"]["pageInfo"]["hasNextPage"], false);
        let mut all = [slugs(&page), slugs(&rest)].concat();
        all.sort();
        assert_eq!(all, ["one", "three", "two"]);

        for (search, found) in [
            ("éCLAIR", vec!["one"]),
            ("tw", vec!["two"]),
            ("0%", vec!["one"]),
            ("_", vec![]),
        ] {
            let data = world.data(document, json!({ "search": search })).await;
            assert_eq!(slugs(&data), found, "{search}");
        }
        world.stop().await;
    }
}
