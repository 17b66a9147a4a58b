//! Prints subgraph operations: compact, with only the variables they use.

use std::fmt::Write as _;
use std::rc::Rc;

use crate::map::{Few, IndexSet};
use apollo_compiler::Name;
use supergraph::{SubgraphId, TypeId};

use crate::condition::When;
use crate::draft::{Draft, ObjectField, ObjectId, TableId, VisitId};
use crate::error::Error;
use crate::goals::AskedId;
use crate::plan::{Literal, OperationKind};
use crate::requests::Request;
use crate::routes::Mode;
use crate::type_set::TypeSet;
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

/// Longer than any request a subgraph accepts; alternatives that print one selection for many
/// types end here instead of in memory.
const BYTES_MAX: usize = 1 << 20;

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

    /// Prints the arguments of a field, those from ancestors included.
    fn arguments(&mut self, asked: AskedId) {
        let known = &self.terrain.goals.asked(asked).arguments;
        let mut from_above = self
            .context
            .iter()
            .filter(|(of, ..)| *of == asked)
            .peekable();
        if from_above.peek().is_none() {
            self.text.push_str(known);
            return;
        }
        let given = known.strip_suffix(')').unwrap_or("");
        self.text.push_str(given);
        let mut between = if given.is_empty() { '(' } else { ',' };
        for (_, argument, variable) in from_above {
            let _ = write!(self.text, "{between}{argument}:${variable}");
            between = ',';
        }
        self.text.push(')');
    }

    /// The selection of entities: always by type, since `_Entity` has no fields of its own.
    fn entity(&mut self, visit: VisitId) -> Result<(), Error> {
        let visit = &self.draft.visits[visit];
        self.text.push('{');
        let types = match visit.mode {
            Some(Mode::Interface(ty) | Mode::InterfaceObject(ty)) => vec![ty],
            Some(Mode::Own) | None => visit.types.iter().collect(),
        };
        let mut first = true;
        for ty in types {
            let before = self.text.len();
            if !first {
                self.text.push(' ');
            }
            let _ = write!(self.text, "...on {}", self.terrain.graph.ty(ty).name);
            if self.has_fields(visit.object, ty) || visit.types.len() == 1 {
                self.braces(visit.object, Some(ty), &visit.when)?;
                first = false;
            } else {
                self.text.truncate(before);
            }
        }
        self.text.push('}');
        Ok(())
    }

    fn has_fields(&mut self, object: ObjectId, ty: TypeId) -> bool {
        let types = self.run_time(ty);
        let fields = &self.draft.objects[object].fields;
        fields.iter().any(|field| field.types.meets(&types))
    }

    fn run_time(&mut self, named: TypeId) -> TypeSet {
        self.terrain.sites.run_time(self.subgraph, named)
    }

    /// The selection of an object whose static type is `named`, asked for `given` a condition.
    fn braces(
        &mut self,
        object: ObjectId,
        named: Option<TypeId>,
        given: &When,
    ) -> Result<(), Error> {
        self.terrain.budget.spend(1)?;
        if self.text.len() > BYTES_MAX {
            return Err(Error::TooComplex {
                what: "the size of a subgraph operation",
                limit: BYTES_MAX as u64,
            });
        }
        self.text.push('{');
        let start = self.text.len();
        let named = named.expect("selections have a type");
        let all = self.run_time(named);
        let draft = self.draft;
        let table = draft.objects[object].table;
        let fields = &draft.objects[object].fields;
        let (direct, by_type): (Vec<&ObjectField>, Vec<&ObjectField>) = fields
            .iter()
            .partition(|field| self.is_direct(field, named, &all));
        for field in direct {
            self.field(field, table, named, &all, given, start)?;
        }
        if !by_type.is_empty() {
            self.by_type(&by_type, table, named, given, start)?;
        }
        if self.text.len() == start {
            self.text.push_str("__typename");
        }
        self.text.push('}');
        Ok(())
    }

    /// Whether a field can be asked for at the static type itself.
    fn is_direct(&self, field: &ObjectField, named: TypeId, all: &TypeSet) -> bool {
        let Some(asked) = field.asked else {
            return true;
        };
        let definition = self.terrain.graph.ty(named);
        if !definition.is_abstract() || self.is_interface_object(named) {
            return true;
        }
        let name = &self.terrain.goals.asked(asked).name;
        let within = definition
            .fields
            .get(name)
            .and_then(|f| f.within.get(&self.subgraph));
        within.is_some() && all.is_within(&field.types)
    }

    fn is_interface_object(&self, ty: TypeId) -> bool {
        self.terrain.sites.is_interface_object(self.subgraph, ty)
    }

    fn by_type(
        &mut self,
        fields: &[&ObjectField],
        table: TableId,
        named: TypeId,
        given: &When,
        start: usize,
    ) -> Result<(), Error> {
        let within = &self.terrain.graph.ty(named).within[&self.subgraph];
        for &ty in &within.possible {
            let types = self.run_time(ty);
            let here: Vec<&&ObjectField> = fields
                .iter()
                .filter(|field| field.types.meets(&types))
                .collect();
            if here.is_empty() {
                continue;
            }
            self.space(start);
            let _ = write!(self.text, "...on {}{{", self.terrain.graph.ty(ty).name);
            let inner = self.text.len();
            for field in here {
                self.field(field, table, ty, &types, given, inner)?;
            }
            self.text.push('}');
        }
        Ok(())
    }

    fn space(&mut self, start: usize) {
        if self.text.len() > start && !self.text.ends_with('}') {
            self.text.push(' ');
        }
    }

    fn field(
        &mut self,
        field: &ObjectField,
        table: TableId,
        named: TypeId,
        all: &TypeSet,
        given: &When,
        start: usize,
    ) -> Result<(), Error> {
        if !field.types.meets(all) {
            return Ok(());
        }
        let Some(asked) = field.asked else {
            self.space(start);
            self.text.push_str("__typename");
            return Ok(());
        };
        let when = field.when.given(given);
        let draft = self.draft;
        let slot = &draft.tables[table].slots[field.slot as usize].key;
        for all_of in when.alternatives() {
            self.space(start);
            // One `@include` and one `@skip` may stand on the field; more need fragments around.
            let mut around = 0;
            let mut rest: Vec<&Literal> = all_of.iter().collect();
            let mut on_field: Few<&Literal> = Few::new();
            for expected in [true, false] {
                if let Some(index) = rest.iter().position(|literal| literal.expected == expected) {
                    on_field.push(rest.remove(index));
                }
            }
            for literal in rest {
                self.text.push_str("...");
                self.directive(literal);
                self.text.push('{');
                around += 1;
            }
            let question = Rc::clone(self.terrain.goals.asked(asked));
            let name = &question.name;
            if slot != name {
                let _ = write!(self.text, "{slot}:");
            }
            self.text.push_str(name);
            self.arguments(asked);
            let variables = &self.terrain.goals.asked(asked).variables;
            self.used.extend(variables.iter().cloned());
            for literal in on_field {
                self.directive(literal);
            }
            if let Some(child) = field.child {
                let inner = self.below(named, name, field);
                self.braces(child, inner, &field.when)?;
            }
            for _ in 0..around {
                self.text.push('}');
            }
        }
        Ok(())
    }

    /// The static type of a field in the subgraph.
    fn below(&self, named: TypeId, name: &str, field: &ObjectField) -> Option<TypeId> {
        let graph = self.terrain.graph;
        let own = graph
            .ty(named)
            .fields
            .get(name)
            .and_then(|f| f.within.get(&self.subgraph));
        let own = own.map(|within| within.named);
        own.or_else(|| {
            field.types.iter().find_map(|ty| {
                Some(
                    graph
                        .ty(ty)
                        .fields
                        .get(name)?
                        .within
                        .get(&self.subgraph)?
                        .named,
                )
            })
        })
    }

    fn directive(&mut self, literal: &Literal) {
        let name = if literal.expected { "include" } else { "skip" };
        let _ = write!(self.text, "@{name}(if:${})", literal.variable);
        self.used.insert(Name::new_unchecked(&literal.variable));
    }
}
