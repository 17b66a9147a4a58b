//! The binary `tenon`: one program for every role.
//!
//! It is the only crate that knows the gateway and the subgraphs; what it does is put them
//! together.

mod args;

mod dev;
mod serve;
mod subgraph;

mod console;
mod reload;

mod check;
mod compose;
mod config_schema;
mod explain;
mod health;
mod keys;
mod plan;

mod log;
mod platform;
mod stop;

#[cfg(test)]
mod deployment;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser as _;
use mimalloc::MiMalloc;

use args::{Arguments, Command, Config, Dev};

#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log::start();
    let done = match arguments.command {
        None => wait(dev::run(Dev::by_default())),
        Some(Command::Dev(dev)) => wait(dev::run(dev)),
        Some(Command::Serve(serve)) => wait(serve::run(serve)),
        Some(Command::Subgraph(subgraph)) => wait(subgraph::run(subgraph)),
        Some(Command::Compose(compose)) => wait(compose::run(compose)),
        Some(Command::Explain(explain)) => explain::run(&explain),
        Some(Command::Check(check)) => wait(check::run(check)),
        Some(Command::Plan(plan)) => plan::run(plan),
        Some(Command::Config(Config::Keys)) => keys::run(),
        Some(Command::Config(Config::Schema)) => config_schema::run(),
        Some(Command::Health(health)) => wait(health::run(health)),
    };
    match done {
        Ok(code) => code,
        // Whoever read the results, such as `head`, has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            log::failure(&error);
            ExitCode::FAILURE
        }
    }
}

/// Runs a command on a runtime of its own.
fn wait(command: impl Future<Output = Result<ExitCode>>) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(command)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
