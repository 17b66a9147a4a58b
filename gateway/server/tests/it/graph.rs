//! A graph of two subgraphs, and a gateway in front of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use server::{
    Auth, Door, Gateway, GatewayOptions, InternalSigner, Introspection, Limits, Mode,
    SubgraphEndpoint, listen,
};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::subgraph::Subgraph;

const LINK: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key", "@shareable", "@authenticated", "@requiresScopes"])"#;

const PRODUCTS: &str = r#"
type Query {
  products: [Product!]!
  product(id: ID!): Product
  secret: String @authenticated
  broken: String
}
type Mutation { rename(id: ID!): Product }
type Subscription {
  changed: Product!
  held: Product!
  breaking: Product!
  guarded: Product @authenticated
}
type Product @key(fields: "id") {
  id: ID!
  name: String!
  cost: Int @requiresScopes(scopes: [["products:cost"]])
}
"#;

const REVIEWS: &str = r#"
type Query { reviewCount: Int! again: Query }
type Product @key(fields: "id") { id: ID! reviews: [Review!]! }
type Review {
  text: String!
  author: String @authenticated
  rating: Int! @requiresScopes(scopes: [["reviews:rating"]])
}
"#;

/// The two subgraphs.
pub(crate) struct Graph {
    pub(crate) products: Arc<Subgraph>,
    pub(crate) reviews: Arc<Subgraph>,
}

impl Graph {
    pub(crate) fn new() -> Self {
        let product = |id: &str, name: &str, cost: i32| json!({ "__typename": "Product", "id": id, "name": name, "cost": cost });
        let (one, two) = (product("1", "table", 10), product("2", "chair", 5));
        let products = json!({
            "Query": {
                "products": [one, two],
                "product": "entity",
                "secret": "s3cret",
                "broken": "fail",
            },
            "Mutation": { "rename": "entity" },
            "Subscription": {
                "changed": [one, two],
                "held": [one, "hold"],
                "breaking": [one, "break"],
                "guarded": [one],
            },
            "Product": [one, two],
        });
        let reviews = json!({
            "Query": { "reviewCount": 2 },
            "Product": [
                { "__typename": "Product", "id": "1", "reviews": [
                    { "__typename": "Review", "text": "solid", "author": "Ada", "rating": 5 },
                    { "__typename": "Review", "text": "heavy", "author": "Bob", "rating": 3 },
                ] },
                { "__typename": "Product", "id": "2", "reviews": [] },
            ],
        });
        Self {
            products: Subgraph::new(
                "products",
                &format!("{LINK}{PRODUCTS}"),
                "Product",
                products,
            ),
            reviews: Subgraph::new("reviews", &format!("{LINK}{REVIEWS}"), "Product", reviews),
        }
    }

    pub(crate) fn in_process(&self) -> Vec<SubgraphEndpoint> {
        [&self.products, &self.reviews]
            .map(|subgraph| {
                let (sdl, router) = (subgraph.sdl.clone(), subgraph.router());
                SubgraphEndpoint::in_process(subgraph.name, sdl, router)
            })
            .into()
    }

    /// A gateway for developers that asks nobody who they are.
    pub(crate) fn options(&self) -> GatewayOptions {
        GatewayOptions {
            subgraphs: self.in_process(),
            contract: None,
            auth: Auth::Off,
            internal: None,
            doors: Vec::new(),
            public_url: None,
            override_labels: BTreeMap::new(),
            limits: Limits::default(),
            mode: Mode::Dev,
            console: None,
            introspection: Introspection::Everybody,
            cors: None,
        }
    }

    pub(crate) fn router(&self) -> Router {
        gateway(self.options())
    }
}

pub(crate) fn gateway(options: GatewayOptions) -> Router {
    Gateway::new(options).unwrap().router()
}

/// A signer whose key is known to the tests.
pub(crate) fn signer() -> InternalSigner {
    InternalSigner::from_seed(&[7; 32])
}

/// A door to a router of its own.
pub(crate) fn with_door(graph: &Graph, door: &str, behind: Router) -> GatewayOptions {
    let mut options = graph.options();
    let products = &mut options.subgraphs[0];
    let router = graph.products.router().merge(behind);
    *products = SubgraphEndpoint::in_process("products", products.sdl.clone(), router);
    options.doors = vec![Door::new(door, "products").unwrap()];
    options
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub(crate) fn code(&self) -> Value {
        self.json()["errors"][0]["extensions"]["code"].clone()
    }

    pub(crate) fn content_type(&self) -> &str {
        self.headers["content-type"].to_str().unwrap()
    }
}

pub(crate) async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

/// A POST with these headers.
pub(crate) fn post(body: &Value, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::post("/graphql").header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_string())).unwrap()
}

/// The answer to a query as JSON.
pub(crate) async fn ask(router: &Router, query: &str) -> Value {
    send(router, post(&json!({ "query": query }), &[]))
        .await
        .json()
}

/// A gateway that listens on a port of its own.
pub(crate) struct Listening {
    pub(crate) address: std::net::SocketAddr,
    pub(crate) stopping: CancellationToken,
    pub(crate) served: JoinHandle<std::io::Result<()>>,
}

pub(crate) async fn start(router: Router) -> Listening {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stopping = CancellationToken::new();
    let served = listen(router, listener, stopping.clone(), Duration::from_secs(5));
    Listening {
        address,
        stopping,
        served: tokio::spawn(served),
    }
}

/// Claims of a test token.
pub(crate) type Claims = BTreeMap<&'static str, Value>;
