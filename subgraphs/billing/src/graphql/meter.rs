//! `Meter`.

use async_graphql::{Enum, Object};

use crate::domain::{MeterId, usage};

#[derive(Clone, Debug)]
pub(super) struct Meter(pub(super) usage::Meter);

impl From<usage::Meter> for Meter {
    fn from(meter: usage::Meter) -> Self {
        Self(meter)
    }
}

/// Something that is counted.
#[Object]
impl Meter {
    pub(super) async fn id(&self) -> MeterId {
        self.0.id
    }

    /// Its name in programs.
    #[graphql(requires_scopes = "billing:read")]
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// How events become a number.
    #[graphql(requires_scopes = "billing:read")]
    async fn aggregation(&self) -> Aggregation {
        self.0.aggregation.into()
    }
}

/// How the events of a period become one number.
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
#[graphql(remote = "usage::Aggregation")]
pub(super) enum Aggregation {
    /// How many events there are.
    Count,
    /// The sum of their values.
    Sum,
    /// The greatest value.
    Max,
    /// The value of the latest event; of two at the same time the greater.
    Latest,
}
