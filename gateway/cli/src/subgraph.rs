//! `tenon subgraph`: one subgraph alone.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use kit::config::Config;
use kit::service::Context;
use tokio::net::TcpListener;

use crate::args::{self, SubgraphAction};
use crate::platform::{self, Subgraph};
use crate::stop;

/// What running requests and tasks have when the program is told to stop; common supervisors kill
/// after thirty.
const STOP_DEADLINE: Duration = Duration::from_secs(20);

pub(crate) async fn run(subgraph: args::Subgraph) -> Result<ExitCode> {
    let named = platform::named(subgraph.name);
    match subgraph.action {
        SubgraphAction::Serve { listen } => serve(named, listen).await?,
        SubgraphAction::Migrate => (named.migrate)(config(named)?).await?,
        SubgraphAction::Sdl => print(&(named.sdl)()),
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve(subgraph: &Subgraph, listen: SocketAddr) -> Result<()> {
    let service = (subgraph.open)(Context::of_process(config(subgraph)?)?).await?;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))?;
    server::listen(service.router, listener, stop::on_signal(), STOP_DEADLINE).await?;
    service.tasks.shutdown(STOP_DEADLINE).await;
    Ok(())
}

fn config(subgraph: &Subgraph) -> Result<Config> {
    Ok(Config::from_env(subgraph.name, std::env::vars())?)
}

#[expect(clippy::print_stdout, reason = "the schema is the command's result")]
fn print(sdl: &str) {
    println!("{}", sdl.trim_end());
}
