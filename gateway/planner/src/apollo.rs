//! A plan as the tree that existing tools read.
//!
//! Lossy, and the tree says so: a fetch in a `Sequence` seems to wait for all fetches before it,
//! where ours waits for those it needs; of a request for entities at several positions there is
//! one path, as far as the positions share it; and conditions with an `or` are left out.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::plan::{
    AnswerValue, Condition, ConditionId, Entities, Fetch, NodeId, OperationKind, PartKind, Plan,
    RepresentationField, RepresentationTypename, RepresentationValue, TypeFilter, Typename,
};
use crate::under::Skipped;

const NOTE: &str = "lossy: fetches may seem to wait for more than they do, merged requests stand \
                    at their common path, and conditions with an `or` are left out; the format \
                    `json` is the plan";

impl Plan {
    /// The plan as `QueryPlan`, `Sequence`, `Parallel`, `Flatten` and `Fetch` nodes.
    ///
    /// It loses what a tree cannot say, which its `note` tells; [`Plan::to_json`] does not.
    pub fn to_apollo(&self) -> Value {
        self.apollo(&Skipped::default())
    }

    pub(crate) fn apollo(&self, skipped: &Skipped) -> Value {
        let tree = Tree {
            plan: self,
            paths: self.steps(),
        };
        let mut all: Vec<usize> = (0..self.fetches.len()).collect();
        all.retain(|&index| !skipped.has(index));
        let node = match self.kind {
            OperationKind::Subscription if all.first() == Some(&0) => json!({
                "kind": "Subscription",
                "primary": tree.fetch(0),
                "rest": tree.node(&all[1..]),
            }),
            _ => tree.node(&all).unwrap_or(Value::Null),
        };
        json!({ "kind": "QueryPlan", "note": NOTE, "node": node })
    }

    /// The path of every node, with an `@` for each list.
    fn steps(&self) -> Vec<Vec<String>> {
        let mut lists = vec![0; self.nodes.len()];
        let groups = self.selections.iter().flat_map(|of| &of.groups);
        for field in groups.flat_map(|group| &group.fields) {
            if let AnswerValue::Object {
                selection,
                wrapping,
                ..
            } = &field.value
            {
                let node = self.selections[selection.index()].node;
                lists[node.index()] = wrapping.lists.len();
            }
        }
        let mut steps: Vec<Vec<String>> = Vec::with_capacity(self.nodes.len());
        for (index, (node, path)) in self.nodes.iter().zip(self.paths()).enumerate() {
            let mut own: Vec<String> = Vec::new();
            if let Some(parent) = node.parent {
                own.clone_from(&steps[parent.index()]);
                own.extend(path.rsplit('.').next().map(str::to_owned));
                own.extend(std::iter::repeat_n("@".to_owned(), lists[index]));
            }
            steps.push(own);
        }
        steps
    }
}

struct Tree<'p> {
    plan: &'p Plan,
    paths: Vec<Vec<String>>,
}

impl Tree<'_> {
    /// Fetches that have nothing to do with one another are parallel; of others, those that wait
    /// for none come first. Every round takes at least one, so there are at most as many rounds
    /// as fetches.
    fn node(&self, fetches: &[usize]) -> Option<Value> {
        let mut left: Vec<usize> = fetches.to_vec();
        let mut sequence = Vec::new();
        while !left.is_empty() {
            let components = self.components(&left);
            if components.len() > 1 {
                let parallel = components.iter().filter_map(|part| self.node(part));
                sequence.push(json!({ "kind": "Parallel", "nodes": parallel.collect::<Vec<_>>() }));
                break;
            }
            let (first, rest): (Vec<usize>, Vec<usize>) = left
                .iter()
                .partition(|&&index| self.before(index).all(|before| !left.contains(&before)));
            let mut now: Vec<Value> = first.iter().map(|&index| self.wrapped(index)).collect();
            sequence.push(match now.len() {
                1 => now.remove(0),
                _ => json!({ "kind": "Parallel", "nodes": now }),
            });
            left = rest;
        }
        match sequence.len() {
            0 | 1 => sequence.pop(),
            _ => Some(json!({ "kind": "Sequence", "nodes": sequence })),
        }
    }

    fn before(&self, index: usize) -> impl Iterator<Item = usize> {
        self.plan.fetches[index].after.iter().map(|id| id.index())
    }

    /// The fetches in groups that do not wait for one another, in the order of the plan.
    fn components(&self, fetches: &[usize]) -> Vec<Vec<usize>> {
        let mut components: Vec<BTreeSet<usize>> = Vec::new();
        for &index in fetches {
            let mut joined = BTreeSet::from([index]);
            components.retain(|component| {
                let touches = self.before(index).any(|before| component.contains(&before));
                if touches {
                    joined.extend(component);
                }
                !touches
            });
            components.push(joined);
        }
        components.sort_by_key(|component| component.first().copied());
        let components = components.into_iter();
        components.map(|one| one.into_iter().collect()).collect()
    }

    /// The fetch at its path and under its condition.
    fn wrapped(&self, index: usize) -> Value {
        let fetch = &self.plan.fetches[index];
        let mut node = self.fetch(index);
        let path = self.path(fetch);
        if !path.is_empty() {
            node = json!({ "kind": "Flatten", "path": path, "node": node });
        }
        if fetch.condition == ConditionId::ALWAYS {
            return node;
        }
        under(&self.plan.conditions[fetch.condition.index()], node)
    }

    /// What the paths of the parts have in common.
    fn path(&self, fetch: &Fetch) -> Vec<String> {
        let mut paths = fetch.parts.iter().map(|part| &self.paths[part.at.index()]);
        let first = paths.next().cloned().unwrap_or_default();
        paths.fold(first, |common, path| {
            let pairs = common.into_iter().zip(path);
            let same = pairs.take_while(|(left, right)| left == *right);
            same.map(|(step, _)| step).collect()
        })
    }

    fn fetch(&self, index: usize) -> Value {
        let fetch = &self.plan.fetches[index];
        let kind = match self.plan.kind {
            OperationKind::Mutation if fetch.operation.starts_with("mutation") => "mutation",
            OperationKind::Subscription if index == 0 => "subscription",
            _ => "query",
        };
        let mut requires = Vec::new();
        for part in &fetch.parts {
            if let PartKind::Entities(entities) = &part.kind {
                requires.extend(self.requires(part.at, entities));
            }
        }
        let mut value = json!({
            "kind": "Fetch",
            "serviceName": &*fetch.subgraph,
            "variableUsages": fetch.variables,
            "operation": fetch.operation,
            "operationKind": kind,
        });
        if !requires.is_empty() {
            value["requires"] = Value::Array(requires);
        }
        value
    }

    /// An inline fragment for each type that is asked for.
    fn requires(&self, at: NodeId, entities: &Entities) -> Vec<Value> {
        let names: Vec<&str> = match (&entities.types, &entities.representation.typename) {
            (TypeFilter::OneOf(types), _) => types.iter().map(|name| &**name).collect(),
            (TypeFilter::Any, RepresentationTypename::Fixed(name)) => vec![name],
            (TypeFilter::Any, RepresentationTypename::Runtime) => {
                match &self.plan.nodes[at.index()].typename {
                    Typename::Fixed(name) => vec![name],
                    Typename::Read { possible, .. } => {
                        possible.iter().map(|name| &**name).collect()
                    }
                }
            }
        };
        let representation = &entities.representation;
        let fragment = |name: &str| {
            let mut fields = vec![json!({ "kind": "Field", "name": "__typename" })];
            for list in [&representation.key, &representation.requires] {
                fields.extend(selections(list, Some(name)));
            }
            json!({ "kind": "InlineFragment", "typeCondition": name, "selections": fields })
        };
        names.into_iter().map(fragment).collect()
    }
}

/// The node within a `Condition` for each variable, unless one of several variables is enough.
fn under(condition: &Condition, node: Value) -> Value {
    let [all_of] = condition.any_of.as_slice() else {
        return node;
    };
    all_of.iter().rev().fold(node, |node, literal| {
        let clause = if literal.expected {
            "ifClause"
        } else {
            "elseClause"
        };
        json!({ "kind": "Condition", "condition": literal.variable, clause: node })
    })
}

/// The fields of a representation, of one runtime type where it is known.
fn selections(fields: &[RepresentationField], of: Option<&str>) -> Vec<Value> {
    let fits = |field: &&RepresentationField| match (&field.types, of) {
        (TypeFilter::OneOf(types), Some(name)) => types.iter().any(|one| **one == *name),
        _ => true,
    };
    let fields = fields.iter().filter(fits).filter(|field| {
        // It stands there already.
        of.is_none() || !matches!(field.value, RepresentationValue::Typename)
    });
    fields
        .map(|field| {
            let mut value = json!({ "kind": "Field", "name": field.name });
            if let RepresentationValue::Object { fields, .. } = &field.value {
                value["selections"] = Value::Array(selections(fields, None));
            }
            value
        })
        .collect()
}
