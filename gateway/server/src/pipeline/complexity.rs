//! Measures a document before anything walks it in earnest.
//!
//! Each fragment is measured once and counted wherever it is spread, so the time is linear in the
//! text even where the expansion is not: thirty fragments of two spreads each are a billion
//! selections in a kilobyte of text. Counts saturate. Cycles of fragments count nothing here;
//! validation names them.

use std::collections::HashMap;

use apollo_compiler::ast::{Definition, Document, FragmentDefinition, Selection};

use crate::code::Code;
use crate::limits::Limits;
use crate::refusal::Refusal;

/// What a selection set comes to when its fragments are spread.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Cost {
    selections: u64,
    aliases: u64,
    /// Fields at this level, not below.
    fields: u64,
    depth: usize,
}

/// A fragment that is being measured, or has been.
enum Measured {
    Begun,
    Done(Cost),
}

struct Meter<'a> {
    fragments: HashMap<&'a str, &'a FragmentDefinition>,
    measured: HashMap<&'a str, Measured>,
    depth_max: usize,
}

/// Refuses a document that asks for more than is taken.
pub(super) fn check(document: &Document, limits: &Limits) -> Result<(), Refusal> {
    let mut meter = Meter {
        fragments: HashMap::new(),
        measured: HashMap::new(),
        depth_max: limits.document_depth_max,
    };
    for definition in &document.definitions {
        if let Definition::FragmentDefinition(fragment) = definition {
            meter.fragments.insert(fragment.name.as_str(), fragment);
        }
    }
    for definition in &document.definitions {
        // Fragments are measured in their own right as well: validation walks those that no
        // operation spreads.
        let cost = match definition {
            Definition::OperationDefinition(operation) => {
                let cost = meter.selection_set(&operation.selection_set, 1);
                let most = limits.document_root_fields_max;
                compare(cost.fields, most, "fields at the root")?;
                cost
            }
            Definition::FragmentDefinition(fragment) => meter.fragment(&fragment.name, 1),
            _ => continue,
        };
        compare(
            cost.selections,
            limits.document_selections_max,
            "selections once fragments are spread",
        )?;
        compare(cost.aliases, limits.document_aliases_max, "aliases")?;
        compare(
            cost.depth as u64,
            limits.document_depth_max as u64,
            "levels of selections",
        )?;
    }
    Ok(())
}

fn compare(found: u64, most: u64, what: &str) -> Result<(), Refusal> {
    if found <= most {
        return Ok(());
    }
    Err(too_complex(&format!("it has more than {most} {what}")))
}

/// The refusal of a document that is too much in some way.
pub(super) fn too_complex(why: &str) -> Refusal {
    let message = format!("the document is too complex: {why}");
    Refusal::new(Code::DocumentTooComplex, message)
}

impl<'a> Meter<'a> {
    /// `level` is how deep the walk stands; one past the limit it stops, which is deep enough to
    /// refuse and shallow enough for the stack.
    fn selection_set(&mut self, selections: &'a [Selection], level: usize) -> Cost {
        if selections.is_empty() {
            return Cost::default();
        }
        let mut total = Cost {
            depth: 1,
            ..Cost::default()
        };
        if level > self.depth_max {
            total.depth = self.depth_max + 1;
            return total;
        }
        for selection in selections {
            total.selections = total.selections.saturating_add(1);
            let below = match selection {
                Selection::Field(field) => {
                    total.fields = total.fields.saturating_add(1);
                    total.aliases = total.aliases.saturating_add(field.alias.is_some().into());
                    Cost {
                        fields: 0,
                        ..self.selection_set(&field.selection_set, level + 1)
                    }
                }
                Selection::InlineFragment(inline) => {
                    self.selection_set(&inline.selection_set, level + 1)
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(spread.fragment_name.as_str(), level + 1)
                }
            };
            total.selections = total.selections.saturating_add(below.selections);
            total.aliases = total.aliases.saturating_add(below.aliases);
            total.fields = total.fields.saturating_add(below.fields);
            total.depth = total.depth.max(below.depth.saturating_add(1));
        }
        total
    }

    fn fragment(&mut self, name: &str, level: usize) -> Cost {
        let Some((name, fragment)) = self.fragments.get_key_value(name) else {
            return Cost::default();
        };
        let (name, fragment) = (*name, *fragment);
        match self.measured.get(name) {
            Some(Measured::Done(cost)) => return *cost,
            Some(Measured::Begun) => return Cost::default(),
            None => {}
        }
        self.measured.insert(name, Measured::Begun);
        let cost = self.selection_set(&fragment.selection_set, level);
        self.measured.insert(name, Measured::Done(cost));
        cost
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;
    use std::time::{Duration, Instant};

    use super::*;

    #[track_caller]
    fn check_document(text: &str, accepted: bool) {
        let document = Document::parse(text, "test.graphql").expect("it is GraphQL");
        let before = Instant::now();
        let outcome = check(&document, &Limits::default());
        assert!(before.elapsed() < Duration::from_millis(100), "too slow");
        assert_eq!(outcome.is_ok(), accepted, "{outcome:?}");
    }

    /// `f0` spreads `f1` twice, `f1` spreads `f2` twice, and so on.
    fn doubling(fragments: usize) -> String {
        let mut text = String::from("{ ...f0 }");
        for n in 0..fragments {
            let next = n + 1;
            write!(text, " fragment f{n} on Query {{ ...f{next} ...f{next} }}").unwrap();
        }
        write!(text, " fragment f{fragments} on Query {{ __typename }}").unwrap();
        text
    }

    #[test]
    fn doubling_fragments_are_counted_without_being_spread() {
        check_document(&doubling(5), true);
        check_document(&doubling(30), false);
        check_document(&doubling(90), false);
    }

    #[test]
    fn depth_counts_through_fragments() {
        let nested = |n: usize| format!("{}{}", "{a".repeat(n), "}".repeat(n));
        check_document(&nested(100), true);
        check_document(&nested(101), false);
        let mut chain = String::from("{ ...f0 }");
        for n in 0..200 {
            write!(chain, " fragment f{n} on Query {{ ...f{} }}", n + 1).unwrap();
        }
        chain.push_str(" fragment f200 on Query { a }");
        check_document(&chain, false);
    }

    #[test]
    fn aliases_and_root_fields_are_counted() {
        let aliases = |n: usize| {
            let fields: String = (0..n).map(|n| format!("a{n}: b ")).collect();
            format!("{{ x {{ {fields} }} }}")
        };
        check_document(&aliases(1_000), true);
        check_document(&aliases(1_001), false);
        check_document(&format!("{{ {} }}", "a ".repeat(200)), true);
        check_document(
            &format!("{{ ...f }} fragment f on Query {{ {} }}", "a ".repeat(201)),
            false,
        );
    }

    #[test]
    fn cycles_are_left_to_validation() {
        check_document(
            "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a x }",
            true,
        );
    }
}
