//! Field sets: the selections in `fields:` of `@key`, `@requires` and `@provides`.
//!
//! Resolved once against the subgraph, so that nobody else looks up what a name means.

use apollo_compiler::ast::{self, Definition};
use apollo_compiler::parser::Parser;
use apollo_compiler::schema::{ExtendedType, FieldDefinition};
use apollo_compiler::{Name, Node, Schema};

use crate::context;
use crate::link::{Links, Role};
use crate::schemas;
use crate::validate::values;

/// Field sets are typed by hand; ten levels are many.
const NESTING_MAX: usize = 64;

/// A resolved selection set.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub(crate) struct FieldSet(pub(crate) Vec<Selection>);

/// A field or a narrowing.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Selection {
    Field {
        /// The type that the field is selected on.
        parent: Name,
        name: Name,
        arguments: Vec<Node<ast::Argument>>,
        children: FieldSet,
    },
    Fragment {
        on: Name,
        children: FieldSet,
    },
}

/// What is wrong with a field set.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Problem {
    /// It does not parse, or selects what does not exist.
    Invalid(String),
    /// What it selects exists, but not in this way: a missing argument, nothing selected of a
    /// composite type.
    Misused(String),
    /// It gives a field another name.
    Alias(String),
    /// It selects a field that has arguments.
    Arguments(String),
    /// It uses a directive.
    Directive(String),
    /// It selects an interface or a union.
    Abstract(String),
}

impl Problem {
    /// What tells a set from one that selects the same fields.
    pub(crate) fn decoration(&self) -> Option<String> {
        match self {
            Self::Alias(message) | Self::Directive(message) => Some(message.clone()),
            Self::Invalid(_) | Self::Misused(_) | Self::Arguments(_) | Self::Abstract(_) => None,
        }
    }
}

impl FieldSet {
    /// Adds a selection; what is selected already is selected once.
    fn add(&mut self, selection: Selection) {
        let known = self
            .0
            .iter_mut()
            .find_map(|known| match (known, &selection) {
                (
                    Selection::Field {
                        name,
                        arguments,
                        children,
                        ..
                    },
                    Selection::Field {
                        name: other,
                        arguments: given,
                        ..
                    },
                ) => (name == other && arguments == given).then_some(children),
                (Selection::Fragment { on, children }, Selection::Fragment { on: other, .. }) => {
                    (on == other).then_some(children)
                }
                _ => None,
            });
        let Some(known) = known else {
            self.0.push(selection);
            return;
        };
        let (Selection::Field { children, .. } | Selection::Fragment { children, .. }) = selection;
        for child in children.0 {
            known.add(child);
        }
    }

    /// Every field in it, parents before children, with whether it has no selection below.
    pub(crate) fn visit<'a>(&'a self, each: &mut impl FnMut(&'a Name, &'a Name, bool)) {
        for selection in &self.0 {
            match selection {
                Selection::Field {
                    parent,
                    name,
                    children,
                    ..
                } => {
                    each(parent, name, children.0.is_empty());
                    children.visit(each);
                }
                Selection::Fragment { children, .. } => children.visit(each),
            }
        }
    }
}

/// Parses and resolves `text` on the type `parent`.
pub(crate) fn resolve(
    schema: &Schema,
    links: &Links,
    parent: &Name,
    text: &str,
) -> (FieldSet, Vec<Problem>) {
    let mut resolver = Resolver {
        schema,
        links,
        problems: Vec::new(),
        halted: false,
    };
    let set = match parse(text) {
        Ok(selections) => {
            let set = resolver.set(parent, &selections, 0);
            // After a mistake, what is missing may have stood there.
            if !resolver.halted {
                resolver.nothing_selected(&set);
            }
            set
        }
        Err(problem) => {
            resolver.problems.push(problem);
            FieldSet::default()
        }
    };
    (set, resolver.problems)
}

/// Parses a field set and resolves nothing.
pub(crate) fn parse(text: &str) -> Result<Vec<ast::Selection>, Problem> {
    let trimmed = text.trim();
    let wrapped = if trimmed.starts_with('{') {
        trimmed.to_owned()
    } else {
        format!("{{{text}\n}}")
    };
    let document = Parser::new()
        .recursion_limit(NESTING_MAX * 2)
        .parse_ast(wrapped, "fields.graphql")
        .map_err(|broken| {
            let first = broken.errors.iter().next().map(|one| one.error.to_string());
            Problem::Invalid(first.unwrap_or_else(|| "it does not parse".to_owned()))
        })?;
    match document.definitions.as_slice() {
        [Definition::OperationDefinition(operation)] => Ok(operation.selection_set.clone()),
        _ => Err(Problem::Invalid("it is not one selection set".to_owned())),
    }
}

struct Resolver<'a> {
    schema: &'a Schema,
    links: &'a Links,
    problems: Vec<Problem>,
    /// Something was invalid.
    halted: bool,
}

impl Resolver<'_> {
    fn set(&mut self, parent: &Name, selections: &[ast::Selection], depth: usize) -> FieldSet {
        if depth > NESTING_MAX {
            self.invalid(format!("it is nested deeper than {NESTING_MAX} levels"));
            return FieldSet::default();
        }
        let mut set = FieldSet::default();
        for selection in selections {
            let before = self.halted;
            let resolved = match selection {
                ast::Selection::Field(field) => self.field(parent, field, depth),
                ast::Selection::InlineFragment(fragment) => self.fragment(parent, fragment, depth),
                ast::Selection::FragmentSpread(spread) => {
                    self.invalid(format!("unknown fragment \"{}\"", spread.fragment_name));
                    None
                }
            };
            // What follows a mistake is checked, but not counted as selected.
            if !before && let Some(selection) = resolved {
                set.add(selection);
            }
        }
        set
    }

    fn field(
        &mut self,
        parent: &Name,
        field: &Node<ast::Field>,
        depth: usize,
    ) -> Option<Selection> {
        let name = &field.name;
        self.directives(&field.directives);
        if let Some(alias) = &field.alias {
            self.problems.push(Problem::Alias(format!(
                "cannot use alias \"{alias}\" in \"{alias}: {name}\""
            )));
        }
        if name == "__typename" {
            return Some(Selection::Field {
                parent: parent.clone(),
                name: name.clone(),
                arguments: Vec::new(),
                children: FieldSet::default(),
            });
        }
        let Some(definition) = schemas::field(self.schema, parent, name) else {
            self.invalid(format!(
                "cannot query field \"{name}\" on type \"{parent}\""
            ));
            return None;
        };
        if !definition.arguments.is_empty() {
            self.problems.push(Problem::Arguments(format!(
                "field {parent}.{name} cannot be included because it has arguments"
            )));
        }
        self.arguments(parent, field, definition);
        let inner = definition.ty.inner_named_type();
        let kind = self.schema.types.get(inner);
        let abstract_kind = match kind {
            Some(ExtendedType::Interface(_)) => Some("Interface"),
            Some(ExtendedType::Union(_)) => Some("Union"),
            _ => None,
        };
        if let Some(kind) = abstract_kind {
            self.problems.push(Problem::Abstract(format!(
                "field \"{parent}.{name}\" is a {kind} type which is not allowed in @key"
            )));
        }
        let composite = schemas::is_composite(self.schema, inner);
        if !composite && !field.selection_set.is_empty() {
            self.invalid(format!(
                "field \"{name}\" must not have a selection since type \"{}\" has no subfields",
                definition.ty
            ));
            return None;
        }
        let children = self.set(inner, &field.selection_set, depth + 1);
        Some(Selection::Field {
            parent: parent.clone(),
            name: name.clone(),
            arguments: field.arguments.clone(),
            children,
        })
    }

    /// A composite type of which nothing is selected, here or where the field is repeated.
    fn nothing_selected(&mut self, set: &FieldSet) {
        let schema = self.schema;
        let problems = &mut self.problems;
        set.visit(&mut |parent, name, leaf| {
            let definition = schemas::field(schema, parent, name);
            if let Some(definition) = definition.filter(|_| leaf)
                && schemas::is_composite(schema, definition.ty.inner_named_type())
            {
                problems.push(Problem::Misused(format!(
                    "invalid empty selection set for field \"{parent}.{name}\" of non-leaf type {}",
                    definition.ty
                )));
            }
        });
    }

    fn arguments(&mut self, parent: &Name, field: &ast::Field, definition: &FieldDefinition) {
        for argument in &field.arguments {
            let mut known = definition.arguments.iter();
            let Some(known) = known.find(|one| one.name == argument.name) else {
                self.invalid(format!(
                    "unknown argument \"{}\" on field \"{parent}.{}\"",
                    argument.name, field.name
                ));
                continue;
            };
            if !values::fits(&self.schema.types, &argument.value, &known.ty) {
                self.invalid(format!(
                    "invalid value {} for argument \"{}\" of type \"{}\" on field \"{parent}.{}\"",
                    argument.value, argument.name, known.ty, field.name
                ));
            }
        }
        for argument in &definition.arguments {
            let given = field.arguments.iter().any(|one| one.name == argument.name);
            // A context gives what nobody else can.
            let contextual = context::is_contextual(self.links, argument);
            if argument.is_required() && !given && !contextual {
                self.problems.push(Problem::Misused(format!(
                    "field \"{parent}.{}\" argument \"{}\" of type \"{}\" is required, but it was not provided",
                    field.name, argument.name, argument.ty
                )));
            }
        }
    }

    fn fragment(
        &mut self,
        parent: &Name,
        fragment: &Node<ast::InlineFragment>,
        depth: usize,
    ) -> Option<Selection> {
        self.directives(&fragment.directives);
        // As published: a condition on a type that the subgraph does not know is no condition.
        let on = fragment
            .type_condition
            .as_ref()
            .filter(|name| self.schema.types.contains_key(*name))
            .unwrap_or(parent);
        if !schemas::is_composite(self.schema, on) {
            self.invalid(format!("a fragment cannot be on the type \"{on}\""));
            return None;
        }
        let children = self.set(on, &fragment.selection_set, depth + 1);
        Some(Selection::Fragment {
            on: on.clone(),
            children,
        })
    }

    fn directives(&mut self, list: &ast::DirectiveList) {
        let known = |name: &Name| {
            self.schema.directive_definitions.contains_key(name)
                || Role::ALL.iter().any(|role| role.element()[1..] == **name)
        };
        if let Some(unknown) = list.iter().find(|one| !known(&one.name)) {
            self.invalid(format!("unknown directive \"@{}\"", unknown.name));
        } else if let Some(first) = list.first() {
            self.problems.push(Problem::Directive(format!(
                "cannot have directive applications in the field set but found @{}",
                first.name
            )));
        }
    }

    fn invalid(&mut self, message: String) {
        self.halted = true;
        self.problems.push(Problem::Invalid(message));
    }
}
