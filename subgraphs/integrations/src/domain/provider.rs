//! The kinds of providers and what a credential of each consists of: one table.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::hint;
use super::secret::Secret;

/// Who a connection connects to.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Kind {
    MicrosoftGraph,
    AzureDevops,
    Google,
    PowerAutomate,
    ServiceKey,
    Mongodb,
    Supabase,
    Meta,
    Telegram,
    #[serde(rename = "CUSTOM_OAUTH2")]
    CustomOauth2,
}

/// How a client of the provider shows who it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum AuthMode {
    ClientCredentials,
    ApiKey,
    ConnectionString,
    WebhookUrl,
}

/// What is known of a kind of provider.
#[derive(Debug)]
pub(crate) struct Provider {
    pub(crate) kind: Kind,
    pub(crate) display_name: &'static str,
    pub(crate) auth_mode: AuthMode,
    /// What the credential is used for, in the provider's words.
    pub(crate) scopes: &'static [&'static str],
    pub(crate) fields: &'static [Field],
    /// What may be shown of the credential, so that people tell two connections apart.
    hint: fn(&Values) -> String,
}

/// One part of a credential.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    /// Whether it is to be hidden where people type it. All fields are stored encrypted.
    pub(crate) sensitive: bool,
    pub(crate) required: bool,
    form: Form,
}

/// What a value must look like.
#[derive(Clone, Copy, Debug)]
enum Form {
    Text,
    HttpsUrl,
    MongoUrl,
    /// `123456:ABC…`
    TelegramToken,
    /// The JSON file of a Google service account.
    ServiceAccount,
}

/// A checked credential: values by the names of fields.
pub(crate) type Values = BTreeMap<&'static str, Secret>;

/// What is wrong with a credential: the field, and why. Never holds a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Problem {
    pub(crate) field: String,
    pub(crate) message: &'static str,
}

/// A service account's key file has 2.4 kB; certificates some more.
const VALUE_BYTES_MAX: usize = 16 * 1024;

const fn field(name: &'static str, label: &'static str, form: Form) -> Field {
    Field {
        name,
        label,
        sensitive: false,
        required: true,
        form,
    }
}

impl Field {
    const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    const fn optional(mut self) -> Self {
        self.required = false;
        self
    }
}

/// Every kind, in the order of [`Kind`].
pub(crate) const PROVIDERS: [Provider; 10] = [
    Provider {
        kind: Kind::MicrosoftGraph,
        display_name: "Microsoft Graph",
        auth_mode: AuthMode::ClientCredentials,
        scopes: &["https://graph.microsoft.com/.default"],
        fields: &[
            field("tenantId", "Directory (tenant) ID", Form::Text),
            field("clientId", "Application (client) ID", Form::Text),
            field("clientSecret", "Client secret", Form::Text).sensitive(),
        ],
        hint: |values| hint::at(values, "clientId", "tenantId"),
    },
    Provider {
        kind: Kind::AzureDevops,
        display_name: "Azure DevOps",
        auth_mode: AuthMode::ApiKey,
        scopes: &[],
        fields: &[
            field("organization", "Organization", Form::Text),
            field("personalAccessToken", "Personal access token", Form::Text).sensitive(),
        ],
        hint: |values| hint::plain(values, "organization"),
    },
    Provider {
        kind: Kind::Google,
        display_name: "Google service account",
        auth_mode: AuthMode::ClientCredentials,
        scopes: &[],
        fields: &[
            field("serviceAccountKey", "Key file (JSON)", Form::ServiceAccount).sensitive(),
            field("subject", "User to act for", Form::Text).optional(),
        ],
        hint: |values| hint::service_account(values, "serviceAccountKey"),
    },
    Provider {
        kind: Kind::PowerAutomate,
        display_name: "Power Automate",
        auth_mode: AuthMode::WebhookUrl,
        scopes: &[],
        fields: &[field("url", "Trigger's URL", Form::HttpsUrl).sensitive()],
        hint: |values| hint::host(values, "url"),
    },
    Provider {
        kind: Kind::ServiceKey,
        display_name: "API key",
        auth_mode: AuthMode::ApiKey,
        scopes: &[],
        fields: &[
            field("key", "Key", Form::Text).sensitive(),
            field("baseUrl", "Address of the API", Form::HttpsUrl).optional(),
        ],
        hint: |values| hint::host(values, "baseUrl"),
    },
    Provider {
        kind: Kind::Mongodb,
        display_name: "MongoDB",
        auth_mode: AuthMode::ConnectionString,
        scopes: &[],
        fields: &[field("connectionString", "Connection string", Form::MongoUrl).sensitive()],
        hint: |values| hint::connection_string(values, "connectionString"),
    },
    Provider {
        kind: Kind::Supabase,
        display_name: "Supabase",
        auth_mode: AuthMode::ApiKey,
        scopes: &[],
        fields: &[
            field("url", "Project URL", Form::HttpsUrl),
            field("serviceRoleKey", "Service role key", Form::Text).sensitive(),
            field("anonKey", "Anonymous key", Form::Text).optional(),
        ],
        hint: |values| hint::host(values, "url"),
    },
    Provider {
        kind: Kind::Meta,
        display_name: "Meta",
        auth_mode: AuthMode::ApiKey,
        scopes: &["whatsapp_business_messaging", "pages_messaging"],
        fields: &[
            field("appId", "App ID", Form::Text),
            field("appSecret", "App secret", Form::Text).sensitive(),
            field("accessToken", "System user's access token", Form::Text).sensitive(),
        ],
        hint: |values| hint::plain(values, "appId"),
    },
    Provider {
        kind: Kind::Telegram,
        display_name: "Telegram bot",
        auth_mode: AuthMode::ApiKey,
        scopes: &[],
        fields: &[field("botToken", "Bot token", Form::TelegramToken).sensitive()],
        hint: |values| hint::telegram(values, "botToken"),
    },
    Provider {
        kind: Kind::CustomOauth2,
        display_name: "OAuth 2.0",
        auth_mode: AuthMode::ClientCredentials,
        scopes: &[],
        fields: &[
            field("tokenUrl", "Token endpoint", Form::HttpsUrl),
            field("clientId", "Client ID", Form::Text),
            field("clientSecret", "Client secret", Form::Text).sensitive(),
            field("scope", "Scopes, separated by spaces", Form::Text).optional(),
        ],
        hint: |values| hint::host(values, "tokenUrl"),
    },
];

impl Kind {
    /// What is known of this kind.
    pub(crate) fn provider(self) -> &'static Provider {
        PROVIDERS
            .iter()
            .find(|provider| provider.kind == self)
            .expect("every kind is in the table")
    }
}

impl Provider {
    /// The credential in `given`, or everything that is wrong with it.
    pub(crate) fn check(
        &'static self,
        mut given: BTreeMap<String, Secret>,
    ) -> Result<Values, Vec<Problem>> {
        let mut values = Values::new();
        let mut problems = Vec::new();
        for field in self.fields {
            match given.remove(field.name) {
                Some(value) => match field.form.problem(value.expose()) {
                    None => {
                        values.insert(field.name, value);
                    }
                    Some(message) => problems.push(problem(field.name, message)),
                },
                None if field.required => problems.push(problem(field.name, "this is required")),
                None => {}
            }
        }
        let unknown = given.into_keys();
        problems.extend(unknown.map(|name| problem(&name, "this provider has no such field")));
        if problems.is_empty() {
            Ok(values)
        } else {
            Err(problems)
        }
    }

    /// What may be shown of a checked credential.
    pub(crate) fn hint(&self, values: &Values) -> String {
        (self.hint)(values)
    }
}

impl Form {
    fn problem(self, value: &str) -> Option<&'static str> {
        if value.trim().is_empty() {
            return Some("this is empty");
        }
        if value.len() > VALUE_BYTES_MAX {
            return Some("this is longer than 16 kB");
        }
        let one_line = !matches!(self, Self::ServiceAccount);
        if one_line && value.chars().any(char::is_control) {
            return Some("this has control characters or several lines");
        }
        let is_right = match self {
            Self::Text => true,
            Self::HttpsUrl => hint::host_of(value, &["https"]).is_some(),
            Self::MongoUrl => hint::host_of(value, &["mongodb", "mongodb+srv"]).is_some(),
            Self::TelegramToken => hint::bot_of(value).is_some(),
            Self::ServiceAccount => hint::email_of(value).is_some(),
        };
        (!is_right).then_some(match self {
            Self::Text => "use a text",
            Self::HttpsUrl => "use a URL that begins with https://",
            Self::MongoUrl => "use a URL that begins with mongodb:// or mongodb+srv://",
            Self::TelegramToken => "use a bot token, such as 123456:ABC…",
            Self::ServiceAccount => "use the JSON file of a service account's key",
        })
    }
}

fn problem(field: &str, message: &'static str) -> Problem {
    Problem {
        field: field.to_owned(),
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: Kind, given: &[(&str, &str)], result: Result<&str, &[&str]>) {
        let given = given.iter();
        let given =
            given.map(|(name, value)| ((*name).to_owned(), Secret::new((*value).to_owned())));
        let provider = kind.provider();
        match (provider.check(given.collect()), result) {
            (Ok(values), Ok(hint)) => assert_eq!(provider.hint(&values), hint),
            (Err(problems), Err(fields)) => {
                let found: Vec<_> = problems.iter().map(|problem| &*problem.field).collect();
                assert_eq!(found, fields, "{problems:?}");
            }
            (found, expected) => panic!("{found:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn the_table_has_every_kind_once() {
        let kinds: Vec<_> = PROVIDERS.iter().map(|provider| provider.kind).collect();
        assert!(kinds.is_sorted());
        for kind in kinds {
            assert!(kind.provider().fields.iter().any(|field| field.sensitive));
        }
    }

    #[test]
    fn each_provider_has_its_fields_and_shows_no_secret() {
        let mongo = "mongodb+srv://admin:pa@ss/wd@cluster0.example.net/db?w=1";
        check(
            Kind::Mongodb,
            &[("connectionString", mongo)],
            Ok("mongodb+srv://***@cluster0.example.net"),
        );
        check(
            Kind::Mongodb,
            &[("connectionString", "mongodb://a:27017,b:27018/db")],
            Ok("mongodb://a:27017,b:27018"),
        );
        check(
            Kind::Mongodb,
            &[("connectionString", "postgres://db")],
            Err(&["connectionString"]),
        );
        check(
            Kind::Telegram,
            &[("botToken", "123456:AAbbCC-dd_ee")],
            Ok("123456:***"),
        );
        check(
            Kind::Telegram,
            &[("botToken", "AAbbCC")],
            Err(&["botToken"]),
        );
        check(
            Kind::PowerAutomate,
            &[("url", "https://prod-1.logic.azure.com/workflows/1?sig=abc")],
            Ok("https://prod-1.logic.azure.com/***"),
        );
        check(
            Kind::PowerAutomate,
            &[("url", "http://plain.example")],
            Err(&["url"]),
        );
        check(Kind::ServiceKey, &[("key", "sk_live_123")], Ok("***"));
        check(
            Kind::MicrosoftGraph,
            &[("tenantId", "t"), ("clientId", "c"), ("clientSecret", "s")],
            Ok("c@t"),
        );
        check(
            Kind::Google,
            &[(
                "serviceAccountKey",
                "{\"type\":\"service_account\",\n\"client_email\":\"bot@p.iam.example\",\"private_key\":\"k\"}",
            )],
            Ok("bot@p.iam.example"),
        );
        check(
            Kind::Google,
            &[("serviceAccountKey", "{}")],
            Err(&["serviceAccountKey"]),
        );
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        check(
            Kind::Meta,
            &[("appId", " "), ("appSecret", "a\nb"), ("colour", "red")],
            Err(&["appId", "appSecret", "accessToken", "colour"]),
        );
        let long = "x".repeat(VALUE_BYTES_MAX + 1);
        check(Kind::ServiceKey, &[("key", &long)], Err(&["key"]));
    }
}
