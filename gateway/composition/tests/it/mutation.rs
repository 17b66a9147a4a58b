//! Whole graphs, changed at random: a definition less, a directive more, another type, a subgraph of
//! another graph. Whatever comes of it, composition ends in an answer, and a supergraph is one.
//!
//! `TENON_TEST_MUTATIONS=100000` does that many rounds instead of the few of every day, and
//! `TENON_TEST_SEED=7` begins with another seed. A test that fails prints seed, round and graph.

use std::path::Path;

use apollo_compiler::ast::{Definition, Directive, Document, FieldDefinition, Type};
use apollo_compiler::{Node, Schema};
use composition::{SubgraphInput, compose};

use super::cases::subgraphs;

/// A few seconds without optimisation.
const ROUNDS: usize = 150;

fn variable(name: &str, default: usize) -> usize {
    let given = std::env::var(name).ok();
    given.map_or(default, |text| text.parse().expect("it is a number"))
}

/// A small generator of numbers, the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }
}

/// One subgraph that can be changed.
#[derive(Clone)]
struct Changing {
    name: String,
    document: Document,
}

/// Everything that the graphs of the cases are made of.
struct Stock {
    graphs: Vec<Vec<Changing>>,
    definitions: Vec<Definition>,
    fields: Vec<Node<FieldDefinition>>,
    types: Vec<Type>,
    directives: Vec<Node<Directive>>,
}

impl Stock {
    fn read() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .expect("the cases can be read")
            .flat_map(|entry| {
                std::fs::read_dir(entry.expect("a folder").path()).expect("it can be read")
            })
            .map(|entry| entry.expect("a file").path())
            .filter(|path| path.extension().is_some_and(|one| one == "graphql"))
            .collect();
        files.sort();
        let mut stock = Self {
            graphs: Vec::new(),
            definitions: Vec::new(),
            fields: Vec::new(),
            types: Vec::new(),
            directives: Vec::new(),
        };
        for file in files {
            let text = std::fs::read_to_string(file).expect("a case can be read");
            // Those are about size, which makes each round slow.
            if text.len() > 5_000 {
                continue;
            }
            let graph = subgraphs(&text).into_iter().filter_map(|input| {
                let document = Document::parse(input.sdl, "case.graphql").ok()?;
                Some(Changing {
                    name: input.name,
                    document,
                })
            });
            stock.graphs.push(graph.collect());
        }
        let documents = stock.graphs.iter().flatten().map(|one| &one.document);
        for mut definition in documents.flat_map(|one| one.definitions.clone()) {
            if let Some(fields) = fields(&mut definition) {
                stock.types.extend(fields.iter().map(|one| one.ty.clone()));
                let directives = fields.iter().flat_map(|one| one.directives.iter().cloned());
                stock.directives.extend(directives);
                stock.fields.extend(fields.iter().cloned());
            }
            let own = definition.directives().iter().cloned();
            stock.directives.extend(own);
            stock.definitions.push(definition);
        }
        stock
    }

    /// Changes one thing about a graph.
    fn change(&self, graph: &mut Vec<Changing>, numbers: &mut Numbers) {
        if graph.is_empty() {
            return;
        }
        let at = numbers.below(graph.len());
        match numbers.below(12) {
            0 if graph.len() > 1 => {
                graph.remove(at);
            }
            1 => {
                let other = numbers.of(&self.graphs).and_then(|one| numbers.of(one));
                if let Some(other) = other {
                    let mut other = other.clone();
                    other.name = format!("{}{}", other.name, graph.len());
                    graph.push(other);
                }
            }
            2 => self.change_definitions(&mut graph[at].document, numbers),
            _ => {
                let definitions = &mut graph[at].document.definitions;
                let which = numbers.below(definitions.len());
                if let Some(definition) = definitions.get_mut(which) {
                    self.change_definition(definition, numbers);
                }
            }
        }
    }

    fn change_definitions(&self, document: &mut Document, numbers: &mut Numbers) {
        let at = numbers.below(document.definitions.len());
        if numbers.below(2) == 0 && !document.definitions.is_empty() {
            document.definitions.remove(at);
        } else if let Some(definition) = numbers.of(&self.definitions) {
            document.definitions.push(definition.clone());
        }
    }

    fn change_definition(&self, definition: &mut Definition, numbers: &mut Numbers) {
        let Some(fields) = fields(definition) else {
            return;
        };
        let at = numbers.below(fields.len());
        match numbers.below(5) {
            0 if !fields.is_empty() => {
                fields.remove(at);
            }
            1 => fields.extend(numbers.of(&self.fields).cloned()),
            2 => {
                if let (Some(field), Some(ty)) = (fields.get_mut(at), numbers.of(&self.types)) {
                    field.make_mut().ty = ty.clone();
                }
            }
            3 => {
                if let Some(field) = fields.get_mut(at) {
                    field.make_mut().directives.0.pop();
                }
            }
            _ => {
                if let (Some(field), Some(one)) = (fields.get_mut(at), numbers.of(&self.directives))
                {
                    field.make_mut().directives.push(one.clone());
                }
            }
        }
    }
}

fn fields(definition: &mut Definition) -> Option<&mut Vec<Node<FieldDefinition>>> {
    match definition {
        Definition::ObjectTypeDefinition(one) => Some(&mut one.make_mut().fields),
        Definition::ObjectTypeExtension(one) => Some(&mut one.make_mut().fields),
        Definition::InterfaceTypeDefinition(one) => Some(&mut one.make_mut().fields),
        Definition::InterfaceTypeExtension(one) => Some(&mut one.make_mut().fields),
        _ => None,
    }
}

/// Prints what was composed if that panics.
struct Witness<'a>(usize, usize, &'a [SubgraphInput]);

impl Drop for Witness<'_> {
    #[expect(clippy::print_stderr, reason = "whoever runs the test needs the graph")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}, round {}:", self.0, self.1);
            for subgraph in self.2 {
                eprintln!("# subgraph: {}\n{}", subgraph.name, subgraph.sdl);
            }
        }
    }
}

#[test]
fn changed_graphs_end_in_an_answer() {
    let seed = variable("TENON_TEST_SEED", 1);
    let rounds = variable("TENON_TEST_MUTATIONS", ROUNDS);
    eprintln!("{rounds} rounds from TENON_TEST_SEED={seed}");
    let stock = Stock::read();
    let mut numbers = Numbers(seed as u64);
    let mut composed_ones = 0;
    for round in 0..rounds {
        let mut graph = stock.graphs[numbers.below(stock.graphs.len())].clone();
        for _ in 0..=numbers.below(6) {
            stock.change(&mut graph, &mut numbers);
        }
        let inputs: Vec<SubgraphInput> = graph
            .iter()
            .map(|one| SubgraphInput {
                name: one.name.clone(),
                url: String::new(),
                sdl: one.document.to_string(),
            })
            .collect();
        let _witness = Witness(seed, round, &inputs);
        if let Ok(composed) = compose(&inputs) {
            composed_ones += 1;
            for text in [&composed.supergraph, &composed.api_schema] {
                let valid = Schema::parse_and_validate(text.as_str(), "composed.graphql");
                assert!(valid.is_ok(), "{text}");
            }
            let turned: Vec<_> = inputs.iter().cloned().rev().collect();
            assert_eq!(compose(&turned).as_ref(), Ok(&composed));
        }
    }
    assert!(composed_ones * 20 > rounds, "only {composed_ones} composed");
}
