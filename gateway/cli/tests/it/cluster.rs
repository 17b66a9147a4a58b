//! The platform as a cluster: every part a process of its own, on PostgreSQL, a server of MongoDB's
//! protocol and Redis, with no folder in common. What is asked for the most, or by many at once,
//! runs twice: the gateway, apps, files, customers and billing.

mod billing;
mod burst;
mod console;
mod graph;
mod listener;
mod migration;
mod secrets;
mod starts;
mod subscriptions;
mod upload;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use kit::testing::{Fresh, Redis};
use tempfile::TempDir;

use crate::balancer::Balancer;
use crate::world::{Api, PATIENCE, Process, free_port, wait_ready};

/// All processes, killed when dropped; and what they need.
pub(crate) struct Cluster {
    /// As clients come: through the balancer before the gateways.
    pub(crate) api: Api,
    /// The first goes through balancers, the second knows all instances.
    pub(crate) gateways: [Instance; 2],
    pub(crate) apps: [Instance; 2],
    pub(crate) files: [Instance; 2],
    /// The subgraphs that nobody kills.
    pub(crate) others: Vec<Instance>,
    /// Before the instances of apps.
    pub(crate) apps_balancer: Balancer,
    pub(crate) redis: Redis,
    _balancers: [Balancer; 2],
    _stores: Vec<Fresh>,
}

/// One process and the folder that it has for itself.
pub(crate) struct Instance {
    name: &'static str,
    /// As nobody but the test comes: straight to this process.
    pub(crate) api: Api,
    pub(crate) process: Process,
    pub(crate) port: u16,
    pub(crate) folder: TempDir,
}

/// The secrets of a cluster, as `tenon config keys` prints them.
pub(crate) struct Keys(BTreeMap<String, String>);

impl Keys {
    pub(crate) fn print() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tenon"));
        let output = command.args(["config", "keys"]).output();
        let text = String::from_utf8(output.expect("the binary runs").stdout).expect("UTF-8");
        let lines = text.lines().filter_map(|line| line.split_once('='));
        Self(
            lines
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        )
    }

    /// One of them, as a variable.
    pub(crate) fn variable(&self, name: &str) -> (String, String) {
        (name.to_owned(), self.0[name].clone())
    }
}

/// An empty store for a subgraph; `None` if its server is not installed, which has been said.
async fn fresh(subgraph: &str) -> Option<Fresh> {
    match subgraph {
        "files" | "integrations" => Fresh::mongo(),
        _ => Fresh::postgres().await,
    }
}

/// Tries until there is something.
pub(crate) async fn eventually<T>(what: &str, mut attempt: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = attempt().await {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "still not: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

impl Instance {
    fn start(
        name: &'static str,
        port: u16,
        folder: TempDir,
        arguments: &[&str],
        environment: &[(String, String)],
    ) -> Self {
        let log = folder.path().join("log");
        Self {
            name,
            api: Api::new(format!("http://127.0.0.1:{port}")),
            process: Process::start(arguments, environment, &log),
            port,
            folder,
        }
    }
}

/// What all subgraphs of a cluster are told.
struct Subgraphs {
    keys: Keys,
    origin: String,
    events: String,
}

impl Subgraphs {
    const NAMES: [&str; 6] = [
        "identity",
        "files",
        "integrations",
        "apps",
        "customers",
        "billing",
    ];

    fn start(&self, name: &'static str, port: u16, store: &Fresh) -> Instance {
        let folder = tempfile::tempdir().expect("a folder");
        let listen = format!("127.0.0.1:{port}");
        let data = folder.path().join("data").display().to_string();
        let mut environment = vec![
            self.keys.variable("TENON_INTERNAL_KEYS"),
            self.keys.variable("TENON_SECRET_KEYS"),
        ];
        let told = [
            ("TENON_PUBLIC_URL", self.origin.as_str()),
            ("TENON_DATA_DIR", &data),
            ("TENON_STORE", store.text()),
            ("TENON_EVENTS", &self.events),
            ("TENON_DEMO", "true"),
        ];
        let blobs = (name == "files").then_some(("TENON_BLOBS", "gridfs"));
        for (name, value) in told.into_iter().chain(blobs) {
            environment.push((name.to_owned(), value.to_owned()));
        }
        let arguments = ["subgraph", name, "serve", "--listen", &listen];
        Instance::start(name, port, folder, &arguments, &environment)
    }

    fn start_gateway(&self, port: u16, config: &str) -> Instance {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("tenon.yaml");
        std::fs::write(&file, config).expect("the folder can be written");
        let listen = format!("127.0.0.1:{port}");
        let file = file.to_str().expect("UTF-8");
        let arguments = ["serve", "--config", file, "--listen", &listen];
        let key = self.keys.variable("TENON_INTERNAL_SIGNING_KEY");
        Instance::start("gateway", port, folder, &arguments, &[key])
    }
}

/// What a gateway is told: where the instances of each subgraph are, with the schemas of the
/// repository.
fn config(origin: &str, subgraphs: &[(&str, &[u16])]) -> String {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema/subgraphs");
    let mut config = format!("public_url: {origin}\nsubgraphs:\n");
    for (name, ports) in subgraphs {
        let urls = ports
            .iter()
            .map(|port| format!("http://127.0.0.1:{port}/graphql"));
        let urls = urls.collect::<Vec<_>>().join(", ");
        let schema = schemas.join(name).with_extension("graphql");
        let schema = schema.display();
        writeln!(
            config,
            "  {name}: {{ url: [{urls}], schema: {{ file: {schema} }} }}"
        )
        .expect("a text can be written to");
    }
    let identity = subgraphs[0].1[0];
    write!(
        config,
        "auth:
  issuer: {origin}
  jwks: http://127.0.0.1:{identity}/.well-known/jwks.json
doors: {{ /auth: identity, /.well-known: identity, /files: files, /hooks: apps }}
console: true
"
    )
    .expect("a text can be written to");
    config
}

impl Cluster {
    /// Starts one; `None` if a server is not installed here, which has been said.
    pub(crate) async fn start() -> Option<Self> {
        let redis = Redis::new()?;
        let identity = fresh("identity").await?;
        let files = fresh("files").await?;
        let integrations = fresh("integrations").await?;
        let apps = fresh("apps").await?;
        let customers = fresh("customers").await?;
        let billing = fresh("billing").await?;

        let ports: [u16; 6] = std::array::from_fn(|_| free_port());
        let apps_ports = [free_port(), free_port()];
        let files_ports = [free_port(), free_port()];
        let apps_balancer = Balancer::before(apps_ports).await;
        let files_balancer = Balancer::before(files_ports).await;

        let gateway_ports = [free_port(), free_port()];
        let front = Balancer::before(gateway_ports).await;
        let subgraphs = Subgraphs {
            keys: Keys::print(),
            origin: format!("http://127.0.0.1:{}", front.port),
            events: redis.url(),
        };
        // Both ways to run something twice: behind a balancer, and known to the gateway.
        let told = |files: &[u16], apps: &[u16]| {
            let parts = [
                ("identity", &ports[..1]),
                ("files", files),
                ("integrations", &ports[1..2]),
                ("apps", apps),
                ("customers", &ports[2..4]),
                ("billing", &ports[4..]),
            ];
            config(&subgraphs.origin, &parts)
        };
        let configs = [
            told(&[files_balancer.port], &[apps_balancer.port]),
            told(&files_ports, &apps_ports),
        ];
        let mut cluster = Self {
            api: Api::new(subgraphs.origin.clone()),
            others: vec![
                subgraphs.start("identity", ports[0], &identity),
                subgraphs.start("integrations", ports[1], &integrations),
                subgraphs.start("customers", ports[2], &customers),
                subgraphs.start("customers", ports[3], &customers),
                subgraphs.start("billing", ports[4], &billing),
                subgraphs.start("billing", ports[5], &billing),
            ],
            apps: apps_ports.map(|port| subgraphs.start("apps", port, &apps)),
            files: files_ports.map(|port| subgraphs.start("files", port, &files)),
            gateways: [0, 1].map(|n| subgraphs.start_gateway(gateway_ports[n], &configs[n])),
            apps_balancer,
            redis,
            _balancers: [files_balancer, front],
            _stores: vec![identity, apps, customers, billing, files, integrations],
        };
        for instance in cluster.instances_mut() {
            wait_ready(&instance.api, &mut instance.process).await;
        }
        Some(cluster)
    }

    pub(crate) fn instances(&self) -> impl Iterator<Item = &Instance> {
        let twice = self.gateways.iter().chain(&self.apps).chain(&self.files);
        self.others.iter().chain(twice)
    }

    fn instances_mut(&mut self) -> impl Iterator<Item = &mut Instance> {
        let twice = self.gateways.iter_mut().chain(&mut self.apps);
        let twice = twice.chain(&mut self.files);
        self.others.iter_mut().chain(twice)
    }
}

impl Drop for Cluster {
    /// Shows what the processes said last, if the test has failed.
    fn drop(&mut self) {
        /// Enough to see what was wrong, and not to bury why the test failed.
        const LINES: usize = 30;
        if !std::thread::panicking() {
            return;
        }
        for instance in self.instances() {
            let said = instance.process.output();
            let lines: Vec<&str> = said.lines().collect();
            let last = &lines[lines.len().saturating_sub(LINES)..];
            eprintln!("--- {} {}", instance.name, instance.port);
            eprintln!("{}", last.join("\n"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn separate_processes_are_one_graph() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let token = cluster.api.token("OWNER").await;
    graph::one_query_crosses_all_subgraphs(&cluster, &token).await;
    console::only_inspectors_see_how_the_gateways_are(&cluster).await;
    secrets::revealing_leaves_a_record_and_nothing_else(&cluster, &token).await;
    billing::usage_is_counted_once(&cluster, &token).await;
    billing::invoices_get_consecutive_numbers(&cluster, &token).await;
    subscriptions::events_arrive_with_their_customers(&cluster, &token).await;
}
