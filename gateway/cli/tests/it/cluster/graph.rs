//! One query over all subgraphs.

use serde_json::json;

use super::Cluster;

/// App → events → customer → invoices, and file → owner.
pub(super) async fn one_query_crosses_all_subgraphs(cluster: &Cluster, token: &str) {
    const QUERY: &str = "{
        apps(first: 1) { edges { node {
            slug
            owner { displayName connections(first: 5) { edges { node { provider { kind } } } } }
            webhookEvents(first: 3) { edges { node {
                message { text }
                customer { displayName invoices(first: 5) { edges { node { status number } } } }
            } } }
        } } }
        files(first: 1) { edges { node { name owner { displayName email } } } }
    }";
    for gateway in &cluster.gateways {
        let data = gateway.api.data(token, QUERY, json!({})).await;
        let app = &data["apps"]["edges"][0]["node"];
        assert_eq!(app["owner"]["displayName"], "Olga Owens", "{data:#}");
        let connections = app["owner"]["connections"]["edges"]
            .as_array()
            .expect("connections");
        let kinds: Vec<_> = connections
            .iter()
            .map(|edge| &edge["node"]["provider"]["kind"])
            .collect();
        assert!(kinds.iter().any(|kind| *kind == "TELEGRAM"), "{data:#}");
        let events = app["webhookEvents"]["edges"].as_array().expect("events");
        assert_eq!(events.len(), 3, "{data:#}");
        let newest = &events[0]["node"];
        assert_eq!(newest["message"]["text"], "Thank you!");
        assert_eq!(newest["customer"]["displayName"], "Ada Lovelace");
        let invoices = newest["customer"]["invoices"]["edges"]
            .as_array()
            .expect("invoices");
        let last = invoices.last().expect("Ada has invoices");
        assert_eq!(last["node"]["status"], "FINALIZED", "{data:#}");
        let file = &data["files"]["edges"][0]["node"];
        assert_eq!(file["owner"]["email"], "olga@acme.example", "{data:#}");
    }
}
