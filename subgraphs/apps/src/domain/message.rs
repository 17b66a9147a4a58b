//! The message in an event's payload, in one form for all messengers.

use async_graphql::{Enum, SimpleObject};
use kit::scalar::Url;
use serde_json::Value;

use super::channel::ChannelKind;
use super::inbound::text;

/// A message, or news of one, in one form for all messengers
#[derive(Clone, Debug, Default, Eq, PartialEq, SimpleObject)]
#[graphql(name = "InboundMessage")]
pub(crate) struct Message {
    /// The platform's id of the message
    pub(crate) external_id: String,
    /// The person that the business talks to
    pub(crate) thread_id: String,
    pub(crate) sender_id: String,
    pub(crate) text: Option<String>,
    /// Whether the business itself sent it
    pub(crate) is_echo: bool,
    /// The platform's id of the message that this one answers
    pub(crate) reply_to: Option<String>,
    pub(crate) attachments: Vec<Attachment>,
    /// What became of a message to the person
    pub(crate) status_update: Option<MessageStatus>,
}

/// Something that came with a message
#[derive(Clone, Debug, Default, Eq, PartialEq, SimpleObject)]
#[graphql(name = "InboundAttachment")]
pub(crate) struct Attachment {
    /// The platform's word for it, such as `image`
    pub(crate) kind: String,
    pub(crate) mime_type: Option<String>,
    /// Where the platform keeps it, for as long as the platform keeps it
    pub(crate) external_url: Option<Url>,
}

/// What became of a message to a person
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
pub(crate) enum MessageStatus {
    Sent,
    Delivered,
    Read,
    Failed,
}

/// The message that a payload tells of; `None` if it tells of something else.
pub(crate) fn read(channel: ChannelKind, payload: &Value) -> Option<Message> {
    match channel {
        ChannelKind::Messenger | ChannelKind::Instagram => messaging(payload),
        ChannelKind::Whatsapp => {
            let first = |list| payload.get(list).and_then(|items: &Value| items.get(0));
            match (first("messages"), first("statuses")) {
                (Some(item), _) => whatsapp_message(item),
                (None, Some(item)) => whatsapp_status(item),
                (None, None) => None,
            }
        }
        ChannelKind::Telegram | ChannelKind::Generic => None,
    }
}

fn messaging(payload: &Value) -> Option<Message> {
    let message = payload.get("message").or_else(|| payload.get("postback"))?;
    let sender = text(payload, &["sender", "id"])?;
    let is_echo = message
        .get("is_echo")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    let person = if is_echo {
        text(payload, &["recipient", "id"])?
    } else {
        sender
    };
    let attachments = message.get("attachments").and_then(Value::as_array);
    Some(Message {
        external_id: text(message, &["mid"])?.to_owned(),
        thread_id: person.to_owned(),
        sender_id: sender.to_owned(),
        // A postback says what was written on the button.
        text: text(message, &["text"])
            .or_else(|| text(message, &["title"]))
            .map(str::to_owned),
        is_echo,
        reply_to: text(message, &["reply_to", "mid"]).map(str::to_owned),
        attachments: attachments
            .into_iter()
            .flatten()
            .map(|item| Attachment {
                kind: text(item, &["type"]).unwrap_or("unknown").to_owned(),
                mime_type: None,
                external_url: url(text(item, &["payload", "url"])),
            })
            .collect(),
        status_update: None,
    })
}

fn whatsapp_message(item: &Value) -> Option<Message> {
    let person = text(item, &["from"])?;
    let kind = text(item, &["type"]).unwrap_or("unknown");
    let media = item
        .get(kind)
        .filter(|media| text(media, &["mime_type"]).is_some());
    let words = match kind {
        "text" => text(item, &["text", "body"]),
        "button" => text(item, &["button", "text"]),
        "interactive" => text(item, &["interactive", "button_reply", "title"])
            .or_else(|| text(item, &["interactive", "list_reply", "title"])),
        "reaction" => text(item, &["reaction", "emoji"]),
        _ => text(item, &[kind, "caption"]),
    };
    Some(Message {
        external_id: text(item, &["id"])?.to_owned(),
        thread_id: person.to_owned(),
        sender_id: person.to_owned(),
        text: words.map(str::to_owned),
        is_echo: false,
        reply_to: text(item, &["context", "id"]).map(str::to_owned),
        attachments: media
            .into_iter()
            .map(|media| Attachment {
                kind: kind.to_owned(),
                mime_type: text(media, &["mime_type"]).map(str::to_owned),
                external_url: url(text(media, &["url"])),
            })
            .collect(),
        status_update: None,
    })
}

fn whatsapp_status(item: &Value) -> Option<Message> {
    let person = text(item, &["recipient_id"])?;
    let status = match text(item, &["status"])? {
        "sent" => MessageStatus::Sent,
        "delivered" => MessageStatus::Delivered,
        "read" => MessageStatus::Read,
        "failed" => MessageStatus::Failed,
        _ => return None,
    };
    Some(Message {
        external_id: text(item, &["id"])?.to_owned(),
        thread_id: person.to_owned(),
        sender_id: person.to_owned(),
        status_update: Some(status),
        ..Message::default()
    })
}

/// Only links that a browser may follow: the text comes from outside.
fn url(text: Option<&str>) -> Option<Url> {
    text.filter(|url| url.starts_with("https://"))
        .map(|url| Url(url.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_messenger_message() {
        let payload = json!({
            "sender": {"id": "7"}, "recipient": {"id": "100"}, "timestamp": 1,
            "message": {
                "mid": "m_2", "text": "see this", "reply_to": {"mid": "m_1"},
                "attachments": [
                    {"type": "image", "payload": {"url": "https://cdn.example/i.jpg"}},
                    {"type": "file", "payload": {"url": "javascript:alert(1)"}},
                ],
            },
        });
        let message = read(ChannelKind::Messenger, &payload).expect("a message");
        assert_eq!(message.external_id, "m_2");
        assert_eq!(
            (message.thread_id.as_str(), message.sender_id.as_str()),
            ("7", "7")
        );
        assert_eq!(message.reply_to.as_deref(), Some("m_1"));
        assert_eq!(
            message.attachments[0].external_url,
            Some(Url("https://cdn.example/i.jpg".to_owned()))
        );
        assert_eq!(message.attachments[1].external_url, None);
    }

    #[test]
    fn an_echo_belongs_to_the_thread_of_the_person() {
        let payload = json!({"sender": {"id": "100"}, "recipient": {"id": "7"},
            "message": {"mid": "m_1", "is_echo": true, "text": "hello"}});
        let message = read(ChannelKind::Instagram, &payload).expect("a message");
        assert!(message.is_echo);
        assert_eq!(
            (message.thread_id.as_str(), message.sender_id.as_str()),
            ("7", "100")
        );
    }

    #[test]
    fn a_whatsapp_image_and_a_status() {
        let payload = json!({"messages": [{"from": "4917", "id": "wamid.1", "type": "image",
            "image": {"mime_type": "image/jpeg", "id": "9", "caption": "look"}}]});
        let message = read(ChannelKind::Whatsapp, &payload).expect("a message");
        assert_eq!(message.text.as_deref(), Some("look"));
        assert_eq!(
            message.attachments[0].mime_type.as_deref(),
            Some("image/jpeg")
        );

        let payload =
            json!({"statuses": [{"id": "wamid.0", "status": "read", "recipient_id": "4917"}]});
        let message = read(ChannelKind::Whatsapp, &payload).expect("a status");
        assert_eq!(message.status_update, Some(MessageStatus::Read));
    }

    #[test]
    fn what_is_not_about_a_message_has_none() {
        assert_eq!(
            read(ChannelKind::Messenger, &json!({"read": {"watermark": 1}})),
            None
        );
        assert_eq!(
            read(ChannelKind::Generic, &json!({"message": {"mid": "m"}})),
            None
        );
    }
}
