//! `tenon serve`: the gateway alone.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use server::config::{self, Config};
use server::{Gateway, GatewayOptions};
use tokio::net::TcpListener;

use crate::args::Serve;
use crate::compose::Contracts;
use crate::console;
use crate::reload;
use crate::stop;

/// As in [`Config::stop_deadline`], where no configuration says it.
const STOP_DEADLINE: Duration = Duration::from_secs(5);

pub(crate) async fn run(serve: Serve) -> Result<ExitCode> {
    let source = match serve.subgraphs {
        Some(list) => Source::List(list),
        None => Source::Config {
            path: serve.config,
            contract: serve.contract,
        },
    };
    let (mut options, configured, deadline) = source.read().await?;
    let address = serve.listen.unwrap_or(configured);
    options.console = options.console.map(console::with_pages);
    let gateway = Gateway::new(options)?;
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}"))?;
    let stop = stop::on_signal();
    let reloading = tokio::spawn(reload::on_signal(gateway.clone(), source, stop.clone()));
    server::listen(gateway.router(), listener, stop, deadline).await?;
    reloading.await?;
    Ok(ExitCode::SUCCESS)
}

/// Where the graph comes from.
pub(crate) enum Source {
    /// A configuration, and the contract of it that clients see, if they do not see everything.
    Config {
        path: PathBuf,
        contract: Option<String>,
    },
    /// A list of subgraphs.
    List(PathBuf),
}

impl Source {
    /// What it says now: the gateway, where it listens, and what running requests have when it
    /// stops.
    pub(crate) async fn read(&self) -> Result<(GatewayOptions, SocketAddr, Duration)> {
        match self {
            Self::Config { path, contract } => configured(path, contract.as_deref()).await,
            Self::List(path) => {
                let options = config::development(&read(path)?)?;
                Ok((options, ([127, 0, 0, 1], 4000).into(), STOP_DEADLINE))
            }
        }
    }
}

async fn configured(
    path: &Path,
    contract: Option<&str>,
) -> Result<(GatewayOptions, SocketAddr, Duration)> {
    let named = || path.display().to_string();
    let (text, contracts) = Contracts::split(&read(path)?).with_context(named)?;
    let config = Config::parse(&text, |name| std::env::var(name).ok()).with_context(named)?;
    let (listen, deadline) = (config.listen, config.stop_deadline);
    let filter = contract.map(|name| contracts.filter(name)).transpose();
    let filter = filter.with_context(named)?;
    let mut options = config.into_options(folder(path)).await?;
    options.contract = filter;
    Ok((options, listen, deadline))
}

/// The text of a file that the command line names.
pub(crate) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Where relative paths in a file start.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}
