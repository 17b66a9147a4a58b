//! Messenger and Instagram: `entry[].messaging[]`, of which every item is one happening between one
//! person and one page or account, and `entry[].changes[]` for everything else.
//!
//! The shapes are those of the [Messenger platform](https://developers.facebook.com/docs/messenger-platform/reference/webhook-events).

use serde_json::Value;

use super::{BadBody, Inbound, content_key, dedupe_key, entries, instant, take_list, text, word};
use crate::domain::channel::{ChannelKind, Sender, platform_id};

/// Which of the two products that share this form.
#[derive(Clone, Copy, Debug)]
pub(super) enum Platform {
    Page,
    Instagram,
}

impl Platform {
    const fn object(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Instagram => "instagram",
        }
    }

    const fn channel(self) -> ChannelKind {
        match self {
            Self::Page => ChannelKind::Messenger,
            Self::Instagram => ChannelKind::Instagram,
        }
    }
}

/// Times in `messaging` and `entry.time` are milliseconds.
const MILLISECOND_MICROS: i64 = 1_000;

/// The member that tells what a `messaging` item is about, and the name of its events. The order
/// matters where an item has two: a message that came with a referral is a message.
const KINDS: [(&str, &str); 9] = [
    ("message", "message.received"),
    ("postback", "message.postback"),
    ("reaction", "message.reaction"),
    ("message_edit", "message.edited"),
    ("delivery", "message.delivered"),
    ("read", "message.read"),
    ("optin", "contact.optin"),
    ("referral", "contact.referral"),
    ("account_linking", "contact.account_linking"),
];

pub(super) fn read(platform: Platform, body: Value) -> Result<Vec<Inbound>, BadBody> {
    let mut events = Vec::new();
    for mut entry in entries(body, platform.object())? {
        let account = match entry.get("id") {
            Some(Value::String(id)) => id.clone(),
            // Old versions of the platform write the id as a number.
            Some(Value::Number(id)) => id.to_string(),
            _ => return Err(BadBody::Shape("an entry has no `id`")),
        };
        let account = platform_id(&account).ok_or(BadBody::Shape("an entry's `id` is no id"))?;
        let time = instant(entry.get("time"), MILLISECOND_MICROS);
        // Items of a conversation that another app handles at the moment arrive in `standby`.
        for list in ["messaging", "standby"] {
            for item in take_list(&mut entry, list) {
                events.push(Inbound {
                    occurred_at: instant(item.get("timestamp"), MILLISECOND_MICROS).or(time),
                    ..happening(platform, account, item)
                });
            }
        }
        for change in take_list(&mut entry, "changes") {
            let field = text(&change, &["field"]).map_or_else(|| "unknown".to_owned(), word);
            events.push(Inbound {
                kind: format!("{}.{field}", platform.object()),
                // Two likes of one post can be equal in all but their entry's time.
                dedupe_key: content_key(&format!("{account} {:?}", entry.get("time")), &change),
                occurred_at: time,
                sender: None,
                payload: change,
            });
        }
    }
    Ok(events)
}

fn happening(platform: Platform, account: &str, item: Value) -> Inbound {
    let (member, kind) = KINDS
        .into_iter()
        .find(|(member, _)| item.get(member).is_some())
        .unwrap_or(("", "message.unknown"));
    let is_echo = item
        .get("message")
        .and_then(|message| message.get("is_echo"));
    let is_echo = is_echo.and_then(Value::as_bool).unwrap_or(false);
    let kind = if is_echo { "message.echo" } else { kind };
    // Only these two have an id of their own; a `mid` elsewhere names the message that a reaction
    // or an edit is about.
    let id = match member {
        "message" | "postback" => text(&item, &[member, "mid"]),
        _ => None,
    };
    let sender = text(&item, &["sender", "id"])
        .and_then(platform_id)
        .filter(|id| !is_echo && *id != account)
        .map(|id| Sender {
            channel: platform.channel(),
            scope: account.to_owned(),
            value: id.to_owned(),
        });
    Inbound {
        kind: kind.to_owned(),
        dedupe_key: dedupe_key(member, id, account, &item),
        occurred_at: None,
        sender,
        payload: item,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn summary(events: &[Inbound]) -> Vec<(&str, &str, Option<&str>)> {
        events
            .iter()
            .map(|event| {
                let sender = event.sender.as_ref().map(|sender| sender.value.as_str());
                (event.kind.as_str(), event.dedupe_key.as_str(), sender)
            })
            .collect()
    }

    #[test]
    fn every_item_of_every_entry_is_an_event() {
        let body = json!({"object": "page", "entry": [
            {"id": "100", "time": 1_700_000_000_000_i64, "messaging": [
                {"sender": {"id": "7"}, "recipient": {"id": "100"}, "timestamp": 1_700_000_000_123_i64,
                 "message": {"mid": "m_1", "text": "hi"}},
                {"sender": {"id": "100"}, "recipient": {"id": "7"}, "timestamp": 1_700_000_000_124_i64,
                 "message": {"mid": "m_2", "is_echo": true, "text": "hello"}},
            ]},
            {"id": 100, "time": 1_700_000_000_000_i64, "messaging": [
                {"sender": {"id": "8"}, "recipient": {"id": "100"},
                 "postback": {"mid": "m_3", "title": "Start", "payload": "START"}},
            ], "changes": [{"field": "feed", "value": {"item": "like"}}]},
        ]});
        let events = read(Platform::Page, body).expect("a body");
        assert_eq!(
            summary(&events)[..3],
            [
                ("message.received", "message:m_1", Some("7")),
                ("message.echo", "message:m_2", None),
                ("message.postback", "postback:m_3", Some("8")),
            ]
        );
        assert_eq!(events[3].kind, "page.feed");
        assert!(events[3].dedupe_key.starts_with("sha256:"));
        let times: Vec<String> = events
            .iter()
            .map(|event| event.occurred_at.expect("a time").to_string())
            .collect();
        assert_eq!(times[0], "2023-11-14T22:13:20.123Z");
        assert_eq!(times[2], "2023-11-14T22:13:20Z");
        assert_eq!(
            events[0].sender,
            Some(Sender {
                channel: ChannelKind::Messenger,
                scope: "100".to_owned(),
                value: "7".to_owned()
            })
        );
    }

    #[test]
    fn what_has_no_id_is_recognised_by_its_content() {
        let reaction = |emoji: &str| {
            let body = json!({"object": "instagram", "entry": [{"id": "5", "messaging": [
                {"sender": {"id": "7"}, "timestamp": 1, "reaction": {"mid": "m_1", "emoji": emoji}},
            ]}]});
            read(Platform::Instagram, body).expect("a body").remove(0)
        };
        assert_eq!(reaction("♥"), reaction("♥"));
        assert_ne!(reaction("♥").dedupe_key, reaction("😀").dedupe_key);
        assert_eq!(reaction("♥").kind, "message.reaction");
    }

    #[test]
    fn an_id_that_no_platform_writes_is_not_used_as_a_key() {
        let body = json!({"object": "page", "entry": [{"id": "5", "messaging": [
            {"sender": {"id": "a\u{0}b"}, "message": {"mid": "x".repeat(300), "text": "\u{0}"}},
        ]}]});
        let events = read(Platform::Page, body).expect("a body");
        assert!(events[0].dedupe_key.starts_with("sha256:"));
        assert_eq!(events[0].sender, None);
    }

    #[test]
    fn the_body_of_another_product_is_refused() {
        for body in [
            json!({"object": "instagram", "entry": []}),
            json!({"object": "page", "entry": {}}),
            json!({"object": "page", "entry": [{"messaging": []}]}),
            json!([]),
            json!(null),
        ] {
            assert!(matches!(read(Platform::Page, body), Err(BadBody::Shape(_))));
        }
        let empty = json!({"object": "page", "entry": []});
        assert_eq!(read(Platform::Page, empty).expect("a body"), []);
    }
}
