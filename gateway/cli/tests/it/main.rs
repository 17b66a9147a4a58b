//! What the binary promises, tried from outside: over HTTP, with other people's clients, and by
//! killing it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

mod architecture;
mod composing;
mod other_planner;
mod schema;

mod billing;
mod console;
mod everything;
mod front;
mod graph;
mod readme;
mod roles;
mod secrets;
mod subscriptions;
mod tenants;
mod uploads;
mod webhooks;

mod cluster;

mod balancer;
mod clients;
mod meta;
mod world;
