//! The binary `tenon`.
fn main() {}
