//! JSON as BSON and back, value by value.
//!
//! The driver's own conversions read an object such as `{"$date": "…"}` as an instant; a client's
//! free JSON would then come back changed, or not at all.

use mongodb::bson::{Bson, Document as BsonDocument};
use serde_json::{Map, Number, Value as Json};

/// A number that BSON cannot hold: an integer above `i64::MAX`.
#[derive(Debug, thiserror::Error)]
#[error("the number {0} is too large for the store")]
pub(super) struct TooLarge(Number);

/// A value that no JSON becomes; somebody else has written it.
#[derive(Debug, thiserror::Error)]
#[error("a value is no JSON")]
pub(super) struct NoJson;

/// The recursion ends with the JSON, which serde nests at most 128 deep.
pub(super) fn to_bson(json: Json) -> Result<Bson, TooLarge> {
    Ok(match json {
        Json::Null => Bson::Null,
        Json::Bool(value) => Bson::Boolean(value),
        Json::String(text) => Bson::String(text),
        Json::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(value), _, _) => Bson::Int64(value),
            (None, None, Some(value)) => Bson::Double(value),
            _ => return Err(TooLarge(number)),
        },
        Json::Array(values) => {
            let values: Result<Vec<_>, _> = values.into_iter().map(to_bson).collect();
            Bson::Array(values?)
        }
        Json::Object(fields) => {
            let mut document = BsonDocument::new();
            for (name, value) in fields {
                document.insert(name, to_bson(value)?);
            }
            Bson::Document(document)
        }
    })
}

pub(super) fn from_bson(bson: Bson) -> Result<Json, NoJson> {
    Ok(match bson {
        Bson::Null => Json::Null,
        Bson::Boolean(value) => Json::Bool(value),
        Bson::String(text) => Json::String(text),
        Bson::Int32(value) => Json::from(value),
        Bson::Int64(value) => Json::from(value),
        Bson::Double(value) => Number::from_f64(value).map(Json::Number).ok_or(NoJson)?,
        Bson::Array(values) => {
            let values: Result<Vec<_>, _> = values.into_iter().map(from_bson).collect();
            Json::Array(values?)
        }
        Bson::Document(fields) => {
            let mut object = Map::new();
            for (name, value) in fields {
                object.insert(name, from_bson(value)?);
            }
            Json::Object(object)
        }
        _ => return Err(NoJson),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str) {
        let json: Json = serde_json::from_str(text).expect("JSON");
        let bson = to_bson(json.clone()).expect("it fits");
        assert_eq!(from_bson(bson).expect("it was JSON"), json);
    }

    #[test]
    fn json_comes_back_as_it_went() {
        check(r#"{"$date":"no instant","$oid":1,"a.b":{"":[]}}"#);
        check(r#"[null,true,-9223372036854775808,9223372036854775807,2.5,"é"]"#);
        let huge = serde_json::json!(u64::MAX);
        assert!(to_bson(huge).is_err());
    }
}
