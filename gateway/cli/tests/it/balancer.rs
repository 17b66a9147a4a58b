//! Stands before several instances, as a cluster's load balancer does: connections go to each in
//! turn, and around those that are down.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::world::PATIENCE;

/// A balancer of TCP connections; dropping it breaks them all.
pub(crate) struct Balancer {
    pub(crate) port: u16,
    /// The port that each connection was led to, in order.
    led: Arc<Mutex<Vec<u16>>>,
    task: JoinHandle<()>,
}

impl Balancer {
    /// Listens for those who look for one of `instances`, which need not be up yet.
    pub(crate) async fn before(instances: [u16; 2]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let led = Arc::default();
        let task = tokio::spawn(balance(listener, instances, Arc::clone(&led)));
        Self { port, led, task }
    }

    /// How many connections it has led.
    pub(crate) fn count(&self) -> usize {
        self.led.lock().expect("nobody panics with it").len()
    }

    /// Where the `nth` connection was led, as soon as there is one.
    pub(crate) async fn led(&self, nth: usize) -> u16 {
        let start = Instant::now();
        loop {
            if let Some(port) = self.led.lock().expect("nobody panics with it").get(nth) {
                return *port;
            }
            assert!(start.elapsed() < PATIENCE, "nobody connects");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn balance(listener: TcpListener, instances: [u16; 2], led: Arc<Mutex<Vec<u16>>>) {
    let mut connections = JoinSet::new();
    let mut turn = instances;
    while let Ok((client, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        connections.spawn(lead(client, turn, Arc::clone(&led)));
        turn.reverse();
    }
}

/// Leads a connection to the first of `instances` that is up.
async fn lead(mut client: TcpStream, instances: [u16; 2], led: Arc<Mutex<Vec<u16>>>) {
    for port in instances {
        if let Ok(mut server) = TcpStream::connect(("127.0.0.1", port)).await {
            led.lock().expect("nobody panics with it").push(port);
            // It may break, as the instances behind it are killed.
            let _ = copy_bidirectional(&mut client, &mut server).await;
            return;
        }
    }
}
