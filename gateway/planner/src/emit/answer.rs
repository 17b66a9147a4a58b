//! What is written of each position, in the client's order.

use std::rc::Rc;
use std::sync::Arc;

use apollo_compiler::ast::Type;
use supergraph::{Kind, TypeId};

use super::{Emitter, narrow};
use crate::draft::PositionId;
use crate::error::Error;
use crate::goals::GoalSetId;
use crate::introspection;
use crate::plan::{
    AnswerField, AnswerValue, ConditionId, Leaf, NodeId, Nullability, Selection, SelectionGroup,
    SelectionId, Supplier, Wrapping,
};
use crate::type_set::TypeSet;

/// What tells the fields of one type from those of another: the goal, and what it resolved to.
type Signature<'g> = Vec<(u32, Option<usize>, Option<&'g Type>)>;

impl Emitter<'_, '_> {
    pub(super) fn selection(
        &mut self,
        at: PositionId,
        set: GoalSetId,
    ) -> Result<SelectionId, Error> {
        if let Some(&id) = self.selected.get(&(at, set)) {
            return Ok(id);
        }
        let id = SelectionId(narrow(self.selections.len()));
        self.selected.insert((at, set), id);
        self.shown[at] = true;
        self.selections.push(Selection {
            node: NodeId(narrow(at)),
            groups: Vec::new(),
        });
        let types = self.standing(at);
        if let Some(ty) = types.single() {
            let fields_max = self.terrain.goals.set(set).order.len();
            self.terrain.budget.spend(fields_max + 1)?;
            let fields = self.fields(at, set, ty)?;
            if !fields.is_empty() {
                let types = self.filter(&types, at);
                self.selections[id.index()].groups = vec![SelectionGroup { types, fields }];
            }
            return Ok(id);
        }
        let mut groups: Vec<(Signature<'_>, Vec<TypeId>)> = Vec::new();
        for ty in types.iter() {
            let signature = self.signature(at, set, ty)?;
            match groups.iter_mut().find(|(known, _)| *known == signature) {
                Some((_, types)) => types.push(ty),
                None => groups.push((signature, vec![ty])),
            }
        }
        let mut written = Vec::with_capacity(groups.len());
        for (signature, types) in groups {
            let fields = self.fields(at, set, types[0])?;
            if fields.is_empty() && signature.is_empty() {
                continue;
            }
            let types: TypeSet = types.into_iter().collect();
            written.push(SelectionGroup {
                types: self.filter(&types, at),
                fields,
            });
        }
        if let Some(untold) = self.untold(at, &written) {
            written.push(untold);
        }
        self.selections[id.index()].groups = written;
        Ok(id)
    }

    /// What is written of an object whose type nobody told in the end, because whoever was asked
    /// does not know the object: null, with an error.
    fn untold(&mut self, at: PositionId, written: &[SelectionGroup]) -> Option<SelectionGroup> {
        let alias = self.aliases(at).first()?;
        let (source, slot) = alias.by;
        let names: TypeSet = self.aliases(at).iter().map(|alias| alias.name).collect();
        let first = written.iter().flat_map(|group| &group.fields).next()?;
        let never = AnswerField {
            response_key: first.response_key.clone(),
            condition: ConditionId::ALWAYS,
            unless: None,
            value: AnswerValue::Leaf {
                from: vec![Supplier {
                    source,
                    slot,
                    condition: ConditionId::ALWAYS,
                }],
                wrapping: Wrapping {
                    lists: Vec::new(),
                    item: Nullability::NonNull,
                },
                leaf: Leaf::String,
            },
        };
        Some(SelectionGroup {
            types: self.names(&names),
            fields: vec![never],
        })
    }

    fn signature<'a>(
        &mut self,
        at: PositionId,
        set: GoalSetId,
        ty: TypeId,
    ) -> Result<Signature<'a>, Error>
    where
        Self: 'a,
    {
        let set = self.terrain.goals.set(set);
        self.terrain.budget.spend(set.order.len() + 1)?;
        let graph = self.terrain.graph;
        let position = &self.draft.positions[at];
        let mut signature = Vec::new();
        for placed in &set.order {
            let index = placed.goal;
            let goal = &set.goals[index as usize];
            if goal.types.contains(ty) {
                let name = &self.terrain.goals.asked(goal.asked).name;
                let resolved = position.resolved.get(&(goal.asked, ty)).copied();
                let wrapping = graph.ty(ty).fields.get(name).map(|field| &field.ty);
                signature.push((index, resolved, wrapping));
            }
        }
        Ok(signature)
    }

    fn fields(
        &mut self,
        at: PositionId,
        set: GoalSetId,
        ty: TypeId,
    ) -> Result<Vec<AnswerField>, Error> {
        let set = self.terrain.goals.set(set);
        let mut fields = Vec::with_capacity(set.order.len());
        for placed in &set.order {
            let goal = &set.goals[placed.goal as usize];
            let Some(response_key) = goal
                .response_key
                .as_ref()
                .filter(|_| goal.types.contains(ty))
            else {
                continue;
            };
            let question = Rc::clone(self.terrain.goals.asked(goal.asked));
            let name = &question.name;
            let value = match name.as_str() {
                "__typename" => AnswerValue::Typename,
                "__schema" | "__type" => AnswerValue::Introspection {
                    key: introspection::key(question.instance).into(),
                },
                _ => self.value(at, ty, name, goal.asked, goal.sub)?,
            };
            fields.push(AnswerField {
                response_key: response_key.as_str().into(),
                condition: self.condition(&placed.when),
                unless: placed.unless.as_ref().map(|when| self.condition(when)),
                value,
            });
        }
        Ok(fields)
    }

    fn value(
        &mut self,
        at: PositionId,
        ty: TypeId,
        name: &str,
        asked: crate::goals::AskedId,
        sub: Option<GoalSetId>,
    ) -> Result<AnswerValue, Error> {
        let position = &self.draft.positions[at];
        let result = position.resolved[&(asked, ty)];
        let resolved = &position.results[result];
        let first = resolved.suppliers[0];
        let from = vec![Supplier {
            source: first.source,
            slot: first.slot,
            condition: ConditionId::ALWAYS,
        }];
        let child = resolved.child;
        let field = &self.terrain.graph.ty(ty).fields[name];
        let wrapping = wrapping(&field.ty);
        let named = field.named;
        Ok(match (child, sub) {
            (Some(child), Some(sub)) => AnswerValue::Object {
                from,
                wrapping,
                selection: self.selection(child, sub)?,
            },
            _ => AnswerValue::Leaf {
                from,
                wrapping,
                leaf: self.leaf(named),
            },
        })
    }

    fn leaf(&self, named: TypeId) -> Leaf {
        let ty = self.terrain.graph.ty(named);
        match (ty.kind, ty.name.as_str()) {
            (Kind::Enum, _) => Leaf::Enum(Arc::from(ty.values.as_slice())),
            (_, "Int") => Leaf::Int,
            (_, "Float") => Leaf::Float,
            (_, "String") => Leaf::String,
            (_, "Boolean") => Leaf::Boolean,
            (_, "ID") => Leaf::Id,
            _ => Leaf::Custom,
        }
    }
}

fn wrapping(ty: &Type) -> Wrapping {
    let null = |ty: &Type| {
        if ty.is_non_null() {
            Nullability::NonNull
        } else {
            Nullability::Nullable
        }
    };
    let mut lists = Vec::new();
    let mut ty = ty;
    while ty.is_list() {
        lists.push(null(ty));
        ty = ty.item_type();
    }
    Wrapping {
        lists,
        item: null(ty),
    }
}
