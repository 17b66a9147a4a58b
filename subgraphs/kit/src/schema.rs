//! Builds a subgraph's schema, with everything around it that no subgraph may forget: the check of
//! documents, the enforcement of access, loaders per request, federation.

mod front;
mod root;

use std::sync::{Arc, OnceLock};

use async_graphql::{Data, ObjectType, OutputType, SchemaBuilder, SubscriptionType};

use self::front::{Front, Shared};
pub use self::root::Root;
use crate::access::Table;
use crate::viewer::Caller;

/// A subgraph's schema.
pub type Schema<Q, M, S> = async_graphql::Schema<Root<Q>, M, S>;

/// Builds a [`Schema`].
pub struct Builder<Q, M, S> {
    inner: SchemaBuilder<Root<Q>, M, S>,
    per_request: Vec<PerRequest>,
}

type PerRequest = Box<dyn Fn(&Caller, &mut Data) + Send + Sync>;

/// Starts to build a schema from its roots.
pub fn build<Q, M, S>(query: Q, mutation: M, subscription: S) -> Builder<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    Builder {
        inner: async_graphql::Schema::build(Root(query), mutation, subscription)
            .enable_federation()
            .enable_subscription_in_federation()
            .disable_suggestions(),
        per_request: Vec::new(),
    }
}

impl<Q, M, S> Builder<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    /// Puts a value where every resolver finds it: `ctx.data::<T>()`.
    #[must_use]
    pub fn data<T: std::any::Any + Send + Sync>(self, value: T) -> Self {
        Self {
            inner: self.inner.data(value),
            ..self
        }
    }

    /// Adds a type that no field returns, such as an interface.
    #[must_use]
    pub fn register<T: OutputType>(self) -> Self {
        Self {
            inner: self.inner.register_output_type::<T>(),
            ..self
        }
    }

    /// Makes values anew for each request and for each event of a subscription: the loaders.
    #[must_use]
    pub fn per_request(
        mut self,
        make: impl Fn(&Caller, &mut Data) + Send + Sync + 'static,
    ) -> Self {
        self.per_request.push(Box::new(make));
        self
    }

    /// The schema.
    ///
    /// # Panics
    ///
    /// If a root is not called `Query`, `Mutation` or `Subscription`: federation knows them by
    /// these names, and so does the enforcement of access.
    #[must_use]
    pub fn finish(self) -> Schema<Q, M, S> {
        assert_eq!(Q::type_name(), "Query");
        assert!(M::is_empty() || M::type_name() == "Mutation");
        assert!(S::is_empty() || S::type_name() == "Subscription");
        let shared = Arc::new(Shared {
            per_request: self.per_request,
            printed: OnceLock::new(),
        });
        let schema = self.inner.extension(Front::factory(&shared)).finish();
        // The requirements are read from the schema that they are enforced on, so they can only be
        // known once it exists.
        let sdl = crate::sdl::export(&schema);
        let table = Table::read(&sdl);
        let fresh = shared.printed.set((sdl, table)).is_ok();
        debug_assert!(fresh, "a schema is finished once");
        schema
    }
}
