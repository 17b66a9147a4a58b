//! What one client, one document and one subgraph may cost.

use std::time::Duration;

/// Every bound of the gateway that an operator may want to move, with its reason.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Limits {
    /// The largest body of a GraphQL request, in bytes. Default 1 MiB: documents are kilobytes,
    /// variables rarely more; files go through their own door.
    pub body_bytes_max: usize,
    /// How long the body of a GraphQL request may take to arrive. Default 10 s.
    pub body_deadline: Duration,
    /// The largest document, in bytes. Default 100 kB, five times what large front ends send.
    pub document_bytes_max: usize,
    /// The most tokens in a document. Default 20,000, which 100 kB of ordinary text stay below.
    pub document_tokens_max: usize,
    /// How deep selection sets may stand in one another, fragments included. Default 100: the
    /// introspection query of the console needs 15, generated clients up to 50.
    pub document_depth_max: usize,
    /// The most selections once fragments are spread. Default 20,000. It is what planning and
    /// validation work on, and what a small document of doubling fragments makes explode.
    pub document_selections_max: u64,
    /// The most aliases once fragments are spread. Default 1,000.
    pub document_aliases_max: u64,
    /// The most fields at the root once fragments are spread. Default 200; each may be a request.
    pub document_root_fields_max: u64,
    /// The memory for documents and plans that were used lately, in bytes, as estimated from the
    /// documents' texts. Default 128 MiB: some four thousand documents of half a kilobyte.
    pub operations_bytes_max: usize,
    /// How long an operation may take in all. Default 60 s; subscriptions are not bound by it.
    pub request_deadline: Duration,
    /// How many operations run at once; more are refused. Default 2,000.
    pub requests_max: usize,
    /// How long one request to a subgraph may take, from connecting to the last byte. Default
    /// 15 s.
    pub fetch_deadline: Duration,
    /// The largest response of a subgraph, in bytes. Default 64 MiB.
    pub fetch_bytes_max: usize,
    /// The largest event of a subgraph's subscription, in bytes. Default 4 MiB.
    pub event_bytes_max: usize,
    /// How many subscriptions run at once on this gateway. Default 20,000, at some 20 kB each.
    pub subscriptions_max: usize,
    /// How many WebSockets are open at once on this gateway. Default 20,000.
    pub sockets_max: usize,
    /// How many operations run at once on one WebSocket. Default 100.
    pub socket_operations_max: usize,
    /// How long a WebSocket may stay silent before `connection_init`. Default 10 s.
    pub socket_init_deadline: Duration,
    /// How long one message to a client may take to leave. Default 30 s; then the client is
    /// considered gone, since its subscriptions wait for it.
    pub write_deadline: Duration,
    /// How long nothing may move in either direction behind a door. Default 60 s. The whole
    /// transfer may take as long as it needs.
    pub door_idle_max: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes_max: 1024 * 1024,
            body_deadline: Duration::from_secs(10),
            document_bytes_max: 100_000,
            document_tokens_max: 20_000,
            document_depth_max: 100,
            document_selections_max: 20_000,
            document_aliases_max: 1_000,
            document_root_fields_max: 200,
            operations_bytes_max: 128 * 1024 * 1024,
            request_deadline: Duration::from_secs(60),
            requests_max: 2_000,
            fetch_deadline: Duration::from_secs(15),
            fetch_bytes_max: 64 * 1024 * 1024,
            event_bytes_max: 4 * 1024 * 1024,
            subscriptions_max: 20_000,
            sockets_max: 20_000,
            socket_operations_max: 100,
            socket_init_deadline: Duration::from_secs(10),
            write_deadline: Duration::from_secs(30),
            door_idle_max: Duration::from_secs(60),
        }
    }
}
