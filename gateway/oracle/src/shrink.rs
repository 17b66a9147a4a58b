//! Makes a failing case smaller while it still fails in the same way.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::case::{Case, Difference};
use crate::facts::Facts;
use crate::graph::{Graph, Kind};
use crate::operation::{Document, Field, Selection};
use crate::part::Weather;
use crate::world::Trouble;

/// Somebody waits for the result.
const TIME_MAX: Duration = Duration::from_secs(20);

/// The smallest that fails alike.
pub(crate) fn shrink(
    facts: Arc<Facts>,
    case: Case,
    difference: Difference,
) -> (Arc<Facts>, Case, Difference) {
    let mut best = (facts, case, difference);
    let end = Instant::now() + TIME_MAX;
    let mut progress = true;
    while progress {
        progress = calm(&mut best) | shrink_document(&mut best, end) | shrink_graph(&mut best, end);
        progress &= Instant::now() < end;
    }
    best
}

type Best = (Arc<Facts>, Case, Difference);

fn calm(best: &mut Best) -> bool {
    let mut progress = false;
    for trouble in [Trouble::Nothing, Trouble::Nulls] {
        if best.1.trouble != Trouble::Nothing && best.1.trouble != trouble {
            let case = Case {
                trouble,
                ..best.1.clone()
            };
            progress |= take(best, None, case);
        }
    }
    if best.1.weather == Weather::Untidy {
        let case = Case {
            weather: Weather::Fair,
            ..best.1.clone()
        };
        progress |= take(best, None, case);
    }
    progress
}

/// Takes a smaller case if it fails alike.
fn take(best: &mut Best, facts: Option<Arc<Facts>>, case: Case) -> bool {
    let facts = facts.unwrap_or_else(|| Arc::clone(&best.0));
    match case.run(&facts) {
        Err(difference) if difference.kind == best.2.kind => {
            *best = (facts, case, difference);
            true
        }
        Ok(_) | Err(_) => false,
    }
}

fn shrink_document(best: &mut Best, end: Instant) -> bool {
    let mut progress = false;
    let mut index = 0;
    while Instant::now() < end {
        let Some(document) = smaller_document(&best.1.document, index) else {
            break;
        };
        let case = Case {
            document,
            ..best.1.clone()
        };
        if take(best, None, case) {
            progress = true;
        } else {
            index += 1;
        }
    }
    progress
}

/// The document without its thing number `index`; none if it has not so many.
fn smaller_document(document: &Document, index: usize) -> Option<Document> {
    let mut left = index;
    let mut smaller = document.clone();
    if smaller.operations.len() > 1 {
        if left == 0 {
            smaller.operations.pop();
            return Some(smaller);
        }
        left -= 1;
    }
    let fragments = smaller.fragments.clone();
    for operation in &mut smaller.operations {
        if drop_in(&mut operation.selections, &fragments, &mut left) {
            return Some(smaller);
        }
    }
    for fragment in &mut smaller.fragments {
        if drop_in(&mut fragment.selections, &fragments, &mut left) {
            return Some(smaller);
        }
    }
    None
}

/// Drops the thing that comes after `left` others.
fn drop_in(
    selections: &mut Vec<Selection>,
    fragments: &[crate::operation::Fragment],
    left: &mut usize,
) -> bool {
    for at in 0..selections.len() {
        if selections.len() > 1 && step(left) {
            selections.remove(at);
            return true;
        }
        match &mut selections[at] {
            Selection::Inline {
                directives, below, ..
            } => {
                if step(left) {
                    let below = std::mem::take(below);
                    selections.splice(at..=at, below);
                    return true;
                }
                if !directives.is_empty() && step(left) {
                    directives.pop();
                    return true;
                }
            }
            Selection::Spread { name, directives } => {
                if step(left) {
                    let fragment = fragments.iter().find(|one| one.name == *name);
                    let inline = Selection::Inline {
                        on: fragment.map(|one| one.on.clone()),
                        directives: std::mem::take(directives),
                        below: fragment.map_or(Vec::new(), |one| one.selections.clone()),
                    };
                    selections[at] = inline;
                    return true;
                }
            }
            Selection::Field(field) => {
                if field.alias.is_some() && step(left) {
                    field.alias = None;
                    return true;
                }
                if !field.directives.is_empty() && step(left) {
                    field.directives.pop();
                    return true;
                }
                if !field.arguments.is_empty() && step(left) {
                    field.arguments.pop();
                    return true;
                }
            }
        }
        let below = match &mut selections[at] {
            Selection::Field(Field { below, .. }) | Selection::Inline { below, .. } => below,
            Selection::Spread { .. } => continue,
        };
        if drop_in(below, fragments, left) {
            return true;
        }
    }
    false
}

/// Whether it is this one that is dropped.
fn step(left: &mut usize) -> bool {
    let here = *left == 0;
    *left = left.wrapping_sub(usize::from(!here));
    here
}

fn shrink_graph(best: &mut Best, end: Instant) -> bool {
    let mut progress = false;
    let mut index = 0;
    while Instant::now() < end {
        let Some(graph) = smaller_graph(&best.0.graph, index) else {
            break;
        };
        let taken = match Facts::of(&graph) {
            Ok(facts) => {
                let case = best.1.clone();
                take(best, Some(Arc::new(facts)), case)
            }
            Err(_) => false,
        };
        if taken {
            progress = true;
        } else {
            index += 1;
        }
    }
    progress
}

/// The graph without its thing number `index`: a subgraph, a type, a field, or what is said of
/// one.
fn smaller_graph(graph: &Graph, index: usize) -> Option<Graph> {
    let mut left = index;
    let mut smaller = graph.clone();
    for at in 0..smaller.subgraphs.len() {
        if left == 0 {
            smaller.subgraphs.remove(at);
            return Some(smaller);
        }
        left -= 1;
    }
    for subgraph in &mut smaller.subgraphs {
        if subgraph.names_roots && step(&mut left) {
            subgraph.names_roots = false;
            return Some(smaller);
        }
        for at in 0..subgraph.types.len() {
            if left == 0 {
                let gone = subgraph.types.remove(at).name;
                drop_mentions(subgraph, &gone);
                return Some(smaller);
            }
            left -= 1;
        }
    }
    for subgraph in &mut smaller.subgraphs {
        for definition in &mut subgraph.types {
            for at in 0..definition.keys.len() {
                if step(&mut left) {
                    definition.keys.remove(at);
                    return Some(smaller);
                }
            }
            for at in 0..definition.implements.len() {
                if step(&mut left) {
                    definition.implements.remove(at);
                    return Some(smaller);
                }
            }
            for at in 0..definition.contexts.len() {
                if step(&mut left) {
                    definition.contexts.remove(at);
                    return Some(smaller);
                }
            }
            if definition.kind == Kind::Union && definition.members.len() > 1 {
                for at in 0..definition.members.len() {
                    if step(&mut left) {
                        definition.members.remove(at);
                        return Some(smaller);
                    }
                }
            }
            for at in 0..definition.fields.len() {
                if definition.fields.len() > 1 && step(&mut left) {
                    definition.fields.remove(at);
                    return Some(smaller);
                }
                let field = &mut definition.fields[at];
                if field.requires.is_some() && step(&mut left) {
                    field.requires = None;
                    return Some(smaller);
                }
                if field.provides.is_some() && step(&mut left) {
                    field.provides = None;
                    return Some(smaller);
                }
                if field.overrides.is_some() && step(&mut left) {
                    field.overrides = None;
                    return Some(smaller);
                }
                for at in 0..field.arguments.len() {
                    if step(&mut left) {
                        field.arguments.remove(at);
                        return Some(smaller);
                    }
                }
                if field.inaccessible && step(&mut left) {
                    field.inaccessible = false;
                    return Some(smaller);
                }
                if field.shareable && step(&mut left) {
                    field.shareable = false;
                    return Some(smaller);
                }
            }
        }
    }
    None
}

/// Takes a type out of all that names it.
fn drop_mentions(subgraph: &mut crate::graph::Subgraph, name: &str) {
    for definition in &mut subgraph.types {
        definition.implements.retain(|one| one != name);
        if definition.kind == Kind::Union {
            definition.members.retain(|one| one != name);
        }
        definition
            .fields
            .retain(|field| field.ty.inner_named_type() != name);
    }
}

/// All that is needed to see the failure again.
pub(crate) fn reproduction(graph: &Graph, case: &Case, difference: &Difference) -> String {
    let mut out = String::new();
    let mut add = |title: &str, text: &str| {
        writeln!(out, "── {title}\n{text}").expect("a string takes everything");
    };
    for subgraph in &graph.subgraphs {
        add(&subgraph.name, &subgraph.sdl());
    }
    if !graph.active_labels.is_empty() {
        add("active labels", &format!("{:?}", graph.active_labels));
    }
    add("operation", &case.document.text());
    add("variables", &case.document.values().to_string());
    add(
        "world",
        &format!("seed {}, {:?}, {:?}", case.seed, case.trouble, case.weather),
    );
    add("plan", &difference.plan);
    add("requests", &difference.requests.join("\n"));
    add(difference.kind, &difference.what);
    out
}
