//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// A federated GraphQL gateway and the subgraphs it serves, in one binary.
///
/// Without a command: `tenon dev`.
#[derive(Debug, Parser)]
#[command(name = "tenon", version, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run everything in one process on embedded stores, with demo data
    Dev(Dev),
    /// Run the gateway alone; SIGHUP makes it read the schemas anew
    Serve(Serve),
    /// Run, migrate or print one subgraph alone
    Subgraph(Subgraph),
    /// Compose subgraph schemas to a supergraph
    Compose(Compose),
    /// Tell what a code of composition means, with an example; without a code, list them
    Explain(Explain),
    /// Report what changed in the API, and whom it breaks
    Check(Check),
    /// Show how an operation is planned
    Plan(Plan),
    /// Make what a configuration needs
    #[command(subcommand)]
    Config(Config),
    /// Ask a gateway or a subgraph whether it is ready; fails if it is not
    Health(Health),
}

#[derive(Args, Debug)]
pub(crate) struct Dev {
    /// Address to listen on
    #[arg(long, env = "TENON_LISTEN", default_value = "127.0.0.1:4000")]
    pub(crate) listen: SocketAddr,
    /// Folder of databases, blobs and keys; made if missing
    #[arg(long, env = "TENON_DATA_DIR", default_value = "data")]
    pub(crate) data: PathBuf,
    /// Origin that links point to; by default the address that is listened on
    #[arg(long, env = "TENON_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,
}

impl Dev {
    /// What `tenon` without a command means; the environment counts as it does with one.
    pub(crate) fn by_default() -> Self {
        match Arguments::parse_from(["tenon", "dev"]).command {
            Some(Command::Dev(dev)) => dev,
            _ => unreachable!("`dev` was parsed"),
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Configuration of the gateway
    #[arg(
        long,
        env = "TENON_CONFIG",
        default_value = "tenon.yaml",
        conflicts_with = "subgraphs"
    )]
    pub(crate) config: PathBuf,
    /// For development: a JSON list of {name, url, sdl}, served without any authentication
    #[arg(long)]
    pub(crate) subgraphs: Option<PathBuf>,
    /// Which contract of the configuration clients see, instead of the whole graph
    #[arg(
        long,
        value_name = "NAME",
        env = "TENON_CONTRACT",
        conflicts_with = "subgraphs"
    )]
    pub(crate) contract: Option<String>,
    /// Address to listen on, instead of the configured one
    #[arg(long, env = "TENON_LISTEN")]
    pub(crate) listen: Option<SocketAddr>,
}

#[derive(Args, Debug)]
pub(crate) struct Subgraph {
    /// Which one
    pub(crate) name: SubgraphName,
    /// What to do with it
    #[command(subcommand)]
    pub(crate) action: SubgraphAction,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum SubgraphName {
    Identity,
    Files,
    Integrations,
    Apps,
    Customers,
    Billing,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SubgraphAction {
    /// Serve it; stores, keys and address come from the environment
    Serve {
        /// Address to listen on
        #[arg(long, env = "TENON_LISTEN", default_value = "127.0.0.1:4001")]
        listen: SocketAddr,
    },
    /// Bring its store up to date and end
    Migrate,
    /// Print its schema
    Sdl,
}

#[derive(Args, Debug)]
pub(crate) struct Compose {
    /// Configuration that names the subgraphs and their schemas: tenon.yaml, or rover's
    /// supergraph.yaml
    #[arg(long, default_value = "tenon.yaml")]
    pub(crate) config: PathBuf,
    /// File for the supergraph; standard output if not given
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    /// File for the schema that clients see
    #[arg(long)]
    pub(crate) api_out: Option<PathBuf>,
    /// Which contract of the configuration to show, instead of the whole graph
    #[arg(long, value_name = "NAME")]
    pub(crate) contract: Option<String>,
    /// How to report errors and hints
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ReportFormat,
    /// Compose again whenever the configuration or a schema changes, until stopped
    #[arg(long)]
    pub(crate) watch: bool,
    /// Compose one graph for each line of JSON on standard input
    #[arg(long, conflicts_with_all = ["out", "api_out", "contract", "format", "watch"])]
    pub(crate) batch: bool,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// Of an error or a hint, such as SATISFIABILITY_ERROR
    pub(crate) code: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Check {
    /// File with the schema that clients know: the API's or a supergraph
    #[arg(long)]
    pub(crate) against: PathBuf,
    /// File with the schema that they would get, the API's or a supergraph; by default it is
    /// composed
    #[arg(long)]
    pub(crate) schema: Option<PathBuf>,
    /// Configuration to compose, tenon.yaml or rover's supergraph.yaml
    #[arg(long, default_value = "tenon.yaml", conflicts_with = "schema")]
    pub(crate) config: PathBuf,
    /// Which contract of the configuration to compose, instead of the whole graph
    #[arg(long, value_name = "NAME", conflicts_with = "schema")]
    pub(crate) contract: Option<String>,
    /// Folder of recorded operations, *.graphql or *.json with {query}: which would break, and
    /// which changes nobody meets
    #[arg(long)]
    pub(crate) operations: Option<PathBuf>,
    /// How to report
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ReportFormat,
}

#[derive(Args, Debug)]
pub(crate) struct Plan {
    /// File with the supergraph's schema
    #[arg(long, default_value = "schema/supergraph.graphql")]
    pub(crate) supergraph: PathBuf,
    /// The operation, or a file that holds it
    #[arg(long, required_unless_present = "batch")]
    pub(crate) query: Option<String>,
    /// Which of the document's operations
    #[arg(long)]
    pub(crate) operation_name: Option<String>,
    /// The operation's variables as JSON, or a file that holds them: shows which fetches they skip
    #[arg(long)]
    pub(crate) variables: Option<String>,
    /// How to write the plan
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: PlanFormat,
    /// Plan one operation for each line of JSON on standard input
    #[arg(long, conflicts_with_all = ["query", "variables"])]
    pub(crate) batch: bool,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// For people
    #[default]
    Text,
    /// The graph of fetches, for programs
    Json,
    /// The tree that existing tools read; lossy
    Apollo,
    /// For Graphviz
    Dot,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Print new secrets for a cluster, one NAME=value a line
    Keys,
    /// Print the JSON Schema of tenon.yaml, for editors
    Schema,
}

#[derive(Args, Debug)]
pub(crate) struct Health {
    /// Where it answers, such as http://127.0.0.1:4000/health
    pub(crate) url: http::Uri,
}
