//! The schema: one type per file.

use async_graphql::{EmptyMutation, EmptySubscription, ID, Interface, MergedObject};
use kit::error::payload::UserError;

use crate::store::Store;

mod principal;
mod service_account;
mod tenant;
mod user;
mod viewer;

mod entities;
mod query;

mod loaders;

/// The subgraph's schema.
pub(crate) type Schema = kit::schema::Schema<Query, EmptyMutation, EmptySubscription>;

#[derive(Default, MergedObject)]
pub(crate) struct Query(query::Queries, entities::Entities);

#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID"))]
enum Node {
    User(user::User),
    ServiceAccount(service_account::ServiceAccount),
    Tenant(tenant::Tenant),
}

/// The schema over a store.
pub(crate) fn schema(store: &Store) -> Schema {
    let per_request = store.clone();
    bare()
        .data(store.clone())
        .per_request(move |caller, data| {
            if let Some(viewer) = caller.viewer() {
                data.insert(loaders::Loaders::new(&per_request, viewer.scope()));
            }
        })
        .finish()
}

/// The schema as text.
pub(crate) fn sdl() -> String {
    kit::sdl::export(&bare().finish())
}

fn bare() -> kit::schema::Builder<Query, EmptyMutation, EmptySubscription> {
    kit::schema::build(Query::default(), EmptyMutation, EmptySubscription)
        .register::<Node>()
        .register::<UserError>()
}

#[cfg(test)]
mod tests {
    use kit::demo;
    use kit::id::UserId;
    use kit::sql::Db;
    use kit::testing::Fresh;
    use kit::testing::gateway::viewer;
    use kit::time::Timestamp;
    use kit::viewer::Scope;
    use serde_json::json;

    use crate::domain::account::User;
    use crate::store::{MIGRATIONS, Store};

    #[tokio::test]
    async fn a_hundred_representations_are_one_statement() {
        for fresh in Fresh::sql().await {
            let db = Db::open(fresh.url(), crate::NAME).await.unwrap();
            db.migrate(MIGRATIONS).await.unwrap();
            let store = Store::new(db.clone());
            let scope = Scope::system(demo::TENANT, "test");
            let ids: Vec<UserId> = (1..=100).map(demo::fixed).collect();
            for id in &ids {
                let user = User {
                    id: *id,
                    display_name: "Somebody".to_owned(),
                    email: format!("{id}@acme.example"),
                    roles: Vec::new(),
                    created_at: Timestamp::EPOCH,
                };
                store.add_user(&scope, &user).await.unwrap();
            }
            let representations: Vec<_> = ids
                .iter()
                .map(|id| json!({ "__typename": "User", "id": id }))
                .collect();
            let text =
                "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { id } } }";
            let variables = json!({ "r": representations });
            let request = async_graphql::Request::new(text)
                .variables(async_graphql::Variables::from_json(variables))
                .data(viewer(demo::TENANT, demo::USER_OWNER, &[]));
            let schema = super::schema(&store);
            let before = db.statements();
            let answer = schema.execute(request).await.into_result().unwrap();
            assert_eq!(db.statements() - before, 1);
            let found = answer.data.into_json().unwrap();
            let found: Vec<UserId> = found["_entities"]
                .as_array()
                .unwrap()
                .iter()
                .map(|user| user["id"].as_str().unwrap().parse().unwrap())
                .collect();
            assert_eq!(found, ids);
        }
    }
}
