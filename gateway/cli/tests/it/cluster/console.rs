//! How the gateways are, for those who may know.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Cluster;

/// Owners and developers may; others may not, and see no plans either.
pub(super) async fn only_inspectors_see_how_the_gateways_are(cluster: &Cluster) {
    let api = &cluster.gateways[1].api;
    for (role, status) in [
        ("OWNER", StatusCode::OK),
        ("DEVELOPER", StatusCode::OK),
        ("MEMBER", StatusCode::FORBIDDEN),
    ] {
        let bearer = format!("Bearer {}", cluster.api.token(role).await);
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("tenon-plan", "json"),
        ];
        let path = "/console/api/subgraphs";
        let (found, _, body) = api.send(Method::GET, path, &headers, "").await;
        assert_eq!(found, status, "{role}");
        if status == StatusCode::OK {
            check_subgraphs(&serde_json::from_slice(&body).expect("JSON"));
        }
        let query = json!({ "query": "{ __typename }" }).to_string();
        let (_, _, body) = api.send(Method::POST, "/graphql", &headers, query).await;
        let answer: Value = serde_json::from_slice(&body).expect("JSON");
        let is_shown = answer.get("extensions").is_some();
        assert_eq!(is_shown, status == StatusCode::OK, "{role}: {answer:#}");
    }
    let (status, ..) = api.send(Method::GET, "/console/api/schema", &[], "").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

fn check_subgraphs(report: &Value) {
    let subgraphs = report["subgraphs"].as_array().expect("a list");
    assert_eq!(subgraphs.len(), 6);
    for subgraph in subgraphs {
        assert_eq!(subgraph["state"], "up", "{subgraph:#}");
        assert_eq!(subgraph["transport"], "http");
        assert_eq!(subgraph["schema"]["source"], "file");
        let instances = match subgraph["name"].as_str().expect("a name") {
            "identity" | "integrations" => 1,
            _ => 2,
        };
        assert_eq!(subgraph["instances"], instances, "{subgraph:#}");
    }
}
