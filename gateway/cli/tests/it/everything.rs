//! Every field of the graph that the demo reaches, asked for in all ways to come to it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::world::Dev;

/// How far below a root field: enough to come from an app over its events and their customers to
/// lines of invoices, and to change the subgraph on the way up to four times.
const DEPTH: usize = 8;

const SCHEMA: &str = "{ __schema { queryType { name } types {
    kind name possibleTypes { name } fields {
        name
        args { name defaultValue type { kind } }
        type { ...Of }
    }
} } }
fragment Of on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// The types of the graph by their names, as introspection has them.
struct Graph(BTreeMap<String, Value>);

impl Graph {
    fn fields(&self, ty: &str) -> impl Iterator<Item = &Value> {
        self.0[ty]["fields"].as_array().into_iter().flatten()
    }

    /// All there is below a type, without entering a type that is above already.
    fn selection(&self, ty: &str, above: &mut Vec<String>, out: &mut String) {
        above.push(ty.to_owned());
        out.push_str("{ __typename ");
        if self.0[ty]["kind"] == "OBJECT" {
            for field in self.fields(ty) {
                self.field(field, above, out);
            }
        } else {
            let possible = self.0[ty]["possibleTypes"]
                .as_array()
                .expect("an abstract type");
            for (number, possible) in possible.iter().enumerate() {
                let possible = possible["name"].as_str().expect("a name");
                // Fields of one name may differ in type: each member has aliases of its own.
                let mut inner = String::new();
                self.selection(possible, above, &mut inner);
                let _ = write!(out, "... on {possible} {{ m{number}: __typename ");
                out.push_str(inner.trim_start_matches('{'));
            }
        }
        out.push_str("} ");
        above.pop();
    }

    fn field(&self, field: &Value, above: &mut Vec<String>, out: &mut String) {
        let arguments = field["args"].as_array().expect("arguments");
        let needed = |argument: &&Value| {
            argument["type"]["kind"] == "NON_NULL" && argument["defaultValue"].is_null()
        };
        let name = field["name"].as_str().expect("a name");
        let (kind, ty) = named(&field["type"]);
        if arguments.iter().any(|argument| needed(&argument)) {
            return;
        }
        if ["OBJECT", "INTERFACE", "UNION"].contains(&kind) {
            if above.len() < DEPTH && !above.iter().any(|known| known == ty) {
                let few = arguments.iter().any(|argument| argument["name"] == "first");
                let _ = write!(out, "{name}{} ", if few { "(first: 2)" } else { "" });
                self.selection(ty, above, out);
            }
        } else {
            let _ = write!(out, "{name} ");
        }
    }
}

/// The type inside lists and what is not null.
fn named(ty: &Value) -> (&str, &str) {
    match ty["ofType"].is_null() {
        true => (
            ty["kind"].as_str().expect("a kind"),
            ty["name"].as_str().expect("a name"),
        ),
        false => named(&ty["ofType"]),
    }
}

#[tokio::test]
async fn every_way_through_the_demo_is_answered_without_an_error() {
    let dev = Dev::start().await;
    let token = dev.api.token("OWNER").await;
    let schema = dev.api.data(&token, SCHEMA, json!({})).await;
    let types = schema["__schema"]["types"].as_array().expect("types");
    let graph = Graph(
        types
            .iter()
            .map(|ty| (ty["name"].as_str().expect("a name").to_owned(), ty.clone()))
            .collect(),
    );
    let mut asked = 0;
    for field in graph.fields("Query") {
        let mut selection = String::new();
        graph.field(field, &mut vec!["Query".to_owned()], &mut selection);
        if !selection.is_empty() {
            let query = format!("{{ {selection}}}");
            dev.api.data(&token, &query, json!({})).await;
            asked += 1;
        }
    }
    assert!(asked > 12, "only {asked} root fields were asked for");
}
