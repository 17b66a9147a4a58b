//! The text of a subgraph: as its author writes it, and as its server executes it.

use std::fmt::Write as _;

use super::{Argument, Definition, Federation, Field, Kind, ROOTS, Subgraph};

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", \
     import: [\"@key\", \"@requires\", \"@provides\", \"@external\", \"@shareable\", \"@override\", \
     \"@inaccessible\", \"@interfaceObject\", \"@context\", \"@fromContext\"])\n";

/// Whether directives of federation are printed.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Directives {
    Printed,
    /// What a server without federation would have; arguments from contexts are ordinary.
    Bare,
}

impl Subgraph {
    /// As it is composed.
    pub(crate) fn sdl(&self) -> String {
        let mut out = String::new();
        if self.federation == Federation::Two {
            out.push_str(LINK);
        }
        self.roots_text(Directives::Printed, &mut out);
        for definition in &self.types {
            self.definition_text(definition, Directives::Printed, &mut out);
        }
        out
    }

    /// As it is executed: with `_entities`, without directives.
    pub(crate) fn executable(&self) -> String {
        let mut out = String::new();
        self.roots_text(Directives::Bare, &mut out);
        for definition in &self.types {
            self.definition_text(definition, Directives::Bare, &mut out);
        }
        let entities: Vec<&str> = self
            .types
            .iter()
            .filter(|one| one.kind == Kind::Object && !one.keys.is_empty())
            .map(|one| one.name.as_str())
            .collect();
        let mut query = format!("type {}", self.local_name("Query"));
        if self.definition("Query").is_some() {
            query.insert_str(0, "extend ");
        }
        if entities.is_empty() {
            if self.definition("Query").is_none() {
                writeln!(out, "{query} {{ _service: String }}").expect("a string takes everything");
            }
        } else {
            writeln!(
                out,
                "scalar _Any\nunion _Entity = {}\n\
                 {query} {{ _entities(representations: [_Any!]!): [_Entity]! }}",
                entities.join(" | ")
            )
            .expect("a string takes everything");
        }
        out
    }

    /// Which types are roots, unless their names say so. A server always has queries.
    fn roots_text(&self, directives: Directives, out: &mut String) {
        let mut roots = ROOTS.to_vec();
        roots.retain(|root| {
            let is_added = directives == Directives::Bare && *root == "Query";
            is_added || self.definition(root).is_some()
        });
        if self.names_roots && !roots.is_empty() {
            let roots = roots.iter().map(|root| {
                let kind = root.to_lowercase();
                format!("{kind}: {}", self.local_name(root))
            });
            let roots: Vec<String> = roots.collect();
            writeln!(out, "schema {{ {} }}", roots.join(" ")).expect("a string takes everything");
        }
    }

    fn definition_text(&self, definition: &Definition, directives: Directives, out: &mut String) {
        let name = self.local_name(&definition.name);
        let printed = directives == Directives::Printed;
        let keyword = match definition.kind {
            Kind::Scalar => "scalar",
            Kind::Enum => "enum",
            Kind::Object => "type",
            Kind::Interface => "interface",
            Kind::Union => "union",
            Kind::Input => "input",
        };
        let extends = printed
            && self.federation == Federation::One
            && definition.keys.iter().any(|key| {
                let first = key.fields.split(' ').next().unwrap_or_default();
                definition.field(first).is_some_and(|field| field.external)
            });
        if extends {
            out.push_str("extend ");
        }
        out.push_str(keyword);
        out.push(' ');
        out.push_str(name);
        if !definition.implements.is_empty() {
            out.push_str(" implements ");
            out.push_str(&definition.implements.join(" & "));
        }
        if printed {
            self.type_directives(definition, out);
        }
        match definition.kind {
            Kind::Scalar => out.push('\n'),
            Kind::Union => {
                out.push_str(" = ");
                out.push_str(&definition.members.join(" | "));
                out.push('\n');
            }
            Kind::Enum => {
                out.push_str(" { ");
                out.push_str(&definition.members.join(" "));
                out.push_str(" }\n");
            }
            Kind::Object | Kind::Interface | Kind::Input => {
                out.push_str(" {\n");
                for field in &definition.fields {
                    self.field_text(field, directives, out);
                }
                out.push_str("}\n");
            }
        }
    }

    fn type_directives(&self, definition: &Definition, out: &mut String) {
        if definition.interface_object {
            out.push_str(" @interfaceObject");
        }
        for key in &definition.keys {
            out.push_str(" @key(fields: \"");
            out.push_str(&key.fields);
            out.push('"');
            if !key.resolvable && self.federation == Federation::Two {
                out.push_str(", resolvable: false");
            }
            out.push(')');
        }
        for context in &definition.contexts {
            write!(out, " @context(name: \"{context}\")").expect("a string takes everything");
        }
    }

    fn field_text(&self, field: &Field, directives: Directives, out: &mut String) {
        out.push_str("  ");
        out.push_str(&field.name);
        if !field.arguments.is_empty() {
            let arguments: Vec<String> = field
                .arguments
                .iter()
                .map(|argument| argument_text(argument, directives))
                .collect();
            write!(out, "({})", arguments.join(", ")).expect("a string takes everything");
        }
        let inner = field.ty.inner_named_type().as_str();
        let ty = field.ty.to_string().replace(inner, self.local_name(inner));
        write!(out, ": {ty}").expect("a string takes everything");
        if let Some(default) = &field.default {
            write!(out, " = {default}").expect("a string takes everything");
        }
        if directives == Directives::Printed {
            self.field_directives(field, out);
        }
        out.push('\n');
    }

    fn field_directives(&self, field: &Field, out: &mut String) {
        if field.shareable && self.federation == Federation::Two {
            out.push_str(" @shareable");
        }
        if field.inaccessible {
            out.push_str(" @inaccessible");
        }
        if field.external {
            out.push_str(" @external");
        }
        if let Some(set) = &field.requires {
            let set = set.replace('"', "\\\"");
            write!(out, " @requires(fields: \"{set}\")").expect("a string takes everything");
        }
        if let Some(set) = &field.provides {
            write!(out, " @provides(fields: \"{set}\")").expect("a string takes everything");
        }
        if let Some(overrides) = &field.overrides {
            write!(out, " @override(from: \"{}\"", overrides.from)
                .expect("a string takes everything");
            if let Some(label) = &overrides.label {
                write!(out, ", label: \"{label}\"").expect("a string takes everything");
            }
            out.push(')');
        }
    }
}

fn argument_text(argument: &Argument, directives: Directives) -> String {
    let mut out = format!("{}: {}", argument.name, argument.ty);
    if let Some(default) = &argument.default {
        write!(out, " = {default}").expect("a string takes everything");
    }
    if directives == Directives::Printed
        && let Some(field) = &argument.from_context
    {
        write!(out, " @fromContext(field: \"{field}\")").expect("a string takes everything");
    }
    out
}
