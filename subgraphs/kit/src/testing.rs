//! What tests of subgraphs share. Only with the feature `testing`.

pub mod access;
mod clock;
pub mod gateway;
mod servers;

pub use clock::ManualClock;
pub use servers::{Folder, Fresh, Redis};
