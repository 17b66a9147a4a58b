use kit::demo;
use serde_json::json;

use crate::world::{World, customer, per_unit};

#[tokio::test]
async fn a_call_that_is_repeated_subscribes_once() {
    for world in World::all().await {
        world.plan("pro", json!([])).await;
        let account = world.account(1).await;
        let first = world.subscribe(&account, "pro", "key").await;
        assert_eq!(first["errors"], json!([]));
        assert_eq!(first["invoice"]["status"], "DRAFT");
        assert_eq!(world.subscribe(&account, "pro", "key").await, first);

        world.meter("calls", "COUNT").await;
        world.plan("other", json!([])).await;
        let reused = world.subscribe(&account, "other", "key").await;
        assert_eq!(reused["errors"][0]["__typename"], "ConflictError");
        assert_eq!(
            reused["errors"][0]["path"],
            json!(["input", "idempotencyKey"])
        );
        world.close().await;
    }
}

#[tokio::test]
async fn a_meter_is_charged_by_one_subscription_of_an_account() {
    for world in World::all().await {
        world.meter("calls", "COUNT").await;
        world.plan("pro", json!([per_unit("calls", "0.01")])).await;
        world.plan("max", json!([per_unit("calls", "0.02")])).await;
        let account = world.account(1).await;
        world.draft(&account, "pro").await;
        let second = world.subscribe(&account, "max", "second").await;
        assert_eq!(second["errors"][0]["__typename"], "ConflictError");
        let other = world.account(2).await;
        world.draft(&other, "max").await;
        world.close().await;
    }
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    for world in World::all().await {
        world.plan("pro", json!([])).await;
        let account = world.account(1).await;
        let no_plan = world.subscribe(&account, "gone", "a").await;
        assert_eq!(no_plan["errors"][0]["path"], json!(["input", "planCode"]));
        let nobody = world.subscribe(&customer(1), "pro", "b").await;
        assert_eq!(nobody["errors"][0]["__typename"], "NotFoundError");

        // The account is there, in another tenant.
        let foreign = world
            .ask_in(
                demo::OTHER_TENANT,
                "query($id: ID!) { billingAccount(id: $id) { id } }",
                json!({ "id": account }),
            )
            .await;
        assert_eq!(foreign, json!({ "billingAccount": null }));
        world.close().await;
    }
}

#[tokio::test]
async fn a_customer_shows_account_and_invoices_newest_first_in_pages() {
    for world in World::all().await {
        world.plan("pro", json!([])).await;
        let account = world.account(1).await;
        let first = world.draft(&account, "pro").await;
        world.finalize(&first, 1).await;
        let document = "query($r: [_Any!]!, $after: String) { _entities(representations: $r) {
            ... on Customer {
                billingAccount { currency balance { amount } subscriptions { version plan { code } } }
                invoices(first: 1, after: $after) {
                    edges { node { status total { amount } } cursor } pageInfo { hasNextPage }
                }
            }
        } }";
        let people = json!([
            { "__typename": "Customer", "id": customer(1) },
            { "__typename": "Customer", "id": customer(2) },
            { "__typename": "Customer", "id": "nobody" },
        ]);
        let data = world.ask(document, json!({ "r": people })).await;
        let known = &data["_entities"][0];
        assert_eq!(
            known["billingAccount"],
            json!({
                "currency": "EUR", "balance": { "amount": "20.00" },
                "subscriptions": [{ "version": 2, "plan": { "code": "pro" } }],
            })
        );
        let newest = &known["invoices"]["edges"][0];
        assert_eq!(newest["node"]["status"], "DRAFT");
        assert_eq!(known["invoices"]["pageInfo"]["hasNextPage"], true);
        for unknown in [&data["_entities"][1], &data["_entities"][2]] {
            assert_eq!(unknown["billingAccount"], json!(null));
            assert_eq!(unknown["invoices"]["edges"], json!([]));
        }

        let after = json!({ "r": [people[0]], "after": newest["cursor"] });
        let data = world.ask(document, after).await;
        let last = &data["_entities"][0]["invoices"];
        assert_eq!(last["edges"][0]["node"]["status"], "FINALIZED");
        assert_eq!(last["pageInfo"]["hasNextPage"], false);
        world.close().await;
    }
}
