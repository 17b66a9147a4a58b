//! `webhookReceived`.

use async_graphql::{Context, ID, Subscription};
use futures_util::stream::{Stream, StreamExt};
use kit::access;
use kit::error::{Code, fault, refuse};
use kit::events::{Cursor, Event, Log};
use kit::viewer::{Scope, viewer};
use serde::Deserialize;

use super::event::{WebhookEventEdge, check_kinds};
use crate::events::{WEBHOOK_RECEIVED, WebhookReceived};
use crate::store::Store;

#[derive(Default)]
pub(crate) struct Subscriptions;

#[Subscription(name = "Subscription")]
impl Subscriptions {
    /// Events as they are stored, each with its place in the log as cursor. `after` resumes from
    /// such a cursor, so a reconnect loses nothing
    #[graphql(directive = access::requires_scopes::apply(access::any(&["webhooks:read"])))]
    async fn webhook_received(
        &self,
        ctx: &Context<'_>,
        app_id: Option<ID>,
        types: Option<Vec<String>>,
        after: Option<String>,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<WebhookEventEdge>> + use<>>
    {
        let scope = viewer(ctx)?.scope();
        check_kinds(types.as_deref())?;
        let after = after
            .map(|text| text.parse::<Cursor>())
            .transpose()
            .map_err(|bad| refuse(Code::BadUserInput, bad.to_string()))?;
        let store = ctx.data::<Store>()?.clone();
        // An id that is none is the key of no event, like the id of a foreign app.
        let app = app_id.map(|id| id.to_string());
        let events = ctx
            .data::<Log>()?
            .subscribe(&scope, &[WEBHOOK_RECEIVED], app, after)
            .await?;
        Ok(events.filter_map(move |event| {
            let (store, types) = (store.clone(), types.clone());
            async move {
                match event {
                    Ok(event) => edge(&store, &scope, types.as_deref(), &event)
                        .await
                        .transpose(),
                    Err(error) => Some(Err(error.into())),
                }
            }
        }))
    }
}

/// The edge of an event, if the client wants it and it is still there.
async fn edge(
    store: &Store,
    scope: &Scope,
    types: Option<&[String]>,
    event: &Event,
) -> async_graphql::Result<Option<WebhookEventEdge>> {
    let told = WebhookReceived::deserialize(&event.payload).map_err(fault)?;
    if types.is_some_and(|types| !types.contains(&told.r#type)) {
        return Ok(None);
    }
    let mut found = store
        .events(scope, vec![told.event_id])
        .await
        .map_err(fault)?;
    Ok(found
        .remove(&told.event_id)
        .map(|stored| WebhookEventEdge::in_log(stored, event.cursor().to_string())))
}
