//! What composition says when it refuses or wonders: codes, places and messages.

use std::fmt;

/// Makes an enum whose variants are published codes, with the published spelling of each.
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $variant,)*
        }

        impl $name {
            /// Every code, in the order of publication.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The published spelling.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

codes! {
    /// The published code of an error of composition.
    Code {
        SyntaxError = "SYNTAX_ERROR",
        InvalidGraphql = "INVALID_GRAPHQL",
        DirectiveDefinitionInvalid = "DIRECTIVE_DEFINITION_INVALID",
        TypeDefinitionInvalid = "TYPE_DEFINITION_INVALID",
        UnsupportedLinkedFeature = "UNSUPPORTED_LINKED_FEATURE",
        UnknownFederationLinkVersion = "UNKNOWN_FEDERATION_LINK_VERSION",
        UnknownLinkVersion = "UNKNOWN_LINK_VERSION",
        KeyFieldsHasArgs = "KEY_FIELDS_HAS_ARGS",
        ProvidesFieldsHasArgs = "PROVIDES_FIELDS_HAS_ARGS",
        ProvidesFieldsMissingExternal = "PROVIDES_FIELDS_MISSING_EXTERNAL",
        RequiresFieldsMissingExternal = "REQUIRES_FIELDS_MISSING_EXTERNAL",
        KeyUnsupportedOnInterface = "KEY_UNSUPPORTED_ON_INTERFACE",
        ProvidesUnsupportedOnInterface = "PROVIDES_UNSUPPORTED_ON_INTERFACE",
        RequiresUnsupportedOnInterface = "REQUIRES_UNSUPPORTED_ON_INTERFACE",
        ExternalUnused = "EXTERNAL_UNUSED",
        ExternalCollisionWithAnotherDirective = "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE",
        TypeWithOnlyUnusedExternal = "TYPE_WITH_ONLY_UNUSED_EXTERNAL",
        ProvidesOnNonObjectField = "PROVIDES_ON_NON_OBJECT_FIELD",
        KeyInvalidFieldsType = "KEY_INVALID_FIELDS_TYPE",
        ProvidesInvalidFieldsType = "PROVIDES_INVALID_FIELDS_TYPE",
        RequiresInvalidFieldsType = "REQUIRES_INVALID_FIELDS_TYPE",
        KeyInvalidFields = "KEY_INVALID_FIELDS",
        ProvidesInvalidFields = "PROVIDES_INVALID_FIELDS",
        RequiresInvalidFields = "REQUIRES_INVALID_FIELDS",
        KeyFieldsSelectInvalidType = "KEY_FIELDS_SELECT_INVALID_TYPE",
        RootQueryUsed = "ROOT_QUERY_USED",
        RootMutationUsed = "ROOT_MUTATION_USED",
        RootSubscriptionUsed = "ROOT_SUBSCRIPTION_USED",
        InvalidSubgraphName = "INVALID_SUBGRAPH_NAME",
        NoQueries = "NO_QUERIES",
        InterfaceFieldNoImplem = "INTERFACE_FIELD_NO_IMPLEM",
        TypeKindMismatch = "TYPE_KIND_MISMATCH",
        ContextNotSet = "CONTEXT_NOT_SET",
        ContextInvalidSelection = "CONTEXT_INVALID_SELECTION",
        NoContextInSelection = "NO_CONTEXT_IN_SELECTION",
        ContextNoResolvableKey = "CONTEXT_NO_RESOLVABLE_KEY",
        ContextNameInvalid = "CONTEXT_NAME_INVALID",
        ExternalTypeMismatch = "EXTERNAL_TYPE_MISMATCH",
        ExternalArgumentMissing = "EXTERNAL_ARGUMENT_MISSING",
        ExternalArgumentTypeMismatch = "EXTERNAL_ARGUMENT_TYPE_MISMATCH",
        ExternalArgumentDefaultMismatch = "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH",
        ExternalOnInterface = "EXTERNAL_ON_INTERFACE",
        MergedDirectiveApplicationOnExternal = "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL",
        FieldTypeMismatch = "FIELD_TYPE_MISMATCH",
        FieldArgumentTypeMismatch = "FIELD_ARGUMENT_TYPE_MISMATCH",
        InputFieldDefaultMismatch = "INPUT_FIELD_DEFAULT_MISMATCH",
        FieldArgumentDefaultMismatch = "FIELD_ARGUMENT_DEFAULT_MISMATCH",
        ExtensionWithNoBase = "EXTENSION_WITH_NO_BASE",
        ExternalMissingOnBase = "EXTERNAL_MISSING_ON_BASE",
        InvalidFieldSharing = "INVALID_FIELD_SHARING",
        InvalidShareableUsage = "INVALID_SHAREABLE_USAGE",
        InvalidLinkDirectiveUsage = "INVALID_LINK_DIRECTIVE_USAGE",
        InvalidLinkIdentifier = "INVALID_LINK_IDENTIFIER",
        LinkImportNameMismatch = "LINK_IMPORT_NAME_MISMATCH",
        ReferencedInaccessible = "REFERENCED_INACCESSIBLE",
        DefaultValueUsesInaccessible = "DEFAULT_VALUE_USES_INACCESSIBLE",
        QueryRootTypeInaccessible = "QUERY_ROOT_TYPE_INACCESSIBLE",
        RequiredInaccessible = "REQUIRED_INACCESSIBLE",
        DisallowedInaccessible = "DISALLOWED_INACCESSIBLE",
        ImplementedByInaccessible = "IMPLEMENTED_BY_INACCESSIBLE",
        OnlyInaccessibleChildren = "ONLY_INACCESSIBLE_CHILDREN",
        RequiredArgumentMissingInSomeSubgraph = "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH",
        RequiredInputFieldMissingInSomeSubgraph = "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH",
        EmptyMergedInputType = "EMPTY_MERGED_INPUT_TYPE",
        EnumValueMismatch = "ENUM_VALUE_MISMATCH",
        EmptyMergedEnumType = "EMPTY_MERGED_ENUM_TYPE",
        ShareableHasMismatchedRuntimeTypes = "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES",
        SatisfiabilityError = "SATISFIABILITY_ERROR",
        OverrideCollisionWithAnotherDirective = "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
        OverrideFromSelfError = "OVERRIDE_FROM_SELF_ERROR",
        OverrideSourceHasOverride = "OVERRIDE_SOURCE_HAS_OVERRIDE",
        OverrideOnInterface = "OVERRIDE_ON_INTERFACE",
        OverrideLabelInvalid = "OVERRIDE_LABEL_INVALID",
        UnsupportedFeature = "UNSUPPORTED_FEATURE",
        InvalidFederationSupergraph = "INVALID_FEDERATION_SUPERGRAPH",
        DownstreamServiceError = "DOWNSTREAM_SERVICE_ERROR",
        KeyDirectiveInFieldsArg = "KEY_DIRECTIVE_IN_FIELDS_ARG",
        ProvidesDirectiveInFieldsArg = "PROVIDES_DIRECTIVE_IN_FIELDS_ARG",
        RequiresDirectiveInFieldsArg = "REQUIRES_DIRECTIVE_IN_FIELDS_ARG",
        DirectiveCompositionError = "DIRECTIVE_COMPOSITION_ERROR",
        InterfaceObjectUsageError = "INTERFACE_OBJECT_USAGE_ERROR",
        InterfaceKeyNotOnImplementation = "INTERFACE_KEY_NOT_ON_IMPLEMENTATION",
        InterfaceKeyMissingImplementationType = "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE",
        ContextualArgumentNotContextualInAllSubgraphs = "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS",
        CostAppliedToInterfaceField = "COST_APPLIED_TO_INTERFACE_FIELD",
        ListSizeAppliedToNonList = "LIST_SIZE_APPLIED_TO_NON_LIST",
        ListSizeInvalidAssumedSize = "LIST_SIZE_INVALID_ASSUMED_SIZE",
        ListSizeInvalidSizedField = "LIST_SIZE_INVALID_SIZED_FIELD",
        ListSizeInvalidSlicingArgument = "LIST_SIZE_INVALID_SLICING_ARGUMENT",
        MaxValidationSubgraphPathsExceeded = "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED",
        AuthRequirementsAppliedOnInterface = "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE",
        MissingTransitiveAuthRequirements = "MISSING_TRANSITIVE_AUTH_REQUIREMENTS",
    }
}

codes! {
    /// The published code of a hint: the graph composes, but somebody should look.
    HintCode {
        InconsistentButCompatibleFieldType = "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        InconsistentButCompatibleArgumentType = "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE",
        InconsistentDefaultValuePresence = "INCONSISTENT_DEFAULT_VALUE_PRESENCE",
        InconsistentEntity = "INCONSISTENT_ENTITY",
        InconsistentObjectValueTypeField = "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD",
        InconsistentInterfaceValueTypeField = "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD",
        InconsistentInputObjectField = "INCONSISTENT_INPUT_OBJECT_FIELD",
        InconsistentUnionMember = "INCONSISTENT_UNION_MEMBER",
        InconsistentEnumValueForInputEnum = "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM",
        InconsistentEnumValueForOutputEnum = "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM",
        InconsistentTypeSystemDirectiveRepeatable = "INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_REPEATABLE",
        InconsistentTypeSystemDirectiveLocations = "INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_LOCATIONS",
        InconsistentExecutableDirectivePresence = "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE",
        NoExecutableDirectiveIntersection = "NO_EXECUTABLE_DIRECTIVE_INTERSECTION",
        InconsistentExecutableDirectiveRepeatable = "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE",
        InconsistentExecutableDirectiveLocations = "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS",
        InconsistentDescription = "INCONSISTENT_DESCRIPTION",
        InconsistentArgumentPresence = "INCONSISTENT_ARGUMENT_PRESENCE",
        FromSubgraphDoesNotExist = "FROM_SUBGRAPH_DOES_NOT_EXIST",
        OverriddenFieldCanBeRemoved = "OVERRIDDEN_FIELD_CAN_BE_REMOVED",
        OverrideDirectiveCanBeRemoved = "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED",
        OverrideMigrationInProgress = "OVERRIDE_MIGRATION_IN_PROGRESS",
        UnusedEnumType = "UNUSED_ENUM_TYPE",
        InconsistentNonRepeatableDirectiveArguments = "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
        MergedNonRepeatableDirectiveArguments = "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
        DirectiveCompositionInfo = "DIRECTIVE_COMPOSITION_INFO",
        DirectiveCompositionWarn = "DIRECTIVE_COMPOSITION_WARN",
        InconsistentRuntimeTypesForShareableReturn = "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN",
        ImplicitlyUpgradedFederationVersion = "IMPLICITLY_UPGRADED_FEDERATION_VERSION",
        ContextualArgumentNotContextualInAllSubgraphs = "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS",
    }
}

/// How much a hint matters, as published.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Level {
    /// Probably a mistake.
    Warn,
    /// Worth knowing.
    Info,
    /// Harmless.
    Debug,
}

impl HintCode {
    /// The published level of this hint.
    pub fn level(self) -> Level {
        match self {
            Self::InconsistentDefaultValuePresence
            | Self::InconsistentInputObjectField
            | Self::InconsistentEnumValueForInputEnum
            | Self::InconsistentExecutableDirectivePresence
            | Self::NoExecutableDirectiveIntersection
            | Self::InconsistentExecutableDirectiveRepeatable
            | Self::InconsistentExecutableDirectiveLocations
            | Self::InconsistentDescription
            | Self::InconsistentArgumentPresence
            | Self::FromSubgraphDoesNotExist
            | Self::InconsistentNonRepeatableDirectiveArguments
            | Self::DirectiveCompositionWarn
            | Self::InconsistentRuntimeTypesForShareableReturn => Level::Warn,
            Self::InconsistentButCompatibleFieldType
            | Self::InconsistentButCompatibleArgumentType
            | Self::InconsistentEntity
            | Self::OverriddenFieldCanBeRemoved
            | Self::OverrideDirectiveCanBeRemoved
            | Self::OverrideMigrationInProgress
            | Self::MergedNonRepeatableDirectiveArguments
            | Self::DirectiveCompositionInfo
            | Self::ImplicitlyUpgradedFederationVersion
            | Self::ContextualArgumentNotContextualInAllSubgraphs => Level::Info,
            Self::InconsistentObjectValueTypeField
            | Self::InconsistentInterfaceValueTypeField
            | Self::InconsistentUnionMember
            | Self::InconsistentEnumValueForOutputEnum
            | Self::InconsistentTypeSystemDirectiveRepeatable
            | Self::InconsistentTypeSystemDirectiveLocations
            | Self::UnusedEnumType => Level::Debug,
        }
    }
}

/// A place in the text of a subgraph.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Place {
    /// The name of the subgraph.
    pub subgraph: String,
    /// From 1; 1 as well where nothing more exact is known.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.subgraph, self.line, self.column)
    }
}

/// One reason why subgraphs do not compose.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Diagnostic {
    /// The published code.
    pub code: Code,
    /// The reason, for people.
    pub message: String,
    /// Every place that is involved, in the order of the subgraphs; empty if it is the whole graph.
    pub places: Vec<Place>,
}

impl Diagnostic {
    pub(crate) fn new(code: Code, message: impl Into<String>, places: Vec<Place>) -> Self {
        Self {
            code,
            message: message.into(),
            places,
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        write_places(f, &self.places)
    }
}

/// Something that composes but deserves a look.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Hint {
    /// The published code.
    pub code: HintCode,
    /// What was seen, for people.
    pub message: String,
    /// Every place that is involved, in the order of the subgraphs.
    pub places: Vec<Place>,
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        write_places(f, &self.places)
    }
}

fn write_places(f: &mut fmt::Formatter<'_>, places: &[Place]) -> fmt::Result {
    places
        .iter()
        .try_for_each(|place| write!(f, "\n  at {place}"))
}
