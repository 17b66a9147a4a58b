//! A graph from the texts of its subgraphs, for cases that are written down.

use apollo_compiler::ast::{
    self, DirectiveList, FieldDefinition, InputValueDefinition, Type, Value,
};
use apollo_compiler::{Name, Node};

use super::{Argument, Definition, Federation, Field, Graph, Key, Kind, Override, ROOTS, Subgraph};

impl Graph {
    /// Reads subgraphs, by name. Directives go by their own names, and roots that have names of their
    /// own as they are printed.
    pub(crate) fn read(subgraphs: &[(String, String)], active_labels: &[String]) -> Self {
        let subgraphs = subgraphs.iter().map(|(name, text)| Subgraph {
            name: name.clone(),
            federation: if text.contains("@link") {
                Federation::Two
            } else {
                Federation::One
            },
            names_roots: text.contains("query: My"),
            types: definitions(text),
        });
        Self {
            subgraphs: subgraphs.collect(),
            active_labels: active_labels.iter().cloned().collect(),
        }
    }
}

fn definitions(text: &str) -> Vec<Definition> {
    let document = match ast::Document::parse(text, "subgraph") {
        Ok(document) => document,
        // Composition says what is wrong.
        Err(broken) => broken.partial,
    };
    let mut definitions: Vec<Definition> =
        document.definitions.iter().filter_map(definition).collect();
    if text.contains("query: My") {
        for definition in &mut definitions {
            rename_roots(definition);
        }
    }
    definitions
}

/// Gives roots the names by which all but their subgraph call them.
fn rename_roots(definition: &mut Definition) {
    let name_of = |name: &str| {
        let root = name.strip_prefix("My");
        root.filter(|root| ROOTS.contains(root)).map(str::to_owned)
    };
    if let Some(name) = name_of(&definition.name) {
        definition.name = name;
    }
    for field in &mut definition.fields {
        if name_of(field.ty.inner_named_type()).is_some() {
            let text = field.ty.to_string().replace("My", "");
            field.ty = Type::parse(text, "type").expect("it was a type before");
        }
    }
}

fn definition(definition: &ast::Definition) -> Option<Definition> {
    let name = definition.name()?;
    let of = |kind| Definition::new(name, kind);
    let read = match definition {
        ast::Definition::ScalarTypeDefinition(_) => of(Kind::Scalar),
        ast::Definition::EnumTypeDefinition(ty) => Definition {
            members: ty
                .values
                .iter()
                .map(|value| value.value.to_string())
                .collect(),
            ..of(Kind::Enum)
        },
        ast::Definition::UnionTypeDefinition(ty) => Definition {
            members: texts(&ty.members),
            contexts: contexts(&ty.directives),
            ..of(Kind::Union)
        },
        ast::Definition::InputObjectTypeDefinition(ty) => Definition {
            fields: ty
                .fields
                .iter()
                .map(|field| Field {
                    default: field.default_value.as_ref().map(ToString::to_string),
                    ..Field::new(&field.name, (*field.ty).clone())
                })
                .collect(),
            ..of(Kind::Input)
        },
        ast::Definition::ObjectTypeDefinition(ty) => Definition {
            implements: texts(&ty.implements_interfaces),
            ..composite(of(Kind::Object), &ty.directives, &ty.fields)
        },
        ast::Definition::ObjectTypeExtension(ty) => Definition {
            implements: texts(&ty.implements_interfaces),
            ..composite(of(Kind::Object), &ty.directives, &ty.fields)
        },
        ast::Definition::InterfaceTypeDefinition(ty) => Definition {
            implements: texts(&ty.implements_interfaces),
            ..composite(of(Kind::Interface), &ty.directives, &ty.fields)
        },
        _ => return None,
    };
    Some(read)
}

fn texts(names: &[Name]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn composite(
    bare: Definition,
    directives: &DirectiveList,
    fields: &[Node<FieldDefinition>],
) -> Definition {
    let keys = directives.get_all("key").map(|key| Key {
        fields: text(key, "fields").unwrap_or_default(),
        resolvable: !matches!(
            key.specified_argument_by_name("resolvable")
                .map(|value| &**value),
            Some(Value::Boolean(false))
        ),
    });
    let is_shareable = directives.has("shareable");
    Definition {
        keys: keys.collect(),
        interface_object: directives.has("interfaceObject"),
        contexts: contexts(directives),
        fields: fields.iter().map(|one| field(one, is_shareable)).collect(),
        ..bare
    }
}

fn contexts(directives: &DirectiveList) -> Vec<String> {
    let contexts = directives.get_all("context");
    contexts
        .filter_map(|context| text(context, "name"))
        .collect()
}

fn field(field: &FieldDefinition, is_shareable: bool) -> Field {
    let argument = |directive, name| {
        let directive = field.directives.get(directive)?;
        text(directive, name)
    };
    Field {
        arguments: field
            .arguments
            .iter()
            .map(|one| read_argument(one))
            .collect(),
        shareable: is_shareable || field.directives.has("shareable"),
        inaccessible: field.directives.has("inaccessible"),
        external: field.directives.has("external"),
        requires: argument("requires", "fields"),
        provides: argument("provides", "fields"),
        overrides: argument("override", "from").map(|from| Override {
            from,
            label: argument("override", "label"),
        }),
        ..Field::new(&field.name, field.ty.clone())
    }
}

fn read_argument(argument: &InputValueDefinition) -> Argument {
    let context = argument.directives.get("fromContext");
    Argument {
        name: argument.name.to_string(),
        ty: (*argument.ty).clone(),
        default: argument.default_value.as_ref().map(ToString::to_string),
        from_context: context.and_then(|context| text(context, "field")),
    }
}

fn text(directive: &ast::Directive, argument: &str) -> Option<String> {
    let value = directive.specified_argument_by_name(argument)?;
    value.as_str().map(str::to_owned)
}
