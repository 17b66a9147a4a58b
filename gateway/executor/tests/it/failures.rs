//! Subgraphs that fail, in each of their ways.

use bytes::Bytes;
use executor::{FetchError, FetchOutcome, Response};
use planner::plan::OperationKind;
use serde_json::{Value, json};

use crate::plans::{
    Build, Fields, Shop, entities, from, leaf, object, part, root_part, slot, two_parts,
};
use crate::script::{Script, assert_answer, catalog, check, execute};

fn stock() -> Value {
    json!({"data": {"_entities": [{"stock": 1}, {"stock": 2}, {"stock": 3}]}})
}

/// The price of each product fails with this, and so does the stock that requires it.
fn without_prices(message: &str, code: &str) -> Value {
    let errors: Vec<Value> = (0..3)
        .flat_map(|index| ["price", "stock"].map(|field| (index, field)))
        .map(|(index, field)| {
            json!({
                "message": message,
                "path": ["products", index, field],
                "extensions": {"code": code, "serviceName": "prices"},
            })
        })
        .collect();
    json!({
        "data": {"products": [
            {"name": "Chair", "price": null, "stock": null},
            {"name": "Table", "price": null, "stock": null},
            {"name": "Lamp", "price": null, "stock": null},
        ]},
        "errors": errors,
    })
}

fn response(status: u16, content_type: Option<&str>, body: &[u8]) -> Result<Response, FetchError> {
    Ok(Response {
        status,
        content_type: content_type.map(str::to_owned),
        body: Bytes::copy_from_slice(body),
    })
}

#[track_caller]
fn check_prices(
    result: Result<Response, FetchError>,
    message: &str,
    code: &str,
) -> impl Future<Output = ()> {
    let script = catalog().ends("prices", result);
    let expected = without_prices(message, code);
    async move { check(&Shop::default().plan(), &script, expected).await }
}

#[tokio::test]
async fn a_subgraph_that_is_down_takes_only_its_fields() {
    let down = FetchError::Connect("10.0.0.7 refused".to_owned());
    check_prices(
        Err(down),
        "the subgraph `prices` cannot be reached",
        "SUBREQUEST_FAILED",
    )
    .await;
    check_prices(
        Err(FetchError::Timeout),
        "the subgraph `prices` did not answer in time",
        "SUBREQUEST_TIMEOUT",
    )
    .await;
}

#[tokio::test]
async fn a_bad_status_without_a_graphql_body_is_a_failure() {
    let refused = "the subgraph `prices` refused to answer";
    for result in [
        response(502, Some("text/html"), b"<h1>secret proxy</h1>"),
        response(500, Some("application/json"), b"{\"reason\":\"secret\"}"),
        response(500, None, b""),
        response(404, None, b"[]"),
    ] {
        check_prices(result, refused, "SUBREQUEST_FAILED").await;
    }
}

#[tokio::test]
async fn a_body_that_is_no_graphql_response_is_a_failure() {
    let whole = br#"{"data":{"_entities":[{"price":1},{"price":2},{"price":3}]}}"#;
    let odd = "the subgraph `prices` gave no GraphQL response";
    for result in [
        response(200, Some("text/html"), whole),
        response(200, Some("application/json"), &whole[..40]),
        response(200, Some("application/json"), b"{\"data\":\"\xff\"}"),
        response(200, None, b"{}"),
        response(200, None, b"{\"data\":null}"),
        response(200, None, b"{\"data\":null,\"errors\":[]}"),
        response(200, None, b"null"),
    ] {
        check_prices(result, odd, "SUBREQUEST_FAILED").await;
    }
}

#[tokio::test]
async fn a_bad_status_with_a_graphql_body_is_a_response() {
    let body = br#"{"data":{"_entities":[{"price":1},{"price":2},{"price":3}]}}"#;
    let script = catalog()
        .ends(
            "prices",
            response(500, Some("application/graphql-response+json"), body),
        )
        .says("stock", &stock());
    let answer = execute(&Shop::default().plan(), &script, json!({})).await;
    assert_eq!(answer.errors, 0);

    let body = br#"{"errors":[{"message":"sold","extensions":{"code":"CLOSED"}}]}"#;
    check_prices(
        response(400, Some("Application/JSON"), body),
        "sold",
        "CLOSED",
    )
    .await;
}

#[tokio::test]
async fn fewer_entities_fail_and_more_are_ignored() {
    let script = catalog()
        .says(
            "prices",
            &json!({"data": {"_entities": [{"price": 1}, {"price": 2}]}}),
        )
        .says(
            "stock",
            &json!({"data": {"_entities": [{"stock": 1}, {"stock": 2}, {"stock": 9}]}}),
        );
    let mut expected = without_prices(
        "the subgraph `prices` gave less than it was asked for",
        "SUBGRAPH_MISMATCH",
    );
    expected["data"]["products"][0] = json!({"name": "Chair", "price": 1, "stock": 1});
    expected["data"]["products"][1] = json!({"name": "Table", "price": 2, "stock": 2});
    expected["errors"] = expected["errors"].as_array().unwrap()[4..].into();
    check(&Shop::default().plan(), &script, expected).await;
}

#[tokio::test]
async fn entities_of_a_wrong_kind_fail() {
    for entities in [json!(null), json!("x"), json!({"price": 1})] {
        let script = catalog().says("prices", &json!({"data": {"_entities": entities}}));
        let expected = without_prices(
            "the subgraph `prices` gave less than it was asked for",
            "SUBGRAPH_MISMATCH",
        );
        check(&Shop::default().plan(), &script, expected).await;
    }
}

#[tokio::test]
async fn a_failed_root_fetch_leaves_its_fields_null() {
    let script = Script::default().ends("catalog", Err(FetchError::Timeout));
    let expected = json!({
        "data": {"products": null},
        "errors": [{
            "message": "the subgraph `catalog` did not answer in time",
            "path": ["products"],
            "extensions": {"code": "SUBREQUEST_TIMEOUT", "serviceName": "catalog"},
        }],
    });
    check(&Shop::default().plan(), &script, expected).await;
}

#[tokio::test]
async fn values_of_a_wrong_kind_are_null_with_an_error() {
    let script = catalog()
        .sends(
            "prices",
            r#"{"data":{"_entities":[{"price":"10"},{"price":2147483648},{"price":3}]}}"#,
        )
        .says("stock", &stock());
    let error = |index: u32| {
        json!({
            "message": "`price` has a value that its type does not allow",
            "path": ["products", index, "price"],
            "extensions": {"code": "UNEXPECTED_VALUE", "serviceName": "prices"},
        })
    };
    let expected = json!({
        "data": {"products": [
            {"name": "Chair", "price": null, "stock": 1},
            {"name": "Table", "price": null, "stock": 2},
            {"name": "Lamp", "price": 3, "stock": 3},
        ]},
        "errors": [error(0), error(1)],
    });
    check(&Shop::default().plan(), &script, expected).await;
}

#[tokio::test]
async fn objects_behind_a_list_that_should_be_an_object_are_themselves() {
    let product = |id: &str| json!({"_id": id, "name": id});
    let products = json!([product("1"), [product("2"), product("3")], product("4")]);
    let entities = |field: &str| {
        let entities: Vec<Value> = (1..=4).map(|value| json!({field: value})).collect();
        json!({"data": {"_entities": entities}})
    };
    let script = Script::default()
        .says("catalog", &json!({"data": {"products": products}}))
        .says("prices", &entities("price"))
        .says("stock", &entities("stock"));
    let expected = json!({
        "data": {"products": [
            {"name": "1", "price": 1, "stock": 1},
            null,
            {"name": "4", "price": 4, "stock": 4},
        ]},
        "errors": [{
            "message": "`products` has a value that its type does not allow",
            "path": ["products", 1],
            "extensions": {"code": "UNEXPECTED_VALUE", "serviceName": "catalog"},
        }],
    });
    check(&Shop::default().plan(), &script, expected).await;
}

#[tokio::test]
async fn an_object_where_a_list_should_be_is_null_with_an_error() {
    for products in [json!({"_id": "1", "name": "x"}), json!("x"), json!([["x"]])] {
        let script = Script::default()
            .says("catalog", &json!({"data": {"products": products}}))
            .says("prices", &json!({"data": {"_entities": [null]}}))
            .says("stock", &json!({"data": {"_entities": [null]}}));
        let answer = execute(&Shop::default().plan(), &script, json!({})).await;
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(
            body["errors"][0]["extensions"]["code"], "UNEXPECTED_VALUE",
            "{body}"
        );
        assert_eq!(answer.errors, 1);
    }
}

fn lists() -> Script {
    Script::default().says(
        "lists",
        &json!({"data": {"products": [{"_id": 1}, {"_id": 2}], "users": [{"_id": 3}]}}),
    )
}

#[tokio::test]
async fn parts_that_fell_together_are_asked_one_by_one() {
    let script = lists()
        .says(
            "names",
            &json!({"data": null, "errors": [{"message": "all fell"}]}),
        )
        .says(
            "names",
            &json!({"data": {"_e0": [{"name": "A"}, {"name": "B"}], "_e1": []}}),
        )
        .says(
            "names",
            &json!({"data": null, "errors": [{"message": "no users"}]}),
        );
    let expected = json!({
        "data": {"products": [{"name": "A"}, {"name": "B"}], "users": [{"name": null}]},
        "errors": [{
            "message": "no users",
            "path": ["users", 0, "name"],
            "extensions": {"code": "SUBGRAPH_ERROR", "serviceName": "names"},
        }],
    });
    let answer = execute(&two_parts(OperationKind::Query), &script, json!({})).await;
    assert_answer(&answer, &expected);
    let variables: Vec<Value> = script.asked()[1..]
        .iter()
        .map(|asked| asked.body["variables"].clone())
        .collect();
    let users = json!([{"__typename": "User", "id": 3}]);
    let products = json!([{"__typename": "Product", "id": 1}, {"__typename": "Product", "id": 2}]);
    assert_eq!(variables[0], json!({"r_e0": products, "r_e1": users}));
    assert_eq!(variables[1], json!({"r_e0": products, "r_e1": []}));
    assert_eq!(variables[2], json!({"r_e0": [], "r_e1": users}));
    let outcomes: Vec<FetchOutcome> = answer.fetches.iter().map(|fetch| fetch.outcome).collect();
    assert_eq!(
        outcomes,
        [
            FetchOutcome::Complete,
            FetchOutcome::Failed,
            FetchOutcome::Complete,
            FetchOutcome::Failed
        ]
    );
}

#[tokio::test]
async fn nothing_is_asked_again_for_a_mutation() {
    let script = lists().says(
        "names",
        &json!({"data": null, "errors": [{"message": "fell"}]}),
    );
    let answer = execute(&two_parts(OperationKind::Mutation), &script, json!({})).await;
    assert_eq!(answer.errors, 3);
    assert_eq!(script.asked().len(), 2);
    assert_eq!(script.asked()[1].kind, OperationKind::Mutation);
}

#[tokio::test]
async fn a_part_without_objects_is_asked_for_nothing() {
    let script = Script::default()
        .says(
            "lists",
            &json!({"data": {"products": [], "users": [{"_id": 3}]}}),
        )
        .says(
            "names",
            &json!({"data": null, "errors": [{"message": "fell"}]}),
        );
    let answer = execute(&two_parts(OperationKind::Query), &script, json!({})).await;
    assert_eq!(answer.errors, 1);
    assert_eq!(script.asked().len(), 2, "one part alone is not asked again");
}

#[tokio::test]
async fn unknown_types_make_objects_null() {
    let mut plan = Shop::default().plan();
    plan.nodes[1].typename = planner::plan::Typename::Read {
        from: from(0, 1),
        possible: ["Chair".into(), "Table".into()].into(),
    };
    let script = catalog()
        .says(
            "prices",
            &json!({"data": {"_entities": [{"price": 1}, {"price": 2}]}}),
        )
        .says(
            "stock",
            &json!({"data": {"_entities": [{"stock": 1}, {"stock": 2}]}}),
        );
    let expected = json!({
        "data": {"products": [
            {"name": "Chair", "price": 1, "stock": 1}, {"name": "Table", "price": 2, "stock": 2}, null,
        ]},
        "errors": [{
            "message": "the type of an object is not known",
            "path": ["products", 2],
            "extensions": {"code": "UNEXPECTED_TYPE"},
        }],
    });
    check(&plan, &script, expected).await;
    assert_eq!(script.representations("prices")[1]["__typename"], "Table");
}

#[tokio::test]
async fn an_object_that_does_not_say_its_type_is_null() {
    let mut plan = Shop::default().plan();
    plan.nodes[1].typename = planner::plan::Typename::Read {
        from: from(0, 1),
        possible: ["Chair".into(), "Table".into()].into(),
    };
    for product in [json!({"_id": "1", "name": null}), json!({"_id": "1"})] {
        let script = Script::default().says("catalog", &json!({"data": {"products": [product]}}));
        let expected = json!({
            "data": {"products": [null]},
            "errors": [{
                "message": "the type of an object is not known",
                "path": ["products", 0],
                "extensions": {"code": "UNEXPECTED_TYPE"},
            }],
        });
        check(&plan, &script, expected).await;
    }
}

#[tokio::test]
async fn answers_that_multiply_beyond_a_limit_are_refused() {
    let mut build = Build::new(OperationKind::Query);
    let product = build.shape(&[("_id", None)]);
    let query = build.shape(&[("products", Some(product))]);
    let item = build.shape(&[("name", None)]);
    let items = build.shape(&[("related", Some(item))]);
    let root = build.node(None, "Query", &[part(0, 0)]);
    let products = build.node(Some(root), "Product", &[slot(0, 0), part(1, 0)]);
    let related = build.node(Some(products), "Product", &[slot(1, 0)]);
    build.fetch("catalog", &[], vec![root_part(root, query)]);
    let key = Fields::key("id", 0, 0);
    build.fetch("b", &[0], vec![entities(products, items, "_entities", key)]);
    let item = build.select(related, vec![leaf("name", from(0, 0), "String")]);
    let product = build.select(products, vec![object("related", from(1, 0), "[P]", item)]);
    let root = build.select(root, vec![object("products", from(0, 0), "[P]", product)]);
    let plan = build.root(root);
    // One entity with 1,500 others, at 1,500 places.
    let products: Vec<Value> = (0..1_500).map(|_| json!({"_id": 1})).collect();
    let related: Vec<Value> = (0..1_500).map(|_| json!({"name": "n"})).collect();
    let script = Script::default()
        .says("catalog", &json!({"data": {"products": products}}))
        .says("b", &json!({"data": {"_entities": [{"related": related}]}}));
    let expected = json!({
        "data": null,
        "errors": [{"message": "the answer is too large", "extensions": {"code": "ANSWER_TOO_LARGE"}}],
    });
    check(&plan, &script, expected).await;
}
