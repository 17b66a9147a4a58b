//! SIGHUP: the subgraphs' schemas are read and composed anew, and the graph is replaced as a whole.
//!
//! What runs finishes on the graph that it began with. A graph that cannot be served changes
//! nothing; why stands in the log.

use server::Gateway;
use tokio_util::sync::CancellationToken;

use crate::serve::Source;

/// Replaces the graph at each signal until the program stops.
pub(crate) async fn on_signal(gateway: Gateway, source: Source, stop: CancellationToken) {
    let mut signals = Signals::new();
    loop {
        tokio::select! {
            () = signals.next() => {}
            () = stop.cancelled() => return,
        }
        if let Err(error) = reload(&gateway, &source).await {
            let error: &(dyn std::error::Error + 'static) = error.as_ref();
            tracing::error!(error, "the graph stays as it is: {error}");
        }
    }
}

async fn reload(gateway: &Gateway, source: &Source) -> anyhow::Result<()> {
    let (options, ..) = source.read().await?;
    let gateway = gateway.clone();
    // Composing keeps a core busy.
    let replace = move || gateway.replace(options.subgraphs, options.contract.as_ref());
    tokio::task::spawn_blocking(replace).await??;
    Ok(())
}

#[cfg(unix)]
struct Signals(tokio::signal::unix::Signal);

#[cfg(unix)]
impl Signals {
    fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self(signal(SignalKind::hangup()).expect("SIGHUP can be waited for"))
    }

    async fn next(&mut self) {
        if self.0.recv().await.is_none() {
            // No more will come.
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Self {
        Self
    }

    async fn next(&mut self) {
        std::future::pending::<()>().await;
    }
}
