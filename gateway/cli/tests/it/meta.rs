//! Plays Meta: makes a webhook source and sends what Meta would send, signed as Meta signs.

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{Method, StatusCode};
use serde_json::json;
use sha2::Sha256;

use crate::world::Api;

/// What Meta and every source have in common.
pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A Facebook page whose messages come to an app of its own.
#[derive(Clone)]
pub(crate) struct Page {
    /// The page's id at Meta.
    pub(crate) id: String,
    /// The app that receives.
    pub(crate) app: String,
    url: String,
    api: Api,
}

/// A message to the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message<'a> {
    /// Meta's id of the message.
    pub(crate) mid: &'a str,
    /// Meta's id of the person, on this page.
    pub(crate) sender: &'a str,
}

impl Page {
    /// Makes an app with a source for the page.
    pub(crate) async fn open(api: &Api, token: &str, id: &str) -> Self {
        const APP: &str = "mutation($input: CreateAppInput!) {
            createApp(input: $input) { app { id } errors { __typename } }
        }";
        const SOURCE: &str = "mutation($input: CreateWebhookSourceInput!) {
            createWebhookSource(input: $input) { source { url } errors { __typename } }
        }";
        let input = json!({ "name": format!("Page {id}"), "slug": format!("page-{id}") });
        let made = api.data(token, APP, json!({ "input": input })).await;
        let app = made["createApp"]["app"]["id"].as_str().expect("an app");
        let input = json!({ "appId": app, "kind": "META_PAGE", "secret": SECRET });
        let made = api.data(token, SOURCE, json!({ "input": input })).await;
        let url = made["createWebhookSource"]["source"]["url"]
            .as_str()
            .expect("a source");
        Self {
            id: id.to_owned(),
            app: app.to_owned(),
            url: url.to_owned(),
            api: api.clone(),
        }
    }

    /// A body with one entry for each message.
    pub(crate) fn body(&self, messages: &[Message<'_>]) -> Bytes {
        let at = 1_700_000_000_000_i64;
        let entries = messages.iter().map(|message| {
            json!({ "id": self.id, "time": at, "messaging": [{
                "sender": { "id": message.sender }, "recipient": { "id": self.id },
                "timestamp": at,
                "message": { "mid": message.mid, "text": "Hello" },
            }] })
        });
        let entries: Vec<_> = entries.collect();
        json!({ "object": "page", "entry": entries })
            .to_string()
            .into()
    }

    /// Sends a body with a signature; the error says why nobody answered.
    pub(crate) async fn try_post(
        &self,
        body: &Bytes,
        signature: &str,
    ) -> Result<StatusCode, String> {
        let headers = [
            ("content-type", "application/json"),
            ("x-hub-signature-256", signature),
        ];
        let answer = self
            .api
            .try_send(Method::POST, &self.url, &headers, body.clone())
            .await;
        answer.map(|(status, _, _)| status)
    }

    /// Sends messages as one body, rightly signed.
    pub(crate) async fn try_deliver(&self, messages: &[Message<'_>]) -> Result<StatusCode, String> {
        let body = self.body(messages);
        self.try_post(&body, &sign(&body)).await
    }

    /// Sends messages that must be taken.
    pub(crate) async fn deliver(&self, messages: &[Message<'_>]) {
        assert_eq!(
            self.try_deliver(messages).await,
            Ok(StatusCode::OK),
            "{messages:?}"
        );
    }
}

/// The signature of a body, as Meta writes it in the header.
pub(crate) fn sign(body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key will do");
    format!(
        "sha256={}",
        hex(&mac.chain_update(body).finalize().into_bytes())
    )
}

/// Bytes as hashes and signatures are written.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
