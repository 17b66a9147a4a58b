//! Money, when many come at once.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::world::{Api, Dev};

/// Makes a plan that charges calls.
pub(crate) async fn plan(api: &Api, token: &str) {
    let make = "mutation {
        createMeter(input: { code: \"calls\", aggregation: SUM }) { errors { __typename } }
        createPlan(input: {
            code: \"crowd\", name: \"Crowd\", currency: \"EUR\", interval: MONTH, base: \"10\",
            charges: [{ meterCode: \"calls\", model: PER_UNIT, tiers: [{ unitAmount: \"0.5\" }] }]
        }) { errors { __typename } }
    }";
    let made = api.data(token, make, json!({})).await;
    assert_eq!(made["createPlan"]["errors"], json!([]));
}

/// A new customer's account, its subscription since January 2025 and the first draft invoice.
pub(crate) async fn subscribe(api: &Api, token: &str, name: &str) -> (Value, Value, Value) {
    let identify = "mutation($name: String!) { identifyCustomer(input: {
        identities: [{ kind: EXTERNAL_ID, scope: \"crowd\", value: $name }]
    }) { customer { id } } }";
    let made = api.data(token, identify, json!({ "name": name })).await;
    let open = "mutation($customer: ID!) {
        openBillingAccount(input: { customerId: $customer, currency: \"EUR\" }) { account { id } }
    }";
    let customer = &made["identifyCustomer"]["customer"]["id"];
    let made = api.data(token, open, json!({ "customer": customer })).await;
    let account = made["openBillingAccount"]["account"]["id"].clone();
    let create = "mutation($account: ID!, $name: String!) { createSubscription(input: {
        accountId: $account, planCode: \"crowd\", startAt: \"2025-01-01T00:00:00Z\",
        idempotencyKey: $name
    }) { subscription { id } invoice { id version } } }";
    let made = api
        .data(token, create, json!({ "account": account, "name": name }))
        .await;
    let made = &made["createSubscription"];
    (
        account,
        made["subscription"]["id"].clone(),
        made["invoice"].clone(),
    )
}

#[tokio::test]
async fn a_usage_event_that_is_sent_a_hundred_times_at_once_counts_once() {
    let dev = Dev::start().await;
    let token = dev.api.token("OWNER").await;
    plan(&dev.api, &token).await;
    let (account, subscription, _) = subscribe(&dev.api, &token, "once").await;

    let ingest = "mutation($event: UsageEventInput!) {
        ingestUsage(input: { events: [$event] }) {
            accepted duplicates rejected { message } errors { __typename }
        }
    }";
    let event = json!({
        "id": "the-event", "source": "crowd", "meterCode": "calls", "accountId": account,
        "value": "3", "at": "2025-01-10T12:00:00Z",
    });
    let mut calls = JoinSet::new();
    for _ in 0..100 {
        let (api, token, event) = (dev.api.clone(), token.clone(), event.clone());
        calls.spawn(async move { api.data(&token, ingest, json!({ "event": event })).await });
    }
    let (mut accepted, mut duplicates) = (0, 0);
    for answer in calls.join_all().await {
        accepted += answer["ingestUsage"]["accepted"]
            .as_u64()
            .expect("a number");
        duplicates += answer["ingestUsage"]["duplicates"]
            .as_u64()
            .expect("a number");
    }
    assert_eq!((accepted, duplicates), (1, 99));

    let query = "query($id: ID!) { subscription(id: $id) {
        currentUsage { meter { code } value amount { amount currency } }
    } }";
    let found = dev
        .api
        .data(&token, query, json!({ "id": subscription }))
        .await;
    assert_eq!(
        found["subscription"]["currentUsage"],
        json!([{
            "meter": { "code": "calls" },
            "value": "3",
            "amount": { "amount": "1.50", "currency": "EUR" },
        }])
    );
}

#[tokio::test]
async fn twenty_invoices_that_become_final_at_once_get_twenty_consecutive_numbers() {
    let dev = Dev::start().await;
    let token = dev.api.token("OWNER").await;
    plan(&dev.api, &token).await;
    let mut drafts = Vec::new();
    for number in 0..20 {
        let (_, _, draft) = subscribe(&dev.api, &token, &format!("customer-{number}")).await;
        drafts.push(draft);
    }
    let finalize = "mutation($id: ID!, $version: Int!) {
        finalizeInvoice(id: $id, expectedVersion: $version) {
            invoice { number status } errors { __typename }
        }
    }";
    let mut calls = JoinSet::new();
    for draft in drafts {
        let (api, token) = (dev.api.clone(), token.clone());
        let variables = json!({ "id": draft["id"], "version": draft["version"] });
        calls.spawn(async move { api.data(&token, finalize, variables).await });
    }
    let numbers: BTreeSet<String> = calls
        .join_all()
        .await
        .iter()
        .map(|answer| {
            let number = answer["finalizeInvoice"]["invoice"]["number"].as_str();
            number
                .unwrap_or_else(|| panic!("no number: {answer:#}"))
                .to_owned()
        })
        .collect();
    // The demo has taken the first.
    let expected: BTreeSet<String> = (2..22).map(|number| format!("INV-{number:06}")).collect();
    assert_eq!(numbers, expected);
}
