//! Usage and invoices, asked for by many at once through both gateways.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::Cluster;
use crate::world::Api;

/// The same event a hundred times at once.
pub(super) async fn usage_is_counted_once(cluster: &Cluster, token: &str) {
    const INGEST: &str = "mutation($input: IngestUsageInput!) {
        ingestUsage(input: $input) { accepted duplicates rejected { code } errors { __typename } }
    }";
    let api = &cluster.api;
    let drafts = subscribe(api, token, "once", 1).await;
    let event = json!({
        "id": "the-same", "source": "a test", "meterCode": "once",
        "accountId": drafts[0].account, "at": drafts[0].period_start,
    });
    let variables = json!({ "input": { "events": [event] } });
    let calls = (0..100).map(|_| api.data(token, INGEST, variables.clone()));
    let answers = join_all(calls).await;
    let sum = |field: &str| -> i64 {
        let counts = answers.iter().map(|answer| &answer["ingestUsage"][field]);
        counts.map(|count| count.as_i64().expect("a number")).sum()
    };
    assert_eq!((sum("accepted"), sum("duplicates")), (1, 99), "{answers:?}");

    let query = "query($id: ID!) { invoice(id: $id) { lines { kind quantity } } }";
    let data = api
        .data(token, query, json!({ "id": drafts[0].invoice }))
        .await;
    let lines = data["invoice"]["lines"].as_array().expect("lines");
    let usage = lines.iter().find(|line| line["kind"] == "USAGE");
    assert_eq!(usage.expect("a line")["quantity"], "1", "{data:#}");
}

/// Twenty drafts become final at once.
pub(super) async fn invoices_get_consecutive_numbers(cluster: &Cluster, token: &str) {
    const FINALIZE: &str = "mutation($id: ID!, $version: Int!) {
        finalizeInvoice(id: $id, expectedVersion: $version) {
            invoice { number status } errors { __typename }
        }
    }";
    let api = &cluster.api;
    let drafts = subscribe(api, token, "numbers", 20).await;
    let calls = drafts.iter().map(|draft| {
        let variables = json!({ "id": draft.invoice, "version": draft.version });
        api.data(token, FINALIZE, variables)
    });
    let answers = join_all(calls).await;
    let mut numbers: Vec<u64> = answers.iter().map(number).collect();
    numbers.sort_unstable();
    let first = numbers[0];
    assert_eq!(numbers, (first..first + 20).collect::<Vec<_>>());
}

fn number(answer: &Value) -> u64 {
    let text = answer["finalizeInvoice"]["invoice"]["number"].as_str();
    let digits = text.and_then(|text| text.strip_prefix("INV-"));
    digits
        .and_then(|digits| digits.parse().ok())
        .unwrap_or_else(|| panic!("no number: {answer:#}"))
}

/// The draft of a new account.
struct Draft {
    account: Value,
    period_start: Value,
    invoice: Value,
    version: Value,
}

/// Makes a meter and a plan with this code, and as many accounts that subscribe to it.
async fn subscribe(api: &Api, token: &str, code: &str, accounts: u32) -> Vec<Draft> {
    const OFFER: &str = "mutation($meter: CreateMeterInput!, $plan: CreatePlanInput!) {
        createMeter(input: $meter) { errors { __typename } }
        createPlan(input: $plan) { errors { __typename } }
    }";
    let offer = json!({
        "meter": { "code": code, "aggregation": "COUNT" },
        "plan": {
            "code": code, "name": code, "currency": "EUR", "interval": "MONTH", "base": "19",
            "charges": [{
                "meterCode": code, "model": "PER_UNIT", "tiers": [{ "unitAmount": "0.25" }],
            }],
        },
    });
    let offered = api.data(token, OFFER, offer).await;
    for mutation in ["createMeter", "createPlan"] {
        assert_eq!(offered[mutation]["errors"], json!([]), "{offered:#}");
    }
    let drafts = (0..accounts).map(|number| draft(api, token, code, number));
    join_all(drafts).await
}

async fn draft(api: &Api, token: &str, code: &str, number: u32) -> Draft {
    const CUSTOMER: &str = "mutation($input: IdentifyCustomerInput!) {
        identifyCustomer(input: $input) { customer { id } errors { __typename } }
    }";
    const ACCOUNT: &str = "mutation($input: OpenBillingAccountInput!) {
        openBillingAccount(input: $input) { account { id customer { id } } errors { __typename } }
    }";
    const SUBSCRIBE: &str = "mutation($input: CreateSubscriptionInput!) {
        createSubscription(input: $input) {
            subscription { currentPeriodStart }
            invoice { id version }
            errors { __typename }
        }
    }";
    let name = format!("{code}-{number}");
    let identity = json!({ "kind": "EXTERNAL_ID", "scope": "shop", "value": name });
    let input = json!({ "input": { "identities": [identity] } });
    let made = api.data(token, CUSTOMER, input).await;
    let customer = &made["identifyCustomer"]["customer"]["id"];

    let input = json!({ "input": { "customerId": customer, "currency": "EUR" } });
    let made = api.data(token, ACCOUNT, input).await;
    let account = &made["openBillingAccount"]["account"];
    assert_eq!(&account["customer"]["id"], customer, "{made:#}");

    let input = json!({ "input": {
        "accountId": account["id"], "planCode": code, "idempotencyKey": name,
    } });
    let made = api.data(token, SUBSCRIBE, input).await;
    let made = &made["createSubscription"];
    assert_eq!(made["errors"], json!([]));
    Draft {
        account: account["id"].clone(),
        period_start: made["subscription"]["currentPeriodStart"].clone(),
        invoice: made["invoice"]["id"].clone(),
        version: made["invoice"]["version"].clone(),
    }
}
