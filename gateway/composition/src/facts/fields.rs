//! Reads the field sets of `@key`, `@provides`, `@requires` and `@fromContext`.
//!
//! `KEY_*`, `PROVIDES_*` and `REQUIRES_*` that concern the text of a field set arise here, where
//! the text is read.

use apollo_compiler::Name;
use apollo_compiler::Node;
use apollo_compiler::ast::{Directive, Value};
use apollo_compiler::collections::IndexSet;
use apollo_compiler::schema::ExtendedType;

use super::{Coordinate, Facts, Fields, Implementations, Key, mark};
use crate::diagnostic::{Code, Diagnostic};
use crate::field_set::{self, FieldSet, Problem, Selection};
use crate::link::{Federation, Role};
use crate::schemas;
use crate::subgraph::{Linked, Subgraph};

/// The codes of one directive's field sets.
struct Codes {
    what: &'static str,
    invalid: Code,
    not_text: Code,
    arguments: Option<Code>,
    directive: Code,
    abstract_type: Option<Code>,
}

const KEY: Codes = Codes {
    what: "@key",
    invalid: Code::KeyInvalidFields,
    not_text: Code::KeyInvalidFieldsType,
    arguments: Some(Code::KeyFieldsHasArgs),
    directive: Code::KeyDirectiveInFieldsArg,
    abstract_type: Some(Code::KeyFieldsSelectInvalidType),
};
const PROVIDES: Codes = Codes {
    what: "@provides",
    invalid: Code::ProvidesInvalidFields,
    not_text: Code::ProvidesInvalidFieldsType,
    arguments: Some(Code::ProvidesFieldsHasArgs),
    directive: Code::ProvidesDirectiveInFieldsArg,
    abstract_type: None,
};
const REQUIRES: Codes = Codes {
    what: "@requires",
    invalid: Code::RequiresInvalidFields,
    not_text: Code::RequiresInvalidFieldsType,
    arguments: None,
    directive: Code::RequiresDirectiveInFieldsArg,
    abstract_type: None,
};

/// The minor version that allows `@key` on interfaces.
const INTERFACE_KEYS_SINCE: u32 = 3;

pub(super) fn keys(
    subgraph: &Subgraph<Linked>,
    name: &Name,
    ty: &ExtendedType,
    facts: &mut Facts,
    found: &mut Vec<Diagnostic>,
) {
    let links = &subgraph.links;
    let extends = links.type_has(ty.directives(), Role::Extends);
    for directive in links.on_type(ty.directives(), Role::Key) {
        // Federation 1 ignored keys of interfaces.
        if ty.is_interface() && links.federation == Federation::One {
            continue;
        }
        let on = format!("type \"{name}\"");
        let Some(fields) = read(subgraph, &KEY, name, &on, directive, found) else {
            continue;
        };
        let unsupported = ty.is_interface()
            && matches!(links.federation, Federation::Two(minor) if minor < INTERFACE_KEYS_SINCE);
        if unsupported {
            found.push(subgraph.error(
                Code::KeyUnsupportedOnInterface,
                format!("cannot use @key on interface \"{name}\": @key is not yet supported on interfaces"),
                directive.location(),
            ));
        }
        mark(
            &subgraph.schema,
            &fields.set,
            &mut facts.used,
            Implementations::Include,
        );
        let written_resolvable = directive
            .specified_argument_by_name("resolvable")
            .and_then(|value| value.to_bool());
        facts.keys.entry(name.clone()).or_default().push(Key {
            fields,
            written_resolvable,
            extension: extends || directive.origin.extension_id().is_some(),
        });
    }
}

pub(super) fn provides(
    subgraph: &Subgraph<Linked>,
    name: &Name,
    ty: &ExtendedType,
    facts: &mut Facts,
    found: &mut Vec<Diagnostic>,
) {
    let links = &subgraph.links;
    for field in schemas::fields(ty)
        .into_iter()
        .flat_map(|fields| fields.values())
    {
        for directive in links.on(&field.directives, Role::Provides) {
            let coordinate = format!("{name}.{}", field.name);
            let target = field.ty.inner_named_type();
            let two = links.federation != Federation::One;
            let halting = if two && facts.is_external(name, &field.name) {
                Some(subgraph.error(
                    Code::ExternalCollisionWithAnotherDirective,
                    format!("cannot have both @provides and @external on field \"{coordinate}\""),
                    directive.location(),
                ))
            } else if two && !schemas::is_composite(&subgraph.schema, target) {
                Some(subgraph.error(
                    Code::ProvidesOnNonObjectField,
                    format!("invalid @provides directive on field \"{coordinate}\": field has type \"{}\" which is not a composite type", field.ty),
                    directive.location(),
                ))
            } else {
                None
            };
            if let Some(halting) = halting {
                facts.halting.get_or_insert(halting);
                continue;
            }
            if !schemas::is_composite(&subgraph.schema, target) {
                continue;
            }
            if ty.is_interface() {
                if links.federation != Federation::One {
                    found.push(subgraph.error(
                        Code::ProvidesUnsupportedOnInterface,
                        format!("cannot use @provides on field \"{coordinate}\" of interface \"{name}\": @provides is not yet supported within interfaces"),
                        directive.location(),
                    ));
                } else {
                    continue;
                }
            }
            let on = format!("field \"{coordinate}\"");
            let Some(fields) = read(subgraph, &PROVIDES, target, &on, directive, found) else {
                continue;
            };
            check_external(
                subgraph,
                facts,
                &PROVIDES,
                Code::ProvidesFieldsMissingExternal,
                &on,
                &fields,
                found,
            );
            mark(
                &subgraph.schema,
                &fields.set,
                &mut facts.used,
                Implementations::Include,
            );
            let mut provided = IndexSet::default();
            mark(
                &subgraph.schema,
                &fields.set,
                &mut provided,
                Implementations::Include,
            );
            facts.provided.extend(provided);
            facts
                .provides
                .insert((name.clone(), field.name.clone()), fields);
        }
    }
}

pub(super) fn requires(
    subgraph: &Subgraph<Linked>,
    name: &Name,
    ty: &ExtendedType,
    facts: &mut Facts,
    found: &mut Vec<Diagnostic>,
) {
    let links = &subgraph.links;
    for field in schemas::fields(ty)
        .into_iter()
        .flat_map(|fields| fields.values())
    {
        for directive in links.on(&field.directives, Role::Requires) {
            let coordinate = format!("{name}.{}", field.name);
            if ty.is_interface() {
                if links.federation != Federation::One {
                    found.push(subgraph.error(
                        Code::RequiresUnsupportedOnInterface,
                        format!("cannot use @requires on field \"{coordinate}\" of interface \"{name}\": @requires is not yet supported within interfaces"),
                        directive.location(),
                    ));
                } else {
                    continue;
                }
            }
            let on = format!("field \"{coordinate}\"");
            let Some(fields) = read(subgraph, &REQUIRES, name, &on, directive, found) else {
                continue;
            };
            check_external(
                subgraph,
                facts,
                &REQUIRES,
                Code::RequiresFieldsMissingExternal,
                &on,
                &fields,
                found,
            );
            mark(
                &subgraph.schema,
                &fields.set,
                &mut facts.used,
                Implementations::Include,
            );
            facts
                .requires
                .insert((name.clone(), field.name.clone()), fields);
        }
    }
}

/// The fields that context selections name count as used.
pub(super) fn contexts(subgraph: &Subgraph<Linked>, facts: &mut Facts) {
    let selections = crate::context::selections(subgraph);
    for set in selections {
        mark(
            &subgraph.schema,
            &set,
            &mut facts.used,
            Implementations::Include,
        );
    }
}

/// The field set of a directive; nothing if none is given.
fn read(
    subgraph: &Subgraph<Linked>,
    codes: &Codes,
    parent: &Name,
    on: &str,
    directive: &Node<Directive>,
    found: &mut Vec<Diagnostic>,
) -> Option<Fields> {
    let value = directive.specified_argument_by_name("fields")?;
    let span = directive.location();
    let Some(text) = text(value, subgraph.links.federation) else {
        found.push(subgraph.error(
            codes.not_text,
            format!(
                "on {on}, for {directive}: invalid value for argument \"fields\": must be a string"
            ),
            span,
        ));
        return Some(Fields {
            text: String::new(),
            set: FieldSet::default(),
            decorations: Vec::new(),
            span,
            broken: true,
            unreadable: Some(codes.not_text),
        });
    };
    let (set, problems) = field_set::resolve(&subgraph.schema, &subgraph.links, parent, &text);
    let decisive = decisive(codes, &problems);
    for problem in &problems {
        let (code, message) = match problem {
            Problem::Invalid(message) | Problem::Misused(message) | Problem::Alias(message) => {
                (Some(codes.invalid), message)
            }
            Problem::Arguments(message) => (codes.arguments, message),
            Problem::Directive(message) => (Some(codes.directive), message),
            Problem::Abstract(message) => (codes.abstract_type, message),
        };
        if let Some(code) = code
            && decisive.is_none_or(|decisive| decisive == code)
        {
            found.push(subgraph.error(
                code,
                format!("on {on}, for {}(fields: \"{text}\"): {message}", codes.what),
                span,
            ));
        }
    }
    if set.0.is_empty() && decisive.is_none() {
        found.push(subgraph.error(
            codes.invalid,
            format!(
                "on {on}, for {}(fields: \"{text}\"): it selects nothing",
                codes.what
            ),
            span,
        ));
    }
    let decorations = problems.iter().filter_map(Problem::decoration).collect();
    let unreadable = problems
        .iter()
        .any(|problem| matches!(problem, Problem::Invalid(_)));
    Some(Fields {
        text,
        set,
        decorations,
        span,
        broken: decisive.is_some(),
        unreadable: unreadable.then_some(codes.invalid),
    })
}

/// The mistake that decides: the first that keeps the set from being read, else one in what was
/// read. Lesser mistakes are only looked at when there is none.
fn decisive(codes: &Codes, problems: &[Problem]) -> Option<Code> {
    let first = problems.iter().find_map(|problem| match problem {
        Problem::Invalid(_) => Some(codes.invalid),
        Problem::Abstract(_) => codes.abstract_type,
        Problem::Misused(_) | Problem::Alias(_) | Problem::Arguments(_) | Problem::Directive(_) => {
            None
        }
    });
    let misused = || {
        let any = problems
            .iter()
            .any(|problem| matches!(problem, Problem::Misused(_) | Problem::Alias(_)));
        any.then_some(codes.invalid)
    };
    first.or_else(misused)
}

/// Federation 1 also took lists of strings, and names without quotes.
fn text(value: &Value, federation: Federation) -> Option<String> {
    match (value, federation) {
        (Value::String(text), _) => Some(text.clone()),
        (Value::Enum(name), Federation::One) => Some(name.to_string()),
        (Value::List(values), Federation::One) => {
            let parts: Option<Vec<String>> =
                values.iter().map(|value| text(value, federation)).collect();
            Some(parts?.join(" "))
        }
        _ => None,
    }
}

/// What a subgraph requires or provides is somebody else's: it must be marked `@external`.
fn check_external(
    subgraph: &Subgraph<Linked>,
    facts: &Facts,
    codes: &Codes,
    code: Code,
    on: &str,
    fields: &Fields,
    found: &mut Vec<Diagnostic>,
) {
    if fields.broken {
        return;
    }
    let mut missing = Vec::new();
    find_local_leaves(subgraph, facts, &fields.set, &mut missing);
    for (parent, name) in missing {
        // Federation 1 let a subgraph require and provide its own fields; that says nothing.
        if subgraph.links.federation == Federation::One {
            continue;
        }
        found.push(subgraph.error(
            code,
            format!(
                "on {on}, for {}(fields: \"{}\"): field \"{parent}.{name}\" should not be part of a {} since it is already provided by this subgraph (it is not marked @external)",
                codes.what, fields.text, codes.what
            ),
            fields.span,
        ));
    }
}

fn find_local_leaves(
    subgraph: &Subgraph<Linked>,
    facts: &Facts,
    set: &FieldSet,
    missing: &mut Vec<Coordinate>,
) {
    for selection in &set.0 {
        match selection {
            Selection::Field {
                parent,
                name,
                children,
                ..
            } => {
                let leaf = schemas::field(&subgraph.schema, parent, name).is_none_or(|field| {
                    !schemas::is_composite(&subgraph.schema, field.ty.inner_named_type())
                });
                // A leaf must be marked where it is selected; on the way to it, any
                // implementation of an interface will do.
                let external = if leaf {
                    facts.is_external(parent, name)
                } else {
                    is_external_anywhere(subgraph, facts, parent, name)
                };
                if external {
                    continue;
                }
                if leaf {
                    missing.push((parent.clone(), name.clone()));
                }
                find_local_leaves(subgraph, facts, children, missing);
            }
            Selection::Fragment { children, .. } => {
                find_local_leaves(subgraph, facts, children, missing);
            }
        }
    }
}

/// External here, or in an implementation of the interface that it is selected on.
fn is_external_anywhere(
    subgraph: &Subgraph<Linked>,
    facts: &Facts,
    parent: &Name,
    name: &Name,
) -> bool {
    let marked = |ty: &Name| facts.is_external(ty, name);
    marked(parent)
        || subgraph
            .schema
            .types
            .get(parent)
            .is_some_and(ExtendedType::is_interface)
            && schemas::runtime_types(&subgraph.schema, parent)
                .iter()
                .any(marked)
}
