//! One document for two engines.
