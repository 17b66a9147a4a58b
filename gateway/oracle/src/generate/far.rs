//! Entities that are found by a key alone, in a subgraph in which nothing else leads to them.

use super::Draft;
use super::whole::{leaf, ty};
use crate::graph::{Federation, Field, Key, Kind, Subgraph};

impl Draft {
    /// Gives an entity to a subgraph in which nothing leads to it: it is found there by its key,
    /// which may be null, or is not found.
    pub(super) fn far_entity(&mut self) {
        let Some((near, name)) = self.entity_somewhere() else {
            return;
        };
        if name == "App" {
            return;
        }
        let is_free = |subgraph: &Subgraph| {
            subgraph.federation == Federation::Two && subgraph.definition(&name).is_none()
        };
        let far = self.graph.subgraphs.iter().position(is_free);
        let (Some(far), Some(_)) = (far, self.whole.entity(&name)) else {
            return;
        };
        let has_slug = self.graph.subgraphs.iter().any(|one| {
            let known = one.definition(&name);
            known.is_some_and(|known| known.field("slug").is_some())
        });
        let key = if has_slug || self.random.one_in(3) {
            Field::new("id", ty("ID").non_null())
        } else {
            Field::new("slug", ty("ID"))
        };
        if key.name == "slug" {
            self.add_field(near, &name, key.clone());
        }
        self.definition(far, &name, Kind::Object).keys = vec![Key {
            fields: key.name.clone(),
            resolvable: true,
        }];
        self.add_field(far, &name, key);
        for _ in 0..=self.random.below(2) {
            let new = self.name("f");
            let of = leaf(&mut self.random).nullable();
            self.add_field(far, &name, Field::new(&new, of));
        }
    }
}
