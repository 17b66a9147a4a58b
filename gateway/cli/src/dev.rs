//! `tenon dev`: the whole graph in one process.
//!
//! The gateway calls the subgraphs' routers without a socket; the requests and responses are the
//! same bytes as in a cluster. Stores are SQLite files, a folder of blobs and an event table each.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use futures_util::future::try_join_all;
use kit::config::{Config, PublicUrl};
use kit::events::Bus;
use kit::service::{Context, Service};
use kit::time::SystemClock;
use kit::token::PublicKey;
use server::transport::InProcess;
use server::{
    Auth, Console, Door, Gateway, GatewayOptions, InternalSigner, Introspection, Jwks, Limits,
    Mode, SubgraphEndpoint,
};
use tokio::net::TcpListener;

use crate::args::Dev;
use crate::console::{self, Memory};
use crate::platform::SUBGRAPHS;
use crate::stop;

/// What running requests and tasks have when the program is told to stop.
const STOP_DEADLINE: Duration = Duration::from_secs(5);

/// Where identity publishes the keys of its tokens.
const JWKS: &str = "http://identity/.well-known/jwks.json";

pub(crate) async fn run(dev: Dev) -> Result<ExitCode> {
    let listener = TcpListener::bind(dev.listen)
        .await
        .with_context(|| format!("cannot listen on {}", dev.listen))?;
    let address = listener.local_addr()?;
    let origin = dev
        .public_url
        .unwrap_or_else(|| format!("http://{address}"));
    let public_url: PublicUrl = origin.parse().context("--public-url")?;

    // A key for this process alone: nobody outside can make a token that its subgraphs take.
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)?;
    let signer = InternalSigner::from_seed(&seed);

    let bus = Bus::in_process();
    let opening = SUBGRAPHS.iter().map(|subgraph| {
        let keys = vec![PublicKey::new(signer.public_key())];
        let config = Config::embedded(subgraph.name, &dev.data, public_url.clone(), keys);
        let bus = bus.clone();
        async move {
            let context = Context {
                config: config?,
                clock: Arc::new(SystemClock),
                bus,
            };
            (subgraph.open)(context)
                .await
                .with_context(|| format!("cannot open {}", subgraph.name))
        }
    });
    let services: Vec<Service> = try_join_all(opening).await?;

    let memory = Memory::in_folder(&dev.data);
    let console = console::with_pages(Console {
        former: memory.recall(),
        ..Console::default()
    });
    let gateway = Gateway::new(options(&services, signer, &origin, console)?)?;
    memory.remember(&gateway);
    let stop = stop::on_signal();
    for service in &services {
        stop::with(&stop, service);
    }
    tracing::info!(
        "open {origin} in a browser; data is kept in {}",
        dev.data.display()
    );
    server::listen(gateway.router(), listener, stop, STOP_DEADLINE).await?;
    for service in services {
        service.tasks.shutdown(STOP_DEADLINE).await;
    }
    Ok(ExitCode::SUCCESS)
}

fn options(
    services: &[Service],
    signer: InternalSigner,
    origin: &str,
    console: Console,
) -> Result<GatewayOptions> {
    let mut subgraphs = Vec::new();
    let mut doors = Vec::new();
    for (subgraph, service) in SUBGRAPHS.iter().zip(services) {
        let router = service.router.clone();
        subgraphs.push(SubgraphEndpoint::in_process(
            subgraph.name,
            (subgraph.sdl)(),
            router,
        ));
        for prefix in subgraph.doors {
            doors.push(Door::new(prefix, subgraph.name)?);
        }
    }
    let identity = services.first().expect("identity is the first subgraph");
    Ok(GatewayOptions {
        subgraphs,
        contract: None,
        auth: Auth::Jwks(Jwks {
            issuer: origin.to_owned(),
            audience: Jwks::AUDIENCE.to_owned(),
            url: JWKS.parse()?,
            transport: Arc::new(InProcess::new(identity.router.clone())),
        }),
        internal: Some(signer),
        doors,
        public_url: Some(origin.parse()?),
        override_labels: BTreeMap::new(),
        limits: Limits::default(),
        mode: Mode::Dev,
        console: Some(console),
        introspection: Introspection::Everybody,
        cors: None,
    })
}
