//! The query root, with entities that fail one by one.
//!
//! async-graphql answers `_entities` all or nothing, and without the index of the representation in
//! a path: one bad representation would take its ninety-nine neighbours along, and the gateway
//! could not tell which it was. Here each representation is resolved at its own path, and one that
//! fails is null beside an error.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Mutex;

use async_graphql::parser::types::Field;
use async_graphql::resolver_utils::ContainerType;
use async_graphql::{
    Context, ContextSelectionSet, ObjectType, OutputType, Positioned, QueryPathNode,
    QueryPathSegment, ServerResult, Value, registry,
};

/// The root of a subgraph's queries.
pub struct Root<Q>(pub(super) Q);

/// How many representations of each `_entities` field of a request have begun. async-graphql polls
/// them first in their order, which makes the count the index.
#[derive(Default)]
pub(super) struct Begun(Mutex<HashMap<String, usize>>);

impl Begun {
    fn next(&self, response_key: &str) -> usize {
        let mut begun = self.0.lock().expect("nothing panics while it is held");
        let count = begun.entry(response_key.to_owned()).or_default();
        let index = *count;
        *count += 1;
        index
    }
}

impl<Q: ObjectType> ContainerType for Root<Q> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        self.0.resolve_field(ctx).await
    }

    async fn find_entity(
        &self,
        ctx: &Context<'_>,
        representation: &Value,
    ) -> ServerResult<Option<Value>> {
        let index = ctx
            .data_opt::<Begun>()
            .map_or(0, |begun| begun.next(&ctx.item.node.response_key().node));
        let mut at_index = ctx.clone();
        at_index.path_node = Some(QueryPathNode {
            parent: ctx.path_node.as_ref(),
            segment: QueryPathSegment::Index(index),
        });
        match self.0.find_entity(&at_index, representation).await {
            Ok(found) => Ok(Some(found.unwrap_or(Value::Null))),
            Err(error) => {
                let error = if error.path.len() > 2 {
                    error
                } else {
                    at_index.set_error_path(error)
                };
                ctx.add_error(error);
                Ok(Some(Value::Null))
            }
        }
    }
}

impl<Q: ObjectType> OutputType for Root<Q> {
    fn type_name() -> Cow<'static, str> {
        Q::type_name()
    }

    fn create_type_info(registry: &mut registry::Registry) -> String {
        Q::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        self.0.resolve(ctx, field).await
    }
}

impl<Q: ObjectType> ObjectType for Root<Q> {}
