//! Integrations as the gateway sees it, on every engine that is installed.

mod access;
mod demo;
mod revealing;
mod secrecy;
mod storing;
mod watching;
mod world;
