//! Access, tested over a whole schema without knowing it.
//!
//! [`Walk`] reads the exported SDL and asks for everything that it finds there:
//!
//! - every field that demands something, by a viewer who has nothing and by nobody at all;
//! - every field that takes an id, and every entity, with ids of another tenant and with ids that
//!   were never given: the answers must be the same bytes.

mod schema;

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};

use self::schema::{Field, Operation, Sdl, Wanted};
use super::gateway::{Answer, Gateway, viewer, with_policies};
use crate::access::Table;
use crate::demo;
use crate::id::{TenantId, UserId};
use crate::viewer::Caller;

/// How long a subscription may stay silent until it counts as silent.
const SILENCE: Duration = Duration::from_millis(100);

/// One entity type's ids to ask for.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The type's name.
    pub type_name: &'static str,
    /// The id of one that belongs to [`demo::TENANT`].
    pub own: String,
    /// The id of one that belongs to [`demo::OTHER_TENANT`].
    pub foreign: String,
}

impl Sample {
    /// A sample of one type.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "an id is two words, and callers have it by value"
    )]
    pub fn new(type_name: &'static str, own: impl ToString, foreign: impl ToString) -> Self {
        Self {
            type_name,
            own: own.to_string(),
            foreign: foreign.to_string(),
        }
    }
}

/// A walk over one subgraph's schema.
pub struct Walk<'a> {
    gateway: &'a Gateway,
    sdl: Sdl,
    table: Table,
    samples: Vec<Sample>,
    except: Vec<&'static str>,
}

impl<'a> Walk<'a> {
    /// A walk over the schema `sdl` of the subgraph behind `gateway`, whose store has the `samples`.
    #[must_use]
    pub fn new(gateway: &'a Gateway, sdl: &str, samples: Vec<Sample>) -> Self {
        Self {
            gateway,
            sdl: Sdl::read(sdl),
            table: Table::read(sdl),
            samples,
            except: Vec::new(),
        }
    }

    /// Leaves out `Type` or `Type.field`. `reason` says why that is right.
    #[must_use]
    pub fn except(mut self, name: &'static str, reason: &'static str) -> Self {
        assert!(!reason.is_empty(), "an exception has a reason");
        self.except.push(name);
        self
    }

    /// Both walks.
    ///
    /// # Panics
    ///
    /// If the subgraph fails either; the message names every field that does.
    pub async fn check(&self) {
        self.samples_are_real().await;
        let mut failures = self.open_to_empty_scopes().await;
        failures.extend(self.foreign_differs_from_unknown().await);
        assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
    }

    /// A sample that does not exist would prove nothing.
    async fn samples_are_real(&self) {
        for sample in &self.samples {
            for (tenant, id) in [
                (demo::TENANT, &sample.own),
                (demo::OTHER_TENANT, &sample.foreign),
            ] {
                let answer = self.entity(&self.all(tenant), sample.type_name, id).await;
                let found = &answer.json()["data"]["_entities"][0];
                assert!(
                    found.is_object(),
                    "the sample {} {id} does not exist in its tenant",
                    sample.type_name
                );
            }
        }
    }

    async fn open_to_empty_scopes(&self) -> Vec<String> {
        let empty = viewer(demo::TENANT, demo::USER_MEMBER, &[]);
        let mut failures = Vec::new();
        for (type_name, field) in self.sdl.fields() {
            let name = format!("{type_name}.{}", field.name);
            let Some(requirement) = self.table.requirement(type_name, &field.name) else {
                continue;
            };
            if self.is_excepted(type_name, &name) {
                continue;
            }
            for caller in [&empty, &Caller::Anonymous] {
                let Some((code, _)) = requirement.refuses(caller) else {
                    continue;
                };
                let Some(operation) = self.reach(type_name, field, None) else {
                    failures.push(format!("{name}: give a sample of {type_name}"));
                    break;
                };
                let answer = self.run(caller, &operation).await;
                let refused = answer["errors"].as_array().is_some_and(|errors| {
                    errors.iter().any(|error| {
                        error["extensions"]["code"] == code.as_str()
                            && is_on_the_way(&error["path"], &operation.path)
                    })
                });
                if !refused || !at(&answer["data"], &operation.path).is_null() {
                    failures.push(format!(
                        "{name} is not refused with {}: {answer}",
                        code.as_str()
                    ));
                }
            }
        }
        failures
    }

    async fn foreign_differs_from_unknown(&self) -> Vec<String> {
        let all = self.all(demo::TENANT);
        let mut failures = Vec::new();
        for type_name in self.sdl.entities() {
            if self.is_excepted(type_name, type_name) {
                continue;
            }
            let Some(sample) = self.sample(type_name) else {
                failures.push(format!("{type_name}: give a sample of it"));
                continue;
            };
            let foreign = self.entity(&all, type_name, &sample.foreign).await;
            let unknown = self
                .entity(&all, type_name, &unknown(&sample.foreign))
                .await;
            if foreign.body != unknown.body {
                failures.push(format!(
                    "entity {type_name} of another tenant answers {:?}, an unknown one {:?}",
                    foreign.body, unknown.body
                ));
            }
        }
        for (type_name, field) in self.sdl.fields() {
            let name = format!("{type_name}.{}", field.name);
            if !self.sdl.takes_id(field) || self.is_excepted(type_name, &name) {
                continue;
            }
            for sample in &self.samples {
                let ask = async |id: &str| {
                    let operation = self.reach(type_name, field, Some(id))?;
                    Some(self.run(&all, &operation).await.to_string())
                };
                let foreign = ask(&sample.foreign).await;
                if foreign != ask(&unknown(&sample.foreign)).await {
                    failures.push(format!(
                        "{name} tells a foreign {} from an unknown one: {foreign:?}",
                        sample.type_name
                    ));
                }
            }
        }
        failures
    }

    fn is_excepted(&self, type_name: &str, name: &str) -> bool {
        self.except
            .iter()
            .any(|&except| except == type_name || except == name)
    }

    fn sample(&self, type_name: &str) -> Option<&Sample> {
        self.samples
            .iter()
            .find(|sample| sample.type_name == type_name)
    }

    /// An operation that resolves a field: at a root, or of the sample of its type.
    fn reach(&self, type_name: &str, field: &Field, id: Option<&str>) -> Option<Operation> {
        let wanted = Wanted { id };
        if self.sdl.is_root(type_name) {
            return Some(self.sdl.at_root(type_name, field, &wanted));
        }
        let sample = self.sample(type_name)?;
        Some(self.sdl.of_entity(type_name, &sample.own, field, &wanted))
    }

    async fn run(&self, caller: &Caller, operation: &Operation) -> Value {
        let variables = operation.variables.clone();
        if !operation.is_subscription {
            let answer = self.gateway.ask(caller, &operation.text, variables).await;
            return valid(&operation.text, &answer).json();
        }
        let mut events = self
            .gateway
            .subscribe(caller, &operation.text, variables)
            .await;
        match tokio::time::timeout(SILENCE, events.next()).await {
            Ok(Some(answer)) => answer,
            Ok(None) => json!("completed"),
            Err(_) => json!("silent"),
        }
    }

    async fn entity(&self, caller: &Caller, type_name: &str, id: &str) -> Answer {
        let selection = self.sdl.selection(type_name);
        let text = format!(
            "query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on {type_name} {selection} }} }}"
        );
        let variables = json!({ "r": [{ "__typename": type_name, "id": id }] });
        let answer = self.gateway.ask(caller, &text, variables).await;
        valid(&text, &answer).clone()
    }

    /// Somebody in `tenant` who may do everything that the schema asks for.
    fn all(&self, tenant: TenantId) -> Caller {
        let (scopes, policies) = self.sdl.demands();
        let names = |names: &BTreeSet<String>| -> Vec<String> { names.iter().cloned().collect() };
        let (scopes, policies) = (names(&scopes), names(&policies));
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let policies: Vec<&str> = policies.iter().map(String::as_str).collect();
        let user: UserId = if tenant == demo::TENANT {
            demo::USER_OWNER
        } else {
            demo::OTHER_USER
        };
        with_policies(viewer(tenant, user, &scopes), &policies)
    }
}

/// An operation that is refused as a whole would prove nothing about its fields.
fn valid<'a>(text: &str, answer: &'a Answer) -> &'a Answer {
    let json = answer.json();
    let errors = json["errors"].as_array().map(Vec::as_slice);
    let whole = errors
        .unwrap_or_default()
        .iter()
        .find(|error| error.get("path").is_none());
    assert!(whole.is_none(), "{text}\nis not answered: {whole:?}");
    answer
}

/// An id of the same kind that was never given: the same text with other random bits.
fn unknown(id: &str) -> String {
    let end = id.len() - 4;
    let (kept, changed) = id.split_at(end);
    let other = if changed == "zzzz" { "yyyy" } else { "zzzz" };
    format!("{kept}{other}")
}

fn at<'v>(data: &'v Value, path: &Value) -> &'v Value {
    let segments = path.as_array().map(Vec::as_slice).unwrap_or_default();
    segments.iter().fold(data, |value, segment| match segment {
        Value::String(name) => &value[name.as_str()],
        Value::Number(index) => {
            let index = index.as_u64().and_then(|index| usize::try_from(index).ok());
            index.map_or(&Value::Null, |index| &value[index])
        }
        _ => &Value::Null,
    })
}

/// Whether an error stands at the field or at an object above it: an entity that is nobody's for an
/// anonymous client refuses all its fields at once.
fn is_on_the_way(error: &Value, field: &Value) -> bool {
    let (Some(error), Some(field)) = (error.as_array(), field.as_array()) else {
        return false;
    };
    !error.is_empty() && field.starts_with(error)
}
