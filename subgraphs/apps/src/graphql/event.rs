//! `WebhookEvent`, its lists and their filter.

use async_graphql::{Context, ID, InputObject, Object};
use kit::error::{Code, fault, refuse};
use kit::page::{CursorKey, Page, PageArgs};
use kit::scalar::Json;
use kit::time::Timestamp;
use kit::viewer::Scope;

use super::app::App;
use super::before;
use super::loaders::loaders;
use super::source::WebhookSource;
use crate::domain::AppId;
use crate::domain::channel::{ChannelKind, Sender};
use crate::domain::event::EventStatus;
use crate::domain::message::{self, Message};
use crate::store::{self, EventFilter, Store};

/// One logical event: a Meta POST with N entries becomes N of these
pub(crate) struct WebhookEvent(pub(super) store::WebhookEvent);

impl From<store::WebhookEvent> for WebhookEvent {
    fn from(event: store::WebhookEvent) -> Self {
        Self(event)
    }
}

#[Object]
impl WebhookEvent {
    pub(super) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    #[graphql(requires_scopes = "webhooks:read")]
    async fn app(&self, ctx: &Context<'_>) -> async_graphql::Result<App> {
        let app = loaders(ctx)?.apps.load(self.0.app_id).await?;
        app.map(App::from).ok_or_else(|| fault(Dangling("app")))
    }

    #[graphql(requires_scopes = "webhooks:read")]
    async fn source(&self, ctx: &Context<'_>) -> async_graphql::Result<WebhookSource> {
        let source = loaders(ctx)?.sources.load(self.0.source_id).await?;
        source
            .map(WebhookSource::from)
            .ok_or_else(|| fault(Dangling("source")))
    }

    /// What happened, such as `message.received`
    #[graphql(name = "type", requires_scopes = "webhooks:read")]
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    #[graphql(requires_scopes = "webhooks:read")]
    async fn channel(&self) -> ChannelKind {
        self.0.channel
    }

    /// The person behind the event; null if it was the business itself or nobody
    #[graphql(requires_scopes = "webhooks:read")]
    async fn sender(&self) -> Option<&Sender> {
        self.0.sender.as_ref()
    }

    /// What makes a second delivery of the same happening recognisable
    #[graphql(requires_scopes = "webhooks:read")]
    async fn dedupe_key(&self) -> &str {
        &self.0.dedupe_key
    }

    #[graphql(requires_scopes = "webhooks:read")]
    async fn status(&self) -> EventStatus {
        self.0.status
    }

    /// When it happened, if the platform says so
    #[graphql(requires_scopes = "webhooks:read")]
    async fn occurred_at(&self) -> Option<Timestamp> {
        self.0.occurred_at
    }

    #[graphql(requires_scopes = "webhooks:read")]
    async fn received_at(&self) -> Timestamp {
        self.0.received_at
    }

    /// What the platform said of this happening
    #[graphql(requires_scopes = "webhooks:read")]
    async fn payload(&self) -> async_graphql::Result<Json> {
        self.0.parse_payload().map(Json).map_err(fault)
    }

    /// The message in the payload, in one form for all messengers
    #[graphql(requires_scopes = "webhooks:read")]
    async fn message(&self) -> async_graphql::Result<Option<Message>> {
        let payload = self.0.parse_payload().map_err(fault)?;
        Ok(message::read(self.0.channel, &payload))
    }

    /// How often it came again
    #[graphql(requires_scopes = "webhooks:read")]
    async fn duplicates(&self) -> i64 {
        self.0.duplicates
    }
}

/// A row refers to one that is missing, which its foreign key forbids.
#[derive(Debug, thiserror::Error)]
#[error("the {0} of a row is missing")]
struct Dangling(&'static str);

kit::connection! {
    /// Events, newest first
    pub(crate) WebhookEventConnection, WebhookEventEdge of WebhookEvent
}

impl WebhookEventEdge {
    /// The edge of a subscription, whose cursors are places in the log.
    pub(super) fn in_log(event: store::WebhookEvent, cursor: String) -> Self {
        Self {
            node: event.into(),
            cursor,
        }
    }
}

/// Which events to show; conditions are joined by "and"
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct WebhookEventFilter {
    pub(super) app_id: Option<ID>,
    #[graphql(name = "type")]
    kind: Option<Vec<String>>,
    status: Option<Vec<EventStatus>>,
    channel: Option<Vec<ChannelKind>>,
    /// Received at this time or later
    since: Option<Timestamp>,
    /// Received before this time
    until: Option<Timestamp>,
}

/// Kinds of events in one filter; all that our platforms have are fewer.
const KINDS_MAX: usize = 50;

impl WebhookEventFilter {
    /// The filter as the store reads it; `None` if it names an app that cannot be.
    fn stored(self) -> async_graphql::Result<Option<EventFilter>> {
        check_kinds(self.kind.as_deref())?;
        let app = match self.app_id {
            None => None,
            // Not an id: answered like an id that nothing has.
            Some(id) => match AppId::parse(&id) {
                None => return Ok(None),
                known => known,
            },
        };
        Ok(Some(EventFilter {
            app,
            kinds: self.kind,
            statuses: self.status,
            channels: self.channel,
            since: self.since,
            until: self.until,
        }))
    }
}

/// Checks a client's list of kinds.
pub(super) fn check_kinds(kinds: Option<&[String]>) -> async_graphql::Result<()> {
    if kinds.is_some_and(|kinds| kinds.len() > KINDS_MAX) {
        let message = format!("ask for at most {KINDS_MAX} types at once");
        return Err(refuse(Code::BadUserInput, message));
    }
    Ok(())
}

impl WebhookEventConnection {
    pub(super) async fn list(
        ctx: &Context<'_>,
        scope: &Scope,
        first: Option<i32>,
        after: Option<String>,
        filter: WebhookEventFilter,
    ) -> async_graphql::Result<Self> {
        let page = PageArgs::forward(first, after)?;
        let before = before(&page)?;
        let events = match filter.stored()? {
            Some(filter) => {
                let store = ctx.data::<Store>()?;
                let events = store.list_events(scope, &filter, before).await;
                events.map_err(fault)?
            }
            None => Vec::new(),
        };
        let rows = events
            .into_iter()
            .map(|event| (CursorKey::new(event.received_at, event.id), event))
            .collect();
        Ok(Page::new(&page, rows).into())
    }
}
