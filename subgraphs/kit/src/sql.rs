//! One SQL text for two engines.
