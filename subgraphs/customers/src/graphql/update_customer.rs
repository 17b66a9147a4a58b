//! `updateCustomer`.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use kit::error::fault;
use kit::error::payload::{ConflictError, NotFoundError};
use kit::scalar::Json;
use kit::time::Clock;
use kit::viewer::viewer;
use serde_json::{Map, Value};

use super::errors::CustomerError;
use super::payload::CustomerPayload;
use crate::domain::CustomerId;
use crate::domain::profile::{Change, Edit};
use crate::store::{Store, Update, Updated};

#[derive(Default)]
pub(crate) struct UpdateCustomer;

/// What is left out stays; null takes it away
#[derive(Debug, InputObject)]
struct UpdateCustomerInput {
    id: ID,
    /// The version that was read; another one is refused
    expected_version: i32,
    display_name: MaybeUndefined<String>,
    email: MaybeUndefined<String>,
    phone: MaybeUndefined<String>,
    /// Merged into the attributes; a null takes one away
    attributes: Option<Json>,
    add_tags: Option<Vec<String>>,
    remove_tags: Option<Vec<String>>,
}

#[Object]
impl UpdateCustomer {
    #[graphql(requires_scopes = "customers:write")]
    async fn update_customer(
        &self,
        ctx: &Context<'_>,
        input: UpdateCustomerInput,
    ) -> async_graphql::Result<CustomerPayload> {
        let scope = viewer(ctx)?.scope();
        let Some(id) = CustomerId::parse(&input.id) else {
            return Ok(CustomerPayload::refused(vec![not_found()]));
        };
        let update = Update {
            id,
            expected_version: i64::from(input.expected_version),
            change: match change(input) {
                Ok(change) => change,
                Err(error) => return Ok(CustomerPayload::refused(vec![error])),
            },
            now: ctx.data::<Arc<dyn Clock>>()?.now(),
        };
        let updated = ctx.data::<Store>()?.update(&scope, update).await;
        Ok(match updated.map_err(fault)? {
            Updated::Done(customer) => CustomerPayload::done(customer, false),
            Updated::NotFound => CustomerPayload::refused(vec![not_found()]),
            Updated::Conflict(version) => {
                let message = "the customer changed since it was read";
                let conflict = ConflictError::new(message, &["input", "expectedVersion"]);
                CustomerPayload::refused(vec![CustomerError::Conflict(
                    conflict.at_version(version),
                )])
            }
            Updated::Bad(bad) => CustomerPayload::refused(CustomerError::of_change(bad)),
        })
    }
}

fn change(input: UpdateCustomerInput) -> Result<Change, CustomerError> {
    let attributes = match input.attributes {
        None | Some(Json(Value::Null)) => Map::new(),
        Some(Json(Value::Object(attributes))) => attributes,
        Some(_) => {
            let path = ["input", "attributes"];
            return Err(CustomerError::invalid("use an object", &path));
        }
    };
    Ok(Change {
        display_name: edit(input.display_name),
        email: edit(input.email),
        phone: edit(input.phone),
        attributes,
        add_tags: input.add_tags.unwrap_or_default(),
        remove_tags: input.remove_tags.unwrap_or_default(),
    })
}

fn edit(input: MaybeUndefined<String>) -> Edit {
    match input {
        MaybeUndefined::Undefined => Edit::Keep,
        MaybeUndefined::Null => Edit::Clear,
        MaybeUndefined::Value(text) => Edit::Set(text),
    }
}

fn not_found() -> CustomerError {
    CustomerError::NotFound(NotFoundError::new(
        "there is no such customer",
        &["input", "id"],
    ))
}
