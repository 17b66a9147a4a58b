//! The subgraph with its demo data, on every engine that is installed.

use std::sync::Arc;

use kit::service::{Context, Service};
use kit::testing::Fresh;
use kit::testing::gateway::{self, Gateway};

pub(crate) struct World {
    pub(crate) service: Service,
    pub(crate) gateway: Gateway,
    pub(crate) context: Context,
    /// What it stores, removed with it.
    _store: Fresh,
    _folder: tempfile::TempDir,
}

impl World {
    /// One for each engine.
    pub(crate) async fn each() -> Vec<Self> {
        let mut worlds = Vec::new();
        for store in Fresh::sql().await {
            worlds.push(Self::on(store).await);
        }
        worlds
    }

    /// One on the embedded engine, for what is not about the store.
    pub(crate) async fn embedded() -> Self {
        Self::on(Fresh::sqlite()).await
    }

    async fn on(store: Fresh) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut context = gateway::context(identity::NAME, folder.path());
        context.config.store = store.url().clone();
        let service = identity::open(context.clone()).await.expect("it opens");
        let gateway = Gateway::before(&service, Arc::clone(&context.clock));
        Self {
            service,
            gateway,
            context,
            _store: store,
            _folder: folder,
        }
    }
}
