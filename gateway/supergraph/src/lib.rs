//! The model of a federated graph, typed and interned
