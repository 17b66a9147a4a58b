//! Random federated graphs whose answers are known.
//!
//! ```text
//! seed ─ graph ─ compose ─ plan ─ execute over strict subgraphs ─┐
//!          │                                                     = ?
//!          └─ world ─ one execution on the API schema ───────────┘
//! ```
//!
//! A world says what every field of every object is. It is asked twice: by subgraphs that refuse
//! what no real one could answer, and by one service that has everything. What the gateway makes
//! of the first must be what the second says. What must never happen here: code of the gateway on
//! the side that knows the answer.

mod random;

mod field_set;
mod generate;
mod graph;
mod operation;

mod facts;
mod json;
mod part;
mod whole;
mod world;

mod case;
mod judge;
mod shrink;

pub mod faults;

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::case::{Case, Verdict};
use crate::facts::Facts;
use crate::graph::Graph;
use crate::operation::{Document, Style};
use crate::part::Weather;
use crate::random::hash;
use crate::world::Trouble;

/// Composing costs as much as this many operations, and more of them on one graph find little.
const OPERATIONS: u64 = 16;

/// So many attempts often have one in which fields that share keys agree.
const PLAIN_ATTEMPTS: u64 = 4;

/// In so many worlds a written operation is answered: enough for lists of all lengths.
const WORLDS: u64 = 8;

/// How many cases there were, and what came of them.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// Graphs that compose.
    pub graphs: u64,
    /// Graphs that do not.
    pub refused: u64,
    /// Operations that were compared.
    pub cases: u64,
    /// Operations that are not valid.
    pub invalid: u64,
    /// Operations that take too much work to plan.
    pub complex: u64,
    /// Operations that ask subgraphs which know different types as one.
    pub divided: u64,
}

/// A case that failed, as small as it could be made.
#[derive(Clone, Debug, thiserror::Error)]
#[error("seed {seed}: {kind}\n{text}")]
pub struct Failure {
    /// The seed of the graph.
    pub seed: u64,
    /// What is wrong, in few words.
    pub kind: &'static str,
    /// Subgraphs, operation, requests, both answers.
    pub text: String,
}

/// Whether a failing case is made smaller, which takes many runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shrink {
    /// As small as it gets.
    Yes,
    /// As it is.
    No,
}

/// Makes the graph of a seed and compares answers to operations on it.
///
/// # Errors
///
/// The first case that fails.
pub fn check(seed: u64, shrink: Shrink) -> Result<Tally, Box<Failure>> {
    let mut tally = Tally::default();
    let graph = Graph::random(seed);
    let Ok(facts) = Facts::of(&graph) else {
        tally.refused = 1;
        return Ok(tally);
    };
    tally.graphs = 1;
    let facts = Arc::new(facts);
    for index in 0..OPERATIONS {
        let case = case(&facts, seed, index);
        match case.run(&facts) {
            Ok(Verdict::Agrees) => tally.cases += 1,
            Ok(Verdict::Invalid) => tally.invalid += 1,
            Ok(Verdict::TooComplex) => tally.complex += 1,
            Ok(Verdict::Divided) => tally.divided += 1,
            Err(difference) => {
                let (facts, case, difference) = match shrink {
                    Shrink::Yes => shrink::shrink(facts, case, difference),
                    Shrink::No => (facts, case, difference),
                };
                return Err(Box::new(Failure {
                    seed,
                    kind: difference.kind,
                    text: shrink::reproduction(&facts.graph, &case, &difference),
                }));
            }
        }
    }
    Ok(tally)
}

/// A graph and an operation on it, as they are written.
#[derive(Clone, Debug)]
pub struct Written {
    /// Names and schemas.
    pub subgraphs: Vec<(String, String)>,
    /// The labels of `@override` that are active.
    pub active_labels: Vec<String>,
    /// The operation.
    pub operation: String,
    /// The values of its variables.
    pub variables: serde_json::Value,
}

impl Written {
    /// Reads the case in a folder: a file for each subgraph, and `operation.graphql`.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read.
    pub fn read(
        folder: &Path,
        active_labels: &[String],
        variables: serde_json::Value,
    ) -> io::Result<Self> {
        let mut written = Self {
            subgraphs: Vec::new(),
            active_labels: active_labels.to_vec(),
            operation: String::new(),
            variables,
        };
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let text = fs::read_to_string(&path)?;
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            if stem == "operation" {
                written.operation = text;
            } else {
                written.subgraphs.push((stem.into_owned(), text));
            }
        }
        written.subgraphs.sort();
        Ok(written)
    }
}

/// Compares answers to one operation in several worlds, untroubled and troubled.
///
/// # Errors
///
/// The first world in which the answers differ; also if the graph does not compose, or the
/// operation is not valid.
pub fn check_written(written: &Written) -> Result<Tally, Box<Failure>> {
    let failure = |seed, kind, text| Box::new(Failure { seed, kind, text });
    let graph = Graph::read(&written.subgraphs, &written.active_labels);
    let facts =
        Facts::of(&graph).map_err(|why| failure(0, "the graph is not used", why.to_string()))?;
    let facts = Arc::new(facts);
    let mut tally = Tally::default();
    for seed in 0..WORLDS {
        for trouble in [Trouble::Nothing, Trouble::Nulls, Trouble::Everything] {
            let case = Case {
                document: Document::default(),
                seed,
                trouble,
                weather: Weather::Fair,
            };
            match case.run_text(&facts, &written.operation, None, &written.variables) {
                Ok(Verdict::Agrees) => tally.cases += 1,
                Ok(verdict) => {
                    return Err(failure(
                        seed,
                        "the operation is not used",
                        format!("{verdict:?}"),
                    ));
                }
                Err(difference) => {
                    let text = shrink::reproduction(&graph, &case, &difference);
                    return Err(failure(seed, difference.kind, text));
                }
            }
        }
    }
    Ok(tally)
}

/// Why the graph of a seed is not used; none if it is.
pub fn refusal(seed: u64) -> Option<String> {
    let graph = Graph::random(seed);
    Facts::of(&graph).err().map(|why| why.to_string())
}

/// The subgraphs of a seed.
pub fn subgraphs(seed: u64) -> BTreeMap<String, String> {
    let graph = Graph::random(seed);
    let texts = graph
        .subgraphs
        .iter()
        .map(|one| (one.name.clone(), one.sdl()));
    texts.collect()
}

fn case(facts: &Facts, seed: u64, index: u64) -> Case {
    let case_seed = hash(&["case"], &[seed, index]);
    let api = facts.api();
    let is_valid = |document: &Document| {
        let text = document.text();
        apollo_compiler::ExecutableDocument::parse_and_validate(api, text, "operation").is_ok()
            && !document.has_unequal_lists()
    };
    // Fields that share a key must agree, and chance often makes them disagree.
    let document = (0..PLAIN_ATTEMPTS)
        .map(|attempt| Document::random(api, hash(&[], &[case_seed, attempt]), Style::Plain))
        .find(is_valid)
        .unwrap_or_else(|| Document::random(api, case_seed, Style::Unique));
    let (trouble, weather) = match index % 8 {
        0 | 1 => (Trouble::Nothing, Weather::Fair),
        2 | 3 => (Trouble::Nulls, Weather::Fair),
        4 => (Trouble::Nulls, Weather::Untidy),
        5 => (Trouble::Everything, Weather::Fair),
        6 => (Trouble::Nothing, Weather::Storm),
        _ => (Trouble::Everything, Weather::Storm),
    };
    Case {
        document,
        seed: case_seed,
        trouble,
        weather,
    }
}

impl Tally {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            graphs: self.graphs + other.graphs,
            refused: self.refused + other.refused,
            cases: self.cases + other.cases,
            invalid: self.invalid + other.invalid,
            complex: self.complex + other.complex,
            divided: self.divided + other.divided,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} cases on {} graphs agree ({} graphs do not compose, {} operations are not valid, \
             {} too complex, {} divided)",
            self.cases, self.graphs, self.refused, self.invalid, self.complex, self.divided
        )
    }
}
