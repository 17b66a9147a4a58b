use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use futures_util::stream::BoxStream;
use kit::demo;
use serde_json::{Value, json};

use crate::world::{World, event, per_unit, somebody, text};

#[tokio::test]
async fn invoices_finalised_at_once_get_consecutive_numbers() {
    for world in World::all().await {
        world.plan("pro", json!([])).await;
        let mut drafts = Vec::new();
        for number in 1..=20 {
            let account = world.account(number).await;
            drafts.push(world.draft(&account, "pro").await);
        }
        let answers = join_all(drafts.iter().map(|draft| world.finalize(draft, 1))).await;
        let numbers: BTreeSet<_> = answers
            .iter()
            .map(|answer| text(&answer["invoice"]["number"]))
            .collect();
        let expected: BTreeSet<_> = (1..=20).map(|n| format!("INV-{n:06}")).collect();
        assert_eq!(numbers, expected);

        // What fails takes no number.
        let again = world.finalize(&drafts[0], 1).await;
        assert_eq!(again["invoice"], json!(null));
        let account = world.account(21).await;
        let next = world.draft(&account, "pro").await;
        let last = world.finalize(&next, 1).await;
        assert_eq!(last["invoice"]["number"], "INV-000021");
        world.close().await;
    }
}

#[tokio::test]
async fn of_many_calls_for_one_invoice_one_wins() {
    for world in World::all().await {
        world.plan("pro", json!([])).await;
        let account = world.account(1).await;
        let draft = world.draft(&account, "pro").await;
        let answers = join_all((0..10).map(|_| world.finalize(&draft, 1))).await;
        let (won, lost): (Vec<_>, Vec<_>) = answers
            .iter()
            .partition(|answer| answer["errors"] == json!([]));
        assert_eq!((won.len(), lost.len()), (1, 9));
        for answer in lost {
            assert_eq!(
                answer["errors"],
                json!([{
                    "__typename": "ImmutableInvoiceError", "code": "IMMUTABLE_INVOICE",
                    "path": ["id"], "status": "FINALIZED",
                }])
            );
        }
        world.close().await;
    }
}

#[tokio::test]
async fn only_the_version_that_was_read_becomes_final() {
    for world in World::all().await {
        world.plan("pro", json!([])).await;
        let account = world.account(1).await;
        let draft = world.draft(&account, "pro").await;
        let stale = world.finalize(&draft, 7).await;
        assert_eq!(
            stale["errors"],
            json!([{
                "__typename": "ConflictError", "code": "CONFLICT",
                "path": ["expectedVersion"], "currentVersion": 1,
            }])
        );
        assert_eq!(world.invoice(&draft).await["status"], "DRAFT");
        let unknown = world.finalize("inv_01h2xcejqtf2nbrexx3vqjhp41", 1).await;
        assert_eq!(unknown["errors"][0]["__typename"], "NotFoundError");
        assert_eq!(world.finalize("nonsense", 1).await, unknown);
        world.close().await;
    }
}

#[tokio::test]
async fn a_final_invoice_never_changes_and_late_usage_is_on_the_next() {
    for world in World::all().await {
        world.meter("calls", "COUNT").await;
        world.plan("pro", json!([per_unit("calls", "0.10")])).await;
        let account = world.account(1).await;
        let draft = world.draft(&account, "pro").await;
        world
            .ingest(json!([event("e1", "calls", &account, None)]))
            .await;
        let done = world.finalize(&draft, 1).await;
        assert_eq!(done["invoice"]["total"]["amount"], "20.10");
        assert_eq!(done["invoice"]["version"], 2);
        assert_eq!(done["invoice"]["finalizedAt"], "2026-03-15T12:00:00Z");
        let before = world.invoice(&draft).await;

        // It happened on the same day as the first, and is heard of later.
        let late = [
            event("e2", "calls", &account, None),
            event("e3", "calls", &account, None),
        ];
        world.ingest(json!(late)).await;
        world.plan("pro", json!([per_unit("calls", "9")])).await;
        assert_eq!(world.invoice(&draft).await, before);

        let drafts = world
            .ask(
                "query($filter: InvoiceFilter) { invoices(filter: $filter) { edges { node {
                    id lines { quantity unitAmount amount { amount } periodStart periodEnd }
                } } } }",
                json!({ "filter": { "accountId": account, "status": ["DRAFT"] } }),
            )
            .await;
        let edges = drafts["invoices"]["edges"].as_array().expect("a list");
        assert_eq!(edges.len(), 1);
        assert_eq!(
            edges[0]["node"]["lines"][1],
            json!({
                "quantity": "2", "unitAmount": "0.1", "amount": { "amount": "0.20" },
                "periodStart": "2026-04-01T00:00:00Z", "periodEnd": "2026-05-01T00:00:00Z",
            })
        );

        // The next period is in the future.
        let next = text(&edges[0]["node"]["id"]);
        let early = world.finalize(&next, 1).await;
        assert_eq!(early["errors"][0]["__typename"], "ValidationError");
        world.clock.advance(Duration::from_secs(17 * 86_400));
        let done = world.finalize(&next, 1).await;
        assert_eq!(done["invoice"]["number"], "INV-000002");
        world.close().await;
    }
}

#[tokio::test]
async fn subscribers_hear_of_each_final_invoice() {
    for world in World::all().await {
        world.plan("pro", json!([])).await;
        let accounts = [world.account(1).await, world.account(2).await];
        let document = "subscription($account: ID) { invoiceFinalized(accountId: $account) {
            number account { id } total { amount }
        } }";
        let somebody = somebody(demo::TENANT);
        let only = json!({ "account": accounts[1] });
        let all = world.gateway.subscribe(&somebody, document, json!({}));
        let mut all = begun(&world, &accounts[1], all.await).await;
        let second = world.gateway.subscribe(&somebody, document, only);
        let mut second = begun(&world, &accounts[1], second.await).await;

        let mut numbers = Vec::new();
        for account in &accounts {
            let done = world.subscribe(account, "pro", account).await;
            let done = world.finalize(&text(&done["invoice"]["id"]), 1).await;
            numbers.push(text(&done["invoice"]["number"]));
        }
        for number in &numbers {
            let invoice = until(&mut all, number, |_| true).await;
            assert_eq!(invoice["total"]["amount"], "20.00");
        }
        let of_second = |invoice: &Value| invoice["account"]["id"] == json!(accounts[1]);
        until(&mut second, &numbers[1], of_second).await;
        world.close().await;
    }
}

/// The stream, once it has heard of something: before that nobody knows whether it has begun.
async fn begun(
    world: &World,
    account: &str,
    mut events: BoxStream<'static, Value>,
) -> BoxStream<'static, Value> {
    for _ in 0..100 {
        let key = format!("warm-{}", world.count());
        let done = world.subscribe(account, "pro", &key).await;
        world.finalize(&text(&done["invoice"]["id"]), 1).await;
        let heard = tokio::time::timeout(Duration::from_millis(200), events.next()).await;
        if let Ok(event) = heard {
            assert!(event.is_some(), "the stream goes on");
            return events;
        }
    }
    panic!("the subscription does not begin");
}

/// Reads up to the invoice with this number; every one on the way is wanted.
async fn until(
    events: &mut BoxStream<'static, Value>,
    number: &str,
    is_wanted: impl Fn(&Value) -> bool,
) -> Value {
    loop {
        let event = tokio::time::timeout(Duration::from_secs(20), events.next())
            .await
            .expect("an event in time")
            .expect("an event");
        let invoice = &event["data"]["invoiceFinalized"];
        assert!(is_wanted(invoice), "{event}");
        if invoice["number"] == number {
            return invoice.clone();
        }
    }
}
