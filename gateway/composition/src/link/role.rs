//! What a federation directive does, whatever a schema calls it.

/// The role of a directive that composition understands.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Role {
    Key,
    Requires,
    Provides,
    External,
    Tag,
    Extends,
    Shareable,
    Inaccessible,
    Override,
    ComposeDirective,
    InterfaceObject,
    Authenticated,
    RequiresScopes,
    Policy,
    Context,
    FromContext,
    Cost,
    ListSize,
    CacheTag,
}

impl Role {
    pub(crate) const ALL: &'static [Self] = &[
        Self::Key,
        Self::Requires,
        Self::Provides,
        Self::External,
        Self::Tag,
        Self::Extends,
        Self::Shareable,
        Self::Inaccessible,
        Self::Override,
        Self::ComposeDirective,
        Self::InterfaceObject,
        Self::Authenticated,
        Self::RequiresScopes,
        Self::Policy,
        Self::Context,
        Self::FromContext,
        Self::Cost,
        Self::ListSize,
        Self::CacheTag,
    ];

    /// Its name in the specification, with `@`.
    pub(crate) fn element(self) -> &'static str {
        match self {
            Self::Key => "@key",
            Self::Requires => "@requires",
            Self::Provides => "@provides",
            Self::External => "@external",
            Self::Tag => "@tag",
            Self::Extends => "@extends",
            Self::Shareable => "@shareable",
            Self::Inaccessible => "@inaccessible",
            Self::Override => "@override",
            Self::ComposeDirective => "@composeDirective",
            Self::InterfaceObject => "@interfaceObject",
            Self::Authenticated => "@authenticated",
            Self::RequiresScopes => "@requiresScopes",
            Self::Policy => "@policy",
            Self::Context => "@context",
            Self::FromContext => "@fromContext",
            Self::Cost => "@cost",
            Self::ListSize => "@listSize",
            Self::CacheTag => "@cacheTag",
        }
    }

    /// The role of the directive that the specification names so, without `@`.
    pub(crate) fn of_element(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|role| &role.element()[1..] == name)
    }

    /// The minor version of Federation 2 that introduced it.
    pub(crate) fn since(self) -> u32 {
        match self {
            Self::Key
            | Self::Requires
            | Self::Provides
            | Self::External
            | Self::Tag
            | Self::Extends
            | Self::Shareable
            | Self::Inaccessible
            | Self::Override => 0,
            Self::ComposeDirective => 1,
            Self::InterfaceObject => 3,
            Self::Authenticated | Self::RequiresScopes => 5,
            Self::Policy => 6,
            Self::Context | Self::FromContext => 8,
            Self::Cost | Self::ListSize => 9,
            Self::CacheTag => 12,
        }
    }
}
