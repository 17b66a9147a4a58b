//! `Principal`.

use async_graphql::{Context, Union};
use kit::error::{Code, refuse};
use kit::viewer;

use super::loaders::loaders;
use super::service_account::ServiceAccount;
use super::user::User;

/// A person or a program
#[derive(Union)]
pub(crate) enum Principal {
    User(User),
    ServiceAccount(ServiceAccount),
}

/// The principal of a viewer.
///
/// # Errors
///
/// [`Code::Unauthenticated`] if it was removed after its token was issued.
pub(super) async fn load(
    ctx: &Context<'_>,
    principal: viewer::Principal,
) -> async_graphql::Result<Principal> {
    let loaders = loaders(ctx)?;
    let found = match principal {
        viewer::Principal::User(id) => {
            let user = loaders.users.load(id).await?;
            user.map(|user| Principal::User(user.into()))
        }
        viewer::Principal::ServiceAccount(id) => {
            let account = loaders.service_accounts.load(id).await?;
            account.map(|account| Principal::ServiceAccount(account.into()))
        }
    };
    found.ok_or_else(|| refuse(Code::Unauthenticated, "you are no longer known here"))
}
