//! An operation as a tree: what is written at random, printed, sent and shrunk.

mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value};

pub(crate) use self::write::Style;

/// A document with the values of its variables, and which of its operations is run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Document {
    pub(crate) operations: Vec<Operation>,
    pub(crate) fragments: Vec<Fragment>,
    pub(crate) variables: Vec<Variable>,
}

/// One operation; the first of a document is run.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) kind: &'static str,
    pub(crate) selections: Vec<Selection>,
}

#[derive(Clone, Debug)]
pub(crate) struct Fragment {
    pub(crate) name: String,
    pub(crate) on: String,
    pub(crate) selections: Vec<Selection>,
}

/// A variable with its type, its default and its value; none if it is not sent.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) ty: String,
    pub(crate) default: Option<String>,
    pub(crate) value: Option<Value>,
}

#[derive(Clone, Debug)]
pub(crate) enum Selection {
    Field(Field),
    Inline {
        on: Option<String>,
        directives: Vec<String>,
        below: Vec<Selection>,
    },
    Spread {
        name: String,
        directives: Vec<String>,
    },
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) alias: Option<String>,
    pub(crate) name: String,
    pub(crate) arguments: Vec<(String, String)>,
    pub(crate) directives: Vec<String>,
    pub(crate) below: Vec<Selection>,
}

impl Document {
    /// The name of the operation that is run; none if it is the only one.
    pub(crate) fn name(&self) -> Option<&'static str> {
        (self.operations.len() > 1).then_some("O0")
    }

    /// Whether fields under one key and name have different arguments with lists in them. They may
    /// not be in one object, but apollo-compiler compares lists only as far as both have items, so
    /// that it finds nothing wrong with `a(list: [])` beside `a(list: [1])`.
    pub(crate) fn has_unequal_lists(&self) -> bool {
        let mut fields = Vec::new();
        for operation in &self.operations {
            collect(&operation.selections, &mut fields);
        }
        for fragment in &self.fragments {
            collect(&fragment.selections, &mut fields);
        }
        let has_list = |field: &Field| field.arguments.iter().any(|(_, text)| text.contains('['));
        let mut known: BTreeMap<(&str, &str), &Field> = BTreeMap::new();
        fields.into_iter().any(|field| {
            let key = field.alias.as_ref().unwrap_or(&field.name);
            let first = known.entry((key, &field.name)).or_insert(field);
            first.arguments != field.arguments && (has_list(first) || has_list(field))
        })
    }

    /// The text. Fragments that nothing spreads are left out, and so are variables.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        let mut used = BTreeSet::new();
        for (index, operation) in self.operations.iter().enumerate() {
            let mut body = String::new();
            print(&operation.selections, &mut body);
            let mut spread = BTreeSet::new();
            self.spreads(&operation.selections, &mut spread);
            let mut all = body.clone();
            for fragment in &self.fragments {
                if spread.contains(&fragment.name) {
                    print(&fragment.selections, &mut all);
                }
            }
            used.extend(spread);
            let declared: Vec<String> = self
                .variables
                .iter()
                .filter(|variable| mentions(&all, &variable.name))
                .map(Variable::text)
                .collect();
            out.push_str(operation.kind);
            if self.operations.len() > 1 {
                write!(out, " O{index}").expect("a string takes everything");
            }
            if !declared.is_empty() {
                write!(out, "({})", declared.join(", ")).expect("a string takes everything");
            }
            writeln!(out, " {{{body} }}").expect("a string takes everything");
        }
        for fragment in &self.fragments {
            if used.contains(&fragment.name) {
                write!(out, "fragment {} on {} {{", fragment.name, fragment.on)
                    .expect("a string takes everything");
                print(&fragment.selections, &mut out);
                out.push_str(" }\n");
            }
        }
        out
    }

    /// The values of the variables, as they are sent.
    pub(crate) fn values(&self) -> Value {
        let sent = self.variables.iter().filter_map(|variable| {
            let value = variable.value.clone()?;
            Some((variable.name.clone(), value))
        });
        Value::Object(sent.collect::<Map<_, _>>())
    }

    fn spreads(&self, selections: &[Selection], seen: &mut BTreeSet<String>) {
        for selection in selections {
            match selection {
                Selection::Field(Field { below, .. }) | Selection::Inline { below, .. } => {
                    self.spreads(below, seen);
                }
                Selection::Spread { name, .. } => {
                    if seen.insert(name.clone()) {
                        let fragment = self.fragments.iter().find(|one| one.name == *name);
                        self.spreads(fragment.map_or(&[], |one| &one.selections), seen);
                    }
                }
            }
        }
    }
}

impl Variable {
    fn text(&self) -> String {
        let mut out = format!("${}: {}", self.name, self.ty);
        if let Some(default) = &self.default {
            write!(out, " = {default}").expect("a string takes everything");
        }
        out
    }
}

fn mentions(text: &str, variable: &str) -> bool {
    text.split('$').skip(1).any(|rest| {
        rest.strip_prefix(variable)
            .is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric()))
    })
}

fn print(selections: &[Selection], out: &mut String) {
    for selection in selections {
        out.push(' ');
        match selection {
            Selection::Field(field) => {
                if let Some(alias) = &field.alias {
                    write!(out, "{alias}: ").expect("a string takes everything");
                }
                out.push_str(&field.name);
                if !field.arguments.is_empty() {
                    let arguments: Vec<String> = field
                        .arguments
                        .iter()
                        .map(|(name, value)| format!("{name}: {value}"))
                        .collect();
                    write!(out, "({})", arguments.join(", ")).expect("a string takes everything");
                }
                for directive in &field.directives {
                    write!(out, " {directive}").expect("a string takes everything");
                }
                if !field.below.is_empty() {
                    out.push_str(" {");
                    print(&field.below, out);
                    out.push_str(" }");
                }
            }
            Selection::Inline {
                on,
                directives,
                below,
            } => {
                out.push_str("...");
                if let Some(on) = on {
                    write!(out, " on {on}").expect("a string takes everything");
                }
                for directive in directives {
                    write!(out, " {directive}").expect("a string takes everything");
                }
                out.push_str(" {");
                print(below, out);
                out.push_str(" }");
            }
            Selection::Spread { name, directives } => {
                write!(out, "...{name}").expect("a string takes everything");
                for directive in directives {
                    write!(out, " {directive}").expect("a string takes everything");
                }
            }
        }
    }
}

/// All fields of selections, those in fields as well.
fn collect<'s>(selections: &'s [Selection], fields: &mut Vec<&'s Field>) {
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                fields.push(field);
                collect(&field.below, fields);
            }
            Selection::Inline { below, .. } => collect(below, fields),
            Selection::Spread { .. } => {}
        }
    }
}
