//! The printed schema.

#[test]
fn the_printed_schema_has_what_other_subgraphs_build_on() {
    let sdl = apps::sdl();
    for line in [
        "type App implements Node @key(fields: \"id\") {",
        "type WebhookEvent implements Node @key(fields: \"id\") {",
        "type WebhookSender @shareable {",
        "type User @key(fields: \"id\", resolvable: false) {",
    ] {
        assert!(sdl.contains(line), "{line}\n{sdl}");
    }
}

#[test]
fn the_subscription_asks_for_its_scope() {
    let sdl = apps::sdl();
    let line = sdl.lines().find(|line| line.contains("webhookReceived("));
    let scope = "@requiresScopes(scopes: [[\"webhooks:read\"]])";
    assert!(line.is_some_and(|line| line.contains(scope)), "{line:?}");
}
