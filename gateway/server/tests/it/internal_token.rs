//! What subgraphs are told of the client.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Value, json};

use crate::graph::{Graph, gateway, post, send, signer};
use crate::subgraph::Subgraph;

fn claims(subgraph: &Subgraph) -> Value {
    let asked = subgraph.asked();
    let token = asked.last().unwrap().headers["x-tenon-internal"]
        .to_str()
        .unwrap();
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&[subgraph.name]);
    validation.set_issuer(&["tenon-gateway"]);
    let key = DecodingKey::from_ed_der(&signer().public_key());
    decode::<Value>(token, &key, &validation).unwrap().claims
}

#[tokio::test]
async fn an_anonymous_client_has_no_principal() {
    let graph = Graph::new();
    let mut options = graph.options();
    options.internal = Some(signer());
    let router = gateway(options);
    let query = json!({ "query": "{ products { reviews { text } } }" });
    let forged = [("x-tenon-internal", "forged")];
    send(&router, post(&query, &forged)).await;
    for subgraph in [&graph.products, &graph.reviews] {
        let claims = claims(subgraph);
        let keys: HashSet<&str> = claims
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(keys, HashSet::from(["iss", "aud", "iat", "exp"]));
        let life = claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap();
        assert_eq!(life, 60);
    }
}

#[tokio::test]
async fn a_token_is_used_again_for_the_same_subgraph_only() {
    let graph = Graph::new();
    let mut options = graph.options();
    options.internal = Some(signer());
    let router = gateway(options);
    let query = json!({ "query": "{ products { reviews { text } } }" });
    for _ in 0..3 {
        send(&router, post(&query, &[])).await;
    }
    let tokens = |subgraph: &Subgraph| -> HashSet<_> {
        let asked = subgraph.asked();
        asked
            .iter()
            .map(|asked| asked.headers["x-tenon-internal"].clone())
            .collect()
    };
    let (products, reviews) = (tokens(&graph.products), tokens(&graph.reviews));
    assert_eq!((products.len(), reviews.len()), (1, 1));
    assert_ne!(products, reviews);
}

#[tokio::test]
async fn a_mutation_is_named_in_its_token() {
    let graph = Graph::new();
    let mut options = graph.options();
    options.internal = Some(signer());
    let router = gateway(options);
    let mutation = json!({ "query": "mutation { rename(id: \"1\") { id } }" });
    let answer = send(&router, post(&mutation, &[("x-request-id", "req-1")])).await;
    assert_eq!(answer.headers["x-request-id"], "req-1");
    assert_eq!(claims(&graph.products)["request_id"], "req-1");
    assert_eq!(graph.products.asked()[0].headers["x-request-id"], "req-1");
    let answer = send(&router, post(&mutation, &[])).await;
    let id = answer.headers["x-request-id"].to_str().unwrap();
    assert_eq!(claims(&graph.products)["request_id"], id);
}

#[test]
fn a_signing_key_is_read_from_text() {
    let text = URL_SAFE_NO_PAD.encode([7; 32]);
    let read: server::InternalSigner = text.parse().unwrap();
    assert_eq!(read.public_key(), signer().public_key());
    assert!("short".parse::<server::InternalSigner>().is_err());
    assert!(!format!("{read:?}").contains(&text));
}
