//! What an operation demands of its caller, and what a caller fails to meet.
//!
//! The subgraphs enforce every demand that they print. The gateway does so too, and earlier: it
//! does not ask for what would be refused, and it protects what subgraphs of other makes do not.

use std::collections::BTreeSet;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::{Operation, Selection, SelectionSet};
use supergraph::{Requirement, Supergraph};

use crate::auth::{Caller, Principal};

/// The distinct demands of one operation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Demands {
    requirements: Vec<Requirement>,
}

/// Indices of the demands that a caller does not meet, sorted.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub(crate) struct Unmet(Box<[usize]>);

impl Unmet {
    /// Whether the caller may see everything.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Demands {
    /// Collects the demands on every field that the operation may reach.
    pub(super) fn of(
        supergraph: &Supergraph,
        document: &ExecutableDocument,
        operation: &Operation,
    ) -> Self {
        let mut demands = Self::default();
        let mut fragments = BTreeSet::new();
        let mut pending: Vec<&SelectionSet> = vec![&operation.selection_set];
        while let Some(set) = pending.pop() {
            for selection in &set.selections {
                match selection {
                    Selection::Field(field) => {
                        if let Some(found) = supergraph.requirement(&set.ty, &field.name)
                            && !demands.requirements.contains(found)
                        {
                            demands.requirements.push(found.clone());
                        }
                        pending.push(&field.selection_set);
                    }
                    Selection::InlineFragment(inline) => pending.push(&inline.selection_set),
                    Selection::FragmentSpread(spread) => {
                        if fragments.insert(&spread.fragment_name)
                            && let Some(fragment) = document.fragments.get(&spread.fragment_name)
                        {
                            pending.push(&fragment.selection_set);
                        }
                    }
                }
            }
        }
        demands
    }

    /// The demands that this caller does not meet.
    pub(super) fn unmet(&self, caller: &Caller) -> Unmet {
        let unmet = self.requirements.iter().enumerate();
        unmet
            .filter(|(_, requirement)| !meets(caller, requirement))
            .map(|(index, _)| index)
            .collect()
    }

    /// Whether a demand is one of those that are not met.
    pub(super) fn refuses(&self, unmet: &Unmet, requirement: &Requirement) -> bool {
        unmet
            .0
            .iter()
            .any(|index| self.requirements[*index] == *requirement)
    }
}

impl FromIterator<usize> for Unmet {
    fn from_iter<I: IntoIterator<Item = usize>>(indices: I) -> Self {
        Self(indices.into_iter().collect())
    }
}

fn meets(caller: &Caller, requirement: &Requirement) -> bool {
    let Caller::Principal(principal) = caller else {
        return *requirement == Requirement::default();
    };
    let Principal {
        scopes, policies, ..
    } = &**principal;
    any_of_all_of(&requirement.scopes, scopes) && any_of_all_of(&requirement.policies, policies)
}

/// An empty disjunction demands nothing.
fn any_of_all_of(alternatives: &[Vec<String>], held: &BTreeSet<Box<str>>) -> bool {
    alternatives.is_empty()
        || alternatives
            .iter()
            .any(|all| all.iter().all(|name| held.contains(name.as_str())))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::auth::Kind;

    fn caller(scopes: &[&str]) -> Caller {
        Caller::Principal(Arc::new(Principal {
            tenant: "ten".into(),
            subject: "usr".into(),
            kind: Kind::User,
            scopes: scopes.iter().map(|scope| Box::from(*scope)).collect(),
            policies: BTreeSet::new(),
        }))
    }

    #[track_caller]
    fn check(caller: &Caller, scopes: &[&[&str]], met: bool) {
        let requirement = Requirement {
            authenticated: true,
            scopes: scopes
                .iter()
                .map(|all| all.iter().map(|scope| (*scope).to_owned()).collect())
                .collect(),
            policies: Vec::new(),
        };
        assert_eq!(meets(caller, &requirement), met);
    }

    #[test]
    fn one_list_of_scopes_must_be_held_whole() {
        check(&Caller::Anonymous, &[], false);
        check(&caller(&[]), &[], true);
        check(&caller(&["a"]), &[&["a", "b"]], false);
        check(&caller(&["a", "b"]), &[&["a", "b"]], true);
        check(&caller(&["c"]), &[&["a", "b"], &["c"]], true);
    }
}
