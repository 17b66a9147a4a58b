use serde_json::json;

use crate::world::{World, per_unit};

#[tokio::test]
async fn the_same_plan_is_made_once_and_other_terms_are_the_next_version() {
    for world in World::all().await {
        world.meter("calls", "COUNT").await;
        let first = world.plan("pro", json!([per_unit("calls", "0.01")])).await;
        let again = world.plan("pro", json!([per_unit("calls", "0.010")])).await;
        let dearer = world.plan("pro", json!([per_unit("calls", "0.02")])).await;
        assert_eq!(first, again);
        assert_eq!(first["plan"]["version"], 1);
        assert_eq!(dearer["plan"]["version"], 2);

        let all = "query($active: Boolean) {
            plans(active: $active) { edges { node {
                version active interval base { amount currency }
                charges { model meter { code } tiers { upTo unitAmount flatAmount } }
            } } pageInfo { hasNextPage } }
        }";
        let on_offer = world.ask(all, json!({ "active": true })).await;
        let edges = on_offer["plans"]["edges"].as_array().expect("a list");
        assert_eq!(edges.len(), 1);
        assert_eq!(
            edges[0]["node"],
            json!({
                "version": 2, "active": true, "interval": "MONTH",
                "base": { "amount": "10.00", "currency": "EUR" },
                "charges": [{
                    "model": "PER_UNIT", "meter": { "code": "calls" },
                    "tiers": [{ "upTo": null, "unitAmount": "0.02", "flatAmount": "0" }],
                }],
            })
        );
        let both = world.ask(all, json!({})).await;
        assert_eq!(both["plans"]["edges"].as_array().map(Vec::len), Some(2));
        world.close().await;
    }
}

#[tokio::test]
async fn a_plan_that_cannot_be_charged_is_refused_with_all_its_problems() {
    for world in World::all().await {
        world.meter("calls", "COUNT").await;
        let answer = world
            .plan("Pro!", json!([per_unit("nothing", "0.0000000000001")]))
            .await;
        let errors = answer["errors"].as_array().expect("a list");
        let paths: Vec<_> = errors.iter().map(|error| error["path"].clone()).collect();
        assert_eq!(
            paths,
            [
                json!(["input", "code"]),
                json!(["input", "charges", "0", "meterCode"]),
                json!(["input", "charges", "0", "tiers"]),
            ]
        );
        assert_eq!(answer["plan"], json!(null));
        world.close().await;
    }
}

#[tokio::test]
async fn a_meter_keeps_its_way_of_counting() {
    for world in World::all().await {
        let calls = world.meter("calls", "COUNT").await;
        assert_eq!(world.meter("calls", "COUNT").await, calls);
        let data = world
            .ask(
                "mutation { createMeter(input: { code: \"calls\", aggregation: SUM }) {
                    meter { id } errors { __typename }
                } }",
                json!({}),
            )
            .await;
        assert_eq!(
            data["createMeter"],
            json!({ "meter": null, "errors": [{ "__typename": "ConflictError" }] })
        );
        world.close().await;
    }
}

#[tokio::test]
async fn the_same_plan_made_by_many_at_once_is_one() {
    for world in World::all().await {
        let charges = || json!([]);
        let calls = (0..8).map(|_| world.plan("pro", charges()));
        let answers = futures_util::future::join_all(calls).await;
        for answer in &answers {
            assert_eq!(answer, &answers[0]);
        }
        assert_eq!(answers[0]["plan"]["version"], 1);
        world.close().await;
    }
}
