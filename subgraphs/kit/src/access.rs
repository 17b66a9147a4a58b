//! Enforces what the printed schema demands.
//!
//! The table of requirements is read from the exported SDL itself, so what is printed is what is
//! enforced; there is no second list that could differ.
//!
//! How a field demands something:
//!
//! ```text
//! #[graphql(requires_scopes = "apps:read")]                                @requiresScopes(scopes: [["apps:read"]])
//! #[graphql(requires_scopes = "apps:read webhooks:read")]                  both
//! #[graphql(requires_scopes = "a", requires_scopes = "b")]                 either
//! #[graphql(directive = access::authenticated::apply())]                   @authenticated
//! #[graphql(directive = access::policy::apply(access::any(&["secret-access"])))]
//! #[graphql(directive = access::requires_scopes::apply(access::any(&["apps:read"])))]
//! ```
//!
//! The last is for fields of `Subscription`, which know no `requires_scopes = …`.
//!
//! Never on a field of an interface: composition would make the requirements of all implementers
//! one. Reading a field through an interface asks for what every implementer's field asks for.

use std::collections::HashMap;

use async_graphql::parser::types::{
    ConstDirective, FieldDefinition, ServiceDocument, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Positioned, TypeDirective, Value};

use crate::error::Code;
use crate::viewer::Caller;

// No doc comments on these: they would be printed before the definitions in the SDL.
#[expect(missing_docs, reason = "a doc comment would enter the printed schema")]
mod directive {
    use super::TypeDirective;

    #[TypeDirective(location = "FieldDefinition", location = "Object")]
    pub fn authenticated() {}

    #[TypeDirective(location = "FieldDefinition", location = "Object")]
    pub fn policy(policies: Vec<Vec<String>>) {}

    #[TypeDirective(name = "requiresScopes", location = "FieldDefinition")]
    pub fn requires_scopes(scopes: Vec<Vec<String>>) {}
}

pub use directive::{authenticated, policy, requires_scopes};

/// The argument of [`policy`] and [`requires_scopes`] that is met by any one of `names`.
#[must_use]
pub fn any(names: &[&str]) -> Vec<Vec<String>> {
    names.iter().map(|&name| vec![name.to_owned()]).collect()
}

/// What a field asks of its viewer.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Requirement {
    authenticated: bool,
    /// Each group must be met; a group is met by all names of any one of its sets.
    scopes: Vec<Vec<Vec<String>>>,
    policies: Vec<Vec<Vec<String>>>,
}

impl Requirement {
    /// Whether a field with this requirement answers everybody.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        !self.authenticated && self.scopes.is_empty() && self.policies.is_empty()
    }

    /// Why the caller may not see the field, if so.
    #[must_use]
    pub fn refuses(&self, caller: &Caller) -> Option<(Code, String)> {
        if self.is_nothing() {
            return None;
        }
        let Caller::Viewer(viewer) = caller else {
            return Some((Code::Unauthenticated, "sign in to see this".to_owned()));
        };
        if let Some(missing) = unmet(&self.scopes, |name| viewer.scopes.contains(name)) {
            return Some((Code::Forbidden, format!("this needs the scope {missing}")));
        }
        if let Some(missing) = unmet(&self.policies, |name| viewer.policies.contains(name)) {
            return Some((Code::Forbidden, format!("this needs the policy {missing}")));
        }
        None
    }

    /// Asks for what both ask for.
    fn and(mut self, other: &Self) -> Self {
        self.authenticated |= other.authenticated;
        for group in &other.scopes {
            if !self.scopes.contains(group) {
                self.scopes.push(group.clone());
            }
        }
        for group in &other.policies {
            if !self.policies.contains(group) {
                self.policies.push(group.clone());
            }
        }
        self
    }

    fn read(directives: &[Positioned<ConstDirective>]) -> Self {
        let mut requirement = Self::default();
        for directive in directives {
            let directive = &directive.node;
            match directive.name.node.as_str() {
                "authenticated" => requirement.authenticated = true,
                "requiresScopes" => requirement.scopes.push(sets(directive, "scopes")),
                "policy" => requirement.policies.push(sets(directive, "policies")),
                _ => {}
            }
        }
        requirement
    }
}

/// The first group of which no set is held completely, as words: "`a` and `b`, or `c`".
fn unmet(groups: &[Vec<Vec<String>>], holds: impl Fn(&str) -> bool) -> Option<String> {
    groups
        .iter()
        .find(|group| !group.iter().any(|set| set.iter().all(|name| holds(name))))
        .map(|group| {
            let sets: Vec<String> = group
                .iter()
                .map(|set| format!("`{}`", set.join("` and `")))
                .collect();
            sets.join(", or ")
        })
}

fn sets(directive: &ConstDirective, argument: &str) -> Vec<Vec<String>> {
    let value = directive
        .get_argument(argument)
        .map_or(&Value::Null, |value| &value.node);
    strings(value).expect("the schema printed a list of lists of strings")
}

fn strings(value: &Value) -> Option<Vec<Vec<String>>> {
    let Value::List(sets) = value else {
        return None;
    };
    let set = |set: &Value| {
        let Value::List(names) = set else {
            return None;
        };
        let name = |name: &Value| match name {
            Value::String(name) => Some(name.clone()),
            _ => None,
        };
        names.iter().map(name).collect()
    };
    sets.iter().map(set).collect()
}

/// The requirements of all fields that have one, by type and field.
#[derive(Clone, Debug, Default)]
pub struct Table(HashMap<String, HashMap<String, Requirement>>);

impl Table {
    /// Reads the requirements from an exported SDL.
    #[must_use]
    pub fn read(sdl: &str) -> Self {
        Self::of(&crate::sdl::parse(sdl))
    }

    fn of(document: &ServiceDocument) -> Self {
        let mut table = Self::default();
        for definition in types(document) {
            let TypeKind::Object(object) = &definition.kind else {
                continue;
            };
            let whole = Requirement::read(&definition.directives);
            let interfaces = object.implements.iter().map(|name| name.node.as_str());
            let names: Vec<&str> = interfaces.collect();
            for field in &object.fields {
                let requirement = Requirement::read(&field.node.directives).and(&whole);
                table.add(&definition.name.node, &field.node, &requirement);
                for interface in &names {
                    table.add(interface, &field.node, &requirement);
                }
            }
        }
        table
    }

    fn add(&mut self, type_name: &str, field: &FieldDefinition, requirement: &Requirement) {
        if requirement.is_nothing() {
            return;
        }
        let fields = self.0.entry(type_name.to_owned()).or_default();
        let known = fields.entry(field.name.node.to_string()).or_default();
        *known = std::mem::take(known).and(requirement);
    }

    /// What a field asks for, if anything.
    #[must_use]
    pub fn requirement(&self, type_name: &str, field: &str) -> Option<&Requirement> {
        self.0.get(type_name)?.get(field)
    }
}

fn types(
    document: &ServiceDocument,
) -> impl Iterator<Item = &async_graphql::parser::types::TypeDefinition> {
    document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some(&definition.node),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo;
    use crate::viewer::{Principal, Viewer};

    const SDL: &str = r#"
interface Thing {
  name: String
}

type Secret implements Thing @authenticated {
  name: String @requiresScopes(scopes: [["a", "b"], ["c"]])
  open: String
}

type Plain implements Thing {
  name: String @policy(policies: [["p"]])
}
"#;

    #[track_caller]
    fn check(field: &str, scopes: &[&str], policies: &[&str], wanted: Option<Code>) {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let caller = Caller::Viewer(Viewer {
            tenant: demo::TENANT,
            principal: Principal::User(demo::USER_OWNER),
            scopes: owned(scopes),
            policies: owned(policies),
            request_id: None,
        });
        let (type_name, field) = field.split_once('.').expect("a type and a field");
        let table = Table::read(SDL);
        let requirement = table.requirement(type_name, field).expect("a requirement");
        let refused = requirement.refuses(&caller).map(|(code, _)| code);
        assert_eq!(refused, wanted, "{type_name}.{field}");
        let nobody = requirement
            .refuses(&Caller::Anonymous)
            .map(|(code, _)| code);
        assert_eq!(nobody, Some(Code::Unauthenticated));
    }

    #[test]
    fn all_names_of_one_set_meet_a_demand() {
        check("Secret.name", &[], &[], Some(Code::Forbidden));
        check("Secret.name", &["a"], &[], Some(Code::Forbidden));
        check("Secret.name", &["a", "b"], &[], None);
        check("Secret.name", &["c"], &[], None);
        check("Plain.name", &["p"], &[], Some(Code::Forbidden));
        check("Plain.name", &[], &["p"], None);
    }

    #[test]
    fn a_demand_of_a_type_is_one_of_its_fields() {
        check("Secret.open", &[], &[], None);
        assert!(Table::read(SDL).requirement("Plain", "other").is_none());
    }

    #[test]
    fn an_interface_asks_for_what_all_its_implementers_ask_for() {
        check("Thing.name", &["c"], &[], Some(Code::Forbidden));
        check("Thing.name", &[], &["p"], Some(Code::Forbidden));
        check("Thing.name", &["c"], &["p"], None);
    }
}
