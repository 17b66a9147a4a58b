//! The graph as one service: executes an operation on the API schema, with apollo-compiler's
//! executor of the specification.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::Operation;
use apollo_compiler::resolvers::{Execution, FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::{ExecutionResponse, JsonMap};
use apollo_compiler::validation::Valid;
use serde_json::Value;

use crate::field_set::FieldSet;
use crate::json::from_apollo;
use crate::json::to_apollo;
use crate::world::{Failed, Given, Inputs, Thing, World};

/// What stands between the reasons in the message of an error.
pub(crate) const OR: &str = " or ";

/// Answers an operation; `state` is how many mutations, or which event, came before.
pub(crate) fn answer(
    world: &World,
    document: &Valid<ExecutableDocument>,
    operation: &Operation,
    variables: &Valid<JsonMap>,
    state: u64,
) -> ExecutionResponse {
    let state = AtomicU64::new(state);
    let root = Object {
        world,
        state: &state,
        at: Arc::new(At {
            thing: Thing {
                ty: operation.object_type().to_string(),
                number: 0,
            },
            above: None,
        }),
    };
    Execution::new(world.facts.api(), document)
        .operation(operation)
        .coerced_variable_values(variables)
        .enable_schema_introspection(true)
        .execute_sync(&root)
        .unwrap_or_else(|error| panic!("a valid operation is executed: {}", error.message()))
}

/// An object and the objects on the way to it.
#[derive(Debug)]
struct At {
    thing: Thing,
    above: Option<Arc<At>>,
}

struct Object<'w> {
    world: &'w World,
    state: &'w AtomicU64,
    at: Arc<At>,
}

impl ObjectValue for Object<'_> {
    fn type_name(&self) -> &str {
        &self.at.thing.ty
    }

    fn resolve_field<'a>(
        &'a self,
        info: &'a ResolveInfo<'a>,
    ) -> Result<ResolvedValue<'a>, FieldError> {
        let field = info.field_name();
        if self.at.thing.ty == "Mutation" {
            self.state.fetch_add(1, Ordering::Relaxed);
        }
        let given = self
            .given(field, info.arguments())
            .map_err(|failed| error(&failed))?;
        Ok(self.resolved(given))
    }
}

impl<'w> Object<'w> {
    fn given(&self, field: &str, arguments: &JsonMap) -> Result<Given, Failed> {
        let facts = self.world.facts.field(&self.at.thing.ty, field);
        if let Some(far) = &facts.far
            && self.world.has_null_key(far, &self.at.thing)
        {
            return Ok(Given::Leaf(Value::Null));
        }
        let state = self.state.load(Ordering::Relaxed);
        let mut inputs = Inputs {
            arguments: arguments
                .iter()
                .map(|(name, value)| (name.as_str().to_owned(), from_apollo(value)))
                .collect(),
            required: None,
            state,
        };
        let mut failed = Failed::default();
        for (argument, context, selection) in &facts.contexts {
            let mut at = self.at.above.as_ref();
            while let Some(one) = at
                && !self.world.facts.sets_context(&one.thing.ty, context)
            {
                at = one.above.as_ref();
            }
            if let Some(one) = at {
                match self.world.select(&one.thing, selection, state) {
                    Ok(selected) => {
                        let value = only(selected.into(), selection);
                        inputs.arguments.insert(argument.clone(), value);
                    }
                    Err(more) => failed.add(more),
                }
            }
        }
        if let Some(requires) = &facts.requires {
            match self.world.select(&self.at.thing, requires, state) {
                Ok(required) => inputs.required = Some(Value::Object(required)),
                Err(more) => failed.add(more),
            }
        }
        failed.or(())?;
        self.world.value(&self.at.thing, field, &inputs)
    }

    fn resolved<'a>(&self, given: Given) -> ResolvedValue<'a>
    where
        'w: 'a,
    {
        match given {
            Given::Leaf(leaf) => ResolvedValue::Leaf(to_apollo(&leaf)),
            Given::Thing(thing) => ResolvedValue::object(Object {
                world: self.world,
                state: self.state,
                at: Arc::new(At {
                    thing,
                    above: Some(Arc::clone(&self.at)),
                }),
            }),
            Given::List(items) => {
                let items: Vec<ResolvedValue<'a>> =
                    items.into_iter().map(|item| self.resolved(item)).collect();
                ResolvedValue::list(items)
            }
        }
    }
}

/// The one value that a selection has, in as many lists as there are on the way.
fn only(selected: Value, set: &FieldSet) -> Value {
    match selected {
        leaf if set.0.is_empty() => leaf,
        Value::Object(fields) => {
            let field = fields.into_iter().next();
            field.map_or(Value::Null, |(name, value)| {
                only(value, &set.below(&name).unwrap_or_default())
            })
        }
        Value::Array(items) => items.into_iter().map(|item| only(item, set)).collect(),
        nothing => nothing,
    }
}

pub(crate) fn error(failed: &Failed) -> FieldError {
    FieldError {
        message: failed.0.join(OR),
    }
}
