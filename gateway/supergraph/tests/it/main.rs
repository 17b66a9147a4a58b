//! What a supergraph says, read from its SDL.

mod api;
mod model;
