//! `Provider` and what it is made of.

use async_graphql::{Enum, SimpleObject};

use crate::domain::provider;

/// A kind of system to connect to.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct Provider {
    kind: ProviderKind,
    display_name: &'static str,
    auth_mode: AuthMode,
    /// What a credential is used for, in the provider's words.
    scopes: Vec<&'static str>,
    /// What a credential consists of.
    fields: Vec<CredentialField>,
}

/// One part of a credential.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct CredentialField {
    name: &'static str,
    label: &'static str,
    /// Whether to hide it where it is typed. All parts are stored encrypted.
    sensitive: bool,
    required: bool,
}

impl From<&'static provider::Provider> for Provider {
    fn from(provider: &'static provider::Provider) -> Self {
        let fields = provider.fields.iter();
        Self {
            kind: provider.kind.into(),
            display_name: provider.display_name,
            auth_mode: provider.auth_mode.into(),
            scopes: provider.scopes.to_vec(),
            fields: fields
                .map(|field| CredentialField {
                    name: field.name,
                    label: field.label,
                    sensitive: field.sensitive,
                    required: field.required,
                })
                .collect(),
        }
    }
}

/// Which kind of system.
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
#[graphql(remote = "provider::Kind")]
pub(super) enum ProviderKind {
    MicrosoftGraph,
    AzureDevops,
    Google,
    PowerAutomate,
    ServiceKey,
    Mongodb,
    Supabase,
    Meta,
    Telegram,
    #[graphql(name = "CUSTOM_OAUTH2")]
    CustomOauth2,
}

/// How a client of the system shows who it is.
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
#[graphql(remote = "provider::AuthMode")]
pub(super) enum AuthMode {
    #[graphql(name = "OAUTH2_CLIENT_CREDENTIALS")]
    ClientCredentials,
    ApiKey,
    ConnectionString,
    WebhookUrl,
}
