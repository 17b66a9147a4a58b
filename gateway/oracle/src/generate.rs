//! Makes a federated graph at random.
//!
//! First the types of the whole, then who has them; then what ties subgraphs together. Not every
//! graph that comes out composes: composition tells, and the next is made.

mod contexts;
mod far;
mod interface_objects;
mod links;
mod spread;
mod whole;

use crate::facts::compose;
use crate::graph::{Definition, Federation, Graph, Kind, Subgraph};
use crate::random::Random;

use self::whole::Whole;

const NAMES: [&str; 6] = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"];

/// So many attempts nearly always have one that composes.
const ATTEMPTS: usize = 6;

/// A graph while it is made.
#[derive(Clone)]
struct Draft {
    random: Random,
    whole: Whole,
    graph: Graph,
    /// How many names of fields were made up.
    names: usize,
}

impl Graph {
    /// The graph of a seed. It composes, unless none of a few attempts does.
    pub(crate) fn random(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut draft = Draft::spread(&mut random);
        for _ in 1..ATTEMPTS {
            if composes(&draft.finished()) {
                break;
            }
            draft = Draft::spread(&mut random);
        }
        for link in draft.links() {
            let mut linked = draft.clone();
            link(&mut linked);
            if composes(&linked.finished()) {
                draft = linked;
            } else {
                // What the attempt drew is gone, so the next one is another.
                draft.random = linked.random;
            }
        }
        draft.finished()
    }
}

fn composes(graph: &Graph) -> bool {
    compose(graph).is_ok()
}

impl Draft {
    /// Types and who has them.
    fn spread(random: &mut Random) -> Self {
        let whole = Whole::random(random);
        let count = *random.pick(&[2, 2, 3, 3, 3, 4, 4, 5, 6]);
        let subgraphs = NAMES[..count].iter().map(|name| Subgraph {
            name: (*name).to_owned(),
            federation: if random.one_in(12) {
                Federation::One
            } else {
                Federation::Two
            },
            names_roots: random.one_in(8),
            types: Vec::new(),
        });
        let graph = Graph {
            subgraphs: subgraphs.collect(),
            ..Graph::default()
        };
        let mut draft = Self {
            random: Random::new(random.next()),
            whole,
            graph,
            names: 0,
        };
        draft.spread_entities();
        draft.spread_roots();
        draft
    }

    fn finished(&self) -> Graph {
        let mut draft = self.clone();
        draft.share();
        draft.graph
    }
}

impl Draft {
    fn name(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    fn definition(&mut self, subgraph: usize, name: &str, kind: Kind) -> &mut Definition {
        let types = &mut self.graph.subgraphs[subgraph].types;
        let index = match types.iter().position(|one| one.name == name) {
            Some(index) => index,
            None => {
                types.push(Definition::new(name, kind));
                types.len() - 1
            }
        };
        &mut types[index]
    }

    /// Marks the fields that several subgraphs resolve.
    fn share(&mut self) {
        let mut shared = Vec::new();
        for subgraph in &self.graph.subgraphs {
            for definition in &subgraph.types {
                if definition.kind != Kind::Object {
                    continue;
                }
                for field in &definition.fields {
                    let count = self
                        .graph
                        .subgraphs
                        .iter()
                        .filter_map(|one| one.definition(&definition.name)?.field(&field.name))
                        .filter(|one| !one.external)
                        .count();
                    if count > 1 {
                        shared.push((definition.name.clone(), field.name.clone()));
                    }
                }
            }
        }
        for subgraph in &mut self.graph.subgraphs {
            for definition in &mut subgraph.types {
                let keys: Vec<bool> = definition
                    .fields
                    .iter()
                    .map(|field| definition.is_in_key(&field.name))
                    .collect();
                if definition.kind != Kind::Object {
                    continue;
                }
                for (field, is_key) in definition.fields.iter_mut().zip(keys) {
                    let is_shared = shared.contains(&(definition.name.clone(), field.name.clone()));
                    if is_shared && !field.external && !is_key {
                        field.shareable = true;
                    }
                }
            }
        }
    }
}
