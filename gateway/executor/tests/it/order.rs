//! The order of the answer where it depends on many variables.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::graph;
use crate::script::{Script, assert_answer, variables};

const TYPES: &str = r#"
enum join__Graph { ONE @join__graph(name: "one", url: "") }
type Query @join__type(graph: ONE) { x: Int y: Int z: Int }
"#;

/// Each field has so many places, each under two variables of its own: there are far more ways to
/// stand nowhere than a plan would list.
const PLACES: usize = 8;

#[tokio::test]
async fn a_field_stands_where_it_first_applies() {
    let names = ["x", "y", "z"];
    let (mut head, mut body) = (String::new(), String::new());
    for place in 0..PLACES {
        for name in names {
            let _ = write!(
                head,
                "$in_{name}{place}: Boolean! $not_{name}{place}: Boolean! "
            );
            let conditions =
                format!("@include(if: $in_{name}{place}) @skip(if: $not_{name}{place})");
            let _ = write!(body, "{name} {conditions} ");
        }
    }
    let (graph, plan) = graph::plan(TYPES, &format!("query ({head}) {{ {body} }}"));
    for seed in 0..200_u64 {
        let mut values = Map::new();
        let mut expected = Map::new();
        // One in eight places applies, so that first places are spread.
        let mut bits = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut next = |one_in: u64| {
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            bits % one_in == 0
        };
        for place in 0..PLACES {
            for (value, name) in names.iter().enumerate() {
                let (included, skipped) = (next(4), next(2));
                values.insert(format!("in_{name}{place}"), json!(included));
                values.insert(format!("not_{name}{place}"), json!(skipped));
                if included && !skipped {
                    expected.entry(*name).or_insert(json!(value));
                }
            }
        }
        let data = json!({"x": 0, "y": 1, "z": 2});
        let script = Script::default().says("one", &json!({ "data": data }));
        let values = variables(Value::Object(values));
        let answer = executor::execute(&plan, &graph, &values, &script).await;
        assert_answer(&answer, &json!({ "data": expected }));
    }
}
