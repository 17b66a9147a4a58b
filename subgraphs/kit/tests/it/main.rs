//! What subgraphs can rely on.
