use kit::demo;
use kit::testing::access::{Sample, Walk};
use serde_json::json;

use crate::world::{World, customer, text};

#[tokio::test]
async fn scopes_are_enforced_and_tenants_are_apart() {
    let world = World::demo().await;
    let mut samples = vec![Sample::new("Customer", customer(1), customer(99))];
    let mut foreign = Vec::new();
    for (document, path) in [
        (
            "mutation { createMeter(input: { code: \"calls\", aggregation: COUNT }) {
                meter { id } errors { __typename }
            } }",
            "/createMeter/meter/id",
        ),
        (
            "mutation { createPlan(input: {
                code: \"pro\", name: \"Pro\", currency: \"EUR\", interval: MONTH, base: \"1\",
                charges: []
            }) { plan { id } errors { __typename } } }",
            "/createPlan/plan/id",
        ),
        (
            "mutation { openBillingAccount(input: {
                customerId: \"cus_01h2xcejqtf2nbrexx3vqjhp41\", currency: \"EUR\"
            }) { account { id } errors { __typename } } }",
            "/openBillingAccount/account/id",
        ),
    ] {
        let data = world.ask_in(demo::OTHER_TENANT, document, json!({})).await;
        foreign.push(text(data.pointer(path).expect("an id")));
    }
    let subscribed = world
        .ask_in(
            demo::OTHER_TENANT,
            "mutation($account: ID!) { createSubscription(input: {
                accountId: $account, planCode: \"pro\", idempotencyKey: \"k\"
            }) { subscription { id } invoice { id } errors { __typename } } }",
            json!({ "account": foreign[2] }),
        )
        .await;
    let subscribed = &subscribed["createSubscription"];
    foreign.push(text(&subscribed["subscription"]["id"]));
    foreign.push(text(&subscribed["invoice"]["id"]));

    let own = world
        .ask(
            "{ meters { id } plans { edges { node { id } } }
               invoices { edges { node { id subscription { id } account { id } } } } }",
            json!({}),
        )
        .await;
    let invoice = &own["invoices"]["edges"][0]["node"];
    let own = [
        ("Meter", &own["meters"][0]["id"]),
        ("Plan", &own["plans"]["edges"][0]["node"]["id"]),
        ("BillingAccount", &invoice["account"]["id"]),
        ("BillingSubscription", &invoice["subscription"]["id"]),
        ("Invoice", &invoice["id"]),
    ];
    for ((type_name, own), foreign) in own.into_iter().zip(foreign) {
        samples.push(Sample::new(type_name, text(own), foreign));
    }
    Walk::new(&world.gateway, &billing::sdl(), samples)
        .except(
            "Customer",
            "billing does not own customers: it answers with the id that it was given, and with \
             nothing behind it for a foreign one as for an unknown one",
        )
        .except(
            "Mutation.openBillingAccount",
            "whether a customer exists is for `customers` to say: an account is opened for any id",
        )
        .check()
        .await;
    world.close().await;
}
