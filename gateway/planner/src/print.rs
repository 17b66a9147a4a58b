//! Prints subgraph operations: compact, with only the variables they use.

mod selection;

use std::fmt::Write as _;

use crate::map::IndexSet;
use apollo_compiler::Name;
use supergraph::SubgraphId;

use crate::draft::{Draft, VisitId};
use crate::error::Error;
use crate::goals::AskedId;
use crate::plan::OperationKind;
use crate::requests::Request;
use crate::wants::Terrain;

/// An operation as it is sent.
pub(crate) struct Printed {
    pub(crate) operation: String,
    /// The client's variables that it uses.
    pub(crate) variables: Vec<Box<str>>,
    /// For each visit.
    pub(crate) entities: Vec<PrintedEntities>,
}

/// How a visit stands in a printed operation.
pub(crate) struct PrintedEntities {
    pub(crate) response_key: String,
    /// The variable of its representations.
    pub(crate) variable: String,
    /// For each of its arguments from ancestors, the variable.
    pub(crate) context: Vec<String>,
}

/// The client's variables, with their definitions as text.
pub(crate) type Definitions = [(Name, String)];

/// Most requests are no longer than this.
const TEXT_BYTES: usize = 256;

struct Printer<'p, 'g> {
    terrain: &'p mut Terrain<'g>,
    draft: &'p Draft,
    subgraph: SubgraphId,
    text: String,
    used: IndexSet<Name>,
    /// Of the visit that is being printed: arguments with the variables that fill them.
    context: Vec<(AskedId, Box<str>, String)>,
    /// Definitions of those variables.
    contextual: Vec<String>,
}

/// Prints one request.
pub(crate) fn request(
    terrain: &mut Terrain<'_>,
    draft: &Draft,
    request: &Request,
    kind: OperationKind,
    definitions: &Definitions,
) -> Result<Printed, Error> {
    let mut printer = Printer {
        terrain,
        draft,
        subgraph: request.subgraph,
        text: String::with_capacity(TEXT_BYTES),
        used: IndexSet::default(),
        context: Vec::new(),
        contextual: Vec::new(),
    };
    let mut entities = Vec::new();
    let is_root = draft.visits[request.visits[0]].mode.is_none();
    if is_root {
        let visit = &draft.visits[request.visits[0]];
        let root = visit.types.single().expect("root visits have one type");
        printer.braces(visit.object, Some(root), &visit.when)?;
    } else {
        let several = request.visits.len() > 1;
        printer.text.push('{');
        for (number, &visit) in request.visits.iter().enumerate() {
            let (key, variable) = if several {
                (
                    format!("_e{number}"),
                    fresh(&format!("r{number}"), definitions),
                )
            } else {
                (
                    "_entities".to_owned(),
                    fresh("representations", definitions),
                )
            };
            if number > 0 {
                printer.text.push(' ');
            }
            if several {
                let _ = write!(printer.text, "{key}:");
            }
            let _ = write!(printer.text, "_entities(representations:${variable})");
            let context = printer.context(visit, definitions);
            printer.entity(visit)?;
            entities.push(PrintedEntities {
                response_key: key,
                variable,
                context,
            });
        }
        printer.text.push('}');
    }
    let Printer {
        text,
        used,
        contextual,
        ..
    } = printer;
    let mut head: Vec<String> = entities
        .iter()
        .map(|entities| format!("${}:[_Any!]!", entities.variable))
        .collect();
    head.extend(contextual);
    let mut variables: Vec<Box<str>> = Vec::new();
    for (name, definition) in definitions {
        if used.contains(name) {
            head.push(definition.clone());
            variables.push(name.as_str().into());
        }
    }
    let root_query = visit_root_is_query(terrain, draft, request);
    let keyword = match kind {
        OperationKind::Mutation if is_root && !root_query => "mutation",
        OperationKind::Subscription if is_root && !root_query => "subscription",
        _ if head.is_empty() => "",
        _ => "query",
    };
    let head = if head.is_empty() {
        String::new()
    } else {
        format!("({})", head.join(","))
    };
    Ok(Printed {
        operation: format!("{keyword}{head}{text}"),
        variables,
        entities,
    })
}

fn visit_root_is_query(terrain: &Terrain<'_>, draft: &Draft, request: &Request) -> bool {
    let visit = &draft.visits[request.visits[0]];
    visit.types.single().is_some_and(|ty| terrain.is_query(ty))
}

/// A variable's name that the client does not use.
fn fresh(name: &str, definitions: &Definitions) -> String {
    let mut fresh = name.to_owned();
    while definitions
        .iter()
        .any(|(known, _)| *known == fresh.as_str())
    {
        fresh.insert(0, '_');
    }
    fresh
}

impl Printer<'_, '_> {
    /// Names the variables of a visit's arguments from ancestors.
    fn context(&mut self, visit: VisitId, definitions: &Definitions) -> Vec<String> {
        self.context.clear();
        let mut variables = Vec::new();
        for contextual in &self.draft.visits[visit].context {
            let name = fresh(&format!("c{}", self.contextual.len()), definitions);
            self.contextual.push(format!("${name}:{}", contextual.ty));
            self.context
                .push((contextual.asked, contextual.argument.clone(), name.clone()));
            variables.push(name);
        }
        variables
    }
}
