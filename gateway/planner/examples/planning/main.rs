//! How long planning takes, how that grows, and what hostile operations cost.
//!
//! ```text
//! cargo run --release -p planner --example planning               # the tables
//! cargo run --release -p planner --example planning -- hostile    # one of them
//! ```
//!
//! Everything is generated, the same on every machine; see [`large`] and [`hostile`]. What memory it
//! takes is a program of its own, `memory`, since counting takes time.

mod hostile;
mod large;
mod platform;

use std::io::Write;
use std::time::{Duration, Instant};

use apollo_compiler::ExecutableDocument;
use apollo_compiler::validation::Valid;
use mimalloc::MiMalloc;
use planner::{Error, Options, Plan};
use supergraph::Supergraph;

/// As in the program.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

/// The best of a few runs: what the machine does besides only makes a run slower.
const RUNS: usize = 200;

/// From here on a busy machine's other programs are not counted: the system says every few
/// milliseconds how long each has been on a processor.
const LONG: Duration = Duration::from_millis(25);

/// The same for documents that are slower than those before.
const HOSTILE_RUNS: usize = 5;

/// The fields of an operation, over twenty subgraphs.
const FIELDS: [usize; 5] = [125, 250, 500, 1_000, 2_000];

/// The subgraphs of a graph, of which an operation with five hundred fields asks all.
const SUBGRAPHS: [usize; 5] = [5, 10, 20, 40, 80];

/// What one planning cost.
struct Cost {
    time: Duration,
    /// The same without what other programs took, to within a few milliseconds.
    on_processor: Option<Duration>,
    plan: Result<Plan, Error>,
}

impl Cost {
    /// The time, for what takes long.
    fn long(&self) -> Duration {
        let on_processor = self.on_processor.filter(|_| self.time > LONG);
        on_processor.unwrap_or(self.time)
    }
}

fn main() -> std::io::Result<()> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let wants = |name: &str| names.is_empty() || names.iter().any(|known| known == name);
    let mut out = std::io::stdout().lock();
    if wants("platform") {
        platform_table(&mut out)?;
    }
    if wants("fields") {
        writeln!(
            out,
            "\n| fields, of 20 subgraphs | requests | ms | µs per field |"
        )?;
        writeln!(out, "|---:|---:|---:|---:|")?;
        for fields in FIELDS {
            let (graph, operation) = large::generate(20, fields);
            row(&mut out, fields, fields, &graph, &operation)?;
        }
    }
    if wants("subgraphs") {
        writeln!(
            out,
            "\n| subgraphs, 500 fields | requests | ms | µs per field |"
        )?;
        writeln!(out, "|---:|---:|---:|---:|")?;
        for subgraphs in SUBGRAPHS {
            let (graph, operation) = large::generate(subgraphs, 500);
            row(&mut out, subgraphs, 500, &graph, &operation)?;
        }
    }
    if wants("hostile") {
        hostile_table(&mut out)?;
    }
    Ok(())
}

fn platform_table(out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "| platform query | requests | depth | µs |")?;
    writeln!(out, "|---|---:|---:|---:|")?;
    let graph = Supergraph::parse(platform::SUPERGRAPH).expect("it is the platform's");
    for (name, operation) in platform::QUERIES {
        let document = ExecutableDocument::parse_and_validate(graph.api_schema(), *operation, "")
            .unwrap_or_else(|error| panic!("{name}: {}", error.errors));
        let cost = best(&graph, &document);
        let plan = cost.plan.expect("it can be planned");
        let micros = cost.time.as_secs_f64() * 1e6;
        let (requests, depth) = (plan.requests(), plan.depth());
        writeln!(out, "| {name} | {requests} | {depth} | {micros:.0} |")?;
    }
    Ok(())
}

fn row(
    out: &mut impl Write,
    label: usize,
    fields: usize,
    graph: &str,
    operation: &str,
) -> std::io::Result<()> {
    let graph = Supergraph::parse(graph).expect("it is a supergraph");
    let document = ExecutableDocument::parse_and_validate(graph.api_schema(), operation, "")
        .unwrap_or_else(|error| panic!("{}", error.errors));
    let cost = best(&graph, &document);
    let millis = cost.time.as_secs_f64() * 1e3;
    let requests = cost.plan.map_or(0, |plan| plan.requests());
    let per_field = millis * 1e3 / fields as f64;
    writeln!(
        out,
        "| {label} | {requests} | {millis:.2} | {per_field:.1} |"
    )
}

/// The planning of every hostile document, by kind.
fn hostile_table(out: &mut impl Write) -> std::io::Result<()> {
    writeln!(
        out,
        "\n| hostile documents | number | refused | slowest, ms |"
    )?;
    writeln!(out, "|---|---:|---:|---:|")?;
    for kind in hostile::KINDS {
        let graph = Supergraph::parse(&kind.graph()).expect("it is a supergraph");
        let (mut refused, mut slowest) = (0, Duration::ZERO);
        for seed in 0..kind.count {
            let text = (kind.document)(seed);
            // What validation makes of it is not the subject here: it has limits of its own.
            let document =
                ExecutableDocument::parse(graph.api_schema(), &text, "").unwrap_or_else(|error| {
                    panic!("{} {seed}: {:.300}", kind.name, error.errors.to_string())
                });
            let document = Valid::assume_valid(document);
            let cost = plan(&graph, &document);
            let mut time = cost.long();
            for _ in 0..HOSTILE_RUNS {
                if time > slowest {
                    time = time.min(plan(&graph, &document).long());
                }
            }
            match cost.plan {
                Ok(_) => {}
                Err(Error::TooComplex { .. }) => refused += 1,
                Err(error) => panic!("{} {seed}: {error}", kind.name),
            }
            slowest = slowest.max(time);
        }
        let millis = slowest.as_secs_f64() * 1e3;
        let (name, count) = (kind.name, kind.count);
        writeln!(out, "| {name} | {count} | {refused} | {millis:.1} |")?;
    }
    Ok(())
}

fn best(graph: &Supergraph, document: &Valid<ExecutableDocument>) -> Cost {
    let runs = (0..RUNS).map(|_| plan(graph, document));
    runs.min_by_key(|cost| cost.time).expect("there are runs")
}

fn plan(graph: &Supergraph, document: &Valid<ExecutableDocument>) -> Cost {
    let on_processor = on_processor();
    let start = Instant::now();
    let plan = planner::plan(graph, document, None, &Options::default());
    let time = start.elapsed();
    let on_processor = self::on_processor()
        .zip(on_processor)
        .map(|(after, before)| after.saturating_sub(before));
    Cost {
        time,
        on_processor,
        plan,
    }
}

/// For how long this thread has been on a processor, where the system tells.
fn on_processor() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}
