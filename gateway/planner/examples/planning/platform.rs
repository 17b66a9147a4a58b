//! Queries as the platform's pages ask them.

pub(crate) const SUPERGRAPH: &str = include_str!("../../../../schema/supergraph.graphql");

pub(crate) const QUERIES: &[(&str, &str)] = &[
    (
        "viewer",
        "{ viewer { principal { ... on User { id displayName roles } ... on ServiceAccount { id clientId } }
            scopes tenant { id slug name status } } }",
    ),
    (
        "files",
        "query ($after: String) { files(first: 20, after: $after) { edges { cursor node {
            id name mimeType size createdAt owner { id displayName } collection { id slug } } }
            pageInfo { hasNextPage endCursor } } }",
    ),
    (
        "invoices",
        "{ invoices(first: 20) { edges { node { id number status total { amount currency }
            account { id customer { id displayName email } }
            lines { id kind description quantity amount { amount currency } } } }
            pageInfo { hasNextPage endCursor } } }",
    ),
    (
        "customer",
        "query ($id: ID!) { customer(id: $id) { id displayName email phone tags status
            identities { kind scope value verified }
            billingAccount { id currency balance { amount currency }
              subscriptions { id status quantity plan { id code name } } }
            invoices(first: 5) { edges { node { id number status total { amount currency } } } } } }",
    ),
    (
        "events",
        "query ($app: ID!) { app(id: $app) { id name slug status owner { id displayName }
            sources { id } webhookEvents(first: 50) { edges { cursor node { id type status receivedAt
              sender { __typename } message { text isEcho }
              customer { id displayName billingAccount { id balance { amount currency } } } } }
              pageInfo { hasNextPage endCursor } } } }",
    ),
    (
        "connections",
        "{ connections(first: 20) { edges { node { id name status hint version createdAt
            owner { id displayName email files(first: 3) { edges { node { id name } } } } } } } }",
    ),
    (
        "overview",
        "{ viewer { tenant { id name } } apps(first: 5) { edges { node { id name status } } }
          customers(first: 5) { edges { node { id displayName billingAccount { id balance { amount } } } } }
          invoices(first: 5) { edges { node { id number total { amount } account { id customer { id displayName } } } } }
          files(first: 5) { edges { node { id name owner { id displayName } } } }
          connections(first: 5) { edges { node { id name owner { id displayName } } } } }",
    ),
];
