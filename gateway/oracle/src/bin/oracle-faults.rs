//! `oracle-faults`: plants faults in planner and executor, one at a time, and reports who finds
//! them.

#![expect(clippy::print_stdout, reason = "a command's output is its purpose")]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use oracle::faults::{self, Copy, Outcome};

const LIST: &str = include_str!("../../faults/faults.yaml");

/// Plants faults one at a time and looks who finds them.
#[derive(Debug, Parser)]
struct Arguments {
    /// The repository.
    #[arg(long, default_value = ".")]
    repository: PathBuf,
    /// Where the copy is made, outside of the repository; it is kept for the next run.
    #[arg(long)]
    copy: PathBuf,
    /// Only faults whose number is at least this, counted from 1.
    #[arg(long, default_value_t = 1)]
    from: usize,
    /// Only faults whose number is at most this.
    #[arg(long, default_value_t = usize::MAX)]
    to: usize,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let list = faults::read(LIST)?;
    let copy = Copy::of(&arguments.repository, &arguments.copy)?;
    for fault in &list {
        fault.check(&arguments.repository)?;
    }
    let chosen = (1..)
        .zip(&list)
        .filter(|(number, _)| (arguments.from..=arguments.to).contains(number));
    let (mut found, mut tried) = (0, 0);
    for (number, fault) in chosen {
        let outcome = copy.try_out(fault)?;
        let verdict = match outcome {
            Outcome::FoundByOracle => "found by the oracle",
            Outcome::FoundByCases => "found by cases",
            Outcome::NotFound => "NOT FOUND",
            Outcome::NotPlanted => "NOT PLANTED: it does not compile",
        };
        println!(
            "{number:2} {verdict}: {}: {}",
            fault.file.display(),
            fault.what
        );
        tried += 1;
        found += usize::from(matches!(
            outcome,
            Outcome::FoundByOracle | Outcome::FoundByCases
        ));
    }
    println!("{found} of {tried} found");
    Ok(if found == tried {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
