//! An operation with its plan, for one set of callers and one set of active override labels.
//!
//! For callers who may not see all of it the operation is planned without the fields in question.
//! Each of them leaves a mark in its place, so that the plan still has the client's order, and the
//! mark is then made a null in the plan.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use apollo_compiler::executable::{Field, Selection, SelectionSet};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Node};
use planner::plan::{
    AnswerField, AnswerValue, Condition, ConditionId, Leaf, Nullability, Plan, Wrapping,
};
use supergraph::Supergraph;

use super::demands::Unmet;
use super::document::{Document, Operation};
use crate::code::Code;
use crate::overrides::Labels;
use crate::refusal::Refusal;

/// What the plan of an operation depends on besides the operation.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Case {
    /// The demands that the caller does not meet.
    pub(super) unmet: Unmet,
    /// The override labels that are active.
    pub(super) labels: Labels,
}

/// A plan and what it leaves out.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) plan: Arc<Plan>,
    /// Where fields are left out, by response keys from the root.
    pub(crate) refused: Vec<Path>,
}

/// Response keys from the root, or from where a fragment is spread.
type Path = Vec<Box<str>>;

/// A field that is left out.
struct Mark {
    response_key: Name,
    nullability: Nullability,
}

impl Prepared {
    /// Plans an operation for one case.
    pub(super) fn new(
        supergraph: &Supergraph,
        document: &Document,
        operation: &Operation,
        case: &Case,
    ) -> Result<Self, Refusal> {
        let Case { unmet, labels } = case;
        if unmet.is_empty() {
            let plan = plan(supergraph, &document.executable, operation, labels)?;
            return Ok(Self {
                plan: Arc::new(plan),
                refused: Vec::new(),
            });
        }
        let mut reduction = Reduction {
            supergraph,
            operation,
            unmet,
            prefix: unused_prefix(&document.executable),
            marks: Vec::new(),
            refused: Vec::new(),
            fragments: BTreeMap::new(),
        };
        let reduced = reduction.document(&document.executable);
        let mut plan = plan(supergraph, &reduced, operation, labels)?;
        reduction.put_nulls(&mut plan);
        Ok(Self {
            plan: Arc::new(plan),
            refused: reduction.refused,
        })
    }
}

fn plan(
    supergraph: &Supergraph,
    document: &Valid<ExecutableDocument>,
    operation: &Operation,
    labels: &Labels,
) -> Result<Plan, Refusal> {
    let options = planner::Options {
        active_labels: BTreeSet::clone(labels),
        ..planner::Options::default()
    };
    planner::plan(supergraph, document, operation.name.as_deref(), &options).map_err(refuse)
}

fn refuse(error: planner::Error) -> Refusal {
    match error {
        planner::Error::TooComplex { .. } => Refusal::new(
            Code::PlanTooComplex,
            "the operation is too complex to be planned",
        ),
        error => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "could not plan a valid operation"
            );
            Refusal::new(Code::Internal, "the operation could not be planned")
        }
    }
}

/// Marks stand in for response keys, so no response key of the client may look like one.
fn unused_prefix(document: &ExecutableDocument) -> String {
    let text: String = document
        .sources
        .values()
        .map(|source| source.source_text())
        .collect();
    let mut prefix = String::from("refused");
    while text.contains(&prefix) {
        prefix.push('_');
    }
    prefix
}

/// Takes fields out of one operation.
struct Reduction<'a> {
    supergraph: &'a Supergraph,
    operation: &'a Operation,
    unmet: &'a Unmet,
    prefix: String,
    marks: Vec<Mark>,
    /// Paths of fields that are left out.
    refused: Vec<Path>,
    /// Reduced fragments, and the paths in them that are left out. Fragments cannot be cyclic in a
    /// valid document.
    fragments: BTreeMap<Name, (SelectionSet, Vec<Path>)>,
}

/// How many places of left-out fields are remembered; only so many errors are written.
const REFUSED_MAX: usize = 1_000;

impl Reduction<'_> {
    fn document(&mut self, document: &ExecutableDocument) -> Valid<ExecutableDocument> {
        let mut reduced = document.clone();
        let name = self.operation.name.as_deref();
        let (set, refused) = self.selection_set(document, &self.operation.definition.selection_set);
        self.refused = refused;
        if let Ok(operation) = reduced.operations.get_mut(name) {
            operation.selection_set = set;
        }
        for (name, (set, _)) in std::mem::take(&mut self.fragments) {
            if let Some(fragment) = reduced.fragments.get_mut(&name) {
                fragment.make_mut().selection_set = set;
            }
        }
        // It was valid, and only lost fields: what validation could still find, unused variables
        // and fragments, changes nothing in how it is answered.
        Valid::assume_valid(reduced)
    }

    /// The reduced set, and the paths below it that are left out.
    fn selection_set(
        &mut self,
        document: &ExecutableDocument,
        set: &SelectionSet,
    ) -> (SelectionSet, Vec<Path>) {
        let mut reduced = SelectionSet::new(set.ty.clone());
        let mut refused: Vec<Path> = Vec::new();
        for selection in &set.selections {
            match selection {
                Selection::Field(field) if self.refuses(set, field) => {
                    refused.push(vec![field.response_key().as_str().into()]);
                    reduced.push(Selection::Field(self.mark(field)));
                }
                Selection::Field(field) => {
                    let (below, paths) = self.selection_set(document, &field.selection_set);
                    let key = field.response_key().as_str();
                    for mut path in paths {
                        path.insert(0, key.into());
                        refused.push(path);
                    }
                    let mut field = field.clone();
                    field.make_mut().selection_set = below;
                    reduced.push(Selection::Field(field));
                }
                Selection::InlineFragment(inline) => {
                    let (below, paths) = self.selection_set(document, &inline.selection_set);
                    refused.extend(paths);
                    let mut inline = inline.clone();
                    inline.make_mut().selection_set = below;
                    reduced.push(Selection::InlineFragment(inline));
                }
                Selection::FragmentSpread(spread) => {
                    refused.extend(self.fragment(document, &spread.fragment_name));
                    reduced.push(Selection::FragmentSpread(spread.clone()));
                }
            }
        }
        refused.truncate(REFUSED_MAX);
        (reduced, refused)
    }

    fn fragment(&mut self, document: &ExecutableDocument, name: &Name) -> Vec<Path> {
        if let Some((_, refused)) = self.fragments.get(name) {
            return refused.clone();
        }
        let Some(fragment) = document.fragments.get(name) else {
            return Vec::new();
        };
        let reduced = self.selection_set(document, &fragment.selection_set);
        let refused = reduced.1.clone();
        self.fragments.insert(name.clone(), reduced);
        refused
    }

    fn refuses(&self, set: &SelectionSet, field: &Field) -> bool {
        let requirement = self.supergraph.requirement(&set.ty, &field.name);
        requirement.is_some_and(|found| self.operation.demands.refuses(self.unmet, found))
    }

    /// `__typename` under a name of our own, with the conditions of the field it stands for.
    fn mark(&mut self, field: &Node<Field>) -> Node<Field> {
        let nullability = if field.ty().is_non_null() {
            Nullability::NonNull
        } else {
            Nullability::Nullable
        };
        let response_key = field.response_key();
        let known = self
            .marks
            .iter()
            .position(|mark| mark.response_key == *response_key && mark.nullability == nullability);
        let index = known.unwrap_or_else(|| {
            self.marks.push(Mark {
                response_key: response_key.clone(),
                nullability,
            });
            self.marks.len() - 1
        });
        let alias = Name::new(&format!("{}{index}", self.prefix)).expect("letters and digits");
        let mut mark = Field::new(
            Name::new_static_unchecked("__typename"),
            self.typename_definition(),
        );
        mark.alias = Some(alias);
        mark.directives.clone_from(&field.directives);
        Node::new(mark)
    }

    fn typename_definition(&self) -> Node<apollo_compiler::schema::FieldDefinition> {
        let schema = self.supergraph.api_schema();
        let query = schema
            .root_operation(apollo_compiler::ast::OperationType::Query)
            .expect("every schema has a query type");
        let found = schema
            .type_field(query, "__typename")
            .expect("every type has __typename");
        found.node.clone()
    }

    /// Turns the marks in a plan into nulls.
    fn put_nulls(&self, plan: &mut Plan) {
        let conditions = &mut plan.conditions;
        for selection in &mut plan.selections {
            for group in &mut selection.groups {
                for field in &mut group.fields {
                    let Some(mark) = self.mark_of(&field.response_key) else {
                        continue;
                    };
                    field.response_key = mark.response_key.as_str().into();
                    field.value = AnswerValue::Leaf {
                        from: Vec::new(),
                        wrapping: Wrapping {
                            lists: Vec::new(),
                            item: mark.nullability,
                        },
                        leaf: Leaf::Custom,
                    };
                }
                unite_nulls(&mut group.fields, conditions);
            }
        }
    }

    fn mark_of(&self, response_key: &str) -> Option<&Mark> {
        let index = response_key.strip_prefix(&self.prefix)?;
        self.marks.get(index.parse::<usize>().ok()?)
    }
}

/// Two marks of one response key are one field that is there if either is.
fn unite_nulls(fields: &mut Vec<AnswerField>, conditions: &mut Vec<Condition>) {
    let is_null = |field: &AnswerField| matches!(&field.value, AnswerValue::Leaf { from, .. } if from.is_empty());
    let mut index = 0;
    while index < fields.len() {
        let first = fields[..index]
            .iter()
            .position(|field| field.response_key == fields[index].response_key && is_null(field));
        let (Some(first), true) = (first, is_null(&fields[index])) else {
            index += 1;
            continue;
        };
        let second = fields.remove(index);
        let condition = fields[first].condition;
        if condition != second.condition && condition != ConditionId::ALWAYS {
            let mut any_of = conditions[condition.index()].any_of.clone();
            any_of.extend(conditions[second.condition.index()].any_of.iter().cloned());
            let united = u32::try_from(conditions.len()).expect("a plan is bounded");
            conditions.push(Condition { any_of });
            fields[first].condition = ConditionId(united);
        }
    }
}
