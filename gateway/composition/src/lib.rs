//! Many subgraph schemas to one supergraph, or every reason why not
