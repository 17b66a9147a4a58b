//! The gateway as its clients and its subgraphs see it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod examples;
mod graph;
mod subgraph;

mod auth;
mod config;
mod connections;
mod console;
mod contract;
mod cors;
mod documents;
mod doors;
mod http;
mod instances;
mod internal_token;
mod introspection;
mod overrides;
mod plans;
mod reload;
mod server_sent_events;
mod stop;
mod transports;
mod unauthorized;
mod variables;
mod websocket;
