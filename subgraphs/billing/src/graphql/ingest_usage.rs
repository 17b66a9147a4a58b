//! `ingestUsage`.

use std::collections::HashMap;
use std::time::Duration;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};
use kit::error::fault;
use kit::error::payload::{QuotaExceededError, ValidationError};
use kit::money::Decimal;
use kit::scalar::Int53;
use kit::time::Timestamp;
use kit::viewer::viewer;

use super::{now, store};
use crate::domain::AccountId;
use crate::domain::exact::Exact;
use crate::domain::usage::{Event, Meter, Rejection, counted_value};
use crate::store::Error;

/// Events in one call. Each is a statement, and all are one transaction that holds the accounts'
/// locks: on PostgreSQL some hundred milliseconds.
const EVENTS_MAX: usize = 500;

/// How far a reporting system's clock may be ahead of ours.
const AHEAD_MAX: Duration = Duration::from_secs(3_600);

const NAME_BYTES_MAX: usize = 200;

/// One use of something.
#[derive(InputObject)]
pub(super) struct UsageEventInput {
    /// unique per (tenant, source)
    id: String,
    source: String,
    meter_code: String,
    account_id: ID,
    /// How much; needed unless the meter counts events.
    value: Option<Decimal>,
    at: Timestamp,
}

#[derive(InputObject)]
pub(super) struct IngestUsageInput {
    /// At most 500.
    events: Vec<UsageEventInput>,
}

#[derive(Default, SimpleObject)]
pub(super) struct IngestUsagePayload {
    /// Counted by this call.
    accepted: usize,
    /// Counted before, by this or an earlier call.
    duplicates: usize,
    /// Not counted; they may be sent again when what is wrong is put right.
    rejected: Vec<UsageRejection>,
    /// Why nothing of the call was counted.
    errors: Vec<IngestUsageError>,
}

/// Why one event was not counted.
#[derive(SimpleObject)]
pub(super) struct UsageRejection {
    /// The event's id.
    id: String,
    code: String,
    message: String,
}

/// Why a whole call was not counted.
#[derive(Union)]
pub(super) enum IngestUsageError {
    Validation(ValidationError),
    QuotaExceeded(QuotaExceededError),
}

#[derive(Default)]
pub(super) struct IngestUsage;

#[Object]
impl IngestUsage {
    /// Counts usage. An event is counted once per source and id, however often and by however many
    /// calls at once it is sent.
    #[graphql(requires_scopes = "billing:meter")]
    async fn ingest_usage(
        &self,
        ctx: &Context<'_>,
        input: IngestUsageInput,
    ) -> async_graphql::Result<IngestUsagePayload> {
        let sent = input.events.len();
        if sent > EVENTS_MAX {
            return Ok(refused(too_many(sent)));
        }
        let scope = viewer(ctx)?.scope();
        let store = store(ctx)?;
        let meters = store.meters(&scope).await.map_err(fault)?;
        let codes = meters.iter().map(|meter| (meter.code.as_str(), meter));
        let codes: HashMap<_, _> = codes.collect();
        let latest = now(ctx)? + AHEAD_MAX;
        let mut payload = IngestUsagePayload::default();
        let mut events = Vec::with_capacity(sent);
        for input in input.events {
            match read(&input, &codes, latest) {
                Ok(event) => events.push(event),
                Err(why) => payload.rejected.push(UsageRejection::new(input.id, why)),
            }
        }
        let recorded = match store.record(&scope, events.clone()).await {
            Ok(recorded) => recorded,
            Err(Error::Amount(error)) => {
                let error = ValidationError::new(error.to_string(), &["input", "events"]);
                return Ok(refused(error.into()));
            }
            Err(error) => return Err(fault(error)),
        };
        payload.accepted = recorded.accepted;
        payload.duplicates = recorded.duplicates;
        let unknown = events
            .into_iter()
            .filter(|event| recorded.unknown_accounts.contains(&event.account));
        payload
            .rejected
            .extend(unknown.map(|event| UsageRejection::new(event.id, Rejection::UnknownAccount)));
        Ok(payload)
    }
}

fn read(
    input: &UsageEventInput,
    meters: &HashMap<&str, &Meter>,
    latest: Timestamp,
) -> Result<Event, Rejection> {
    let is_name = |text: &str| (1..=NAME_BYTES_MAX).contains(&text.len());
    if !is_name(&input.id) || !is_name(&input.source) {
        return Err(Rejection::BadId);
    }
    let meter = meters
        .get(input.meter_code.as_str())
        .ok_or(Rejection::UnknownMeter)?;
    let account = AccountId::parse(&input.account_id).ok_or(Rejection::UnknownAccount)?;
    if input.at > latest {
        return Err(Rejection::InFuture);
    }
    Ok(Event {
        source: input.source.clone(),
        id: input.id.clone(),
        account,
        meter: meter.id,
        value: counted_value(meter, input.value.map(Exact::try_from))?,
        at: input.at,
    })
}

impl UsageRejection {
    fn new(id: String, why: Rejection) -> Self {
        Self {
            id,
            code: why.code().to_owned(),
            message: why.to_string(),
        }
    }
}

fn too_many(sent: usize) -> IngestUsageError {
    let count = |number: usize| Int53::saturating(u64::try_from(number).unwrap_or(u64::MAX));
    QuotaExceededError::new(
        "too many events for one call",
        &["input", "events"],
        count(EVENTS_MAX),
        count(sent),
    )
    .into()
}

fn refused(error: IngestUsageError) -> IngestUsagePayload {
    IngestUsagePayload {
        errors: vec![error],
        ..IngestUsagePayload::default()
    }
}
