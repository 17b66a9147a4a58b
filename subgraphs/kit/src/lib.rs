//! What makes a library one of our subgraphs
