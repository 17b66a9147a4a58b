//! What is wanted: the client's operation and the field sets of the supergraph in one form.
//!
//! A [`GoalSet`] is what is wanted of the object at one position. Sets are shared: equal
//! selections under equal conditions are one set, so a document whose fragments double at every
//! level stays as small as its text.

use std::rc::Rc;

use crate::map::{Few, IndexMap, IndexSet};
use apollo_compiler::Name;
use supergraph::{FieldSet, Kind, Selection, Supergraph, TypeId};

use crate::budget::Budget;
use crate::condition::When;
use crate::error::Error;
use crate::introspection::Introspected;
use crate::type_set::TypeSet;

/// Index of a [`GoalSet`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct GoalSetId(pub(crate) u32);

/// Index of an [`Asked`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct AskedId(pub(crate) u32);

/// A field with its arguments: what makes two fields of one object the same.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Asked {
    pub(crate) name: Name,
    /// As they are printed, sorted by name, with parentheses; empty without arguments.
    pub(crate) arguments: String,
    /// The variables in the arguments.
    pub(crate) variables: Vec<Name>,
    /// Tells apart fields that are never the same, as the root fields of a mutation; of `__schema` and
    /// `__type` the number.
    pub(crate) instance: u32,
}

/// A field that is wanted of objects of some types.
#[derive(Clone, Debug)]
pub(crate) struct Goal {
    /// The client's response key; none if the goal comes from a field set.
    pub(crate) response_key: Option<Name>,
    pub(crate) asked: AskedId,
    pub(crate) types: TypeSet,
    /// All types that it is wanted of by the same words: an interface's field is one question.
    pub(crate) together: TypeSet,
    /// When it is wanted, all that encloses it included.
    pub(crate) when: When,
    /// What is wanted of the object in it; none for a leaf.
    pub(crate) sub: Option<GoalSetId>,
}

/// What is wanted of the object at one position.
#[derive(Clone, Debug, Default)]
pub(crate) struct GoalSet {
    pub(crate) goals: Vec<Goal>,
    /// The order of the answer.
    pub(crate) order: Vec<Placed>,
    /// What fields further down may read here, of contexts that objects set. It is asked for where
    /// such a field is, and counts before, when it is chosen who is asked for the object.
    pub(crate) contexts: Few<GoalSetId>,
}

/// A goal at one of its places in the answer.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) goal: u32,
    /// When it stands here.
    pub(crate) when: When,
    /// When it does not, because it stands further up; only where `when` does not exclude that.
    pub(crate) unless: Option<When>,
}

/// Room for so many sets and fields from the beginning: what a page asks.
const ROOM: usize = 32;

/// All goals of one planning.
#[derive(Debug)]
pub(crate) struct Goals {
    sets: Vec<Rc<GoalSet>>,
    asked: IndexSet<Rc<Asked>>,
    /// Field sets that were turned into goals, by their address and the types they apply to.
    field_sets: IndexMap<(*const FieldSet, TypeSet), GoalSetId>,
    introspected: Vec<Introspected>,
}

impl Default for Goals {
    fn default() -> Self {
        let mut asked = IndexSet::default();
        asked.reserve(2 * ROOM);
        Self {
            sets: Vec::with_capacity(ROOM),
            asked,
            field_sets: IndexMap::default(),
            introspected: Vec::new(),
        }
    }
}

impl Goals {
    /// How many sets there are.
    pub(crate) fn len(&self) -> usize {
        self.sets.len()
    }

    pub(crate) fn set(&self, id: GoalSetId) -> Rc<GoalSet> {
        Rc::clone(&self.sets[id.0 as usize])
    }

    pub(crate) fn asked(&self, id: AskedId) -> &Rc<Asked> {
        &self.asked[id.0 as usize]
    }

    pub(crate) fn add(&mut self, set: GoalSet) -> GoalSetId {
        let id = u32::try_from(self.sets.len()).expect("the budget bounds the sets");
        self.sets.push(Rc::new(set));
        GoalSetId(id)
    }

    pub(crate) fn ask(&mut self, asked: Asked) -> AskedId {
        let index = match self.asked.get_index_of(&asked) {
            Some(index) => index,
            None => self.asked.insert_full(Rc::new(asked)).0,
        };
        AskedId(u32::try_from(index).expect("the budget bounds the fields"))
    }

    /// Notes a `__schema` or `__type`, and returns its number.
    pub(crate) fn introspect(&mut self, asked: Introspected) -> u32 {
        let number = u32::try_from(self.introspected.len());
        self.introspected.push(asked);
        number.expect("the budget bounds the fields")
    }

    pub(crate) fn introspected(&self) -> &[Introspected] {
        &self.introspected
    }

    /// `__typename`, as a goal.
    pub(crate) fn typename(&mut self, types: TypeSet) -> Goal {
        let name = Name::new_static_unchecked("__typename");
        let asked = self.ask(Asked {
            name,
            arguments: String::new(),
            variables: Vec::new(),
            instance: 0,
        });
        Goal {
            response_key: None,
            asked,
            together: types.clone(),
            types,
            when: When::always(),
            sub: None,
        }
    }

    /// The goals that a key or a requirement amounts to, on objects of some types.
    pub(crate) fn of_field_set(
        &mut self,
        graph: &Supergraph,
        fields: &FieldSet,
        types: &TypeSet,
        budget: &mut Budget,
    ) -> Result<GoalSetId, Error> {
        let key = (std::ptr::from_ref(fields), types.clone());
        if let Some(&id) = self.field_sets.get(&key) {
            return Ok(id);
        }
        let mut set = GoalSet::default();
        self.field_set_into(graph, fields, types, &mut set, budget)?;
        let id = self.add(set);
        self.field_sets.insert(key, id);
        Ok(id)
    }

    fn field_set_into(
        &mut self,
        graph: &Supergraph,
        fields: &FieldSet,
        types: &TypeSet,
        set: &mut GoalSet,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        for selection in &fields.selections {
            budget.spend(types.len())?;
            match selection {
                Selection::Fragment { on, fields } => {
                    let narrowed = match on {
                        Some(name) => types.and(&possible(graph, graph.type_id(name))),
                        None => types.clone(),
                    };
                    self.field_set_into(graph, fields, &narrowed, set, budget)?;
                }
                Selection::Field { name, .. } if name == "__typename" => {
                    let goal = self.typename(types.clone());
                    set.goals.push(goal);
                }
                Selection::Field {
                    name,
                    arguments,
                    fields,
                } => {
                    let has = |&ty: &TypeId| graph.ty(ty).fields.contains_key(name);
                    let having: TypeSet = types.iter().filter(has).collect();
                    let below: Vec<TypeId> = having
                        .iter()
                        .map(|ty| graph.ty(ty).fields[name].named)
                        .collect();
                    let Some(&first) = below.first() else {
                        continue;
                    };
                    let sub = if graph.ty(first).is_composite() {
                        let inner: TypeSet = below
                            .iter()
                            .flat_map(|&ty| graph.ty(ty).possible.clone())
                            .collect();
                        let sub = self.of_field_set(graph, fields, &inner, budget)?;
                        Some(if graph.ty(first).kind == Kind::Object {
                            sub
                        } else {
                            self.with_typename(sub, inner)
                        })
                    } else {
                        None
                    };
                    let pairs: Vec<String> = arguments
                        .iter()
                        .map(|(name, value)| format!("{name}:{value}"))
                        .collect();
                    let asked = self.ask(Asked {
                        name: name.clone(),
                        arguments: if pairs.is_empty() {
                            String::new()
                        } else {
                            format!("({})", pairs.join(","))
                        },
                        variables: Vec::new(),
                        instance: 0,
                    });
                    set.goals.push(Goal {
                        response_key: None,
                        asked,
                        together: having.clone(),
                        types: having,
                        when: When::always(),
                        sub,
                    });
                }
            }
        }
        Ok(())
    }

    /// Subgraphs are told the type of an abstract object in a representation.
    fn with_typename(&mut self, id: GoalSetId, types: TypeSet) -> GoalSetId {
        let set = self.set(id);
        if set
            .goals
            .iter()
            .any(|goal| self.asked(goal.asked).name == "__typename")
        {
            return id;
        }
        let mut set = GoalSet::clone(&set);
        let goal = self.typename(types);
        set.goals.insert(0, goal);
        self.add(set)
    }
}

/// The object types that may stand where `ty` is the type.
pub(crate) fn possible(graph: &Supergraph, ty: Option<TypeId>) -> TypeSet {
    TypeSet::of_sorted(ty.map_or(&[], |ty| &graph.ty(ty).possible))
}
