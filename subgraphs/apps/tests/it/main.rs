//! Apps as the gateway, a platform and another instance see them.

mod world;

mod access;
mod apps;
mod demo;
mod hooks;
mod instances;
mod schema;
mod sources;
mod subscription;
