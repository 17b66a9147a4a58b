//! A graph that breaks each rule and one that keeps it: the cases that composition is tested with.

use super::Example;
use crate::{Code, HintCode};

/// The two files of a folder of cases.
macro_rules! case {
    ($folder:literal) => {
        Some(Example {
            breaks: include_str!(concat!("../../tests/cases/", $folder, "/breaks.graphql")),
            obeys: include_str!(concat!("../../tests/cases/", $folder, "/passes.graphql")),
        })
    };
}

/// The two files of a folder of hints.
macro_rules! hint {
    ($folder:literal) => {
        Some(Example {
            breaks: include_str!(concat!("../../tests/hints/", $folder, "/arises.graphql")),
            obeys: include_str!(concat!("../../tests/hints/", $folder, "/absent.graphql")),
        })
    };
}

/// None for the codes that no small graph can cause.
pub(super) fn of_error(code: Code) -> Option<Example> {
    match code {
        Code::SyntaxError => case!("SYNTAX_ERROR"),
        Code::InvalidGraphql => case!("INVALID_GRAPHQL"),
        Code::DirectiveDefinitionInvalid => case!("DIRECTIVE_DEFINITION_INVALID"),
        Code::TypeDefinitionInvalid => case!("TYPE_DEFINITION_INVALID"),
        Code::UnknownFederationLinkVersion => case!("UNKNOWN_FEDERATION_LINK_VERSION"),
        Code::UnknownLinkVersion => case!("UNKNOWN_LINK_VERSION"),
        Code::KeyFieldsHasArgs => case!("KEY_FIELDS_HAS_ARGS"),
        Code::ProvidesFieldsHasArgs => case!("PROVIDES_FIELDS_HAS_ARGS"),
        Code::ProvidesFieldsMissingExternal => case!("PROVIDES_FIELDS_MISSING_EXTERNAL"),
        Code::RequiresFieldsMissingExternal => case!("REQUIRES_FIELDS_MISSING_EXTERNAL"),
        Code::KeyUnsupportedOnInterface => case!("KEY_UNSUPPORTED_ON_INTERFACE"),
        Code::ProvidesUnsupportedOnInterface => case!("PROVIDES_UNSUPPORTED_ON_INTERFACE"),
        Code::RequiresUnsupportedOnInterface => case!("REQUIRES_UNSUPPORTED_ON_INTERFACE"),
        Code::ExternalUnused => case!("EXTERNAL_UNUSED"),
        Code::TypeWithOnlyUnusedExternal => case!("TYPE_WITH_ONLY_UNUSED_EXTERNAL"),
        Code::ProvidesOnNonObjectField => case!("PROVIDES_ON_NON_OBJECT_FIELD"),
        Code::KeyInvalidFieldsType => case!("KEY_INVALID_FIELDS_TYPE"),
        Code::ProvidesInvalidFieldsType => case!("PROVIDES_INVALID_FIELDS_TYPE"),
        Code::RequiresInvalidFieldsType => case!("REQUIRES_INVALID_FIELDS_TYPE"),
        Code::KeyInvalidFields => case!("KEY_INVALID_FIELDS"),
        Code::ProvidesInvalidFields => case!("PROVIDES_INVALID_FIELDS"),
        Code::RequiresInvalidFields => case!("REQUIRES_INVALID_FIELDS"),
        Code::KeyFieldsSelectInvalidType => case!("KEY_FIELDS_SELECT_INVALID_TYPE"),
        Code::RootQueryUsed => case!("ROOT_QUERY_USED"),
        Code::RootMutationUsed => case!("ROOT_MUTATION_USED"),
        Code::RootSubscriptionUsed => case!("ROOT_SUBSCRIPTION_USED"),
        Code::InvalidSubgraphName => case!("INVALID_SUBGRAPH_NAME"),
        Code::NoQueries => case!("NO_QUERIES"),
        Code::InterfaceFieldNoImplem => case!("INTERFACE_FIELD_NO_IMPLEM"),
        Code::TypeKindMismatch => case!("TYPE_KIND_MISMATCH"),
        Code::ContextNotSet => case!("CONTEXT_NOT_SET"),
        Code::ContextInvalidSelection => case!("CONTEXT_INVALID_SELECTION"),
        Code::NoContextInSelection => case!("NO_CONTEXT_IN_SELECTION"),
        Code::ContextNoResolvableKey => case!("CONTEXT_NO_RESOLVABLE_KEY"),
        Code::ContextNameInvalid => case!("CONTEXT_NAME_INVALID"),
        Code::ExternalTypeMismatch => case!("EXTERNAL_TYPE_MISMATCH"),
        Code::ExternalArgumentMissing => case!("EXTERNAL_ARGUMENT_MISSING"),
        Code::ExternalArgumentTypeMismatch => case!("EXTERNAL_ARGUMENT_TYPE_MISMATCH"),
        Code::ExternalArgumentDefaultMismatch => case!("EXTERNAL_ARGUMENT_DEFAULT_MISMATCH"),
        Code::ExternalOnInterface => case!("EXTERNAL_ON_INTERFACE"),
        Code::MergedDirectiveApplicationOnExternal => {
            case!("MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL")
        }
        Code::FieldTypeMismatch => case!("FIELD_TYPE_MISMATCH"),
        Code::FieldArgumentTypeMismatch => case!("FIELD_ARGUMENT_TYPE_MISMATCH"),
        Code::InputFieldDefaultMismatch => case!("INPUT_FIELD_DEFAULT_MISMATCH"),
        Code::FieldArgumentDefaultMismatch => case!("FIELD_ARGUMENT_DEFAULT_MISMATCH"),
        Code::ExtensionWithNoBase => case!("EXTENSION_WITH_NO_BASE"),
        Code::ExternalMissingOnBase => case!("EXTERNAL_MISSING_ON_BASE"),
        Code::InvalidFieldSharing => case!("INVALID_FIELD_SHARING"),
        Code::InvalidShareableUsage => case!("INVALID_SHAREABLE_USAGE"),
        Code::InvalidLinkDirectiveUsage => case!("INVALID_LINK_DIRECTIVE_USAGE"),
        Code::InvalidLinkIdentifier => case!("INVALID_LINK_IDENTIFIER"),
        Code::LinkImportNameMismatch => case!("LINK_IMPORT_NAME_MISMATCH"),
        Code::ReferencedInaccessible => case!("REFERENCED_INACCESSIBLE"),
        Code::DefaultValueUsesInaccessible => case!("DEFAULT_VALUE_USES_INACCESSIBLE"),
        Code::QueryRootTypeInaccessible => case!("QUERY_ROOT_TYPE_INACCESSIBLE"),
        Code::RequiredInaccessible => case!("REQUIRED_INACCESSIBLE"),
        Code::ImplementedByInaccessible => case!("IMPLEMENTED_BY_INACCESSIBLE"),
        Code::OnlyInaccessibleChildren => case!("ONLY_INACCESSIBLE_CHILDREN"),
        Code::RequiredArgumentMissingInSomeSubgraph => {
            case!("REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH")
        }
        Code::RequiredInputFieldMissingInSomeSubgraph => {
            case!("REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH")
        }
        Code::EmptyMergedInputType => case!("EMPTY_MERGED_INPUT_TYPE"),
        Code::EnumValueMismatch => case!("ENUM_VALUE_MISMATCH"),
        Code::EmptyMergedEnumType => case!("EMPTY_MERGED_ENUM_TYPE"),
        Code::ShareableHasMismatchedRuntimeTypes => case!("SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES"),
        Code::SatisfiabilityError => case!("SATISFIABILITY_ERROR"),
        Code::OverrideCollisionWithAnotherDirective => {
            case!("OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE")
        }
        Code::OverrideFromSelfError => case!("OVERRIDE_FROM_SELF_ERROR"),
        Code::OverrideSourceHasOverride => case!("OVERRIDE_SOURCE_HAS_OVERRIDE"),
        Code::OverrideOnInterface => case!("OVERRIDE_ON_INTERFACE"),
        Code::OverrideLabelInvalid => case!("OVERRIDE_LABEL_INVALID"),
        Code::KeyDirectiveInFieldsArg => case!("KEY_DIRECTIVE_IN_FIELDS_ARG"),
        Code::ProvidesDirectiveInFieldsArg => case!("PROVIDES_DIRECTIVE_IN_FIELDS_ARG"),
        Code::RequiresDirectiveInFieldsArg => case!("REQUIRES_DIRECTIVE_IN_FIELDS_ARG"),
        Code::DirectiveCompositionError => case!("DIRECTIVE_COMPOSITION_ERROR"),
        Code::InterfaceObjectUsageError => case!("INTERFACE_OBJECT_USAGE_ERROR"),
        Code::InterfaceKeyNotOnImplementation => case!("INTERFACE_KEY_NOT_ON_IMPLEMENTATION"),
        Code::InterfaceKeyMissingImplementationType => {
            case!("INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE")
        }
        Code::ContextualArgumentNotContextualInAllSubgraphs => {
            case!("CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS")
        }
        Code::CostAppliedToInterfaceField => case!("COST_APPLIED_TO_INTERFACE_FIELD"),
        Code::ListSizeAppliedToNonList => case!("LIST_SIZE_APPLIED_TO_NON_LIST"),
        Code::ListSizeInvalidAssumedSize => case!("LIST_SIZE_INVALID_ASSUMED_SIZE"),
        Code::ListSizeInvalidSizedField => case!("LIST_SIZE_INVALID_SIZED_FIELD"),
        Code::ListSizeInvalidSlicingArgument => case!("LIST_SIZE_INVALID_SLICING_ARGUMENT"),
        Code::AuthRequirementsAppliedOnInterface => case!("AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE"),
        Code::MissingTransitiveAuthRequirements => case!("MISSING_TRANSITIVE_AUTH_REQUIREMENTS"),
        Code::ExternalCollisionWithAnotherDirective => {
            case!("EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE")
        }
        Code::DisallowedInaccessible => case!("DISALLOWED_INACCESSIBLE"),
        Code::MaxValidationSubgraphPathsExceeded => {
            case!("MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED")
        }
        Code::UnsupportedLinkedFeature
        | Code::UnsupportedFeature
        | Code::InvalidFederationSupergraph
        | Code::DownstreamServiceError => None,
    }
}

/// None for the hints that never arise.
pub(super) fn of_hint(code: HintCode) -> Option<Example> {
    match code {
        HintCode::InconsistentButCompatibleFieldType => {
            hint!("INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE")
        }
        HintCode::InconsistentButCompatibleArgumentType => {
            hint!("INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE")
        }
        HintCode::InconsistentDefaultValuePresence => hint!("INCONSISTENT_DEFAULT_VALUE_PRESENCE"),
        HintCode::InconsistentEntity => hint!("INCONSISTENT_ENTITY"),
        HintCode::InconsistentObjectValueTypeField => hint!("INCONSISTENT_OBJECT_VALUE_TYPE_FIELD"),
        HintCode::InconsistentInterfaceValueTypeField => {
            hint!("INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD")
        }
        HintCode::InconsistentInputObjectField => hint!("INCONSISTENT_INPUT_OBJECT_FIELD"),
        HintCode::InconsistentUnionMember => hint!("INCONSISTENT_UNION_MEMBER"),
        HintCode::InconsistentEnumValueForInputEnum => {
            hint!("INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM")
        }
        HintCode::InconsistentEnumValueForOutputEnum => {
            hint!("INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM")
        }
        HintCode::InconsistentExecutableDirectivePresence => {
            hint!("INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE")
        }
        HintCode::NoExecutableDirectiveIntersection => {
            hint!("NO_EXECUTABLE_DIRECTIVE_INTERSECTION")
        }
        HintCode::InconsistentExecutableDirectiveRepeatable => {
            hint!("INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE")
        }
        HintCode::InconsistentExecutableDirectiveLocations => {
            hint!("INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS")
        }
        HintCode::InconsistentDescription => hint!("INCONSISTENT_DESCRIPTION"),
        HintCode::InconsistentArgumentPresence => hint!("INCONSISTENT_ARGUMENT_PRESENCE"),
        HintCode::FromSubgraphDoesNotExist => hint!("FROM_SUBGRAPH_DOES_NOT_EXIST"),
        HintCode::OverriddenFieldCanBeRemoved => hint!("OVERRIDDEN_FIELD_CAN_BE_REMOVED"),
        HintCode::OverrideDirectiveCanBeRemoved => hint!("OVERRIDE_DIRECTIVE_CAN_BE_REMOVED"),
        HintCode::OverrideMigrationInProgress => hint!("OVERRIDE_MIGRATION_IN_PROGRESS"),
        HintCode::UnusedEnumType => hint!("UNUSED_ENUM_TYPE"),
        HintCode::InconsistentNonRepeatableDirectiveArguments => {
            hint!("INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS")
        }
        HintCode::MergedNonRepeatableDirectiveArguments => {
            hint!("MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS")
        }
        HintCode::DirectiveCompositionInfo => hint!("DIRECTIVE_COMPOSITION_INFO"),
        HintCode::DirectiveCompositionWarn => hint!("DIRECTIVE_COMPOSITION_WARN"),
        HintCode::InconsistentRuntimeTypesForShareableReturn => {
            hint!("INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN")
        }
        HintCode::ImplicitlyUpgradedFederationVersion => {
            hint!("IMPLICITLY_UPGRADED_FEDERATION_VERSION")
        }
        HintCode::ContextualArgumentNotContextualInAllSubgraphs => {
            hint!("CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS")
        }
        HintCode::InconsistentTypeSystemDirectiveRepeatable
        | HintCode::InconsistentTypeSystemDirectiveLocations => None,
    }
}
