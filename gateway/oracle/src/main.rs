//! `oracle`: runs random cases for a while, or one seed.

#![expect(clippy::print_stdout, reason = "a command's output is its purpose")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use clap::Parser;
use oracle::{Shrink, Tally, Written, check, check_written, refusal, subgraphs};

/// Compares what the gateway answers on random federated graphs to what one service answers.
#[derive(Debug, Parser)]
struct Arguments {
    /// The first seed; the time if there is none.
    #[arg(long)]
    seed: Option<u64>,
    /// How many seeds at most.
    #[arg(long, default_value_t = u64::MAX)]
    count: u64,
    /// How long, in seconds.
    #[arg(long, default_value_t = 120)]
    seconds: u64,
    /// Go on after so many failures; each kind is shown once.
    #[arg(long, default_value_t = 1)]
    failures: usize,
    /// Show failures as they are, without making them smaller.
    #[arg(long)]
    as_is: bool,
    /// Show why graphs are refused.
    #[arg(long)]
    refusals: bool,
    /// Show the subgraphs of the first seed.
    #[arg(long)]
    subgraphs: bool,
    /// Check the case in this folder, a file for each subgraph and `operation.graphql`, instead.
    #[arg(long)]
    case: Option<PathBuf>,
    /// The values of the case's variables, as JSON.
    #[arg(long, default_value = "{}", requires = "case", value_parser = json)]
    variables: serde_json::Value,
    /// A label of `@override` that is active in the case.
    #[arg(long, requires = "case")]
    label: Vec<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(folder) = &arguments.case {
        return check_case(folder, &arguments);
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let first = arguments
        .seed
        .unwrap_or_else(|| now.map_or(0, |now| now.as_secs()) << 20);
    if arguments.subgraphs {
        for (name, text) in subgraphs(first) {
            println!("── {name}\n{text}");
        }
    }
    let shrink = if arguments.as_is {
        Shrink::No
    } else {
        Shrink::Yes
    };
    println!("seeds from {first}");
    let start = Instant::now();
    let (mut tally, mut failures) = (Tally::default(), 0);
    for seed in first..first.saturating_add(arguments.count) {
        if start.elapsed() > Duration::from_secs(arguments.seconds) {
            break;
        }
        if arguments.refusals
            && let Some(why) = refusal(seed)
        {
            println!("{seed}: {why}");
        }
        match check(seed, shrink) {
            Ok(more) => tally = tally.and(more),
            Err(failure) => {
                println!("{failure}");
                failures += 1;
                if failures >= arguments.failures {
                    break;
                }
            }
        }
    }
    println!(
        "{tally}, {failures} failures, {} s",
        start.elapsed().as_secs()
    );
    if failures == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn json(text: &str) -> Result<serde_json::Value, serde_json::Error> {
    serde_json::from_str(text)
}

fn check_case(folder: &Path, arguments: &Arguments) -> ExitCode {
    let variables = arguments.variables.clone();
    let written = match Written::read(folder, &arguments.label, variables) {
        Ok(written) => written,
        Err(error) => {
            println!("{}: {error}", folder.display());
            return ExitCode::FAILURE;
        }
    };
    match check_written(&written) {
        Ok(tally) => {
            println!("{tally}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            println!("{failure}");
            ExitCode::FAILURE
        }
    }
}
