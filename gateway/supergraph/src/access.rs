//! What a client must show before it may read a field.

use apollo_compiler::ast::{self, Value};

use crate::link::Links;

/// A disjunction of conjunctions of names. Empty: nothing is demanded.
type AnyOfAllOf = Vec<Vec<String>>;

/// The demands of `@authenticated`, `@requiresScopes` and `@policy` on one field: its own, those
/// of its type and those of the type it returns.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Requirement {
    /// A verified client is demanded.
    pub authenticated: bool,
    /// All scopes of one of these lists are demanded; empty if none are.
    pub scopes: Vec<Vec<String>>,
    /// All policies of one of these lists are demanded; empty if none are.
    pub policies: Vec<Vec<String>>,
}

/// A conjunction of this many alternatives is kept whole; beyond, only the narrower side's first
/// alternatives are. No schema comes near: scopes are written by hand.
const ALTERNATIVES_MAX: usize = 256;

impl Requirement {
    /// Reads the directives on one element.
    pub(crate) fn of<'a>(
        directives: impl Iterator<Item = &'a ast::Directive>,
        links: &Links,
    ) -> Option<Self> {
        let mut found = Self::default();
        for directive in directives {
            let name = directive.name.as_str();
            if name == links.directive("authenticated") {
                found.authenticated = true;
            } else if name == links.directive("requiresScopes") {
                found.scopes = lists(directive.specified_argument_by_name("scopes").map(|v| &**v));
            } else if name == links.directive("policy") {
                found.policies = lists(
                    directive
                        .specified_argument_by_name("policies")
                        .map(|v| &**v),
                );
            }
        }
        (found != Self::default()).then_some(found)
    }

    /// Both demands together.
    pub(crate) fn and(self, other: &Self) -> Self {
        Self {
            authenticated: self.authenticated || other.authenticated,
            scopes: conjunction(self.scopes, &other.scopes),
            policies: conjunction(self.policies, &other.policies),
        }
    }
}

fn conjunction(left: AnyOfAllOf, right: &AnyOfAllOf) -> AnyOfAllOf {
    if left.is_empty() {
        return right.clone();
    }
    if right.is_empty() || left == *right {
        return left;
    }
    let mut both = Vec::new();
    for a in &left {
        for b in right {
            let mut all: Vec<String> = a.iter().chain(b).cloned().collect();
            all.sort();
            all.dedup();
            both.push(all);
        }
    }
    both.sort();
    both.dedup();
    both.truncate(ALTERNATIVES_MAX);
    both
}

fn lists(value: Option<&Value>) -> AnyOfAllOf {
    let outer = value.and_then(Value::as_list).unwrap_or_default();
    outer
        .iter()
        .map(|inner| match inner.as_list() {
            Some(names) => names
                .iter()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
            None => inner.as_str().map(str::to_owned).into_iter().collect(),
        })
        .collect()
}
