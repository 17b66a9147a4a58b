//! The WhatsApp Business platform: `entry[].changes[].value`, which lists messages from people and
//! changes in the status of messages to them.
//!
//! The shapes are those of the [Cloud API](https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components).
//! An event's payload is a `value` with exactly one message or one status.

use serde_json::{Map, Value};

use super::{BadBody, Inbound, content_key, dedupe_key, entries, instant, take_list, text, word};
use crate::domain::channel::{ChannelKind, Sender, platform_id};

/// Times are seconds, written as text.
const SECOND_MICROS: i64 = 1_000_000;

pub(super) fn read(body: Value) -> Result<Vec<Inbound>, BadBody> {
    let mut events = Vec::new();
    for mut entry in entries(body, "whatsapp_business_account")? {
        let time = instant(entry.get("time"), SECOND_MICROS);
        let account = text(&entry, &["id"]).unwrap_or_default().to_owned();
        for mut change in take_list(&mut entry, "changes") {
            let field = text(&change, &["field"]).map_or_else(|| "unknown".to_owned(), word);
            let mut value = change.get_mut("value").map(Value::take).unwrap_or_default();
            let messages = take_list(&mut value, "messages");
            let statuses = take_list(&mut value, "statuses");
            if messages.is_empty() && statuses.is_empty() {
                events.push(Inbound {
                    kind: format!("whatsapp.{field}"),
                    dedupe_key: content_key(&format!("{account} {field} {time:?}"), &value),
                    occurred_at: time,
                    sender: None,
                    payload: value,
                });
                continue;
            }
            events.extend(messages.into_iter().map(|item| message(&value, item)));
            events.extend(statuses.into_iter().map(|item| status(&value, item)));
        }
    }
    Ok(events)
}

fn message(value: &Value, item: Value) -> Inbound {
    let kind = match text(&item, &["type"]) {
        Some("reaction") => "message.reaction",
        Some("button" | "interactive") => "message.postback",
        _ => "message.received",
    };
    Inbound {
        kind: kind.to_owned(),
        dedupe_key: dedupe_key("message", text(&item, &["id"]), phone(value), &item),
        occurred_at: instant(item.get("timestamp"), SECOND_MICROS),
        sender: sender(value, text(&item, &["from"])),
        payload: alone(value, "messages", item),
    }
}

fn status(value: &Value, item: Value) -> Inbound {
    let state = text(&item, &["status"]).map_or_else(|| "unknown".to_owned(), word);
    // One message goes through several states, each told once.
    let prefix = format!("status.{state}");
    Inbound {
        dedupe_key: dedupe_key(&prefix, text(&item, &["id"]), phone(value), &item),
        kind: format!("message.{state}"),
        occurred_at: instant(item.get("timestamp"), SECOND_MICROS),
        sender: sender(value, text(&item, &["recipient_id"])),
        payload: alone(value, "statuses", item),
    }
}

/// The number that was written to.
fn phone(value: &Value) -> &str {
    text(value, &["metadata", "phone_number_id"]).unwrap_or_default()
}

fn sender(value: &Value, person: Option<&str>) -> Option<Sender> {
    Some(Sender {
        channel: ChannelKind::Whatsapp,
        scope: platform_id(phone(value))?.to_owned(),
        value: person.and_then(platform_id)?.to_owned(),
    })
}

/// The `value` that would have come if `item` had happened alone.
fn alone(value: &Value, list: &str, item: Value) -> Value {
    let person = text(&item, &["from"]).or_else(|| text(&item, &["recipient_id"]));
    let mut payload = Map::new();
    for name in ["messaging_product", "metadata"] {
        if let Some(member) = value.get(name) {
            payload.insert(name.to_owned(), member.clone());
        }
    }
    if let Some(contacts) = value.get("contacts").and_then(Value::as_array) {
        let theirs = contacts
            .iter()
            .filter(|contact| text(contact, &["wa_id"]) == person)
            .cloned()
            .collect();
        payload.insert("contacts".to_owned(), Value::Array(theirs));
    }
    payload.insert(list.to_owned(), Value::Array(vec![item]));
    Value::Object(payload)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn body(value: &Value) -> Value {
        json!({"object": "whatsapp_business_account", "entry": [
            {"id": "waba", "changes": [{"field": "messages", "value": value}]},
        ]})
    }

    #[test]
    fn messages_and_statuses_are_events_of_their_own() {
        let events = read(body(&json!({
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "49301234", "phone_number_id": "555"},
            "contacts": [{"profile": {"name": "Ada"}, "wa_id": "491701"}, {"wa_id": "491702"}],
            "messages": [
                {"from": "491701", "id": "wamid.1", "timestamp": "1700000000", "type": "text", "text": {"body": "hi"}},
                {"from": "491702", "id": "wamid.2", "timestamp": "1700000001", "type": "image", "image": {"id": "i"}},
            ],
            "statuses": [{"id": "wamid.0", "status": "read", "timestamp": "1700000002", "recipient_id": "491701"}],
        })))
        .expect("a body");
        let keys: Vec<_> = events
            .iter()
            .map(|event| (event.kind.as_str(), event.dedupe_key.as_str()))
            .collect();
        assert_eq!(
            keys,
            [
                ("message.received", "message:wamid.1"),
                ("message.received", "message:wamid.2"),
                ("message.read", "status.read:wamid.0"),
            ]
        );
        assert_eq!(
            events[0].payload,
            json!({
                "messaging_product": "whatsapp",
                "metadata": {"display_phone_number": "49301234", "phone_number_id": "555"},
                "contacts": [{"profile": {"name": "Ada"}, "wa_id": "491701"}],
                "messages": [{"from": "491701", "id": "wamid.1", "timestamp": "1700000000", "type": "text", "text": {"body": "hi"}}],
            })
        );
        let sender = events[2].sender.as_ref().expect("the reader");
        assert_eq!(
            (sender.scope.as_str(), sender.value.as_str()),
            ("555", "491701")
        );
    }

    #[test]
    fn any_other_change_is_one_event() {
        let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "waba", "time": 1_700_000_000, "changes": [
            {"field": "account_update", "value": {"event": "VERIFIED_ACCOUNT"}},
        ]}]});
        let events = read(body).expect("a body");
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].kind, "whatsapp.account_update");
        assert_eq!(events[0].payload, json!({"event": "VERIFIED_ACCOUNT"}));
    }
}
