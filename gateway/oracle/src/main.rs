//! `oracle`: runs random cases for a while, or one seed.

#![expect(clippy::print_stdout, reason = "a command's output is its purpose")]

use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use clap::Parser;
use oracle::{Shrink, Tally, check, refusal, subgraphs};

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
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
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
