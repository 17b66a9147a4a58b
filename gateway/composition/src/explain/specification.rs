//! Where rules are written.

/// A page of the reference of federation, with what follows its address.
macro_rules! reference {
    ($page:literal) => {
        concat!(
            "https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/",
            $page
        )
    };
}

/// A section of a published document.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Section {
    GraphqlLanguage,
    GraphqlValidation,
    Directives,
    Link,
    Versions,
    Key,
    Provides,
    Requires,
    External,
    Roots,
    Errors,
    Hints,
    Composition,
    Types,
    Context,
    Shareable,
    Inaccessible,
    Override,
    ComposeDirective,
    InterfaceObject,
    Cost,
    Auth,
}

impl Section {
    /// Its address.
    pub(super) fn url(self) -> &'static str {
        match self {
            Self::GraphqlLanguage => "https://spec.graphql.org/draft/#sec-Language",
            Self::GraphqlValidation => "https://spec.graphql.org/draft/#sec-Type-System",
            Self::Directives => reference!("reference/subgraph-spec"),
            Self::Link => "https://specs.apollo.dev/link/v1.0/",
            Self::Versions => reference!("reference/versions"),
            Self::Key => reference!("reference/directives#key"),
            Self::Provides => reference!("reference/directives#provides"),
            Self::Requires => reference!("reference/directives#requires"),
            Self::External => reference!("reference/directives#external"),
            Self::Roots => "https://spec.graphql.org/draft/#sec-Root-Operation-Types",
            Self::Errors => reference!("reference/errors"),
            Self::Hints => reference!("reference/hints"),
            Self::Composition => reference!("composition"),
            Self::Types => reference!("sharing-types"),
            Self::Context => reference!("reference/directives#fromcontext"),
            Self::Shareable => reference!("reference/directives#shareable"),
            Self::Inaccessible => "https://specs.apollo.dev/inaccessible/v0.2/",
            Self::Override => reference!("reference/directives#override"),
            Self::ComposeDirective => reference!("reference/directives#composedirective"),
            Self::InterfaceObject => reference!("reference/directives#interfaceobject"),
            Self::Cost => reference!("reference/directives#cost"),
            Self::Auth => reference!("reference/directives#authenticated"),
        }
    }
}
