//! Two tenants on one graph: what belongs to the other does not exist.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::graph::upload_to;
use crate::meta::{Message, Page};
use crate::world::{Api, Dev};

/// Scopes with which a program of the other tenant makes one of everything.
const SCOPES: &str = "files:read,files:write,files:admin,integrations:read,integrations:write,\
    integrations:audit,apps:read,apps:write,webhooks:read,customers:read,customers:write,\
    billing:read,billing:write,billing:meter,billing:finalize,billing:admin";

/// A token of the demo's other tenant. No door hands one out, so its program is given a secret and
/// scopes where an operator would: in the database.
pub(crate) async fn stranger(dev: &Dev) -> String {
    let secret = "a secret for this test only";
    let mut hash = Sha256::new();
    hash.update(b"tenon client secret ");
    hash.update(secret);
    let options = SqliteConnectOptions::new().filename(dev.data.path().join("identity.sqlite"));
    let mut database = SqliteConnection::connect_with(&options)
        .await
        .expect("the database");
    let changed = sqlx::query(
        "UPDATE service_account SET secret_hash = $1, scopes = $2 WHERE client_id = 'globex-meter'",
    )
    .bind(hash.finalize().to_vec())
    .bind(SCOPES)
    .execute(&mut database)
    .await
    .expect("the program is there");
    assert_eq!(changed.rows_affected(), 1);
    database.close().await.expect("the database closes");

    let form = format!(
        "grant_type=client_credentials&client_id=globex-meter&client_secret={}",
        secret.replace(' ', "+")
    );
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let (status, _, body) = dev
        .api
        .send(Method::POST, "/auth/token", &headers, form)
        .await;
    assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
    let answer: Value = serde_json::from_slice(&body).expect("JSON");
    answer["access_token"].as_str().expect("a token").to_owned()
}

/// An id of the same kind that nothing has.
fn unknown(id: &str) -> String {
    let (start, last) = id.split_at(id.len() - 1);
    format!("{start}{}", if last == "0" { "1" } else { "0" })
}

fn id(value: &Value) -> String {
    value["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id in {value:#}"))
        .to_owned()
}

/// Ids of one thing of every kind, made with this token, and the words with which to ask for them.
async fn everything(api: &Api, token: &str) -> Vec<(&'static str, String)> {
    let make = "mutation {
        createFileCollection(input: { slug: \"theirs\" }) { collection { id } }
        storeCredential(input: {
            provider: TELEGRAM, name: \"Bot\", fields: { botToken: \"1234567890:theirs-theirs-theirs-theirs-thei\" }
        }) { connection { id } errors { __typename ... on UserError { message } } }
        createMeter(input: { code: \"calls\", aggregation: COUNT }) { meter { id } }
        createPlan(input: {
            code: \"theirs\", name: \"Theirs\", currency: \"EUR\", interval: MONTH, base: \"1\", charges: []
        }) { plan { id } }
        identifyCustomer(input: {
            identities: [{ kind: EMAIL, scope: \"tenant\", value: \"them@globex.example\" }]
        }) { customer { id } }
    }";
    let made = api.data(token, make, json!({})).await;
    let collection = id(&made["createFileCollection"]["collection"]);
    let connection = id(&made["storeCredential"]["connection"]);
    let customer = id(&made["identifyCustomer"]["customer"]);
    let open = "mutation($customer: ID!) {
        openBillingAccount(input: { customerId: $customer, currency: \"EUR\" }) { account { id } }
    }";
    let made = api.data(token, open, json!({ "customer": customer })).await;
    let account = id(&made["openBillingAccount"]["account"]);
    let subscribe = "mutation($account: ID!) { createSubscription(input: {
        accountId: $account, planCode: \"theirs\", idempotencyKey: \"theirs\"
    }) { subscription { id } invoice { id } } }";
    let made = api
        .data(token, subscribe, json!({ "account": account }))
        .await;
    let subscription = id(&made["createSubscription"]["subscription"]);
    let invoice = id(&made["createSubscription"]["invoice"]);
    let page = Page::open(api, token, "100000000000222").await;
    page.deliver(&[Message {
        mid: "theirs",
        sender: "theirs",
    }])
    .await;
    let events = "{ webhookEvents { edges { node { id } } } }";
    let found = api.data(token, events, json!({})).await;
    let event = id(&found["webhookEvents"]["edges"][0]["node"]);
    let (upload, file) = upload_to(api, token, &collection, "theirs.txt", "theirs").await;
    vec![
        ("app", page.app),
        ("webhookEvent", event),
        ("connection", connection),
        ("customer", customer),
        ("billingAccount", account),
        ("subscription", subscription),
        ("invoice", invoice),
        ("file", file),
        ("upload", upload),
        ("collection", collection),
    ]
}

/// Operations that take the id of a kind of thing as `$id`.
const OPERATIONS: [(&str, &str); 24] = [
    ("app", "query($id: ID!) { app(id: $id) { id name webhookEvents { edges { node { id } } } } }"),
    ("app", "query($id: ID!) { webhookEvents(filter: { appId: $id }) { edges { node { id } } } }"),
    ("app", "mutation($id: ID!) { createWebhookSource(input: { appId: $id, kind: HMAC_GENERIC }) {
        source { url } errors { __typename ... on UserError { code message path } } } }"),
    ("webhookEvent", "query($id: ID!) { webhookEvent(id: $id) { id type customer { id } } }"),
    ("connection", "query($id: ID!) { connection(id: $id) { id name hint } }"),
    ("connection", "query($id: ID!) { secretAccessLog(connectionId: $id) { edges { node { id } } } }"),
    ("connection", "mutation($id: ID!) { revealCredential(input: { connectionId: $id, purpose: \"theft\" }) {
        values accessId errors { __typename ... on UserError { code message path } } } }"),
    ("connection", "mutation($id: ID!) { storeCredential(input: {
        connectionId: $id, provider: TELEGRAM, name: \"Bot\", expectedVersion: 1,
        fields: { botToken: \"1234567890:stolen-stolen-stolen-stolen-sto\" }
    }) { connection { id } errors { __typename ... on UserError { code message path } } } }"),
    ("connection", "mutation($id: ID!) { revokeConnection(id: $id) {
        connection { id } errors { __typename ... on UserError { code message path } } } }"),
    ("customer", "query($id: ID!) { customer(id: $id) { id displayName invoices { edges { node { id } } } } }"),
    ("customer", "mutation($id: ID!) { updateCustomer(input: { id: $id, expectedVersion: 1, email: \"a@b.example\" }) {
        customer { id } errors { __typename ... on UserError { code message path } } } }"),
    ("billingAccount", "query($id: ID!) { billingAccount(id: $id) { id currency } }"),
    ("billingAccount", "query($id: ID!) { invoices(filter: { accountId: $id }) { edges { node { id } } } }"),
    ("billingAccount", "mutation($id: ID!) { createSubscription(input: {
        accountId: $id, planCode: \"growth\", idempotencyKey: \"theft\"
    }) { subscription { id } errors { __typename ... on UserError { code message path } } } }"),
    ("billingAccount", "mutation($id: ID!) { ingestUsage(input: { events: [{
        id: \"e\", source: \"s\", meterCode: \"messages\", accountId: $id, at: \"2025-01-01T00:00:00Z\"
    }] }) { accepted rejected { id code message } errors { __typename } } }"),
    ("subscription", "query($id: ID!) { subscription(id: $id) { id status plan { code } } }"),
    ("invoice", "query($id: ID!) { invoice(id: $id) { id status total { amount } } }"),
    ("invoice", "mutation($id: ID!) { finalizeInvoice(id: $id, expectedVersion: 1) {
        invoice { id } errors { __typename ... on UserError { code message path } } } }"),
    ("file", "query($id: ID!) { file(id: $id) { id name size signedUrl { url } owner { id } } }"),
    ("file", "mutation($id: ID!) { updateFile(input: { id: $id, name: \"ours\" }) {
        file { id } errors { __typename ... on UserError { code message path } } } }"),
    ("file", "mutation($id: ID!) { deleteFile(id: $id) {
        deletedFileId errors { __typename ... on UserError { code message path } } } }"),
    ("upload", "query($id: ID!) { upload(id: $id) { id url offset file { id } } }"),
    ("upload", "mutation($id: ID!) { cancelUpload(id: $id) {
        upload { id } errors { __typename ... on UserError { code message path } } } }"),
    ("collection", "mutation($id: ID!) { createUpload(input: { name: \"n\", collectionId: $id, size: 1 }) {
        upload { id } errors { __typename ... on UserError { code message path } } } }"),
];

/// Status, headers without those that differ with every answer, and body.
async fn answer(
    api: &Api,
    token: &str,
    method: Method,
    target: &str,
    body: String,
) -> (StatusCode, Vec<(String, String)>, String) {
    let authorization = format!("Bearer {token}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
        ("accept", "application/json"),
        ("tus-resumable", "1.0.0"),
    ];
    let (status, headers, body) = api.send(method, target, &headers, body).await;
    let headers = headers
        .iter()
        .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned()))
        .collect();
    (
        status,
        headers,
        String::from_utf8(body.to_vec()).expect("text"),
    )
}

#[tokio::test]
async fn ids_of_another_tenant_are_answered_as_ids_that_nothing_has() {
    let dev = Dev::start().await;
    let theirs = stranger(&dev).await;
    let ours = dev.api.token("OWNER").await;
    let things = everything(&dev.api, &theirs).await;
    for (kind, operation) in OPERATIONS {
        let (_, id) = things
            .iter()
            .find(|(name, _)| *name == kind)
            .expect("one of each");
        let ask = async |token: &str, id: &str| {
            let body = json!({ "query": operation, "variables": { "id": id } }).to_string();
            answer(&dev.api, token, Method::POST, "/graphql", body).await
        };
        let foreign = ask(&ours, id).await;
        assert_eq!(foreign, ask(&ours, &unknown(id)).await, "{operation}");
        assert!(
            !foreign.2.contains("INTERNAL"),
            "{operation}\n{}",
            foreign.2
        );
        assert!(
            !foreign.2.contains("VALIDATION"),
            "{operation}\n{}",
            foreign.2
        );
        // Who asks for their own is answered otherwise: the question was a good one.
        if operation.starts_with("query") && !operation.contains("secretAccessLog") {
            assert_ne!(foreign, ask(&theirs, id).await, "{operation}");
        }
    }
    let id = |kind| {
        &things
            .iter()
            .find(|(name, _)| *name == kind)
            .expect("one of each")
            .1
    };
    for (method, path, kind) in [
        (Method::GET, "/files/", "file"),
        (Method::HEAD, "/files/", "file"),
        (Method::HEAD, "/files/uploads/", "upload"),
        (Method::DELETE, "/files/uploads/", "upload"),
    ] {
        let ask = async |id: &str| {
            let target = format!("{path}{id}");
            answer(&dev.api, &ours, method.clone(), &target, String::new()).await
        };
        let foreign = ask(id(kind)).await;
        assert!(foreign.0.is_client_error(), "{method} {path}: {foreign:?}");
        assert_eq!(foreign, ask(&unknown(id(kind))).await, "{method} {path}");
    }

    // Nothing of theirs has changed, and nobody has seen their secret.
    let query = "query($connection: ID!, $file: ID!, $invoice: ID!) {
        connection(id: $connection) { status version }
        file(id: $file) { name version }
        invoice(id: $invoice) { status }
        secretAccessLog { edges { node { id } } }
    }";
    let variables = json!({
        "connection": id("connection"), "file": id("file"), "invoice": id("invoice"),
    });
    assert_eq!(
        dev.api.data(&theirs, query, variables).await,
        json!({
            "connection": { "status": "ACTIVE", "version": 1 },
            "file": { "name": "theirs.txt", "version": 1 },
            "invoice": { "status": "DRAFT" },
            "secretAccessLog": { "edges": [] },
        })
    );
}

#[tokio::test]
async fn lists_and_subgraphs_entries_show_nothing_of_another_tenant() {
    let dev = Dev::start().await;
    let theirs = stranger(&dev).await;
    let things = everything(&dev.api, &theirs).await;
    let ours = dev.api.token("OWNER").await;
    let lists = "{
        apps { edges { node { id } } }
        webhookEvents { edges { node { id } } }
        customers { edges { node { id } } }
        connections { edges { node { id } } }
        invoices { edges { node { id } } }
        files { edges { node { id } } }
        fileCollections { edges { node { id } } }
        users { edges { node { id } } }
        meters { code }
        plans { edges { node { code } } }
    }";
    let seen = dev.api.data(&ours, lists, json!({})).await.to_string();
    for (kind, id) in &things {
        assert!(!seen.contains(id.as_str()), "{kind} {id}");
    }
    assert!(!seen.contains("theirs"), "{seen}");

    // Entities are fetched by the gateway alone; clients cannot name them.
    for query in [
        "{ _entities(representations: []) { __typename } }",
        "{ _service { sdl } }",
    ] {
        let answer = dev.api.ask(&ours, query, json!({})).await;
        assert!(answer["errors"][0]["message"].is_string(), "{answer:#}");
        assert_eq!(answer.get("data"), None, "{answer:#}");
    }
}
