use futures_util::future::join_all;
use kit::demo;
use serde_json::{Value, json};

use crate::world::{INGEST, World, event, per_unit, somebody};

#[tokio::test]
async fn the_same_event_sent_100_times_at_once_is_counted_once() {
    for world in World::all().await {
        world.meter("calls", "COUNT").await;
        world.plan("pro", json!([per_unit("calls", "0.01")])).await;
        let account = world.account(1).await;
        let draft = world.draft(&account, "pro").await;

        let somebody = somebody(demo::TENANT);
        let input = json!({ "input": { "events": [event("e1", "calls", &account, None)] } });
        let calls = (0..100).map(|_| world.gateway.json(&somebody, INGEST, input.clone()));
        let answers = join_all(calls).await;
        let count = |name: &str| -> u64 {
            let counts = answers
                .iter()
                .map(|answer| &answer["data"]["ingestUsage"][name]);
            counts.map(|count| count.as_u64().expect("a count")).sum()
        };
        assert_eq!(count("accepted"), 1);
        assert_eq!(count("duplicates"), 99);

        let lines = &world.invoice(&draft).await["lines"];
        assert_eq!(lines[1]["quantity"], "1");
        world.close().await;
    }
}

#[tokio::test]
async fn batches_with_common_events_in_any_order_count_each_once() {
    for world in World::all().await {
        world.meter("bytes", "SUM").await;
        world.plan("pro", json!([per_unit("bytes", "1")])).await;
        let accounts = [world.account(1).await, world.account(2).await];
        let drafts = [
            world.draft(&accounts[0], "pro").await,
            world.draft(&accounts[1], "pro").await,
        ];
        let events: Vec<Value> = (0..30)
            .map(|n| event(&format!("e{n}"), "bytes", &accounts[n % 2], Some("0.1")))
            .collect();
        let batches = (0..8).map(|shift| {
            let mut batch = events.clone();
            batch.rotate_left(shift * 7 % 30);
            if shift % 2 == 1 {
                batch.reverse();
            }
            world.ingest(Value::Array(batch))
        });
        let answers = join_all(batches).await;
        let accepted: u64 = answers
            .iter()
            .map(|answer| answer["accepted"].as_u64().expect("a count"))
            .sum();
        assert_eq!(accepted, 30);
        for draft in drafts {
            // Fifteen tenths, exactly.
            assert_eq!(world.invoice(&draft).await["lines"][1]["quantity"], "1.5");
        }
        world.close().await;
    }
}

#[tokio::test]
async fn events_that_cannot_be_counted_are_rejected_one_by_one() {
    for world in World::all().await {
        world.meter("calls", "COUNT").await;
        world.meter("bytes", "SUM").await;
        let account = world.account(1).await;
        let mut future = event("future", "calls", &account, None);
        future["at"] = json!("2026-03-15T14:00:00Z");
        let answer = world
            .ingest(json!([
                event("good", "calls", &account, None),
                event("good", "calls", &account, None),
                event("meter", "nothing", &account, None),
                event("value", "bytes", &account, None),
                event("negative", "bytes", &account, Some("-1")),
                event("fine", "bytes", &account, Some("0.0000000000001")),
                event("account", "calls", "bac_01h2xcejqtf2nbrexx3vqjhp41", None),
                event("", "calls", &account, None),
                future,
            ]))
            .await;
        assert_eq!(answer["accepted"], 1);
        assert_eq!(answer["duplicates"], 1);
        let rejected: Vec<_> = answer["rejected"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| one["code"].as_str().expect("a code"))
            .collect();
        assert_eq!(
            rejected,
            [
                "UNKNOWN_METER",
                "VALUE_MISSING",
                "BAD_VALUE",
                "BAD_VALUE",
                "BAD_ID",
                "IN_FUTURE",
                "UNKNOWN_ACCOUNT",
            ]
        );

        let many: Vec<_> = (0..501)
            .map(|n| event(&n.to_string(), "calls", &account, None))
            .collect();
        let answer = world.ingest(Value::Array(many)).await;
        assert_eq!(
            answer["errors"],
            json!([{ "__typename": "QuotaExceededError", "limit": 500, "used": 501 }])
        );
        world.close().await;
    }
}

#[tokio::test]
async fn a_draft_follows_the_usage_exactly() {
    for world in World::all().await {
        world.meter("calls", "COUNT").await;
        world.meter("bytes", "SUM").await;
        world.meter("seats", "MAX").await;
        world.meter("level", "LATEST").await;
        let charges = json!([
            {
                "meterCode": "calls", "model": "GRADUATED", "tiers": [
                    { "upTo": "2", "unitAmount": "0.0149" },
                    { "unitAmount": "0.0151", "flatAmount": "1" },
                ],
            },
            {
                "meterCode": "bytes", "model": "PACKAGE",
                "tiers": [{ "upTo": "10", "unitAmount": "0", "flatAmount": "0.30" }],
            },
            {
                "meterCode": "seats", "model": "VOLUME", "tiers": [
                    { "upTo": "5", "unitAmount": "2" }, { "unitAmount": "1.5" },
                ],
            },
            {
                "meterCode": "level", "model": "PER_UNIT",
                "tiers": [{ "unitAmount": "1" }], "freeUnits": "3", "minimum": "2.50",
            },
        ]);
        let plan = world.plan("pro", charges).await;
        assert_eq!(plan["errors"], json!([]));
        let account = world.account(1).await;
        let draft = world.draft(&account, "pro").await;
        let mut late = event("l2", "level", &account, Some("4"));
        late["at"] = json!("2026-03-06T00:00:00Z");
        world
            .ingest(json!([
                event("c1", "calls", &account, None),
                event("c2", "calls", &account, None),
                event("c3", "calls", &account, None),
                event("b1", "bytes", &account, Some("10.1")),
                event("s1", "seats", &account, Some("7")),
                event("s2", "seats", &account, Some("6")),
                late,
                event("l1", "level", &account, Some("9")),
            ]))
            .await;
        let invoice = world.invoice(&draft).await;
        let lines: Vec<_> = invoice["lines"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|line| {
                let part = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
                let amount = line["amount"]["amount"].as_str().expect("an amount");
                (part("kind"), part("quantity"), part("unitAmount"), amount)
            })
            .collect();
        let expected = [
            ("SUBSCRIPTION", "2", "10", "20.00"),
            ("USAGE", "2", "0.0149", "0.03"),
            ("USAGE", "1", "0.0151", "0.02"),
            ("USAGE", "1", "1", "1.00"),
            ("USAGE", "2", "0.3", "0.60"),
            ("USAGE", "7", "1.5", "10.50"),
            ("USAGE", "1", "1", "1.00"),
            ("MINIMUM", "1", "1.5", "1.50"),
        ];
        let expected = expected.map(|(kind, quantity, price, amount)| {
            (
                kind.to_owned(),
                quantity.to_owned(),
                price.to_owned(),
                amount,
            )
        });
        assert_eq!(lines, expected);
        assert_eq!(
            invoice["total"],
            json!({ "amount": "34.65", "currency": "EUR" })
        );
        assert_eq!(invoice["subtotal"], json!({ "amount": "34.65" }));

        let usage = world
            .ask(
                "query($id: ID!) { invoice(id: $id) { subscription { currentUsage {
                    meter { code } value amount { amount }
                } } } }",
                json!({ "id": draft }),
            )
            .await;
        assert_eq!(
            usage["invoice"]["subscription"]["currentUsage"],
            json!([
                { "meter": { "code": "calls" }, "value": "3", "amount": { "amount": "1.05" } },
                { "meter": { "code": "bytes" }, "value": "10.1", "amount": { "amount": "0.60" } },
                { "meter": { "code": "seats" }, "value": "7", "amount": { "amount": "10.50" } },
                { "meter": { "code": "level" }, "value": "4", "amount": { "amount": "2.50" } },
            ])
        );
        world.close().await;
    }
}

#[tokio::test]
async fn what_was_used_before_the_subscription_is_not_charged() {
    for world in World::all().await {
        world.meter("calls", "COUNT").await;
        world.plan("pro", json!([per_unit("calls", "0.01")])).await;
        let account = world.account(1).await;
        let mut before = event("before", "calls", &account, None);
        before["at"] = json!("2026-02-28T23:59:59Z");
        let mut first = event("first", "calls", &account, None);
        first["at"] = json!("2026-03-01T00:00:00Z");
        world.ingest(json!([before, first])).await;
        let draft = world.draft(&account, "pro").await;
        assert_eq!(world.invoice(&draft).await["lines"][1]["quantity"], "1");
        let done = world.finalize(&draft, 1).await;
        assert_eq!(done["invoice"]["total"]["amount"], "20.01");
        world.close().await;
    }
}
