//! What each hint means: what was seen, what composition made of it, and what one may change.

use super::specification::Section;
use crate::HintCode;

/// Every hint must choose its text; a new one does not compile without.
pub(super) fn of(code: HintCode) -> (Section, &'static str) {
    match code {
        HintCode::InconsistentButCompatibleFieldType => (
            Section::Types,
            "Subgraphs give a field types that differ but fit together. The supergraph \
             takes the type that all of them satisfy: for what is returned the wider one, \
             for what is given the narrower.",
        ),
        HintCode::InconsistentButCompatibleArgumentType => (
            Section::Types,
            "Subgraphs give an argument types that differ but fit together. The \
             supergraph demands what the strictest of them demands, so that every \
             subgraph can be asked.",
        ),
        HintCode::InconsistentDefaultValuePresence => (
            Section::Types,
            "An argument or input field has a default value in some subgraphs and none in \
             others. The supergraph has none, since the others would not apply it.",
        ),
        HintCode::InconsistentEntity => (
            Section::Key,
            "A type has a `@key` in some subgraphs and none in others. Those without can \
             return it but cannot be asked for more of it; give it a key there if the \
             gateway should be able to.",
        ),
        HintCode::InconsistentObjectValueTypeField => (
            Section::Types,
            "A type without a key has a field in some subgraphs only. Clients can ask for \
             it only where such a subgraph returns the type; define the field everywhere, \
             or give the type a key.",
        ),
        HintCode::InconsistentInterfaceValueTypeField => (
            Section::Types,
            "An interface has a field in some subgraphs only. The supergraph's interface \
             has it, so every type that implements the interface must have it somewhere.",
        ),
        HintCode::InconsistentInputObjectField => (
            Section::Types,
            "An optional field of an input type is missing in some subgraphs. Clients \
             cannot give it at all, since those subgraphs would not understand it; add it \
             there to offer it.",
        ),
        HintCode::InconsistentUnionMember => (
            Section::Types,
            "A union has a member in some subgraphs only. Clients see all members; make \
             sure that those subgraphs never have to return the missing one.",
        ),
        HintCode::InconsistentEnumValueForInputEnum => (
            Section::Types,
            "An enum that clients give as input has a value in some subgraphs only. \
             Clients cannot give it, since the others would refuse it; add the value \
             everywhere to offer it.",
        ),
        HintCode::InconsistentEnumValueForOutputEnum => (
            Section::Types,
            "An enum that is only returned has a value in some subgraphs only. Clients \
             may see every value that any subgraph has.",
        ),
        HintCode::InconsistentTypeSystemDirectiveRepeatable => (
            Section::Hints,
            "A directive of schemas is `repeatable` in some subgraphs only. It is \
             published but no longer given.",
        ),
        HintCode::InconsistentTypeSystemDirectiveLocations => (
            Section::Hints,
            "A directive of schemas has different locations in different subgraphs. It is \
             published but no longer given.",
        ),
        HintCode::InconsistentExecutableDirectivePresence => (
            Section::Hints,
            "A directive of operations is defined in some subgraphs only. Clients cannot \
             use it: it would mean nothing to the others. Define it everywhere, or \
             nowhere.",
        ),
        HintCode::NoExecutableDirectiveIntersection => (
            Section::Hints,
            "A directive of operations has no location that all subgraphs know, so \
             clients cannot use it anywhere. Give its definitions a common location.",
        ),
        HintCode::InconsistentExecutableDirectiveRepeatable => (
            Section::Hints,
            "A directive of operations is `repeatable` in some subgraphs only. Clients \
             may use it once in a place, which all of them allow.",
        ),
        HintCode::InconsistentExecutableDirectiveLocations => (
            Section::Hints,
            "A directive of operations has different locations in different subgraphs. \
             Clients may use it where all of them allow it.",
        ),
        HintCode::InconsistentDescription => (
            Section::Hints,
            "Something is described differently in different subgraphs. The supergraph \
             takes the commonest text, the first of equals; give it the same text \
             everywhere to choose.",
        ),
        HintCode::InconsistentArgumentPresence => (
            Section::Types,
            "An optional argument is missing in some of the subgraphs that resolve the \
             field. Clients cannot give it, since those subgraphs would not heed it; add \
             it there to offer it.",
        ),
        HintCode::FromSubgraphDoesNotExist => (
            Section::Override,
            "`@override(from:)` names a subgraph that the graph does not have. Nothing is \
             taken over; correct the name, or remove the directive if that subgraph is \
             gone for good.",
        ),
        HintCode::OverriddenFieldCanBeRemoved => (
            Section::Override,
            "Another subgraph has taken over a field by `@override`, so nobody asks for \
             it here any more. Remove it, or mark it `@external` if a key or another \
             directive still names it.",
        ),
        HintCode::OverrideDirectiveCanBeRemoved => (
            Section::Override,
            "The subgraph that `@override(from:)` names no longer resolves the field, so \
             there is nothing to take over. Remove the directive.",
        ),
        HintCode::OverrideMigrationInProgress => (
            Section::Override,
            "A field is moving from one subgraph to another by `@override` with a \
             `label`, which decides request by request. When all requests go to the new \
             subgraph, remove the label, then the old field.",
        ),
        HintCode::UnusedEnumType => (
            Section::Types,
            "An enum is used by no field, argument or input field. The supergraph has it \
             with all of its values; remove it if nobody needs it.",
        ),
        HintCode::InconsistentNonRepeatableDirectiveArguments => (
            Section::Hints,
            "A directive that may stand only once in a place stands there in several \
             subgraphs, with different arguments. The supergraph takes the commonest, the \
             first of equals.",
        ),
        HintCode::MergedNonRepeatableDirectiveArguments => (
            Section::Hints,
            "A directive that may stand only once in a place stands there in several \
             subgraphs, with different arguments, and has a rule to merge those: the \
             highest cost, for example, or all demands for access together.",
        ),
        HintCode::DirectiveCompositionInfo => (
            Section::ComposeDirective,
            "Something about `@composeDirective` is odd but does no harm: subgraphs link \
             different major versions of a specification that not all of them compose, or \
             one composes a directive that is composed anyway.",
        ),
        HintCode::DirectiveCompositionWarn => (
            Section::ComposeDirective,
            "A subgraph imports a composed directive under another name and does not \
             compose it. As soon as it does, the names must agree; import it under the \
             same name now.",
        ),
        HintCode::InconsistentRuntimeTypesForShareableReturn => (
            Section::Shareable,
            "Several subgraphs resolve a shared field that returns an interface or a \
             union, and they know different types of it. All must return the same for the \
             same object, so the field should never return what only some know.",
        ),
        HintCode::ImplicitlyUpgradedFederationVersion => (
            Section::Versions,
            "A subgraph links a specification that came with a newer version of \
             federation than the one it links. It is treated as if it linked the newer; \
             link that version to say so.",
        ),
        HintCode::ContextualArgumentNotContextualInAllSubgraphs => (
            Section::Context,
            "An argument is filled by `@fromContext` in some of the subgraphs that \
             resolve the field, and is optional in the others. Clients cannot give it; \
             the others are asked without it.",
        ),
    }
}
