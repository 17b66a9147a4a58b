//! Prints selections: of an object what is asked of it, by type only where types differ.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::rc::Rc;

use crate::map::{Few, IndexMap};
use apollo_compiler::Name;
use supergraph::TypeId;

use super::Printer;
use crate::condition::When;
use crate::draft::{Object, ObjectField, ObjectId, TableId, VisitId};
use crate::error::Error;
use crate::goals::AskedId;
use crate::plan::Literal;
use crate::routes::Mode;
use crate::type_set::TypeSet;

/// Longer than any request a subgraph accepts; alternatives that print one selection for many
/// types end here instead of in memory.
const BYTES_MAX: usize = 1 << 20;

impl Printer<'_, '_> {
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
    pub(super) fn entity(&mut self, visit: VisitId) -> Result<(), Error> {
        let visit = &self.draft.visits[visit];
        self.text.push('{');
        let mut types: Vec<TypeId> = match visit.mode {
            Some(Mode::Interface(ty) | Mode::InterfaceObject(ty)) => vec![ty],
            Some(Mode::Own) | None => visit.types.iter().collect(),
        };
        let first = types[0];
        types.retain(|&ty| self.has_fields(visit.object, ty));
        if types.is_empty() {
            types.push(first);
        }
        for (index, &ty) in types.iter().enumerate() {
            let between = if index == 0 { "" } else { " " };
            let name = &self.terrain.graph.ty(ty).name;
            let _ = write!(self.text, "{between}...on {name}");
            self.braces(visit.object, Some(ty), &visit.when)?;
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
    pub(super) fn braces(
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
        let fields = united(&draft.objects[object], &all);
        let (direct, by_type): (Vec<&ObjectField>, Vec<&ObjectField>) = fields
            .iter()
            .map(|field| &**field)
            .partition(|field| self.is_direct(field, table, named, &all));
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
    fn is_direct(&self, field: &ObjectField, table: TableId, named: TypeId, all: &TypeSet) -> bool {
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
        // Under one key all have one type, and an interface's may say less than its objects'.
        let slot = &self.draft.tables[table].slots[field.slot as usize];
        within.is_some_and(|within| slot.has_type(&within.ty)) && all.is_within(&field.types)
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

/// The fields of an object, leaves that are asked of several types at the same time as one.
///
/// Where types differ in when, a leaf is asked of `all` of them when each wants it, and of some of
/// them once more:
///
/// ```text
/// node { label @include(if: $a) ... on User { label } }
/// ```
fn united<'d>(object: &'d Object, all: &TypeSet) -> Vec<Cow<'d, ObjectField>> {
    let mut united: Vec<Cow<'d, ObjectField>> = Vec::with_capacity(object.fields.len());
    if !object.has_split() {
        united.extend(object.fields.iter().map(Cow::Borrowed));
        return united;
    }
    let mut leaves: IndexMap<u32, Few<usize>> = IndexMap::default();
    for field in &object.fields {
        if field.asked.is_some() && field.child.is_none() {
            let alike = leaves.entry(field.slot).or_default();
            let same = alike
                .iter()
                .find(|&&index| united[index].when == field.when);
            if let Some(&index) = same {
                let known = united[index].to_mut();
                known.types = known.types.or(&field.types);
                continue;
            }
            alike.push(united.len());
        }
        united.push(Cow::Borrowed(field));
    }
    for (_, alike) in leaves.into_iter().filter(|(_, alike)| alike.len() > 1) {
        let types = alike.iter().map(|&index| united[index].types.clone());
        let types = types.reduce(|some, more| some.or(&more));
        let Some(types) = types.filter(|types| all.is_within(types)) else {
            continue;
        };
        let is_least = |&&index: &&usize| {
            alike.iter().all(|&other| {
                let mut both = united[other].when.clone();
                both.or(&united[index].when);
                both == united[other].when
            })
        };
        if let Some(&least) = alike.iter().find(is_least) {
            united[least].to_mut().types = types;
        }
    }
    united
}
