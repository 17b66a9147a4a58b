//! What each code means: the rule in a few sentences, and where it is written.

use super::specification::Section;
use crate::Code;

/// Every code must choose its rule; a new one does not compile without.
pub(super) fn of(code: Code) -> (Section, &'static str) {
    match code {
        Code::SyntaxError => (
            Section::GraphqlLanguage,
            "A schema must be written in GraphQL's schema definition language. The \
             message says what the parser expected at the place where it stopped.",
        ),
        Code::InvalidGraphql => (
            Section::GraphqlValidation,
            "Before federation adds anything, every subgraph must be a valid GraphQL \
             schema by itself: types that are used exist, interfaces are implemented in \
             full, values fit their types.",
        ),
        Code::DirectiveDefinitionInvalid => (
            Section::Directives,
            "A subgraph may define federation's directives itself, but only as the \
             specification defines them: the same arguments, types and locations, or \
             fewer locations. It is simpler to leave the definition out; it is added.",
        ),
        Code::TypeDefinitionInvalid => (
            Section::Directives,
            "Types that federation or a linked specification brings, such as `_Any` or \
             `link__Purpose`, may be defined by a subgraph only as the specification \
             defines them. It is simpler to leave the definition out; it is added.",
        ),
        Code::UnsupportedLinkedFeature => (
            Section::Link,
            "A feature that is linked `for: SECURITY` or `for: EXECUTION` must be \
             understood by who composes the graph, since ignoring it could change what \
             the graph means.",
        ),
        Code::UnknownFederationLinkVersion => (
            Section::Versions,
            "The version in `@link(url: \"https://specs.apollo.dev/federation/vX.Y\")` \
             must be one that is published. Within 2.x, name the newest version whose \
             features the subgraph uses.",
        ),
        Code::UnknownLinkVersion => (
            Section::Link,
            "The `@link` specification itself is known in version 1.0 only. Subgraphs \
             seldom need to link it; linking federation is enough.",
        ),
        Code::KeyFieldsHasArgs => (
            Section::Key,
            "A key identifies an entity by plain values, so no field in `@key(fields:)` \
             may take arguments: different arguments could give different values for the \
             same entity.",
        ),
        Code::ProvidesFieldsHasArgs => (
            Section::Provides,
            "A field named in `@provides(fields:)` may not take arguments, since the \
             value that is provided could be right for one value of the argument only.",
        ),
        Code::ProvidesFieldsMissingExternal => (
            Section::Provides,
            "`@provides` says that a field which this subgraph cannot resolve in general \
             can be resolved on this one path. So the field must be `@external` here; if \
             the subgraph resolves it everywhere, `@provides` says nothing and should go.",
        ),
        Code::RequiresFieldsMissingExternal => (
            Section::Requires,
            "`@requires` names fields that other subgraphs resolve and this one needs \
             first, so they must be `@external` here. What the subgraph resolves itself \
             needs no `@requires`.",
        ),
        Code::KeyUnsupportedOnInterface => (
            Section::Key,
            "An interface may have a `@key` from federation 2.3 on. Link a newer version, \
             or put the key on each object type.",
        ),
        Code::ProvidesUnsupportedOnInterface => (
            Section::Provides,
            "`@provides` may stand on a field of an object type, not on a field of an \
             interface. Put it on the field in each object type that implements the \
             interface.",
        ),
        Code::RequiresUnsupportedOnInterface => (
            Section::Requires,
            "`@requires` may stand on a field of an object type, not on a field of an \
             interface. Put it on the field in each object type that implements the \
             interface.",
        ),
        Code::ExternalUnused => (
            Section::External,
            "An `@external` field is one that a subgraph mentions without resolving it, \
             so something must mention it: a `@key`, `@requires` or `@provides`, or an \
             interface that the type implements. Otherwise remove the field.",
        ),
        Code::ExternalCollisionWithAnotherDirective => (
            Section::External,
            "An `@external` field is resolved elsewhere, so directives about how this \
             subgraph resolves it contradict it. The rule of the other directive reports \
             the collision where there is one.",
        ),
        Code::TypeWithOnlyUnusedExternal => (
            Section::External,
            "A type of a Federation 1 subgraph whose fields are all `@external` and all \
             unused contributes nothing to the graph. Remove the type, or use its fields \
             in a `@key`, `@requires` or `@provides`.",
        ),
        Code::ProvidesOnNonObjectField => (
            Section::Provides,
            "`@provides(fields:)` selects fields of what the annotated field returns, so \
             that must be an object, interface or union type. A scalar or an enum has no \
             fields to provide.",
        ),
        Code::KeyInvalidFieldsType => (
            Section::Key,
            "The argument `fields` of `@key` is a string that holds a selection of \
             fields, without the outer braces.",
        ),
        Code::ProvidesInvalidFieldsType => (
            Section::Provides,
            "The argument `fields` of `@provides` is a string that holds a selection of \
             fields, without the outer braces.",
        ),
        Code::RequiresInvalidFieldsType => (
            Section::Requires,
            "The argument `fields` of `@requires` is a string that holds a selection of \
             fields, without the outer braces.",
        ),
        Code::KeyInvalidFields => (
            Section::Key,
            "What `@key(fields:)` selects must be valid on the type: the fields exist in \
             this subgraph, and fields with fields of their own say which of them.",
        ),
        Code::ProvidesInvalidFields => (
            Section::Provides,
            "What `@provides(fields:)` selects must be valid on the type that the field \
             returns: the fields are declared in this subgraph, as `@external`, and \
             fields with fields of their own say which of them.",
        ),
        Code::RequiresInvalidFields => (
            Section::Requires,
            "What `@requires(fields:)` selects must be valid on the type that has the \
             field: the fields are declared in this subgraph, as `@external`, and fields \
             with fields of their own say which of them. Their arguments are such as all \
             subgraphs with the field have, and none is left out that one of them demands.",
        ),
        Code::KeyFieldsSelectInvalidType => (
            Section::Key,
            "The fields of a key must identify one entity by value, so they may not be \
             lists, interfaces or unions.",
        ),
        Code::RootQueryUsed => (
            Section::Roots,
            "If the root of queries has another name, no other type of the subgraph may \
             be called `Query`: roots are merged under their standard names.",
        ),
        Code::RootMutationUsed => (
            Section::Roots,
            "If the root of mutations has another name, no other type of the subgraph may \
             be called `Mutation`: roots are merged under their standard names.",
        ),
        Code::RootSubscriptionUsed => (
            Section::Roots,
            "If the root of subscriptions has another name, no other type of the subgraph \
             may be called `Subscription`: roots are merged under their standard names.",
        ),
        Code::InvalidSubgraphName => (
            Section::Errors,
            "A subgraph needs a name that is not reserved; `_` is. Give it another.",
        ),
        Code::NoQueries => (
            Section::Roots,
            "A graph must have something to ask: at least one subgraph needs a `Query` \
             type with a field.",
        ),
        Code::InterfaceFieldNoImplem => (
            Section::Composition,
            "An interface has the fields of all its declarations together, and every type \
             that implements it must have each of them in some subgraph. A field that one \
             subgraph adds to the interface is missing on types that only other subgraphs \
             know.",
        ),
        Code::TypeKindMismatch => (
            Section::Composition,
            "A type must be of one kind everywhere: an object type in one subgraph cannot \
             be an interface, enum or input in another. The exception is an interface \
             that another subgraph declares as an `@interfaceObject`.",
        ),
        Code::ContextNotSet => (
            Section::Context,
            "A `@fromContext` names a context that some type of the same subgraph must \
             set with `@context`.",
        ),
        Code::ContextInvalidSelection => (
            Section::Context,
            "The selection of `@fromContext` must choose exactly one value on every type \
             that sets the context, of the argument's type, without aliases or \
             directives.",
        ),
        Code::NoContextInSelection => (
            Section::Context,
            "The argument of `@fromContext` starts with the context's name after a `$`, \
             followed by a selection: `$name { field }`.",
        ),
        Code::ContextNoResolvableKey => (
            Section::Context,
            "A field with a contextual argument is resolved in a step of its own, so its \
             object type needs a `@key` by which the gateway can come back to it.",
        ),
        Code::ContextNameInvalid => (
            Section::Context,
            "The name of a context is letters and digits and starts with a letter; an \
             underscore is not allowed, since names are combined with one.",
        ),
        Code::ExternalTypeMismatch => (
            Section::External,
            "An `@external` field stands for a field that another subgraph resolves, so \
             it must be declared with the type that it has there.",
        ),
        Code::ExternalArgumentMissing => (
            Section::External,
            "An `@external` field stands for a field that another subgraph resolves, so \
             it must declare the arguments that it has there.",
        ),
        Code::ExternalArgumentTypeMismatch => (
            Section::External,
            "An `@external` field stands for a field that another subgraph resolves, so \
             its arguments must have the types that they have there.",
        ),
        Code::ExternalArgumentDefaultMismatch => (
            Section::External,
            "An `@external` field stands for a field that another subgraph resolves, so \
             its arguments must have the default values that they have there.",
        ),
        Code::ExternalOnInterface => (
            Section::External,
            "A field of an interface is resolved by the types that implement it, so it \
             cannot be `@external` itself. Put `@external` on the fields of those types.",
        ),
        Code::MergedDirectiveApplicationOnExternal => (
            Section::External,
            "Directives that reach the supergraph, such as `@tag` and `@inaccessible`, \
             belong to the subgraph that resolves the field. Put them there, not on the \
             `@external` declaration.",
        ),
        Code::FieldTypeMismatch => (
            Section::Types,
            "A field that several subgraphs resolve must have compatible types: equal, or \
             one a subtype of the other, such as `Int!` of `Int`. The supergraph takes \
             the type that fits all of them.",
        ),
        Code::FieldArgumentTypeMismatch => (
            Section::Types,
            "An argument that several subgraphs declare must have compatible types: \
             equal, or different only in what may be null. The supergraph takes the \
             stricter one.",
        ),
        Code::InputFieldDefaultMismatch => (
            Section::Composition,
            "A field of an input type must have the same default value wherever it has \
             one: what a client leaves out must mean the same to every subgraph.",
        ),
        Code::FieldArgumentDefaultMismatch => (
            Section::Composition,
            "An argument must have the same default value wherever it has one: what a \
             client leaves out must mean the same to every subgraph.",
        ),
        Code::ExtensionWithNoBase => (
            Section::Composition,
            "A type that is only extended (`extend type`, or `@extends`) must be defined \
             by some subgraph. In Federation 2 simply write `type`.",
        ),
        Code::ExternalMissingOnBase => (
            Section::External,
            "A field must be resolved by some subgraph; if every subgraph that has it \
             marks it `@external`, nobody answers for it.",
        ),
        Code::InvalidFieldSharing => (
            Section::Shareable,
            "A field that more than one subgraph resolves must be `@shareable` in each of \
             them, as a promise that they all give the same answer. Otherwise keep it in \
             one subgraph, mark it `@external` where it is only mentioned, or move it \
             with `@override`.",
        ),
        Code::InvalidShareableUsage => (
            Section::Shareable,
            "`@shareable` is for object types and their fields, once for each \
             declaration: a field of an interface is not resolved by itself, so nobody \
             can share it.",
        ),
        Code::InvalidLinkDirectiveUsage => (
            Section::Link,
            "A `@link` imports elements that the linked version has, each once, and \
             renames a directive to a directive and a type to a type. The message says \
             which import does not.",
        ),
        Code::InvalidLinkIdentifier => (
            Section::Link,
            "The URL of a `@link` ends with a name and a version such as `/audit/v1.2`; \
             names are GraphQL names without two underscores in a row or one at the end.",
        ),
        Code::LinkImportNameMismatch => (
            Section::Link,
            "A directive that is merged into the supergraph must be imported under one \
             name in all subgraphs, since it has one name there.",
        ),
        Code::ReferencedInaccessible => (
            Section::Inaccessible,
            "What is in the API may not refer to what `@inaccessible` hides: a visible \
             field whose type is hidden has no type. Hide the field as well, or show the \
             type.",
        ),
        Code::DefaultValueUsesInaccessible => (
            Section::Inaccessible,
            "A default value in the API may not use an enum value or input field that \
             `@inaccessible` hides, since clients could not write it.",
        ),
        Code::QueryRootTypeInaccessible => (
            Section::Inaccessible,
            "The root of queries cannot be hidden as a whole: without it there is no API. \
             Hide its fields instead.",
        ),
        Code::RequiredInaccessible => (
            Section::Inaccessible,
            "A required argument or input field cannot be hidden while what it belongs to \
             is visible: clients could not give it. Make it optional, or give it a \
             default value.",
        ),
        Code::DisallowedInaccessible => (
            Section::Inaccessible,
            "The types and directives that specifications bring cannot be hidden by a \
             subgraph; they are not in the API anyway.",
        ),
        Code::ImplementedByInaccessible => (
            Section::Inaccessible,
            "A field that implements a visible interface's field cannot be hidden: the \
             type would no longer implement the interface. Hide both, or neither.",
        ),
        Code::OnlyInaccessibleChildren => (
            Section::Inaccessible,
            "A visible type must have something visible in it. If everything in it is \
             hidden, hide the type.",
        ),
        Code::RequiredArgumentMissingInSomeSubgraph => (
            Section::Composition,
            "Arguments are merged by intersection, so one that a subgraph does not \
             declare leaves the API. If it is required elsewhere, that subgraph could \
             never be called: declare it everywhere, or make it optional.",
        ),
        Code::RequiredInputFieldMissingInSomeSubgraph => (
            Section::Composition,
            "Input fields are merged by intersection, so one that a subgraph does not \
             declare leaves the API. If it is required elsewhere, that subgraph could \
             never be called: declare it everywhere, or make it optional.",
        ),
        Code::EmptyMergedInputType => (
            Section::Composition,
            "Input types are merged by intersection, so that every subgraph understands \
             all that a client may send. If the subgraphs have no field in common, \
             nothing is left.",
        ),
        Code::EnumValueMismatch => (
            Section::Composition,
            "An enum that is used for input and for output must have the same values in \
             every subgraph: it can neither lose a value that may be returned nor gain \
             one that is not understood.",
        ),
        Code::EmptyMergedEnumType => (
            Section::Composition,
            "Enums that are only input are merged by intersection, so that every subgraph \
             understands all that a client may send. If the subgraphs have no value in \
             common, nothing is left.",
        ),
        Code::ShareableHasMismatchedRuntimeTypes => (
            Section::Shareable,
            "A shared field may be resolved by any of its subgraphs, so if it returns an \
             interface or union, they must have at least one possible type in common.",
        ),
        Code::SatisfiabilityError => (
            Section::Composition,
            "Everything the API offers must be reachable: from every place where a client \
             can stand, the gateway must have a way to a subgraph that resolves the \
             field, through keys whose fields it can get. The message shows the shortest \
             query that has no way, and what is missing in each subgraph; most often a \
             `@key` is.",
        ),
        Code::OverrideCollisionWithAnotherDirective => (
            Section::Override,
            "A field cannot be moved with `@override` if it is `@external`, or if the \
             declaration it is taken from has a `@requires` or `@provides`: those say how \
             it is resolved, and would be lost.",
        ),
        Code::OverrideFromSelfError => (
            Section::Override,
            "`@override(from:)` names the subgraph that a field is taken from; that must \
             be another one.",
        ),
        Code::OverrideSourceHasOverride => (
            Section::Override,
            "A field can be moved once only: if the subgraph it is taken from takes it \
             from a third, it is not clear who resolves it.",
        ),
        Code::OverrideOnInterface => (
            Section::Override,
            "A field of an interface is not resolved by itself, so it cannot be moved. \
             Put `@override` on the fields of the object types.",
        ),
        Code::OverrideLabelInvalid => (
            Section::Override,
            "The label of an `@override` is `percent(n)` with n from 0 to 100, or a name \
             that starts with a letter and has letters, digits and `_ - : . /` only.",
        ),
        Code::UnsupportedFeature => (
            Section::Errors,
            "The graph uses something published that composition does not support. \
             Everything that is published today is supported.",
        ),
        Code::InvalidFederationSupergraph => (
            Section::Errors,
            "A file that is read as a supergraph is not one: it lacks the definitions of \
             the join specification. Compose it anew from its subgraphs.",
        ),
        Code::DownstreamServiceError => (
            Section::Errors,
            "A subgraph could not be asked for its schema, or answered with errors.",
        ),
        Code::KeyDirectiveInFieldsArg => (
            Section::Key,
            "The fields of a key are always there, so the selection in `@key(fields:)` \
             may not have directives such as `@skip`.",
        ),
        Code::ProvidesDirectiveInFieldsArg => (
            Section::Provides,
            "What is provided is always provided, so the selection in \
             `@provides(fields:)` may not have directives such as `@include`.",
        ),
        Code::RequiresDirectiveInFieldsArg => (
            Section::Requires,
            "What is required is always required, so the selection in \
             `@requires(fields:)` may not have directives such as `@skip`.",
        ),
        Code::DirectiveCompositionError => (
            Section::ComposeDirective,
            "`@composeDirective` names a directive that comes from a specification of \
             one's own: linked and imported with `@link`, defined in the subgraph, with \
             the same name and major version everywhere.",
        ),
        Code::InterfaceObjectUsageError => (
            Section::InterfaceObject,
            "An `@interfaceObject` stands for an interface of another subgraph: it needs \
             a `@key`, that other subgraph must define the interface, and a subgraph that \
             has the stand-in may not define any type that implements the interface.",
        ),
        Code::InterfaceKeyNotOnImplementation => (
            Section::InterfaceObject,
            "A `@key` on an interface says that every type which implements it can be \
             found by that key, so each of them must have that key as well.",
        ),
        Code::InterfaceKeyMissingImplementationType => (
            Section::InterfaceObject,
            "A subgraph with a resolvable `@key` on an interface answers for all of its \
             entities, so it must know every type that implements the interface anywhere \
             in the graph.",
        ),
        Code::ContextualArgumentNotContextualInAllSubgraphs => (
            Section::Context,
            "An argument that is filled by `@fromContext` is not in the API, so no \
             subgraph may require a client to give it: elsewhere it must be contextual \
             too, or optional or have a default value.",
        ),
        Code::CostAppliedToInterfaceField => (
            Section::Cost,
            "The cost of an interface's field is the greatest of the fields that \
             implement it, so `@cost` stands on those and not on the interface's field.",
        ),
        Code::ListSizeAppliedToNonList => (
            Section::Cost,
            "`@listSize` tells how long a list may become, so the field must return a \
             list, or name the lists in what it returns with `sizedFields`.",
        ),
        Code::ListSizeInvalidAssumedSize => (
            Section::Cost,
            "The `assumedSize` of a `@listSize` is a number of items: zero or more.",
        ),
        Code::ListSizeInvalidSizedField => (
            Section::Cost,
            "`sizedFields` of a `@listSize` names lists among the fields of what the \
             field returns.",
        ),
        Code::ListSizeInvalidSlicingArgument => (
            Section::Cost,
            "`slicingArguments` of a `@listSize` names arguments of the field that say \
             how many items a client wants: they exist, and are `Int` or `Int!`.",
        ),
        Code::MaxValidationSubgraphPathsExceeded => (
            Section::Errors,
            "Proving that every field can be reached took more steps than composition \
             allows itself. Fewer alternative keys between the same subgraphs make it \
             simpler.",
        ),
        Code::AuthRequirementsAppliedOnInterface => (
            Section::Auth,
            "`@authenticated`, `@requiresScopes` and `@policy` stand on object types, \
             their fields, scalars and enums. Interfaces get what the types that \
             implement them demand.",
        ),
        Code::MissingTransitiveAuthRequirements => (
            Section::Auth,
            "A field that is computed from others by `@requires` or `@fromContext` must \
             demand at least what those demand; otherwise it would hand out what its \
             reader may not see.",
        ),
    }
}
