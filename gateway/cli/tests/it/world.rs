//! A running `tenon`, and ways to speak to it as its users do.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

/// How long anything may take before a test gives up: far more than a slow machine needs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// One process of the binary, killed when dropped.
pub(crate) struct Process {
    child: Child,
    /// Where its output goes.
    pub(crate) log: PathBuf,
}

impl Process {
    /// Starts `tenon` with these arguments and environment; its output is appended to `log`.
    pub(crate) fn start(arguments: &[&str], environment: &[(String, String)], log: &Path) -> Self {
        let file = std::fs::File::options()
            .create(true)
            .append(true)
            .open(log)
            .expect("a log file");
        let errors = file.try_clone().expect("a second handle");
        let child = Command::new(env!("CARGO_BIN_EXE_tenon"))
            .args(arguments)
            .env_remove("TENON_LISTEN")
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(errors)
            .spawn()
            .expect("the binary starts");
        Self {
            child,
            log: log.to_owned(),
        }
    }

    /// `kill -9`: no chance to finish anything.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("the process can be killed");
        self.child.wait().expect("the process ends");
    }

    /// Sends it a signal, such as `HUP`.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args(["-s", name, &self.child.id().to_string()])
            .status()
            .expect("there is a kill");
        assert!(status.success());
    }

    /// Waits until it ends by itself, and whether all went well.
    pub(crate) async fn ends_well(&mut self) -> bool {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return status.success();
            }
            assert!(
                start.elapsed() < PATIENCE,
                "it does not end:\n{}",
                self.output()
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// What it has written so far.
    pub(crate) fn output(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// `tenon dev` on a data folder of its own.
pub(crate) struct Dev {
    pub(crate) process: Process,
    pub(crate) api: Api,
    pub(crate) data: tempfile::TempDir,
    logs: tempfile::TempDir,
    port: u16,
    environment: Vec<(String, String)>,
}

impl Dev {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With these environment variables.
    pub(crate) async fn start_with(environment: &[(&str, &str)]) -> Self {
        let environment: Vec<(String, String)> = environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let data = tempfile::tempdir().expect("a data folder");
        let logs = tempfile::tempdir().expect("a log folder");
        let port = free_port();
        let process = Self::spawn(port, data.path(), logs.path(), &environment);
        let api = Api::new(format!("http://127.0.0.1:{port}"));
        let mut dev = Self {
            process,
            api,
            data,
            logs,
            port,
            environment,
        };
        dev.ready().await;
        dev
    }

    fn spawn(port: u16, data: &Path, logs: &Path, environment: &[(String, String)]) -> Process {
        let listen = format!("127.0.0.1:{port}");
        let data = data.to_str().expect("a UTF-8 path");
        Process::start(
            &["dev", "--listen", &listen, "--data", data],
            environment,
            &logs.join("tenon.log"),
        )
    }

    /// Kills it without warning and starts it again on the same port and data.
    pub(crate) async fn crash_and_restart(&mut self) {
        self.process.kill();
        self.process = Self::spawn(
            self.port,
            self.data.path(),
            self.logs.path(),
            &self.environment,
        );
        self.ready().await;
    }

    async fn ready(&mut self) {
        wait_ready(&self.api, &mut self.process).await;
    }
}

/// Waits until `/health` answers 200.
pub(crate) async fn wait_ready(api: &Api, process: &mut Process) {
    let start = Instant::now();
    loop {
        if let Ok((StatusCode::OK, _, _)) = api
            .try_send(Method::GET, "/health", &[], Bytes::new())
            .await
        {
            return;
        }
        assert!(
            !process.ended(),
            "tenon ended before it was ready:\n{}",
            process.output()
        );
        assert!(
            start.elapsed() < PATIENCE,
            "tenon is not ready:\n{}",
            process.output()
        );
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// An HTTP client for one origin.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) base: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Api {
    pub(crate) fn new(base: String) -> Self {
        Self {
            base,
            client: Client::builder(TokioExecutor::new()).build_http(),
        }
    }

    /// Sends a request to a path of this origin, or to a whole URL.
    pub(crate) async fn try_send(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<(StatusCode, HeaderMap, Bytes), String> {
        let url = if target.starts_with("http") {
            target.to_owned()
        } else {
            format!("{}{target}", self.base)
        };
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body)).expect("a request");
        let answer = tokio::time::timeout(PATIENCE, async {
            let response = self
                .client
                .request(request)
                .await
                .map_err(|error| error.to_string())?;
            let (parts, body) = response.into_parts();
            let body = body
                .collect()
                .await
                .map_err(|error| error.to_string())?
                .to_bytes();
            Ok((parts.status, parts.headers, body))
        });
        answer.await.map_err(|_| "no answer in time".to_owned())?
    }

    /// As [`Api::try_send`], where an answer is certain.
    pub(crate) async fn send(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> (StatusCode, HeaderMap, Bytes) {
        self.try_send(method, target, headers, body.into())
            .await
            .expect("an answer")
    }

    /// A token of the demo tenant for one role.
    pub(crate) async fn token(&self, role: &str) -> String {
        let body = json!({ "role": role }).to_string();
        let headers = [("content-type", "application/json")];
        let (status, _, body) = self
            .send(Method::POST, "/auth/dev/token", &headers, body)
            .await;
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
        let answer: Value = serde_json::from_slice(&body).expect("JSON");
        answer["access_token"].as_str().expect("a token").to_owned()
    }

    /// The whole answer to an operation.
    pub(crate) async fn ask(&self, token: &str, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let authorization = format!("Bearer {token}");
        let mut headers = vec![
            ("content-type", "application/json"),
            ("accept", "application/json"),
        ];
        if !token.is_empty() {
            headers.push(("authorization", &authorization));
        }
        let (_, _, body) = self.send(Method::POST, "/graphql", &headers, body).await;
        serde_json::from_slice(&body).expect("the gateway answers JSON")
    }

    /// The data of an operation that must not fail.
    pub(crate) async fn data(&self, token: &str, query: &str, variables: Value) -> Value {
        let answer = self.ask(token, query, variables).await;
        assert_eq!(answer.get("errors"), None, "{query}\n{answer:#}");
        answer["data"].clone()
    }
}
