//! `EXTERNAL_TYPE_MISMATCH`, `EXTERNAL_ARGUMENT_MISSING`, `EXTERNAL_ARGUMENT_TYPE_MISMATCH`,
//! `EXTERNAL_ARGUMENT_DEFAULT_MISMATCH`, `MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL`: an external
//! field repeats what another subgraph says, and must repeat it right.

use apollo_compiler::Node;
use apollo_compiler::ast::{FieldDefinition, InputValueDefinition, Type};
use apollo_compiler::schema::Component;

use super::fields::Field;
use super::{Merger, type_reference};
use crate::diagnostic::Code;
use crate::link::Role;

pub(super) fn check(
    merger: &mut Merger<'_>,
    field: &Field<'_>,
    own: &[(usize, &Component<FieldDefinition>)],
    external: &[(usize, &Component<FieldDefinition>)],
    ty: &Type,
    merged_arguments: &[Node<InputValueDefinition>],
) {
    if external.is_empty() {
        return;
    }
    let coordinate = field.coordinate();
    for (index, source) in external {
        let subgraph = &merger.subgraphs[*index];
        let place = vec![subgraph.place(source.location())];
        for role in [
            Role::Tag,
            Role::Inaccessible,
            Role::Authenticated,
            Role::RequiresScopes,
            Role::Policy,
            Role::Cost,
            Role::ListSize,
        ] {
            if subgraph.links.has(&source.directives, role) {
                merger.error(
                    Code::MergedDirectiveApplicationOnExternal,
                    format!(
                        "[{}] cannot apply merged directive {} to external field \"{coordinate}\"",
                        subgraph.name,
                        role.element()
                    ),
                    place.clone(),
                );
            }
        }
        if source.directives.has("deprecated") {
            merger.error(
                Code::MergedDirectiveApplicationOnExternal,
                format!(
                    "[{}] cannot apply merged directive @deprecated to external field \"{coordinate}\"",
                    subgraph.name
                ),
                place.clone(),
            );
        }
        // It may repeat what any of them says, and what they come to.
        if source.ty != *ty && !own.iter().any(|(_, one)| one.ty == source.ty) {
            merger.error(
                Code::ExternalTypeMismatch,
                format!("type of field \"{coordinate}\" is incompatible across subgraphs (where marked @external): it has type \"{ty}\" but type \"{}\" in subgraph \"{}\"", source.ty, subgraph.name),
                place.clone(),
            );
        }
        for argument in merged_arguments {
            let Some(given) = source
                .arguments
                .iter()
                .find(|one| one.name == argument.name)
            else {
                merger.error(
                    Code::ExternalArgumentMissing,
                    format!("field \"{coordinate}\" is missing argument \"{coordinate}({}:)\" in subgraph \"{}\" where it is marked @external: argument is declared in other subgraphs", argument.name, subgraph.name),
                    place.clone(),
                );
                continue;
            };
            let fits = given.ty == argument.ty
                || type_reference::is_subtype(merger, &argument.ty, &given.ty);
            if !fits {
                merger.error(
                    Code::ExternalArgumentTypeMismatch,
                    format!("type of argument \"{coordinate}({}:)\" is incompatible across subgraphs (where \"{coordinate}\" is marked @external)", argument.name),
                    place.clone(),
                );
            }
            if given.default_value != argument.default_value {
                merger.error(
                    Code::ExternalArgumentDefaultMismatch,
                    format!("argument \"{coordinate}({}:)\" has incompatible defaults across subgraphs (where \"{coordinate}\" is marked @external)", argument.name),
                    place.clone(),
                );
            }
        }
    }
}
