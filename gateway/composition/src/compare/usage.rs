//! Which parts of a schema operations use.

use apollo_compiler::ast::{DirectiveList, InputValueDefinition, Type, Value};
use apollo_compiler::collections::HashSet;
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Node, Schema};

use super::Change;

/// The coordinates that operations use. What a variable may hold counts as used, since its values
/// are not in the operation; so do all values of an enum that is returned.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    coordinates: HashSet<String>,
}

impl Usage {
    /// Adds what the operations of `document` use of `schema`, for which they are valid.
    pub fn add(&mut self, schema: &Valid<Schema>, document: &Valid<ExecutableDocument>) {
        let mut reader = Reader {
            schema,
            used: &mut self.coordinates,
        };
        for operation in document.operations.iter() {
            reader.directives(&operation.directives);
            for variable in &operation.variables {
                reader.whole(variable.ty.inner_named_type());
                reader.directives(&variable.directives);
            }
            reader.selections(&operation.selection_set);
        }
        for fragment in document.fragments.values() {
            reader.directives(&fragment.directives);
            reader.selections(&fragment.selection_set);
        }
    }

    /// Whether an operation that was added meets the change.
    pub fn meets(&self, change: &Change) -> bool {
        self.coordinates.contains(&change.met_by)
    }
}

struct Reader<'a> {
    schema: &'a Schema,
    used: &'a mut HashSet<String>,
}

impl Reader<'_> {
    /// INVARIANT: recursion is as deep as the document nests, which its parser limits.
    fn selections(&mut self, set: &SelectionSet) {
        self.output(&set.ty);
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let path = format!("{}.{}", set.ty, field.name);
                    self.output(field.definition.ty.inner_named_type());
                    self.directives(&field.directives);
                    for argument in &field.arguments {
                        self.used.insert(format!("{path}({}:)", argument.name));
                        let definition = field.definition.argument_by_name(&argument.name);
                        self.given(definition, &argument.value);
                    }
                    self.used.insert(path);
                    if !field.selection_set.selections.is_empty() {
                        self.selections(&field.selection_set);
                    }
                }
                Selection::FragmentSpread(spread) => self.directives(&spread.directives),
                Selection::InlineFragment(fragment) => {
                    self.directives(&fragment.directives);
                    self.selections(&fragment.selection_set);
                }
            }
        }
    }

    fn directives(&mut self, list: &DirectiveList) {
        for directive in list {
            let path = format!("@{}", directive.name);
            let definition = self.schema.directive_definitions.get(&directive.name);
            for argument in &directive.arguments {
                self.used.insert(format!("{path}({}:)", argument.name));
                let definition = definition.and_then(|one| one.argument_by_name(&argument.name));
                self.given(definition, &argument.value);
            }
            self.used.insert(path);
        }
    }

    /// A type of what is returned.
    fn output(&mut self, name: &str) {
        self.used.insert(name.to_owned());
        if let Some(ExtendedType::Enum(definition)) = self.schema.types.get(name) {
            for value in definition.values.keys() {
                self.used.insert(format!("{name}.{value}"));
            }
        }
    }

    fn given(&mut self, definition: Option<&Node<InputValueDefinition>>, value: &Value) {
        if let Some(definition) = definition {
            self.value(&definition.ty, value);
        }
    }

    fn value(&mut self, ty: &Type, value: &Value) {
        let name = ty.inner_named_type();
        match value {
            // What it holds is counted with the variable's type.
            Value::Variable(_) => {}
            Value::Enum(value) => {
                self.used.insert(format!("{name}.{value}"));
            }
            Value::List(items) => {
                for item in items {
                    self.value(ty, item);
                }
            }
            Value::Object(fields) => {
                if let Some(ExtendedType::InputObject(input)) = self.schema.types.get(name) {
                    for (field, value) in fields {
                        self.used.insert(format!("{name}.{field}"));
                        if let Some(definition) = input.fields.get(field) {
                            self.value(&definition.ty, value);
                        }
                    }
                }
            }
            Value::Null
            | Value::String(_)
            | Value::Float(_)
            | Value::Int(_)
            | Value::Boolean(_) => {}
        }
        self.used.insert(name.to_string());
    }

    /// A type that a variable may hold any value of, with all that is in it.
    fn whole(&mut self, name: &str) {
        let mut waiting = vec![name.to_owned()];
        let mut seen = HashSet::default();
        while let Some(name) = waiting.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            match self.schema.types.get(name.as_str()) {
                Some(ExtendedType::Enum(definition)) => {
                    for value in definition.values.keys() {
                        self.used.insert(format!("{name}.{value}"));
                    }
                }
                Some(ExtendedType::InputObject(input)) => {
                    for (field, definition) in &input.fields {
                        self.used.insert(format!("{name}.{field}"));
                        waiting.push(definition.ty.inner_named_type().to_string());
                    }
                }
                _ => {}
            }
            self.used.insert(name);
        }
    }
}
