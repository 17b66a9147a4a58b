//! `createPlan`.

use std::collections::HashMap;

use async_graphql::{Context, InputObject, Object, SimpleObject};
use kit::error::fault;
use kit::error::payload::{ConflictError, NotFoundError, ValidationError};
use kit::money::{Currency, Decimal};
use kit::time::Timestamp;
use kit::viewer::viewer;

use super::errors::BillingError;
use super::plan::{BillingInterval, ChargeModel, Plan};
use super::{now, store};
use crate::domain::exact::Exact;
use crate::domain::plan::{self, Terms, is_code};
use crate::domain::{ChargeId, MeterId, PlanId};
use crate::store::plans::is_race;

#[derive(InputObject)]
pub(super) struct CreatePlanInput {
    /// 1 to 64 of `[a-z0-9_-]`, starting with a letter.
    code: String,
    name: String,
    currency: Currency,
    interval: BillingInterval,
    base: Decimal,
    charges: Vec<ChargeInput>,
}

#[derive(InputObject)]
pub(super) struct ChargeInput {
    meter_code: String,
    model: ChargeModel,
    tiers: Vec<TierInput>,
    minimum: Option<Decimal>,
    free_units: Option<Decimal>,
}

#[derive(InputObject)]
pub(super) struct TierInput {
    up_to: Option<Decimal>,
    unit_amount: Decimal,
    #[graphql(default_with = "Decimal::ZERO")]
    flat_amount: Decimal,
}

#[derive(Default, SimpleObject)]
pub(super) struct PlanPayload {
    plan: Option<Plan>,
    errors: Vec<BillingError>,
}

#[derive(Default)]
pub(super) struct CreatePlan;

#[Object]
impl CreatePlan {
    /// Offers a plan: the first version of its code, or the next one if the code has other terms.
    /// The same call again answers with the same version. Who has subscribed keeps their version.
    #[graphql(requires_scopes = "billing:admin")]
    async fn create_plan(
        &self,
        ctx: &Context<'_>,
        input: CreatePlanInput,
    ) -> async_graphql::Result<PlanPayload> {
        let scope = viewer(ctx)?.scope();
        let (store, now) = (store(ctx)?, now(ctx)?);
        let meters = store.meters(&scope).await.map_err(fault)?;
        let meters = meters.into_iter().map(|meter| (meter.code, meter.id));
        let mut reader = Reader {
            meters: meters.collect(),
            now,
            errors: Vec::new(),
        };
        if !is_code(&input.code) {
            let message = "use 1 to 64 of a-z, 0-9, _ and -, starting with a letter";
            let error = ValidationError::new(message, &["input", "code"]);
            reader.errors.push(error.into());
        }
        let code = input.code.clone();
        let terms = reader.terms(input);
        if !reader.errors.is_empty() {
            return Ok(PlanPayload {
                plan: None,
                errors: reader.errors,
            });
        }
        match store.offer(&scope, PlanId::new(now), &code, &terms).await {
            Ok(plan) => Ok(PlanPayload {
                plan: Some(Plan(plan)),
                errors: Vec::new(),
            }),
            Err(error) if is_race(&error) => {
                let message = "somebody changes this plan at the same time; try again";
                Ok(PlanPayload {
                    plan: None,
                    errors: vec![ConflictError::new(message, &["input", "code"]).into()],
                })
            }
            Err(error) => Err(fault(error)),
        }
    }
}

/// Reads terms and collects everything that is wrong with them.
struct Reader {
    meters: HashMap<String, MeterId>,
    now: Timestamp,
    errors: Vec<BillingError>,
}

impl Reader {
    fn terms(&mut self, input: CreatePlanInput) -> Terms {
        let base = self.number(input.base, &["base"]);
        let charges = input.charges.into_iter().enumerate();
        let charges = charges
            .map(|(index, charge)| self.charge(charge, &index.to_string()))
            .collect();
        let terms = Terms {
            name: input.name,
            currency: input.currency,
            interval: input.interval.into(),
            base,
            charges,
        };
        if self.errors.is_empty() {
            let problems = terms.problems().into_iter();
            self.errors = problems.map(BillingError::from).collect();
        }
        terms
    }

    fn charge(&mut self, input: ChargeInput, index: &str) -> plan::Charge {
        let meter = self.meters.get(&input.meter_code).copied();
        let meter = meter.unwrap_or_else(|| {
            let path = ["input", "charges", index, "meterCode"];
            let error = NotFoundError::new("there is no meter with this code", &path);
            self.errors.push(error.into());
            MeterId::new(self.now)
        });
        let path = ["charges", index, "tiers"];
        let tiers = input.tiers.into_iter();
        plan::Charge {
            id: ChargeId::new(self.now),
            meter,
            model: input.model.into(),
            tiers: tiers
                .map(|tier| plan::Tier {
                    up_to: tier.up_to.map(|up_to| self.number(up_to, &path)),
                    unit_amount: self.number(tier.unit_amount, &path),
                    flat_amount: self.number(tier.flat_amount, &path),
                })
                .collect(),
            minimum: input
                .minimum
                .map(|minimum| self.number(minimum, &["charges", index, "minimum"])),
            free_units: input
                .free_units
                .map(|units| self.number(units, &["charges", index, "freeUnits"])),
        }
    }

    /// A number within the bounds; zero and an error if it is not.
    fn number(&mut self, number: Decimal, path: &[&str]) -> Exact {
        Exact::try_from(number).unwrap_or_else(|error| {
            let path: Vec<_> = std::iter::once("input")
                .chain(path.iter().copied())
                .collect();
            let error = ValidationError::new(error.to_string(), &path);
            self.errors.push(error.into());
            Exact::ZERO
        })
    }
}
