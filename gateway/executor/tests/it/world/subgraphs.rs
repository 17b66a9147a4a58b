//! The parts of the world: each subgraph answers what it is asked, in its own untidy hand.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::response::JsonMap;
use async_trait::async_trait;
use bytes::Bytes;
use executor::{Fetch, FetchError, Request, Response};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use serde_json::Value;

use super::{Day, Trouble};
use crate::untidy;

impl Day<'_> {
    fn answer(&self, request: &Request) -> Bytes {
        let schema = &self.world.subgraphs[&*request.subgraph];
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let query = body["query"].as_str().unwrap();
        self.requests
            .lock()
            .unwrap()
            .push(format!("{} {body}", request.subgraph));
        let document = ExecutableDocument::parse_and_validate(schema, query, "request")
            .unwrap_or_else(|error| panic!("{}: {query}\n{}", request.subgraph, error.errors));
        let variables: JsonMap = serde_json::from_value(body["variables"].clone()).unwrap();
        let response = self.run(schema, &document, &variables, Some(&request.subgraph));
        let mut response = serde_json::to_value(&response).unwrap();
        if response["errors"].is_null() {
            response.as_object_mut().unwrap().remove("errors");
        }
        let mut out = String::new();
        untidy::write(&response, &mut self.untidy.lock().unwrap(), &mut out);
        Bytes::from(out)
    }
}

impl Day<'_> {
    fn nonsense(&self) -> Result<Response, FetchError> {
        let random = &mut *self.untidy.lock().unwrap();
        let (status, content_type, body): (u16, &str, &[u8]) = random.pick(&[
            (503, "text/html", b"<html>"),
            (500, "application/json", b"{}"),
            (200, "application/json", b"{\"data\":{\"_entities\":[{\"f"),
            (200, "application/json", b"{\"data\":\"\xff\"}"),
            (200, "text/plain", b"{\"data\":{}}"),
            (200, "application/json", b"{\"data\":null}"),
            (
                200,
                "application/json",
                b"{\"data\":null,\"errors\":[{\"message\":\"m\"}]}",
            ),
            (
                400,
                "application/json",
                b"{\"errors\":[{\"message\":\"m\"}]}",
            ),
            (0, "", b""),
        ]);
        if status == 0 {
            return Err(FetchError::Timeout);
        }
        Ok(Response {
            status,
            content_type: Some(content_type.to_owned()),
            body: Bytes::from_static(body),
        })
    }
}

#[async_trait]
impl Fetch for Day<'_> {
    async fn fetch(&self, request: Request) -> Result<Response, FetchError> {
        if matches!(self.trouble, Trouble::Down(down) if *down == *request.subgraph) {
            return self.nonsense();
        }
        Ok(Response {
            status: 200,
            content_type: Some("application/json".to_owned()),
            body: self.answer(&request),
        })
    }

    async fn subscribe(
        &self,
        request: Request,
    ) -> Result<BoxStream<'static, Result<Bytes, FetchError>>, FetchError> {
        Ok(stream::iter([Ok(self.answer(&request))]).boxed())
    }
}
