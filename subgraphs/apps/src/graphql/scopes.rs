//! `@requiresScopes` for the fields of a subscription, whose derive does not print it by itself.

use async_graphql::TypeDirective;

// No doc comment: it would be printed before the definition in the SDL.
#[TypeDirective(name = "requiresScopes", location = "FieldDefinition")]
pub(super) fn requires_scopes(scopes: Vec<Vec<String>>) {}
