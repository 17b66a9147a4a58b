//! A plan as a graph for Graphviz: `tenon plan --format dot … | dot -Tsvg`.

use std::fmt::{self, Write as _};

use crate::plan::{ConditionId, PartKind, Plan};
use crate::text::condition_text;
use crate::under::Skipped;

impl Plan {
    /// The plan in the language of Graphviz: a box for each fetch, with the subgraph, the
    /// positions it asks about and its condition, and an arrow to each fetch that waits for it.
    pub fn to_dot(&self) -> String {
        self.dot(&Skipped::default())
    }

    pub(crate) fn dot(&self, skipped: &Skipped) -> String {
        let mut text = String::new();
        self.write_dot(&mut text, skipped)
            .expect("writing to a string does not fail");
        text
    }

    fn write_dot(&self, out: &mut String, skipped: &Skipped) -> fmt::Result {
        writeln!(out, "digraph plan {{\n  rankdir=LR\n  node [shape=box]")?;
        let paths = self.paths();
        for (index, fetch) in self.fetches.iter().enumerate() {
            let mut lines = vec![format!("#{index} {}", fetch.subgraph)];
            for part in &fetch.parts {
                let path = &paths[part.at.index()];
                match &part.kind {
                    PartKind::Root if part.at.index() == 0 => {}
                    PartKind::Root | PartKind::Entities(_) => lines.push(format!("at {path}")),
                }
            }
            if fetch.condition != ConditionId::ALWAYS {
                let condition = &self.conditions[fetch.condition.index()];
                lines.push(format!("if {}", condition_text(condition)));
            }
            let label = lines.join("\n").escape_default().to_string();
            let style = if skipped.has(index) {
                " style=dashed"
            } else {
                ""
            };
            writeln!(out, "  f{index} [label=\"{label}\"{style}]")?;
        }
        for (index, fetch) in self.fetches.iter().enumerate() {
            for before in &fetch.after {
                writeln!(out, "  f{} -> f{index}", before.index())?;
            }
        }
        writeln!(out, "}}")
    }
}
