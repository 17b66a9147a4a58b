//! Prints a schema the way composition reads it.
//!
//! async-graphql prints federation v2.5 and always the same imports, whether they are used or not,
//! without `@authenticated` and `@policy`. The export links the version that has them and imports
//! exactly what the text uses, so that equal schemas are equal texts.

use std::collections::BTreeSet;

use async_graphql::parser::types::{
    ConstDirective, ServiceDocument, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql::{ObjectType, Positioned, SDLExportOptions, Schema, SubscriptionType};

/// The federation that the directives below come from; `@policy` is its youngest.
const FEDERATION: &str = "https://specs.apollo.dev/federation/v2.6";

/// What can be imported from it, in the order of printing.
const IMPORTABLE: [&str; 12] = [
    "key",
    "shareable",
    "external",
    "requires",
    "provides",
    "override",
    "tag",
    "inaccessible",
    "interfaceObject",
    "authenticated",
    "requiresScopes",
    "policy",
];

/// GraphQL's own directives, which need no import.
const BUILT_IN: [&str; 3] = ["deprecated", "specifiedBy", "oneOf"];

/// The federation SDL of a schema. It ends in a newline.
///
/// # Panics
///
/// If the schema uses a directive that federation does not know: a mistake in our own code, which
/// every test that prints the schema finds.
pub fn export<Q, M, S>(schema: &Schema<Q, M, S>) -> String
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let options = SDLExportOptions::new()
        .federation()
        .prefer_single_line_descriptions()
        .use_space_ident();
    let types = without_link_and_definitions(&schema.sdl_with_options(options));
    let used = directives(&parse(&types));
    for name in &used {
        assert!(
            IMPORTABLE.contains(&name.as_str()) || BUILT_IN.contains(&name.as_str()),
            "the schema uses @{name}, which federation does not know"
        );
    }
    let imports: Vec<String> = IMPORTABLE
        .iter()
        .filter(|&&name| used.contains(name))
        .map(|name| format!("\"@{name}\""))
        .collect();
    let imports = imports.join(", ");
    format!("extend schema @link(url: \"{FEDERATION}\", import: [{imports}])\n\n{types}")
}

/// The definitions of an SDL text that [`export`] printed.
pub(crate) fn parse(sdl: &str) -> ServiceDocument {
    async_graphql::parser::parse_schema(sdl).expect("async-graphql reads what it printed")
}

/// Leaves the types: takes out definitions of directives, each a line below its description, and
/// the block that links federation.
fn without_link_and_definitions(sdl: &str) -> String {
    let mut types = String::with_capacity(sdl.len());
    let mut description = String::new();
    let (mut in_block, mut in_link) = (false, false);
    for line in sdl.lines() {
        let of_definition = in_block || line.starts_with('"');
        if in_link {
            in_link = line != ")";
        } else if of_definition {
            // A block's quotes stand on lines of their own.
            in_block ^= line == "\"\"\"";
            description.push_str(line);
            description.push('\n');
        } else if line == "extend schema @link(" {
            in_link = true;
        } else if line.starts_with("directive @") {
            description.clear();
        } else {
            types.push_str(&description);
            description.clear();
            types.push_str(line);
            types.push('\n');
        }
    }
    let end = types.trim_end().len();
    types.truncate(end);
    types.push('\n');
    types
}

/// The names of all directives that the definitions apply.
fn directives(document: &ServiceDocument) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for definition in &document.definitions {
        match definition {
            TypeSystemDefinition::Type(definition) => of_type(&definition.node, &mut names),
            TypeSystemDefinition::Schema(definition) => {
                add(&definition.node.directives, &mut names);
            }
            TypeSystemDefinition::Directive(_) => {}
        }
    }
    names
}

fn of_type(definition: &TypeDefinition, names: &mut BTreeSet<String>) {
    add(&definition.directives, names);
    let fields = match &definition.kind {
        TypeKind::Object(object) => &object.fields,
        TypeKind::Interface(interface) => &interface.fields,
        TypeKind::Enum(definition) => {
            for value in &definition.values {
                add(&value.node.directives, names);
            }
            return;
        }
        TypeKind::InputObject(input) => {
            for field in &input.fields {
                add(&field.node.directives, names);
            }
            return;
        }
        TypeKind::Scalar | TypeKind::Union(_) => return,
    };
    for field in fields {
        add(&field.node.directives, names);
        for argument in &field.node.arguments {
            add(&argument.node.directives, names);
        }
    }
}

fn add(directives: &[Positioned<ConstDirective>], names: &mut BTreeSet<String>) {
    names.extend(
        directives
            .iter()
            .map(|directive| directive.node.name.node.to_string()),
    );
}
