//! How long composition takes and how that grows.
//!
//! ```text
//! cargo run --release -p composition --example composing               # the table
//! cargo run --release -p composition --example composing -- NAME       # one row, for a profiler
//! cargo run --release -p composition --example composing -- write DIR  # the graphs, for others
//! ```
//!
//! The graphs are generated, the same on every machine; see [`graph`].

mod graph;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use composition::{SubgraphInput, compose};
use mimalloc::MiMalloc;

/// As in the program.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

/// The subgraphs and types of each generated graph; a type has about six fields.
const SIZES: &[(usize, usize)] = &[
    (10, 500),
    (25, 1_250),
    (50, 2_500),
    (100, 5_000),
    (200, 10_000),
];

/// The best of a few runs: what the machine does besides only makes a run slower.
const RUNS: usize = 10;

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [command, folder] if command == "write" => write(Path::new(folder)),
        names => measure(names),
    }
}

/// The graphs with these names, or all; one is generated when its turn comes.
fn graphs(names: &[String]) -> impl Iterator<Item = (String, Vec<SubgraphInput>)> {
    let generated = SIZES
        .iter()
        .map(|size| (format!("{} subgraphs", size.0), Some(size)));
    std::iter::once(("platform".to_owned(), None))
        .chain(generated)
        .filter(|(name, _)| names.is_empty() || names.contains(name))
        .map(|(name, size)| match size {
            Some((subgraphs, types)) => (name, graph::generate(*subgraphs, *types)),
            None => (name, platform()),
        })
}

fn platform() -> Vec<SubgraphInput> {
    let subgraphs = fixtures::PLATFORM.iter().map(|subgraph| SubgraphInput {
        name: subgraph.name.to_owned(),
        url: format!("http://{}/graphql", subgraph.name),
        sdl: subgraph.sdl.to_owned(),
    });
    subgraphs.collect()
}

/// Measures the graphs with these names, or all.
fn measure(names: &[String]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "| graph | types | fields | SDL, kB | ms | µs per field | peak memory, MB |"
    )?;
    writeln!(out, "|---|---:|---:|---:|---:|---:|---:|")?;
    for (name, graph) in graphs(names) {
        let bytes: usize = graph.iter().map(|one| one.sdl.len()).sum();
        let mut best = Duration::MAX;
        let mut size = (0, 0);
        for _ in 0..RUNS {
            let start = Instant::now();
            let composed = compose(&graph);
            best = best.min(start.elapsed());
            match composed {
                Ok(composed) => size = sizes(&composed.api_schema),
                Err(errors) => {
                    return writeln!(out, "{name} does not compose: {}", errors[0]);
                }
            }
        }
        let micros = best.as_secs_f64() * 1e6;
        writeln!(
            out,
            "| {name} | {} | {} | {} | {:.1} | {:.1} | {} |",
            size.0,
            size.1,
            bytes / 1_000,
            micros / 1_000.0,
            micros / f64::from(u32::try_from(size.1.max(1)).unwrap_or(u32::MAX)),
            memory_peak_mb().map_or_else(|| "?".to_owned(), |mb| mb.to_string()),
        )?;
    }
    Ok(())
}

/// Types and fields of a printed schema.
fn sizes(schema: &str) -> (usize, usize) {
    let types = [
        "type ",
        "interface ",
        "input ",
        "enum ",
        "union ",
        "scalar ",
    ];
    let starts = |line: &str| types.iter().any(|one| line.starts_with(one));
    let field =
        |line: &str| line.starts_with("  ") && !line.starts_with("   ") && line.contains(':');
    (
        schema.lines().filter(|line| starts(line)).count(),
        schema.lines().filter(|line| field(line)).count(),
    )
}

/// The most memory that the process has had, where the system tells.
fn memory_peak_mb() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1_000)
}

/// Writes each graph as a folder of `.graphql` files.
fn write(folder: &Path) -> std::io::Result<()> {
    for (name, graph) in graphs(&[]) {
        let folder = folder.join(name.replace(' ', "-"));
        fs::create_dir_all(&folder)?;
        for subgraph in graph {
            fs::write(
                folder.join(format!("{}.graphql", subgraph.name)),
                subgraph.sdl,
            )?;
        }
    }
    Ok(())
}
