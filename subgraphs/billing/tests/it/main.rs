//! Billing as the gateway sees it, on every engine that is installed.

mod access;
mod demo;
mod finalizing;
mod plans;
mod subscribing;
mod usage;
mod world;
