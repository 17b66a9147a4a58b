//! Who asks, and for which tenant.
//!
//! A [`Viewer`] comes from a verified token only. A [`Scope`] comes from a viewer, from a row that
//! was itself found through a scope or a door's secret, or from [`Scope::system`], which says why.
//! Without a scope no query for a tenant's rows can be built; that is how one tenant never sees
//! another's.

use std::collections::BTreeSet;
use std::fmt;

use async_graphql::Context;

use crate::error::{Code, refuse};
use crate::id::{ServiceAccountId, TenantId, UserId};

/// Who is behind a request: a person or a program.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Principal {
    /// A person who signed in.
    User(UserId),
    /// A program with credentials of its own.
    ServiceAccount(ServiceAccountId),
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => id.fmt(f),
            Self::ServiceAccount(id) => id.fmt(f),
        }
    }
}

/// The verified principal of a request, its tenant and what it may do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Viewer {
    /// The tenant, from the token and from nowhere else.
    pub tenant: TenantId,
    /// The principal itself.
    pub principal: Principal,
    /// What `@requiresScopes` asks for.
    pub scopes: BTreeSet<String>,
    /// What `@policy` asks for.
    pub policies: BTreeSet<String>,
    /// The gateway's name for the client's request, for logs.
    pub request_id: Option<String>,
}

impl Viewer {
    /// The scope in which this viewer's queries run.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        Scope(self.tenant)
    }
}

/// Whom the gateway speaks for: a viewer, or nobody in particular.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Caller {
    /// A client without a token; only fields without an access directive answer.
    Anonymous,
    /// A client whose token was verified.
    Viewer(Viewer),
}

impl Caller {
    /// The viewer, if there is one.
    #[must_use]
    pub const fn viewer(&self) -> Option<&Viewer> {
        match self {
            Self::Anonymous => None,
            Self::Viewer(viewer) => Some(viewer),
        }
    }
}

/// The viewer of the request that is being resolved.
///
/// # Errors
///
/// [`Code::Unauthenticated`] if the client is anonymous.
pub fn viewer<'ctx>(ctx: &Context<'ctx>) -> async_graphql::Result<&'ctx Viewer> {
    ctx.data::<Caller>()?
        .viewer()
        .ok_or_else(|| refuse(Code::Unauthenticated, "sign in to see this"))
}

/// The right to build queries for one tenant.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Scope(TenantId);

impl Scope {
    /// The tenant whose rows may be touched.
    #[must_use]
    pub const fn tenant(&self) -> TenantId {
        self.0
    }

    /// A scope without a viewer: demo data, consumers of events, doors that a secret has opened.
    /// `reason` stands in the code for the reader and in the trace for the operator.
    #[must_use]
    pub fn system(tenant: TenantId, reason: &'static str) -> Self {
        tracing::trace!(%tenant, reason, "opened a scope without a viewer");
        Self(tenant)
    }

    /// The scope of a row or event that was itself found by trusted means.
    #[must_use]
    pub(crate) const fn trusted(tenant: TenantId) -> Self {
        Self(tenant)
    }
}
