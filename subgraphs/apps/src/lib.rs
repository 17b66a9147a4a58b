//! Apps, webhook sources and the events they receive
