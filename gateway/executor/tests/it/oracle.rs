//! Random operations: what the gateway makes of four subgraphs is what one service answers.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use apollo_compiler::response::JsonMap;
use apollo_compiler::schema::{ExtendedType, FieldDefinition};
use apollo_compiler::{ExecutableDocument, Schema};
use executor::{Answer, Fetch};
use futures_util::StreamExt;
use planner::plan::{OperationKind, Plan};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::random::Random;
use crate::script::variables;
use crate::world::{Day, Trouble, World};

/// Seeds that every run tries; the variable `SEEDS` asks for more.
const SEEDS: u64 = 100;

/// Deep enough to come back to where it started through three subgraphs.
const DEPTH_MAX: usize = 5;

static WORLD: LazyLock<World> = LazyLock::new(World::new);

/// Writes an operation.
struct Writer<'s> {
    random: Random,
    schema: &'s Schema,
    /// Every field gets a response key of its own, so that no two conflict.
    keys: usize,
    fields: usize,
    repetition: Repetition,
}

/// Whether a field may be asked for twice at one object.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Repetition {
    Allowed,
    /// The gateway asks a subgraph once for both, so what is null in one is null in the other.
    Forbidden,
}

impl Writer<'_> {
    fn operation(&mut self) -> String {
        let kinds = [
            ("query", "Query"),
            ("query", "Query"),
            ("mutation", "Mutation"),
            ("subscription", "Subscription"),
        ];
        let (kind, root) = self.random.pick(&kinds);
        let selections = self.selections(root, DEPTH_MAX, &mut BTreeSet::new());
        let declared: Vec<&str> = ["$yes: Boolean!", "$no: Boolean!"]
            .into_iter()
            .filter(|variable| selections.contains(&variable[..variable.len() - 10]))
            .collect();
        let declared = match declared.is_empty() {
            true => String::new(),
            false => format!("({})", declared.join(", ")),
        };
        format!("{kind}{declared} {{{selections} }}")
    }

    fn selections(&mut self, ty: &str, depth: usize, seen: &mut BTreeSet<String>) -> String {
        let mut out = String::new();
        let count = 1 + self.random.below(4);
        for _ in 0..count {
            self.selection(ty, depth, seen, &mut out);
        }
        if out.is_empty() {
            out.push_str(" __typename");
        }
        out
    }

    fn selection(&mut self, ty: &str, depth: usize, seen: &mut BTreeSet<String>, out: &mut String) {
        let fields: Vec<FieldDefinition> = match &self.schema.types[ty] {
            ExtendedType::Object(object) => {
                object.fields.values().map(|f| (***f).clone()).collect()
            }
            ExtendedType::Interface(interface) => {
                interface.fields.values().map(|f| (***f).clone()).collect()
            }
            _ => Vec::new(),
        };
        let is_abstract = ["Node", "Thing"].contains(&ty);
        if is_abstract && self.random.one_in(2) || fields.is_empty() {
            let concrete = self.random.pick(&["Product", "Shelf"]);
            if depth > 0 {
                let condition = self.condition();
                let selections = self.selections(concrete, depth - 1, seen);
                write!(out, " ... on {concrete}{condition} {{{selections} }}").unwrap();
            }
            return;
        }
        if self.random.one_in(8) {
            out.push_str(" __typename");
            return;
        }
        let field = self.random.pick(&fields);
        let inner = field.ty.inner_named_type().as_str();
        let is_leaf = matches!(
            &self.schema.types[inner],
            ExtendedType::Scalar(_) | ExtendedType::Enum(_)
        );
        if !is_leaf && (depth == 0 || self.fields > 60) {
            return;
        }
        let is_new = seen.insert(field.name.to_string());
        if !is_new && self.repetition == Repetition::Forbidden {
            return;
        }
        self.fields += 1;
        self.keys += 1;
        if self.random.one_in(4) || !field.arguments.is_empty() || !is_leaf || self.keys > 5 {
            write!(out, " k{}:", self.keys).unwrap();
        }
        write!(out, " {}", field.name).unwrap();
        let argument = field.arguments.first();
        if let Some(argument) = argument
            && (argument.ty.is_non_null() || self.random.one_in(2))
        {
            let value = match argument.ty.inner_named_type().as_str() {
                "Boolean" => "true",
                "ID" => "\"id#1\"",
                _ => "3",
            };
            write!(out, "({}: {value})", argument.name).unwrap();
        }
        out.push_str(&self.condition());
        if !is_leaf {
            let selections = self.selections(inner, depth - 1, &mut BTreeSet::new());
            write!(out, " {{{selections} }}").unwrap();
        }
    }

    fn condition(&mut self) -> String {
        match self.random.below(12) {
            0 => " @include(if: $yes)".to_owned(),
            1 => " @skip(if: $yes)".to_owned(),
            2 => " @include(if: $no)".to_owned(),
            3 => " @skip(if: $no)".to_owned(),
            _ => String::new(),
        }
    }
}

fn seeds() -> Range<u64> {
    let asked = std::env::var("SEEDS").ok();
    0..asked.map_or(SEEDS, |asked| asked.parse().unwrap())
}

/// Path and message of each error.
fn errors(errors: &Value) -> BTreeSet<(String, String)> {
    let errors = errors.as_array().map(Vec::as_slice).unwrap_or_default();
    let error = |error: &Value| {
        let message = error["message"].as_str().unwrap().to_owned();
        (error["path"].to_string(), message)
    };
    errors.iter().map(error).collect()
}

struct Body {
    data: String,
    errors: Value,
}

impl Body {
    fn parse(bytes: &[u8]) -> Self {
        let body: indexmap::IndexMap<String, &RawValue> = serde_json::from_slice(bytes).unwrap();
        let errors = body.get("errors").map_or("null", |errors| errors.get());
        Self {
            data: body["data"].get().to_owned(),
            errors: serde_json::from_str(errors).unwrap(),
        }
    }
}

/// The answer to an operation, or to the one event of a subscription.
async fn answer(plan: Plan, variables: &JsonMap, day: &Arc<Day<'static>>) -> Answer {
    let graph = &WORLD.supergraph;
    if plan.kind != OperationKind::Subscription {
        return executor::execute(&plan, graph, variables, &**day).await;
    }
    let variables = Arc::new(variables.clone());
    let fetch: Arc<dyn Fetch> = Arc::clone(day) as _;
    let answers = executor::subscribe(Arc::new(plan), Arc::clone(graph), variables, fetch).await;
    let mut answers: Vec<Answer> = answers.unwrap().collect().await;
    assert_eq!(answers.len(), 1);
    answers.remove(0)
}

/// Whether the seed makes a valid operation.
async fn check(seed: u64, trouble: Trouble) -> bool {
    let schema = WORLD.supergraph.api_schema();
    let mut writer = Writer {
        random: Random::new(seed),
        schema,
        keys: 0,
        fields: 0,
        repetition: match trouble {
            Trouble::Nothing | Trouble::Nulls | Trouble::Down(_) => Repetition::Allowed,
            Trouble::Everything => Repetition::Forbidden,
        },
    };
    let text = writer.operation();
    // Two fields with one response key may still conflict; such an operation is nobody's.
    let Ok(document) = ExecutableDocument::parse_and_validate(schema, &text, "operation") else {
        return false;
    };
    let variables: JsonMap = variables(json!({"yes": true, "no": false}));
    let day = Arc::new(WORLD.day(seed, trouble));
    let expected = day.whole(&document, &variables);
    let options = planner::Options::default();
    let plan = planner::plan(&WORLD.supergraph, &document, None, &options)
        .unwrap_or_else(|error| panic!("{seed}: {error}: {text}"));
    let answer = answer(plan, &variables, &day).await;
    let seen = Body::parse(&answer.body);
    let requests = || day.requests.lock().unwrap().join("\n");
    let data = serde_json::to_string(&expected.data).unwrap();
    let wanted = serde_json::to_value(&expected.errors).unwrap();
    assert_eq!(
        seen.data,
        data,
        "{seed}: {text}\n{}\nerrors {}\nwanted {wanted}",
        requests(),
        seen.errors
    );
    match trouble {
        // One service stops at the first error of an object that becomes null, and tells an error
        // at more than a hundred paths.
        Trouble::Down(_) => {
            let paths = |errors: BTreeSet<(String, String)>| -> BTreeSet<String> {
                errors.into_iter().map(|(path, _)| path).collect()
            };
            let is_cut = answer.body.windows(9).any(|window| window == b"morePaths");
            let (told, wanted) = (paths(errors(&seen.errors)), paths(errors(&wanted)));
            assert!(
                is_cut || wanted.is_subset(&told),
                "{seed}: {text}\n{told:?}\n{wanted:?}"
            );
            // What nobody needed may fail as well; if the subgraph said why, that has no path.
            let without = BTreeSet::from(["null".to_owned()]);
            assert!(
                !wanted.is_empty() || told.is_subset(&without),
                "{seed}: {text}"
            );
        }
        // One service stops at the first error of an object that becomes null; which one that is
        // depends on who resolves it.
        Trouble::Everything => {
            assert_eq!(
                seen.errors.is_null(),
                expected.errors.is_empty(),
                "{seed}: {text}"
            );
        }
        Trouble::Nothing | Trouble::Nulls => {
            assert_eq!(
                errors(&seen.errors),
                errors(&wanted),
                "{seed}: {text}\n{}",
                requests()
            );
        }
    }
    true
}

async fn check_seeds(trouble: Trouble) {
    let mut valid = 0;
    for seed in seeds() {
        valid += u64::from(check(seed, trouble).await);
    }
    assert!(valid * 2 > seeds().end, "only {valid} operations are valid");
}

#[tokio::test]
async fn answers_are_those_of_one_service() {
    check_seeds(Trouble::Nothing).await;
}

#[tokio::test]
async fn nulls_and_errors_are_those_of_one_service() {
    check_seeds(Trouble::Nulls).await;
}

#[tokio::test]
async fn null_propagates_as_in_one_service() {
    check_seeds(Trouble::Everything).await;
}

#[tokio::test]
async fn a_subgraph_that_is_down_fails_each_of_its_fields() {
    check_seeds(Trouble::Down("people")).await;
    check_seeds(Trouble::Down("stock")).await;
}
