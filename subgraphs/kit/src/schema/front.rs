//! What stands in front of every resolver, as one extension of async-graphql. A new one is made for
//! each request.

use std::any::TypeId;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextExecute, NextParseQuery, NextPrepareRequest,
    NextResolve, ResolveInfo,
};
use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{
    Data, ErrorExtensionValues, PathSegment, Pos, QueryPathNode, QueryPathSegment, Request,
    Response, ServerError, ServerResult, Value, Variables,
};

use super::PerRequest;
use super::root::Begun;
use crate::access::Table;
use crate::error::Code;
use crate::precheck;
use crate::viewer::Caller;

/// What all requests to one schema share.
pub(super) struct Shared {
    pub(super) per_request: Vec<PerRequest>,
    /// The exported SDL and the requirements read from it.
    pub(super) printed: OnceLock<(String, Table)>,
}

impl Shared {
    fn printed(&self) -> &(String, Table) {
        self.printed.get().expect("a finished schema is printed")
    }

    /// What each request, and each event of a subscription, has for itself.
    fn renew(&self, caller: &Caller, data: &mut Data) {
        data.insert(Begun::default());
        for make in &self.per_request {
            make(caller, data);
        }
    }
}

/// One request, or one subscription with all its events.
pub(super) struct Front {
    shared: Arc<Shared>,
    operation_name: Mutex<Option<String>>,
    /// Each event of a subscription is executed with fresh data; one who read the same thing before
    /// must see what it is now.
    is_subscription: AtomicBool,
    /// Fields that were refused while the response was made; they join its errors.
    refused: Mutex<Vec<ServerError>>,
}

struct Factory(Arc<Shared>);

impl Front {
    pub(super) fn factory(shared: &Arc<Shared>) -> impl ExtensionFactory + use<> {
        Factory(Arc::clone(shared))
    }
}

impl ExtensionFactory for Factory {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Front {
            shared: Arc::clone(&self.0),
            operation_name: Mutex::new(None),
            is_subscription: AtomicBool::new(false),
            refused: Mutex::new(Vec::new()),
        })
    }
}

#[async_trait::async_trait]
impl Extension for Front {
    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        mut request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        self.operation_name
            .lock()
            .expect("nothing panics while it is held")
            .clone_from(&request.operation_name);
        // Over HTTP the caller came with this request, on a WebSocket with the connection.
        let sent = request.data.get(&TypeId::of::<Caller>());
        let caller = sent
            .and_then(|sent| sent.downcast_ref())
            .unwrap_or_else(|| caller(ctx))
            .clone();
        self.shared.renew(&caller, &mut request.data);
        next.run(ctx, request).await
    }

    /// Parses in place of async-graphql, which would follow the fragments while it does.
    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        _: &Variables,
        _: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let document = precheck::parse(query)?;
        self.may_subscribe(ctx, &document)?;
        Ok(document)
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let mut response = if self.is_subscription.load(Ordering::Relaxed) {
            let mut data = Data::default();
            self.shared.renew(caller(ctx), &mut data);
            next.run_with_data(ctx, operation_name, data).await
        } else {
            next.run(ctx, operation_name).await
        };
        let mut refused = self
            .refused
            .lock()
            .expect("nothing panics while it is held");
        response.errors.append(&mut refused);
        response
    }

    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let (sdl, table) = self.shared.printed();
        if info.parent_type == "_Service" && info.name == "sdl" {
            return Ok(Some(Value::String(sdl.clone())));
        }
        let refusal = table
            .requirement(info.parent_type, info.name)
            .and_then(|requirement| requirement.refuses(caller(ctx)));
        let Some((code, message)) = refusal else {
            return next.run(ctx, info).await;
        };
        let error = refusal_at(code, message, info.field.name.pos, path(info.path_node));
        self.refused
            .lock()
            .expect("nothing panics while it is held")
            .push(error);
        Ok(None)
    }
}

impl Front {
    /// Refuses a subscription before anything starts, since its stream begins before its first
    /// field is resolved.
    fn may_subscribe(
        &self,
        ctx: &ExtensionContext<'_>,
        document: &ExecutableDocument,
    ) -> ServerResult<()> {
        let operation_name = self
            .operation_name
            .lock()
            .expect("nothing panics while it is held");
        let (_, table) = self.shared.printed();
        for field in precheck::subscribed_fields(document, operation_name.as_deref()) {
            self.is_subscription.store(true, Ordering::Relaxed);
            let name = field.node.name.node.as_str();
            let refusal = table
                .requirement(SUBSCRIPTION, name)
                .and_then(|requirement| requirement.refuses(caller(ctx)));
            if let Some((code, message)) = refusal {
                let key = field.node.response_key().node.to_string();
                let path = vec![PathSegment::Field(key)];
                return Err(refusal_at(code, message, field.pos, path));
            }
        }
        Ok(())
    }
}

/// Every subgraph's subscription root has this name, as federation demands.
const SUBSCRIPTION: &str = "Subscription";

const NOBODY: &Caller = &Caller::Anonymous;

/// The caller that the transport has verified; without one, nobody.
fn caller<'ctx>(ctx: &ExtensionContext<'ctx>) -> &'ctx Caller {
    ctx.data_opt::<Caller>().unwrap_or(NOBODY)
}

fn refusal_at(code: Code, message: String, at: Pos, path: Vec<PathSegment>) -> ServerError {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code.as_str());
    let mut error = ServerError::new(message, Some(at)).with_path(path);
    error.extensions = Some(extensions);
    error
}

fn path(node: &QueryPathNode<'_>) -> Vec<PathSegment> {
    let mut path: Vec<PathSegment> = std::iter::successors(Some(node), |node| node.parent)
        .map(|node| match node.segment {
            QueryPathSegment::Name(name) => PathSegment::Field(name.to_owned()),
            QueryPathSegment::Index(index) => PathSegment::Index(index),
        })
        .collect();
    path.reverse();
    path
}
