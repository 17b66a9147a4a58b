//! A plan under construction: positions, the objects that subgraphs answer with, and visits.
//!
//! A *visit* asks one subgraph for the object at one position. Its answer consists of *objects*,
//! whose keys stand in *tables* (the shapes of the finished plan). A position has one source for
//! each object that describes it, and knows for each field and type which object supplies it.

pub(crate) mod table;

use std::collections::BTreeSet;

use crate::map::{Few, ShortMap};
use apollo_compiler::Name;
use supergraph::{SubgraphId, TypeId};

use crate::condition::When;
use crate::goals::{AskedId, GoalSetId, Goals};
use crate::routes::Mode;
use crate::sites::Site;
use crate::type_set::TypeSet;
use table::{Meaning, Slot, Table};

/// Index into [`Draft::positions`].
pub(crate) type PositionId = usize;
/// Index into [`Draft::objects`].
pub(crate) type ObjectId = usize;
/// Index into [`Draft::tables`].
pub(crate) type TableId = usize;
/// Index into [`Draft::visits`].
pub(crate) type VisitId = usize;

#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) positions: Vec<Position>,
    pub(crate) objects: Vec<Object>,
    pub(crate) tables: Vec<Table>,
    pub(crate) visits: Vec<Visit>,
}

/// An object of the answer, wherever it repeats through lists.
#[derive(Debug)]
pub(crate) struct Position {
    pub(crate) parent: Option<PositionId>,
    /// The run-time types that the primary source may give it.
    pub(crate) types: TypeSet,
    /// The objects that describe it. The first decides whether there is one.
    pub(crate) sources: Vec<Source>,
    /// What was asked for, by field and type: an index into the results.
    pub(crate) resolved: ShortMap<(AskedId, TypeId), usize>,
    pub(crate) results: Vec<Resolved>,
    /// Who tells the run-time type: a source and a slot.
    pub(crate) typename: Option<Told>,
    /// When the run-time type is wanted. Known once the draft is complete.
    pub(crate) told: When,
    /// Equal for the same position of two drafts of one operation.
    pub(crate) key: u64,
}

/// Who tells the run-time type of an object: sources with slots.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// Tells it of all objects, or of those that do not go by another name.
    pub(crate) by: (u32, u32),
    /// Interfaces that the teller has as objects: their name is all that it says. Someone else
    /// tells what such objects are.
    pub(crate) aliases: Vec<Alias>,
}

/// An interface by whose name a subgraph calls objects of several types.
#[derive(Clone, Debug)]
pub(crate) struct Alias {
    pub(crate) name: TypeId,
    pub(crate) types: TypeSet,
    /// Who tells the types.
    pub(crate) by: (u32, u32),
}

impl Told {
    /// All who tell, those first whose word counts more.
    pub(crate) fn tellers(&self) -> impl Iterator<Item = (u32, u32)> {
        let more = self.aliases.iter().map(|alias| alias.by);
        more.chain([self.by])
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Source {
    pub(crate) site: Site,
    pub(crate) object: ObjectId,
    pub(crate) origin: Origin,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    /// The answer of a visit to this position.
    Visit(VisitId),
    /// A slot of a source of the position above.
    Slot { parent: u32, slot: u32 },
}

/// Who supplies a field.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    /// The first decides whether there is an object.
    pub(crate) suppliers: Few<Supplied>,
    pub(crate) child: Option<PositionId>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Supplied {
    /// Index into the position's sources.
    pub(crate) source: u32,
    pub(crate) object: ObjectId,
    /// Index into the object's fields.
    pub(crate) field: usize,
    pub(crate) slot: u32,
}

/// An object in the answer of a visit.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) visit: VisitId,
    pub(crate) table: TableId,
    pub(crate) fields: Vec<ObjectField>,
    /// The first of its fields by slot.
    by_slot: ShortMap<u32, usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct ObjectField {
    /// None for `__typename`.
    pub(crate) asked: Option<AskedId>,
    pub(crate) slot: u32,
    pub(crate) types: TypeSet,
    pub(crate) child: Option<ObjectId>,
    /// Known once the draft is complete.
    pub(crate) when: When,
    /// The next field of the same slot, for other types.
    next: Option<usize>,
}

/// What some fields require.
#[derive(Clone, Debug)]
pub(crate) struct Required {
    pub(crate) types: TypeSet,
    pub(crate) set: GoalSetId,
    /// The fields.
    pub(crate) by: Few<AskedId>,
}

/// An argument whose value is read at an ancestor.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Contextual {
    pub(crate) asked: AskedId,
    pub(crate) argument: Box<str>,
    pub(crate) ty: Box<str>,
    /// The nearest first. All objects at the last set the context.
    pub(crate) setters: Vec<Setter>,
}

/// A position above of whose objects some set a context.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Setter {
    pub(crate) at: PositionId,
    /// The types of those that set it.
    pub(crate) types: TypeSet,
    pub(crate) value: GoalSetId,
}

/// One question to one subgraph about one position.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) position: PositionId,
    pub(crate) subgraph: SubgraphId,
    /// None for root fields.
    pub(crate) mode: Option<Mode>,
    pub(crate) object: ObjectId,
    /// The types of objects that are asked for.
    pub(crate) types: TypeSet,
    /// What identifies the object, by type.
    pub(crate) keys: Vec<(TypeSet, GoalSetId)>,
    /// What else is sent along.
    pub(crate) requires: Vec<Required>,
    /// Arguments whose values are read at ancestors.
    pub(crate) context: Vec<Contextual>,
    pub(crate) after: BTreeSet<VisitId>,
    /// When it is made. Known once the draft is complete.
    pub(crate) when: When,
}

impl Object {
    /// How many different fields it is asked for.
    pub(crate) fn width(&self) -> usize {
        let leaves_once = |field: &&ObjectField| field.child.is_some() || field.next.is_none();
        self.fields.iter().filter(leaves_once).count()
    }

    /// Whether a field is asked of some types apart from others.
    pub(crate) fn has_split(&self) -> bool {
        self.fields.iter().any(|field| field.next.is_some())
    }
}

impl Draft {
    /// An empty draft with room for some positions.
    pub(crate) fn with_room(positions: usize) -> Self {
        Self {
            positions: Vec::with_capacity(positions),
            objects: Vec::with_capacity(positions),
            tables: Vec::with_capacity(positions),
            visits: Vec::new(),
        }
    }

    pub(crate) fn table(&mut self) -> TableId {
        self.tables.push(Table::default());
        self.tables.len() - 1
    }

    pub(crate) fn object(&mut self, visit: VisitId, table: TableId) -> ObjectId {
        self.objects.push(Object {
            visit,
            table,
            fields: Vec::new(),
            by_slot: ShortMap::default(),
        });
        self.objects.len() - 1
    }

    /// Makes room for some more fields of an object.
    pub(crate) fn reserve(&mut self, object: ObjectId, fields: usize) {
        let object = &mut self.objects[object];
        object.fields.reserve(fields);
        object.by_slot.reserve(fields);
        let table = &mut self.tables[object.table];
        table.slots.reserve(fields);
        table.by_key.reserve(fields);
    }

    /// The field of an object, asked for now if it is not yet.
    pub(crate) fn field(
        &mut self,
        object: ObjectId,
        meaning: Meaning,
        types: &TypeSet,
        composite: bool,
        client_key: Option<&Name>,
        goals: &Goals,
    ) -> usize {
        let table = self.objects[object].table;
        let asked = meaning.asked;
        let slot = self.slot(table, meaning, client_key, goals);
        let known = &self.objects[object];
        let mut last = None;
        let mut next = known.by_slot.get(&slot).copied();
        while let Some(index) = next {
            let field = &known.fields[index];
            if field.types == *types {
                return index;
            }
            (last, next) = (Some(index), field.next);
        }
        let child = composite.then(|| {
            let inner = match self.tables[table].slots[slot as usize].table {
                Some(inner) => inner,
                None => {
                    let inner = self.table();
                    self.tables[table].slots[slot as usize].table = Some(inner);
                    inner
                }
            };
            self.object(self.objects[object].visit, inner)
        });
        let object = &mut self.objects[object];
        let fields = &mut object.fields;
        match last {
            Some(last) => fields[last].next = Some(fields.len()),
            None => object.by_slot.insert(slot, fields.len()),
        }
        fields.push(ObjectField {
            asked: Some(asked),
            slot,
            types: types.clone(),
            child,
            when: When::NEVER,
            next: None,
        });
        fields.len() - 1
    }

    fn slot(
        &mut self,
        table: TableId,
        meaning: Meaning,
        client_key: Option<&Name>,
        goals: &Goals,
    ) -> u32 {
        let table = &mut self.tables[table];
        let name = &goals.asked(meaning.asked).name;
        let taken = table.by_key.get(name).copied();
        let means = |&slot: &u32| table.slots[slot as usize].meaning.as_ref() == Some(&meaning);
        let known = taken
            .filter(means)
            .or_else(|| taken.and_then(|_| table.aliased.get(&meaning).copied()));
        known.unwrap_or_else(|| table.add(meaning, name, client_key))
    }

    /// The slot of an object's `__typename`, asked for now if it is not yet.
    pub(crate) fn typename(&mut self, object: ObjectId, types: &TypeSet) -> u32 {
        let table = self.objects[object].table;
        let table = &mut self.tables[table];
        let slot = table.typename.unwrap_or_else(|| {
            let slot = u32::try_from(table.slots.len()).expect("the budget bounds the slots");
            table.slots.push(Slot {
                key: Name::new_static_unchecked("__typename"),
                meaning: None,
                table: None,
            });
            table.typename = Some(slot);
            slot
        });
        let fields = &mut self.objects[object].fields;
        if !fields.iter().any(|field| field.asked.is_none()) {
            let types = types.clone();
            fields.push(ObjectField {
                asked: None,
                slot,
                types,
                child: None,
                when: When::always(),
                next: None,
            });
        }
        slot
    }

    /// Whether `visit` waits for `other`, or is it.
    pub(crate) fn waits(&self, visit: VisitId, other: VisitId) -> bool {
        let mut seen = vec![false; self.visits.len()];
        let mut open = vec![visit];
        while let Some(next) = open.pop() {
            if next == other {
                return true;
            }
            if !std::mem::replace(&mut seen[next], true) {
                open.extend(self.visits[next].after.iter().copied());
            }
        }
        false
    }
}
