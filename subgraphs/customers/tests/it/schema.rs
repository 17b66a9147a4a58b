//! The printed schema.

#[test]
fn the_customer_of_an_event_requires_its_sender() {
    let sdl = customers::sdl();
    for line in [
        "type Customer implements Node @key(fields: \"id\") {",
        "type WebhookEvent @key(fields: \"id\") {",
        "  sender: WebhookSender @external",
        "type WebhookSender @shareable {",
    ] {
        assert!(sdl.contains(line), "{line}\n{sdl}");
    }
    let field = sdl
        .lines()
        .find(|line| line.trim_start().starts_with("customer: Customer "));
    for directive in [
        "@requires(fields: \"sender { channel scope value }\")",
        "@requiresScopes(scopes: [[\"webhooks:read\"]])",
    ] {
        assert!(
            field.is_some_and(|field| field.contains(directive)),
            "{field:?}"
        );
    }
    assert!(
        !sdl.contains("WebhookSenderKey"),
        "the input form is ours alone\n{sdl}"
    );
}
