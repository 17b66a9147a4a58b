//! What tests of subgraphs share. Only with the feature `testing`.

mod clock;

pub use clock::ManualClock;
