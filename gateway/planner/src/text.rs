//! A plan as text that can stand in a review.
//!
//! ```text
//! query, 2 requests, depth 2
//!
//! #0 products
//!   {
//!     product {
//!       id
//!     }
//!   }
//!
//! #1 reviews, after #0
//!   product: Product by { id }
//!   query($representations: [_Any!]!) {
//! ```

use std::fmt::{self, Write as _};

use apollo_compiler::ast;

use crate::plan::{
    AnswerValue, Condition, ConditionId, Entities, Fetch, NodeId, OperationKind, PartKind, Plan,
    RepresentationField, RepresentationTypename, RepresentationValue, TypeFilter,
};
use crate::under::Skipped;

impl Plan {
    /// The plan as text: numbered requests, each with the subgraph, what it waits for, the
    /// positions it asks about, what identifies the objects there, and the operation.
    pub fn to_text(&self) -> String {
        self.text(&Skipped::default())
    }

    pub(crate) fn text(&self, skipped: &Skipped) -> String {
        let mut text = String::new();
        self.write_text(&mut text, skipped)
            .expect("writing to a string does not fail");
        text
    }

    fn write_text(&self, out: &mut String, skipped: &Skipped) -> fmt::Result {
        let kind = match self.kind {
            OperationKind::Query => "query",
            OperationKind::Mutation => "mutation",
            OperationKind::Subscription => "subscription",
        };
        let (requests, depth) = (self.requests(), self.depth());
        let plural = if requests == 1 { "" } else { "s" };
        write!(out, "{kind}: {requests} request{plural}, depth {depth}")?;
        match skipped.len() {
            0 => out.push('\n'),
            count => writeln!(out, "; {count} skipped")?,
        }
        if self.introspection.is_some() {
            writeln!(out, "introspection is answered by the gateway")?;
        }
        let paths = self.paths();
        for (index, fetch) in self.fetches.iter().enumerate() {
            write!(out, "\n#{index} {}", fetch.subgraph)?;
            for (position, after) in fetch.after.iter().enumerate() {
                write!(
                    out,
                    "{}#{}",
                    if position == 0 { " after " } else { ", " },
                    after.0
                )?;
            }
            self.write_condition(out, fetch.condition)?;
            if skipped.has(index) {
                out.push_str(" (skipped)");
            }
            out.push('\n');
            for part in &fetch.parts {
                match &part.kind {
                    PartKind::Root if part.at.index() == 0 => {}
                    PartKind::Root => writeln!(out, "  at {}", paths[part.at.index()])?,
                    PartKind::Entities(entities) => {
                        self.write_entities(out, entities, part.at, &paths, fetch)?;
                    }
                }
            }
            for line in pretty(&fetch.operation).lines() {
                writeln!(out, "  {line}")?;
            }
        }
        Ok(())
    }

    fn write_entities(
        &self,
        out: &mut String,
        entities: &Entities,
        at: NodeId,
        paths: &[String],
        fetch: &Fetch,
    ) -> fmt::Result {
        out.push_str("  ");
        if fetch.parts.len() > 1 {
            write!(out, "{}: ", entities.response_key)?;
        }
        write!(out, "at {}", paths[at.index()])?;
        if let TypeFilter::OneOf(types) = &entities.types {
            write!(out, " on {}", types.join(" | "))?;
        }
        out.push_str(" as ");
        match &entities.representation.typename {
            RepresentationTypename::Runtime => out.push_str("its type"),
            RepresentationTypename::Fixed(name) => out.push_str(name),
        }
        out.push_str(" by ");
        fields_text(out, &entities.representation.key)?;
        if !entities.representation.requires.is_empty() {
            out.push_str(" with ");
            fields_text(out, &entities.representation.requires)?;
        }
        if fetch.parts.len() > 1 {
            self.write_condition(out, entities.condition)?;
        }
        out.push('\n');
        for argument in &entities.context {
            write!(out, "    ${}", argument.variable)?;
            for (index, setter) in argument.setters.iter().enumerate() {
                let between = if index == 0 { " from " } else { ", else " };
                write!(out, "{between}{}", paths[setter.at.index()])?;
                if let TypeFilter::OneOf(types) = &setter.types {
                    write!(out, " on {}", types.join(" | "))?;
                }
                out.push(' ');
                fields_text(out, &setter.values)?;
            }
            out.push('\n');
        }
        Ok(())
    }

    fn write_condition(&self, out: &mut String, id: ConditionId) -> fmt::Result {
        if id != ConditionId::ALWAYS {
            write!(out, " if {}", condition_text(&self.conditions[id.index()]))?;
        }
        Ok(())
    }

    /// The path of every node, by the client's response keys or, where there are none, by those
    /// of the subgraph.
    pub(crate) fn paths(&self) -> Vec<String> {
        let mut keys: Vec<Option<String>> = vec![None; self.nodes.len()];
        for selection in &self.selections {
            for field in selection.groups.iter().flat_map(|group| &group.fields) {
                if let AnswerValue::Object { selection, .. } = &field.value {
                    let node = self.selections[selection.index()].node;
                    keys[node.index()].get_or_insert_with(|| field.response_key.to_string());
                }
            }
        }
        let mut paths: Vec<String> = Vec::with_capacity(self.nodes.len());
        for (index, node) in self.nodes.iter().enumerate() {
            let key = keys[index]
                .take()
                .or_else(|| self.subgraph_key(NodeId(u32::try_from(index).ok()?)));
            let key = key.unwrap_or_default();
            paths.push(match node.parent {
                None => "the root".to_owned(),
                Some(parent) if parent.index() == 0 => key,
                Some(parent) => format!("{}.{key}", paths[parent.index()]),
            });
        }
        paths
    }

    fn subgraph_key(&self, id: NodeId) -> Option<String> {
        let node = &self.nodes[id.index()];
        let parent = node.parent?;
        node.sources.iter().find_map(|source| match source {
            crate::plan::Source::Slot {
                parent: source,
                slot,
            } => {
                let shape = self.shape_of(parent, *source)?;
                Some(
                    self.shapes[shape.index()].fields[*slot as usize]
                        .key
                        .to_string(),
                )
            }
            crate::plan::Source::Part { .. } => None,
        })
    }

    /// The shape of one source's rows at a node.
    pub(crate) fn shape_of(&self, at: NodeId, source: u32) -> Option<crate::plan::ShapeId> {
        let node = self.nodes.get(at.index())?;
        match *node.sources.get(source as usize)? {
            crate::plan::Source::Part { fetch, part } => Some(
                self.fetches
                    .get(fetch.index())?
                    .parts
                    .get(part as usize)?
                    .shape,
            ),
            crate::plan::Source::Slot { parent, slot } => {
                let above = self.shape_of(node.parent?, parent)?;
                self.shapes
                    .get(above.index())?
                    .fields
                    .get(slot as usize)?
                    .object
            }
        }
    }
}

fn fields_text(out: &mut String, fields: &[RepresentationField]) -> fmt::Result {
    out.push('{');
    for field in fields {
        write!(out, " {}", field.name)?;
        if let TypeFilter::OneOf(types) = &field.types {
            write!(out, "({})", types.join(" | "))?;
        }
        if let RepresentationValue::Object { fields, .. } = &field.value {
            out.push(' ');
            fields_text(out, fields)?;
        }
    }
    out.push_str(" }");
    Ok(())
}

pub(crate) fn condition_text(condition: &Condition) -> String {
    let all = |literals: &Vec<crate::plan::Literal>| -> String {
        let texts: Vec<String> = literals
            .iter()
            .map(|literal| {
                format!(
                    "{}${}",
                    if literal.expected { "" } else { "not " },
                    literal.variable
                )
            })
            .collect();
        texts.join(" and ")
    };
    let any: Vec<String> = condition.any_of.iter().map(all).collect();
    any.join(" or ")
}

/// The operation with line breaks.
fn pretty(operation: &str) -> String {
    match ast::Document::parse(operation, "operation.graphql") {
        Ok(document) => document.to_string().trim_end().to_owned(),
        // A bug of the printer is best seen as it is.
        Err(_) => operation.to_owned(),
    }
}
