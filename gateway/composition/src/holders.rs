//! Which subgraphs have a type: asked for every field, so looked up and not searched for.

use apollo_compiler::Name;
use apollo_compiler::collections::HashMap;

use crate::subgraph::{Subgraph, Valid};

/// Type → the subgraphs that have it, in their order.
pub(crate) struct Holders(HashMap<Name, Vec<usize>>);

impl Holders {
    pub(crate) fn new(subgraphs: &[Subgraph<Valid>]) -> Self {
        let mut holders: HashMap<Name, Vec<usize>> = HashMap::default();
        for (index, subgraph) in subgraphs.iter().enumerate() {
            for name in subgraph.schema.types.keys() {
                holders.entry(name.clone()).or_default().push(index);
            }
        }
        Self(holders)
    }

    pub(crate) fn of(&self, ty: &str) -> &[usize] {
        self.0.get(ty).map_or(&[], Vec::as_slice)
    }
    /// Leaves only these subgraphs as those that have a type.
    pub(crate) fn restrict(&mut self, ty: &Name, to: Vec<usize>) {
        self.0.insert(ty.clone(), to);
    }
}
