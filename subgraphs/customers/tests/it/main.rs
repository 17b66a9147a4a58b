//! Customers as the gateway and apps' events see them.

mod world;

mod access;
mod demo;
mod identify;
mod list;
mod schema;
mod senders;
mod sightings;
mod subscription;
mod update;
