use futures_util::future::join_all;
use kit::demo;
use serde_json::{Value, json};

use crate::world::{World, service_key, text};

#[tokio::test]
async fn every_provider_can_be_connected_and_shows_no_secret() {
    let credentials = [
        (
            "MICROSOFT_GRAPH",
            json!({ "tenantId": "t", "clientId": "c", "clientSecret": "hush" }),
        ),
        (
            "AZURE_DEVOPS",
            json!({ "organization": "acme", "personalAccessToken": "hush" }),
        ),
        (
            "GOOGLE",
            json!({ "serviceAccountKey":
            "{\"type\":\"service_account\",\"client_email\":\"a@b\",\"private_key\":\"hush\"}" }),
        ),
        (
            "POWER_AUTOMATE",
            json!({ "url": "https://a.example/hush?sig=hush" }),
        ),
        (
            "SERVICE_KEY",
            json!({ "key": "hush", "baseUrl": "https://api.example/v1" }),
        ),
        (
            "MONGODB",
            json!({ "connectionString": "mongodb+srv://u:hush@cluster0/db" }),
        ),
        (
            "SUPABASE",
            json!({ "url": "https://x.supabase.co", "serviceRoleKey": "hush" }),
        ),
        (
            "META",
            json!({ "appId": "1", "appSecret": "hush", "accessToken": "hush" }),
        ),
        ("TELEGRAM", json!({ "botToken": "12345:hush-hush-hush" })),
        (
            "CUSTOM_OAUTH2",
            json!({
                "tokenUrl": "https://id.example/token", "clientId": "c", "clientSecret": "hush",
            }),
        ),
    ];
    for world in World::all().await {
        for (provider, fields) in &credentials {
            let input = json!({ "provider": provider, "name": "One", "fields": fields });
            let stored = world.store(input).await;
            assert_eq!(stored["errors"], json!([]), "{stored}");
            assert!(!stored.to_string().contains("hush"), "{stored}");
            let connection = &stored["connection"];
            assert_eq!(connection["status"], "ACTIVE");
            assert_eq!(
                (&connection["version"], &connection["keyVersion"]),
                (&json!(1), &json!(1))
            );
            assert_eq!(connection["owner"]["id"], json!(demo::USER_OWNER));
            let shown = world.reveal(&text(&connection["id"])).await;
            assert_eq!(&shown["values"], fields);
        }
        let data = world
            .ask("{ providers { kind fields { name required } } }", json!({}))
            .await;
        let kinds = data["providers"].as_array().expect("a list").iter();
        let kinds: Vec<_> = kinds.map(|one| text(&one["kind"])).collect();
        assert_eq!(
            kinds,
            credentials.each_ref().map(|(kind, _)| (*kind).to_owned())
        );
    }
}

#[tokio::test]
async fn a_credential_that_cannot_be_right_is_refused_with_all_its_problems() {
    for world in World::all().await {
        let input = json!({
            "provider": "META", "name": " ", "expectedVersion": 1,
            "fields": { "appId": "", "appSecret": "s", "colour": "red" },
        });
        let refused = world.store(input).await;
        let errors = refused["errors"].as_array().expect("a list");
        let paths: Vec<_> = errors.iter().map(|error| error["path"].clone()).collect();
        assert_eq!(
            paths,
            [
                json!(["input", "name"]),
                json!(["input", "expectedVersion"]),
                json!(["input", "fields", "appId"]),
                json!(["input", "fields", "accessToken"]),
                json!(["input", "fields", "colour"]),
            ]
        );
        let list = json!({ "provider": "META", "name": "One", "fields": ["a"] });
        let refused = world.store(list).await;
        assert_eq!(refused["errors"][0]["path"], json!(["input", "fields"]));
    }
}

#[tokio::test]
async fn a_call_that_is_repeated_stores_once() {
    for world in World::all().await {
        let mut input = service_key("one");
        input["idempotencyKey"] = json!("call");
        let stored = join_all((0..10).map(|_| world.store(input.clone()))).await;
        for again in &stored {
            assert_eq!(again, &stored[0]);
        }
        assert_eq!(stored[0]["errors"], json!([]));
        input["fields"] = json!({ "key": "two" });
        let reused = world.store(input).await;
        assert_eq!(reused["errors"][0]["__typename"], "ConflictError");
        assert_eq!(
            reused["errors"][0]["path"],
            json!(["input", "idempotencyKey"])
        );
        let all = world
            .ask("{ connections { edges { node { id } } } }", json!({}))
            .await;
        assert_eq!(
            all["connections"]["edges"].as_array().map(Vec::len),
            Some(1)
        );
    }
}

#[tokio::test]
async fn a_new_credential_needs_the_version_that_was_read() {
    for world in World::all().await {
        let id = world.service_key("first").await;
        let renew = |version: Value, key: &str, call: Value| {
            let mut input = service_key(key);
            input["connectionId"] = json!(id);
            input["expectedVersion"] = version;
            input["idempotencyKey"] = call;
            input
        };
        let silent = world.store(renew(json!(null), "second", json!(null))).await;
        assert_eq!(
            silent["errors"][0]["path"],
            json!(["input", "expectedVersion"])
        );

        let racing = (0..6).map(|n| world.store(renew(json!(1), &n.to_string(), json!(null))));
        let answers = join_all(racing).await;
        let (won, lost): (Vec<_>, Vec<_>) = answers
            .iter()
            .partition(|answer| answer["errors"] == json!([]));
        assert_eq!((won.len(), lost.len()), (1, 5), "{answers:?}");
        assert_eq!(lost[0]["errors"][0]["__typename"], "ConflictError");
        assert_eq!(lost[0]["errors"][0]["currentVersion"], 2);

        let done = world.store(renew(json!(2), "third", json!("call"))).await;
        assert_eq!(done["connection"]["version"], 3);
        let again = world.store(renew(json!(2), "third", json!("call"))).await;
        assert_eq!(again, done);
        assert_eq!(world.reveal(&id).await["values"], json!({ "key": "third" }));

        let mut other = renew(json!(3), "x", json!(null));
        other["provider"] = json!("TELEGRAM");
        other["fields"] = json!({ "botToken": "12345:abcdefgh" });
        let refused = world.store(other).await;
        assert_eq!(refused["errors"][0]["path"], json!(["input", "provider"]));
    }
}

#[tokio::test]
async fn a_revoked_connection_stays_without_a_credential() {
    for world in World::all().await {
        let id = world.service_key("one").await;
        let revoked = world.revoke(&id).await;
        assert_eq!(
            revoked["connection"],
            json!({ "id": id, "status": "REVOKED", "version": 2 })
        );
        assert_eq!(world.revoke(&id).await, revoked);
        let mut input = service_key("two");
        input["connectionId"] = json!(id);
        input["expectedVersion"] = json!(2);
        let refused = world.store(input).await;
        assert_eq!(refused["errors"][0]["__typename"], "ConflictError");
        let unknown = world.revoke("con_01h2xcejqtf2nbrexx3vqjhp41").await;
        assert_eq!(unknown["errors"][0]["__typename"], "NotFoundError");
        assert_eq!(world.revoke("nonsense").await, unknown);
    }
}

#[tokio::test]
async fn connections_are_listed_newest_first_and_filtered() {
    for world in World::all().await {
        let mut ids = Vec::new();
        for name in ["a", "b", "c"] {
            ids.push(world.service_key(name).await);
            world.clock.advance(std::time::Duration::from_secs(1));
        }
        world.revoke(&ids[1]).await;
        let document = "query($filter: ConnectionFilter, $after: String) {
            connections(first: 2, after: $after, filter: $filter) {
                edges { node { id } cursor } pageInfo { hasNextPage }
            }
        }";
        let list = async |variables: Value| {
            let data = world.ask(document, variables).await;
            let edges = data["connections"]["edges"]
                .as_array()
                .expect("a list")
                .clone();
            let found: Vec<_> = edges.iter().map(|edge| text(&edge["node"]["id"])).collect();
            (found, edges.last().map(|edge| edge["cursor"].clone()))
        };
        let (newest, cursor) = list(json!({})).await;
        assert_eq!(newest, [ids[2].clone(), ids[1].clone()]);
        let (rest, _) = list(json!({ "after": cursor })).await;
        assert_eq!(rest, [ids[0].clone()]);
        let (active, _) = list(json!({ "filter": { "status": ["ACTIVE"] } })).await;
        assert_eq!(active, [ids[2].clone(), ids[0].clone()]);
        for nothing in [
            json!({ "provider": ["META"] }),
            json!({ "ownerId": demo::USER_ADMIN }),
            json!({ "ownerId": "nobody" }),
        ] {
            assert!(list(json!({ "filter": nothing })).await.0.is_empty());
        }

        let data = world
            .ask(
                "query($r: [_Any!]!) { _entities(representations: $r) { ... on User {
                    connections(first: 2) { edges { node { id } } pageInfo { hasNextPage } }
                } } }",
                json!({ "r": [
                    { "__typename": "User", "id": demo::USER_OWNER },
                    { "__typename": "User", "id": demo::USER_ADMIN },
                    { "__typename": "User", "id": "nobody" },
                ] }),
            )
            .await;
        let connections = |index: usize| data["_entities"][index]["connections"].clone();
        assert_eq!(connections(0)["edges"][0]["node"]["id"], json!(ids[2]));
        assert_eq!(connections(0)["pageInfo"]["hasNextPage"], true);
        assert_eq!(connections(1)["edges"], json!([]));
        assert_eq!(connections(2)["edges"], json!([]));
    }
}
