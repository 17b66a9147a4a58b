//! How the arguments of one directive in several subgraphs become one list of arguments.

use apollo_compiler::ast::{Argument, Directive, IntValue, Value};
use apollo_compiler::collections::IndexSet;
use apollo_compiler::{Name, Node, name};

use crate::link::Role;

/// A type's conjunction of alternatives may grow with every subgraph; nobody reads more than this,
/// and each is compared with all others.
const ALTERNATIVES_MAX: usize = 1_000;

pub(super) fn conjoin_arguments(
    role: Option<Role>,
    list: &[Node<Directive>],
) -> Vec<Node<Argument>> {
    let parameter = if role == Some(Role::Policy) {
        name!("policies")
    } else {
        name!("scopes")
    };
    let alternatives: Vec<Vec<Vec<String>>> = list
        .iter()
        .map(|directive| alternatives(directive, &parameter))
        .collect();
    let same = alternatives.windows(2).all(|pair| pair[0] == pair[1]);
    let joined = if same {
        alternatives.into_iter().next()
    } else {
        // No alternatives at all demand nothing, like one that is empty.
        alternatives
            .into_iter()
            .map(|one| {
                if one.is_empty() {
                    vec![Vec::new()]
                } else {
                    one
                }
            })
            .reduce(|left, right| conjoin(&left, &right))
    };
    vec![argument(
        parameter,
        alternatives_value(&joined.unwrap_or_default()),
    )]
}

/// The alternatives of `@requiresScopes` or `@policy`: any of them, each with all of its names.
pub(crate) fn alternatives(directive: &Directive, parameter: &str) -> Vec<Vec<String>> {
    let list = |value: &Node<Value>| -> Vec<Node<Value>> {
        match &**value {
            Value::List(values) => values.clone(),
            _ => vec![value.clone()],
        }
    };
    let Some(value) = directive.specified_argument_by_name(parameter) else {
        return Vec::new();
    };
    list(value)
        .iter()
        .map(|inner| {
            list(inner)
                .iter()
                .filter_map(|one| one.as_str().map(str::to_owned))
                .collect()
        })
        .collect()
}

fn alternatives_value(alternatives: &[Vec<String>]) -> Value {
    let text = |text: &String| Node::new(Value::String(text.clone()));
    Value::List(
        alternatives
            .iter()
            .map(|names| Node::new(Value::List(names.iter().map(text).collect())))
            .collect(),
    )
}

/// The alternatives that satisfy both, without those that another already implies. Past
/// [`ALTERNATIVES_MAX`] the rest is left out, which demands more, never less.
pub(crate) fn conjoin(left: &[Vec<String>], right: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut names: Vec<&str> = left
        .iter()
        .chain(right)
        .flatten()
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    names.dedup();
    let (left, right) = (bits(left, &names), bits(right, &names));
    let mut all: Vec<Vec<u64>> = Vec::new();
    let pairs = left
        .iter()
        .flat_map(|one| right.iter().map(move |other| (one, other)));
    for (one, other) in pairs {
        if all.len() >= ALTERNATIVES_MAX {
            break;
        }
        let both: Vec<u64> = one
            .iter()
            .zip(other)
            .map(|(one, other)| one | other)
            .collect();
        if !all.iter().any(|known| is_within(known, &both)) {
            all.retain(|known| !is_within(&both, known));
            all.push(both);
        }
    }
    let named = |set: Vec<u64>| {
        let chosen = names.iter().enumerate();
        chosen
            .filter(|(index, _)| set[index / 64] >> (index % 64) & 1 == 1)
            .map(|(_, name)| (*name).to_owned())
            .collect()
    };
    all.into_iter().map(named).collect()
}

/// Each alternative as a set of bits, one for each of the sorted names: thousands of them are
/// compared with each other.
fn bits(alternatives: &[Vec<String>], names: &[&str]) -> Vec<Vec<u64>> {
    let set = |alternative: &Vec<String>| {
        let mut set = vec![0; names.len().div_ceil(64)];
        for name in alternative {
            if let Ok(index) = names.binary_search(&name.as_str()) {
                set[index / 64] |= 1 << (index % 64);
            }
        }
        set
    };
    alternatives.iter().map(set).collect()
}

fn is_within(small: &[u64], large: &[u64]) -> bool {
    small
        .iter()
        .zip(large)
        .all(|(small, large)| small & !large == 0)
}

/// Larger ones than GraphQL's are refused in the whole, so they count until then.
fn integers(list: &[Node<Directive>], name: &str) -> Vec<i64> {
    list.iter()
        .filter_map(|one| match &**one.specified_argument_by_name(name)? {
            Value::Int(number) => number.as_str().parse().ok(),
            _ => None,
        })
        .collect()
}

pub(super) fn max_argument(list: &[Node<Directive>], name: &'static str) -> Option<Node<Argument>> {
    let most = integers(list, name).into_iter().max()?;
    Some(argument(
        Name::new_static_unchecked(name),
        Value::Int(IntValue::new_parsed(&most.to_string())),
    ))
}

pub(super) fn list_size_arguments(list: &[Node<Directive>]) -> Vec<Node<Argument>> {
    let mut arguments = Vec::new();
    arguments.extend(max_argument(list, "assumedSize"));
    for name in [name!("slicingArguments"), name!("sizedFields")] {
        let mut names: IndexSet<String> = IndexSet::default();
        let mut given = false;
        for directive in list {
            match directive
                .specified_argument_by_name(&name)
                .map(|value| &**value)
            {
                Some(Value::List(values)) => {
                    given = true;
                    names.extend(
                        values
                            .iter()
                            .filter_map(|one| one.as_str().map(str::to_owned)),
                    );
                }
                Some(Value::String(one)) => {
                    given = true;
                    names.insert(one.clone());
                }
                _ => {}
            }
        }
        if given {
            let values = names
                .into_iter()
                .map(|one| Node::new(Value::String(one)))
                .collect();
            arguments.push(argument(name, Value::List(values)));
        }
    }
    let flags: Vec<bool> = list
        .iter()
        .map(|one| {
            one.specified_argument_by_name("requireOneSlicingArgument")
                .and_then(|value| value.to_bool())
                .unwrap_or(true)
        })
        .collect();
    let all = flags.iter().all(|one| *one);
    arguments.push(argument(
        name!("requireOneSlicingArgument"),
        Value::Boolean(all),
    ));
    arguments
}

fn argument(name: Name, value: Value) -> Node<Argument> {
    Node::new(Argument {
        name,
        value: Node::new(value),
    })
}
