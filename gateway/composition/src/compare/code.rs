//! The kinds of changes, and how bad each is.

use std::fmt;

/// Whom a change hurts.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Level {
    /// Operations that were valid are not any more, or get what they do not expect.
    Breaking,
    /// Operations stay valid, but clients may meet what they did not before.
    Dangerous,
    /// No client notices.
    Safe,
}

impl Level {
    /// `breaking`, `dangerous` or `safe`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Dangerous => "dangerous",
            Self::Safe => "safe",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Makes the enum of codes; each has its spelling and its level.
macro_rules! changes {
    ($($(#[$meta:meta])* $variant:ident = $text:literal $level:ident,)*) => {
        /// The kind of a change. Where graphql-js names the same kind, the name is the same.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum ChangeCode {
            $($(#[$meta])* $variant,)*
        }

        impl ChangeCode {
            /// Every kind: breaking, dangerous, safe.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its spelling in reports.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// Whom it hurts.
            pub fn level(self) -> Level {
                match self {
                    $(Self::$variant => Level::$level,)*
                }
            }
        }
    };
}

changes! {
    /// A root that was there is not.
    RootRemoved = "ROOT_REMOVED" Breaking,
    /// A root is another type.
    RootChanged = "ROOT_CHANGED" Breaking,
    /// A type is gone.
    TypeRemoved = "TYPE_REMOVED" Breaking,
    /// A type is of another kind.
    TypeChangedKind = "TYPE_CHANGED_KIND" Breaking,
    /// A member of a union is gone.
    TypeRemovedFromUnion = "TYPE_REMOVED_FROM_UNION" Breaking,
    /// A value of an enum is gone.
    ValueRemovedFromEnum = "VALUE_REMOVED_FROM_ENUM" Breaking,
    /// A type does not implement an interface any more.
    ImplementedInterfaceRemoved = "IMPLEMENTED_INTERFACE_REMOVED" Breaking,
    /// A field is gone.
    FieldRemoved = "FIELD_REMOVED" Breaking,
    /// A field returns what clients do not expect.
    FieldChangedKind = "FIELD_CHANGED_KIND" Breaking,
    /// An argument is gone.
    ArgumentRemoved = "ARG_REMOVED" Breaking,
    /// An argument does not take what it took.
    ArgumentChangedKind = "ARG_CHANGED_KIND" Breaking,
    /// A new argument must be given.
    RequiredArgumentAdded = "REQUIRED_ARG_ADDED" Breaking,
    /// An argument lost its default value and must now be given.
    ArgumentBecameRequired = "ARG_BECAME_REQUIRED" Breaking,
    /// A field of an input is gone.
    InputFieldRemoved = "INPUT_FIELD_REMOVED" Breaking,
    /// A field of an input does not take what it took.
    InputFieldChangedKind = "INPUT_FIELD_CHANGED_KIND" Breaking,
    /// A new field of an input must be given.
    RequiredInputFieldAdded = "REQUIRED_INPUT_FIELD_ADDED" Breaking,
    /// A field of an input lost its default value and must now be given.
    InputFieldBecameRequired = "INPUT_FIELD_BECAME_REQUIRED" Breaking,
    /// An input takes exactly one of its fields now.
    OneOfAdded = "ONE_OF_ADDED" Breaking,
    /// A directive is gone.
    DirectiveRemoved = "DIRECTIVE_REMOVED" Breaking,
    /// An argument of a directive is gone.
    DirectiveArgumentRemoved = "DIRECTIVE_ARG_REMOVED" Breaking,
    /// An argument of a directive does not take what it took.
    DirectiveArgumentChangedKind = "DIRECTIVE_ARG_CHANGED_KIND" Breaking,
    /// A new argument of a directive must be given.
    RequiredDirectiveArgumentAdded = "REQUIRED_DIRECTIVE_ARG_ADDED" Breaking,
    /// An argument of a directive lost its default value and must now be given.
    DirectiveArgumentBecameRequired = "DIRECTIVE_ARG_BECAME_REQUIRED" Breaking,
    /// A directive may stand once only.
    DirectiveRepeatableRemoved = "DIRECTIVE_REPEATABLE_REMOVED" Breaking,
    /// A directive may not stand somewhere any more.
    DirectiveLocationRemoved = "DIRECTIVE_LOCATION_REMOVED" Breaking,

    /// Clients may get a type that they do not know.
    TypeAddedToUnion = "TYPE_ADDED_TO_UNION" Dangerous,
    /// Clients may get a value that they do not know.
    ValueAddedToEnum = "VALUE_ADDED_TO_ENUM" Dangerous,
    /// Clients may get a type that they do not know where they get the interface.
    ImplementedInterfaceAdded = "IMPLEMENTED_INTERFACE_ADDED" Dangerous,
    /// What is left out may mean something else.
    OptionalArgumentAdded = "OPTIONAL_ARG_ADDED" Dangerous,
    /// Leaving an argument out means something else.
    ArgumentDefaultChanged = "ARG_DEFAULT_VALUE_CHANGE" Dangerous,
    /// What is left out may mean something else.
    OptionalInputFieldAdded = "OPTIONAL_INPUT_FIELD_ADDED" Dangerous,
    /// Leaving a field of an input out means something else.
    InputFieldDefaultChanged = "INPUT_FIELD_DEFAULT_VALUE_CHANGE" Dangerous,
    /// Leaving an argument of a directive out means something else.
    DirectiveArgumentDefaultChanged = "DIRECTIVE_ARG_DEFAULT_VALUE_CHANGE" Dangerous,
    /// A scalar is specified by another document.
    SpecifiedByChanged = "SPECIFIED_BY_CHANGED" Dangerous,

    /// There is a new root.
    RootAdded = "ROOT_ADDED" Safe,
    /// There is a new type.
    TypeAdded = "TYPE_ADDED" Safe,
    /// There is a new field.
    FieldAdded = "FIELD_ADDED" Safe,
    /// A field promises more than it did.
    FieldTypeNarrowed = "FIELD_TYPE_NARROWED" Safe,
    /// An argument takes more than it did.
    ArgumentTypeWidened = "ARG_TYPE_WIDENED" Safe,
    /// A field of an input takes more than it did.
    InputFieldTypeWidened = "INPUT_FIELD_TYPE_WIDENED" Safe,
    /// An input takes any of its fields.
    OneOfRemoved = "ONE_OF_REMOVED" Safe,
    /// There is a new directive.
    DirectiveAdded = "DIRECTIVE_ADDED" Safe,
    /// A directive has a new argument that may be left out.
    OptionalDirectiveArgumentAdded = "OPTIONAL_DIRECTIVE_ARG_ADDED" Safe,
    /// An argument of a directive takes more than it did.
    DirectiveArgumentTypeWidened = "DIRECTIVE_ARG_TYPE_WIDENED" Safe,
    /// A directive may stand several times.
    DirectiveRepeatableAdded = "DIRECTIVE_REPEATABLE_ADDED" Safe,
    /// A directive may stand somewhere more.
    DirectiveLocationAdded = "DIRECTIVE_LOCATION_ADDED" Safe,
    /// Something is deprecated now.
    Deprecated = "DEPRECATED" Safe,
    /// Something is not deprecated any more.
    DeprecationRemoved = "DEPRECATION_REMOVED" Safe,
    /// Something is deprecated for another reason.
    DeprecationReasonChanged = "DEPRECATION_REASON_CHANGED" Safe,
    /// A description is another.
    DescriptionChanged = "DESCRIPTION_CHANGED" Safe,
}

impl fmt::Display for ChangeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
