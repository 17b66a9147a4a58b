use kit::demo;
use kit::testing::access::{Sample, Walk};
use serde_json::json;

use crate::world::{STORE, World, service_key, text};

#[tokio::test]
async fn scopes_are_enforced_and_tenants_are_apart() {
    for world in World::all().await {
        let own = world.service_key("hush").await;
        let input = json!({ "input": service_key("hush") });
        let foreign = world.ask_in(demo::OTHER_TENANT, STORE, input).await;
        let foreign = text(&foreign["storeCredential"]["connection"]["id"]);
        let samples = vec![
            Sample::new("Connection", own, foreign),
            Sample::new("User", demo::USER_OWNER, demo::OTHER_USER),
        ];
        Walk::new(&world.gateway, &integrations::sdl(), samples)
            .except(
                "User",
                "integrations does not own users: it answers with the id that it was given, and \
                 with nothing behind it for a foreign one as for an unknown one",
            )
            .except(
                "SecretAccess",
                "a record is no entity: it is read in the log, whose field is walked",
            )
            .check()
            .await;
    }
}
