//! Every subscription tells what changes, with fields of other subgraphs, to its tenant alone.

use std::time::Duration;

use serde_json::{Value, json};

use crate::billing;
use crate::clients::{self, Client};
use crate::graph::{collection, upload_to};
use crate::meta::{Message, Page};
use crate::tenants::stranger;
use crate::world::{Api, Dev};

fn listen(transport: &str, api: &Api, token: &str, query: &str) -> Client {
    let url = format!("{}/graphql", api.base);
    Client::start("subscribe.mjs", &[transport, &url, token, query])
}

/// The first thing that is told, when `change` is done until something is: a client cannot know
/// when its subscription stands.
async fn first(mut client: Client, mut change: impl AsyncFnMut(usize)) -> Value {
    for number in 0.. {
        change(number).await;
        while let Ok(line) = tokio::time::timeout(Duration::from_millis(500), client.next()).await {
            if line.get("ready").is_none() {
                assert_eq!(line.get("errors"), None, "{line:#}");
                client.stop().await;
                return line["data"].clone();
            }
        }
        assert!(number < 20, "nothing is told");
    }
    unreachable!("it ends before")
}

const IDENTIFY: &str = "mutation($name: String!) { identifyCustomer(input: {
    identities: [{ kind: EXTERNAL_ID, scope: \"shop\", value: $name }]
    traits: { displayName: $name }
}) { customer { id } errors { __typename } } }";

const STORE: &str = "mutation($name: String!) { storeCredential(input: {
    provider: TELEGRAM, name: $name, fields: { botToken: \"1234567890:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" }
}) { connection { id } errors { __typename ... on UserError { message } } } }";

#[tokio::test]
async fn every_subscription_tells_of_changes_with_fields_of_other_subgraphs() {
    if !clients::installed() {
        return;
    }
    let dev = Dev::start().await;
    let (api, token) = (&dev.api, dev.api.token("OWNER").await);

    let query = "subscription { customerChanged { kind customer { displayName invoices { edges { node { id } } } } } }";
    let told = first(listen("sse", api, &token, query), async |number| {
        api.data(
            &token,
            IDENTIFY,
            json!({ "name": format!("customer-{number}") }),
        )
        .await;
    });
    let told = told.await;
    let told = &told["customerChanged"];
    assert_eq!(told["kind"], "CREATED");
    let name = told["customer"]["displayName"].as_str();
    assert!(
        name.is_some_and(|name| name.starts_with("customer-")),
        "{told:#}"
    );
    assert_eq!(told["customer"]["invoices"], json!({ "edges": [] }));

    let query = "subscription { connectionStatusChanged { status owner { displayName } } }";
    let told = first(listen("ws", api, &token, query), async |number| {
        api.data(&token, STORE, json!({ "name": format!("Bot {number}") }))
            .await;
    });
    let expected = json!({ "status": "ACTIVE", "owner": { "displayName": "Olga Owens" } });
    assert_eq!(told.await["connectionStatusChanged"], expected);

    let found = api
        .data(
            &token,
            "{ connections { edges { node { id name } } } }",
            json!({}),
        )
        .await;
    let connection = found["connections"]["edges"][0]["node"].clone();
    let query =
        "subscription { secretAccessed { purpose connection { name owner { displayName } } } }";
    let told = first(listen("sse", api, &token, query), async |_| {
        let reveal = "mutation($id: ID!) {
            revealCredential(input: { connectionId: $id, purpose: \"a look\" }) { accessId }
        }";
        api.data(&token, reveal, json!({ "id": connection["id"] }))
            .await;
    });
    let of = json!({ "name": connection["name"], "owner": { "displayName": "Olga Owens" } });
    let expected = json!({ "purpose": "a look", "connection": of });
    assert_eq!(told.await["secretAccessed"], expected);

    let into = collection(api, &token).await;
    let query = "subscription { fileChanged { kind file { size owner { displayName } } } }";
    let told = first(listen("ws", api, &token, query), async |number| {
        upload_to(api, &token, &into, &format!("{number}.txt"), "four").await;
    });
    let file = json!({ "size": 4, "owner": { "displayName": "Olga Owens" } });
    assert_eq!(
        told.await["fileChanged"],
        json!({ "kind": "CREATED", "file": file })
    );

    billing::plan(api, &token).await;
    let (account, ..) = billing::subscribe(api, &token, "payer").await;
    let query = "subscription { invoiceFinalized {
        status account { customer { identities { value } } }
    } }";
    let told = first(listen("sse", api, &token, query), async |_| {
        // The draft of the next period stands where the one before became final.
        let drafts = "query($account: ID!) {
            invoices(filter: { status: [DRAFT], accountId: $account }) {
                edges { node { id version } }
            }
        }";
        let found = api.data(&token, drafts, json!({ "account": account }));
        let draft = found.await["invoices"]["edges"][0]["node"].clone();
        let finalize = "mutation($id: ID!, $version: Int!) {
            finalizeInvoice(id: $id, expectedVersion: $version) { errors { __typename } }
        }";
        let done = api.data(&token, finalize, draft).await;
        assert_eq!(done["finalizeInvoice"]["errors"], json!([]));
    });
    let account = json!({ "customer": { "identities": [{ "value": "payer" }] } });
    assert_eq!(
        told.await["invoiceFinalized"],
        json!({ "status": "FINALIZED", "account": account })
    );
}

#[tokio::test]
async fn subscribers_hear_nothing_of_another_tenant() {
    if !clients::installed() {
        return;
    }
    let dev = Dev::start().await;
    let api = &dev.api;
    let tokens = [api.token("OWNER").await, stranger(&dev).await];
    let pages = [
        Page::open(api, &tokens[0], "100000000000881").await,
        Page::open(api, &tokens[1], "100000000000882").await,
    ];
    let all = "subscription { webhookReceived { node { message { externalId } } } }".to_owned();
    let theirs = format!(
        "subscription {{ webhookReceived(appId: \"{}\") {{ node {{ message {{ externalId }} }} }} }}",
        pages[1].app
    );
    // Ours listens to all there is, and to what is theirs.
    let mut of_theirs = listen("ws", api, &tokens[0], &theirs);
    for (own, transport) in [(0, "ws"), (1, "sse")] {
        let told = first(listen(transport, api, &tokens[own], &all), async |number| {
            let mid = format!("of-{}-{number}", 1 - own);
            pages[1 - own]
                .deliver(&[Message {
                    mid: &mid,
                    sender: "s",
                }])
                .await;
            let mid = format!("of-{own}-{number}");
            pages[own]
                .deliver(&[Message {
                    mid: &mid,
                    sender: "s",
                }])
                .await;
        });
        let told = told.await;
        let mid = told["webhookReceived"]["node"]["message"]["externalId"].as_str();
        let expected = format!("of-{own}-");
        assert!(
            mid.is_some_and(|mid| mid.starts_with(&expected)),
            "{told:#}"
        );
    }
    assert_eq!(of_theirs.next().await, json!({ "ready": true }));
    let heard = tokio::time::timeout(Duration::from_millis(500), of_theirs.next()).await;
    assert!(heard.is_err(), "{heard:?}");
    of_theirs.stop().await;
}
