//! How much memory planning takes at its peak: of what the benchmark times.
//!
//! ```text
//! cargo run --release -p planner --example memory
//! ```

#[path = "../planning/hostile.rs"]
mod hostile;
#[path = "../planning/large.rs"]
mod large;

use std::io::Write;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::validation::Valid;
use peak_alloc::PeakAlloc;
use planner::Options;
use supergraph::Supergraph;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Fields and subgraphs, as in the benchmark's tables.
const LARGE: [(usize, usize); 9] = [
    (125, 20),
    (250, 20),
    (500, 20),
    (1_000, 20),
    (2_000, 20),
    (500, 5),
    (500, 10),
    (500, 40),
    (500, 80),
];

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "| planned | largest, MB |")?;
    writeln!(out, "|---|---:|")?;
    for (fields, subgraphs) in LARGE {
        let (graph, operation) = large::generate(subgraphs, fields);
        let graph = Supergraph::parse(&graph).expect("it is a supergraph");
        let peak = megabytes(peak(&graph, &operation));
        writeln!(
            out,
            "| {fields} fields of {subgraphs} subgraphs | {peak:.1} |"
        )?;
    }
    for kind in hostile::KINDS {
        let graph = Supergraph::parse(&kind.graph()).expect("it is a supergraph");
        let peaks = (0..kind.count).map(|seed| peak(&graph, &(kind.document)(seed)));
        let peak = megabytes(peaks.max().expect("there are documents"));
        writeln!(out, "| {} | {peak:.1} |", kind.name)?;
    }
    Ok(())
}

/// In bytes. Whether it is planned or refused makes no difference.
fn peak(graph: &Supergraph, operation: &str) -> usize {
    let document = ExecutableDocument::parse(graph.api_schema(), operation, "")
        .unwrap_or_else(|error| panic!("{:.300}", error.errors.to_string()));
    // What validation makes of it is not the subject here.
    let document = Valid::assume_valid(document);
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let plan = planner::plan(graph, &document, None, &Options::default());
    let peak = MEMORY.peak_usage().saturating_sub(before);
    drop(plan);
    peak
}

fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
