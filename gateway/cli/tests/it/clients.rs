//! Other people's JavaScript clients, run as they come from their registry.

use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::world::PATIENCE;

/// A running client that prints JSON lines.
pub(crate) struct Client {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

/// Whether the clients are installed. If not, says so; fails where everything must be there.
pub(crate) fn installed() -> bool {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/clients/node_modules")
        .is_dir();
    let required = std::env::var_os("TENON_TEST_SERVERS").is_some_and(|value| value == "required");
    assert!(
        here || !required,
        "the JavaScript clients are missing: run `make clients`"
    );
    if !here {
        eprintln!("SKIPPED: the JavaScript clients are missing; `make clients` installs them");
    }
    here
}

impl Client {
    /// Starts a script of `tests/clients`.
    pub(crate) fn start(script: &str, arguments: &[&str]) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
        let mut child = Command::new("node")
            .arg(script)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node runs");
        let lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
        Self { child, lines }
    }

    /// The next line it prints.
    pub(crate) async fn next(&mut self) -> Value {
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line()).await;
        let line = line
            .expect("a line in time")
            .expect("readable output")
            .expect("another line");
        serde_json::from_str(&line).expect("the client prints JSON")
    }

    /// The next line it prints; `None` if it ends instead.
    pub(crate) async fn next_if_any(&mut self) -> Option<Value> {
        let line = self.lines.next_line().await.expect("readable output")?;
        Some(serde_json::from_str(&line).expect("the client prints JSON"))
    }

    /// Ends it, as a user who closes the tab.
    pub(crate) async fn stop(mut self) {
        self.child.kill().await.expect("the client can be stopped");
    }

    /// Waits until it ends by itself, and whether all went well.
    pub(crate) async fn finish(mut self) -> bool {
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        status
            .expect("it ends in time")
            .expect("it can be waited for")
            .success()
    }
}
