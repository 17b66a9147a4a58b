//! The customer behind a `WebhookEvent`, which apps owns and this subgraph extends.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};

use super::customer::Customer;
use super::loaders::loaders;
use crate::domain::identity::{self, Identity};
use kit::names::name_of;

/// An event as the gateway tells of it: its key, and what is required of apps.
pub(crate) struct WebhookEvent {
    id: ID,
    sender: Option<Sender>,
}

// The types below are apps' own and must be the same here.

/// Through which messenger an event came
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
enum ChannelKind {
    Messenger,
    Instagram,
    Whatsapp,
    Telegram,
    Generic,
}

/// Who sent an event, as its platform names them: the same person has another `value` on every
/// page, account or phone number that they write to
#[derive(Clone, Debug, InputObject, SimpleObject)]
#[graphql(shareable, name = "WebhookSender", input_name = "WebhookSenderKey")]
pub(crate) struct Sender {
    channel: ChannelKind,
    /// The page, the Instagram account or the phone number that was written to
    scope: String,
    value: String,
}

impl WebhookEvent {
    pub(super) const fn new(id: ID, sender: Option<Sender>) -> Self {
        Self { id, sender }
    }
}

#[Object]
impl WebhookEvent {
    async fn id(&self) -> &ID {
        &self.id
    }

    #[graphql(external)]
    async fn sender(&self) -> Option<&Sender> {
        self.sender.as_ref()
    }

    /// The person behind the event; made if nobody has heard of them before, and null if the
    /// business itself or nobody is behind it
    #[graphql(
        requires = "sender { channel scope value }",
        requires_scopes = "webhooks:read"
    )]
    async fn customer(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Customer>> {
        let Some(identity) = self.sender.as_ref().and_then(Sender::identity) else {
            return Ok(None);
        };
        let customer = loaders(ctx)?.senders.load(identity).await?;
        Ok(customer.map(Customer::from))
    }
}

impl Sender {
    fn identity(&self) -> Option<Identity> {
        identity::of_sender(name_of(self.channel), &self.scope, &self.value)
    }
}
