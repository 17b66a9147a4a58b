//! Any sender that signs: the whole body is one event. It may name its kind in `type` and its
//! identity in `id`.

use serde_json::Value;

use super::{BadBody, Inbound, dedupe_key, text};
use crate::domain::channel::platform_id;

pub(super) fn read(body: Value) -> Result<Vec<Inbound>, BadBody> {
    if !body.is_object() {
        return Err(BadBody::Shape("the body is not an object"));
    }
    let kind = text(&body, &["type"]).and_then(platform_id).filter(|kind| {
        kind.split('.').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        })
    });
    Ok(vec![Inbound {
        kind: kind.unwrap_or("generic.received").to_owned(),
        dedupe_key: dedupe_key("id", text(&body, &["id"]), "", &body),
        occurred_at: text(&body, &["timestamp"]).and_then(|time| time.parse().ok()),
        sender: None,
        payload: body,
    }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_body_may_name_its_kind_and_identity() {
        let body = json!({"type": "order.paid", "id": "o-1", "timestamp": "2026-01-01T00:00:00Z"});
        let event = read(body).expect("a body").remove(0);
        assert_eq!(
            (event.kind.as_str(), event.dedupe_key.as_str()),
            ("order.paid", "id:o-1")
        );
        assert!(event.occurred_at.is_some());

        let event = read(json!({"type": "Order Paid!"}))
            .expect("a body")
            .remove(0);
        assert_eq!(event.kind, "generic.received");
        assert!(event.dedupe_key.starts_with("sha256:"));
        assert!(read(json!([])).is_err());
    }
}
