//! A plan under construction: positions, the objects that subgraphs answer with, and visits.
//!
//! A *visit* asks one subgraph for the object at one position. Its answer consists of *objects*,
//! whose keys stand in *tables* (the shapes of the finished plan). A position has one source for
//! each object that describes it, and knows for each field and type which object supplies it.

use std::collections::BTreeSet;

use crate::map::{IndexMap, IndexSet};
use apollo_compiler::Name;
use supergraph::{SubgraphId, TypeId};

use crate::condition::When;
use crate::goals::{AskedId, GoalSetId, Goals};
use crate::routes::Mode;
use crate::sites::Site;
use crate::type_set::TypeSet;

/// Index into [`Draft::positions`].
pub(crate) type PositionId = usize;
/// Index into [`Draft::objects`].
pub(crate) type ObjectId = usize;
/// Index into [`Draft::tables`].
pub(crate) type TableId = usize;
/// Index into [`Draft::visits`].
pub(crate) type VisitId = usize;

#[derive(Debug, Default)]
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
    pub(crate) resolved: IndexMap<(AskedId, TypeId), usize>,
    pub(crate) results: Vec<Resolved>,
    /// Who tells the run-time type: a source and a slot.
    pub(crate) typename: Option<(u32, u32)>,
    /// When the run-time type is wanted. Known once the draft is complete.
    pub(crate) told: When,
    /// Equal for the same position of two drafts of one operation.
    pub(crate) key: u64,
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
    pub(crate) suppliers: Vec<Supplied>,
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
    /// Its fields by slot: one, or several for different types.
    by_slot: IndexMap<u32, Vec<usize>>,
}

#[derive(Debug)]
pub(crate) struct ObjectField {
    /// None for `__typename`.
    pub(crate) asked: Option<AskedId>,
    pub(crate) slot: u32,
    pub(crate) types: TypeSet,
    pub(crate) child: Option<ObjectId>,
    /// Known once the draft is complete.
    pub(crate) when: When,
}

/// The keys of objects that stand at one path of an answer.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) slots: Vec<Slot>,
    pub(crate) typename: Option<u32>,
    by_meaning: IndexMap<Meaning, u32>,
    by_key: IndexSet<String>,
    /// How many aliases were made for a name.
    aliases: IndexMap<Name, u32>,
}

#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) key: String,
    pub(crate) client_key: Option<Name>,
    pub(crate) table: Option<TableId>,
}

/// What a key of an answer means: the field, its type as far as two fields under one key must
/// agree in it, and the types it is kept apart for, if it is.
pub(crate) type Meaning = (AskedId, String, Option<TypeSet>);

/// An argument whose value is read at an ancestor.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Contextual {
    pub(crate) asked: AskedId,
    pub(crate) argument: Box<str>,
    pub(crate) ty: Box<str>,
    pub(crate) from: PositionId,
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
    pub(crate) requires: Vec<(TypeSet, GoalSetId)>,
    /// Arguments whose values are read at ancestors.
    pub(crate) context: Vec<Contextual>,
    pub(crate) after: BTreeSet<VisitId>,
    /// When it is made. Known once the draft is complete.
    pub(crate) when: When,
}

impl Draft {
    pub(crate) fn table(&mut self) -> TableId {
        self.tables.push(Table::default());
        self.tables.len() - 1
    }

    pub(crate) fn object(&mut self, visit: VisitId, table: TableId) -> ObjectId {
        self.objects.push(Object {
            visit,
            table,
            fields: Vec::new(),
            by_slot: IndexMap::default(),
        });
        self.objects.len() - 1
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
        let asked = meaning.0;
        let slot = self.slot(table, meaning, client_key, goals);
        let known = &mut self.objects[object];
        for &index in known.by_slot.get(&slot).into_iter().flatten() {
            let field = &mut known.fields[index];
            if !composite || field.types == *types {
                field.types = field.types.or(types);
                return index;
            }
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
        object.by_slot.entry(slot).or_default().push(fields.len());
        fields.push(ObjectField {
            asked: Some(asked),
            slot,
            types: types.clone(),
            child,
            when: When::NEVER,
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
        let next = narrow(table.slots.len());
        let index = match table.by_meaning.get(&meaning) {
            Some(&index) => index,
            None => {
                let name = &goals.asked(meaning.0).name;
                let mut key = name.as_str().to_owned();
                // The client's own alias reads best, if there is one.
                if let Some(client) = client_key.filter(|client| !client.starts_with("__"))
                    && table.by_key.contains(&key)
                {
                    key = client.as_str().to_owned();
                }
                while table.by_key.contains(&key) {
                    let number = table.aliases.entry(name.clone()).or_default();
                    key = format!("_{number}_{name}");
                    *number += 1;
                }
                table.by_key.insert(key.clone());
                table.by_meaning.insert(meaning, next);
                table.slots.push(Slot {
                    key,
                    client_key: None,
                    table: None,
                });
                next
            }
        };
        let slot = &mut table.slots[index as usize];
        if slot.client_key.is_none() {
            slot.client_key = client_key.cloned();
        }
        index
    }

    /// The slot of an object's `__typename`, asked for now if it is not yet.
    pub(crate) fn typename(&mut self, object: ObjectId, types: &TypeSet) -> u32 {
        let table = self.objects[object].table;
        let table = &mut self.tables[table];
        let slot = table.typename.unwrap_or_else(|| {
            let slot = u32::try_from(table.slots.len()).expect("the budget bounds the slots");
            table.slots.push(Slot {
                key: "__typename".to_owned(),
                client_key: None,
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

/// Indices of a draft: the budget keeps them far below the range.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).expect("the budget bounds every table")
}
