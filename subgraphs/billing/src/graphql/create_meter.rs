//! `createMeter`.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use kit::error::fault;
use kit::error::payload::{ConflictError, ValidationError};
use kit::viewer::viewer;

use super::errors::BillingError;
use super::meter::{Aggregation, Meter};
use super::{now, store};
use crate::domain::plan::is_code;
use crate::domain::{MeterId, usage};
use crate::store::meters::{Created, METERS_MAX};

#[derive(InputObject)]
pub(super) struct CreateMeterInput {
    /// 1 to 64 of `[a-z0-9_-]`, starting with a letter; unique in the tenant.
    code: String,
    aggregation: Aggregation,
}

#[derive(Default, SimpleObject)]
pub(super) struct MeterPayload {
    meter: Option<Meter>,
    errors: Vec<BillingError>,
}

#[derive(Default)]
pub(super) struct CreateMeter;

#[Object]
impl CreateMeter {
    /// Makes a meter. The same call again answers with the same meter.
    #[graphql(requires_scopes = "billing:admin")]
    async fn create_meter(
        &self,
        ctx: &Context<'_>,
        input: CreateMeterInput,
    ) -> async_graphql::Result<MeterPayload> {
        let code_path = &["input", "code"];
        if !is_code(&input.code) {
            let message = "use 1 to 64 of a-z, 0-9, _ and -, starting with a letter";
            return Ok(refused(ValidationError::new(message, code_path).into()));
        }
        let wanted = usage::Meter {
            id: MeterId::new(now(ctx)?),
            code: input.code,
            aggregation: input.aggregation.into(),
        };
        let scope = viewer(ctx)?.scope();
        let created = store(ctx)?.create_meter(&scope, wanted).await;
        Ok(match created.map_err(fault)? {
            Created::Meter(meter) => MeterPayload {
                meter: Some(Meter(meter)),
                ..MeterPayload::default()
            },
            Created::Taken(_) => {
                let message = "a meter with this code counts in another way";
                refused(ConflictError::new(message, code_path).into())
            }
            Created::Full => {
                let message = format!("a tenant has at most {METERS_MAX} meters");
                refused(ConflictError::new(message, &["input"]).into())
            }
        })
    }
}

fn refused(error: BillingError) -> MeterPayload {
    MeterPayload {
        meter: None,
        errors: vec![error],
    }
}
