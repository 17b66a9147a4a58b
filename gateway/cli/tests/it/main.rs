//! What the binary promises, tried from outside: over HTTP, with other people's clients, and by
//! killing it.

mod architecture;
mod schema;

mod billing;
mod front;
mod graph;
mod secrets;
mod tenants;
mod uploads;
mod webhooks;

mod clients;
mod meta;
mod world;
