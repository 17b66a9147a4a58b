//! One subgraph on its way through the pipeline; its type says how far it has come.

use std::ops::Deref;

use apollo_compiler::ast;
use apollo_compiler::collections::IndexSet;
use apollo_compiler::parser::{SourceMap, SourceSpan};
use apollo_compiler::{Name, Schema};

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::facts::Facts;
use crate::link::Links;

/// A subgraph in the state `S`: [`Parsed`] → [`Linked`] → [`Valid`].
#[derive(Clone)]
pub(crate) struct Subgraph<S> {
    /// As the user named it.
    pub(crate) name: String,
    /// Where it is served; copied to the supergraph.
    pub(crate) url: String,
    pub(crate) state: S,
}

/// Its text is GraphQL.
pub(crate) struct Parsed {
    pub(crate) document: ast::Document,
}

/// Its links are resolved and its schema is a valid GraphQL schema.
#[derive(Clone)]
pub(crate) struct Linked {
    /// Without the definitions that federation itself adds.
    pub(crate) schema: Schema,
    pub(crate) links: Links,
    /// The types that it extends without defining them.
    pub(crate) extended: IndexSet<Name>,
    /// Mistakes that leave the schema readable, to be reported with those of its directives.
    pub(crate) pending: Vec<Diagnostic>,
}

/// It keeps every rule of a single subgraph of its version; upgrading leaves Federation 2 only.
pub(crate) struct Valid {
    pub(crate) schema: Schema,
    pub(crate) links: Links,
    /// As in [`Linked`].
    pub(crate) extended: IndexSet<Name>,
    pub(crate) facts: Facts,
}

impl<S> Deref for Subgraph<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.state
    }
}

impl<S> Subgraph<S> {
    pub(crate) fn into_state<T>(self, to: impl FnOnce(S) -> T) -> Subgraph<T> {
        Subgraph {
            name: self.name,
            url: self.url,
            state: to(self.state),
        }
    }

    pub(crate) fn place_in(&self, sources: &SourceMap, span: Option<SourceSpan>) -> Place {
        let at = span.and_then(|span| span.line_column(sources));
        Place {
            subgraph: self.name.clone(),
            line: at.map_or(1, |at| at.line),
            column: at.map_or(1, |at| at.column),
        }
    }
}

impl Subgraph<Linked> {
    pub(crate) fn error(
        &self,
        code: Code,
        message: impl AsRef<str>,
        span: Option<SourceSpan>,
    ) -> Diagnostic {
        let place = self.place_in(&self.schema.sources, span);
        Diagnostic::new(
            code,
            format!("[{}] {}", self.name, message.as_ref()),
            vec![place],
        )
    }
}

impl Subgraph<Valid> {
    pub(crate) fn place(&self, span: Option<SourceSpan>) -> Place {
        self.place_in(&self.schema.sources, span)
    }

    pub(crate) fn error(
        &self,
        code: Code,
        message: impl AsRef<str>,
        span: Option<SourceSpan>,
    ) -> Diagnostic {
        Diagnostic::new(
            code,
            format!("[{}] {}", self.name, message.as_ref()),
            vec![self.place(span)],
        )
    }
}
