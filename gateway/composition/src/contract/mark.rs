//! Hides what the tags say, and types of which nothing is left.

use apollo_compiler::ast::{Directive, DirectiveList};
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::{Component, ExtendedType, FieldDefinition};
use apollo_compiler::{Name, Node, Schema};

use super::{Filter, hide, hide_element, is_hidden};
use crate::schemas;
use crate::specifications::Specifications;

/// What to do with an element for its tags.
struct Judge<'a> {
    filter: &'a Filter,
    tag: &'a Name,
    hidden: &'a Name,
}

impl Judge<'_> {
    fn has_one<'d>(
        &self,
        mut directives: impl Iterator<Item = &'d Node<Directive>>,
        tags: &[String],
    ) -> bool {
        directives.any(|one| {
            one.name == *self.tag
                && one
                    .specified_argument_by_name("name")
                    .and_then(|name| name.as_str())
                    .is_some_and(|name| tags.iter().any(|tag| tag == name))
        })
    }

    fn excludes(&self, list: &DirectiveList) -> bool {
        self.has_one(list.iter(), &self.filter.exclude)
    }

    /// Hides fields by their tags; `included` if the type's tags already include them.
    fn fields(&self, fields: &mut IndexMap<Name, Component<FieldDefinition>>, included: bool) {
        for field in fields.values_mut() {
            let out = self.excludes(&field.directives)
                || !included && !self.has_one(field.directives.iter(), &self.filter.include);
            let field = field.make_mut();
            if out {
                hide_element(&mut field.directives, self.hidden);
            }
            for argument in &mut field.arguments {
                if self.excludes(&argument.directives) {
                    hide_element(&mut argument.make_mut().directives, self.hidden);
                }
            }
        }
    }
}

/// Hides what the filter does not show.
pub(super) fn run(schema: &mut Schema, filter: &Filter, tag: &Name, hidden: &Name) {
    let judge = Judge {
        filter,
        tag,
        hidden,
    };
    let specifications = Specifications::linked_by(schema);
    for (name, ty) in &mut schema.types {
        if !specifications.leave_type(name, ty) {
            continue;
        }
        let tags = || ty.directives().iter().map(|one| &one.node);
        let excluded = judge.has_one(tags(), &filter.exclude);
        let included = filter.include.is_empty() || judge.has_one(tags(), &filter.include);
        if excluded || !included && ty.is_union() {
            hide(ty, hidden);
            continue;
        }
        match ty {
            ExtendedType::Object(object) => judge.fields(&mut object.make_mut().fields, included),
            ExtendedType::Interface(one) => judge.fields(&mut one.make_mut().fields, included),
            ExtendedType::Enum(definition) => {
                for value in definition.make_mut().values.values_mut() {
                    if judge.excludes(&value.directives) {
                        hide_element(&mut value.make_mut().directives, hidden);
                    }
                }
            }
            ExtendedType::InputObject(input) => {
                for field in input.make_mut().fields.values_mut() {
                    if judge.excludes(&field.directives) {
                        hide_element(&mut field.make_mut().directives, hidden);
                    }
                }
            }
            ExtendedType::Scalar(_) | ExtendedType::Union(_) => {}
        }
    }
    interfaces_with_implementations(schema, &specifications, hidden);
}

/// A field that an implementation hides cannot be promised by its interface. Interfaces implement
/// each other, so hiding goes on until nothing changes; each round hides a field or is the last.
fn interfaces_with_implementations(
    schema: &mut Schema,
    specifications: &Specifications,
    hidden: &Name,
) {
    loop {
        let mut broken: IndexSet<(Name, Name)> = IndexSet::default();
        for (name, ty) in &schema.types {
            if !specifications.leave_type(name, ty) || ty.directives().has(hidden) {
                continue;
            }
            let gone: Vec<&Name> = schemas::fields(ty)
                .into_iter()
                .flat_map(|fields| fields.values())
                .filter(|field| field.directives.has(hidden))
                .map(|field| &field.name)
                .collect();
            for interface in schemas::interfaces(ty) {
                for field in &gone {
                    let promised = schemas::field(schema, interface, field)
                        .is_some_and(|one| !one.directives.has(hidden));
                    if promised {
                        broken.insert((interface.clone(), (*field).clone()));
                    }
                }
            }
        }
        if broken.is_empty() {
            return;
        }
        for (interface, field) in broken {
            if let Some(ExtendedType::Interface(definition)) = schema.types.get_mut(&interface)
                && let Some(field) = definition.make_mut().fields.get_mut(&field)
            {
                hide_element(&mut field.make_mut().directives, hidden);
            }
        }
    }
}

/// Hides types without a visible element; unions come last, for they consist of other types.
pub(super) fn empty(schema: &mut Schema, hidden: &Name) {
    for ty in schema.types.values_mut() {
        let gone = match &*ty {
            ExtendedType::Object(_) | ExtendedType::Interface(_) => schemas::fields(ty)
                .is_some_and(|fields| fields.values().all(|one| one.directives.has(hidden))),
            ExtendedType::Enum(one) => one.values.values().all(|one| one.directives.has(hidden)),
            ExtendedType::InputObject(one) => {
                one.fields.values().all(|one| one.directives.has(hidden))
            }
            ExtendedType::Scalar(_) | ExtendedType::Union(_) => false,
        };
        if gone {
            hide(ty, hidden);
        }
    }
    let emptied: Vec<Name> = schema
        .types
        .iter()
        .filter(|(_, ty)| match ty {
            ExtendedType::Union(union) => union
                .members
                .iter()
                .all(|member| is_hidden(schema, &member.name, hidden)),
            _ => false,
        })
        .map(|(name, _)| name.clone())
        .collect();
    for name in emptied {
        if let Some(union) = schema.types.get_mut(&name) {
            hide(union, hidden);
        }
    }
}
