//! What somebody may do: scopes and policies.

use std::collections::BTreeSet;

/// A set of scopes and a set of policies.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Grant {
    scopes: BTreeSet<String>,
    policies: BTreeSet<String>,
}

/// A scope that was asked for and is not granted.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a requested scope is not granted")]
pub(crate) struct BeyondGrant;

impl Grant {
    pub(crate) fn new<'a>(
        scopes: impl IntoIterator<Item = &'a str>,
        policies: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self {
            scopes: scopes.into_iter().map(str::to_owned).collect(),
            policies: policies.into_iter().map(str::to_owned).collect(),
        }
    }

    /// What either grants.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.scopes.extend(other.scopes);
        self.policies.extend(other.policies);
        self
    }

    /// The part of it that a client asks for, in the form of OAuth: names with spaces between.
    ///
    /// # Errors
    ///
    /// [`BeyondGrant`] if it asks for more.
    pub(crate) fn narrowed_to(self, asked: &str) -> Result<Self, BeyondGrant> {
        let asked: BTreeSet<String> = asked.split(' ').map(str::to_owned).collect();
        if !asked.is_subset(&self.scopes) {
            return Err(BeyondGrant);
        }
        Ok(Self {
            scopes: asked,
            policies: self.policies,
        })
    }

    pub(crate) fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scopes.iter().map(String::as_str)
    }

    pub(crate) fn policies(&self) -> impl Iterator<Item = &str> {
        self.policies.iter().map(String::as_str)
    }

    /// The scopes with spaces between.
    pub(crate) fn scope_text(&self) -> String {
        let scopes: Vec<&str> = self.scopes().collect();
        scopes.join(" ")
    }

    #[cfg(test)]
    pub(crate) fn has_scope(&self, scope: &str) -> bool {
        self.scopes.contains(scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_gets_at_most_what_it_is_granted() {
        let grant = || Grant::new(["a", "b"], ["p"]);
        let narrowed = grant().narrowed_to("a").expect("a part of it");
        assert_eq!(narrowed.scope_text(), "a");
        assert_eq!(grant().narrowed_to("a c"), Err(BeyondGrant));
        assert_eq!(grant().narrowed_to("a  b"), Err(BeyondGrant));
    }
}
