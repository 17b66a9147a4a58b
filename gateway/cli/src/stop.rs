//! The wish of the outside that the program ends.

use kit::service::Service;
use tokio_util::sync::CancellationToken;

/// A token that is cancelled by Ctrl+C or, as supervisors do it, by SIGTERM.
pub(crate) fn on_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let cancelled = stop.clone();
    tokio::spawn(async move {
        wait().await;
        tracing::info!("stopping");
        cancelled.cancel();
    });
    stop
}

/// Stops a subgraph's streams together with the program: whoever listens to them would otherwise
/// hold up the end until its deadline.
pub(crate) fn with(stop: &CancellationToken, service: &Service) {
    let (stop, streams) = (stop.clone(), service.tasks.stop());
    tokio::spawn(async move {
        stop.cancelled().await;
        streams.cancel();
    });
}

#[cfg(unix)]
async fn wait() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).expect("SIGTERM can be waited for");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn wait() {
    let _ = tokio::signal::ctrl_c().await;
}
