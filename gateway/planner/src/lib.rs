//! From an operation to a plan of subgraph requests
