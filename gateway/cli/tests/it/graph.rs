//! One graph: a query walks through what five subgraphs know.

use std::path::Path;
use std::process::Command;

use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::meta::{Message, Page, hex};
use crate::world::{Api, Dev};

const WALK: &str = "query Walk($app: ID!, $file: ID!) {
    app(id: $app) {
        name
        owner { displayName }
        webhookEvents(first: 5) {
            edges { node {
                type
                message { text }
                customer {
                    displayName
                    identities { kind scope value }
                    invoices(first: 5) {
                        edges { node {
                            number
                            status
                            total { amount currency }
                            lines { description quantity unitAmount amount { amount } }
                        } }
                    }
                }
            } }
        }
    }
    file(id: $file) { name size contentHash owner { displayName email } }
}";

/// Sends a small file in one piece to a collection: the ids of the upload and the file.
pub(crate) async fn upload_to(
    api: &Api,
    token: &str,
    collection: &str,
    name: &str,
    text: &'static str,
) -> (String, String) {
    let create = "mutation($input: CreateUploadInput!) {
        createUpload(input: $input) { upload { id url } errors { __typename } }
    }";
    let input = json!({ "name": name, "collectionId": collection, "size": text.len() });
    let made = api.data(token, create, json!({ "input": input })).await;
    let upload = &made["createUpload"]["upload"];
    let headers = [
        ("tus-resumable", "1.0.0"),
        ("upload-offset", "0"),
        ("content-type", "application/offset+octet-stream"),
    ];
    let url = upload["url"].as_str().expect("a link");
    let bytes = Bytes::from_static(text.as_bytes());
    let (status, ..) = api.send(Method::PATCH, url, &headers, bytes).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let query = "query($id: ID!) { upload(id: $id) { id status file { id } } }";
    let done = api.data(token, query, json!({ "id": upload["id"] })).await;
    let done = &done["upload"];
    assert_eq!(done["status"], "COMPLETE");
    let id = |value: &Value| value["id"].as_str().expect("an id").to_owned();
    (id(done), id(&done["file"]))
}

/// The id of some collection.
pub(crate) async fn collection(api: &Api, token: &str) -> String {
    let query = "query { fileCollections(first: 1) { edges { node { id } } } }";
    let found = api.data(token, query, json!({})).await;
    let id = &found["fileCollections"]["edges"][0]["node"]["id"];
    id.as_str().expect("a collection").to_owned()
}

/// The id of the customer behind the newest event of an app.
async fn customer(api: &Api, token: &str, app: &str) -> String {
    let query = "query($app: ID!) { app(id: $app) { webhookEvents(first: 1) {
        edges { node { customer { id } } }
    } } }";
    let found = api.data(token, query, json!({ "app": app })).await;
    let customer = &found["app"]["webhookEvents"]["edges"][0]["node"]["customer"]["id"];
    customer.as_str().expect("a customer").to_owned()
}

/// Gives a customer a final invoice over January 2025: the base price and ten calls.
async fn invoice(api: &Api, token: &str, customer: &str) {
    let prepare = "mutation($customer: ID!) {
        createMeter(input: { code: \"calls\", aggregation: COUNT }) { errors { __typename } }
        createPlan(input: {
            code: \"walk\", name: \"Walk\", currency: \"EUR\", interval: MONTH, base: \"49\",
            charges: [{ meterCode: \"calls\", model: PER_UNIT, tiers: [{ unitAmount: \"0.25\" }] }]
        }) { errors { __typename } }
        openBillingAccount(input: { customerId: $customer, currency: \"EUR\" }) { account { id } }
    }";
    let made = api
        .data(token, prepare, json!({ "customer": customer }))
        .await;
    assert_eq!(made["createPlan"]["errors"], json!([]));
    let account = &made["openBillingAccount"]["account"]["id"];
    let subscribe = "mutation($account: ID!) { createSubscription(input: {
        accountId: $account, planCode: \"walk\", startAt: \"2025-01-01T00:00:00Z\",
        idempotencyKey: \"walk\"
    }) { invoice { id } } }";
    let made = api
        .data(token, subscribe, json!({ "account": account }))
        .await;
    let draft = &made["createSubscription"]["invoice"]["id"];
    let event = |number: u32| {
        json!({
            "id": format!("call-{number}"), "source": "walk", "meterCode": "calls",
            "accountId": account, "at": "2025-01-10T12:00:00Z",
        })
    };
    let events: Vec<Value> = (0..10).map(event).collect();
    let ingest = "mutation($events: [UsageEventInput!]!) {
        ingestUsage(input: { events: $events }) { accepted }
    }";
    let counted = api.data(token, ingest, json!({ "events": events })).await;
    assert_eq!(counted["ingestUsage"]["accepted"], 10);
    let query = "query($id: ID!) { invoice(id: $id) { version } }";
    let read = api.data(token, query, json!({ "id": draft })).await;
    let finalize = "mutation($id: ID!, $version: Int!) {
        finalizeInvoice(id: $id, expectedVersion: $version) {
            invoice { status } errors { __typename ... on UserError { message } }
        }
    }";
    let variables = json!({ "id": draft, "version": read["invoice"]["version"] });
    let done = api.data(token, finalize, variables).await;
    assert_eq!(
        done["finalizeInvoice"]["invoice"]["status"], "FINALIZED",
        "{done:#}"
    );
}

#[tokio::test]
async fn one_query_walks_from_an_app_to_invoices_and_from_a_file_to_its_owner() {
    let dev = Dev::start().await;
    let token = dev.api.token("OWNER").await;
    let page = Page::open(&dev.api, &token, "100000000000555").await;
    page.deliver(&[Message {
        mid: "walk-1",
        sender: "walker",
    }])
    .await;
    invoice(
        &dev.api,
        &token,
        &customer(&dev.api, &token, &page.app).await,
    )
    .await;
    let text = "Walk the line.\n";
    let collection = collection(&dev.api, &token).await;
    let (_, file) = upload_to(&dev.api, &token, &collection, "line.txt", text).await;

    let answer = dev
        .api
        .data(&token, WALK, json!({ "app": page.app, "file": file }))
        .await;
    let customer = json!({
        "displayName": null,
        "identities": [{ "kind": "FACEBOOK_PSID", "scope": page.id, "value": "walker" }],
        "invoices": { "edges": [
            { "node": {
                "number": null,
                "status": "DRAFT",
                "total": { "amount": "49.00", "currency": "EUR" },
                "lines": [
                    { "description": "Walk", "quantity": "1", "unitAmount": "49",
                      "amount": { "amount": "49.00" } },
                ],
            } },
            { "node": {
                "number": "INV-000002",
                "status": "FINALIZED",
                "total": { "amount": "51.50", "currency": "EUR" },
                "lines": [
                    { "description": "Walk", "quantity": "1", "unitAmount": "49",
                      "amount": { "amount": "49.00" } },
                    { "description": "calls", "quantity": "10", "unitAmount": "0.25",
                      "amount": { "amount": "2.50" } },
                ],
            } },
        ] },
    });
    let expected = json!({
        "app": {
            "name": "Page 100000000000555",
            "owner": { "displayName": "Olga Owens" },
            "webhookEvents": { "edges": [{ "node": {
                "type": "message.received",
                "message": { "text": "Hello" },
                "customer": customer,
            } }] },
        },
        "file": {
            "name": "line.txt",
            "size": text.len(),
            "contentHash": hex(&Sha256::digest(text)),
            "owner": { "displayName": "Olga Owens", "email": "olga@acme.example" },
        },
    });
    assert_eq!(answer, expected, "{answer:#}");
}

#[tokio::test]
async fn an_object_is_there_though_all_of_it_is_skipped() {
    let dev = Dev::start().await;
    let token = dev.api.token("OWNER").await;
    let query = "query($skip: Boolean!) {
        viewer { tenant { name @skip(if: $skip) } }
        users(first: 1) { edges { node @skip(if: $skip) { id } } }
        providers { kind @skip(if: $skip) }
    }";
    let found = dev.api.data(&token, query, json!({ "skip": true })).await;
    let providers = found["providers"].as_array().expect("providers");
    assert!(!providers.is_empty());
    assert!(providers.iter().all(|provider| *provider == json!({})));
    assert_eq!(found["viewer"], json!({ "tenant": {} }));
    assert_eq!(found["users"], json!({ "edges": [{}] }));
}

#[test]
fn the_plan_of_the_walk_shows_its_fetches() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema/supergraph.graphql");
    let output = Command::new(env!("CARGO_BIN_EXE_tenon"))
        .args(["plan", "--query", WALK, "--supergraph"])
        .arg(schema)
        .output()
        .expect("the binary runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let plan = String::from_utf8(output.stdout).expect("UTF-8");
    let outline: Vec<&str> = plan
        .lines()
        .map(str::trim)
        .filter(|line| {
            ["query:", "#", "at "]
                .iter()
                .any(|begin| line.starts_with(begin))
        })
        .collect();
    let expected = [
        "query: 5 requests, depth 3",
        "#0 apps",
        "#1 files",
        "#2 identity after #0, #1",
        "#3 customers after #0",
        "at app.webhookEvents.edges.node as WebhookEvent by { id } with { sender { channel scope value } }",
        "#4 billing after #3",
        "at app.webhookEvents.edges.node.customer as Customer by { id }",
    ];
    assert_eq!(outline, expected, "{plan}");
}

#[test]
fn a_plan_shows_what_variables_skip() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema/supergraph.graphql");
    let query = "query($more: Boolean = false) {
        viewer { __typename }
        providers @include(if: $more) { kind }
    }";
    let check = |variables: &str, format: &str, expected: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_tenon"))
            .args(["plan", "--query", query, "--variables", variables])
            .args(["--format", format, "--supergraph"])
            .arg(&schema)
            .output()
            .expect("the binary runs");
        let shown = [output.stdout, output.stderr].concat();
        let shown = String::from_utf8(shown).expect("UTF-8");
        assert!(shown.contains(expected), "{shown}");
    };
    check("{}", "text", "depth 1; 1 skipped");
    check(r#"{ "more": true }"#, "text", "2 requests, depth 1\n");
    check("{}", "json", "\"skipped\": true");
    check("{}", "dot", "style=dashed");
    check("{}", "apollo", "\"kind\": \"QueryPlan\"");
    check(r#"{ "more": 1 }"#, "text", "more");
    check("[]", "text", "the variables are not a JSON object");
}
