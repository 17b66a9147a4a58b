//! `QUERY_ROOT_TYPE_INACCESSIBLE`, `REFERENCED_INACCESSIBLE`, `ONLY_INACCESSIBLE_CHILDREN`,
//! `IMPLEMENTED_BY_INACCESSIBLE`, `REQUIRED_INACCESSIBLE`: what is left when the hidden is gone must
//! be a schema. `DISALLOWED_INACCESSIBLE`: a specification's own elements cannot be hidden.

use apollo_compiler::ast::{
    DirectiveDefinition, DirectiveList, FieldDefinition, InputValueDefinition,
};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Schema};

use crate::diagnostic::{Code, Diagnostic};
use crate::places::{self, Element};
use crate::schemas;
use crate::specifications::Specifications;
use crate::subgraph::{Subgraph, Valid};

pub(super) fn run(
    subgraphs: &[Subgraph<Valid>],
    supergraph: &Schema,
    hidden: &str,
    found: &mut Vec<Diagnostic>,
) {
    let mut checker = Checker {
        subgraphs,
        supergraph,
        hidden,
        found,
    };
    if let Some(query) = &supergraph.schema_definition.query
        && checker.hidden(&query.name)
    {
        checker.report(
            Code::QueryRootTypeInaccessible,
            format!("type \"{}\" is @inaccessible but is the root query type, which must be in the API schema", query.name),
            &[Element::Type(&query.name)],
        );
    }
    let specifications = Specifications::linked_by(supergraph);
    for (name, ty) in &supergraph.types {
        if ty.is_built_in() {
            continue;
        }
        if !specifications.leave_type(name, ty) {
            checker.specified_type(name, ty);
            continue;
        }
        if checker.hidden(name) {
            continue;
        }
        checker.children(name, ty);
        for field in schemas::fields(ty)
            .into_iter()
            .flat_map(|fields| fields.values())
        {
            checker.field(name, ty, field);
        }
        if let ExtendedType::InputObject(input) = ty {
            for field in input.fields.values() {
                checker.value(
                    &format!("{name}.{}", field.name),
                    Element::Member(name, &field.name),
                    field,
                );
            }
        }
    }
    for definition in supergraph.directive_definitions.values() {
        checker.directive(definition, specifications.leave_directive(definition));
    }
}

struct Checker<'a> {
    subgraphs: &'a [Subgraph<Valid>],
    supergraph: &'a Schema,
    /// What the supergraph calls `@inaccessible`.
    hidden: &'a str,
    found: &'a mut Vec<Diagnostic>,
}

impl Checker<'_> {
    fn report(&mut self, code: Code, message: String, elements: &[Element<'_>]) {
        let places = elements
            .iter()
            .flat_map(|element| places::of(self.subgraphs, *element))
            .collect();
        self.found.push(Diagnostic::new(code, message, places));
    }

    fn hidden(&self, ty: &str) -> bool {
        self.supergraph
            .types
            .get(ty)
            .is_some_and(|ty| ty.directives().has(self.hidden))
    }

    /// A type of a specification.
    fn specified_type(&mut self, name: &Name, ty: &ExtendedType) {
        let hides = |list: &DirectiveList| list.has(self.hidden);
        let hidden = match ty {
            ExtendedType::Object(_) | ExtendedType::Interface(_) => schemas::fields(ty)
                .into_iter()
                .flat_map(|fields| fields.values())
                .any(|field| {
                    let mut arguments = field.arguments.iter();
                    hides(&field.directives) || arguments.any(|one| hides(&one.directives))
                }),
            ExtendedType::InputObject(input) => {
                input.fields.values().any(|one| hides(&one.directives))
            }
            ExtendedType::Enum(one) => one.values.values().any(|one| hides(&one.directives)),
            ExtendedType::Scalar(_) | ExtendedType::Union(_) => false,
        };
        if hidden || self.hidden(name) {
            self.report(
                Code::DisallowedInaccessible,
                format!("type \"{name}\" belongs to a specification and cannot use @inaccessible"),
                &[Element::Type(name)],
            );
        }
    }

    fn directive(&mut self, definition: &DirectiveDefinition, own: bool) {
        let mut locations = definition.locations.iter();
        let in_schemas = locations.any(|one| !schemas::is_executable(*one));
        for argument in &definition.arguments {
            let path = format!("@{}({}:)", definition.name, argument.name);
            let element = Element::DirectiveArgument(&definition.name, &argument.name);
            if own && !in_schemas {
                self.value(&path, element, argument);
            } else if argument.directives.has(self.hidden) {
                let why = if own {
                    "its directive may be applied to schemas"
                } else {
                    "its directive belongs to a specification"
                };
                self.report(
                    Code::DisallowedInaccessible,
                    format!("argument \"{path}\" cannot use @inaccessible because {why}"),
                    &[element],
                );
            }
        }
    }

    fn children(&mut self, name: &Name, ty: &ExtendedType) {
        let none_left = match ty {
            ExtendedType::Object(_) | ExtendedType::Interface(_) => schemas::fields(ty)
                .is_some_and(|fields| fields.values().all(|one| one.directives.has(self.hidden))),
            ExtendedType::InputObject(input) => input
                .fields
                .values()
                .all(|one| one.directives.has(self.hidden)),
            ExtendedType::Enum(definition) => definition
                .values
                .values()
                .all(|one| one.directives.has(self.hidden)),
            ExtendedType::Union(union) => union.members.iter().all(|one| self.hidden(&one.name)),
            ExtendedType::Scalar(_) => false,
        };
        if none_left {
            self.report(
                Code::OnlyInaccessibleChildren,
                format!(
                    "type \"{name}\" is in the API schema but all of its members are @inaccessible"
                ),
                &[Element::Type(name)],
            );
        }
    }

    fn field(&mut self, ty: &Name, definition: &ExtendedType, field: &FieldDefinition) {
        let coordinate = format!("{ty}.{}", field.name);
        if field.directives.has(self.hidden) {
            for interface in schemas::interfaces(definition) {
                let wanted = schemas::field(self.supergraph, interface, &field.name)
                    .is_some_and(|one| !one.directives.has(self.hidden));
                if wanted && !self.hidden(interface) {
                    self.report(
                        Code::ImplementedByInaccessible,
                        format!("field \"{coordinate}\" is @inaccessible but implements the interface field \"{interface}.{}\", which is in the API schema", field.name),
                        &[
                            Element::Member(ty, &field.name),
                            Element::Member(interface, &field.name),
                        ],
                    );
                }
            }
            return;
        }
        let target = field.ty.inner_named_type();
        if self.hidden(target) {
            self.report(
                Code::ReferencedInaccessible,
                format!("type \"{target}\" is @inaccessible but is referenced by \"{coordinate}\", which is in the API schema"),
                &[Element::Type(target), Element::Member(ty, &field.name)],
            );
        }
        for argument in &field.arguments {
            let path = format!("{coordinate}({}:)", argument.name);
            let element = Element::Argument(ty, &field.name, &argument.name);
            self.value(&path, element, argument);
            if !argument.directives.has(self.hidden) {
                continue;
            }
            for interface in schemas::interfaces(definition) {
                let wanted = schemas::field(self.supergraph, interface, &field.name)
                    .filter(|_| !self.hidden(interface))
                    .filter(|one| !one.directives.has(self.hidden))
                    .and_then(|one| {
                        one.arguments
                            .iter()
                            .find(|other| other.name == argument.name)
                    })
                    .is_some_and(|one| !one.directives.has(self.hidden));
                if wanted && !argument.is_required() {
                    self.report(
                        Code::ImplementedByInaccessible,
                        format!("argument \"{path}\" is @inaccessible but implements the interface argument of \"{interface}.{}\", which is in the API schema", field.name),
                        &[
                            element,
                            Element::Argument(interface, &field.name, &argument.name),
                        ],
                    );
                }
            }
        }
    }

    fn value(&mut self, coordinate: &str, element: Element<'_>, value: &InputValueDefinition) {
        if value.directives.has(self.hidden) {
            if value.is_required() {
                self.report(
                    Code::RequiredInaccessible,
                    format!("\"{coordinate}\" is @inaccessible but is required, and what it belongs to is in the API schema"),
                    &[element],
                );
            }
            return;
        }
        let target = value.ty.inner_named_type();
        if self.hidden(target) {
            self.report(
                Code::ReferencedInaccessible,
                format!("type \"{target}\" is @inaccessible but is referenced by \"{coordinate}\", which is in the API schema"),
                &[Element::Type(target), element],
            );
        }
    }
}
