//! From a plan to an answer; the network is behind the trait Fetch
